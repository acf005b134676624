"""Files into the database, as the commands ``ingest`` and ``watch`` do it, and what they say of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.messages import render
from rasoat import messages, tuning, watch
from rasoat.batch import Batch, Summary
from rasoat.progress import LogFormat, chosen
from rasoat.settings import Lang, Settings
from rasoat.sources import database_files
from schema.catalogue import load
from schema.queries import count_findings
from schema.store import Store


@dataclass(frozen=True, slots=True)
class Intake:
    """How files are taken in: ``jobs`` at a time; ``retry`` tries failed ones again."""

    settings: Settings
    lang: Lang
    log_format: LogFormat = "text"
    jobs: int = 1
    retry: bool = False

    def run(self, db: Path, paths: Sequence[Path], kind: str = "ingest") -> Summary:
        """One batch, told on stderr while it goes on and on stdout when it is done."""
        with Store(db) as store:
            store.set_indicators((one.code, one.name_vi, one.unit, one.kind) for one in load())
            batch = Batch(
                store,
                replace(self.settings, checks=tuning.current(store)),
                lambda finding: render(finding, self.lang),
                chosen(self.lang, self.log_format),
                jobs=self.jobs,
                lang=self.lang,
                retry=self.retry,
            )
            summary = batch.run(paths, kind)
            tell(summary, store, self.lang)
        return summary

    def watch(self, db: Path, folder: Path, every: float, settle: float, say: Callable[[str], None]) -> None:
        """Take what arrives in ``folder``, looked at every ``every`` seconds. Ends by KeyboardInterrupt only."""

        def take(paths: Sequence[Path]) -> bool:
            return not self.run(db, paths, "watch").interrupted

        shown = messages.printable(str(folder))
        say(messages.text("watching", self.lang, folder=shown, settle=f"{settle:g}"))
        arrivals = watch.Arrivals(folder, settle, database_files(db))
        watch.watch(arrivals, every, take, lambda: say(messages.text("folder-lost", self.lang, folder=shown)))


def tell(summary: Summary, store: Store, lang: Lang) -> None:
    """What came in and what became of it, and what to do next."""
    if summary.interrupted:
        print(messages.text("interrupted", lang, done=summary.received, total=summary.total), file=sys.stderr)
    if summary.known and not summary.new:
        print(messages.text("nothing-new", lang, known=summary.known))
    print(messages.text("summary", lang, received=summary.received, **summary.outcomes_by_name()))
    if summary.known and summary.new:
        print(messages.text("known", lang, known=summary.known))
    print(messages.text("counts", lang, **count_findings(store.conn)))
    if summary.new:
        seconds, name = summary.slowest
        print(messages.text("slowest", lang, name=messages.printable(name), seconds=f"{seconds:.1f}"))
    if summary.bad:
        print(messages.text("next-failed", lang, db=store.path))
    print(messages.text("next-findings", lang, db=store.path), flush=True)
