"""Outside programs, disks and databases that fail: the right outcome and reason, and all other files stored.

The programs are the real ones behind a wrapper that fails on demand; the disk is a small one where it may be mounted.
"""

from __future__ import annotations

import io
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest import office, scans
from ingest.limits import Limits
from rasoat.batch import Batch
from rasoat.progress import Quiet
from rasoat.settings import Settings
from schema import queries, store
from schema.errors import ReadError, Reason, StoreError
from schema.store import Store
from schema.verify import broken
from tests.test_batch import _soon
from tests.test_cli import ENVIRONMENT, rasoat
from tests.test_pipeline import report

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
RTF = rb"{\rtf1\ansi Xa co 17 can bo.}"
MARKED_WIDTH = 700  # points: page 4 is wider than the others, so that a wrapper knows it


def scan(pages: int = 5, marked: int = 4) -> bytes:
    """A PDF of page images; each page says its number."""
    images = []
    for number in range(1, pages + 1):
        image = Image.new("L", (MARKED_WIDTH if number == marked else 600, 260), 255)
        words = f"Trang {number}\nXã có 1{number} cán bộ, công chức.\nTổng số 2{number} người dự họp tại xã."
        ImageDraw.Draw(image).multiline_text((40, 40), words, font=ImageFont.truetype(FONT, 24), spacing=20)
        images.append(image)
    held = io.BytesIO()
    images[0].save(held, "PDF", save_all=True, append_images=images[1:], resolution=72)
    return held.getvalue()


WRAPPER = """#!{python}
import os, signal, subprocess, sys, time
if "--list-langs" in sys.argv:
    print("List of available languages (1):\\nvie")
    sys.exit()
image = sys.stdin.buffer.read()
marked = int.from_bytes(image[16:20], "big") > {marked}
def real():
    return subprocess.run([{real!r}, *sys.argv[1:]], input=image, capture_output=True).stdout
{fault}
"""
FAULTS = {
    "crash": "os.kill(os.getpid(), signal.SIGSEGV)",
    "hang": "time.sleep(601)",
    "noise": 'print("Estimating resolution as 300"); sys.stdout.flush(); sys.stdout.buffer.write(real())',
    "half-a-table": "sys.stdout.buffer.write(real()[:-60])",
    "hang-on-page-4": "time.sleep(601) if marked else sys.stdout.buffer.write(real())",
    "oom-on-page-4": "os.kill(os.getpid(), signal.SIGKILL) if marked else sys.stdout.buffer.write(real())",
    "noise-on-page-4": "os.write(1, b'\\0\\1\\t' * 3000) if marked else sys.stdout.buffer.write(real())",
    "bad-utf8": 'sys.stdout.buffer.write(real().replace("ộ".encode(), b"\\xff\\xfe"))',
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Puts a program of that name and text before all others; without text, the PATH holds nothing at all."""
    folder = tmp_path / "bin"
    folder.mkdir()
    found = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(folder))

    def put(name: str, text: str) -> None:
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{found}")

    return put


def run(base: Path, scan_page_seconds: float = 60, **files: bytes) -> dict[str, tuple[str, str | None]]:
    """One batch with short clocks; outcome and reason of each file. ``sound.docx`` goes along and must be stored."""
    given = base / "in"
    given.mkdir()
    for name, data in files.items():
        (given / name).write_bytes(data)
    (given / "sound.docx").write_bytes(report())
    settings = Settings(timeout=6, scan_page_seconds=scan_page_seconds)
    with Store(base / "a.db") as held:
        Batch(held, settings, lambda found: found.rule, Quiet(), jobs=2).run([given])
        assert list(broken(held.conn)) == []
        ended = {row["file_name"]: (row["outcome"], row["reason_code"]) for row in queries.files(held.conn)}
    assert ended.pop("sound.docx") == ("ok", None)
    return ended


def wrapped(fault: str) -> str:
    marked = MARKED_WIDTH * 300 // 72 - 200
    return WRAPPER.format(python=sys.executable, real=shutil.which("tesseract"), fault=FAULTS[fault], marked=marked)


@pytest.fixture(scope="module")
def tesseract_wrappers() -> dict[str, str]:
    return {fault: wrapped(fault) for fault in FAULTS}


def texts(base: Path) -> str:
    with Store(base / "a.db") as held:
        return "\n".join(text for (text,) in held.conn.execute("SELECT text FROM texts WHERE report_id IS NOT NULL"))


@pytest.mark.parametrize("fault", ["crash", "hang", "noise", "half-a-table"])
def test_tesseract_that_never_answers(
    fault: str, tmp_path: Path, tesseract_wrappers: dict[str, str], programs: Callable[[str, str], None]
) -> None:
    programs("tesseract", tesseract_wrappers[fault])
    assert run(tmp_path, scan_page_seconds=3 if fault == "hang" else 60, scan=scan(1)) == {
        "scan": ("failed", "ocr-failed")
    }
    assert _soon(lambda: not started_from(tmp_path / "bin"))


@pytest.mark.parametrize("fault", ["oom-on-page-4", "hang-on-page-4", "noise-on-page-4"])
def test_tesseract_that_fails_on_page_4_costs_page_4(
    fault: str, tmp_path: Path, tesseract_wrappers: dict[str, str], programs: Callable[[str, str], None]
) -> None:
    programs("tesseract", tesseract_wrappers[fault])
    seconds = 8 if fault == "hang-on-page-4" else 60
    assert run(tmp_path, scan_page_seconds=seconds, scan=scan()) == {"scan": ("partial", "ocr-failed")}
    text = texts(tmp_path)
    assert [f"1{page} cán bộ" in text for page in (1, 2, 3, 4, 5)] == [True, True, True, False, True]


def test_a_page_that_was_lost_comes_back_with_retry_failed(
    tmp_path: Path, tesseract_wrappers: dict[str, str], programs: Callable[[str, str], None]
) -> None:
    programs("tesseract", tesseract_wrappers["oom-on-page-4"])
    assert run(tmp_path, scan=scan()) == {"scan": ("partial", "ocr-failed")}
    (tmp_path / "bin" / "tesseract").unlink()
    out, _ = rasoat("ingest", tmp_path / "in", "--db", tmp_path / "a.db", "--retry-failed")
    assert "Nhận 2 tệp = 2 đọc đủ" in out
    assert "14 cán bộ" in texts(tmp_path)
    assert rasoat("verify", "--db", tmp_path / "a.db") == ("", "")


def test_tesseract_that_writes_bad_utf8(
    tmp_path: Path, tesseract_wrappers: dict[str, str], programs: Callable[[str, str], None]
) -> None:
    programs("tesseract", tesseract_wrappers["bad-utf8"])
    assert run(tmp_path, scan=scan(1)) == {"scan": ("ok", None)}
    assert "11 cán b�" in texts(tmp_path)


@pytest.mark.parametrize("program", [None, "#!/bin/sh\nkill -SEGV $$\n", "no program at all"])
def test_tesseract_that_is_missing(program: str | None, tmp_path: Path, programs: Callable[[str, str], None]) -> None:
    if program:
        programs("tesseract", program)
    assert run(tmp_path, scan=scan(1)) == {"scan": ("unsupported", "ocr-missing")}


def test_scans_get_their_time_by_the_page() -> None:
    assert scans.count(scan(5), Limits()) == 5
    assert scans.count(scan(5), Limits(), "off") == 0
    assert scans.count(b"%PDF-1.4 /Image and nothing more", Limits()) == 0
    assert scans.count(report(), Limits()) == 0


def started_from(folder: Path) -> list[bytes]:
    found = subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, check=False)
    return found.stdout.split()


@pytest.mark.parametrize(
    ("program", "ended"),
    [
        ("sleep 601 # soffice", ("failed", "timeout")),
        ("kill -SEGV $$", ("failed", "libreoffice-failed")),
        ("exit 0", ("failed", "libreoffice-failed")),
    ],
)
def test_libreoffice_that_fails(
    program: str, ended: tuple[str, str], tmp_path: Path, programs: Callable[[str, str], None]
) -> None:
    programs("soffice", f"#!/bin/sh\n{program}\n")
    assert run(tmp_path, letter=RTF) == {"letter": ended}
    assert _soon(lambda: not started_from(tmp_path / "bin"))


def test_libreoffice_that_is_missing(tmp_path: Path, programs: Callable[[str, str], None]) -> None:
    assert run(tmp_path, letter=RTF) == {"letter": ("unsupported", "libreoffice-missing")}


def test_libreoffice_has_a_clock_of_its_own(programs: Callable[[str, str], None]) -> None:
    programs("soffice", "#!/bin/sh\nsleep 601\n")
    with pytest.raises(ReadError, match="no answer in 1 s") as caught:
        office.to_docx(RTF, "rtf", Limits(office_seconds=1))
    assert caught.value.reason is Reason.OFFICE_FAILED


# Disks and databases


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 1 MB, or any folder where nothing may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    yield folder
    if mounted.returncode == 0:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def many(base: Path, count: int = 12) -> Path:
    given = base / "in"
    given.mkdir()
    for number in range(count):
        lines = [f"{line}. Xã {number} có {line * 3 + number} người dự họp về việc {line}." for line in range(60)]
        (given / f"{number:02}.docx").write_bytes(report(*lines))
    return given


def test_a_full_disk_is_told_and_the_same_command_goes_on(tmp_path: Path, disk: Path) -> None:
    given, db = many(tmp_path), disk / "a.db"
    command = [sys.executable, "-m", "rasoat", "ingest", str(given), "--db", str(db)]
    limit = None if disk.is_mount() else _one_megabyte
    full = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, preexec_fn=limit, check=False)
    assert full.returncode == 3
    assert "đã đầy" in full.stderr or "Lỗi đọc ghi" in full.stderr
    assert "Traceback" not in full.stderr
    if disk.is_mount():
        subprocess.run(["mount", "-o", "remount,size=80m", str(disk)], check=True)
    out, _ = rasoat("ingest", given, "--db", db)
    assert "Nhận 12 tệp = 12 đọc đủ" in out
    assert rasoat("verify", "--db", db) == ("", "")


def test_a_full_disk_leaves_neither_half_a_backup_nor_half_a_database(tmp_path: Path, disk: Path) -> None:
    db, copy = tmp_path / "a.db", tmp_path / "copy.db"
    rasoat("ingest", many(tmp_path), "--db", db)
    rasoat("backup", "--db", db, "--to", copy)
    assert copy.stat().st_size > 1 << 20
    limit = None if disk.is_mount() else _one_megabyte
    for words in (["backup", "--db", db, "--to", disk / "c.db"], ["restore", "--db", disk / "a.db", "--from", copy]):
        command = [sys.executable, "-m", "rasoat", *map(str, words)]
        full = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, preexec_fn=limit, check=False)
        assert full.returncode == 3
        assert "đã đầy" in full.stderr or "Lỗi đọc ghi" in full.stderr
        assert list(disk.iterdir()) == []


def test_a_full_disk_for_temporary_files_costs_nothing_but_time(
    tmp_path: Path, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, mounted = many(tmp_path, 1), disk.is_mount()
    (given / "letter.rtf").write_bytes(RTF)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    if mounted:
        (disk / "much").write_bytes(b"x" * ((1 << 20) - 4096))
    with Store(tmp_path / "a.db") as held:
        for free, letter in ((False, ("failed", "no-space") if mounted else ("ok", None)), (True, ("ok", None))):
            if mounted and free:
                subprocess.run(["mount", "-o", "remount,size=80m", str(disk)], check=True)
            Batch(held, Settings(), lambda found: found.rule, Quiet()).run([given])
            ended = {row["file_name"]: (row["outcome"], row["reason_code"]) for row in queries.files(held.conn)}
            assert ended == {"00.docx": ("ok", None), "letter.rtf": letter}


def _one_megabyte() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def test_a_database_that_may_not_be_written(tmp_path: Path, disk: Path) -> None:
    given, db = many(tmp_path, 1), disk / "a.db"
    rasoat("ingest", given, "--db", db)
    (given / "new.docx").write_bytes(report("Xã có 33 người."))
    if disk.is_mount():
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    else:
        db.chmod(0o444)
        disk.chmod(0o555)
    _, err = rasoat("ingest", given, "--db", db, status=3)
    assert "quyền" in err
    assert "Traceback" not in err


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    given, db = many(tmp_path, 1), tmp_path / "a.db"
    rasoat("ingest", given, "--db", db)
    with sqlite3.connect(db) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sound = db.read_bytes()
    db.write_bytes(sound[:4096] + b"\x5a" * (len(sound) - 4096))
    for command in (["ingest", given], ["verify"], ["findings"]):
        _, err = rasoat(*command, "--db", db, status=3)
        assert "bị hỏng" in err
        assert "Traceback" not in err


def test_a_locked_database_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.2)
    with Store(tmp_path / "a.db") as mine, Store(tmp_path / "a.db") as other:
        with other.transaction(), pytest.raises(StoreError, match="locked"):
            mine.begin_run("ingest", [])
        assert mine.begin_run("ingest", []) == 1
