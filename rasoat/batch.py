"""Many files: each in a process of its own, every one into the ledger, stored in one stable order.

Results are stored in the order in which files were found, however many are read at a time. So two runs over the same
files give equal databases, and a run that was killed goes on exactly where it stood.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Protocol

from rasoat import messages, recheck, sources
from rasoat.client import Answer, Client
from rasoat.progress import Progress
from rasoat.server import Task
from rasoat.settings import Lang, Settings
from rasoat.sources import Item
from schema.errors import Reason
from schema.findings import Render
from schema.ledger import STORED, Claim
from schema.model import Outcome, OutcomeKind
from schema.store import Store

KINDS: tuple[OutcomeKind, ...] = ("ok", "partial", "duplicate", "unsupported", "failed")
AHEAD = 32  # finished files that may wait for a slow one before them


@dataclass(slots=True)
class Summary:
    """What became of the files of one run. ``known`` of them had been handled by earlier runs."""

    outcomes: Counter[OutcomeKind] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    known: int = 0
    skipped: int = 0
    slowest: tuple[float, str] = (0.0, "")
    stored: list[int] = field(default_factory=list)
    interrupted: bool = False
    total: int = 0
    seconds: float = 0.0

    @property
    def received(self) -> int:
        return sum(self.outcomes.values())

    @property
    def new(self) -> int:
        return self.received - self.known

    @property
    def bad(self) -> int:
        """How many files are not wholly there."""
        return self.received - self.outcomes["ok"] - self.outcomes["duplicate"]

    def outcomes_by_name(self) -> dict[str, int]:
        return {kind: self.outcomes[kind] for kind in KINDS}

    def as_json(self) -> dict[str, object]:
        """The run report kept in ``runs``; ``rasoat verify`` adds its numbers up again."""
        return {
            "total": self.total,
            "received": self.received,
            "known": self.known,
            "skipped": self.skipped,
            "interrupted": self.interrupted,
            **self.outcomes_by_name(),
            "reasons": dict(sorted(self.reasons.items())),
            "seconds": round(self.seconds, 1),
            "slowest": {"file": self.slowest[1], "seconds": round(self.slowest[0], 1)},
        }


class Reader(Protocol):
    """Reads the files handed to it, in whichever order; each gets an answer. ``close`` ends what is still at work."""

    def submit(self, task: Task) -> None: ...
    def answer(self, seconds: float) -> Answer | None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class _Slot:
    """A file between its claim and its place in the database."""

    item: Item
    claim: Claim
    outcome: Outcome | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    since: float = field(default_factory=time.monotonic)
    after: _Slot | None = None  # same bytes, found earlier in this run and not stored yet

    @property
    def finished(self) -> bool:
        return self.claim.todo != "process" or self.outcome is not None or self.after is not None


class Batch:
    """One run over ``paths``. Not for use from several threads; several processes may run at once on one database."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        render: Render,
        progress: Progress,
        *,
        jobs: int = 1,
        lang: Lang = "vi",
        retry: bool = False,
        reader: Reader | None = None,
    ) -> None:
        self.store, self.settings, self.render, self.progress = store, settings, render, progress
        self.jobs, self.lang, self.retry = jobs, lang, retry
        self.summary = Summary()
        self._reader = reader or Client(settings, jobs)
        self._slots: deque[_Slot] = deque()
        self._open: dict[int, _Slot] = {}
        self._by_hash: dict[str, _Slot] = {}  # not settled yet
        self._bad: dict[str, Outcome] = {}  # failures of this run by hash, for the twins that come later
        self._run_id = 0

    def run(self, paths: Iterable[Path], kind: str = "ingest") -> Summary:
        """Handle all files. On KeyboardInterrupt all that is stored stays, and the summary says it was interrupted."""
        paths, begun = list(paths), time.monotonic()
        self.store.conn.execute("PRAGMA synchronous = NORMAL")  # what a power failure takes is read again
        found = list(sources.walk(paths, self._skip, exclude=sources.database_files(self.store.path)))
        self._run_id = self.store.begin_run(kind, [sources.shown(path.absolute()) for path in paths])
        self.summary.total = len(found)
        self.progress.total(len(found))
        try:
            self._work(chain.from_iterable(self._items(path) for path in found))
            recheck.between(self.store, self.render, self.settings.checks, pending=True)
        except KeyboardInterrupt:
            self.summary.interrupted = True
        finally:
            self._reader.close()
            self.progress.close()
        self.summary.seconds = time.monotonic() - begun
        report = self.summary.as_json()
        self.store.end_run(self._run_id, report)
        self.progress.summed(report)
        return self.summary

    def _items(self, path: Path) -> Iterator[Item]:
        """The file behind a path; an archive's members count as files, the archive itself does not."""
        for n, item in enumerate(sources.items(path, self.settings)):
            if n:
                self.summary.total += 1
                self.progress.total(self.summary.total)
            yield item

    def _skip(self, path: str) -> None:
        self.summary.skipped += 1
        self.progress.skipped(path)

    def _work(self, items: Iterator[Item]) -> None:
        item = next(items, None)
        while item is not None or self._slots:
            while item is not None and len(self._open) <= self.jobs and len(self._slots) < AHEAD:
                self._take(item)
                item = next(items, None)
            while self._slots and self._slots[0].finished:
                self._settle(self._slots.popleft())
            if self._open:
                self._listen()

    def _take(self, item: Item) -> None:
        """Claim a file and start its work, if there is any."""
        claim = self.store.claim(item.received, self._run_id, self._sentence, retry=self.retry)
        slot = _Slot(item, claim)
        self._slots.append(slot)
        if claim.todo != "process":
            return
        if item.problem is not None or item.data is None:
            problem = item.problem or Reason.UNREADABLE
            slot.outcome = Outcome("failed", problem, item.detail)
            return
        slot.after = self._by_hash.get(item.received.sha256)
        slot.outcome = self._bad.get(item.received.sha256)
        if not slot.finished:
            self._by_hash[item.received.sha256] = slot
            self._open[claim.file_id] = slot
            self._reader.submit(Task(claim.file_id, item.data, item.received.file_name))
        slot.item = Item(item.received)  # bytes that wait for nothing are not kept

    def _listen(self) -> None:
        answer = self._reader.answer(seconds=0.5)
        if answer is None:
            oldest = min(self._open.values(), key=lambda slot: slot.since)
            self.progress.waiting(oldest.item.received.path, time.monotonic() - oldest.since)
            return
        slot = self._open.pop(answer.key)
        slot.outcome, slot.seconds = answer.outcome, answer.seconds

    def _settle(self, slot: _Slot) -> None:
        """Store a finished file. A twin of an earlier file shares that one's failure, or is its duplicate."""
        received, kind, reason = slot.item.received, slot.claim.outcome, slot.claim.reason
        outcome = slot.after.outcome if slot.after else slot.outcome
        if slot.claim.todo == "process" and outcome is not None:
            again = slot.claim.outcome == "partial"
            kind, report_id = self.store.save(
                slot.claim.file_id, outcome, self._sentence, self.render, slot.seconds, again=again
            )
            if kind == outcome.kind:
                reason = outcome.reason and outcome.reason.value
            elif kind == "duplicate":
                reason = Reason.DUPLICATE.value
            if report_id is not None:
                self.summary.stored.append(report_id)
        if outcome is not None and self._by_hash.get(received.sha256) is slot:
            del self._by_hash[received.sha256]
            # twins may still need the failure, never the text
            slot.outcome = Outcome(outcome.kind, outcome.reason, outcome.detail)
            if outcome.kind not in STORED:
                self._bad[received.sha256] = slot.outcome
        self._count(slot, kind, reason)
        self.progress.done(received.path, kind, reason, sum(slot.seconds.values()), slot.claim.todo == "known")

    def _count(self, slot: _Slot, kind: OutcomeKind, reason: str | None) -> None:
        self.summary.outcomes[kind] += 1
        self.summary.reasons.update([reason] if reason else [])
        self.summary.known += slot.claim.todo == "known"
        self.summary.slowest = max(self.summary.slowest, (sum(slot.seconds.values()), slot.item.received.file_name))

    def _sentence(self, reason: Reason, detail: str) -> str:
        return messages.reason(reason, self.lang, detail)
