"""Every rule's own examples: what it flags, in the very words, and what it leaves alone."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

from checks import check, messages
from checks.settings import data, rules
from schema.model import Finding
from tests.minireport import build

FOLDER = Path(__file__).parents[1] / "checks" / "data" / "examples"
BETWEEN_REPORTS = {"series-conflict", "series-drop", "implausible-series", "copied-passage", "citation-consensus"}
INSIDE = sorted(set(rules()) - BETWEEN_REPORTS)


def examples(kind: str) -> list[Any]:
    found = []
    for rule in INSIDE:
        for n, example in enumerate(tomllib.loads((FOLDER / f"{rule}.toml").read_text(encoding="utf-8")).get(kind, [])):
            found.append(pytest.param(rule, example, id=f"{rule}-{n + 1}"))
    return found


def findings(report: str) -> tuple[Finding, ...]:
    return check(*build(report))


@pytest.mark.parametrize("rule", INSIDE)
def test_every_rule_has_three_examples_of_each_kind(rule: str) -> None:
    held = tomllib.loads((FOLDER / f"{rule}.toml").read_text(encoding="utf-8"))
    assert len(held["fail"]) >= 3
    assert len(held["pass"]) + len(held.get("info", [])) >= 3
    assert len(held["pass"]) >= 2


@pytest.mark.parametrize(("rule", "example"), examples("fail"))
def test_it_flags(rule: str, example: dict[str, str]) -> None:
    told = findings(example["report"])
    own = [f for f in told if f.rule == rule]
    assert [messages.render(f) for f in own] == [example["says"]]
    assert [messages.render(f, "en") for f in own] == [example["says_en"]]
    assert [f.severity for f in own] == [example["severity"]]
    assert [f for f in told if f.rule != rule and f.severity != "info"] == []


@pytest.mark.parametrize(("rule", "example"), examples("pass"))
def test_it_leaves_alone(rule: str, example: dict[str, str]) -> None:
    assert [messages.render(f) for f in findings(example["report"]) if f.rule == rule or f.severity != "info"] == []


@pytest.mark.parametrize(("rule", "example"), examples("info"))
def test_it_tells_as_information(rule: str, example: dict[str, str]) -> None:
    told = findings(example["report"])
    assert [(f.severity, messages.render(f), messages.render(f, "en")) for f in told if f.rule == rule] == [
        ("info", example["says"], example["says_en"])
    ]
    assert {f.severity for f in told} == {"info"}


def test_both_languages_fill_the_same_blanks() -> None:
    for rule, variants in data("messages").items():
        for variant, both in variants.items():
            blanks = [{name.removesuffix("_en") for _, name, _, _ in string.Formatter().parse(both[lang]) if name}
                      for lang in ("vi", "en")]
            assert set(both) == {"vi", "en"}, (rule, variant)
            assert blanks[0] == blanks[1], (rule, variant)


def test_no_message_accuses() -> None:
    for variants in data("messages").values():
        for both in variants.values():
            assert not any(word in both["vi"].casefold() for word in ("gian lận", "sai phạm", "khai khống", "bịa"))
