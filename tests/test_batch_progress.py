"""What a run tells while it goes on: lines, JSON lines, and a bar."""

from __future__ import annotations

import io
import json

from rich.console import Console

from rasoat.progress import Bar, JsonLines, Lines


def test_lines_name_a_file_that_takes_long_once() -> None:
    out = io.StringIO()
    lines = Lines("vi", out)
    lines.total(2)
    for seconds in (1.0, 31.0, 32.0):
        lines.waiting("/in/xa-\x1b[31m.pdf", seconds)
    lines.done("/in/a.pdf", "failed", "timeout", 120.0, False)
    lines.done("/in/b.pdf", "ok", None, 0.1, True)
    assert out.getvalue() == "Vẫn đang đọc xa-�[31m.pdf (31 giây)\n[1/2] a.pdf: không đọc được [timeout] (120.0 s)\n"


def test_json_lines_are_one_object_each() -> None:
    out = io.StringIO()
    lines = JsonLines(out)
    lines.total(1)
    lines.waiting("/in/a.pdf", 40.0)
    lines.done("/in/a\n.pdf", "ok", None, 41.0, False)
    lines.skipped("/in/.x")
    lines.summed({"received": 1})
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["total", "waiting", "file", "skipped", "end"]


def test_the_bar_tells_rate_outcomes_and_the_slowest_file() -> None:
    out = io.StringIO()
    bar = Bar("vi", Console(file=out, force_terminal=True, width=200, color_system=None))
    bar.total(4)
    bar.done("/in/a.pdf", "ok", None, 0.5, False)
    bar.done("/in/b.pdf", "partial", "ocr-failed", 7.0, False)
    bar.done("/in/c.pdf", "unsupported", "ocr-missing", 0.1, False)
    bar.waiting("/in/[bold]slow.pdf", 9.0)
    bar.bar.refresh()
    bar.close()
    shown = out.getvalue()
    assert "3/4" in shown
    assert "1 đọc đủ · 1 một phần · 1 không đọc được" in shown
    assert "tệp/giây" in shown
    assert "Lâu nhất: [bold]slow.pdf (9.0 giây)" in shown
