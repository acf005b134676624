"""A backup back in its place: checked, whole or not at all, never over other or newer work unless that is asked for."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from schema import migrations, queries, store
from schema.errors import StoreError
from schema.restore import restore
from schema.store import Store
from schema.verify import broken
from tests import versions
from tests.test_cli import rasoat


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database with two reports, a failure, a duplicate and a decision."""
    versions.filled(tmp_path / "a.db")
    return tmp_path / "a.db"


@pytest.fixture
def copy(db: Path, tmp_path: Path) -> Path:
    with Store(db) as held:
        held.backup(tmp_path / "copy.db")
    return tmp_path / "copy.db"


def decided(db: Path, note: str) -> None:
    """A decision after the copy was made; times are whole seconds."""
    with Store(db) as held:
        held.conn.execute(
            "INSERT INTO review (fingerprint, status, note, at) VALUES ('f', 'confirmed', ?, '2999-01-01')",
            (note,),
        )


def notes(db: Path) -> list[str]:
    with Store(db) as held:
        assert list(broken(held.conn)) == []
        return [row["note"] for row in queries.rows(held.conn, "SELECT note FROM reviews")]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_lost_database_comes_back_with_its_decisions(db: Path, copy: Path) -> None:
    db.unlink()
    before = copy.read_bytes()
    done = restore(copy, db)
    assert (done.files, done.reports, done.decisions, done.kept) == (4, 2, 1, None)
    assert notes(db) == ["đã hỏi xã"]
    assert copy.read_bytes() == before
    assert names(db.parent) == ["a.db", "copy.db"]


def test_a_copy_replaces_what_was_not_written_since(db: Path, copy: Path) -> None:
    with Store(db) as held:
        held.conn.execute("DELETE FROM waiver")
    assert restore(copy, db).kept is None
    with Store(db) as held:
        assert held.conn.execute("SELECT count(*) FROM waiver").fetchone() == (1,)


def test_newer_work_is_kept(db: Path, copy: Path) -> None:
    decided(db, "mới")
    with pytest.raises(StoreError, match="restore-newer"):
        restore(copy, db)
    assert notes(db) == ["đã hỏi xã", "mới"]
    done = restore(copy, db, force=True)
    assert done.kept == db.with_name("a.db.replaced-1")
    assert (notes(db), notes(done.kept)) == (["đã hỏi xã"], ["đã hỏi xã", "mới"])


def test_the_database_of_another_office_is_kept(copy: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "b.db") as other:
        other.begin_run("ingest", ["elsewhere"])
    with pytest.raises(StoreError, match="restore-other"):
        restore(copy, tmp_path / "b.db")
    assert restore(copy, tmp_path / "b.db", force=True).kept == tmp_path / "b.db.replaced-1"


@pytest.mark.parametrize("force", [False, True])
def test_the_database_of_another_program_is_never_touched(force: bool, copy: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "b.db")) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = (tmp_path / "b.db").read_bytes()
    with pytest.raises(StoreError, match="not-ours"):
        restore(copy, tmp_path / "b.db", force=force)
    assert (tmp_path / "b.db").read_bytes() == before


def test_a_damaged_database_is_set_aside(db: Path, copy: Path) -> None:
    db.write_bytes(b"\0" * 9000)
    db.with_name("a.db-wal").write_bytes(b"a log of what was lost")
    with pytest.raises(StoreError, match="restore-unreadable"):
        restore(copy, db)
    assert restore(copy, db, force=True).kept == db.with_name("a.db.replaced-1")
    assert notes(db) == ["đã hỏi xã"]
    assert db.with_name("a.db.replaced-1").read_bytes() == b"\0" * 9000
    assert names(db.parent) == ["a.db", "a.db.replaced-1", "copy.db"]


@pytest.mark.parametrize("content", [b"", b"no database" * 900, b"SQLite format 3\0" + b"x" * 999])
def test_a_copy_that_is_no_database_restores_nothing(content: bytes, db: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_bytes(content)
    with pytest.raises(StoreError, match="backup-damaged"):
        restore(tmp_path / "copy.db", db, force=True)
    assert notes(db) == ["đã hỏi xã"]
    assert names(tmp_path) == ["a.db", "copy.db"]


def test_a_copy_cut_short_or_overwritten_restores_nothing(db: Path, copy: Path) -> None:
    whole = copy.read_bytes()
    for content in (whole[: len(whole) // 2], whole[:4096] + b"\x5a" * (len(whole) - 4096)):
        copy.write_bytes(content)
        with pytest.raises(StoreError, match="backup-damaged"):
            restore(copy, db)
    with pytest.raises(StoreError, match="no-backup"):
        restore(db.with_name("none.db"), db)
    assert notes(db) == ["đã hỏi xã"]


def test_a_copy_whose_promises_are_broken_restores_nothing(db: Path, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as held:
        held.execute("UPDATE mention SET text = 'khác' WHERE mention_id = 1")
        held.commit()
    with pytest.raises(StoreError, match="backup-damaged: 1:"):
        restore(copy, db)


@pytest.mark.parametrize("version", range(1, migrations.latest()))
def test_a_copy_of_an_earlier_version_is_brought_up_to_date(version: int, tmp_path: Path) -> None:
    versions.database_of(version, tmp_path / "copy.db")
    assert restore(tmp_path / "copy.db", tmp_path / "a.db").reports == 2
    assert notes(tmp_path / "a.db") == ["đã hỏi xã"]


def test_a_database_at_work_is_not_replaced(db: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.2)
    with Store(db) as open_elsewhere:
        open_elsewhere.report_ids()
        with pytest.raises(StoreError, match="locked"):
            restore(copy, db, force=True)
    assert restore(copy, db).reports == 2


def test_killed_at_any_moment_the_old_or_the_restored_database_stands(db: Path, copy: Path) -> None:
    decided(db, "mới")
    command = [sys.executable, "-m", "rasoat", "restore", "--db", str(db), "--from", str(copy), "--force"]
    original = shutil.copy(db, db.with_name("original"))
    seen = set()
    for n in range(12):
        shutil.copy(original, db)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            time.sleep(0.1 + 0.05 * n)
            process.send_signal(signal.SIGKILL)
        seen.add(tuple(notes(db)))
    assert seen <= {("đã hỏi xã",), ("đã hỏi xã", "mới")}
    rasoat("restore", "--db", db, "--from", copy, "--force")
    assert notes(db) == ["đã hỏi xã"]
    assert not list(db.parent.glob(".*"))


def test_the_command_says_what_came_back(db: Path, copy: Path) -> None:
    out, _ = rasoat("restore", "--db", db, "--from", copy)
    assert f"Đã khôi phục từ {copy}: 4 tệp, 2 báo cáo, 1 quyết định; ghi lần cuối lúc 20" in out
    decided(db, "mới")
    _, err = rasoat("restore", "--db", db, "--from", copy, status=3)
    assert "--force" in err
    out, _ = rasoat("restore", "--db", db, "--from", copy, "--force")
    assert f"{db}.replaced-1" in out
