"""``rasoat query`` as users run it: a real process, every kind of answer and of refusal."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from rasoat import answers, messages
from schema.asking import Answer
from schema.errors import QueryError, Refusal
from tests.questioned import build
from tests.test_cli import ENVIRONMENT, rasoat

ODD = (
    "SELECT -5 AS n, 9007199254740993 AS n, 0.1 AS \"a\u202eb\", 9e999 AS lớn, x'0aff' AS khối, "
    "'=1+1' AS công_thức, '-12.50' AS âm, 'a' || char(27) || '[2J' || char(8238) || char(155) AS lạ, NULL AS trống"
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = build(tmp_path_factory.mktemp("query"))
    path.with_name("huyen.questions.toml").write_text(
        "[bao-cao-cua-xa]\nvi = 'Báo cáo của xã'\nsql = 'select count(*) as n from reports where commune = :xa'\n"
        "parameter.xa = { vi = 'xã' }\n"
    )
    return path


def test_list(db: Path) -> None:
    out, _ = rasoat("query", "--list", "--format", "json")
    ours = {row["question"]: row for row in json.loads(out)}
    assert ours["late-reports"]["title"] == "Xã nào gửi báo cáo muộn hơn hạn?"
    assert ours["late-reports"]["parameters"].startswith("days=5: hạn là bao nhiêu ngày")
    assert "bao-cao-cua-xa" not in ours
    assert "Báo cáo của xã" in rasoat("query", "--list", "--db", db)[0]
    assert "Which reports are scans?" in rasoat("query", "--list", "--lang", "en")[0]


def test_a_saved_question_with_parameters(db: Path) -> None:
    out, _ = rasoat("query", "late-reports", "--db", db, "--param", "days=15", "--format", "jsonl")
    (row,) = map(json.loads, out.splitlines())
    assert (row["Xã"], row["Hạn"], row["Muộn (ngày)"]) == ("An Mẫu", "2024-07-15", 5)
    assert "Cát Mẫu  Kết quả công tác" in rasoat("query", "late-reports", "--db", db)[0]


def test_the_office_s_own_question(db: Path, tmp_path: Path) -> None:
    given = ("query", "bao-cao-cua-xa", "--param", "xa=An Mẫu", "--format", "csv")
    assert rasoat(*given, "--db", db)[0] == "n\n3\n"
    other = "[bao-cao-cua-xa]\nvi = 'x'\nsql = 'select :xa as xa'\nparameter.xa = { vi = 'x' }"
    (tmp_path / "own.toml").write_text(other)
    assert rasoat(*given, "--db", db, "--questions", tmp_path / "own.toml")[0] == "xa\nAn Mẫu\n"


def test_a_statement_of_one_s_own_also_from_stdin(db: Path) -> None:
    asked = "SELECT commune, count(*) AS n FROM reports WHERE commune = :xa GROUP BY 1"
    out, _ = rasoat("query", asked, "--db", db, "--param", "xa=An Mẫu", "--format", "json")
    assert json.loads(out) == [{"commune": "An Mẫu", "n": 3}]
    piped = subprocess.run(
        [sys.executable, "-m", "rasoat", "query", "-", "--db", db, "--format", "csv"], env=ENVIRONMENT,
        input="SELECT 'xã' AS x -- từ ống\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert piped.stdout == "x\nxã\n"


def test_nothing_to_show(db: Path) -> None:
    assert rasoat("query", "SELECT 1 WHERE 0", "--db", db)[0] == "Không có dòng nào.\n"
    assert rasoat("query", "SELECT 1 AS n WHERE 0", "--db", db, "--format", "csv")[0] == "n\n"
    assert rasoat("query", "SELECT 1 WHERE 0", "--db", db, "--format", "json")[0] == "[]\n"


def test_json_is_exact_and_steers_no_terminal(db: Path) -> None:
    out, _ = rasoat("query", ODD, "--db", db, "--format", "json")
    assert out.isprintable() or set(filter(lambda c: not c.isprintable(), out)) == {"\n"}
    assert json.loads(out) == [{
        "n": -5, "n_2": 9007199254740993, "a\u202eb": 0.1, "lớn": "Infinity",
        "khối": {"$base64": True, "encoded": base64.b64encode(b"\x0a\xff").decode()},
        "công_thức": "=1+1", "âm": "-12.50", "lạ": "a\x1b[2J\u202e\x9b", "trống": None,
    }]  # fmt: skip
    assert json.loads(rasoat("query", ODD, "--db", db, "--format", "jsonl")[0]) == json.loads(out)[0]


def test_csv_runs_nothing(db: Path) -> None:
    out, _ = rasoat("query", ODD, "--db", db, "--format", "csv")
    head, row = csv.reader(io.StringIO(out))
    assert head[:3] == ["n", "n_2", "a�b"]
    assert row == ["-5", "9007199254740993", "0.1", "Infinity", "X'0AFF'", "'=1+1", "-12.50", "a�[2J��", ""]


def test_the_table_runs_nothing_and_shortens_long_text(db: Path) -> None:
    out, err = rasoat("query", ODD + ", hex(zeroblob(600)) AS dài", "--db", db)
    assert not {"\x1b", "\u202e", "\x9b"} & set(out)
    assert "…" in out
    assert "Chữ dài quá 500 ký tự bị cắt trong bảng" in err


def test_files_of_every_kind(db: Path, tmp_path: Path) -> None:
    for ending in ("csv", "json", "jsonl", "xlsx"):
        path = tmp_path / f"a.{ending}"
        assert rasoat("query", ODD, "--db", db, "--to", path)[0] == f"Đã ghi {path}\n"
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    (whole,), line = (json.loads((tmp_path / name).read_text("utf-8")) for name in ("a.json", "a.jsonl"))
    assert whole == line
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [cell.value for cell in sheet[2]] == [
        -5, "9007199254740993", 0.1, "Infinity", "X'0AFF'", "=1+1", "-12.50", "a�[2J��", None,
    ]  # fmt: skip
    assert sheet["F2"].data_type == "s"  # text, not a formula
    assert "Không ghi được" in rasoat("query", ODD, "--db", db, "--to", tmp_path / "no" / "a.csv", status=2)[1]


def test_an_answer_that_is_cut_says_so_and_exits_with_1(db: Path) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    out, err = rasoat("query", many, "--db", db, "--rows", "5", "--format", "csv", status=1)
    assert (out, err) == ("i\n1\n2\n3\n4\n5\n", "Chỉ có 5 dòng đầu, còn nữa. Thêm --rows hoặc hỏi hẹp hơn.\n")
    out, err = rasoat("query", f"{many} LIMIT 2000", "--db", db, status=1)
    assert "Chỉ có 1000 dòng đầu" in err
    wide = f"{many.replace('SELECT i', 'SELECT hex(zeroblob(5000000))')}"
    assert "câu trả lời quá lớn" in rasoat("query", wide, "--db", db, "--format", "csv", "--seconds", "60", status=1)[1]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["khong-co"], "Không có câu hỏi 'khong-co'. Có sẵn: findings-by-rule"),
        (["list"], "[unknown-question]"),
        ([""], "[what-question]"),
        (["DELETE FROM review"], "Chỉ được đọc: câu này muốn ghi, mở tệp khác hoặc đổi cài đặt. Hãy dùng SELECT."),
        (["SELECT 1; SELECT 2"], "[several-statements]"),
        (["SELECT * FROM bao_cao"], "Không có bảng 'bao_cao'"),
        (["SELECT xa FROM reports"], "Không có cột 'xa'"),
        (["SELECT 1 FRM x y"], "không hiểu chỗ 'x'"),
        (["SELECT count( FROM"], "[sql-error]"),
        (["SELECT nhân(1, 2)"], "không có hàm 'nhân'"),
        (["SELECT '\udcff'"], "[not-text]"),
        (["SELECT :xa"], "Thiếu tham số 'xa'. Thêm: --param xa=…"),
        (["SELECT zeroblob(1e9)"], "[too-big]"),
        (["late-reports", "--param", "days"], "Viết: --param tên=giá_trị [bad-param]"),
        (["late-reports", "--param", "ngay=3"], "Có: days, period. [unknown-parameter]"),
        (["late-reports", "--param", "days=ba"], "không phải một số đếm, ví dụ 20"),
        (["top-unresolved", "--param", "commune=Bình"], "Có phải: Bình Mẫu"),
        (["SELECT 1", "--format", "xml"], "Chọn một trong: table | csv | json | jsonl. [bad-choice]"),
        (["SELECT 1", "--seconds", "nan"], "--seconds: cho một số từ 0.1 đến 3600. [bad-limit]"),
        (["SELECT 1", "--rows", "0"], "--rows: cho một số từ 1 đến 1000000. [bad-limit]"),
        (["SELECT 1", "--to", "a.txt"], "[bad-answer-file]"),
        (["SELECT 1", "--questions", "/khong/co.toml"], "không mở được"),
    ],
)
def test_every_refusal_is_told_in_vietnamese(db: Path, asked: list[str], says: str) -> None:
    _, err = rasoat("query", *asked, "--db", db, status=2)
    assert says in err
    assert "Traceback" not in err


def test_a_database_that_is_none(tmp_path: Path) -> None:
    assert "Hỏi cơ sở dữ liệu nào?" in rasoat("query", "scans", status=2)[1]
    rasoat("query", "scans", "--db", tmp_path / "none.db", status=3)
    (tmp_path / "text.db").write_text("không phải SQLite" * 100)
    rasoat("query", "SELECT 1", "--db", tmp_path / "text.db", status=3)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
ONE_STEP = (
    "WITH a(x) AS (SELECT replace(hex(zeroblob(4000000)), '0', 'a'))"
    " SELECT instr(x, substr(x, 1, 4000000) || 'b') FROM a"
)


@pytest.mark.parametrize("asked", [ENDLESS, ONE_STEP], ids=["many-steps", "one-step"])
def test_time_ends_even_what_hears_no_clock(db: Path, asked: str) -> None:
    _, err = rasoat("query", asked, "--db", db, "--seconds", "0.5", status=2)
    assert err == "Quá 0.5 giây chưa xong nên đã dừng. Hãy hỏi hẹp hơn, hoặc tăng --seconds. [too-slow]\n"


def test_memory_ends(db: Path) -> None:
    wide = ", ".join(f"hex(randomblob(7000000 + {n}))" for n in range(120))
    assert "[too-much-memory]" in rasoat("query", f"SELECT {wide}", "--db", db, "--seconds", "100", status=2)[1]


def test_argv_that_is_no_utf8(db: Path) -> None:
    done = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"rasoat", b"query", b"SELECT '\xff'", b"--db", os.fsencode(db)],
        capture_output=True, env=ENVIRONMENT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.decode().count("[not-text]")) == (2, 1)


@pytest.mark.parametrize("refusal", Refusal)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_refusal_has_its_sentence(refusal: Refusal, lang: str) -> None:
    blanks = dict.fromkeys(("detail", "name", "value", "choices", "where", "item", "seconds"), "…")
    said = answers.refused(QueryError(refusal, **blanks, kind="day", problem="twice"), lang)  # type: ignore[arg-type]
    assert said.endswith(f"[{refusal.value}]")
    assert "{" not in said


def test_no_sentence_without_a_refusal() -> None:
    assert set(messages.table()["query"]) == {refusal.value for refusal in Refusal}


def test_infinity_below_zero() -> None:
    out = io.StringIO()
    answers.write(Answer(("a",), [(float("-inf"),)]), "jsonl", out)
    assert out.getvalue() == '{"a": "-Infinity"}\n'
