"""Headings: doubled, out of sequence, or a slip away from their twin or the official outline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import regex
from rapidfuzz.distance import DamerauLevenshtein

from checks.draft import Draft, evidence, identity
from checks.phrases import words
from checks.settings import CheckSettings, data
from checks.view import View
from schema.model import Section, Severity
from schema.text import key, unmarked

_ROMAN = {"i": 1, "v": 5, "x": 10}
_LETTERS = ["a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "o", "p", "q"]
_ORDINALS = ["nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"]


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    doubled = list(_doubled(view))
    yield from doubled
    yield from _gaps(view)
    slips = list(_off_outline(view))
    yield from slips
    flagged = {draft.evidence[0].start for draft in slips}
    yield from _off_twin(view, flagged)


def _extent(view: View, section: Section) -> tuple[int, int]:
    """Where the heading itself stands: its first passage."""
    passage = view.passage(section.start)
    return (passage.start, passage.end) if passage else (section.start, section.start + len(section.heading))


def _title(section: Section) -> str:
    return f"{section.number}. {section.heading}" if section.number else section.heading


def _doubled(view: View) -> Iterator[Draft]:
    groups: dict[tuple[int | None, str, str], list[Section]] = defaultdict(list)
    for section in view.document.sections:
        if len(words(section.heading)) >= 2:
            groups[(section.parent, key(section.number), key(section.heading))].append(section)
    for (_, number, _), group in groups.items():
        if len(group) < 2 or not (number or group[1].id == group[0].id + 1):
            continue
        yield Draft(
            "repeated-heading",
            "same",
            {"heading": _title(group[0]), "times": str(len(group))},
            tuple(evidence("first" if i == 0 else "again", *_extent(view, s)) for i, s in enumerate(group)),
            identity(number, group[0].heading),
        )


_BRACKETED = regex.compile(r"\s*\([^)]*\)\s*")
_DOTTED = regex.compile(r"\d+(?:\.\d+)*")


def ordinal(number: str) -> tuple[str, int] | None:
    """The kind of a heading number and its place in its sequence: ``3.4`` is ("3.", 4), ``II`` ("roman", 2)."""
    name = key(number).strip(". )(")
    if _DOTTED.fullmatch(name):
        head, _, last = name.rpartition(".")
        return head + ".", int(last)
    spelled = regex.fullmatch(r"(phần|chương|mục)\s+(?:thứ\s+)?(\p{L}+|\d+)", name)
    if spelled:
        if spelled[2] in _ORDINALS:
            return str(spelled[1]), _ORDINALS.index(spelled[2]) + 1
        if spelled[2].isdigit():
            return str(spelled[1]), int(spelled[2])
        value = _roman(spelled[2])
        return (str(spelled[1]), value) if value else None
    if regex.fullmatch(r"[ivx]+", name) and number.strip(". )(").isupper():
        value = _roman(name)
        return ("roman", value) if value else None
    if name in _LETTERS:
        kind = "upper" if number.strip(". )(").isupper() else "letter"
        return kind, _LETTERS.index(name) + 1
    return None


def _roman(text: str) -> int | None:
    if not regex.fullmatch(r"x{0,3}(?:ix|iv|v?i{0,3})", text) or not text:
        return None
    values = [_ROMAN[c] for c in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _gaps(view: View) -> Iterator[Draft]:
    families: dict[tuple[int | None, str], list[tuple[int, Section]]] = defaultdict(list)
    for section in view.document.sections:
        place = ordinal(section.number)
        if place is not None:
            families[(section.parent, place[0])].append((place[1], section))
    for family in families.values():
        for (before, one), (after, other) in pairwise(family):
            if after == before and key(one.heading) != key(other.heading):
                yield _gap(view, one, other, "same", "", "warning" if len(family) > 2 else "info")
            elif after == before + 2 and _skips_d(one, before):
                continue
            elif after > before + 1 and not _present(view, one, other, after - before):
                missing = ", ".join(_name(other.number, n) for n in range(before + 1, after))
                yield _gap(view, one, other, "gap", missing, None if after - before <= 2 else "info")
            elif 1 < after < before:
                yield _gap(view, one, other, "back", "", "info")


def _skips_d(one: Section, before: int) -> bool:
    """``D`` and then ``E``: outlines count with "đ" or without."""
    place = ordinal(one.number)
    return place is not None and place[0] in ("letter", "upper") and _LETTERS[before - 1] == "d"


def _name(like: str, value: int) -> str:
    """The number that is missing, written as its neighbours are."""
    head, dot, last = like.rpartition(".")
    if last.isdigit():
        return f"{head}{dot}{value}"
    kind = ordinal(like)
    if kind and kind[0] in ("letter", "upper") and value <= len(_LETTERS):
        return _LETTERS[value - 1].upper() if kind[0] == "upper" else _LETTERS[value - 1]
    if kind and kind[0] == "roman":
        tens, units = divmod(value, 10)
        return "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][units]
    return str(value)


def _present(view: View, one: Section, other: Section, distance: int) -> bool:
    """Whether a paragraph between the two begins with a missing number: a heading that was not read as one."""
    place = ordinal(one.number)
    assert place is not None
    missing = [regex.escape(_name(other.number, place[1] + step)) for step in range(1, distance)]
    pattern = regex.compile(rf"\W{{0,3}}(?:{'|'.join(missing)})(?:[.)/:]|\s)", regex.IGNORECASE)
    return any(pattern.match(view.text, p.start) for p in view.document.passages if one.start < p.start < other.start)


def _gap(view: View, one: Section, other: Section, variant: str, missing: str, severity: Severity | None) -> Draft:
    return Draft(
        "numbering-gap",
        variant,
        {
            "before": one.number,
            "after": other.number,
            "missing": missing,
            "heading": one.heading,
            "other": other.heading,
        },
        (evidence("first", *_extent(view, one)), evidence("again", *_extent(view, other))),
        identity(variant, one.number, other.number, one.heading),
        severity=severity,
    )


@lru_cache(maxsize=1)
def _official() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((heading, tuple(words(heading))) for heading in data("outlines")["headings"])


def _off_outline(view: View) -> Iterator[Draft]:
    known = {tokens for _, tokens in _official()}
    for section in view.document.sections:
        tokens = tuple(w for w in words(_core(section.heading)))
        if len(tokens) < 4 or tokens in known:
            continue
        for heading, official in _official():
            slip = _one_off(tokens, official)
            if slip is not None:
                near = DamerauLevenshtein.distance(unmarked(tokens[slip]), unmarked(official[slip])) <= 1
                sure = near or _twinned(view, section, official)
                yield Draft(
                    "heading-mismatch",
                    "outline",
                    {"heading": _title(section), "other": heading, "word": _clip(tokens, slip)},
                    (evidence("claim", *_extent(view, section)),),
                    identity(section.number, section.heading),
                    severity=None if sure else "info",
                )
                break


def _twinned(view: View, section: Section, official: Sequence[str]) -> bool:
    """Whether the official heading stands elsewhere in the report under the same number."""
    return any(
        other.id != section.id
        and ordinal(other.number) == ordinal(section.number)
        and tuple(words(_core(other.heading))) == tuple(official)
        for other in view.document.sections
    )


def _core(heading: str) -> str:
    """A heading without what stands in brackets behind it."""
    return str(_BRACKETED.sub(" ", heading)).strip()


def _one_off(a: Sequence[str], b: Sequence[str]) -> int | None:
    """The place of the only differing syllable of two headings, None where they are equal or differ more."""
    if len(a) != len(b):
        return None
    differ = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(differ) != 1 or any(w.isdigit() for w in (a[differ[0]], b[differ[0]])):
        return None
    return differ[0]


def _clip(tokens: Sequence[str], at: int) -> str:
    return " ".join(tokens[max(0, at - 1) : at + 2])


def _off_twin(view: View, flagged: set[int]) -> Iterator[Draft]:
    """The same heading in two parts of the report, one syllable mistyped in one of them."""
    known = {tokens for _, tokens in _official()}
    titles = [(s, tuple(words(_core(s.heading)))) for s in view.document.sections]
    for i, (one, a) in enumerate(titles):
        for other, b in titles[i + 1 :]:
            at = _one_off(a, b)
            if at is None or len(a) < 3 or one.parent == other.parent:
                continue
            if len(a) == 3 and (ordinal(one.number) != ordinal(other.number) or unmarked(a[at]) != unmarked(b[at])):
                continue
            if {_extent(view, one)[0], _extent(view, other)[0]} & flagged or (a in known and b in known):
                continue
            distance = DamerauLevenshtein.distance(unmarked(a[at]), unmarked(b[at]))
            same_place = ordinal(one.number) == ordinal(other.number) is not None
            if distance > (2 if same_place else 1) or (distance == 2 and min(len(a[at]), len(b[at])) < 3):
                continue
            odd, twin, tokens = (other, one, b) if b not in known else (one, other, a)
            yield Draft(
                "heading-mismatch",
                "twin",
                {"heading": _title(odd), "other": _title(twin), "word": _clip(tokens, at)},
                (evidence("claim", *_extent(view, odd)), evidence("counter", *_extent(view, twin))),
                identity(*sorted((odd.heading, twin.heading))),
                severity=None if same_place else "info",
            )
