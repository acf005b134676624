"""A district's settings file, waivers with reason and author, and checks run again: what changes, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from checks import CheckSettings
from rasoat.cli import run
from samples.docx_file import docx_bytes
from schema import migrations
from schema.errors import SettingsError
from schema.store import Store
from tests.minireport import report

FAULTY = """
# I. KẾT QUẢ
Tổng số TTHC niêm yết là 152 TTHC, gồm 131 TTHC cấp xã, 13 TTHC công an và 7 TTHC quân sự.
UBND xã đã đã tổ chức hội nghị.
Hội nghị sơ kết được tổ chức ngày 31/6/2023.
# III. NHIỆM VỤ
Tiếp tục thực hiện.
"""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bao-cao.docx").write_bytes(docx_bytes(report(FAULTY)))
    path = tmp_path / "a.db"
    assert run(["ingest", str(tmp_path / "in"), "--db", str(path)]) == 0
    return path


def listed(db: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["findings", "--db", str(db), "--format", "json"]) == 0
    return list(json.loads(capsys.readouterr().out))


def severities(db: Path) -> dict[str, str]:
    with Store(db, read_only=True) as store:
        return dict(store.conn.execute("SELECT rule, severity FROM findings"))


DEFAULT = {
    "total-mismatch": "error", "repeated-word": "warning", "invalid-date": "error", "numbering-gap": "warning",
}  # fmt: skip


def test_a_settings_file_moves_severities_and_stays_with_the_data(db: Path, tmp_path: Path) -> None:
    assert severities(db) == DEFAULT
    settings = tmp_path / "huyen.toml"
    settings.write_text('[severity]\nrepeated-word = "off"\nnumbering-gap = "info"\n', encoding="utf-8")
    assert run(["check", "--db", str(db), "--settings", str(settings)]) == 0
    changed = {rule: level for rule, level in DEFAULT.items() if rule != "repeated-word"} | {"numbering-gap": "info"}
    assert severities(db) == changed
    assert run(["check", "--db", str(db)]) == 0
    assert severities(db) == changed
    (tmp_path / "in" / "moi.docx").write_bytes(docx_bytes(report("@commune Đông Mẫu\n" + FAULTY)))
    assert run(["ingest", str(tmp_path / "in"), "--db", str(db)]) == 0
    with Store(db, read_only=True) as store:
        assert not store.conn.execute("SELECT 1 FROM findings WHERE rule = 'repeated-word'").fetchall()


def test_ingest_takes_a_settings_file(db: Path, tmp_path: Path) -> None:
    settings = tmp_path / "huyen.toml"
    settings.write_text('[severity]\ntotal-mismatch = "warning"\n', encoding="utf-8")
    other = tmp_path / "b.db"
    assert run(["ingest", str(tmp_path / "in"), "--db", str(other), "--settings", str(settings)]) == 0
    assert severities(other) == DEFAULT | {"total-mismatch": "warning"}


@pytest.mark.parametrize("text", [
    '[severity]\nno-rule = "info"', '[severity]\ninvalid-date = "fatal"', "[thresholds]\nx = 1", "[other]\na = 1",
    '[thresholds.total-mismatch]\nnear = "viel"', "severity = 3", "not toml",
])  # fmt: skip
def test_what_no_rule_knows_is_refused_and_changes_nothing(db: Path, tmp_path: Path, text: str) -> None:
    settings = tmp_path / "huyen.toml"
    settings.write_text(text, encoding="utf-8")
    assert run(["check", "--db", str(db), "--settings", str(settings)]) == 2
    assert run(["check", "--db", str(db)]) == 0
    assert severities(db) == DEFAULT


def test_thresholds_are_read_as_decimals() -> None:
    chosen = CheckSettings.from_mapping({"thresholds": {"total-mismatch": {"near": 0.4}}})
    assert str(chosen.threshold("total-mismatch", "near")) == "0.4"
    with pytest.raises(SettingsError):
        CheckSettings.from_mapping({"thresholds": {"total-mismatch": {"nearer": 1}}})


def test_check_again_changes_nothing_and_keeps_numbers_and_decisions(
    db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store(db) as store:
        before = store.conn.execute("SELECT finding_id, fingerprint, message FROM findings").fetchall()
        store.conn.execute(
            "INSERT INTO review (fingerprint, status, at) VALUES (?, 'confirmed', '2024-01-01')", (before[0][1],)
        )
        store.conn.commit()
    capsys.readouterr()
    assert run(["check", "--db", str(db)]) == 0
    assert "0" in capsys.readouterr().out
    with Store(db, read_only=True) as store:
        assert store.conn.execute("SELECT finding_id, fingerprint, message FROM findings").fetchall() == before
        assert store.conn.execute("SELECT count(*) FROM findings WHERE status = 'confirmed'").fetchone() == (1,)


def test_one_finding_is_waived_everywhere_and_comes_back(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = next(row for row in listed(db, capsys) if row["rule"] == "repeated-word")
    words = ["--finding", chosen["fingerprint"], "--reason", "tên riêng", "--by", "Thanh tra A"]
    assert run(["waive", "add", "--db", str(db), *words]) == 0
    assert "1 phát hiện" in capsys.readouterr().out
    rows = {row["rule"]: row for row in listed(db, capsys)}
    assert [rule for rule, row in rows.items() if row["waived"]] == ["repeated-word"]
    assert (rows["repeated-word"]["waiver_reason"], rows["repeated-word"]["waiver_by"]) == ("tên riêng", "Thanh tra A")
    assert run(["findings", "--db", str(db)]) == 0
    table = capsys.readouterr().out
    assert "repeated-word" not in table
    assert "1 phát hiện đã miễn xét" in table
    assert run(["findings", "--db", str(db), "--waived"]) == 0
    assert "Đã miễn xét: tên riêng (Thanh tra A, 20" in capsys.readouterr().out
    assert run(["waive", "remove", "1", "--db", str(db)]) == 0
    assert not any(row["waived"] for row in listed(db, capsys))
    assert run(["waive", "list", "--db", str(db)]) == 0
    assert "tên riêng" in (shown := capsys.readouterr().out)
    assert "đã bỏ 20" in shown


def test_rules_and_reports_are_waived_in_every_export(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by = ["--by", "B", "--reason", "mẫu chung"]
    assert run(["waive", "add", "--db", str(db), "--rule", "numbering-gap", *by]) == 0
    assert run(["waive", "add", "--db", str(db), "--rule", "invalid-date", "--report", "bao-cao.docx", *by]) == 0
    capsys.readouterr()
    assert run(["findings", "--db", str(db), "--format", "sarif"]) == 0
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    suppressed = {r["ruleId"]: r["suppressions"][0] for r in results if "suppressions" in r}
    assert set(suppressed) == {"numbering-gap", "invalid-date"}
    assert suppressed["invalid-date"]["justification"] == "mẫu chung"
    assert run(["findings", "--db", str(db), "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out.lstrip("\ufeff"))))
    assert {line["rule"]: line["waived"] for line in lines} == {
        "total-mismatch": "0", "repeated-word": "0", "invalid-date": "1", "numbering-gap": "1",
    }  # fmt: skip
    out = tmp_path / "f.csv"
    assert run(["export", "--db", str(db), "--to", str(out), "--what", "findings"]) == 0
    assert out.read_text(encoding="utf-8-sig").count("mẫu chung") == 2


@pytest.mark.parametrize("words", [
    ["--rule", "no-rule"], ["--finding", "999"], ["--report", "keine.docx"], [],
])  # fmt: skip
def test_what_does_not_exist_is_not_waived(db: Path, words: list[str]) -> None:
    assert run(["waive", "add", "--db", str(db), *words, "--reason", "x", "--by", "y"]) == 2
    assert run(["waive", "remove", "7", "--db", str(db)]) == 2


def test_a_waiver_needs_a_reason(db: Path) -> None:
    assert run(["waive", "add", "--db", str(db), "--rule", "invalid-date", "--reason", " ", "--by", "y"]) == 2


def test_waivers_of_the_first_version_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, views TEXT NOT NULL DEFAULT '')")
    for statement in migrations.statements(migrations._steps()[1]):
        conn.execute(statement)
    conn.execute("INSERT INTO schema_version (version) VALUES (1)")
    conn.execute("INSERT INTO waiver (rule, note, at) VALUES ('invalid-date', 'cũ', '2024-01-01')")
    conn.commit()
    conn.close()
    with Store(path) as store:
        found = store.conn.execute("SELECT rule, fingerprint, report_id, note FROM waivers").fetchall()
    assert found == [("invalid-date", None, None, "cũ")]
