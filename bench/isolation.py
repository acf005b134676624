"""What a process for each file costs: a batch of 100 files against the same batch read in one process.

``python -m bench.isolation`` prints wall clock and processor time of both, each run in a fresh process and the best
of three taken, and their ratios. One file at a time, as ``rasoat ingest`` does by default.
"""

from __future__ import annotations

import random
import resource
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

FILES, RUNS, ALLOWED = 100, 3, 1.15
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


def main() -> None:
    if sys.argv[1:]:
        measure(sys.argv[1], Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        rng = random.Random(1)
        for n, made in enumerate(mixed(1, FILES)):
            made.report.meta["topic"] = [f"{n:03} {made.report.one('topic')}"]  # a name of its own for each file
            write(made, "docx" if n % 2 else "pdf", Path(folder), rng)
        runs = [[spent(side, Path(folder) / "reports") for side in SIDES] for _ in range(RUNS)]
    ratios = []
    for n, what in enumerate(("wall clock", "processor")):
        together, isolated = (min(run[side][n] for run in runs) for side in range(len(SIDES)))
        ratios.append(isolated / together)
        print(f"{what}: {together:.2f} s in one process, {isolated:.2f} s isolated, ratio {ratios[-1]:.2f}")
    if ratios[0] > ALLOWED:
        sys.exit(f"isolation adds more than {ALLOWED - 1:.0%}")


if __name__ == "__main__":
    main()
