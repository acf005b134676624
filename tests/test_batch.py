"""Batches of files that hang, crash, devour memory and make noise: each ends in one outcome, the others are stored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from rasoat import sources
from rasoat.batch import Batch, Summary
from rasoat.client import Client
from rasoat.progress import Quiet
from rasoat.settings import Settings
from schema import queries
from schema.errors import Reason, StoreError
from schema.model import Finding, OutcomeKind
from schema.store import Store
from schema.verify import broken

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def faulty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr(tempfile, "tempdir", str(temp))


def render(found: Finding) -> str:
    return found.rule


def run(store: Store, *paths: Path, jobs: int = 2, retry: bool = False, **settings: float) -> Summary:
    chosen = Settings(**{"timeout": 1.0, "memory_mb": 300, **settings})  # type: ignore[arg-type]
    reader = Client(chosen, jobs, "tests.faulty_server")
    return Batch(store, chosen, render, Quiet(), jobs=jobs, retry=retry, reader=reader).run(paths)


def folder(base: Path, **files: str) -> Path:
    made = base / "in"
    made.mkdir(exist_ok=True)
    for name, words in files.items():
        (made / f"{name}.pdf").write_text(words)
    return made


def ledger(store: Store) -> dict[str, tuple[str, str | None]]:
    return {Path(row["path"]).stem: (row["outcome"], row["reason_code"]) for row in queries.files(store.conn)}


def test_every_misbehaving_file_ends_in_one_outcome_and_the_others_are_stored(tmp_path: Path) -> None:
    given = folder(
        tmp_path, a_good="ok Một", b_hang="hang", c_child="hang-with-child", d_spin="spin", e_segv="segv",
        f_killed="killed", g_exit="exit", h_raise="raise", i_eat="eat", j_noise="noise Hai", k_bad="bad",
        l_temp="temp Ba", m_good="ok Bốn", n_session="hang-with-session", o_crash="crash-with-session",
        p_leave="leave-session Năm",
    )  # fmt: skip
    with Store(tmp_path / "a.db") as store:
        summary = run(store, given, timeout=5)
        assert ledger(store) == {
            "a_good": ("ok", None),
            "b_hang": ("failed", "timeout"),
            "c_child": ("failed", "timeout"),
            "d_spin": ("failed", "timeout"),
            "e_segv": ("failed", "reader-crashed"),
            "f_killed": ("failed", "out-of-memory"),
            "g_exit": ("failed", "reader-crashed"),
            "h_raise": ("failed", "out-of-memory"),
            "i_eat": ("failed", "out-of-memory"),
            "j_noise": ("ok", None),
            "k_bad": ("failed", "pdf-broken"),
            "l_temp": ("ok", None),
            "m_good": ("ok", None),
            "n_session": ("failed", "timeout"),
            "o_crash": ("failed", "reader-crashed"),
            "p_leave": ("ok", None),
        }
        assert summary.received == 16 == sum(summary.outcomes.values())
        assert list(broken(store.conn)) == []
    assert list((tmp_path / "temp").iterdir()) == []  # what children leave is swept away
    alive = subprocess.run(["pgrep", "-f", "^sleep 601$"], capture_output=True, check=False)
    assert alive.stdout == b""  # and so is what they started


def test_a_dead_server_is_started_again_and_its_killer_is_told_apart(tmp_path: Path) -> None:
    given = folder(tmp_path, a="ok Một", b="kill-server", c="ok Hai")
    with Store(tmp_path / "a.db") as store:
        run(store, given, jobs=1)
        assert ledger(store) == {"a": ("ok", None), "b": ("failed", "reader-crashed"), "c": ("ok", None)}
    assert list((tmp_path / "temp").iterdir()) == []


def test_order_does_not_depend_on_speed(tmp_path: Path) -> None:
    given = folder(tmp_path, a="slow 0.4 Một", b="ok Hai", c="slow 0.2 Ba", d="ok Bốn", e="ok Năm")
    rows = {}
    for jobs in (1, 3):
        with Store(tmp_path / f"{jobs}.db") as store:
            run(store, given, jobs=jobs)
            rows[jobs] = queries.rows(store.conn, "SELECT report_id, file_name, commune FROM reports ORDER BY 1")
    assert rows[1] == rows[3]
    assert [row["file_name"] for row in rows[1]] == ["a.pdf", "b.pdf", "c.pdf", "d.pdf", "e.pdf"]


def test_again_adds_nothing(tmp_path: Path) -> None:
    given = folder(tmp_path, a="ok Một", b="bad", c="ok Một")  # a and c: the same bytes
    with Store(tmp_path / "a.db") as store:
        first, second = run(store, given), run(store, given)
        assert first.outcomes == {"ok": 1, "duplicate": 1, "failed": 1}
        assert first.known == 0
        assert (second.received, second.known) == (3, 3)
        assert len(store.report_ids()) == 1
        (given / "b.pdf").write_text("bad")
        assert [run(store, given, retry=True).known for _ in range(3)] == [2, 2, 3]  # three attempts in all


def test_twins_of_a_bad_file_share_its_failure(tmp_path: Path) -> None:
    given = folder(tmp_path, a="bad", b="bad")
    with Store(tmp_path / "a.db") as store:
        run(store, given)
        assert set(ledger(store).values()) == {("failed", "pdf-broken")}


def test_what_cannot_be_opened_is_in_the_ledger(tmp_path: Path) -> None:
    given = folder(tmp_path, a="ok Một")
    (given / "~$a.docx").write_text("lock file")
    (given / ".hidden").write_text("x")
    os.mkfifo(given / "pipe.pdf")
    (given / "dangling.pdf").symlink_to(tmp_path / "nowhere")
    with Store(tmp_path / "a.db") as store:
        summary = run(store, given, tmp_path / "missing.pdf")
        assert summary.skipped == 2
        assert ledger(store) == {
            "a": ("ok", None),
            "pipe": ("failed", "unreadable-path"),
            "dangling": ("failed", "unreadable-path"),
            "missing": ("failed", "unreadable-path"),
        }


def test_strange_names_are_kept_and_harmless(tmp_path: Path) -> None:
    given = folder(tmp_path)
    name = os.fsencode(given) + b"/b\xe1o \xff\x1b[31m.pdf"  # not UTF-8, and it colours terminals
    Path(os.fsdecode(name)).write_text("ok Một")
    (given / "ba\u0301o ca\u0301o.pdf").write_text("ok Hai")  # letters and marks apart, as macOS writes them
    with Store(tmp_path / "a.db") as store:
        run(store, given)
        names = {row["file_name"] for row in queries.files(store.conn)}
        assert names == {"báo cáo.pdf", "b\\xe1o \\xff\x1b[31m.pdf"}


def test_the_database_inside_the_folder_is_no_report(tmp_path: Path) -> None:
    given = folder(tmp_path, a="ok Một")
    with Store(given / "a.db") as store:
        assert run(store, given).received == 1


def test_too_large_files_are_hashed_but_not_read(tmp_path: Path) -> None:
    given = folder(tmp_path, a="ok " + "x" * 3_000_000)
    with Store(tmp_path / "a.db") as store:
        run(store, given, max_file_mb=2)
        row = queries.files(store.conn)[0]
        assert (row["reason_code"], row["bytes"], len(row["sha256"])) == ("too-large", 3_000_003, 64)


def test_members_of_archives_are_files_of_their_own(tmp_path: Path) -> None:
    given = folder(tmp_path)
    with zipfile.ZipFile(given / "nop.zip", "w") as archive:
        archive.writestr("xa-a/bao-cao.pdf", "ok Một")
        archive.writestr("xa-b/bao-cao.pdf", "bad")
        archive.writestr("~$x.docx", "lock file")
    (given / "broken.zip").write_bytes((given / "nop.zip").read_bytes()[:100])
    with Store(tmp_path / "a.db") as store:
        run(store, given)
        rows = {row["path"].rsplit("/in/", 1)[1]: row["outcome"] for row in queries.files(store.conn)}
        assert rows == {
            "broken.zip": "failed",
            "nop.zip!/xa-a/bao-cao.pdf": "ok",
            "nop.zip!/xa-b/bao-cao.pdf": "failed",
        }


def test_walk_takes_each_path_once_in_order(tmp_path: Path) -> None:
    given = folder(tmp_path, b="x", a="x")
    (given / "sub").mkdir()
    (given / "sub" / "c.pdf").write_text("x")
    found = list(sources.walk([given / "b.pdf", given, given / "sub"]))
    assert [path.relative_to(given).as_posix() for path in found] == ["a.pdf", "b.pdf", "sub/c.pdf"]


SCRIPT = """
import sys
from pathlib import Path
from rasoat.batch import Batch
from rasoat.client import Client
from rasoat.progress import Lines
from rasoat.settings import Settings
from schema.store import Store
with Store(sys.argv[1]) as store:
    reader = Client(Settings(), 2, "tests.faulty_server")
    batch = Batch(store, Settings(), lambda f: f.rule, Lines("vi", sys.stdout), jobs=2, reader=reader)
    print("interrupted", batch.run([Path(sys.argv[2])]).interrupted)
"""


def start(db: Path, given: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, str(db), str(given)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def dump(db: Path) -> list[object]:
    """All that must be equal, however often a run was interrupted."""
    with Store(db) as store:
        assert list(broken(store.conn)) == []
        tables = ("report", "passage", "mention", "quantity", "finding", "evidence", "cited_document")
        kept = [store.conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]
        files = "SELECT path, file_name, sha256, bytes, outcome, reason_code, reason, report_id FROM files ORDER BY 1"
        return [*kept, store.conn.execute(files).fetchall()]


def test_killed_at_any_moment_and_run_again_equals_an_undisturbed_run(tmp_path: Path) -> None:
    given = folder(tmp_path, **{f"f{n:02}": f"slow 0.0{n % 5} {n // 2 if n % 7 else 0}" for n in range(24)}, g="bad")
    process = start(tmp_path / "whole.db", given)
    process.communicate(timeout=60)
    kills = 0
    for n in range(25):
        process = start(tmp_path / "killed.db", given)
        try:
            process.communicate(timeout=0.25 + 0.02 * (n % 12))
            break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
    else:
        start(tmp_path / "killed.db", given).communicate(timeout=60)
    assert kills >= 1
    assert dump(tmp_path / "killed.db") == dump(tmp_path / "whole.db")


def test_power_lost_at_any_write_is_made_good_by_the_same_command(tmp_path: Path) -> None:
    """After a power failure the disk holds any beginning of the log: what of it was not written out is lost."""
    given = folder(tmp_path, **{f"f{n:02}": f"ok {n // 2}" for n in range(12)}, g="bad")
    start(tmp_path / "whole.db", given).communicate(timeout=60)
    with Store(tmp_path / "a.db"):  # who has it open keeps the log from being written out
        start(tmp_path / "a.db", given).communicate(timeout=60)
        main, log = (tmp_path / "a.db").read_bytes(), (tmp_path / "a.db-wal").read_bytes()
    assert len(log) > 500_000
    for n in range(8):
        lost = tmp_path / f"{n}.db"
        lost.write_bytes(main)
        lost.with_name(f"{n}.db-wal").write_bytes(log[: len(log) * n // 8 + 13 * n])
        start(lost, given).communicate(timeout=60)
        assert dump(lost) == dump(tmp_path / "whole.db")


class Locking(Quiet):
    """Once a file is done, another program takes the database's lock and keeps it."""

    def __init__(self, other: Store) -> None:
        self.other = other

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        self.other.conn.execute("BEGIN IMMEDIATE")


def test_a_database_locked_for_too_long_stops_the_batch_and_the_next_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schema.store.BUSY_SECONDS", 0.2)
    given = folder(tmp_path, a="ok Một", b="ok Hai", c="ok Ba")
    with Store(tmp_path / "a.db") as store, Store(tmp_path / "a.db") as other:
        reader = Client(Settings(), 1, "tests.faulty_server")
        with pytest.raises(StoreError, match="locked"):
            Batch(store, Settings(), render, Locking(other), reader=reader).run([given])
        other.conn.execute("ROLLBACK")
        assert run(store, given).outcomes == {"ok": 3}
        assert list(broken(store.conn)) == []
    assert list((tmp_path / "temp").iterdir()) == []


def test_no_process_outlives_a_killed_batch(tmp_path: Path) -> None:
    process = start(tmp_path / "a.db", folder(tmp_path, a="hang-with-child", b="hang"))
    assert _soon(lambda: _sleepers() == 1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert _soon(lambda: _sleepers() == 0)
    assert _soon(lambda: not list((tmp_path / "temp").iterdir()))


def _sleepers() -> int:
    return len(subprocess.run(["pgrep", "-f", "^sleep 601$"], capture_output=True, check=False).stdout.split())


def _soon(met: object) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if met():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_ctrl_c_says_what_is_done_and_keeps_it(tmp_path: Path) -> None:
    process = start(tmp_path / "a.db", folder(tmp_path, a="ok Một", b="slow 30"))
    assert process.stdout is not None
    assert "a.pdf" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert "interrupted True" in rest
    with Store(tmp_path / "a.db") as store:
        assert ledger(store) == {"a": ("ok", None), "b": ("failed", "interrupted")}


def test_two_batches_into_one_database_at_once(tmp_path: Path) -> None:
    given = folder(tmp_path, **{f"f{n:02}": f"ok {n}" for n in range(12)}, x="bad")
    both = [start(tmp_path / "a.db", given) for _ in range(2)]
    for process in both:
        said, _ = process.communicate(timeout=60)
        assert "interrupted False" in said
    with Store(tmp_path / "a.db") as store:
        assert len(store.report_ids()) == 12
        assert sorted(ledger(store).values(), key=str) == [("failed", "pdf-broken")] + [("ok", None)] * 12
        assert list(broken(store.conn)) == []


# Archives


def zipped(target: Path, **members: bytes) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def received(folder: Path) -> dict[str, Reason | None]:
    """What the files of a folder are taken for: path within the folder, and what is wrong with it."""
    found = [item for path in sources.walk([folder]) for item in sources.items(path, Settings())]
    return {item.received.path.removeprefix(f"{folder}/"): item.problem for item in found}


def test_an_archive_without_reports_is_one_file(tmp_path: Path) -> None:
    zipped(tmp_path / "named.docx", **{"a.bin": b"x"})
    zipped(tmp_path / "named.zip", **{"a.bin": b"x", "~$b.docx": b"lock file"})
    zipped(tmp_path / "nothing.zip")
    assert received(tmp_path) == {"named.docx": None, "named.zip": None, "nothing.zip": None}


def test_a_workbook_beside_reports_is_one_file(tmp_path: Path) -> None:
    zipped(tmp_path / "book.xlsx", **{"xl/workbook.xml": b"<x/>"})
    book = (tmp_path / "book.xlsx").read_bytes()
    zipped(tmp_path / "all.zip", **{"bang.xlsx": book, "bao-cao.pdf": b"%PDF-", "in.zip": book})
    zipped(tmp_path / "in.zip", **{"x.pdf": b"%PDF-"})
    zipped(tmp_path / "out.zip", **{"in.zip": (tmp_path / "in.zip").read_bytes()})
    assert set(received(tmp_path)) == {
        "all.zip!/bang.xlsx", "all.zip!/bao-cao.pdf", "all.zip!/in.zip", "book.xlsx", "in.zip!/x.pdf",
        "out.zip!/in.zip!/x.pdf",
    }  # fmt: skip


def test_a_damaged_member_costs_only_itself(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", **{"1.pdf": b"%PDF-one", "2.pdf": b"%PDF-two"})
    held = (tmp_path / "a.zip").read_bytes().replace(b"%PDF-one", b"%PDF-0ne")
    (tmp_path / "a.zip").write_bytes(held)
    assert received(tmp_path) == {"a.zip!/1.pdf": Reason.ZIP_BROKEN, "a.zip!/2.pdf": None}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_could_grow_without_bounds_is_not_unpacked(method: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("1.pdf", b"%PDF-1")
        archive.writestr("2.pdf", b"%PDF-2", method)
    assert received(tmp_path) == {"a.zip!/1.pdf": None, "a.zip!/2.pdf": Reason.ZIP_BROKEN}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_two_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.pdf", b"%PDF-1")
        archive.writestr("x.pdf", b"%PDF-1")
    assert set(received(tmp_path)) == {"a.zip!/x.pdf", "a.zip!/x.pdf (2)"}


def test_a_crowded_directory_is_not_even_read(tmp_path: Path) -> None:
    end = b"PK\x05\x06" + bytes(8) + (50_000_000).to_bytes(4, "little") + bytes(6)
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + bytes(100) + end)
    assert received(tmp_path) == {"a.zip": Reason.ZIP_BOMB}
