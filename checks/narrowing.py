"""What narrows a figure to a part of the whole: "thuộc thẩm quyền", "nữ", "lĩnh vực đất đai", "thôn Đông".

Two values of one indicator conflict only where both are narrowed alike: an extractor that overlooks a modifier must not
become a false alarm.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

from checks.classified import lists
from checks.measures import noun
from checks.phrases import content, pattern
from checks.settings import data
from checks.view import Span, View
from schema import catalogue
from schema.model import IndicatorValue
from schema.text import key

_PLACE = regex.compile(
    r"\b(?:[Tt]hôn|[Xx]óm|[Bb]ản|[Ấấ]p|[Bb]uôn|[Kk]hu phố|[Tt]ổ(?: dân phố)?|[Kk]hu)\s+(\p{Lu}\p{L}*|\d{1,2})\b"
)
_BEHIND = 45


@lru_cache(maxsize=1)
def _terms() -> tuple[Any, ...]:
    return tuple(pattern(rf"\b(?:{term})\b") for term in data("wordings")["narrowing"]["terms"])


@lru_cache(maxsize=1)
def _any_term() -> Any:
    return pattern(rf"\b(?:{'|'.join(data('wordings')['narrowing']['terms'])})\b")


@lru_cache(maxsize=256)
def _own(code: str) -> frozenset[int]:
    """Terms in the names of the indicator and of those it is computed from: they narrow nothing."""
    known = catalogue.by_code().get(code)
    related = {code, *(c for r in (known.relations if known else ()) for c in (*r.operands, *r.base))}
    names = [key(one.name_vi) for c in related if (one := catalogue.by_code().get(c))]
    return frozenset(i for i, term in enumerate(_terms()) if any(term.search(name) for name in names))


def modifiers(view: View, value: IndicatorValue, known: frozenset[int]) -> frozenset[str]:
    """The narrowing words around a value, but for the ``known`` terms."""
    at = max(view.text.find(value.value_text, value.start), value.start)
    whole = view.once("unnamed wholes", _unnamed_wholes).get(at)
    found: set[str] = {whole} if whole else set()
    for span in around(view, value):
        found.update(key(m[0]) for m in _PLACE.finditer(view.text, span.start, span.end))
        if not _any_term().search(view.low, span.start, span.end):
            continue
        for i, term in enumerate(_terms()):
            if i not in known:
                found.update(str(m[0]) for m in term.finditer(view.low, span.start, span.end))
    return frozenset(found)


def _unnamed_wholes(view: View) -> dict[int, str]:
    """Parts of wholes that are no indicator, by offset: "214 hộ vay vốn, trong đó hộ cận nghèo 58 hộ"."""
    named = {f.start for v in view.facts.indicators for f in view.between(v.start, v.end)}
    return {
        part.start: f"of {noun(view, item.totals[0])}"
        for item in lists(view)
        if item.firmness in ("open", "likely", "listed")
        for part in (*item.parts, *item.subsets)
        if not any(whole.start in named for whole in item.totals)
    }


def alike(view: View, *values: IndicatorValue) -> bool:
    """Whether nothing narrows one value and not the others; words of the indicators' own names narrow nothing."""
    own = frozenset[int]().union(*(_own(value.indicator) for value in values))
    return len({modifiers(view, value, own) for value in values}) == 1


def one_label(view: View, one: IndicatorValue, other: IndicatorValue) -> bool:
    """Whether the words around two values name the same thing: positive evidence that they may be compared."""
    a, b = _label(view, one), _label(view, other)
    return len(a & b) >= min(2, len(a), len(b)) if a and b else not a and not b


def _label(view: View, value: IndicatorValue) -> frozenset[str]:
    """Syllables that name a value, without counted nouns that name nothing of their own."""
    generic = _generic()
    said = [*(view.low[span.start : span.end] for span in around(view, value)), label_of_cell(view, value)]
    return frozenset(word for word in content(" ".join(said)) if word not in generic and word[0].isalpha())


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(key(data("wordings")["narrowing"]["generic"]).split())


def label_of_cell(view: View, value: IndicatorValue) -> str:
    """The words of the row that a table cell stands in."""
    cell = view.passage(value.start)
    if cell is None or cell.table is None:
        return ""
    row = (p for p in view.cells(cell.table) if p.row == cell.row and p.id != cell.id)
    return " ".join(view.low[p.start : p.end] for p in row if any(c.isalpha() for c in view.text[p.start : p.end]))


def around(view: View, value: IndicatorValue) -> list[Span]:
    """The clause, the clause that a bracket or a bare rate belongs to, and the subject before a colon."""
    sentence = view.sentence(value.start)
    clause = view.clause(value.start, value.end)
    spans = [Span(clause.start, min(clause.end, value.end + _BEHIND))]
    previous = view.text[sentence.start : clause.start].rstrip()
    if previous and (previous[-1] == "(" or len(view.text[clause.start : value.start].split()) <= 3):
        at = sentence.start + len(previous) - 2
        if at > sentence.start:
            spans.append(view.clause(at, at + 1))
    colon = view.text.find(":", sentence.start, value.start)
    if colon >= 0:
        spans.append(Span(sentence.start, colon))
    return spans
