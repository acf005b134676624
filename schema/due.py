"""Which commune has not submitted which report, by the district's list, else by all that ever submitted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache, partial
from typing import Any

from schema.eras import REFORM
from schema.gazetteer import Gazetteer
from schema.periods import Period
from schema.text import key

Row = Mapping[str, Any]
"""A row of the view ``reports``."""
LEAST = 2
"""A report that fewer communes have sent is nobody else's duty, unless it is asked for by period."""


@dataclass(frozen=True, slots=True)
class Commune:
    """Who reports, as the list or the commune's own reports call it."""

    commune: str
    kind: str = ""
    district: str = ""

    @property
    def label(self) -> str:
        """``xã Mộc Thiềm``."""
        return self.commune if key(self.commune).startswith(key(self.kind)) else f"{self.kind} {self.commune}"


@dataclass(frozen=True, slots=True)
class Due:
    """A kind of report for a period: ``topic`` as first written, '' when nobody has sent any for that period."""

    topic: str
    period: Period
    start: date
    end: date


@dataclass(slots=True)
class _Sent:
    """What has come in: the wording of its topic, its days, and who sent it."""

    due: Due
    communes: set[Commune] = field(default_factory=set)


def lacking(
    reports: Iterable[Row], places: Gazetteer, period: Period | None = None, topic: str | None = None
) -> list[tuple[Due, list[Commune]]]:
    """Each report that is due with the communes that have not sent it, by period (latest first) and topic.

    With ``period`` (and ``topic``) that report is due even if nobody has sent it.
    """
    held = list(reports)
    commune = cache(partial(_commune, places))
    sent: dict[tuple[str, Period], _Sent] = {}
    reporting: dict[bool, set[Commune]] = defaultdict(set)
    for row in held:
        found = _due(row)
        if not row["commune"] or found is None:
            continue
        who = commune(row["commune"], row["commune_type"] or "", row["district"] or "", found.end)
        reporting[found.end >= REFORM].add(who)
        sent.setdefault((_folded(found.topic), found.period), _Sent(found)).communes.add(who)
    wanted = [
        one
        for (name, when), one in sent.items()
        if (period or when) == when and (topic is None or name == key(topic)) and (period or len(one.communes) >= LEAST)
    ]
    if period and not wanted:
        wanted = [_Sent(Due(topic or "", period, period.start, period.end))]
    return [
        (one.due, missing)
        for one in sorted(wanted, key=lambda one: (-one.due.period.last_month, one.due.period.months, one.due.topic))
        if (missing := sorted(_expected(places, reporting, one.due) - one.communes, key=_alphabet))
    ]


def _due(row: Row) -> Due | None:
    return _named(row["topic"] or row["title"] or "", row["period_start"], row["period_end"])


@lru_cache(maxsize=4096)
def _named(topic: str, first: str | None, last: str | None) -> Due | None:
    start, end = (date.fromisoformat(day) if day else None for day in (first, last))
    period = Period.of(start, end)
    return Due(topic, period, start, end) if period and start and end and topic else None


@lru_cache(maxsize=4096)
def _folded(topic: str) -> str:
    return key(topic)


def _commune(places: Gazetteer, name: str, kind: str, district: str, day: date) -> Commune:
    found = places.find(name, day, kind, district)
    if len(found) == 1:
        return Commune(found[0].name, found[0].kind, found[0].district)
    return Commune(name, kind, district)


def _expected(places: Gazetteer, reporting: Mapping[bool, set[Commune]], due: Due) -> set[Commune]:
    if places:
        return {Commune(one.name, one.kind, one.district) for one in places.places if one.at(due.end)}
    return reporting.get(due.end >= REFORM, set())


def _alphabet(one: Commune) -> tuple[str, str]:
    return key(one.commune), one.kind
