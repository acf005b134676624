"""A database from its backup. The copy is checked first and never changed; it takes its place whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from schema import migrations
from schema.errors import StoreError
from schema.store import Store, connect, translated
from schema.verify import broken

_DAMAGE = ("not-a-database", "corrupt", "not-ours", "unusable")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, with the UTC time of its last write; ``kept`` is where the database lies that stood there."""

    files: int
    reports: int
    decisions: int
    moment: str
    kept: Path | None


def restore(copy: Path, db: Path, *, force: bool = False) -> Restored:
    """Put ``copy``, brought up to this program's version, in the place of ``db``.

    Raises StoreError and changes nothing where the copy is damaged, where ``db`` is open anywhere or belongs to another
    program, and unless ``force``: where ``db`` was written later, comes from other runs or cannot be read. What
    ``force`` replaces is kept beside it.
    """
    part = db.with_name(f".{db.name}.restoring")
    _remove(part)
    try:
        _stage(copy, part)
        with Store(part) as held:
            kept = _replace(db, held.conn, force) if db.exists() else None
            restored = _told(held.conn, kept)
        if not db.exists():
            with part.open("rb") as whole:
                os.fsync(whole)
            part.rename(db)
        return restored
    finally:
        _remove(part)


def _stage(copy: Path, part: Path) -> None:
    """The content of ``copy`` at ``part``, in this program's version and with all its promises kept."""
    if not copy.is_file():
        raise StoreError("no-backup")
    with _blaming_the_copy():
        with closing(_source(copy)) as source, closing(sqlite3.connect(part)) as target:
            if not migrations.version(source):
                raise StoreError("backup-damaged: empty")
            source.backup(target)
        with Store(part) as held:
            if wrong := next(broken(held.conn), None):
                raise StoreError(f"backup-damaged: {wrong}")


def _source(copy: Path) -> sqlite3.Connection:
    """``immutable`` writes nothing beside a copy that has no log, so that it may lie where nothing can be written."""
    log = copy.with_name(f"{copy.name}-wal")
    mode = "ro" if log.exists() else "ro&immutable=1"
    return sqlite3.connect(f"{copy.absolute().as_uri()}?mode={mode}", uri=True)


@contextmanager
def _blaming_the_copy() -> Iterator[None]:
    try:
        with translated():
            yield
    except StoreError as error:
        if error.detail.startswith(_DAMAGE):
            raise StoreError(f"backup-damaged: {error.detail}") from error
        raise


def _replace(db: Path, copy: sqlite3.Connection, force: bool) -> Path | None:
    """Write ``copy`` over ``db`` in one transaction; returns where what was forced out is kept.

    A file that cannot be read is moved aside and its place left empty.
    """
    kept = next(path for n in count(1) if not (path := db.with_name(f"{db.name}.replaced-{n}")).exists())
    with translated(), closing(connect(db)) as target:
        target.execute("PRAGMA locking_mode = EXCLUSIVE")  # fails while others have it open, who would write on
        objection = _objection(target, copy)
        if objection and not force:
            raise StoreError(objection)
        if objection != "restore-unreadable":
            if objection:
                with closing(sqlite3.connect(kept)) as aside:
                    target.backup(aside)
            copy.backup(target)
            return kept if objection else None
    for end in ("-shm", "-wal", ""):  # what is left of a log must never meet another database
        if (old := db.with_name(db.name + end)).exists():
            old.rename(kept.with_name(kept.name + end))
    return kept


def _objection(target: sqlite3.Connection, copy: sqlite3.Connection) -> str | None:
    """Why ``target`` should not give way to ``copy``. StoreError for what never does: a database of others."""
    try:
        with translated():
            newer = migrations.version(target) > migrations.latest() or _moment(target) > _moment(copy)
            runs = _first_run(target)
    except StoreError as error:
        if error.detail.startswith(("not-a-database", "corrupt")):
            return "restore-unreadable"
        raise
    if runs and runs != _first_run(copy):
        return "restore-other"
    return "restore-newer" if newer else None


def _first_run(conn: sqlite3.Connection) -> tuple[str, str] | None:
    """What tells one office's database from another's: when it was first filled, and from where."""
    if not migrations.version(conn):
        return None
    found: tuple[str, str] | None = conn.execute("SELECT started_at, paths FROM run ORDER BY run_id LIMIT 1").fetchone()
    return found


def _moment(conn: sqlite3.Connection) -> str:
    """The latest of all times that are written down, '' where none is."""
    columns = conn.execute(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND (c.name = 'at' OR c.name LIKE '%\\_at' ESCAPE '\\')"
    ).fetchall()
    return max((conn.execute(f"SELECT coalesce(max({at}), '') FROM {table}").fetchone()[0] for table, at in columns),
               default="")  # fmt: skip


def _told(conn: sqlite3.Connection, kept: Path | None) -> Restored:
    def rows(view: str) -> int:
        return int(conn.execute(f"SELECT count(*) FROM {view}").fetchone()[0])

    return Restored(rows("files"), rows("reports"), rows("reviews"), _moment(conn), kept)


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)
