"""What the district keeps of its own beside the reports: its communes, and its register of issued documents."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date

from schema.gazetteer import Gazetteer, Place
from schema.model import Issued
from schema.queries import rows
from schema.store import Store


def keep_communes(store: Store, places: Sequence[Place]) -> None:
    """The district's list of communes, instead of the one kept before."""
    with store.transaction() as conn:
        conn.execute("DELETE FROM district_commune")
        conn.executemany(
            "INSERT INTO district_commune (commune, kind, district, province, valid_from, valid_to, aliases)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (one.name, one.kind, one.district, one.province, _iso(one.valid_from), _iso(one.valid_to),
                 json.dumps(one.aliases, ensure_ascii=False))
                for one in places
            ],
        )  # fmt: skip


def gazetteer(conn: sqlite3.Connection) -> Gazetteer:
    """The communes of the district; an empty list where none was given."""
    return Gazetteer(
        tuple(
        Place(
            row["commune"], row["kind"], row["district"], row["province"],
            _day(row["valid_from"]), _day(row["valid_to"]), tuple(json.loads(row["aliases"])),
        )
        for row in rows(conn, "SELECT * FROM communes ORDER BY ordinal")
    ))  # fmt: skip


def keep_register(store: Store, entries: Iterable[Issued]) -> None:
    """The register, instead of the one kept before."""
    with store.transaction() as conn:
        conn.execute("DELETE FROM register_entry")
        conn.executemany(
            "INSERT INTO register_entry (line, code, issued_on, subject, issuer, level) VALUES (?, ?, ?, ?, ?, ?)",
            [(one.line, one.code, one.issued_on.isoformat(), one.subject, one.issuer, one.level) for one in entries],
        )


def register(conn: sqlite3.Connection) -> tuple[Issued, ...]:
    """The register as last loaded, in its own order."""
    return tuple(
        Issued(r["code"], date.fromisoformat(r["issued_on"]), r["subject"], r["level"], r["issuer"], r["line"])
        for r in rows(conn, "SELECT * FROM register ORDER BY line")
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
