"""The database's versions. ``schema/sql/NNNN_*.sql`` take it from version N-1 to N, each in one transaction.

Views are no data: they are dropped and made anew whenever ``views.sql`` is not the text that made them.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from functools import cache
from importlib.resources import files

from schema.errors import StoreError

_SQL = files("schema") / "sql"


@cache
def _steps() -> dict[int, str]:
    names = sorted(entry.name for entry in _SQL.iterdir() if re.match(r"\d{4}_.*\.sql$", entry.name))
    steps = {int(name[:4]): (_SQL / name).read_text(encoding="utf-8") for name in names}
    if list(steps) != list(range(1, len(names) + 1)):
        raise ValueError(f"steps must be numbered 1, 2, 3 … without gaps or doubles: {names}")
    return steps


def step(number: int) -> str:
    """The script that takes a database from version ``number - 1`` to ``number``."""
    return _steps()[number]


@cache
def _views() -> str:
    return (_SQL / "views.sql").read_text(encoding="utf-8")


def latest() -> int:
    """The version that this program writes."""
    return max(_steps())


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: ``executescript`` would commit the transaction around it."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found


def version(conn: sqlite3.Connection) -> int:
    """The version of the database behind ``conn``; 0 for an empty one. StoreError for a database of others."""
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "schema_version" not in tables:
        if tables:
            raise StoreError("not-ours")
        return 0
    return int(conn.execute("SELECT max(version) FROM schema_version").fetchone()[0])


def migrate(conn: sqlite3.Connection) -> int:
    """Bring the database to ``latest()`` and return the version it had. StoreError when it is newer than that."""
    before = version(conn)
    if before > latest():
        raise StoreError("newer-version")
    if before == latest() and not _views_are_stale(conn):
        return before
    conn.execute("BEGIN IMMEDIATE")
    try:
        before = version(conn)  # another process may have been faster
        if before == 0:
            conn.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, views TEXT NOT NULL DEFAULT '')")
        _drop_views(conn)  # a step may rename what they stand on
        for number in range(before + 1, latest() + 1):
            for statement in statements(_steps()[number]):
                conn.execute(statement)
            conn.execute("INSERT INTO schema_version (version) VALUES (?)", (number,))
        _remake_views(conn)
    except BaseException:
        conn.rollback()
        raise
    conn.commit()
    return before


def _digest() -> str:
    return hashlib.sha256(_views().encode()).hexdigest()


def _views_are_stale(conn: sqlite3.Connection) -> bool:
    made = conn.execute("SELECT views FROM schema_version ORDER BY version DESC LIMIT 1").fetchone()
    return bool(made[0] != _digest())


def _drop_views(conn: sqlite3.Connection) -> None:
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        conn.execute(f'DROP VIEW "{name}"')


def _remake_views(conn: sqlite3.Connection) -> None:
    _drop_views(conn)
    for statement in statements(_views()):
        conn.execute(statement)
    conn.execute("UPDATE schema_version SET views = ? WHERE version = ?", (_digest(), latest()))
