"""Twice the text is twice the work, whatever stands there; work is counted in calls, which no busy machine changes."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from bench.extraction import HOSTILE, hostile
from extractors import extract
from ingest.assemble import assemble
from ingest.blocks import CellBlock, Run, TableBlock
from schema.model import Document

LENGTH = 4000  # above the length from which a paragraph is read in parts


def calls(document: Document) -> int:
    """How many functions the extraction calls, those written in C counted, too."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        extract(document)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", HOSTILE)
def test_work_grows_with_the_length_of_the_text(unit: str) -> None:
    extract(hostile(unit, LENGTH))  # data files are read and words kept
    once, twice = calls(hostile(unit, LENGTH)), calls(hostile(unit, 2 * LENGTH))
    assert twice < 2.2 * once


def test_a_list_of_amounts_overflows_no_stack() -> None:
    amounts = extract(hostile("12 triệu ", 9 * 2000)).quantities
    assert len(amounts) == 2000
    assert {(str(amount.value), amount.unit) for amount in amounts} == {("12", "triệu đồng")}


def test_a_paragraph_without_end_loses_no_figure_where_it_is_parted() -> None:
    counted = extract(hostile("Thôn có 5 hộ nghèo; ", 20 * 1000)).quantities
    assert [(amount.value_text, amount.unit) for amount in counted] == [("5", "hộ nghèo")] * 1000


def table(rows: int) -> Document:
    """A table of ``rows`` villages, each with a count and a percentage."""
    head = [CellBlock(Run(text), 0, col) for col, text in enumerate(("STT", "Thôn", "Số hộ", "Tỷ lệ (%)"))]
    body = [
        CellBlock(Run(text), row, col)
        for row in range(1, rows)
        for col, text in enumerate((str(row), f"Thôn {row}", str(row % 90 + 10), "12,5"))
    ]
    return assemble([TableBlock([*head, *body], rows, 4, 1)], format="docx")


def test_work_grows_with_the_rows_of_a_table() -> None:
    short, long = table(200), table(400)
    extract(short)
    assert calls(long) < 2.2 * calls(short)
