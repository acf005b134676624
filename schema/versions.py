"""What a corrected report says otherwise than the version before: figures, documents and dates, each with its place."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

import regex

from schema.model import Citation, DateMention, Document, Facts, Header, Mention, Passage, Percentage, Quantity, Ratio
from schema.queries import Row, rows
from schema.quotes import around
from schema.reports import load_document, load_facts
from schema.text import key

What = Literal["added", "removed", "changed"]
Version = tuple[Document, Facts]
_DIGITS = regex.compile(r"\d[\d.,]*")
_HEADER = ("report_no", "issued_on", "title")


@dataclass(frozen=True, slots=True)
class Side:
    """What one version says. ``parts`` are the words around it (see ``Quote``), none for what its header says."""

    text: str
    page: int | None = None
    parts: tuple[tuple[str, bool], ...] = ()

    @property
    def quote(self) -> str:
        """The words around on one line."""
        return "".join(text for text, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Change:
    """``kind`` is the mention's, or ``header``; ``about`` its indicator's code, its noun, or the header's field."""

    what: What
    kind: str
    about: str
    older: Side | None
    newer: Side | None


@dataclass(frozen=True, slots=True)
class _Place:
    """A mention with all by which it is found again in the other version.

    ``words`` are those around it with any figure for a figure, and which figure of them it is.
    """

    kind: str
    mention: Mention
    value: Hashable
    about: Hashable
    words: Hashable
    section: str

    @property
    def named(self) -> bool:
        """Whether it says what it is of."""
        return self.about not in ("", ("", ""))


_Key = Callable[[_Place], Hashable]
# From what identifies best to what identifies least: the same words and value, the same words, moved, put otherwise,
# the same thing with another value.
_STEPS: tuple[_Key, ...] = (
    attrgetter("kind", "words", "value"),
    attrgetter("kind", "words"),
    attrgetter("kind", "about", "value"),
    attrgetter("kind", "section", "value"),
    lambda one: (one.kind, one.about, one.section) if one.named else id(one),
)


def compare(older: Version, newer: Version) -> list[Change]:
    """All changes, in the order of the newer text; what was removed comes last. Equal values are no change."""
    left, right = _places(*older), _places(*newer)
    pairs: list[tuple[_Place, _Place]] = []
    for step in _STEPS:
        found = list(_matched(left, right, step))
        pairs += found
        taken = {id(one) for pair in found for one in pair}
        left, right = ([one for one in side if id(one) not in taken] for side in (left, right))
    changed = [(a, b) for a, b in pairs if a.value != b.value]
    both: list[tuple[_Place | None, _Place | None]] = [*changed, *((None, one) for one in right)]
    both.sort(key=lambda pair: pair[1].mention.start if pair[1] else 0)
    both += [(one, None) for one in left]
    return [*_header(older[1].header, newer[1].header), *(_change(older, newer, *pair) for pair in both)]


def _matched(left: Iterable[_Place], right: Iterable[_Place], step: _Key) -> Iterator[tuple[_Place, _Place]]:
    """Those of equal key, first with first, second with second."""
    waiting: dict[Hashable, list[_Place]] = defaultdict(list)
    for one in left:
        waiting[step(one)].append(one)
    for other in right:
        if waiting[step(other)]:
            yield waiting[step(other)].pop(0), other


def _places(document: Document, facts: Facts) -> list[_Place]:
    found = []
    counted: Counter[Hashable] = Counter()
    held = iter(document.passages)
    passage = next(held, None)
    issued = {one.date_start for one in facts.citations}
    days = [one for one in facts.dates if one.kind != "relative" and one.start not in issued]
    mentions = [*facts.citations, *days, *facts.quantities, *facts.percentages, *facts.ratios]
    for mention in sorted(mentions, key=attrgetter("start", "end")):
        while passage is not None and passage.end <= mention.start:
            passage = next(held, None)
        if passage is None:
            break
        kind = _KINDS[type(mention)]
        nth = counted[kind, passage.id] = counted[kind, passage.id] + 1
        about, value = _about(mention, facts), _value(mention, document.text)
        section = key(document.sections[passage.section].heading) if passage.section is not None else ""
        found.append(_Place(kind, mention, value, about, (*_words(document, passage, about), nth), section))
    return found


_KINDS: dict[type[Mention], str] = {
    Citation: "citation", DateMention: "date", Quantity: "quantity", Percentage: "percentage", Ratio: "ratio",
}  # fmt: skip


def _words(document: Document, passage: Passage, about: Hashable) -> tuple[Hashable, ...]:
    """In a table the row's name and the column; elsewhere the paragraph."""
    if passage.table is not None:
        return ("cell", about, passage.col)
    return (_DIGITS.sub("#", " ".join(key(document.text[passage.start : passage.end]).split())),)


def _about(mention: Mention, facts: Facts) -> Hashable:
    match mention:
        case Citation():
            return key(mention.code or mention.subject or "")
        case Quantity():
            return _indicator(mention, facts) or (key(mention.noun or ""), key(mention.unit or ""))
        case Percentage() | Ratio():
            return _indicator(mention, facts) or key(mention.noun or "")
        case _:
            return ""


def _indicator(mention: Mention, facts: Facts) -> str:
    """The code of the indicator that the figure is a value of, '' where it is of none."""
    return next((one.indicator for one in facts.indicators if one.start < mention.end and mention.start < one.end), "")


def _value(mention: Mention, text: str) -> Hashable:
    match mention:
        case Citation():
            return key(mention.code), mention.issued_on
        case DateMention():
            return mention.kind, mention.start_on or key(text[mention.start : mention.end]), mention.end_on
        case Quantity():
            return mention.value, mention.qualifier, key(mention.unit or "")
        case Percentage():
            return mention.value, mention.qualifier
        case Ratio():
            return mention.numerator, mention.denominator
        case _:
            raise TypeError(mention)


def _header(older: Header, newer: Header) -> Iterator[Change]:
    for name in _HEADER:
        before, after = (getattr(header, name) for header in (older, newer))
        if before != after:
            what: What = "changed" if before and after else "added" if after else "removed"
            sides = [Side(str(one)) if one else None for one in (before, after)]
            yield Change(what, "header", name, *sides)


def _change(older: Version, newer: Version, before: _Place | None, after: _Place | None) -> Change:
    what: What = "changed" if before and after else "added" if after else "removed"
    told = after or before
    assert told is not None
    about = _named(told.mention, (newer if after else older)[1])
    return Change(what, told.kind, about, _side(before, older[0]), _side(after, newer[0]))


def _side(place: _Place | None, document: Document) -> Side | None:
    if place is None:
        return None
    start, end = place.mention.start, place.mention.end
    if isinstance(place.mention, Citation) and place.mention.date_start is not None and place.mention.date_end:
        start, end = min(start, place.mention.date_start), max(end, place.mention.date_end)
    page = next((box.page for box in document.layout.boxes(start, end)), None)
    return Side(" ".join(document.text[start:end].split()), page, around(document.text, start, end))


def _named(mention: Mention, facts: Facts) -> str:
    """The indicator that the figure is a value of, else its noun; the document's code."""
    if isinstance(mention, Quantity | Percentage | Ratio):
        return _indicator(mention, facts) or mention.noun or ""
    return mention.code if isinstance(mention, Citation) else ""


def changes(conn: sqlite3.Connection, older: int, newer: int) -> list[Change]:
    """Of two stored reports. StoreError when there is no such report."""
    left, right = ((load_document(conn, one), load_facts(conn, one)) for one in (older, newer))
    return compare(left, right)


def families(conn: sqlite3.Connection) -> list[Row]:
    """All versions of the reports that have several, by report and age."""
    return rows(
        conn,
        "SELECT * FROM reports WHERE first_version IN (SELECT first_version FROM report GROUP BY 1 HAVING count(*) > 1)"
        " ORDER BY first_version, version",
    )


def family(conn: sqlite3.Connection, report_id: int) -> list[Row]:
    """All versions of the report that ``report_id`` is one of, oldest first."""
    return rows(
        conn,
        "SELECT * FROM reports WHERE first_version = (SELECT first_version FROM report WHERE report_id = ?)"
        " ORDER BY version",
        (report_id,),
    )


def findings(conn: sqlite3.Connection, older: int, newer: int) -> tuple[list[Row], list[Row]]:
    """The findings that went and those that came with the newer version, by fingerprint."""
    only = (  # those between reports are told of the newest version only
        "SELECT rule, variant, severity, message, values_json, fingerprint FROM findings"
        " WHERE report_id = ? AND reach = 'inside' AND status <> 'fixed'"
        " AND fingerprint NOT IN (SELECT fingerprint FROM findings WHERE report_id = ? AND status <> 'fixed')"
        " ORDER BY finding_id"
    )
    return rows(conn, only, (older, newer)), rows(conn, only, (newer, older))
