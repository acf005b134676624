"""What a run tells while it goes on, on stderr: a bar on a terminal, plain lines or JSON lines otherwise."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Protocol, TextIO

from rasoat import messages
from rasoat.settings import Lang
from schema.model import OutcomeKind

if TYPE_CHECKING:
    from rich.console import Console

LogFormat = Literal["text", "json"]
LONG = 30.0  # seconds after which a file at work is named where there is no bar


class Progress(Protocol):
    """Hears of every file. ``known`` files were handled in an earlier run.

    ``waiting`` tells, now and then, which file has been at work longest and for how many seconds; ``summed`` gets the
    run report, after ``close``.
    """

    def total(self, files: int) -> None: ...
    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None: ...
    def waiting(self, path: str, seconds: float) -> None: ...
    def skipped(self, path: str) -> None: ...
    def close(self) -> None: ...
    def summed(self, report: Mapping[str, object]) -> None: ...


class Quiet:
    """Says nothing."""

    def total(self, files: int) -> None: ...
    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None: ...
    def waiting(self, path: str, seconds: float) -> None: ...
    def skipped(self, path: str) -> None: ...
    def close(self) -> None: ...
    def summed(self, report: Mapping[str, object]) -> None: ...


class Lines(Quiet):
    """One line a file, and one for a file that takes long; files known before are only counted."""

    def __init__(self, lang: Lang, out: TextIO) -> None:
        self.lang, self.out = lang, out
        self.files = self.count = 0
        self.told = ""

    def total(self, files: int) -> None:
        self.files = files

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        self.count += 1
        if known:
            return
        said = messages.say("outcome", outcome, self.lang)
        why = f" [{reason}]" if reason else ""
        print(f"[{self.count}/{self.files}] {_name(path)}: {said}{why} ({seconds:.1f} s)", file=self.out, flush=True)

    def waiting(self, path: str, seconds: float) -> None:
        if seconds >= LONG and path != self.told:
            self.told = path
            words = messages.text("still-reading", self.lang, name=_name(path), seconds=f"{seconds:.0f}")
            print(words, file=self.out, flush=True)

    def skipped(self, path: str) -> None:
        print(messages.text("skipped", self.lang, path=messages.printable(path)), file=self.out)


class JsonLines(Quiet):
    """One JSON object a line, for programs; keys never change."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.told = ""

    def _write(self, event: str, **values: object) -> None:
        print(json.dumps({"event": event, **values}, ensure_ascii=False), file=self.out, flush=True)

    def total(self, files: int) -> None:
        self._write("total", files=files)

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        self._write("file", path=path, outcome=outcome, reason_code=reason, seconds=round(seconds, 3), known=known)

    def waiting(self, path: str, seconds: float) -> None:
        if seconds >= LONG and path != self.told:
            self.told = path
            self._write("waiting", path=path, seconds=round(seconds, 3))

    def skipped(self, path: str) -> None:
        self._write("skipped", path=path)

    def summed(self, report: Mapping[str, object]) -> None:
        self._write("end", **report)


class Bar(Quiet):
    """A bar with files a second, time left, how many files ended how, and the slowest file by name."""

    def __init__(self, lang: Lang, console: Console | None = None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Rich

        self.lang = lang
        self.tally = {"ok": 0, "partial": 0, "failed": 0}
        self.slowest = (0.0, "")
        self.begun = time.monotonic()
        self.bar = Rich(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[tally]}"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[slowest]}", markup=False),
            console=console or Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task("", total=None, tally="", rate="", slowest="")
        self.bar.start()

    def total(self, files: int) -> None:
        self.bar.update(self.task, total=files)

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        group = outcome if outcome in self.tally else "failed" if outcome == "unsupported" else "ok"
        self.tally[group] += 1
        colours = zip(self.tally, ("green", "yellow", "red"), strict=True)
        tally = " · ".join(
            f"[{colour}]{self.tally[kind]} {messages.say('outcome', kind, self.lang)}[/]" for kind, colour in colours
        )
        rate = sum(self.tally.values()) / max(time.monotonic() - self.begun, 0.001)
        self.bar.update(self.task, advance=1, tally=tally, rate=messages.text("rate", self.lang, files=f"{rate:.1f}"))
        self.waiting(path, seconds)

    def waiting(self, path: str, seconds: float) -> None:
        """A file at work or done: the slowest so far is shown."""
        self.slowest = max(self.slowest, (seconds, _name(path)[:40]))
        shown = messages.text("slowest", self.lang, name=self.slowest[1], seconds=f"{self.slowest[0]:.1f}")
        self.bar.update(self.task, slowest=shown)

    def skipped(self, path: str) -> None:
        self.bar.console.print(messages.text("skipped", self.lang, path=messages.printable(path)), markup=False)

    def close(self) -> None:
        self.bar.stop()


def _name(path: str) -> str:
    return messages.printable(path.rsplit("/", 1)[-1])


def chosen(lang: Lang, log_format: LogFormat, quiet: bool = False) -> Progress:
    """The one that suits stderr."""
    if quiet:
        return Quiet()
    if log_format == "json":
        return JsonLines(sys.stderr)
    return Bar(lang) if sys.stderr.isatty() else Lines(lang, sys.stderr)
