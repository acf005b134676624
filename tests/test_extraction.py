"""Every line of ``tests/cases`` read by the whole of extraction, and what must hold of any line whatever it says."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from extractors import extract
from schema.model import Document, Facts, Percentage, Quantity
from tests import casebook
from tests.casebook import Group, Line, plain

Shown = Callable[[Facts], Sequence[str]]
SHOWN: dict[str, Shown] = {
    "citations": lambda facts: [casebook.citation(mention) for mention in facts.citations],
    "dates": lambda facts: [casebook.moment(mention) for mention in facts.dates],
    "quantities": casebook.figures,
    "percentages": casebook.figures,
    "ratios": casebook.figures,
    "qualifiers": casebook.figures,
    "indicators": casebook.indicators,
    "header": casebook.letterhead,
    "titles": casebook.titled,
    "tables": casebook.timed,
    "cells": casebook.figures,
}
"""What is shown of what was read, by case file; a group may name another (``show``)."""
GROUPS = [(name, group) for name in casebook.names() for group in casebook.groups(name)]
EVERY = pytest.mark.parametrize(("name", "group"), GROUPS, ids=[f"{name}: {group.about}" for name, group in GROUPS])


def misread(name: str, group: Group, spell: Callable[[Line], str]) -> list[str]:
    """The lines of a group that are read otherwise than wanted when spelt by ``spell``."""
    wrong = []
    for line in group.lines:
        got = SHOWN[group.facts.get("show", name)](extract(casebook.document(name, spell(line))))
        want = sorted(line.want) if name in ("indicators", "tables") and "show" not in group.facts else list(line.want)
        if list(got) != want:
            wrong.append(f"{spell(line)!r}: wanted {list(line.want)}, read {list(got)}")
    return wrong


@EVERY
def test_lines_are_read_as_a_clerk_reads_them(name: str, group: Group) -> None:
    assert misread(name, group, lambda line: line.text) == []


@EVERY
def test_decomposed_letters_change_nothing(name: str, group: Group) -> None:
    assert misread(name, group, lambda line: unicodedata.normalize("NFD", line.text)) == []


@EVERY
def test_every_mention_is_its_slice(name: str, group: Group) -> None:
    texts = [line.text for line in group.lines]
    for text in texts if name in casebook.DOCUMENT else ["\n".join(texts)]:
        every_mention_is_its_slice(casebook.document(name, text))


def every_mention_is_its_slice(document: Document) -> None:
    facts = extract(document)
    figures: list[Quantity | Percentage] = [*facts.quantities, *facts.percentages]
    for figure in figures:
        assert figure.value_text in document.slice(figure.start, figure.end)
    for ratio in facts.ratios:
        surface = document.slice(ratio.start, ratio.end)
        assert ratio.numerator_text in surface and ratio.denominator_text in surface
    for citation in facts.citations:
        surface = document.slice(citation.start, citation.end)
        assert citation.code == "" or (citation.number or "") in "".join(surface.split())
        if citation.issued_text is not None:
            assert document.text[citation.date_start : citation.date_end] == citation.issued_text


def test_a_ratio_states_the_percentage_of_its_own_paragraph() -> None:
    facts = extract(casebook.page_of("Lúa 118 ha, tăng 7%, đạt 52%.\nĐã giải quyết 45/60 đơn, đạt 75%."))
    assert [ratio.stated_percent for ratio in facts.ratios] == [Decimal(75)]


def test_what_is_counted_is_told_before_when() -> None:
    line = "Tổng thu ngân sách 6 tháng đầu năm là 8,4 tỷ đồng; tỷ lệ hộ nghèo năm 2031 là 2%."
    facts = extract(casebook.page_of(line))
    assert [figure.noun for figure in facts.quantities] == ["Tổng thu ngân sách"]
    assert [figure.noun for figure in facts.percentages] == ["tỷ lệ hộ nghèo"]


def test_values_of_a_time_after_the_report_are_plans() -> None:
    page = (
        "ỦY BAN NHÂN DÂN\nXÃ AN MẪU\nSố: 118/BC-UBND\nAn Mẫu, ngày 22 tháng 12 năm 2030\nBÁO CÁO\n"
        "Tình hình kinh tế - xã hội năm 2030\nThu nhập bình quân đầu người đạt 41 triệu đồng. "
        "Năm 2031, xã giữ sản lượng lương thực cây có hạt trên 2.900 tấn. "
        "Đến năm 2035 đạt thu nhập bình quân đầu người 66 triệu đồng."
    )
    values = extract(casebook.document("header", page)).indicators
    assert [(plain(value.value), value.basis) for value in values] == [
        ("41", "actual"), ("2900", "plan"), ("66", "plan")
    ]  # fmt: skip


def test_there_are_enough_lines_and_enough_that_state_nothing() -> None:
    lines = [line for _, group in casebook.all_groups() for line in group.lines]
    empty = [line for line in lines if not line.want]
    assert len(lines) >= 1690
    assert len(empty) * 10 >= len(lines)


def test_there_are_more_ways_to_write_a_date_than_any_public_rule_set_knows() -> None:
    assert sum(len(group.lines) for group in casebook.groups("dates")) > 168
