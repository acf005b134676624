"""A watched folder: files are taken when they have come to rest, once, across restarts, and never touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rasoat import watch
from rasoat.sources import database_files
from rasoat.watch import Arrivals
from schema import queries
from schema.store import Store
from tests.test_cli import ENVIRONMENT, rasoat
from tests.test_pipeline import report


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_a_file_is_taken_once_it_has_kept_still(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path, settle=10)
    growing = tmp_path / "a.pdf"
    growing.write_text("half")
    assert arrivals.settled(0) == []
    growing.write_text("half and more")
    assert arrivals.settled(9) == []
    assert arrivals.settled(18) == []  # the second half came at 9
    assert names(arrivals.settled(19)) == ["a.pdf"]
    assert arrivals.settled(1000) == []


def test_a_file_sent_again_under_its_name_is_taken_again(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path, settle=0)
    (tmp_path / "a.pdf").write_text("first")
    assert names(arrivals.settled(0)) == ["a.pdf"]
    (tmp_path / "a.pdf").write_text("corrected")
    assert names(arrivals.settled(1)) == ["a.pdf"]


def test_same_size_and_another_time_is_a_change(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path, settle=5)
    (tmp_path / "a.pdf").write_text("first")
    arrivals.settled(0)
    os.utime(tmp_path / "a.pdf", (1, 1))
    assert arrivals.settled(5) == []
    assert names(arrivals.settled(10)) == ["a.pdf"]


def test_temporary_files_and_the_database_are_left_alone(tmp_path: Path) -> None:
    for name in ("~$a.docx", ".a.pdf.part", "x.tmp", "r.db", "r.db-wal", "r.db-shm", "r.db-journal", "b.docx"):
        (tmp_path / name).write_text("x")
    (tmp_path / "xa").mkdir()
    (tmp_path / "xa" / "c.pdf").write_text("x")
    arrivals = Arrivals(tmp_path, settle=0, exclude=database_files(tmp_path / "r.db"))
    assert names(arrivals.settled(0)) == ["b.docx", "c.pdf"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=20))
def test_each_content_that_rests_is_taken_exactly_once(
    tmp_path_factory: object, steps: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("watched")  # type: ignore[attr-defined]  # pytest's own fixture
    arrivals, now, rested, taken = Arrivals(folder, settle=3), 0, 0, 0
    still = 0  # seconds since the last write, as looks have told; None before the first
    for writes, wait in steps:
        for _ in range(writes):
            with (folder / "a.pdf").open("a") as file:
                file.write("x")
        fresh = writes > 0
        now += wait
        taken += len(arrivals.settled(now))
        if fresh:
            still = now
            pending = True
        elif (folder / "a.pdf").exists() and pending and now - still >= 3:
            rested += 1
            pending = False
    assert taken == rested


def test_a_lost_folder_is_told_once_and_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "share"
    told: list[str] = []
    taken: list[str] = []

    def lost() -> None:
        told.append("lost")
        folder.mkdir()
        (folder / "a.pdf").write_text("x")

    def take(paths: object) -> bool:
        taken.extend(names(list(paths)))  # type: ignore[call-overload]  # a sequence of paths
        return False

    watch.watch(Arrivals(folder, settle=0), 0.01, take, lost)
    assert (told, taken) == (["lost"], ["a.pdf"])


@contextmanager
def watching(folder: Path, db: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "rasoat", "watch", str(folder), "--db", str(db), "--every", "0.2", "--settle", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT
    ) as process:
        yield process
        process.kill()


def outcomes(db: Path) -> dict[str, str]:
    if not db.exists():
        return {}
    with Store(db) as store:
        return {row["file_name"]: row["outcome"] for row in queries.files(store.conn)}


def soon(met: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if met():
            return True
        time.sleep(0.1)
    return False


def test_watch_reads_what_comes_survives_a_kill_and_ends_with_130(tmp_path: Path) -> None:
    folder, db = tmp_path / "in", tmp_path / "a.db"
    folder.mkdir()
    (folder / "a.docx").write_bytes(report())
    with watching(folder, db) as process:
        assert soon(lambda: outcomes(db) == {"a.docx": "ok"})
        process.send_signal(signal.SIGKILL)
    (folder / "rong.pdf").write_bytes(b"")
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    with watching(folder, db) as process:
        assert soon(lambda: outcomes(db) == {"a.docx": "ok", "rong.pdf": "failed"})
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 130
        assert "Đang theo dõi" in said
        assert "Traceback" not in said
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before
    with Store(db) as store:
        kinds = store.conn.execute("SELECT DISTINCT kind FROM runs").fetchall()
        assert kinds == [("watch",)]


def test_a_folder_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    _, err = rasoat("watch", tmp_path / "nowhere", "--db", tmp_path / "a.db", status=2)
    assert "Không có thư mục" in err
