"""PDF, page by page as generators print them: columns, furniture, tables and codes come out as a reader sees them."""

from __future__ import annotations

import itertools
from pathlib import Path

import pypdfium2
import pytest
from docx import Document as Docx

from tests.reading import Text, grid, kinds, lines, pdf, read, width
from tests.sheets import office

LEFT, RIGHT, WIDTH = 85.0, 552.0, 595.28


def prose(y: float, *texts: str, step: float = 19, **how: object) -> list[Text]:
    """Lines of a justified paragraph of the text width; the last one ends where it ends."""
    printed = []
    for number, text in enumerate(texts):
        indent = 36 if number == 0 else 0
        last = number == len(texts) - 1
        room = RIGHT - LEFT - indent
        spread = 0.0 if last else _spread(text, room)
        printed.append(Text(LEFT + indent, y + number * step, text, spread=spread, **how))  # type: ignore[arg-type]
    return printed


def _spread(text: str, room: float) -> float:
    return (room - width(text)) / max(1, text.count(" "))


LONG = (
    "Thực hiện nhiệm vụ được giao, Ủy ban nhân dân xã An Mẫu đã chỉ đạo các",
    "ngành, các thôn triển khai đồng bộ; tổng số hồ sơ tiếp nhận trong kỳ là 1.205 hồ",
    "sơ, đã giải quyết 1.198 hồ sơ, đạt 99,42%.",
)
LETTERHEAD_LEFT = [
    Text(170, 60, "UBND HUYỆN ĐỒNG MẪU", 12, centred=True),
    Text(170, 77, "ỦY BAN NHÂN DÂN", 12, bold=True, centred=True),
    Text(170, 94, "XÃ AN MẪU", 12, bold=True, centred=True),
    Text(170, 113, "Số: 12/BC-UBND", 12, centred=True),
]
LETTERHEAD_RIGHT = [
    Text(420, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 10.5, bold=True, centred=True),
    Text(420, 77, "Độc lập - Tự do - Hạnh phúc", 12, bold=True, centred=True),
    Text(420, 113, "An Mẫu, ngày 15 tháng 6 năm 2024", 12, centred=True),
]
TITLE = [Text(WIDTH / 2, 150, "BÁO CÁO", 14, bold=True, centred=True),
         Text(WIDTH / 2, 168, "Kết quả công tác quý II năm 2024", 14, bold=True, centred=True)]  # fmt: skip
HEAD = [
    "UBND HUYỆN ĐỒNG MẪU",
    "ỦY BAN NHÂN DÂN",
    "XÃ AN MẪU",
    "Số: 12/BC-UBND",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "An Mẫu, ngày 15 tháng 6 năm 2024",
    "BÁO CÁO",
    "Kết quả công tác quý II năm 2024",
]


def interleaved(*columns: list[Text]) -> list[Text]:
    """The lines of all columns from top to bottom, as a page set with tabs prints them."""
    return sorted(itertools.chain(*columns), key=lambda line: line.y)


@pytest.mark.parametrize("gaps", [False, True], ids=["words", "letter by letter"])
@pytest.mark.parametrize("order", [lambda a, b: [*a, *b], interleaved], ids=["cell by cell", "line by line"])
def test_the_columns_of_a_letterhead_are_never_interleaved(order: object, gaps: bool) -> None:
    head = order(LETTERHEAD_LEFT, LETTERHEAD_RIGHT)  # type: ignore[operator]
    body = prose(210, *LONG, gaps=gaps)
    document = read(pdf([*head, *TITLE, *body]))
    assert lines(document) == [*HEAD, " ".join(LONG)]
    assert [kind for kind, _ in kinds(document)] == ["header"] * 7 + ["heading"] * 2 + ["paragraph"]


def test_the_columns_of_a_foot_are_never_interleaved() -> None:
    left = [Text(LEFT, 400, "Nơi nhận:", 12, bold=True), Text(LEFT, 416, "- UBND huyện Đồng Mẫu;", 11),
            Text(LEFT, 431, "- Thường trực Đảng ủy xã;", 11), Text(LEFT, 446, "- Lưu: VT.", 11)]  # fmt: skip
    right = [Text(430, 400, "TM. ỦY BAN NHÂN DÂN", 13, bold=True, centred=True),
             Text(430, 417, "CHỦ TỊCH", 13, bold=True, centred=True),
             Text(430, 490, "Nguyễn Văn Mẫu", 13, bold=True, centred=True)]  # fmt: skip
    document = read(pdf([*prose(100, *LONG), *interleaved(left, right)]))
    assert lines(document)[1:] == ["Nơi nhận:", "- UBND huyện Đồng Mẫu;", "- Thường trực Đảng ủy xã;", "- Lưu: VT.",
                                   "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn Mẫu"]  # fmt: skip
    assert {passage.zone for passage in document.passages[1:]} == {"foot"}


def test_page_numbers_running_heads_and_stamps_are_furniture_and_cut_no_sentence() -> None:
    def furniture(number: int) -> list[Text]:
        return [Text(WIDTH / 2, 35, str(number), 12, centred=True),
                Text(LEFT, 48, "Báo cáo quý II năm 2024 - UBND xã An Mẫu", 9),
                Text(LEFT, 820, "Ký bởi: Ủy ban nhân dân xã An Mẫu, 15/06/2024 09:15:22", 8)]  # fmt: skip

    pages = [[*furniture(number), *prose(80, *LONG), *prose(150, *LONG)] for number in (1, 2, 3)]
    broken = prose(740, "Trong kỳ, xã đã ban hành 03 kế hoạch, gồm Kế hoạch số 18/KH-UBND về cải cách")
    rest = Text(LEFT, 75, "hành chính và 02 kế hoạch khác.", 13)
    pages[0].append(Text(broken[0].x, 740, broken[0].text, spread=_spread(broken[0].text, RIGHT - LEFT - 36)))
    pages[1] = [*furniture(2), rest, *prose(110, *LONG)]
    document = read(pdf(*pages))
    body = [text for kind, text in kinds(document) if kind in ("paragraph", "list-item", "heading")]
    whole = " ".join(LONG)
    sentence = broken[0].text + " hành chính và 02 kế hoạch khác."
    assert body == [whole, whole, sentence, whole, whole, whole]
    assert [kind for kind, _ in kinds(document)].count("header") == 6


def test_codes_broken_after_their_hyphen_are_whole_and_real_hyphens_stay() -> None:
    broken = (
        "Thực hiện Thông tư liên tịch số 71/2014/TTLT-BTC-BNV và Kế hoạch số 18/KH-",
        "UBND ngày 02/3/2024 của Ủy ban nhân dân xã về phát triển kinh tế - xã hội theo",
        "Thông tư liên tịch số 71/2014/TTLT-BTC-",
        "BNV; giai đoạn 2021 -",
        "2025.",
    )
    document = read(pdf(prose(100, *broken)))
    assert "Kế hoạch số 18/KH-UBND ngày" in document.text
    assert "kinh tế - xã hội" in document.text
    assert "71/2014/TTLT-BTC-BNV; giai đoạn 2021 - 2025." in document.text


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_lie_on_the_page_as_shown_however_it_is_turned(rotate: int) -> None:
    document = read(pdf([Text(100, 200, "Tổng số 846 lượt.", 14)], rotate=rotate))
    start = document.text.index("846")
    (box,) = document.layout.boxes(start, start + 3)
    x0, y0, x1, y1 = 100 / WIDTH, 186 / 841.89, 240 / WIDTH, 206 / 841.89  # where the line was printed
    shown = {0: (x0, y0, x1, y1), 90: (1 - y1, x0, 1 - y0, x1), 180: (1 - x1, 1 - y1, 1 - x0, 1 - y0),
             270: (y0, 1 - x1, y1, 1 - x0)}[rotate]  # fmt: skip
    assert shown[0] <= box.x0 < box.x1 <= shown[2]
    assert shown[1] <= box.y0 < box.y1 <= shown[3]


XS = (85, 120, 260, 350, 440, 552)
HEADER = ["TT", "Lĩnh vực", "Tiếp nhận", "Giải quyết", "Tỷ lệ (%)"]


def table(top: float, rows: list[list[str]]) -> list[Text | tuple[float, ...]]:
    ys = [top + 24 * number for number in range(len(rows) + 1)]
    cells = [Text(x + 4, y + 16, words, 11) for y, texts in zip(ys, rows, strict=False)
             for x, words in zip(XS, texts, strict=False)]  # fmt: skip
    return [*grid(XS, ys), *cells]


def test_a_table_over_pages_is_one_table_with_its_header_once() -> None:
    first = [HEADER, ["1", "Hộ tịch", "857", "850", "99,2"], ["2", "Đất đai", "421", "413", "98,1"]]
    second = [HEADER, ["3", "Chứng thực", "298", "296", "99,3"], ["", "Cộng", "1.576", "1.559", "98,9"]]
    pages = (
        [*prose(80, *LONG), *table(690, first)],
        [Text(WIDTH / 2, 35, "2", 12, centred=True), *table(70, second), *prose(250, *LONG)],
    )
    document = read(pdf(*pages))
    (found,) = document.tables
    assert (found.rows, found.cols, found.header_rows) == (5, 5, 1)
    rows = document.text[found.start : found.end].rstrip("\n").split("\n")
    assert [row.split("\t") for row in rows] == [*first, *second[1:]]
    assert document.text.count("Hộ tịch") == 1


def test_a_row_that_the_end_of_the_page_cut_is_one_row() -> None:
    first = [HEADER, ["1", "Hộ tịch và chứng", "857", "850", "99,2"]]
    second = [["", "thực điện tử", "", "", ""], ["2", "Đất đai", "298", "296", "99,3"]]
    pages = ([*prose(80, *LONG), *table(690, first)], [*table(70, second), *prose(250, *LONG)])
    (found,) = (document := read(pdf(*pages))).tables
    rows = document.text[found.start : found.end].rstrip("\n").split("\n")
    assert [row.split("\t")[1] for row in rows] == [HEADER[1], "Hộ tịch và chứng thực điện tử", "Đất đai"]


def test_a_header_that_the_end_of_the_page_cut_spans_the_columns_of_the_next_page() -> None:
    head = [*grid((85, 120, 200, 250, 520), (700, 724)), Text(89, 716, "TT", 11), Text(124, 716, "Chỉ tiêu", 11),
            Text(204, 716, "ĐVT", 11), Text(254, 716, "Thực hiện", 11)]  # fmt: skip
    xs, ys = (85, 120, 200, 250, 340, 430, 520), (70, 94, 118, 142)
    rows = [["", "", "", "Năm 2030", "Năm 2031", "So sánh (%)"], ["1", "Hộ tịch", "hồ sơ", "857", "850", "99,2"],
            ["2", "Đất đai", "hồ sơ", "298", "296", "99,3"]]  # fmt: skip
    cells = [Text(x + 4, y + 16, text, 11) for y, texts in zip(ys, rows, strict=False)
             for x, text in zip(xs, texts, strict=False)]  # fmt: skip
    document = read(pdf([*prose(80, *LONG), *head], [*grid(xs, ys), *cells, *prose(250, *LONG)]))
    (found,) = document.tables
    assert (found.rows, found.cols, found.header_rows) == (4, 6, 2)
    spans = {document.text[p.start : p.end]: (p.col, p.col_span) for p in document.passages if p.table == 0}
    assert (spans["Chỉ tiêu"], spans["Thực hiện"], spans["Năm 2031"]) == ((1, 1), (3, 3), (4, 1))


def test_bullets_of_a_symbol_font_part_items(tmp_path: Path) -> None:
    draft = Docx()
    for words in ("Có 12 thôn với 1.205 hộ", "Có 905 hộ dùng nước sạch"):
        draft.add_paragraph(words, style="List Bullet")
    draft.save(str(tmp_path / "a.docx"))
    data = office(tmp_path / "a.docx", "pdf", tmp_path).read_bytes()
    assert "\uf0b7" in pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    assert kinds(read(data)) == [
        ("list-item", "• Có 12 thôn với 1.205 hộ"),
        ("list-item", "• Có 905 hộ dùng nước sạch"),
    ]


def test_a_group_row_on_the_next_page_is_a_row_of_its_own() -> None:
    first = [HEADER, ["1", "Đất đai", "857", "850", "99,2"]]
    second = [["", "Trong đó:", "", "", ""], ["", "- Cấp mới", "298", "296", "99,3"]]
    pages = ([*prose(80, *LONG), *table(690, first)], [*table(70, second), *prose(250, *LONG)])
    (found,) = read(pdf(*pages)).tables
    assert found.rows == 4


def test_merged_cells_of_a_ruled_table_stand_once_with_their_spans() -> None:
    xs, ys = (85, 200, 300, 400, 520), (100, 124, 148, 172)
    rules = [(85, 100, 520, 100), (200, 124, 400, 124), (85, 148, 520, 148), (85, 172, 520, 172)]
    rules += [(x, 100, x, 172) for x in (85, 200, 400, 520)] + [(300, 124, 300, 172)]
    words = [(85, 128, "Thôn"), (200, 116, "Hồ sơ"), (400, 128, "Ghi chú"), (200, 140, "Nhận"), (300, 140, "Trả"),
             (85, 164, "Một"), (200, 164, "46"), (300, 164, "45"), (400, 164, "Đạt")]  # fmt: skip
    assert len(xs) * len(ys) == 20
    document = read(pdf([*rules, *(Text(x + 4, y, text, 11) for x, y, text in words)]))
    cells = [(p.row, p.col, p.row_span, p.col_span, document.text[p.start : p.end]) for p in document.passages]
    assert cells == [
        (0, 0, 2, 1, "Thôn"),
        (0, 1, 1, 2, "Hồ sơ"),
        (0, 3, 2, 1, "Ghi chú"),
        (1, 1, 1, 1, "Nhận"),
        (1, 2, 1, 1, "Trả"),
        (2, 0, 1, 1, "Một"),
        (2, 1, 1, 1, "46"),
        (2, 2, 1, 1, "45"),
        (2, 3, 1, 1, "Đạt"),
    ]
    assert document.tables[0].header_rows == 2


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["TT", "Chỉ tiêu", "2030", "2031", "So sánh"], ["1", "Số hộ", "312", "318", "+6"]], 1),
        ([["TT", "Chỉ tiêu", "Hồ sơ", "", "Ghi chú"], ["", "", "Nhận", "Trả", ""], ["1", "Hộ tịch", "9", "8", ""]], 2),
        ([["TT", "Chỉ tiêu", "Nhận", "Trả", "Còn"], ["1.", "Giải quyết TTHC", "", "", ""], ["a", "Mới", "9", "8", "1"]],
         1),
        ([["TT", "Chỉ tiêu", "Nhận", "Trả", "Còn"], ["", "Lĩnh vực đất đai", "", "", ""], ["1", "Mới", "9", "8", "1"]],
         1),
    ],
    ids=["years", "second level not merged", "numbered group row", "group row"],
)  # fmt: skip
def test_how_deep_the_header_of_a_table_is(rows: list[list[str]], expected: int) -> None:
    (found,) = read(pdf([*prose(80, *LONG), *table(300, rows)])).tables
    assert found.header_rows == expected


@pytest.mark.parametrize("mark", ["1/", "2-", "a)", "I)", "3.1."])
def test_a_heading_in_any_style_of_number_ends_the_paragraph_above(mark: str) -> None:
    above = [*prose(100, *LONG), Text(LEFT + 36, 300, "Xã báo cáo")]
    document = read(pdf([*above, Text(LEFT + 36, 318, f"{mark} Sản xuất nông nghiệp")]))
    assert f"{mark} Sản xuất nông nghiệp" in lines(document)


def test_justified_text_with_wide_gaps_keeps_single_blanks() -> None:
    document = read(pdf([Text(LEFT, 100, "Tổng số 1.205 hộ trên toàn xã An Mẫu là", spread=14)]))
    assert lines(document) == ["Tổng số 1.205 hộ trên toàn xã An Mẫu là"]


def test_a_footnote_is_a_passage_and_its_mark_never_glued() -> None:
    before, note = "Xã ban hành 03 kế hoạch", "Kế hoạch số 12/KH-UBND ngày 02/3/2024."
    end = LEFT + 36 + width(before)
    page = [*prose(100, *LONG), Text(LEFT + 36, 200, before), Text(end, 195.5, "1", 7.5),
            Text(end + width("1", 7.5), 200, " trong năm."), (LEFT, 740, LEFT + 140, 740), Text(LEFT, 755, "1", 6.5),
            Text(LEFT + 4, 758, note, 10)]  # fmt: skip
    document = read(pdf(page))
    assert "Xã ban hành 03 kế hoạch trong năm." in lines(document)
    assert ("footnote", "1 Kế hoạch số 12/KH-UBND ngày 02/3/2024.") in kinds(document)


def test_a_landscape_annex_is_read_with_boxes_on_its_own_page() -> None:
    printed = [Text(100, 100, "PHỤ LỤC", 14, bold=True), Text(600, 300, "Tổng cộng 1.205")]
    document = read(pdf(printed, size=(841.89, 595.28)))
    start = document.text.index("1.205")
    (box,) = document.layout.boxes(start, start + 5)
    assert 0.78 < box.x0 < box.x1 < 0.85
    assert (document.pages[0].width, document.pages[0].height) == pytest.approx((841.89, 595.28), abs=0.01)


def test_a_watermark_behind_the_text_is_no_part_of_a_sentence() -> None:
    mark = Text(WIDTH / 2, 420, "DỰ THẢO", 90, centred=True)
    document = read(pdf([mark, *prose(100, *LONG), *prose(410, *LONG)]))
    assert lines(document).count(" ".join(LONG)) == 2


FIGURES = [
    ["TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện", "Tỷ lệ (%)"],
    ["1", "Thu ngân sách (triệu đồng)", "5.200", "5.460", "105,0"],
    ["2", "Diện tích lúa (ha)", "312", "310,5", "99,5"],
    ["3", "Đàn lợn (con)", "1.200", "1.350", "112,5"],
]


@pytest.mark.parametrize("ruled", [False, True], ids=["no rulings", "only level rulings"])
def test_columns_of_figures_without_upright_rulings_are_a_table(ruled: bool) -> None:
    xs = (85, 120, 300, 380, 460)
    cells = [Text(x, 170 + 20 * row, text, 12) for row, texts in enumerate(FIGURES)
             for x, text in zip(xs, texts, strict=True)]  # fmt: skip
    rules = [(85, 155 + 20 * n, 552, 155 + 20 * n) for n in range(5)] if ruled else []
    document = read(pdf([*prose(80, *LONG), *rules, *cells, *prose(290, *LONG)]))
    whole = " ".join(LONG)
    assert lines(document) == [whole, *("\t".join(row) for row in FIGURES), whole]
    assert [(table.rows, table.cols, table.header_rows) for table in document.tables] == [(4, 5, 1)]


def test_prose_full_of_figures_is_no_table() -> None:
    text = (
        "thôn An Hòa 125 hộ, 486 khẩu; thôn An Bình 98 hộ, 372 khẩu; thôn An Lạc 142",
        "hộ, 531 khẩu; thôn An Phú 117 hộ, 449 khẩu; thôn An Thái 103 hộ và 398",
        "khẩu; thôn An Sơn 88 hộ, 341 khẩu; thôn An Thịnh 129 hộ, 502 khẩu.",
    )
    document = read(pdf(prose(100, "Toàn xã có 802 hộ với 3.079 nhân khẩu ở 7 thôn, trong đó", *text)))
    assert not document.tables
    assert len(lines(document)) == 1


def test_a_ruled_letterhead_and_foot_are_columns_and_no_tables() -> None:
    foot = [Text(LEFT, 400, "Nơi nhận:", 12, bold=True), Text(LEFT, 446, "- Lưu: VT.", 11),
            Text(430, 400, "TM. ỦY BAN NHÂN DÂN", 13, bold=True, centred=True),
            Text(430, 490, "Nguyễn Văn Mẫu", 13, bold=True, centred=True)]  # fmt: skip
    rules = [*grid((80, 290, 560), (45, 85, 120)), *grid((80, 320, 560), (385, 440, 500))]
    document = read(pdf([*rules, *LETTERHEAD_LEFT, *LETTERHEAD_RIGHT, *TITLE, *prose(210, *LONG), *foot]))
    assert not document.tables
    assert lines(document) == [*HEAD, " ".join(LONG), "Nơi nhận:", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN",
                               "Nguyễn Văn Mẫu"]  # fmt: skip


def test_lines_inside_a_cell_are_joined_and_a_code_broken_there_is_whole() -> None:
    cells = [Text(89, 164, "Tổng số hồ", 11), Text(89, 180, "sơ (hồ sơ)", 11), Text(264, 164, "Kế hoạch số 12/KH-", 11),
             Text(264, 180, "UBND", 11), Text(89, 206, "1.205", 11), Text(264, 206, "-", 11)]  # fmt: skip
    document = read(pdf([*grid((85, 260, 400), (150, 190, 214)), *cells]))
    assert lines(document) == ["Tổng số hồ sơ (hồ sơ)\tKế hoạch số 12/KH-UBND", "1.205\t-"]


def test_an_annex_after_the_foot_is_body_again() -> None:
    foot = [Text(LEFT, 400, "Nơi nhận:", 12, bold=True), Text(LEFT, 416, "- Lưu: VT.", 11)]
    rows = [HEADER, ["1", "Hộ nghèo", "12", "10", "83,3"]]
    annex = [Text(WIDTH / 2, 80, "PHỤ LỤC", 14, bold=True, centred=True), *table(130, rows)]
    document = read(pdf([*prose(80, *LONG), *foot], annex))
    assert kinds(document)[1:4] == [("footer", "Nơi nhận:"), ("footer", "- Lưu: VT."), ("heading", "PHỤ LỤC")]
    assert [passage.zone for passage in document.passages[3:]] == ["body"] * 11
