"""What the README shows is what the program prints, and its links lead somewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import regex

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def rasoat(*words: str) -> str:
    env = {**os.environ, "COLUMNS": "100", "RASOAT_LANG": "vi"}
    done = subprocess.run([sys.executable, "-m", "rasoat", *words], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr + done.stdout


def test_the_finding_shown_is_the_finding_printed(tmp_path: Path) -> None:
    db = str(tmp_path / "demo.db")
    printed = rasoat("ingest", "samples/reports", "--db", db) + rasoat("findings", "--db", db)
    blocks = regex.findall(r"```\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), regex.DOTALL)
    shown = next(block for block in blocks if "không khớp" in block)
    without_numbers = [regex.sub(r"phát hiện \d+", "phát hiện", line) for line in printed.splitlines()]
    missing = [
        line for line in shown.splitlines() if regex.sub(r"phát hiện \d+", "phát hiện", line) not in without_numbers
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = regex.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_view_is_documented(tmp_path: Path) -> None:
    import sqlite3

    db = tmp_path / "demo.db"
    rasoat("ingest", "samples/reports", "--db", str(db))
    with sqlite3.connect(db) as conn:
        views = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    text = (ROOT / "docs/database.md").read_text("utf-8")
    assert {view for view in views if f"`{view}`" not in text} == set()
