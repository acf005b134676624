"""One topic and period: communes down, indicators across, as the district sets them side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from checks.across import Filed
from rasoat.sheet.figures import Figure, Said, Source, figures
from schema import catalogue, district, queries
from schema.catalogue import Indicator
from schema.due import Commune, lacking
from schema.eras import REFORM
from schema.fingerprint import commune_key, topic_key
from schema.model import Header
from schema.periods import Period
from schema.rows import from_row
from schema.store import Store
from schema.text import key, unmarked

Role = Literal["counts", "rival"]


@dataclass(frozen=True, slots=True)
class Line:
    """A commune with its figures by indicator; no report: it has not submitted any."""

    commune: Commune
    report_ids: tuple[int, ...] = ()
    figures: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """``indicators`` are those that some commune states, in the catalogue's order."""

    topic: str
    period: Period
    indicators: tuple[Indicator, ...]
    lines: tuple[Line, ...]

    @property
    def reporting(self) -> list[Line]:
        return [line for line in self.lines if line.report_ids]

    @property
    def new_era(self) -> bool:
        return self.period.end >= REFORM

    def column(self, code: str) -> list[tuple[Line, Figure]]:
        """The figures of one indicator, by commune."""
        return [(line, line.figures[code]) for line in self.lines if code in line.figures]


@dataclass(frozen=True, slots=True)
class District:
    """All grids that were asked for, earliest period first, and the reports that no grid can take."""

    grids: tuple[Grid, ...]
    unplaced: tuple[queries.Row, ...]

    @property
    def report_ids(self) -> frozenset[int]:
        placed = {one for grid in self.grids for line in grid.lines for one in line.report_ids}
        return frozenset(placed | {row["report_id"] for row in self.unplaced})

    def statements(self) -> Iterator[tuple[Grid, Line, Indicator, Role, Said]]:
        """The figures one by one, each followed by what contradicts it."""
        for grid in self.grids:
            for line in grid.lines:
                for indicator in grid.indicators:
                    if figure := line.figures.get(indicator.code):
                        yield grid, line, indicator, "counts", figure.counts
                        yield from ((grid, line, indicator, "rival", rival) for rival in figure.rivals)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which topics and periods; None: all. A topic is named by its code, or by words of its title."""

    topic: str | None = None
    period: Period | None = None

    def takes(self, topic: str, title: str, period: Period) -> bool:
        if self.period is not None and self.period != period:
            return False
        return self.topic is None or self.topic == topic or _plain(self.topic) in (_plain(topic), _plain(title))


def _plain(text: str) -> str:
    return unmarked(key(text))


def place(row: queries.Row) -> tuple[Period, str] | None:
    """The period and topic whose grid a report stands in; None where it does not say enough for any."""
    header = from_row(Header, row)
    period, topic = Period.of(header.period_start, header.period_end), topic_key(header)
    return (period, topic) if period and header.commune and topic else None


def load(store: Store, wanted: Wanted, title_of: Mapping[str, str]) -> District:
    """The newest version of each report, side by side. ``title_of`` gives the wording of topic codes."""
    rows = queries.reports(store.conn)
    groups: dict[tuple[Period, str], list[queries.Row]] = defaultdict(list)
    unplaced = []
    for row in rows:
        if (at := place(row)) is None:
            unplaced.append(row)
        elif wanted.takes(at[1], title_of.get(at[1], at[1]), at[0]):
            groups[at].append(row)
    absent = {(due.period, key(due.topic)): who for due, who in lacking(rows, district.gazetteer(store.conn))}
    grids = (_grid(store, *at, groups[at], absent.get(at, ())) for at in sorted(groups))
    return District(tuple(grids), tuple(unplaced))


def _grid(store: Store, period: Period, topic: str, rows: Iterable[queries.Row], absent: Iterable[Commune]) -> Grid:
    communes: dict[str, list[queries.Row]] = defaultdict(list)
    for row in rows:
        communes[commune_key(from_row(Header, row))].append(row)
    lines = [*(_line(store, held) for held in communes.values()), *(Line(one) for one in absent)]
    stated = {code for line in lines for code in line.figures}
    order = tuple(one for one in catalogue.load() if one.code in stated)
    return Grid(topic, period, order, tuple(sorted(lines, key=lambda line: _plain(line.commune.commune))))


def _line(store: Store, rows: Sequence[queries.Row]) -> Line:
    first = rows[0]
    statements = [one for row in rows for one in _source(store, row).own_values()]
    who = Commune(first["commune"], first["commune_type"] or "", first["district"] or "")
    return Line(who, tuple(row["report_id"] for row in rows), figures(statements))


def _source(store: Store, row: queries.Row) -> Source:
    report_id = row["report_id"]
    return Source(Filed(report_id, store.load_document(report_id), store.load_facts(report_id)), row["file_name"])
