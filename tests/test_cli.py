"""The command line as users run it: a real process, a real database, the exit statuses of the contract."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.test_pipeline import report

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "RASOAT_LANG"}


def rasoat(*words: str | Path, status: int = 0, **environment: str) -> tuple[str, str]:
    """Run a command, check its exit status, and give stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "rasoat", *map(str, words)],
        capture_output=True, text=True, env=ENVIRONMENT | environment, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    first = report()  # built once: the time in a package's directory makes a second building other bytes
    (folder / "bao-cao.docx").write_bytes(first)
    (folder / "ban-sao.docx").write_bytes(first)
    (folder / "xa-khac.docx").write_bytes(report("Ngày 28/02/2023, UBND xã ban hành Kế hoạch số 29/KH-UBND."))
    (folder / "rong.pdf").write_bytes(b"")
    (folder / "chu.pdf").write_text("không phải PDF")
    return folder


@pytest.fixture(scope="module")
def db(given: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("db") / "a.db"
    out, err = rasoat("ingest", given, "--db", path, status=1)
    assert "Nhận 5 tệp = 2 đọc đủ + 0 đọc một phần + 1 trùng + 1 không hỗ trợ + 1 không đọc được" in out
    assert "rong.pdf: không đọc được [empty-file]" in err
    assert f"rasoat files --db {path} --failed" in out
    return path


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from rasoat.cli import run; run(['--help']); print(sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    readers = ("spacy", "numpy", "pypdfium2", "pdfplumber", "lxml")
    for heavy in (*readers, "sqlite_utils", "starlette", "sqlite3", "rich.progress"):
        assert f"'{heavy}'" not in out, heavy


def test_again_says_that_all_is_there(given: Path, db: Path) -> None:
    out, err = rasoat("ingest", given, "--db", db, status=1)
    assert "Không có gì mới: cả 5 tệp đã có trong cơ sở dữ liệu." in out
    assert err == ""


def test_good_files_only_give_status_zero(given: Path, tmp_path: Path) -> None:
    out, _ = rasoat("ingest", given / "bao-cao.docx", "--db", tmp_path / "a.db")
    assert "Nhận 1 tệp = 1 đọc đủ" in out


def test_two_runs_into_two_databases_give_equal_exports(given: Path, db: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.db"
    rasoat("ingest", given, "--db", other, "--jobs", "2", status=1)
    for what in ("indicators", "findings", "citations"):
        pair = [tmp_path / f"{n}-{what}.csv" for n in (1, 2)]
        for path, target in zip((db, other), pair, strict=True):
            rasoat("export", "--db", path, "--to", target, "--what", what)
        assert pair[0].read_bytes() == pair[1].read_bytes()
        assert pair[0].read_bytes().startswith(b"\xef\xbb\xbf")


def test_verify_is_silent_when_all_is_well(db: Path) -> None:
    assert rasoat("verify", "--db", db) == ("", "")


def test_verify_tells_what_is_broken(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    rasoat("backup", "--db", db, "--to", copy)
    with sqlite3.connect(copy) as conn:
        conn.execute("UPDATE mention SET text = 'x' WHERE mention_id = 1")
    out, _ = rasoat("verify", "--db", copy, status=1)
    assert out.startswith("1: ")


def test_the_ledger_says_what_to_do(db: Path) -> None:
    out, _ = rasoat("files", "--db", db, "--failed")
    assert "rong.pdf [empty-file]" in out
    assert "Tệp rỗng" in out
    assert "ban-sao" not in out
    english, _ = rasoat("files", "--db", db, "--failed", RASOAT_LANG="en")
    assert "The file is empty." in english
    rows = json.loads(rasoat("files", "--db", db, "--format", "json")[0])
    assert {row["outcome"] for row in rows} == {"ok", "duplicate", "unsupported", "failed"}


def test_findings_in_every_format(db: Path) -> None:
    rows = json.loads(rasoat("findings", "--db", db, "--format", "json")[0])
    assert {row["rule"] for row in rows} >= {"total-mismatch"} or rows
    first = rows[0]
    assert first["evidence"][0]["text"]
    table, _ = rasoat("findings", "--db", db, "--waived")
    assert first["rule"] in table
    assert not [line for line in table.splitlines() if line.endswith(" ")]
    lines = list(csv.DictReader(io.StringIO(rasoat("findings", "--db", db, "--format", "csv")[0])))
    assert [int(line["finding_id"]) for line in lines] == [row["finding_id"] for row in rows]
    log = json.loads(rasoat("findings", "--db", db, "--format", "sarif")[0])
    assert len(log["runs"][0]["results"]) == len(rows)
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["charLength"] > 0


def test_findings_of_one_report_in_english(db: Path) -> None:
    out, _ = rasoat("findings", "--db", db, "--report", "1", "--lang", "en")
    assert "bao-cao.docx" not in out or "ban-sao.docx" not in out
    assert "mismatch" in out or "verify" in out or "info" in out


def test_check_again_changes_nothing(db: Path) -> None:
    out, _ = rasoat("check", "--db", db)
    assert "Đã kiểm tra lại 2 báo cáo: thêm 0, bớt 0 phát hiện." in out


def test_the_workbook_has_a_sheet_for_each_table(db: Path, tmp_path: Path) -> None:
    out, _ = rasoat("export", "--db", db, "--to", tmp_path / "o.xlsx", "--what", "all")
    assert "o.xlsx" in out
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    lists = ["Chưa có số liệu", "Phát hiện", "Báo cáo nguồn", "Nguồn số liệu", "Văn bản viện dẫn"]
    assert book.sheetnames[-5:] == lists
    codes = [row[1] for row in book["Văn bản viện dẫn"].iter_rows(values_only=True)]
    assert "29/KH-UBND" in codes


@pytest.mark.parametrize(
    "words",
    [
        ["ingest"],
        ["ingest", "x.pdf"],
        ["findings", "--db", "{db}", "--format", "xml"],
        ["findings", "--db", "{db}", "--severity", "grave"],
        ["export", "--db", "{db}", "--to", "x.odt"],
        ["nonsense"],
        ["findings", "--db", "{db}", "--lang", "fr"],
    ],
)
def test_wrong_usage_is_two(words: list[str], db: Path) -> None:
    _, err = rasoat(*(word.format(db=db) for word in words), status=2)
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["findings", "files", "verify", "check"])
def test_an_unusable_database_is_three(command: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    assert "Chưa có cơ sở dữ liệu" in rasoat(command, "--db", path, status=3)[1]
    path.write_text("not a database, though there is a lot of text in it. " * 50)
    _, err = rasoat(command, "--db", path, status=3)
    assert "không phải cơ sở dữ liệu" in err
    assert "Traceback" not in err


def test_a_newer_database_is_three(given: Path, db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    rasoat("backup", "--db", db, "--to", copy)
    with sqlite3.connect(copy) as conn:
        conn.execute("INSERT INTO schema_version (version) VALUES (999)")
    assert "phiên bản mới hơn" in rasoat("ingest", given, "--db", copy, status=3)[1]


def test_progress_as_json_lines(given: Path, tmp_path: Path) -> None:
    _, err = rasoat("ingest", given / "rong.pdf", "--db", tmp_path / "a.db", "--log-format", "json", status=1)
    events = [json.loads(line) for line in err.splitlines()]
    assert [event["event"] for event in events] == ["total", "file", "end"]
    assert events[1]["reason_code"] == "empty-file"
    assert (events[2]["received"], events[2]["failed"], events[2]["reasons"]) == (1, 1, {"empty-file": 1})
    assert events[2]["slowest"]["file"] == "rong.pdf"


def test_the_run_report_is_kept_and_adds_up(given: Path, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    out, _ = rasoat("ingest", given, "--db", db, status=1)
    assert "Lâu nhất: " in out
    query = "SELECT summary FROM runs WHERE finished_at IS NOT NULL"
    row = json.loads(rasoat("query", query, "--db", db, "--format", "json")[0])[0]
    report = json.loads(row["summary"])
    kinds = ("ok", "partial", "duplicate", "unsupported", "failed")
    assert report["total"] == report["received"] == 5 == sum(report[kind] for kind in kinds)
    assert report["reasons"] == {"empty-file": 1, "same-bytes": 1, "unsupported-type": 1}
    assert report["seconds"] > 0


def test_the_ledger_tells_stages_attempts_and_hash_and_files_stay_as_they_came(tmp_path: Path) -> None:
    given, db = tmp_path / "in", tmp_path / "a.db"
    given.mkdir()
    (given / "a.docx").write_bytes(report())
    (given / "b.pdf").write_bytes(b"%PDF-1.4 cut short")

    def looks() -> list[tuple[object, ...]]:
        found = [(path, path.stat()) for path in sorted([given, *given.iterdir()])]
        return [(path, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_mode, stat.st_nlink) for path, stat in found]

    before = looks()
    rasoat("ingest", given, "--db", db, status=1)
    rasoat("ingest", given, "--db", db, "--retry-failed", status=1)
    assert looks() == before
    good, bad = json.loads(rasoat("files", "--db", db, "--format", "json")[0])
    assert list(json.loads(good["seconds"])) == ["read", "extract", "check", "place"]
    assert list(json.loads(bad["seconds"])) == ["read"]
    assert (good["attempts"], bad["attempts"], bad["reason_code"]) == (1, 2, "pdf-broken")
    assert good["sha256"] == hashlib.sha256((given / "a.docx").read_bytes()).hexdigest()
    assert "xin gửi lại tệp" in bad["reason"]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_130_and_says_what_is_done(stop: signal.Signals, tmp_path: Path) -> None:
    given, db = tmp_path / "in", tmp_path / "a.db"
    given.mkdir()
    for number in range(60):
        (given / f"{number:02}.docx").write_bytes(report(f"Xã có {number} người dự họp."))
    command = [sys.executable, "-m", "rasoat", "ingest", str(given), "--db", str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as run:
        assert run.stderr is not None
        assert "00.docx" in run.stderr.readline()
        run.send_signal(stop)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Chạy lại đúng lệnh này để làm tiếp" in said
    assert "Traceback" not in said
    assert "Nhận 60 tệp = 60 đọc đủ" in rasoat("ingest", given, "--db", db)[0]


def test_formulas_in_names_and_text_stay_text(tmp_path: Path) -> None:
    (tmp_path / "=cmd.docx").write_bytes(report("=1+1", "Kế hoạch số 29/KH-UBND."))
    rasoat("ingest", tmp_path / "=cmd.docx", "--db", tmp_path / "a.db")
    rasoat("export", "--db", tmp_path / "a.db", "--to", tmp_path / "c.csv", "--what", "citations")
    rows = list(csv.reader((tmp_path / "c.csv").open(encoding="utf-8-sig")))
    assert rows[1][2] == "'=cmd.docx"


def test_version_is_told_without_a_command() -> None:
    assert rasoat("--version") == ("0.1.0\n", "")
