"""Saved questions: each of ours against a district whose answers are known, and the office's own files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schema.asking import ask
from schema.errors import QueryError, Refusal
from schema.questions import Parameter, Question, beside, bind, blanks, load, ours, with_defaults
from schema.store import connect
from tests.questioned import build

AN, BINH, CAT = "An Mẫu", "Bình Mẫu", "Cát Mẫu"
Q1, Q2 = "2024-03-31", "2024-06-30"
FIRST, SECOND = (f"Kết quả công tác cải cách hành chính quý {number} năm 2024" for number in ("I", "II"))
PLAN, HUYEN = "125/KH-UBND", "UBND huyện Mẫu"
STAFF, DOSSIERS = "Tổng số cán bộ và công chức hiện có", "Tổng số hồ sơ TTHC tiếp nhận trong kỳ"
SERIES = (
    "Tin bài đăng trên trang thông tin điện tử: báo cáo ghi số của kỳ 3 tháng đến 3/2024 là \"171 tin, bài\", báo cáo "
    "của chính kỳ đó ghi \"160 tin, bài\", chênh lệch 11; không khớp."
)
PEOPLE = ("12 + 07 = 19", "09 + 05 = 14")
NOW = "…"
"""Stands for a time of the clock."""
Row = tuple[object, ...]
ANSWERS: list[tuple[str, dict[str, str], list[Row]]] = [
    ("findings-by-rule", {}, [
        ("total-mismatch", "error", 2, 2, 0, 0),
        ("citation-incomplete", "info", 1, 1, 0, 0),
        ("repeated-word", "warning", 1, 0, 0, 1),
        ("series-conflict", "warning", 1, 1, 0, 0),
    ]),
    ("findings-by-rule-and-commune", {"commune": "binh mau"}, [
        (BINH, "repeated-word", 1, 0, 0, 1), (BINH, "series-conflict", 1, 1, 0, 1),
    ]),
    ("findings-by-rule-and-commune", {"rule": "total-mismatch"}, [
        (AN, "total-mismatch", 1, 1, 0, 1), (CAT, "total-mismatch", 1, 1, 0, 1),
    ]),
    ("communes-by-findings", {}, [(AN, 1, 1), (BINH, 1, 0), (CAT, 1, 1)]),
    ("top-unresolved", {"count": "2"}, [
        (5, CAT, Q1, "error", "total-mismatch", PEOPLE[1], None, "cat-1.docx"),
        (1, AN, Q2, "error", "total-mismatch", PEOPLE[0], None, "an-2-sua.docx"),
    ]),
    ("top-unresolved", {"commune": BINH}, [(7, BINH, Q2, "warning", "series-conflict", SERIES, None, "binh-2.docx")]),
    ("between-reports", {}, [(BINH, Q2, "series-conflict", SERIES, "open", "binh-2.docx", BINH, "binh-1.docx")]),
    ("indicator-over-time", {"commune": "AN MẪU", "indicator": "staff.total"}, [
        (AN, STAFF, Q1, "19", "người", None, "19", None, "an-1.docx"),
        (AN, STAFF, Q2, "18", "người", None, "18", None, "an-2-sua.docx"),
    ]),
    ("indicator-over-time", {"indicator": "tin bai dang tren trang thong tin dien tu"}, [
        (BINH, "Tin bài đăng trên trang thông tin điện tử", Q1, "160", "tin", None, "160", None, "binh-1.docx"),
        (BINH, "Tin bài đăng trên trang thông tin điện tử", Q2, "208", "tin", None, "208", None, "binh-2.docx"),
    ]),
    ("indicator-by-commune", {"indicator": DOSSIERS, "period": "2024-03"}, [
        (Q1, AN, "1105", "hồ sơ", None, "an-1.docx"),
        (Q1, BINH, "800", "hồ sơ", None, "binh-1.docx"),
        (Q1, CAT, "640", "hồ sơ", None, "cat-1.docx"),
    ]),
    ("plan-and-actual", {}, [(AN, Q1, "Tổng thu ngân sách", "900", "230", "triệu đồng", 25.56, None, "an-1.docx")]),
    ("figures-about", {"words": "khiếu nại"}, [
        (AN, Q2, "12 vụ", "12", "vụ", "vụ khiếu nại", "I Kết quả", None, "an-2-sua.docx"),
        (CAT, Q1, "09 vụ", "9", "vụ", "vụ khiếu nại", "I Kết quả", None, "cat-1.docx"),
    ]),
    ("two-dates", {}, [(PLAN, HUYEN, "2024-01-12", 2, BINH), (PLAN, HUYEN, "2024-01-21", 2, AN)]),
    ("cited-by", {"code": "125/kh-ubnd"}, [
        (PLAN, HUYEN, "2024-01-21", AN, Q1, "I Kết quả", None, "an-1.docx"),
        (PLAN, HUYEN, "2024-01-21", AN, Q2, "I Kết quả", None, "an-2-sua.docx"),
        (PLAN, HUYEN, "2024-01-12", BINH, Q1, "I Kết quả", None, "binh-1.docx"),
        (PLAN, HUYEN, "2024-01-12", BINH, Q2, "I Kết quả", None, "binh-2.docx"),
    ]),
    ("most-cited", {}, [
        (PLAN, HUYEN, 4, 4, "2024-01-12", "2024-01-21"), ("41/QĐ-UBND", "UBND tỉnh", 1, 1, None, None),
    ]),
    ("incomplete-citations", {}, [(CAT, "cat-1.docx", "Quyết định số 41", "I Kết quả", None)]),
    ("late-reports", {}, [
        (AN, SECOND, Q2, "2024-07-05", "2024-07-20", 15, "an-2-sua.docx"),
        (CAT, FIRST, Q1, "2024-04-05", "2024-04-10", 5, "cat-1.docx"),
    ]),
    ("late-reports", {"days": "15", "period": "2024"}, [
        (AN, SECOND, Q2, "2024-07-15", "2024-07-20", 5, "an-2-sua.docx"),
    ]),
    ("missing-reports", {}, [(CAT, None, "cchc", "2024-04-01", Q2)]),
    ("missing-reports", {"period": "2024-03"}, []),
    ("resubmitted", {}, [(AN, SECOND, Q2, 2, "2024-07-20", "2024-07-22", "an-2-sua.docx")]),
    ("without-header", {}, [("cat-1.docx", CAT, None, "2024-04-10", Q1)]),
    ("scans", {}, [(CAT, "cat-1.docx", 2, "partial")]),
    ("unread-files", {}, [
        ("hong.pdf", "failed", "empty-file", "Tệp rỗng, không có nội dung. Hãy xin gửi lại tệp.", NOW),
    ]),
    ("decisions", {}, [(NOW, "Thanh Tra", "dismissed", "lỗi gõ, không ảnh hưởng", "repeated-word", BINH)]),
    ("waived", {}, [(1, "missing-header", None, "xã mới, chưa có số", "Thanh Tra", "2024-08-01T08:00:00", 1)]),
]  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("questions"))


@pytest.fixture
def conn(db: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(db, read_only=True)) as made:
        yield made


def same(found: object, wanted: object) -> bool:
    """Messages may be given by the sum that they show."""
    return wanted == NOW or found == wanted or (wanted in PEOPLE and str(wanted) in str(found))


@pytest.mark.parametrize(("name", "given", "rows"), ANSWERS)
def test_answer(conn: sqlite3.Connection, name: str, given: dict[str, str], rows: list[Row]) -> None:
    question = ours()[name]
    answer = ask(conn, question.sql, bind(conn, question, given))
    assert len(answer.rows) == len(rows), answer.rows
    pairs = [pair for found, row in zip(answer.rows, rows, strict=True) for pair in zip(found, row, strict=True)]
    assert [pair for pair in pairs if not same(*pair)] == []


def test_every_question_of_ours_has_its_answer_here() -> None:
    assert [name for name in ours() if name not in {one for one, _, _ in ANSWERS}] == []
    assert len(ours()) >= 12


@pytest.mark.parametrize("name", ours())
def test_an_empty_blank_is_its_default(conn: sqlite3.Connection, name: str) -> None:
    """As Datasette asks, which knows no defaults."""
    question = ours()[name]
    if any(one.default is None for one in question.parameters):
        return
    values = bind(conn, question, {})
    assert ask(conn, with_defaults(question), dict.fromkeys(values, "")) == ask(conn, question.sql, values)


def test_columns_whose_codes_are_said_in_words_exist(conn: sqlite3.Connection) -> None:
    for question in ours().values():
        values = {one.name: one.default or "x" for one in question.parameters}
        assert set(question.words) <= set(ask(conn, question.sql, values).columns), question.name


@pytest.mark.parametrize(
    ("name", "given", "refusal", "shows"),
    [
        ("late-reports", {"day": "5"}, Refusal.UNKNOWN_PARAMETER, "days, period"),
        ("late-reports", {"days": "-5"}, Refusal.BAD_PARAMETER, "days"),
        ("late-reports", {"days": "5' days') --"}, Refusal.BAD_PARAMETER, "days"),
        ("late-reports", {"period": "quý II"}, Refusal.BAD_PARAMETER, "period"),
        ("figures-about", {}, Refusal.MISSING_PARAMETER, "words"),
        ("figures-about", {"words": "x" * 201}, Refusal.BAD_PARAMETER, "words"),
        ("top-unresolved", {"commune": "binh mao"}, Refusal.NOT_AMONG, BINH),
        ("cited-by", {"code": "999/QĐ-TTg"}, Refusal.NOT_AMONG, "41/QĐ-UBND"),
    ],
)
def test_a_wrong_parameter_is_refused(
    conn: sqlite3.Connection, name: str, given: dict[str, str], refusal: Refusal, shows: str
) -> None:
    with pytest.raises(QueryError) as told:
        bind(conn, ours()[name], given)
    assert told.value.refusal is refusal
    assert shows in str(told.value)


def test_two_spellings_that_differ_by_marks_only_are_told_apart(conn: sqlite3.Connection) -> None:
    names = "VALUES ('Hoa Bình'), ('Hòa Bình'), ('HÒA AN')"
    question = Question("q", "q", "q", "select :x", (Parameter("x", "x", "x", among=names),))
    assert bind(conn, question, {"x": "hoà bình"}) == {"x": "Hòa Bình"}  # the tone's other place
    assert bind(conn, question, {"x": "hoa bình"}) == {"x": "Hoa Bình"}
    assert bind(conn, question, {"x": " hoa an "}) == {"x": "HÒA AN"}
    with pytest.raises(QueryError, match=r"H[oò]a Bình"):
        bind(conn, question, {"x": "HOA BINH"})


def test_blanks_stand_neither_in_strings_nor_in_comments() -> None:
    sql = """select ':a', "x:b", [c:d], :e -- :f
             /* :g */ , 'it''s :h', :xã"""
    assert blanks(sql) == {"e", "xã"}


OWN = """
[ho-so]
vi = "Hồ sơ của xã"
sql = "select :xa as xa, count(*) as n from reports where commune = :xa"
parameter.xa = { vi = "xã", among = "select distinct commune from reports" }

[scans]
vi = "Thay câu của chương trình"
sql = "select 1"
"""


def test_the_office_has_questions_of_its_own(conn: sqlite3.Connection, tmp_path: Path) -> None:
    db = tmp_path / "huyen.db"
    assert beside(db) is None
    (tmp_path / "huyen.questions").mkdir()
    (tmp_path / "huyen.questions" / "a.toml").write_text(OWN, encoding="utf-8-sig")  # as Notepad saves it
    (tmp_path / "huyen.questions" / "doc.txt").write_text("no question")
    known = load(beside(db))
    assert (known["scans"].vi, known["ho-so"].en) == ("Thay câu của chương trình", "Hồ sơ của xã")
    assert set(known) == {*ours(), "ho-so"}
    mine = known["ho-so"]
    assert ask(conn, mine.sql, bind(conn, mine, {"xa": "an mau"})).rows == [(AN, 3)]
    (tmp_path / "huyen.questions.toml").write_text(OWN.replace("ho-so", "ho-so-2"), encoding="utf-8")
    assert "ho-so-2" in load(beside(db))  # the file is looked at before the folder


@pytest.mark.parametrize(
    ("text", "problem", "item"),
    [
        ("[a]\nvi = 'x'\nsql = ", "no-toml", "end of document"),
        ("[a]\nvi = 'x'\n", "missing", "sql"),
        ("[a]\nvi = ' '\nsql = 'select 1'", "missing", "vi"),
        ("[a]\nvi = 'x'\nsql = 1", "no-text", "sql"),
        ("[a]\nvi = 'x'\nsql = 'select 1'\ntitle = 'y'", "unknown-key", "title"),
        ("[a]\nvi = 'x'\nsql = 'select :b'", "parameters", "b"),
        ("[a]\nvi = 'x'\nsql = 'select 1'\nparameter.b = { vi = 'b' }", "parameters", "b"),
        ("[a]\nvi = 'x'\nsql = 'select :b'\nparameter.b = { vi = 'b', kind = 'number' }", "kind", "number"),
        ("[a]\nvi = 'x'\nsql = 'select :b'\nparameter.b = { vi = 'b', default = 5 }", "no-text", "default"),
        ("[a]\nvi = 'x'\nsql = 'select :b'\nparameter = 'b'", "no-text", "parameter"),
        ("[a]\nvi = 'x'\nsql = 'select 1'\nwords = { x = 1 }", "no-text", "x"),
        ("[A_b]\nvi = 'x'\nsql = 'select 1'", "name", "A_b"),
        ("a = 1", "name", "a"),
        ("# " + "x" * 2**20, "too-large", ""),
        ("\udc80", "no-toml", "invalid"),
    ],
)
def test_what_is_no_question_is_told(tmp_path: Path, text: str, problem: str, item: str) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(QueryError) as told:
        load(path)
    assert (told.value.refusal, told.value.values["problem"]) == (Refusal.QUESTION_FILE, problem)
    assert item in str(told.value.values["item"])
    assert "own.toml" in str(told.value.values["where"])


def test_a_file_that_is_missing_and_a_name_that_stands_twice_are_told(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="unreadable"):
        load(tmp_path / "none.toml")
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text("[q]\nvi = 'x'\nsql = 'select 1'")
    with pytest.raises(QueryError, match=r"b\.toml, twice, q"):
        load(tmp_path)


def test_the_question_in_the_documentation_is_one(conn: sqlite3.Connection, tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs/queries.md").read_text("utf-8")
    (tmp_path / "own.toml").write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    mine = load(tmp_path / "own.toml")["ho-so-nhieu-nhat"]
    assert ask(conn, mine.sql, bind(conn, mine, {"ky": Q1})).rows == [(AN, "1105"), (BINH, "800"), (CAT, "640")]
    assert ask(conn, mine.sql, bind(conn, mine, {"ky": Q1, "xa": "cat mau"})).rows == [(CAT, "640")]
