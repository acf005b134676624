"""What a commune is asked to explain: the findings that an inspector confirmed, each with its quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rasoat import messages
from rasoat.export import translate
from rasoat.settings import Lang
from rasoat.sheet.lists import commune_label, period_of
from schema import queries
from schema.errors import SettingsError
from schema.gazetteer import above, bare
from schema.periods import Period
from schema.queries import FindingFilter, Row
from schema.quotes import Quote
from schema.store import Store
from schema.text import key, unmarked


@dataclass(frozen=True, slots=True)
class Point:
    """One finding. ``corrected``: the newest version of its report has it no longer."""

    message: str
    quotes: tuple[Quote, ...]
    corrected: bool


@dataclass(frozen=True, slots=True)
class Questioned:
    """A report, as its row of ``reports``, and what is asked about it."""

    report: Row
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """``reports`` holds the rows of all reports by id, for quotes of other reports than the one asked about."""

    commune: str
    questioned: tuple[Questioned, ...]
    reports: dict[int, Row]

    @property
    def count(self) -> int:
        return sum(len(one.points) for one in self.questioned)


def letter(store: Store, commune: str, period: Period | None = None, lang: Lang = "vi") -> Letter:
    """The letter to ``commune``: its name with or without ``xã`` and marks; ``, huyện …`` behind it where several
    districts have one of that name.

    SettingsError (in ``lang``) where no report is from it, several communes are meant, or nothing is confirmed.
    """
    reports = {row["report_id"]: row for row in queries.reports(store.conn, newest=False)}
    own = _reports_of(reports.values(), commune, lang)
    asked = {row["report_id"] for row in own if period in (None, period_of(row))}
    found = [
        row
        for row in queries.findings(store.conn, FindingFilter(status="confirmed"))
        if row["report_id"] in asked
    ]
    if not found:
        raise SettingsError(messages.text("letter-empty", lang, commune=messages.printable(commune)))
    translate(found, "vi")
    return Letter(commune_label(own[0]), tuple(_questioned(_once(found, reports), reports)), reports)


def _reports_of(rows: Iterable[Row], commune: str, lang: Lang) -> list[Row]:
    name, _, district = (part.strip() for part in commune.partition(","))
    held = [row for row in rows if row["commune"]]
    forms = ([row for row in held if _same(form(row["commune"]), form(name))] for form in (key, bare))
    own = next(filter(None, forms), [])
    if district:
        own = [row for row in own if _same(above(row["district"] or ""), above(district))]
    shown = messages.printable(commune)
    if not own:
        raise SettingsError(messages.text("letter-unknown", lang, commune=shown))
    places = {above(row["district"]): f"{commune_label(row)}, {row['district']}" for row in own if row["district"]}
    if len(places) > 1:
        choices = " | ".join(messages.printable(places[one]) for one in sorted(places))
        raise SettingsError(messages.text("letter-which", lang, commune=shown, choices=choices))
    return own


def _same(stored: str, typed: str) -> bool:
    """A name typed without any mark also means one with marks."""
    return typed == (unmarked(stored) if unmarked(typed) == typed else stored)


def _once(found: Sequence[Row], reports: dict[int, Row]) -> list[Row]:
    """A report that came in several versions has the same finding in each: it is asked about in the newest."""
    last: dict[str, Row] = {}
    for row in sorted(found, key=lambda row: reports[row["report_id"]]["version"]):
        last[row["fingerprint"]] = row
    kept = {row["finding_id"] for row in last.values()}
    return [row for row in found if row["finding_id"] in kept]


def _questioned(found: Iterable[Row], reports: dict[int, Row]) -> Iterable[Questioned]:
    """By report, earliest period first; within a report in the order of the list of findings."""
    held: dict[int, list[Row]] = {}
    for row in found:
        held.setdefault(row["report_id"], []).append(row)
    for report_id in sorted(held, key=lambda one: (reports[one]["period_end"] or "", one)):
        report = reports[report_id]
        points = (Point(row["message"], tuple(row["quotes"]), not report["newest"]) for row in held[report_id])
        yield Questioned(report, tuple(points))
