"""However a text is cut into runs, lines or pages, it is one text; every place in it is a place on a page."""

from __future__ import annotations

import unicodedata
from array import array

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from ingest.blocks import Run
from ingest.encodings import clean
from samples.pdf_file import family
from schema.model import Document
from tests.reading import Text, lines, pdf, read
from tests.reading_docx import docx, p, r

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
VOCABULARY = (
    "thực hiện nhiệm vụ xã đã tiếp nhận 1.205 hồ sơ, giải quyết 1.198/1.205 trường hợp (99,42%) theo 18/KH-UBND và "
    "71/2014/TTLT-BTC-BNV ngày 02/3/2024 của Ủy ban nhân dân Quảng Thịnh kinh tế - xã hội năm đạt trên 12,5 tỷ đồng"
)
WORDS = VOCABULARY.split()
MIDDLES = st.lists(st.sampled_from(WORDS), min_size=25, max_size=120)
SENTENCES = MIDDLES.map(lambda words: ["Trong", "kỳ,", *words, "nêu", "trên."])
INKS = ["", "<w:b/>", "<w:i/>", '<w:sz w:val="26"/>']


@QUICK
@given(words=SENTENCES, data=st.data())
def test_any_cut_into_runs_gives_the_same_text(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=12)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    runs = [r(piece, data.draw(st.sampled_from(INKS))) for piece in pieces]
    assert lines(read(docx(p(*runs)))) == [text]


def laid_out(words: list[str], width: float, start: float) -> list[list[Text]]:
    """Justified lines ``width`` points wide, from ``start`` down the first page and on to the next ones."""
    font, size, left, pitch = family(), 13, 85.0, 19.0
    rows: list[list[str]] = [[]]
    for word in words:
        indent = 36 if len(rows) == 1 else 0
        if rows[-1] and stringWidth(" ".join([*rows[-1], word]), font, size) > width - indent:
            rows.append([])
        rows[-1].append(word)
    pages: list[list[Text]] = [[]]
    y = start
    for number, row in enumerate(rows):
        if y > 780:
            pages.append([])
            y = 70.0
        line, indent = " ".join(row), 36 if number == 0 else 0
        room = width - indent - stringWidth(line, font, size)
        spread = room / max(1, len(row) - 1) if number < len(rows) - 1 else 0
        pages[-1].append(Text(left + indent, y, line, spread=spread))
        y += pitch
    return pages


@QUICK
@given(words=SENTENCES, width=st.floats(380, 468), start=st.floats(60, 780))
def test_any_cut_into_lines_and_pages_gives_the_same_text(words: list[str], width: float, start: float) -> None:
    document = read(pdf(*laid_out(words, width, start)))
    assert lines(document) == [" ".join(words)]
    is_sound(document)


def is_sound(document: Document) -> None:
    """The promises of a document about places."""
    size = len(document.text)
    assert unicodedata.is_normalized("NFC", document.text)
    ends = [0, *(passage.end for passage in document.passages)]
    for passage, before in zip(document.passages, ends, strict=False):
        assert before <= passage.start <= passage.end <= size
        assert document.text[passage.start : passage.end].strip() == document.text[passage.start : passage.end]
    for line in document.lines:
        assert 0 <= line.start < line.end <= size
    words = document.text.split()
    at = 0
    for word in words:
        at = document.text.index(word, at)
        boxes = document.layout.boxes(at, at + len(word))
        assert boxes
        for box in boxes:
            assert 0 <= box.x0 <= box.x1 <= 1
            assert 0 <= box.y0 <= box.y1 <= 1
            assert 1 <= box.page <= len(document.pages)
        at += len(word)


@QUICK
@given(text=st.text(st.sampled_from("aăâđeêoơuưAĐ \t\u00a0\u00ad\u200b\ufeff\n\u0301\u0323\u030212/-"), max_size=60))
def test_cleaning_keeps_each_letter_s_glyph_and_loses_no_letter(text: str) -> None:
    with_places = clean(Run(text, array("l", range(len(text)))))
    assert with_places.text == clean(Run(text)).text
    assert unicodedata.is_normalized("NFC", with_places.text)
    assert len(with_places.origin) == len(with_places.text)
    for char, glyph in zip(with_places.text, with_places.origin, strict=True):
        letter = unicodedata.normalize("NFD", char)[0]
        assert char == " " or unicodedata.combining(letter) or letter == unicodedata.normalize("NFD", text[glyph])[0]
