"""Words beside a number: bounds (``trên``, ``không quá``), changes (``tăng``) and plans (``phấn đấu``)."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

import regex

from extractors.lexicon import data
from extractors.names import last_words
from schema.model import Change, Qualifier
from schema.text import aligned

TARGETS = r"kế hoạch|\bkh\b|dự toán|\bdt\b|chỉ tiêu|nghị quyết|\bnq\b"
_WORD = regex.compile(r"\p{L}+")
_CUE_WORDS = 3
_COMPARED = regex.compile(r"(?: \p{L}+){0,3} so (?:với|cùng|năm|kỳ)")
_LEVEL = regex.compile(r"(?:tăng|giảm|nâng)[^.;]{0,20}(?:lên|còn|xuống)(?: còn)?$")


class Sense(NamedTuple):
    """How the words before a number change it; ``start`` is where the first of these words begins."""

    qualifier: Qualifier
    change: Change
    start: int


@lru_cache(maxsize=1)
def _cues() -> tuple[dict[str, Qualifier], dict[str, Qualifier], dict[str, Change]]:
    tables = data("qualifiers")
    before: dict[str, Qualifier] = {}
    after: dict[str, Qualifier] = {}
    for row in tables["cue"]:
        sign = cast(Qualifier, row["qualifier"])
        before.update(dict.fromkeys(map(aligned, row.get("before", ())), sign))
        after.update(dict.fromkeys(map(aligned, row.get("after", ())), sign))
    change: dict[str, Change] = {}
    change.update(dict.fromkeys(map(aligned, tables["change"]["increase"]), "increase"))
    change.update(dict.fromkeys(map(aligned, tables["change"]["decrease"]), "decrease"))
    return before, after, change


@lru_cache(maxsize=1)
def _not_cues() -> frozenset[str]:
    """Wordings that only end like a cue: ``mật độ`` 877 người/km2."""
    return frozenset(map(aligned, data("qualifiers")["not_cue"]["wordings"]))


def _strip(words: list[str], table: dict[str, Qualifier] | dict[str, Change]) -> tuple[str, int] | None:
    for size in range(min(_CUE_WORDS, len(words)), 0, -1):
        value = table.get(" ".join(words[-size:]))
        if value is not None:
            return None if " ".join(words[-size - 1 :]) in _not_cues() else (value, size)
    return None


def before(low: str, start: int, end: int) -> Sense:
    """Reads the words that end where a number starts; the scope of each is that number only.

    ``cao hơn`` bounds a number, but makes it a difference where what follows at ``end`` compares ("… so với năm 2023").
    """
    words = last_words(low, start, 5)
    bounds, _, changes = _cues()
    qualifier: Qualifier = "="
    change: Change = "level"
    used = 0
    changed = _strip(words, changes)
    bound = _strip(words, bounds)
    compared = changed is not None and _COMPARED.match(low, end) is not None
    if bound and (changed is None or bound[1] > changed[1] or (bound[1] == changed[1] and not compared)):
        qualifier, used = cast(Qualifier, bound[0]), bound[1]
        changed = _strip(words[: len(words) - used], changes)
    if changed:
        change = cast(Change, changed[0])
        used += changed[1]
    if not used:
        return Sense(qualifier, change, start)
    cue = sum(len(word) + 1 for word in words[-used:])
    return Sense(qualifier, change, max(0, start - cue))


def after(low: str, end: int) -> Qualifier | None:
    """``trở lên``, ``trở xuống`` behind the unit."""
    window = low[end : end + 24].lstrip(" ")
    for cue, qualifier in _cues()[1].items():
        place = window.find(cue)
        if place >= 0 and all(c.isalpha() or c == " " for c in window[:place]) and window[:place].count(" ") <= 2:
            return qualifier
    return None


@dataclass(frozen=True, slots=True)
class _Plans:
    headings: tuple[str, ...]
    not_headings: tuple[str, ...]
    before: tuple[str, ...]
    not_before: tuple[str, ...]
    estimates: tuple[str, ...]
    columns: tuple[str, ...]
    not_columns: tuple[str, ...]


@lru_cache(maxsize=1)
def _plans() -> _Plans:
    return _Plans(**{name: tuple(map(aligned, words)) for name, words in data("qualifiers")["plan"].items()})


def plan_heading(heading: str) -> bool | None:
    """True where a heading opens plans for the future, False where it looks back, None where it says neither."""
    low = aligned(heading)
    plans = _plans()
    if any(cue in low for cue in plans.not_headings):
        return False
    return True if any(cue in low for cue in plans.headings) else None


def plan_clause(low: str) -> bool:
    """Whether the words of a clause before its number make that number a target."""
    plans = _plans()
    last = max((low.rfind(cue) for cue in plans.before if cue in low), default=-1)
    return last >= 0 and not any(word in low[last:] for word in plans.not_before)


def plan_column(header: str) -> bool:
    """Whether a column of a table holds targets."""
    low = aligned(header).strip()
    if any(cue in low for cue in _plans().estimates) and "%" not in low:
        return True
    columns, undo = _plans().columns, _plans().not_columns
    words = set(_WORD.findall(low))
    if any((cue in words if cue.isalpha() else cue in low) for cue in undo):
        return False
    return any((cue in words if " " not in cue else cue in low) for cue in columns)
