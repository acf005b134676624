"""Scans: what Tesseract reads of our own pages, skewed and noisy, against the words that were printed."""

from __future__ import annotations

import io
import math
import random

import pypdfium2
import pytest
import regex
from PIL import Image
from rapidfuzz.distance import Levenshtein
from reportlab.pdfgen.canvas import Canvas

import ingest
from ingest import ocr_repairs, scans
from ingest.limits import Limits
from ingest.scan_image import turned_back
from rasoat.messages import reason
from samples.docx_file import docx_bytes
from samples.generate import mixed
from samples.pdf_file import pdf_bytes
from samples.scan_file import scanned
from schema.errors import ReadError, Reason
from schema.model import Document
from tests.reading import Text, grid, kinds, lines, pdf, read, with_picture

KNOWN = ocr_repairs.knowledge()
LETTER = [
    Text(170, 60, "UBND HUYỆN ĐỒNG MẪU", 12, centred=True),
    Text(170, 78, "ỦY BAN NHÂN DÂN", 12, bold=True, centred=True),
    Text(170, 95, "XÃ HƯNG THỬ", 12, bold=True, centred=True),
    Text(170, 114, "Số: 96/BC-UBND", 12, centred=True),
    Text(420, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 10.5, bold=True, centred=True),
    Text(420, 78, "Độc lập - Tự do - Hạnh phúc", 12, bold=True, centred=True),
    Text(420, 114, "Hưng Thử, ngày 17 tháng 6 năm 2024", 12, centred=True),
    (130, 99, 210, 99),
    (340, 82, 500, 82),
    Text(297, 150, "BÁO CÁO", 14, bold=True, centred=True),
    Text(297, 168, "Kết quả công tác quý II năm 2024", 14, bold=True, centred=True),
    Text(85, 200, "Thực hiện Quyết định số 41/QĐ-UBND ngày 08/3/2024, xã đạt 846 lượt và 98,18%.", 12.5),
]
ROWS = [
    ["Lĩnh vực", "Tổng số", "Đã giải quyết", "Đang giải quyết"],
    ["Hộ tịch", "1.857", "1.850", "07"],
    ["Đất đai", "421", "413", "08"],
    ["Chứng thực", "298", "296", "02"],
    ["Cộng", "2.576", "2.559", "17"],
]


def page_with_table() -> bytes:
    xs, top, height = (85, 200, 300, 410, 520), 230, 24
    rules = grid(xs, [top + height * n for n in range(len(ROWS) + 1)])
    cells = [
        Text(x + 5, top + height * row + 16, words, 11)
        for row, texts in enumerate(ROWS)
        for x, words in zip(xs, texts, strict=False)
    ]
    after = [Text(85, 380, "III. PHƯƠNG HƯỚNG, NHIỆM VỤ", 13, bold=True), Text(85, 400, "Hoàn thành trước 30/9/2024.")]
    return pdf([*LETTER, *rules, *cells, *after])


@pytest.fixture(scope="module")
def skewed() -> Document:
    return read(scanned(page_with_table(), random.Random(3), 200, 0.5, 8))


def test_a_skewed_noisy_scan_reads_as_printed(skewed: Document) -> None:
    assert skewed.format == "scan"
    assert lines(skewed)[:10] == [
        "UBND HUYỆN ĐỒNG MẪU",
        "ỦY BAN NHÂN DÂN",
        "XÃ HƯNG THỬ",
        "Số: 96/BC-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Hưng Thử, ngày 17 tháng 6 năm 2024",
        "BÁO CÁO",
        "Kết quả công tác quý II năm 2024",
        "Thực hiện Quyết định số 41/QĐ-UBND ngày 08/3/2024, xã đạt 846 lượt và 98,18%.",
    ]
    assert [line.split("\t") for line in lines(skewed)[10:15]] == ROWS
    assert lines(skewed)[15:] == ["III. PHƯƠNG HƯỚNG, NHIỆM VỤ", "Hoàn thành trước 30/9/2024."]
    assert [(table.rows, table.cols, table.header_rows) for table in skewed.tables] == [(5, 4, 1)]


def test_boxes_of_a_skewed_scan_lie_where_the_words_were_printed(skewed: Document) -> None:
    for words, x, y in (("2.576", 205, 342), ("846", 425, 200), ("III", 85, 380)):
        start = skewed.text.index(words)
        (box,) = skewed.layout.boxes(start, start + len(words))
        # The page as printed was turned by half a degree about its middle, counter-clockwise.
        shown_x, shown_y = turned_back(x, y - 4, -0.5, 595.28, 841.89)
        assert math.isclose(box.x0 * 595.28, shown_x, abs_tol=25 if words == "846" else 6)
        assert box.y0 * 841.89 < shown_y < box.y1 * 841.89


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_sheet_scanned_sideways_or_upside_down_is_turned_upright(turn: int) -> None:
    sheet = pypdfium2.PdfDocument(page_with_table())[0].render(scale=200 / 72, grayscale=True).to_pil()
    turned = sheet.rotate(turn, expand=True)
    out = io.BytesIO()
    turned.save(out, "PDF", resolution=200)
    document = read(out.getvalue())
    assert lines(document)[3:5] == ["Số: 96/BC-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert [line.split("\t") for line in lines(document)[10:15]] == ROWS
    start = document.text.index("2.576")
    (box,) = document.layout.boxes(start, start + 5)
    x, y = 205 / 595.28, 338 / 841.89  # where it stands on the upright sheet
    shown_x, shown_y = {90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}[turn]
    assert box.x0 - 0.01 < shown_x < box.x1 + 0.01
    assert box.y0 - 0.01 < shown_y < box.y1 + 0.01
    page = document.pages[0]
    assert (page.width, page.height) == pytest.approx([side * 72 / 200 for side in turned.size], abs=0.5)


def test_every_line_of_a_scan_has_its_confidence(skewed: Document) -> None:
    assert skewed.lines
    assert all(line.confidence is not None and 0 <= line.confidence <= 1 for line in skewed.lines)


def test_a_generated_report_scanned_at_200_dpi_keeps_its_letters_and_digits() -> None:
    made = [*mixed(6, 2)][1]
    printed = " ".join(read(docx_bytes(made.report)).text.split())
    seen = " ".join(read(scanned(pdf_bytes(made.report), random.Random(1), 200, 0.5, 8)).text.split())
    assert Levenshtein.distance(printed, seen) <= 0.01 * len(printed)
    digits = [regex.sub(r"\D", "", text) for text in (printed, seen)]
    assert Levenshtein.distance(*digits) <= 0.002 * len(digits[0])


def picture() -> Image.Image:
    words = "Năm 2024, xã có 1.205 hộ; đã cấp 37 giấy phép theo Kế hoạch số 12/KH-UBND."
    page = pypdfium2.PdfDocument(pdf([Text(60, 100, words)]))[0]
    image: Image.Image = page.render(scale=200 / 72, grayscale=True).to_pil()
    return image


PRINTED = "Năm 2024, xã có 1.205 hộ; đã cấp 37 giấy phép theo Kế hoạch số 12/KH-UBND."


def test_a_garbage_text_layer_is_read_again() -> None:
    garbage = "CQNG HoAxA H()I CHiJ NGHiA vrer NAM DQc Iq,p - TU do - Hpnh phric xd HUng 28/0112008 "
    layer = [Text(60, 100 + 20 * n, garbage, hidden=True) for n in range(6)]
    document = read(with_picture(picture(), *layer))
    assert lines(document) == [PRINTED]
    assert document.pages[0].method == "ocr"


def test_an_invisible_signature_layer_is_no_text() -> None:
    layer = Text(60, 700, "Ký bởi: Ủy ban nhân dân xã Mẫu; ngày ký: 17-06-2024 09:15:22 +07:00", 8, hidden=True)
    assert lines(read(with_picture(picture(), layer))) == [PRINTED]


def test_a_good_text_layer_over_a_picture_is_kept() -> None:
    layer = [Text(60, 100 + 20 * n, f"{n}. {PRINTED}", hidden=True) for n in range(1, 7)]
    document = read(with_picture(picture(), *layer))
    assert document.pages[0].method == "text"
    assert len(lines(document)) == 6


def test_a_short_page_beside_a_logo_or_photograph_keeps_its_text() -> None:
    words = [Text(85, 300, "Nơi nhận:", 12), Text(85, 318, "- Lưu: VT.", 11)]
    document = read(with_picture(picture(), *words, box=(300, 300, 200, 280)))
    assert document.pages[0].method == "text"
    assert lines(document) == ["Nơi nhận:", "- Lưu: VT."]


def test_a_page_scanned_in_strips_is_read() -> None:
    whole = picture()
    strips = [(0, 600, 595, 1400), (0, 0, 595, 600)]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for _, top, _, bottom in strips:
        part = whole.crop((0, top * whole.height // 1400, whole.width, bottom * whole.height // 1400))
        canvas.drawInlineImage(part, 0, 842 - bottom * 842 / 1400, 595, (bottom - top) * 842 / 1400)
    canvas.showPage()
    canvas.save()
    document = read(out.getvalue())
    assert (lines(document), document.pages[0].method) == ([PRINTED], "ocr")


def test_words_that_nothing_paints_are_no_text_of_a_printed_page() -> None:
    unseen = Text(121, 140, "Bản nháp: tổng số 1.206 hộ.", hidden=True)
    assert lines(read(pdf([Text(121, 100, PRINTED), unseen]))) == [PRINTED]


def test_a_layer_of_letters_that_no_font_maps_is_read_from_the_picture_of_the_page() -> None:
    garbage = "".join(map(chr, range(0xE020, 0xE0F0)))
    printed = [Text(60, 100, PRINTED), Text(60, 300, garbage, hidden=True), Text(60, 320, garbage, hidden=True)]
    document = read(pdf(printed))
    assert (lines(document), document.pages[0].method) == ([PRINTED], "ocr")
    unpictured = pdf(printed).replace(b"/Image", b"/Other")  # the name stands in the list of what a page may use
    assert scans.count(unpictured, Limits()) == 1  # its time is that of a scan


def test_tcvn3_beside_a_picture_is_no_garbage() -> None:
    typed = "Thùc hiÖn nhiÖm vô ®­îc giao, x· ®· tæ chøc tiÕp nhËn vµ gi¶i quyÕt 1.205 hå s¬, ®¹t 98,5%"
    layer = [Text(60, 100 + 20 * n, typed, font=".VnTime") for n in range(4)]
    document = read(with_picture(picture(), *layer, box=(60, 60, 120, 120)))
    assert document.pages[0].method == "text"
    assert document.text.count("đã tổ chức tiếp nhận và giải quyết 1.205 hồ sơ, đạt 98,5%") == 4


def test_a_scan_without_tesseract_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ReadError) as caught:
        read(with_picture(picture()))
    assert caught.value.reason is Reason.OCR_MISSING
    assert "apt-get install tesseract-ocr-vie" in reason(Reason.OCR_MISSING, "vi")


def test_a_scanned_page_among_others_is_partial_without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    merged = pypdfium2.PdfDocument(pdf([Text(60, 100, PRINTED)]))
    merged.import_pages(pypdfium2.PdfDocument(with_picture(picture())))
    held = bytearray()
    merged.save(_Sink(held))
    monkeypatch.setenv("PATH", "/nowhere")
    document = read(bytes(held))
    assert (lines(document), document.partial) == ([PRINTED], Reason.OCR_MISSING)
    assert ingest.read(bytes(held), "x", ocr="off").partial is Reason.OCR_OFF


class _Sink:
    def __init__(self, held: bytearray) -> None:
        self.write = lambda data: (held.extend(data), len(data))[1]


@pytest.mark.parametrize(("seen", "meant"), [pair for repair in KNOWN["repair"] for pair in repair["examples"]])
def test_a_misread_word_is_put_right(seen: str, meant: str) -> None:
    assert ocr_repairs.word(seen) == meant


@pytest.mark.parametrize("text", [text for repair in KNOWN["repair"] for text in repair["counter"]])
def test_a_word_that_only_looks_misread_stays(text: str) -> None:
    assert ocr_repairs.word(text) == text


@pytest.mark.parametrize(("seen", "meant"), KNOWN["roman"]["examples"])
def test_strokes_beside_a_roman_numeral_are_put_right(seen: str, meant: str) -> None:
    assert ocr_repairs.roman(seen) == meant


@pytest.mark.parametrize("text", KNOWN["roman"]["counter"])
def test_numbers_of_captions_stay(text: str) -> None:
    assert ocr_repairs.roman(text) == text


@pytest.mark.parametrize(("seen", "meant"), KNOWN["terms"]["examples"])
def test_a_term_that_lost_its_marks_gets_them_back(seen: str, meant: str) -> None:
    first, second = seen.split()
    assert " ".join(ocr_repairs.term(first, second)) == meant


@pytest.mark.parametrize("text", KNOWN["terms"]["counter"])
def test_other_pairs_of_words_keep_their_marks(text: str) -> None:
    first, second = text.split()
    assert " ".join(ocr_repairs.term(first, second)) == text


@pytest.mark.parametrize(("seen", "meant"), KNOWN["fixed"]["examples"])
def test_lines_that_the_law_words_are_put_right(seen: str, meant: str) -> None:
    assert ocr_repairs.line(seen) == meant


@pytest.mark.parametrize("text", KNOWN["fixed"]["counter"])
def test_other_lines_stay(text: str) -> None:
    assert ocr_repairs.line(text) == text


@pytest.mark.parametrize("text", ["846G", "2O24", "l2,5"])
def test_digits_and_letters_in_one_word_are_odd(text: str) -> None:
    assert ocr_repairs.is_odd(text)


@pytest.mark.parametrize(
    "text", ["41/QĐ-UBND", "31-KH/ĐU,", "m2", "km2;", "1a", "T1", "PC06", "846", "512/CAT-PC06", "B5", "61/2018/NĐ-CP"]
)
def test_codes_units_and_names_are_not_odd(text: str) -> None:
    assert not ocr_repairs.is_odd(text)


def test_letterhead_and_table_passages_of_a_scan_have_their_kinds(skewed: Document) -> None:
    found = kinds(skewed)
    assert ("header", "XÃ HƯNG THỬ") in found
    assert ("table-cell", "2.576") in found
    assert ("heading", "III. PHƯƠNG HƯỚNG, NHIỆM VỤ") in found
