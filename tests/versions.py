"""Databases as earlier versions of the program left them: the steps up to a version, and rows that it wrote.

``python -m tests.versions`` writes the rows of the newest version to ``tests/data/version-N.sql``; run it before a next
step is added to ``schema/sql``, so that there always is a database for the step to work on.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from schema import migrations
from schema.errors import Reason
from schema.ledger import Received
from schema.model import Outcome
from schema.store import Store
from tests.helpers_store import outcome

DATA = Path(__file__).parent / "data"
VIEWS = "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, views TEXT NOT NULL DEFAULT '')"


def rows_of(version: int) -> Path:
    return DATA / f"version-{version}.sql"


def database_of(version: int, path: Path) -> Path:
    """A database of that version with its rows, at ``path``."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(VIEWS)
        for number in range(1, version + 1):
            conn.executescript(migrations.step(number))
            conn.execute("INSERT INTO schema_version (version) VALUES (?)", (number,))
        conn.executescript(rows_of(version).read_text(encoding="utf-8"))
        conn.commit()
    return path


def filled(path: Path) -> None:
    """A database of the newest version with reports, findings, decisions and a ledger of every outcome."""
    with Store(path) as store:
        store.set_indicators([("staff.total", "Tổng số cán bộ", "người", "stock")])
        run = store.begin_run("ingest", ["in"])
        failed = Outcome("failed", Reason.PDF_BROKEN, "no pages")
        for name, ended in (("a.docx", outcome()), ("b.pdf", outcome(commune="Xã Khác")), ("c.pdf", failed)):
            claim = store.claim(Received(f"in/{name}", name, name, 10), run, _sentence)
            store.save(claim.file_id, ended, _sentence, lambda found: f"{found.rule}.")
        store.claim(Received("in/copy.docx", "copy.docx", "a.docx", 10), run, _sentence)
        store.end_run(run, {"received": 4, "ok": 2, "partial": 0, "duplicate": 1, "unsupported": 0, "failed": 1})
        mark = store.conn.execute("SELECT fingerprint FROM findings").fetchone()[0]
        store.decide(mark, "confirmed", "đã hỏi xã", "thanh tra")
        store.conn.execute("INSERT INTO waiver (rule, note, at) VALUES ('repeated-word', 'thử', '2026-01-01')")


def _sentence(reason: Reason, detail: str) -> str:
    return f"{reason.value}."


def inserts(conn: sqlite3.Connection) -> list[str]:
    """The rows of all base tables as statements; what triggers fill is left to them."""
    tables = conn.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        " AND name NOT LIKE 'passage_fts%' AND name NOT IN ('schema_version', 'sqlite_sequence') ORDER BY rowid"
    )
    found = []
    for (table,) in tables.fetchall():
        columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
        quoted = " || ', ' || ".join(f"quote({name})" for name in columns)
        for (values,) in conn.execute(f"SELECT {quoted} FROM {table}"):
            found.append(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values});")
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        filled(Path(folder) / "a.db")
        with closing(sqlite3.connect(Path(folder) / "a.db")) as conn:
            lines = inserts(conn)
    DATA.mkdir(exist_ok=True)
    rows_of(migrations.latest()).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(rows_of(migrations.latest()).name, len(lines), "rows")


if __name__ == "__main__":
    main()
