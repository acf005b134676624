"""Headings of every style met in reports, told from list items by wording and neighbours; the tree that they make."""

from __future__ import annotations

import pytest

from ingest import headings
from ingest.zones import knowledge, pattern
from tests.reading import kinds, outline
from tests.support import document_of

TEXT = "Ủy ban nhân dân xã đã chỉ đạo các ngành triển khai thực hiện đạt kết quả, hoàn thành 12/13 chỉ tiêu."


def parents(text: str) -> list[tuple[str, str | None]]:
    """Number of each section and of its parent."""
    sections = document_of(text).sections
    return [(s.number, None if s.parent is None else sections[s.parent].number) for s in sections]


def test_parts_with_their_caption_on_the_next_lines_hold_roman_and_arabic_sections() -> None:
    text = f"""Phần thứ nhất
KẾT QUẢ THỰC HIỆN NHIỆM VỤ PHÁT TRIỂN KINH TẾ - XÃ HỘI
NĂM 2023
I. LĨNH VỰC KINH TẾ
1. Nông nghiệp
1.1. Trồng trọt
{TEXT}
1.2. Chăn nuôi
{TEXT}
2. Tài chính
{TEXT}
II. VĂN HÓA - XÃ HỘI
{TEXT}
Phần thứ hai
PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2024
I. MỤC TIÊU
{TEXT}"""
    assert outline(document_of(text)) == [
        (1, "Phần thứ nhất", "KẾT QUẢ THỰC HIỆN NHIỆM VỤ PHÁT TRIỂN KINH TẾ - XÃ HỘI NĂM 2023"),
        (2, "I", "LĨNH VỰC KINH TẾ"),
        (3, "1", "Nông nghiệp"),
        (4, "1.1", "Trồng trọt"),
        (4, "1.2", "Chăn nuôi"),
        (3, "2", "Tài chính"),
        (2, "II", "VĂN HÓA - XÃ HỘI"),
        (1, "Phần thứ hai", "PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2024"),
        (2, "I", "MỤC TIÊU"),
    ]
    assert parents(text) == [
        ("Phần thứ nhất", None), ("I", "Phần thứ nhất"), ("1", "I"), ("1.1", "1"), ("1.2", "1"), ("2", "I"),
        ("II", "Phần thứ nhất"), ("Phần thứ hai", None), ("I", "Phần thứ hai"),
    ]  # fmt: skip


def test_numbers_without_blank_or_dot_and_headings_that_stand_twice_are_headings() -> None:
    text = f"""I- Công tác chỉ đạo, điều hành
{TEXT}
II- Kết quả thực hiện
1. Cải cách thể chế
1.1 Kết quả đạt được
{TEXT}
1.1 Kết quả đạt được
{TEXT}
1.2.Tồn tại, hạn chế
{TEXT}
2. Cải cách thủ tục
2.1. Kết quả đạt được
{TEXT}
2.2.Tồn tại
Không có."""
    assert outline(document_of(text)) == [
        (1, "I", "Công tác chỉ đạo, điều hành"),
        (1, "II", "Kết quả thực hiện"),
        (2, "1", "Cải cách thể chế"),
        (3, "1.1", "Kết quả đạt được"),
        (3, "1.1", "Kết quả đạt được"),
        (3, "1.2", "Tồn tại, hạn chế"),
        (2, "2", "Cải cách thủ tục"),
        (3, "2.1", "Kết quả đạt được"),
        (3, "2.2", "Tồn tại"),
    ]


def test_capital_letters_outrank_roman_numerals_and_i_after_h_is_a_letter() -> None:
    text = "\n".join(f"{letter}. CÔNG TÁC {letter}{letter}\n{TEXT}" for letter in "ABCDEGHI")
    assert [number for _, number, _ in outline(document_of(text))] == list("ABCDEGHI")
    assert {level for level, _, _ in outline(document_of(text))} == {1}


def test_points_with_d_stroke_are_siblings_and_long_ones_are_items() -> None:
    text = "1. Kết quả thực hiện\n" + "\n".join(f"{letter}) {TEXT}" for letter in "abcdđe")
    document = document_of(text)
    assert [number for _, number, _ in outline(document)] == ["1"]
    assert [kind for kind, _ in kinds(document)] == ["heading"] + ["list-item"] * 6


def test_a_heading_with_its_text_on_the_same_line_is_heading_and_paragraph() -> None:
    document = document_of(f"1. Ưu điểm: {TEXT}\n2. Tồn tại, hạn chế: Không.\n3. Nguyên nhân: {TEXT}")
    assert outline(document) == [(1, "1", "Ưu điểm"), (1, "2", "Tồn tại, hạn chế"), (1, "3", "Nguyên nhân")]
    assert kinds(document)[:4] == [
        ("heading", "1. Ưu điểm:"),
        ("paragraph", TEXT),
        ("heading", "2. Tồn tại, hạn chế:"),
        ("paragraph", "Không."),
    ]


def test_every_passage_knows_its_section() -> None:
    document = document_of(f"I. KINH TẾ\n{TEXT}\n1. Nông nghiệp\n{TEXT}\nII. XÃ HỘI\n{TEXT}")
    numbers = [document.sections[p.section].number for p in document.passages if p.section is not None]
    assert numbers == ["I", "I", "1", "1", "II", "II"]
    assert all(document.text[s.start : s.end].startswith(f"{s.number}.") for s in document.sections)


def test_figures_at_the_head_of_a_line_are_no_numbers_of_headings() -> None:
    text = f"I. KINH TẾ\n7.2 ha lúa; {TEXT}\n2.372 TTHC được công khai.\n12/13 chỉ tiêu đạt.\n15/6/2024 xã họp."
    assert [number for _, number, _ in outline(document_of(text))] == ["I"]


@pytest.mark.parametrize(
    ("text", "style", "number", "rest"),
    [
        ("Phần thứ nhất", "part", "Phần thứ nhất", ""),
        ("PHẦN II: NHIỆM VỤ", "part", "PHẦN II", "NHIỆM VỤ"),
        ("Phụ lục 02. Số liệu", "annex", "Phụ lục 02", "Số liệu"),
        ("Chương III", "chapter", "Chương III", ""),
        ("Điều 5. Trách nhiệm", "article", "Điều 5", "Trách nhiệm"),
        ("II/ Tồn tại", "roman", "II", "Tồn tại"),
        ("I- Công tác", "roman", "I", "Công tác"),
        ("A. KẾT QUẢ", "upper", "A", "KẾT QUẢ"),
        ("1) Kết quả", "arabic", "1", "Kết quả"),
        ("4.2 Tồn tại", "dotted2", "4.2", "Tồn tại"),
        ("2.2.Tồn tại", "dotted2", "2.2", "Tồn tại"),
        ("1.1.3. Lúa", "dotted3", "1.1.3", "Lúa"),
        ("đ) kết quả khác", "letter", "đ", "kết quả khác"),
        ("(1) Kết quả", "paren", "1", "Kết quả"),
        ("(2.1) Kết quả", "paren2", "2.1", "Kết quả"),
        ("B.1. Kết quả", "dotted2", "B.1", "Kết quả"),
        ("Phần B. Kết quả", "part", "Phần B", "Kết quả"),
        ("- Kết quả", "bullet", "-", "Kết quả"),
    ],
)
def test_the_number_of_a_line(text: str, style: str, number: str, rest: str) -> None:
    label = headings.parse(text)
    assert label is not None
    assert (label.style, label.number, text[label.rest :]) == (style, number, rest)


@pytest.mark.parametrize("text", ["7.2 ha lúa", "2.372 TTHC", "Điều kiện sản xuất", "Năm 2023", "IIX. Sai", "f) mã"])
def test_lines_without_a_number(text: str) -> None:
    assert headings.parse(text) is None


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, entry in knowledge().items() for t in entry["examples"]])
def test_a_pattern_of_the_frame_meets_its_examples(name: str, text: str) -> None:
    assert pattern(name).search(text)


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, entry in knowledge().items() for t in entry["counter"]])
def test_a_pattern_of_the_frame_leaves_its_counter_examples(name: str, text: str) -> None:
    assert pattern(name).match(text) is None
