"""Hostile files, made by script, through the real processes: each ends in exactly one outcome, within its caps."""

from __future__ import annotations

import csv
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rasoat.pipeline import process
from rasoat.settings import Settings
from schema import queries
from schema.store import Store
from schema.verify import broken
from tests import hostile
from tests.test_cli import ENVIRONMENT, rasoat
from tests.test_pipeline import report

EXPECTED = {
    "acting.pdf": ("ok", None),
    # names in archives never climb
    "climbing.zip!/C:/evil.docx": ("ok", None),
    "climbing.zip!/a/evil.docx": ("ok", None),
    "climbing.zip!/etc/evil.docx": ("ok", None),
    "climbing.zip!/evil.docx": ("ok", None),
    "crowded.docx": ("failed", "too-many-objects"),
    "crowded.pdf": ("failed", "too-many-objects"),
    "cyclic-forms.pdf": ("ok", None),
    "cyclic-pages.pdf": ("partial", "text-not-accounted"),
    "deep.docx": ("failed", "xml-too-deep"),
    "deep.pdf": ("ok", None),
    "dense.docx": ("failed", "zip-bomb"),
    "dense.odt": ("failed", "zip-bomb"),
    "entities.docx": ("failed", "xml-forbidden"),
    "giant-image.pdf": ("failed", "no-text"),
    "giant-page.pdf": ("ok", None),
    "giant-scan.pdf": ("failed", "no-text"),
    "linked.docx": ("ok", None),
    "lying.zip!/a.pdf": ("failed", "zip-broken"),
    "lying.zip!/mimetype": ("failed", "zip-broken"),
    "many-members.zip": ("failed", "zip-bomb"),
    "many-pages.pdf": ("failed", "too-many-pages"),
    "nested.zip": ("failed", "zip-bomb"),
    "outside-entity.docx": ("failed", "xml-forbidden"),
    "outside.pdf": ("ok", None),
    "placeless.pdf": ("ok", None),
    "reaching.odt": ("ok", None),
    "reaching.rtf": ("ok", None),
    "wide-table.docx": ("ok", None),
    "zip-bomb.zip": ("failed", "zip-bomb"),
    "zz-sound.docx": ("ok", None),
}


def test_each_hostile_file_ends_in_one_outcome_within_its_caps(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        most = ingested(tmp_path, listener.getsockname()[1])
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):  # no link is followed
            listener.accept()
    assert list((tmp_path / "temp").iterdir()) == []
    assert 20 << 20 < most < 400 << 20  # of the batch itself, whatever its files cost
    with Store(tmp_path / "a.db") as store:
        assert list(broken(store.conn)) == []
        rows = queries.files(store.conn)
        texts = dict(store.conn.execute("SELECT file_name, text FROM reports JOIN texts USING (report_id)").fetchall())
    ended = {row["path"].rsplit("/in/", 1)[1]: (row["outcome"], row["reason_code"]) for row in rows}
    assert ended.pop("doubling-forms.pdf") in (("failed", "out-of-memory"), ("failed", "timeout"))
    assert ended == EXPECTED  # none lost, none counted twice
    for name in ("acting.pdf", "cyclic-forms.pdf", "cyclic-pages.pdf", "deep.pdf", "giant-page.pdf", "outside.pdf"):
        assert "nguoi du hop" in texts[name]
    for name in ("linked.docx", "reaching.odt", "wide-table.docx"):
        assert "17 người" in texts[name]
    assert not [name for name, text in texts.items() if "of this machine" in text]


def ingested(base: Path, port: int) -> int:
    """One batch over all hostile files; returns the most resident bytes that its own process ever had."""
    given, temp = base / "in", base / "temp"
    given.mkdir()
    temp.mkdir()
    (base / "secret.txt").write_text("of this machine")
    for name, data in files(port, str(base / "secret.txt")):
        (given / name).write_bytes(data)
    command = [sys.executable, "-m", "rasoat", "ingest", str(given), "--db", str(base / "a.db"), "--jobs", "2",
               "--memory", "700", "--timeout", "60"]  # fmt: skip
    most = 0
    with subprocess.Popen(command, env=ENVIRONMENT | {"TMPDIR": str(temp)}, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
            most = max(most, int(found[1]) << 10 if found else 0)
            time.sleep(0.05)
    assert process.returncode == 1
    return most


def files(port: int, secret: str) -> Iterator[tuple[str, bytes]]:
    yield "acting.pdf", hostile.acting_pdf()
    yield "climbing.zip", hostile.climbing_zip()
    yield "crowded.docx", hostile.crowded_docx()
    yield "crowded.pdf", hostile.crowded_pdf()
    yield "cyclic-forms.pdf", hostile.cyclic_forms()
    yield "cyclic-pages.pdf", hostile.cyclic_pages()
    yield "deep.docx", hostile.deep_docx()
    yield "deep.pdf", hostile.deep_pdf()
    yield "dense.docx", hostile.dense_docx()
    yield "dense.odt", hostile.dense_odt()
    yield "doubling-forms.pdf", hostile.cyclic_forms(2)
    yield "entities.docx", hostile.entity_bomb()
    yield "giant-image.pdf", hostile.giant_image()
    yield "giant-page.pdf", hostile.giant_page()
    yield "giant-scan.pdf", hostile.giant_scan()
    yield "linked.docx", hostile.linked_docx(port)
    yield "lying.zip", hostile.lying_zip()
    yield "many-members.zip", hostile.many_members()
    yield "many-pages.pdf", hostile.many_pages()
    yield "nested.zip", hostile.nested_zips()
    yield "outside-entity.docx", hostile.outside_entity()
    yield "outside.pdf", hostile.outside_pdf(port)
    yield "placeless.pdf", hostile.placeless_pdf()
    yield "reaching.odt", hostile.reaching_odt(secret)
    yield "reaching.rtf", hostile.reaching_rtf(secret)
    yield "wide-table.docx", hostile.wide_table()
    yield "zip-bomb.zip", hostile.zip_bomb()
    yield "zz-sound.docx", report()


NAMES = ("=HYPERLINK(1).docx", "+1.docx", "@a.docx", "\u202excod.docx", "\x1b[31mred.docx", "a\nb.docx", "-x.docx")


def test_names_that_steer_terminals_or_sheets_are_only_names(tmp_path: Path) -> None:
    given, db = tmp_path / "in", tmp_path / "a.db"
    given.mkdir()
    for number, name in enumerate(NAMES):
        (given / name).write_bytes(report(f"Xã có {number + 30} người dự họp theo Kế hoạch số 29/KH-UBND."))
    out, err = rasoat("ingest", given, "--db", db)
    for said in (out, err, rasoat("files", "--db", db)[0], rasoat("findings", "--db", db)[0]):
        assert not {"\x1b", "\u202e"} & set(said)
    rasoat("export", "--db", db, "--to", tmp_path / "o.csv", "--what", "citations")
    with (tmp_path / "o.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    with Store(db) as store:
        assert {row["file_name"] for row in queries.files(store.conn)} == set(NAMES)


def test_many_photographs_are_no_attack() -> None:
    assert process(hostile.crowded_docx(3_000), "a.docx", Settings()).kind == "ok"
    assert process(hostile.crowded_pdf(3_000), "a.pdf", Settings()).kind == "ok"


def test_the_defaults_are_caps() -> None:
    assert Settings().timeout == 120
    assert Settings().memory_mb == 2048
