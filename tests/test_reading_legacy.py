"""TCVN3 and VNI in PDF: fonts that show Vietnamese for Latin-1 codes, told by the font's name and the bytes."""

from __future__ import annotations

import pytest

from ingest.encodings import is_capital_font, legacy_font
from tests.reading import Text, grid, lines, pdf, read, width


def test_tcvn3_lines_are_decoded_and_each_letter_keeps_its_place() -> None:
    document = read(pdf([
        Text(85, 100, "b¸o c¸o", font=".VnTimeH"),
        Text(85, 130, "§¶ng ñy x· ®· häp 12 phiªn; cã 1.205 hé, ®¹t 98,5%.", font=".VnTime"),
    ]))  # fmt: skip
    assert lines(document) == ["BÁO CÁO", "Đảng ủy xã đã họp 12 phiên; có 1.205 hộ, đạt 98,5%."]
    # boxes hold the ink, which begins up to 2 points behind the place of its letter; a letter is 6 wide
    start = document.text.index("1.205")
    (box,) = document.layout.boxes(start, start + 5)
    assert box.x0 * 595.28 == pytest.approx(85 + width("§¶ng ñy x· ®· häp 12 phiªn; cã "), abs=2)
    assert box.x1 * 595.28 == pytest.approx(85 + width("§¶ng ñy x· ®· häp 12 phiªn; cã 1.205"), abs=2)


def test_vni_lines_are_decoded_though_a_letter_takes_two_codes() -> None:
    document = read(pdf([Text(85, 100, "Ñaûng uyû xaõ ñaõ hoïp 12 phieân; coù 1.205 hoä.", font="VNI-Times")]))
    assert lines(document) == ["Đảng uỷ xã đã họp 12 phiên; có 1.205 hộ."]
    start = document.text.index("1.205")
    (box,) = document.layout.boxes(start, start + 5)
    assert box.x0 * 595.28 == pytest.approx(85 + width("Ñaûng uyû xaõ ñaõ hoïp 12 phieân; coù "), abs=2)


def test_unicode_typed_in_a_legacy_font_stays_beside_a_line_that_is_decoded() -> None:
    document = read(pdf([
        Text(121, 100, "1. Đảng ủy xã đã họp; tổng số 12 phiên.", font=".VnTime"),
        Text(121, 119, "2. Ủy ban nhân dân: hoà giải 3 vụ.", font="VNI-Times"),
        Text(121, 138, "3. §· häp 12 phiªn.", font=".VnTime"),
    ]))  # fmt: skip
    assert lines(document) == ["1. Đảng ủy xã đã họp; tổng số 12 phiên.", "2. Ủy ban nhân dân: hoà giải 3 vụ.",
                               "3. Đã họp 12 phiên."]  # fmt: skip


def test_words_in_a_legacy_font_inside_a_unicode_line_are_decoded() -> None:
    line = [Text(85, 100, "Xã có 12 thôn, ", size=13), Text(170, 100, "®· häp 5 phiªn", font=".VnTime", size=13),
            Text(252, 100, " trong kỳ.", size=13)]  # fmt: skip
    assert lines(read(pdf(line))) == ["Xã có 12 thôn, đã họp 5 phiên trong kỳ."]


def test_the_code_of_u_with_horn_at_a_line_s_end_is_no_hyphen() -> None:
    how = {"font": ".VnTime"}
    document = read(pdf([
        Text(121, 100, "Thùc hiÖn KÕ ho¹ch sè 18/KH-UBND vÒ ph¸t triÓn kinh tÕ cña x·, thu hót vèn ®Çu t\u00ad", **how),
        Text(85, 119, "®¹t 5,2 tû ®ång; KÕ ho¹ch sè 21/KH-", **how),
        Text(85, 138, "UBND ®ang thùc hiÖn.", **how),
    ]))  # fmt: skip
    assert lines(document) == [
        "Thực hiện Kế hoạch số 18/KH-UBND về phát triển kinh tế của xã, thu hút vốn đầu tư đạt 5,2 tỷ đồng; "
        "Kế hoạch số 21/KH-UBND đang thực hiện."
    ]


def test_cells_of_a_table_in_a_legacy_font_are_decoded() -> None:
    words = [(85, 116, "Th«n"), (260, 116, "Sè hé"), (85, 140, "§«ng Hßa"), (260, 140, "1.205")]
    cells = [Text(x + 4, y, text, 11, font=".VnTime") for x, y, text in words]
    assert lines(read(pdf([*grid((85, 260, 400), (100, 124, 148)), *cells]))) == ["Thôn\tSố hộ", "Đông Hòa\t1.205"]


@pytest.mark.parametrize(
    ("font", "encoding", "capitals"),
    [
        (".VnTime", "tcvn3", False),
        ("ABCDEF+.VnTimeH", "tcvn3", True),
        (".VnTimeH,Bold", "tcvn3", True),
        (".VnArialH-BoldItalic", "tcvn3", True),
        (".VnTeknical", "tcvn3", False),
        ("VNI-Times", "vni", False),
        ("BCDEEE+VNI-Helve,Bold", "vni", False),
        ("Times New Roman", None, False),
        ("ABCDEF+TimesNewRomanPSMT", None, False),
    ],
)
def test_a_font_s_name_announces_its_encoding(font: str, encoding: str | None, capitals: bool) -> None:
    assert (legacy_font(font), is_capital_font(font)) == (encoding, capitals)
