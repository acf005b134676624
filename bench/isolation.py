"""What a process for each file costs: a batch of 100 files against the same batch read in one process.

``python -m bench.isolation`` prints wall clock and processor time of both, each run in a fresh process and the better
taken, and their ratios. One file at a time, as ``rasoat ingest`` does by default.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

from checks.messages import render
from rasoat.batch import Batch
from rasoat.client import Answer
from rasoat.progress import Quiet
from rasoat.server import Task
from rasoat.settings import Settings
from samples.generate import mixed, write
from schema.store import Store

FILES, RUNS, ALLOWED = 100, 2, 1.15
SHORT, USUAL = 1, 4  # generated reports in one; four hold about as many figures as a commune's yearly report
SIDES = ("together", "isolated")


class InProcess:
    """Reads each file here and now, without any guard."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tasks: deque[Task] = deque()

    def submit(self, task: Task) -> None:
        self.tasks.append(task)

    def answer(self, seconds: float) -> Answer | None:
        from rasoat.pipeline import process  # late: the isolated side loads it in its server

        task = self.tasks.popleft()
        return Answer(task.key, process(task.data, task.name, self.settings), {})

    def close(self) -> None: ...


def measure(side: str, reports: Path) -> None:
    """Read ``reports`` into a new database; prints seconds of wall clock and of processor."""
    settings = Settings()
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "a.db") as store:
        reader = InProcess(settings) if side == "together" else None
        batch = Batch(store, settings, lambda found: render(found, "vi"), Quiet(), reader=reader)
        summary = batch.run([reports])
        if summary.outcomes != {"ok": FILES}:
            raise SystemExit(f"{side}: {dict(summary.outcomes)}")
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(time.perf_counter() - begun, sum(one.ru_utime + one.ru_stime for one in spent))


def spent(side: str, reports: Path) -> tuple[float, float]:
    """Wall clock and processor seconds of one run."""
    command = [sys.executable, "-m", "bench.isolation", side, str(reports)]
    wall, processor = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(wall), float(processor)


def build(folder: Path, parts: int) -> int:
    """``FILES`` reports, each of ``parts`` generated ones; returns the median number of characters."""
    made = list(mixed(1, FILES * parts))
    rng, lengths = random.Random(1), []
    for n in range(FILES):
        first, *others = made[n * parts : (n + 1) * parts]
        for other in others:
            first.report.blocks.extend(other.report.blocks)
        first.report.meta["topic"] = [f"{n:03} {first.report.one('topic')}"]  # a name of its own for each file
        write(first, "docx" if n % 2 else "pdf", folder, rng)
        lengths.append(sum(len(block.text) for block in first.report.blocks))
    return int(statistics.median(lengths))


def compare(parts: int) -> float:
    """Prints what isolation costs for reports of that many parts; returns the ratio of wall clocks."""
    with tempfile.TemporaryDirectory() as folder:
        length = build(Path(folder), parts)
        runs = [[spent(side, Path(folder) / "reports") for side in SIDES] for _ in range(RUNS)]
    print(f"{FILES} reports of about {length} characters")
    ratios = []
    for n, what in enumerate(("wall clock", "processor")):
        together, isolated = (min(run[side][n] for run in runs) for side in range(len(SIDES)))
        ratios.append(isolated / together)
        print(f"  {what}: {together:.2f} s in one process, {isolated:.2f} s isolated, ratio {ratios[-1]:.2f}")
    return ratios[0]


def main() -> None:
    if sys.argv[1:]:
        measure(sys.argv[1], Path(sys.argv[2]))
        return
    compare(SHORT)
    if compare(USUAL) > ALLOWED:
        sys.exit(f"isolation adds more than {ALLOWED - 1:.0%} to reports of usual length")


if __name__ == "__main__":
    main()
