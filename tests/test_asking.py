"""A question can only read, ends on time and has a bound: statements that try otherwise, and what they get."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schema.asking import Answer, Limits, ask, distinct
from schema.errors import QueryError, Refusal, StoreError
from schema.store import Store, connect
from tests.helpers_store import outcome
from tests.test_store import put

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asking") / "a.db"
    with Store(path) as store:
        put(store, "a.pdf", "s1", outcome())
        store.conn.execute("CREATE TABLE users (name, password)")
        store.conn.execute("INSERT INTO users VALUES ('hoa', 'scrypt$1')")
    return path


@pytest.fixture(params=[True, False], ids=["read-only", "writable"])
def conn(db: Path, request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    """Nothing may depend on how the file was opened."""
    with closing(connect(db, read_only=request.param)) as made:
        yield made


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        ("", Refusal.NO_SQL),
        (" -- chỉ ghi chú", Refusal.NO_SQL),
        (";", Refusal.NO_SQL),
        ("SELECT 1; SELECT 2", Refusal.SEVERAL),
        ("SELECT 1; DELETE FROM review", Refusal.SEVERAL),
        ("SELECT 1;;", Refusal.SEVERAL),
        ("SELECT '\0'", Refusal.NOT_TEXT),
        ("SELECT '\udc80'", Refusal.NOT_TEXT),
        ("DELETE FROM file", Refusal.NOT_READING),
        ("INSERT INTO review (fingerprint, status, at) VALUES ('a', 'open', 'b')", Refusal.NOT_READING),
        ("UPDATE report SET text = ''", Refusal.NOT_READING),
        ("UPDATE sqlite_master SET sql = ''", Refusal.NOT_READING),
        ("DROP VIEW files", Refusal.NOT_READING),
        ("CREATE TABLE x (y)", Refusal.NOT_READING),
        ("CREATE TEMP TABLE x AS SELECT 1", Refusal.NOT_READING),
        ("CREATE TEMP VIEW findings AS SELECT 1", Refusal.NOT_READING),
        ("ATTACH 'x.db' AS x", Refusal.NOT_READING),
        ("DETACH main", Refusal.NOT_READING),
        ("VACUUM", Refusal.NOT_READING),
        ("VACUUM INTO 'copy.db'", Refusal.NOT_READING),
        ("ANALYZE", Refusal.NOT_READING),
        ("BEGIN EXCLUSIVE", Refusal.NOT_READING),
        ("SAVEPOINT x", Refusal.NOT_READING),
        ("EXPLAIN DELETE FROM file", Refusal.NOT_READING),
        ("PRAGMA query_only = 0", Refusal.NOT_READING),
        ("PRAGMA writable_schema = 1", Refusal.NOT_READING),
        ("PRAGMA journal_mode = DELETE", Refusal.NOT_READING),
        ("SELECT * FROM pragma_journal_mode", Refusal.NOT_READING),
        ("SELECT load_extension('x')", Refusal.NOT_READING),
        ("SELECT fts3_tokenizer('simple')", Refusal.NOT_READING),
        ("INSERT INTO passage_fts (passage_fts) VALUES ('rebuild')", Refusal.NOT_READING),
        ("SELECT zeroblob(1e9)", Refusal.TOO_BIG),
        ("SELECT randomblob(1000000000)", Refusal.TOO_BIG),
        (f"{NUMBERS} SELECT group_concat(hex(zeroblob(100000))) FROM n LIMIT 1000", Refusal.TOO_SLOW),
        ("SELECT replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000000)))", Refusal.TOO_BIG),
        (f"SELECT '{'x' * 200_000}'", Refusal.TOO_BIG),
        (f"{NUMBERS} SELECT count(*) FROM n", Refusal.TOO_SLOW),
        (f"{NUMBERS} SELECT i FROM n ORDER BY i DESC", Refusal.TOO_SLOW),
        ("SELECT count(*) FROM " + ", ".join(f"passages p{n}" for n in range(20)), Refusal.TOO_SLOW),
        ("SELECT " + "(" * 5000 + "1" + ")" * 5000, Refusal.SYNTAX),
        ("SELECT " + "+".join("1" * 5000), Refusal.SYNTAX),
        ("SELECT " + " UNION ALL SELECT ".join("1" * 2000), Refusal.SYNTAX),
        ("SELECT " + ", ".join("1" * 2000), Refusal.SYNTAX),
        ("SELECT 'a' LIKE '" + "%a" * 5000 + "'", Refusal.SYNTAX),
        ("SELECT json('" + "[" * 20_000 + "')", Refusal.SYNTAX),
        ("SELECT sum(9223372036854775807) FROM passages", Refusal.SYNTAX),
        ("SELEC 1", Refusal.SYNTAX),
        ("SELECT", Refusal.SYNTAX),
        ("SELECT khong_co_ham(1)", Refusal.SYNTAX),
        ("SELECT * FROM khong_co", Refusal.UNKNOWN_TABLE),
        ("SELECT khong_co FROM reports", Refusal.UNKNOWN_COLUMN),
        ("SELECT :xa", Refusal.MISSING_PARAMETER),
        ("SELECT ?", Refusal.MISSING_PARAMETER),
    ],
)
def test_refused(conn: sqlite3.Connection, sql: str, refusal: Refusal) -> None:
    before = list(conn.iterdump())
    with pytest.raises(QueryError) as told:
        ask(conn, sql, limits=Limits(seconds=0.5 if refusal is Refusal.TOO_SLOW else 60))
    assert told.value.refusal is refusal
    assert list(conn.iterdump()) == before


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT count(*) FROM quantities", [(3,)]),
        ("SELECT 1 /* ; */; -- hết\n", [(1,)]),
        ("VALUES (1, 'hai')", [(1, "hai")]),
        ("SELECT name FROM pragma_table_info('texts')", [("report_id",), ("text",)]),
        ("SELECT count(*) FROM passage_fts WHERE passage_fts MATCH '\"bộ máy\"'", [(1,)]),
        ("SELECT value FROM json_each('[1, \"x\"]')", [(1,), ("x",)]),
        ("SELECT CAST(x'61ff62' AS TEXT)", [("a\ufffdb",)]),
        ("SELECT 9007199254740993, 0.1, x'00ff', NULL", [(9007199254740993, 0.1, b"\x00\xff", None)]),
        ("SELECT 'Xa\u0303' = 'Xã'", [(1,)]),  # typed in pieces, as some keyboards do
        ("SELECT name, password FROM users", [("hoa", None)]),
        ("SELECT count(*) FROM users WHERE password LIKE 'scrypt%'", [(0,)]),
    ],
)
def test_answered(conn: sqlite3.Connection, sql: str, rows: list[object]) -> None:
    assert ask(conn, sql).rows == rows


def test_values_are_bound_never_pasted(conn: sqlite3.Connection) -> None:
    assert ask(conn, "SELECT :xa", {"xa": "'; DROP TABLE report; --"}).rows == [("'; DROP TABLE report; --",)]
    with pytest.raises(QueryError) as told:
        ask(conn, "SELECT :xa", {"xa": "a\0b"})
    assert told.value.refusal is Refusal.NOT_TEXT


def test_an_answer_that_is_too_long_is_cut_and_says_so(conn: sqlite3.Connection) -> None:
    rows = ask(conn, f"{NUMBERS} SELECT i FROM n", limits=Limits(rows=3))
    assert rows == Answer(("i",), [(1,), (2,), (3,)], "rows")
    assert ask(conn, f"{NUMBERS} SELECT i FROM n LIMIT 3", limits=Limits(rows=3)).cut == ""
    wide = ask(conn, f"{NUMBERS} SELECT hex(zeroblob(500)) FROM n", limits=Limits(answer_bytes=2500))
    assert (len(wide.rows), wide.cut) == (2, "bytes")
    assert ask(conn, "SELECT hex(zeroblob(500))", limits=Limits(answer_bytes=10)) == Answer(
        ("hex(zeroblob(500))",), [], "bytes"
    )


def test_every_column_has_a_name_of_its_own(conn: sqlite3.Connection) -> None:
    assert ask(conn, "SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a").columns == ("a", "a_2", "a_2_2", "a_3")
    assert distinct(["", "", "x"]) == ("", "_2", "x")


def test_the_connection_is_as_it_was(db: Path) -> None:
    with closing(connect(db)) as conn:
        conn.execute("CREATE TEMP TABLE mine (a)")
        for sql in ("SELECT 1", "DELETE FROM file", f"{NUMBERS} SELECT count(*) FROM n"):
            try:
                ask(conn, sql, limits=Limits(seconds=0.1))
            except QueryError as error:
                assert error.refusal in (Refusal.NOT_READING, Refusal.TOO_SLOW)
        conn.execute("INSERT INTO mine VALUES (zeroblob(20000000))")
        assert conn.execute("SELECT length(a) FROM mine").fetchone() == (20_000_000,)
        assert conn.execute("PRAGMA query_only").fetchone() == (0,)
        assert conn.execute("SELECT password FROM users").fetchone() == ("scrypt$1",)


def test_a_broken_file_is_no_fault_of_the_question(tmp_path: Path, db: Path) -> None:
    raw = bytearray(db.read_bytes())
    for page in range(1, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 200] = b"\xa5" * 200
    broken = tmp_path / "broken.db"
    broken.write_bytes(raw)
    with closing(connect(broken)) as conn, pytest.raises(StoreError, match=r"^corrupt"):
        ask(conn, "SELECT * FROM texts")


def test_a_locked_file_is_no_fault_of_the_question(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as writer, closing(sqlite3.connect(path, timeout=0)) as conn:
        writer.execute("CREATE TABLE t (a)")
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"^locked"):
            ask(conn, "SELECT * FROM t")
