"""The database of one office: SQLite in WAL mode, real foreign keys, one transaction a report.

Other processes may read and write the same file at the same time; every write takes the lock at its start
(``BEGIN IMMEDIATE``), so that what was read before a write still holds when it is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType

from sqlite_utils import Database

from schema import findings as finding_rows
from schema import ledger, migrations, reports
from schema.errors import Reason, StoreError
from schema.ledger import STORED, Claim, Received
from schema.model import Document, Facts, Finding, FindingStatus, Outcome, OutcomeKind
from schema.reports import Places

BUSY_SECONDS = 30.0
Sentence = Callable[[Reason, str], str]


class Store:
    """Opens (and migrates) a database. Every method raises StoreError when the file cannot be used.

    ``create=False`` refuses a file that does not exist; ``read_only`` neither creates, migrates nor locks.
    """

    def __init__(self, path: str | Path, *, create: bool = True, read_only: bool = False) -> None:
        self.path = Path(path)
        if not self.path.exists() and (read_only or not create):
            raise StoreError("no-database")
        with translated():
            self.conn = connect(self.path, read_only=read_only)
            try:
                self.migrated_from = self._prepare(read_only)
            except BaseException:
                self.conn.close()
                raise
        self.db = Database(self.conn, execute_plugins=False, recursive_triggers=False)

    def _prepare(self, read_only: bool) -> int:
        if read_only:
            found = migrations.version(self.conn)
            if found != migrations.latest():
                raise StoreError("newer-version" if found > migrations.latest() else "older-version")
            return found
        before = migrations.version(self.conn)  # refuse what is not ours before a pragma changes it
        if before <= migrations.latest():
            self.conn.execute("PRAGMA journal_mode = WAL")
            self.conn.execute("PRAGMA synchronous = FULL")  # a decision outlives a power failure
        return migrations.migrate(self.conn)

    def close(self) -> None:
        self.conn.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, with the write lock from the start. Nothing to do inside another transaction."""
        with translated():
            if self.conn.in_transaction:
                yield self.conn
                return
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self.conn
                self.conn.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # the first error is the one to tell
                    self.conn.rollback()
                raise

    # The ledger

    def begin_run(self, kind: str, paths: Sequence[str]) -> int:
        with self.transaction() as conn:
            return ledger.begin_run(conn, kind, list(paths))

    def end_run(self, run_id: int, summary: Mapping[str, object]) -> None:
        with self.transaction() as conn:
            ledger.end_run(conn, run_id, summary)

    def claim(self, received: Received, run_id: int, sentence: Sentence, retry: bool = False) -> Claim:
        """Enter a file as interrupted, unless its outcome is known already. See ``schema.ledger.claim``."""
        with self.transaction() as conn:
            return ledger.claim(
                conn, received, run_id, sentence(Reason.INTERRUPTED, ""), sentence(Reason.DUPLICATE, ""), retry=retry
            )

    def save(
        self,
        file_id: int,
        outcome: Outcome,
        sentence: Sentence,
        render: finding_rows.Render,
        seconds: Mapping[str, float] | None = None,
        *,
        again: bool = False,
    ) -> tuple[OutcomeKind, int | None]:
        """Store how one file ended, with its report if it has one, in one transaction; returns outcome and report_id.

        The same bytes stored meanwhile by another process or under another path are not stored again. ``again``: of a
        file that was partial, a reading that lost nothing takes the place of the report, which keeps its number.
        """
        with self.transaction() as conn:
            kind, sha256, file_name, report_id = ledger.settled(conn, file_id)
            if again and kind == "partial" and report_id is not None:
                if not reports.is_better(conn, report_id, outcome):
                    return kind, report_id
                finding_rows.remove(conn, report_id)
                reports.remove(conn, report_id)
            elif kind in (*STORED, "duplicate"):
                return kind, report_id
            elif ledger.make_duplicate(conn, file_id, sha256, sentence(Reason.DUPLICATE, "")):
                return "duplicate", None
            if outcome.kind in STORED:
                report_id = reports.insert(self.db, outcome, file_name, sha256, report_id)
                self._save_findings(report_id, outcome, render)
            said = sentence(outcome.reason, outcome.detail) if outcome.reason else None
            ledger.flip(conn, file_id, outcome.kind, outcome.reason, said, outcome.detail, report_id, seconds)
            return outcome.kind, report_id

    def _save_findings(self, report_id: int, outcome: Outcome, render: finding_rows.Render) -> None:
        if outcome.document is None or outcome.facts is None:
            raise ValueError(f"outcome {outcome.kind} carries no report")
        places = Places(outcome.document, dict(outcome.boxes))
        finding_rows.replace(self.conn, report_id, outcome.facts.header, outcome.findings, lambda _: places, render)

    # Reports and findings

    def report_ids(self, newest_only: bool = False) -> list[int]:
        where = " WHERE newest" if newest_only else ""
        with translated():
            return [row[0] for row in self.conn.execute(f"SELECT report_id FROM reports{where} ORDER BY report_id")]

    def load_document(self, report_id: int) -> Document:
        """The stored document, equal to the one that was read. StoreError when there is no such report."""
        with translated():
            return reports.load_document(self.conn, report_id)

    def load_facts(self, report_id: int) -> Facts:
        """The stored facts, equal to those extracted, decimals included."""
        with translated():
            return reports.load_facts(self.conn, report_id)

    def load_findings(self, report_id: int, reach: str = "inside") -> tuple[Finding, ...]:
        with translated():
            return finding_rows.load(self.conn, report_id, reach)

    def replace_findings(
        self, report_id: int, found: Iterable[Finding], render: finding_rows.Render, reach: str = "inside"
    ) -> tuple[int, int]:
        """Set a report's findings after its checks ran again; returns how many came and went."""

        @lru_cache(maxsize=8)
        def places_of(owner: int) -> Places:
            return Places(reports.load_document(self.conn, owner), {})

        with self.transaction() as conn:
            header = reports.load_header(conn, report_id)
            return finding_rows.replace(conn, report_id, header, found, places_of, render, reach)

    def decide(self, fingerprint: str, status: FindingStatus, note: str = "", reviewer: str = "") -> None:
        """Add a decision; earlier ones stay. It holds for every finding of this fingerprint, now and later."""
        with self.transaction() as conn:
            conn.execute(
                "INSERT INTO review (fingerprint, status, note, reviewer, at) VALUES (?, ?, ?, ?, ?)",
                (fingerprint, status, note, reviewer, ledger.now()),
            )

    def set_indicators(self, rows: Iterable[tuple[str, str, str | None, str | None]]) -> None:
        """Name the indicators: code, Vietnamese label, unit, kind, in the catalogue's order."""
        with self.transaction() as conn:
            conn.executemany(
                "INSERT INTO indicator (code, label, unit, kind, ordinal) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (code) DO UPDATE SET label = excluded.label, unit = excluded.unit, kind = excluded.kind,"
                " ordinal = excluded.ordinal",
                [(*row, n) for n, row in enumerate(rows)],
            )

    def backup(self, target: str | Path) -> None:
        """An exact copy while others go on working. StoreError when the target exists already.

        The copy gets its name when it is whole, so that one cut short is never taken for a backup.
        """
        goal = Path(target)
        part = goal.with_name(f"{goal.name}.part")
        if goal.exists():
            raise StoreError("backup-exists")
        part.unlink(missing_ok=True)
        try:
            with translated(), closing(sqlite3.connect(part)) as copy:
                self.conn.backup(copy)
            part.rename(goal)
        finally:
            part.unlink(missing_ok=True)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection with foreign keys on, which waits ``BUSY_SECONDS`` for a lock."""
    mode = "ro" if read_only else "rwc"
    # as_uri() escapes the characters that mean something in an address (?, #, %)
    conn = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    conn.execute("PRAGMA foreign_keys = ON")
    return conn


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors as StoreError with one of our words in ``detail``."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # a broken promise of ours, not of the file: let it be seen
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{_word(error)}: {error}") from error


def _word(error: sqlite3.DatabaseError) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    words = {
        "SQLITE_BUSY": "locked",
        "SQLITE_LOCKED": "locked",
        "SQLITE_FULL": "disk-full",
        "SQLITE_READONLY": "read-only",
        "SQLITE_NOTADB": "not-a-database",
        "SQLITE_CORRUPT": "corrupt",
        "SQLITE_CANTOPEN": "cannot-open",
        "SQLITE_IOERR": "disk-error",
    }
    return next((word for prefix, word in words.items() if name.startswith(prefix)), "unusable")
