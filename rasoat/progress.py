"""What a run tells while it goes on, on stderr: a bar on a terminal, plain lines or JSON lines otherwise."""

from __future__ import annotations

import json
import sys
from typing import Literal, Protocol, TextIO

from rasoat import messages
from rasoat.settings import Lang
from schema.model import OutcomeKind

LogFormat = Literal["text", "json"]


class Progress(Protocol):
    """Hears of every file. ``known`` files were handled in an earlier run."""

    def total(self, files: int) -> None: ...
    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None: ...
    def skipped(self, path: str) -> None: ...
    def close(self) -> None: ...


class Quiet:
    """Says nothing."""

    def total(self, files: int) -> None: ...
    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None: ...
    def skipped(self, path: str) -> None: ...
    def close(self) -> None: ...


class Lines:
    """One line a file; files known before are only counted."""

    def __init__(self, lang: Lang, out: TextIO) -> None:
        self.lang, self.out = lang, out
        self.files = self.count = 0

    def total(self, files: int) -> None:
        self.files = files

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        self.count += 1
        if known:
            return
        said = messages.say("outcome", outcome, self.lang)
        name = messages.printable(path.rsplit("/", 1)[-1])
        why = f" [{reason}]" if reason else ""
        print(f"[{self.count}/{self.files}] {name}: {said}{why} ({seconds:.1f} s)", file=self.out, flush=True)

    def skipped(self, path: str) -> None:
        print(messages.text("skipped", self.lang, path=messages.printable(path)), file=self.out)

    def close(self) -> None: ...


class JsonLines:
    """One JSON object a line, for programs; keys never change."""

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def _write(self, event: str, **values: object) -> None:
        print(json.dumps({"event": event, **values}, ensure_ascii=False), file=self.out, flush=True)

    def total(self, files: int) -> None:
        self._write("total", files=files)

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        self._write("file", path=path, outcome=outcome, reason_code=reason, seconds=round(seconds, 3), known=known)

    def skipped(self, path: str) -> None:
        self._write("skipped", path=path)

    def close(self) -> None: ...


class Bar:
    """A bar with rate and time left, and how many files ended how."""

    def __init__(self, lang: Lang) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Rich

        self.lang = lang
        self.tally = {"ok": 0, "partial": 0, "failed": 0}
        self.bar = Rich(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[tally]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[name]}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task("", total=None, tally="", name="")
        self.bar.start()

    def total(self, files: int) -> None:
        self.bar.update(self.task, total=files)

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        group = outcome if outcome in self.tally else "failed" if outcome == "unsupported" else "ok"
        self.tally[group] += 1
        tally = f"[green]{self.tally['ok']}[/] · [yellow]{self.tally['partial']}[/] · [red]{self.tally['failed']}[/]"
        name = messages.printable(path.rsplit("/", 1)[-1])[:40]
        self.bar.update(self.task, advance=1, tally=tally, name=name)

    def skipped(self, path: str) -> None:
        self.bar.console.print(messages.text("skipped", self.lang, path=messages.printable(path)), markup=False)

    def close(self) -> None:
        self.bar.stop()


def chosen(lang: Lang, log_format: LogFormat, quiet: bool = False) -> Progress:
    """The one that suits stderr."""
    if quiet:
        return Quiet()
    if log_format == "json":
        return JsonLines(sys.stderr)
    return Bar(lang) if sys.stderr.isatty() else Lines(lang, sys.stderr)
