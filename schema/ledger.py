"""The ledger: one row for each file ever submitted. Failed before work starts, flipped at the end, never forgotten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from schema.errors import Reason
from schema.model import OutcomeKind

Todo = Literal["process", "known", "duplicate"]
STORED = ("ok", "partial")
UNFINISHED = (Reason.INTERRUPTED, Reason.NO_SPACE)  # says nothing of the file: the next run reads it
LACKING = (Reason.OCR_MISSING, Reason.OCR_OFF, Reason.OFFICE_MISSING)  # nor does what a machine or a command lacked


def now() -> str:
    """UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came: where from, and what its bytes are. ``sha256`` is '' when they could not be read."""

    path: str
    file_name: str
    sha256: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What to do with a received file. ``known``: its earlier outcome stands. ``same_as``: the path of its twin.

    To ``process`` what is ``partial``: its report stands until a better reading of it is saved.
    """

    file_id: int
    todo: Todo
    outcome: OutcomeKind
    reason: str | None = None
    attempts: int = 0
    same_as: str | None = None


def claim(
    conn: sqlite3.Connection,
    received: Received,
    run_id: int,
    interrupted: str,
    duplicate: str,
    retry: bool = False,
    max_attempts: int = 3,
) -> Claim:
    """Enter a file into the ledger, as interrupted until its work is done.

    A file that failed before stays failed, and one that was read in part stays so, unless it was left unfinished or
    ``retry`` asks for another attempt and fewer than ``max_attempts`` were made: a poison file must not stop every
    run. ``interrupted`` and ``duplicate`` are the sentences for those two reasons.
    """
    row = _row(conn, received)
    poison = row is not None and row[3] >= max_attempts and row[2] not in LACKING
    if row and row[1] == "partial" and retry and not poison:
        conn.execute("UPDATE file SET run_id = ?, attempts = attempts + 1 WHERE file_id = ?", (run_id, row[0]))
        return Claim(row[0], "process", "partial", row[2], row[3] + 1)
    if row and row[1] in (*STORED, "duplicate"):
        return Claim(row[0], "known", row[1], row[2], row[3])
    if row and row[2] not in UNFINISHED and (not retry or poison) and row[4] == received.sha256 != "":
        return Claim(row[0], "known", row[1], row[2], row[3])
    file_id = row[0] if row else _insert(conn, received, interrupted)
    conn.execute(
        "UPDATE file SET file_name = ?, sha256 = ?, bytes = ?, run_id = ?, attempts = attempts + 1, outcome = 'failed',"
        " reason_code = ?, reason = ?, detail = '', finished_at = NULL, seconds = '{}', same_as = NULL"
        " WHERE file_id = ?",
        (received.file_name, received.sha256, received.size, run_id, Reason.INTERRUPTED.value, interrupted, file_id),
    )
    twin = _twin(conn, received.sha256, file_id)
    if twin:
        _flip_duplicate(conn, file_id, twin[0], duplicate)
        return Claim(file_id, "duplicate", "duplicate", Reason.DUPLICATE.value, same_as=twin[1])
    attempts = conn.execute("SELECT attempts FROM file WHERE file_id = ?", (file_id,)).fetchone()[0]
    return Claim(file_id, "process", "failed", attempts=attempts)


def _row(conn: sqlite3.Connection, received: Received) -> tuple[int, OutcomeKind, str | None, int, str] | None:
    """The file's own row; one that could not be read before is the same file, now readable."""
    found: tuple[int, OutcomeKind, str | None, int, str] | None = conn.execute(
        "SELECT file_id, outcome, reason_code, attempts, sha256 FROM file WHERE path = ? AND sha256 IN (?, '')"
        " ORDER BY sha256 DESC LIMIT 1",
        (received.path, received.sha256),
    ).fetchone()
    return found


def _insert(conn: sqlite3.Connection, received: Received, interrupted: str) -> int:
    cursor = conn.execute(
        "INSERT INTO file (path, file_name, sha256, received_at, outcome, reason_code, reason)"
        " VALUES (?, ?, ?, ?, 'failed', ?, ?)",
        (received.path, received.file_name, received.sha256, now(), Reason.INTERRUPTED.value, interrupted),
    )
    return int(cursor.lastrowid or 0)


def _twin(conn: sqlite3.Connection, sha256: str, file_id: int) -> tuple[int, str] | None:
    """The stored file with the same bytes."""
    if not sha256:
        return None
    found: tuple[int, str] | None = conn.execute(
        "SELECT file_id, path FROM file WHERE sha256 = ? AND file_id <> ? AND report_id IS NOT NULL", (sha256, file_id)
    ).fetchone()
    return found


def _flip_duplicate(conn: sqlite3.Connection, file_id: int, twin_id: int, sentence: str) -> None:
    conn.execute(
        "UPDATE file SET outcome = 'duplicate', reason_code = ?, reason = ?, same_as = ?, finished_at = ?,"
        " report_id = NULL WHERE file_id = ?",
        (Reason.DUPLICATE.value, sentence, twin_id, now(), file_id),
    )


def flip(
    conn: sqlite3.Connection,
    file_id: int,
    outcome: OutcomeKind,
    reason: Reason | None,
    sentence: str | None,
    detail: str = "",
    report_id: int | None = None,
    seconds: Mapping[str, float] | None = None,
) -> None:
    """Write a file's final outcome. Never called for a file that another process stored meanwhile."""
    conn.execute(
        "UPDATE file SET outcome = ?, reason_code = ?, reason = ?, detail = ?, report_id = ?, seconds = ?,"
        " finished_at = ? WHERE file_id = ?",
        (outcome, reason and reason.value, sentence, detail, report_id, json.dumps(seconds or {}), now(), file_id),
    )


def make_duplicate(conn: sqlite3.Connection, file_id: int, sha256: str, sentence: str) -> bool:
    """True when the same bytes were stored meanwhile under another path; the file's row says so then."""
    twin = _twin(conn, sha256, file_id)
    if twin:
        _flip_duplicate(conn, file_id, twin[0], sentence)
    return twin is not None


def settled(conn: sqlite3.Connection, file_id: int) -> tuple[OutcomeKind, str, str, int | None]:
    """outcome, sha256, file_name and report_id as they stand now."""
    row: tuple[OutcomeKind, str, str, int | None] = conn.execute(
        "SELECT outcome, sha256, file_name, report_id FROM file WHERE file_id = ?", (file_id,)
    ).fetchone()
    return row


def begin_run(conn: sqlite3.Connection, kind: str, paths: list[str]) -> int:
    cursor = conn.execute(
        "INSERT INTO run (kind, started_at, paths) VALUES (?, ?, ?)",
        (kind, now(), json.dumps(paths, ensure_ascii=False)),
    )
    return int(cursor.lastrowid or 0)


def end_run(conn: sqlite3.Connection, run_id: int, summary: Mapping[str, object]) -> None:
    conn.execute(
        "UPDATE run SET finished_at = ?, summary = ? WHERE run_id = ?",
        (now(), json.dumps(dict(summary), ensure_ascii=False), run_id),
    )
