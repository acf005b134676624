"""What a report says of itself: titles as data, names that the letterhead breaks over lines."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from extractors import header
from schema.model import Document, Passage, PassageKind, Zone

CASES = tomllib.loads((Path(__file__).parent / "data/titles.toml").read_text("utf-8"))["case"]


def document(letterhead: list[str], title: str = "", body: list[str] | None = None) -> Document:
    lines: list[tuple[PassageKind, Zone, str]] = [
        *(("header", "letterhead", line) for line in letterhead),
        ("heading", "body", "BÁO CÁO"),
        *(("heading", "body", line) for line in [title] if line),
        *(("paragraph", "body", line) for line in body or []),
    ]
    text, passages = "", []
    for number, (kind, zone, line) in enumerate(lines):
        passages.append(Passage(number, kind, zone, len(text), len(text) + len(line), page=1, section=None))
        text += line + "\n"
    return Document(text, "pdf", passages=tuple(passages))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"][:50])
def test_topic_and_period_of_a_title(case: dict[str, str]) -> None:
    read = header.read(document([], case["title"]))
    found = (read.topic or "", *(str(day or "") for day in (read.period_start, read.period_end)))
    assert found == (case["topic"], case["start"], case["end"])


@pytest.mark.parametrize(
    ("letterhead", "body", "expected"),
    [
        (["UBND HUYỆN SƠN", "LĨNH", "ỦY BAN NHÂN DÂN XÃ MỘC", "THIỀM", "Mộc Thiềm, ngày 5 tháng 6 năm 2021"],
         ["UBND huyện Sơn Lĩnh giao, UBND xã báo cáo."], ("Mộc Thiềm", "Sơn Lĩnh")),
        (["UBND HUYỆN SƠN LĨNH", "XÃ MỘC THIỀM", "TỔ CÔNG TÁC", "Mộc Thiềm, ngày 5 tháng 6 năm 2021"],
         [], ("Mộc Thiềm", "Sơn Lĩnh")),
        (["UBND HUYỆN SƠN LĨNH", "XÃ MỘC", "THIỀM", "Số: 1/BC-UBND"], [], ("Mộc", "Sơn Lĩnh")),
        (["XÃ HÀ", "KHÂU", "Hà Khâu, ngày 5 tháng 6 năm 2021"], ["Toàn xã có 12 km đường hà đê."], ("Hà Khâu", None)),
    ],
)  # fmt: skip
def test_a_name_broken_in_the_letterhead_is_whole_where_the_text_knows_it(
    letterhead: list[str], body: list[str], expected: tuple[str, str | None]
) -> None:
    read = header.read(document(letterhead, "Kết quả", body))
    assert (read.commune, read.district) == expected
