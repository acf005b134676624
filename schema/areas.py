"""Which reports can be compared: those of one district until 30 June 2025, of one province from 1 July 2025 on."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from schema.eras import REFORM
from schema.store import translated
from schema.text import key


@dataclass(frozen=True, slots=True)
class Area:
    """``counting``: the newest version of each report; ``superseded``: the older ones, which are compared with none."""

    counting: tuple[int, ...]
    superseded: tuple[int, ...]

    @property
    def all(self) -> tuple[int, ...]:
        return (*self.counting, *self.superseded)


def areas(conn: sqlite3.Connection, *, pending: bool = False) -> list[Area]:
    """All areas with the reports of each; ``pending``: only those with a report that was never compared. StoreError."""
    held: dict[tuple[str, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    with translated():
        rows = conn.execute("SELECT report_id, district, province, period_end, newest FROM reports ORDER BY report_id")
        for report_id, district, province, end, newest in rows:
            new = (end or "") >= REFORM.isoformat()
            place = ("2", key(province or "")) if new else ("1", key(district or ""))
            held[place][0 if newest else 1].append(report_id)
        fresh = {row[0] for row in conn.execute("SELECT report_id FROM report EXCEPT SELECT report_id FROM compared")}
    found = [Area(tuple(counting), tuple(superseded)) for counting, superseded in held.values()]
    return [area for area in found if not pending or not fresh.isdisjoint(area.all)]


def mark_compared(conn: sqlite3.Connection, area: Area) -> None:
    """Remember that the reports of an area have been compared; inside the caller's transaction."""
    conn.executemany("INSERT OR IGNORE INTO compared (report_id) VALUES (?)", [(one,) for one in area.all])
