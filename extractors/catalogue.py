"""The wordings of indicators as rules: ``data/labels_*.toml`` bound to the catalogue of ``schema.catalogue``.

A rule says which words beside a number make it a value of an indicator. All conditions given must hold; within one
list any wording will do. Rules are tried in the order of the files, the first that fits wins, so special cases stand
before general ones. Adding an indicator is adding rows there and in ``schema/data/indicators.toml``.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractors.lexicon import Phrases, data
from schema.catalogue import Indicator, by_code
from schema.text import aligned

FILES = ("labels_place", "labels_staff", "labels_dossiers", "labels_digital", "labels_society", "labels_economy")


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to word an indicator. "Own words" are those of the number's own clause, before and behind it.

    ``when``: ``count``, ``percent``, ``part`` (numerator of a ratio). ``labels``/``before``/``after``: wanted in
    the own words (anywhere, before, behind). ``also_own``: a second list wanted there. ``near``: wanted in the
    sentence. ``without``/``never``/``unless``: unwanted in the own words / in the sentence up to the number and
    the heading or label over it / anywhere in the sentence. ``beside``: codes of which an earlier figure of the
    sentence must be; ``told``: of the paragraph. ``mode``: the last of rival cues ("lý luận chính trị" or
    "chuyên môn") must be this one. ``header``: the whole text of a column's header, for totals in tables.
    ``whole``/``rate``: codes for the denominator of a ratio and for the percentage that restates the figure
    (``rate_near``: only where the sentence has one of these). ``also``: a further code with the same value.
    ``units``: accepted units; ``once``: only the first in a sentence for each time that it names; ``change``: takes
    differences, too. ``any_scope``: a scope of the topic does not part it from the whole. ``given``: what others
    assign is its value.
    """

    indicator: Indicator
    when: frozenset[str]
    labels: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    also_own: frozenset[str]
    near: frozenset[str]
    without: frozenset[str]
    never: frozenset[str]
    unless: frozenset[str]
    units: frozenset[str]
    topic: str
    mode: str
    beside: frozenset[str]
    told: frozenset[str]
    header: frozenset[str]
    whole: str
    rate: str
    rate_near: frozenset[str]
    also: str
    once: bool
    change: bool
    any_scope: bool
    given: bool
    order: int


@dataclass(frozen=True, slots=True)
class Zero:
    """A sentence that says that there was none: ``không có hồ sơ quá hạn``."""

    indicator: Indicator
    wording: str


@dataclass(frozen=True, slots=True)
class Labels:
    """All rules, with the look-ups that the engine needs.

    ``worded``: those with words of their own, by indicator; ``cues``: the topics that a wording opens.
    """

    by_label: Mapping[str, tuple[Rule, ...]]
    by_header: Mapping[str, tuple[Rule, ...]]
    worded: Mapping[str, tuple[Rule, ...]]
    cues: Mapping[str, tuple[str, ...]]
    scopes: Mapping[str, frozenset[str]]
    modes: Mapping[str, str]
    zeros: Mapping[str, Zero]
    neutral: frozenset[str]
    outside: frozenset[str]
    given: frozenset[str]
    phrases: Phrases


def _set(row: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(aligned(wording) for wording in row.get(name, ()))


def _rule(row: Mapping[str, Any], topic: str, accept: Mapping[str, list[str]], order: int) -> Rule:
    indicator = by_code()[row["code"]]
    units = row.get("units", accept.get(indicator.unit, [indicator.unit]))
    return Rule(
        indicator=indicator,
        when=frozenset(row.get("when", ["percent"] if indicator.unit == "%" else ["count"])),
        labels=_set(row, "labels"),
        before=_set(row, "before"),
        after=_set(row, "after"),
        also_own=_set(row, "also_own"),
        near=_set(row, "near"),
        without=_set(row, "without"),
        never=_set(row, "never"),
        unless=_set(row, "unless"),
        units=frozenset(aligned(unit) for unit in units),
        topic=row.get("topic", topic),
        mode=row.get("mode", ""),
        beside=frozenset(row.get("beside", ())),
        told=frozenset(row.get("told", ())),
        header=_set(row, "header"),
        whole=row.get("whole", ""),
        rate=row.get("rate", ""),
        rate_near=_set(row, "rate_near"),
        also=row.get("also", ""),
        once=row.get("once", False),
        change=row.get("change", False),
        any_scope=row.get("any_scope", False),
        given=row.get("given", False),
        order=order,
    )


def _index(rules: list[Rule], *names: str) -> dict[str, tuple[Rule, ...]]:
    table: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        keys: frozenset[str] = next((words for name in names if (words := getattr(rule, name))), frozenset())
        for key in keys:
            table[key].append(rule)
    return {key: tuple(rows) for key, rows in table.items()}


def _worded(rules: list[Rule]) -> dict[str, tuple[Rule, ...]]:
    """In the order of the files."""
    table: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.labels or rule.before or rule.after:
            table[rule.indicator.code].append(rule)
    return {code: tuple(rows) for code, rows in table.items()}


@lru_cache(maxsize=1)
def load() -> Labels:
    """Reads the label files once."""
    rules: list[Rule] = []
    topics: dict[str, frozenset[str]] = {}
    scopes: dict[str, frozenset[str]] = {}
    modes: dict[str, str] = {}
    zeros: dict[str, Zero] = {}
    neutral: set[str] = set()
    for name in FILES:
        tables = data(name)
        accept = data("accept")["units"]
        for topic, row in tables.get("topic", {}).items():
            topics[topic] = _set(row, "cues")
            scopes[topic] = _set(row, "scopes")
        for mode, cues in tables.get("mode", {}).items():
            modes.update({aligned(cue): mode for cue in cues})
        neutral.update(aligned(wording) for wording in tables.get("neutral", ()))
        for row in tables["rule"]:
            rules.append(_rule(row, row.get("topic", ""), accept, len(rules)))
            for wording in row.get("zero", ()):
                zeros[aligned(wording)] = Zero(by_code()[row["code"]], aligned(wording))
    outside = frozenset(map(aligned, data("outside")["cues"]))
    wordings = {*modes, *zeros, *neutral, *outside}
    for words in (*topics.values(), *scopes.values()):
        wordings |= words
    for rule in rules:
        wordings |= rule.labels | rule.before | rule.after | rule.also_own | rule.near | rule.rate_near
        wordings |= rule.without | rule.never | rule.unless
    return Labels(
        _index(rules, "labels", "before", "after"),
        _index(rules, "header"),
        _worded(rules),
        {cue: tuple(topic for topic, cues in topics.items() if cue in cues) for cue in set().union(*topics.values())},
        scopes,
        modes,
        zeros,
        frozenset(neutral),
        outside,
        frozenset(rule.indicator.code for rule in rules if rule.given),
        Phrases(wordings),
    )
