"""One question to the database: it can only read, and neither time, memory nor the answer's size is without bound.

What SQLite does in one step (``instr`` over millions of letters) hears no clock: who must end on time keeps a clock of
its own beside it, as the command line does.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import regex

from schema.errors import QueryError, Refusal
from schema.store import translated
from schema.text import nfc

Value = int | float | str | bytes | None
MEBIBYTE = 2**20

_READING = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_PRAGMA,
)
_TELLING = ("table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list", "data_version")
_DENIED_FUNCTIONS = ("load_extension", "fts3_tokenizer")
_SECRET = ("users", "password")
_LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
_STEPS = 10_000  # virtual machine instructions between two looks at the clock: well under a millisecond
_MESSAGES = (  # what SQLite and its driver say, where their codes say less
    (Refusal.UNKNOWN_TABLE, regex.compile(r"no such table: (?<name>.*)")),
    (Refusal.UNKNOWN_COLUMN, regex.compile(r"no such column: (?<name>.*)")),
    (Refusal.SEVERAL, regex.compile(r"You can only execute one statement at a time")),
    (Refusal.MISSING_PARAMETER, regex.compile(r"You did not supply a value for binding (?:parameter )?:?(?<name>\w+)")),
    (Refusal.MISSING_PARAMETER, regex.compile(r"Binding (?<name>\d+) has no name")),
    (Refusal.NOT_READING, regex.compile(r"not authorized|authorization denied|.*may not be modified")),
    (Refusal.TOO_BIG, regex.compile(r"query string is too large")),
)
_CODES = {
    "SQLITE_INTERRUPT": Refusal.TOO_SLOW,
    "SQLITE_TOOBIG": Refusal.TOO_BIG,
    "SQLITE_NOMEM": Refusal.MEMORY,
    "SQLITE_AUTH": Refusal.NOT_READING,
    "SQLITE_READONLY": Refusal.NOT_READING,
}
_ITS_OWN = ("SQLITE_ERROR", "SQLITE_MISMATCH", "SQLITE_MISUSE", "SQLITE_RANGE", "SQLITE_CONSTRAINT")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost: seconds, rows and bytes of the answer, bytes of one value on its way there."""

    seconds: float = 10.0
    rows: int = 10_000
    answer_bytes: int = 64 * MEBIBYTE
    value_bytes: int = 16 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names, each once (``n``, ``n_2``), and rows; ``cut`` says which limit kept the rest back."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]] = field(default_factory=list)
    cut: Literal["", "rows", "bytes"] = ""


def ask(
    conn: sqlite3.Connection, sql: str, values: Mapping[str, str] | None = None, limits: Limits | None = None
) -> Answer:
    """The answer to one SELECT with named parameters. QueryError when it is refused, StoreError when the file fails.

    The statement is composed (NFC) first, as all stored text is.
    """
    given, bound = values or {}, limits or Limits()
    for words in (sql, *given.values()):
        if "\0" in words or any("\ud800" <= letter <= "\udfff" for letter in words):
            raise QueryError(Refusal.NOT_TEXT)
    with translated(), _guarded(conn, bound):
        try:
            cursor = conn.execute(nfc(sql), {name: nfc(value) for name, value in given.items()})
            return _fetched(cursor, bound)
        except MemoryError as error:  # what sqlite3 makes of SQLITE_NOMEM
            raise QueryError(Refusal.MEMORY) from error
        except sqlite3.Error as error:
            if refused := _refusal(error, bound):
                raise refused from error
            raise


def bound_memory(conn: sqlite3.Connection, mebibytes: int) -> None:
    """Let SQLite use that much memory and no temporary files. It holds for the whole process and cannot be raised."""
    conn.execute(f"PRAGMA hard_heap_limit = {mebibytes * MEBIBYTE}")
    conn.execute("PRAGMA temp_store = MEMORY")


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Every name once: the second ``n`` is ``n_2``."""
    made: list[str] = []
    for name in names:
        number, free = 1, name
        while free in made:
            number += 1
            free = f"{name}_{number}"
        made.append(free)
    return tuple(made)


def _fetched(cursor: sqlite3.Cursor, limits: Limits) -> Answer:
    if cursor.description is None:
        raise QueryError(Refusal.NO_SQL)
    answer = Answer(distinct([column[0] for column in cursor.description]))
    size = 0
    for row in cursor:
        size += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
        if len(answer.rows) == limits.rows or size > limits.answer_bytes:
            return Answer(answer.columns, answer.rows, "rows" if len(answer.rows) == limits.rows else "bytes")
        answer.rows.append(tuple(row))
    return answer


@contextmanager
def _guarded(conn: sqlite3.Connection, limits: Limits) -> Iterator[None]:
    """Only reading, on a clock; everything is put back afterwards."""
    end = time.monotonic() + limits.seconds
    was_read_only = conn.execute("PRAGMA query_only").fetchone()[0]
    was_trusted = conn.execute("PRAGMA trusted_schema").fetchone()[0]
    sizes = _LIMITS | {sqlite3.SQLITE_LIMIT_LENGTH: limits.value_bytes}
    held = {name: conn.setlimit(name, most) for name, most in sizes.items()}
    decode, conn.text_factory = conn.text_factory, lambda raw: raw.decode("utf-8", "replace")
    conn.execute("PRAGMA query_only = 1")
    conn.execute("PRAGMA trusted_schema = 0")
    conn.set_authorizer(_judge)
    conn.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
    try:
        yield
    finally:
        conn.set_progress_handler(None, 0)
        conn.set_authorizer(None)
        conn.execute(f"PRAGMA query_only = {was_read_only}")
        conn.execute(f"PRAGMA trusted_schema = {was_trusted}")
        conn.text_factory = decode
        for name, most in held.items():
            conn.setlimit(name, most)


def _judge(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        return sqlite3.SQLITE_OK  # how a virtual table (FTS5, json_each) declares itself; a true update fails anyway
    if action not in _READING:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and first not in _TELLING:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second in _DENIED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and (first, second) == _SECRET:
        return sqlite3.SQLITE_IGNORE  # reads as NULL
    return sqlite3.SQLITE_OK


def _refusal(error: sqlite3.Error, limits: Limits) -> QueryError | None:
    """What is wrong with the question; None for a fault of the file."""
    said, code = str(error), getattr(error, "sqlite_errorname", None) or "SQLITE_ERROR"
    for refusal, pattern in _MESSAGES:
        if match := pattern.match(said):
            return QueryError(refusal, detail=match["name"] if "name" in pattern.groupindex else "")
    if code in _CODES:
        return QueryError(_CODES[code], seconds=f"{limits.seconds:g}", detail=said)
    return QueryError(Refusal.SYNTAX, detail=said) if code in _ITS_OWN else None
