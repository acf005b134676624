"""A batch that cannot be stopped and loses nothing, shown the hard way: ``python -m bench.soak``.

1. 5,000 mutated inputs go through the real reading processes: none may be lost, outlive its cap, or leave a process, a
   file descriptor or a temporary file behind, and the memory of the batch stays flat.
2. A batch of 60 files is killed (``kill -9``) at random moments, 200 times in all, and run again each time until it
   ends: the database must equal that of an undisturbed run, row for row.

Seeded; prints its figures; exit status 1 when a promise is broken. ``--kills N --inputs N --seed N`` for less or more.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.fuzzing import inputs, packed
from checks.messages import render
from ingest import scans
from ingest.limits import Limits
from rasoat.batch import Batch
from rasoat.progress import Quiet
from rasoat.settings import Settings
from samples.docx_file import docx_bytes
from samples.generate import mixed
from samples.pdf_file import pdf_bytes
from schema.model import OutcomeKind
from schema.store import Store
from schema.verify import broken

FILES = 60
CAP = Settings(timeout=20, memory_mb=1024)
GRACE = 2.0  # seconds that a stopped file may have run over its cap: the server looks at the clock every 0.1 s
GROWTH = 1.10  # how much the memory of the batch may grow after its first tenth
CLOCKED = {"received_at", "finished_at", "seconds", "attempts", "run_id"}  # what a repetition cannot keep


# Killed again and again


def sixty(folder: Path) -> None:
    """Reports in both formats; copies, an archive, and files that cannot be read among them."""
    folder.mkdir()
    for n, made in enumerate(mixed(7, FILES - 8)):
        ending, data = ("docx", docx_bytes(made.report)) if n % 3 else ("pdf", pdf_bytes(made.report))
        (folder / f"{n:02}.{ending}").write_bytes(data)
    some = (folder / "01.docx").read_bytes()
    for name, data in {
        "copy-of-01.docx": some, "zz-copy.pdf": (folder / "03.pdf").read_bytes(),
        "empty.pdf": b"", "words.pdf": b"words", "cut.docx": some[:9000], "cut-too.docx": some[:9000],
        "broken.zip": packed({"a.docx": some})[:500],
        "many.zip": packed({"x/a.docx": some, "x/b.docx": some[:7000], "x/c.txt": b"c"}),
    }.items():  # fmt: skip
        (folder / name).write_bytes(data)


def rows(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that the public views hold but times, attempts and runs."""
    with closing(sqlite3.connect(db)) as conn:
        found = {}
        for (view,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'view' AND name <> 'runs'").fetchall():
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({view})")]
            kept = ", ".join(name for name in columns if name not in CLOCKED)
            found[view] = sorted(conn.execute(f"SELECT {kept} FROM {view}").fetchall(), key=repr)
    return found


def ingest(given: Path, db: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "rasoat", "ingest", str(given), "--db", str(db), "--jobs", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def killed_until_done(given: Path, db: Path, rng: random.Random, longest: float, most: int) -> int:
    """Run a batch to its end through at most ``most`` kills, each after up to ``longest`` seconds; how many it took."""
    for kills in range(most):
        process = ingest(given, db)
        try:
            process.wait(timeout=rng.uniform(0, longest))
            return kills
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    ingest(given, db).wait()
    return most


def kills(base: Path, seed: int, wanted: int) -> bool:
    """Rounds of killing until there were ``wanted`` kills; whether all databases are equal."""
    rng, given = random.Random(seed), base / "given"
    sixty(given)
    begun = time.monotonic()
    ingest(given, base / "whole.db").wait()
    undisturbed = time.monotonic() - begun
    expected = rows(base / "whole.db")
    done = rounds = 0
    differing: Counter[str] = Counter()
    while done < wanted:
        db = base / f"{rounds}.db"
        # at most 40 kills a round, so that each round also shows some way into the batch
        done += killed_until_done(given, db, rng, undisturbed * 0.4, min(40, wanted - done))
        rounds += 1
        found = rows(db)
        differing.update(view for view in expected if found[view] != expected[view])
        with Store(db) as store:
            differing.update(broken(store.conn))
        db.unlink()
    count = sum(map(len, expected.values()))
    print(f"kills: {done} of a batch of {FILES} files ({undisturbed:.1f} s undisturbed), {rounds} databases")
    print(f"       {count} rows in {len(expected)} views compared; different: {dict(differing) or 'none'}")
    return not differing


# Mutated inputs


@dataclass
class Watch(Quiet):
    """Looks at the batch's own process after every file."""

    outcomes: Counter[OutcomeKind] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    longest: float = 0.0
    over: float = 0.0

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        self.outcomes[outcome] += 1
        self.longest = max(self.longest, seconds)
        self.over = max(self.over, _over(Path(path), seconds))
        self.memory.append(int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
        self.descriptors.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))


def _over(path: Path, seconds: float) -> float:
    """How long a file was read beyond its cap, which each page that waits for OCR lengthens."""
    beyond = seconds - CAP.timeout - GRACE
    if beyond > 0 and path.is_file():
        beyond -= scans.count(path.read_bytes(), Limits(), CAP.ocr) * CAP.scan_page_seconds
    return max(0.0, round(beyond, 1))


def leftovers(temp: Path) -> int:
    """Processes but our own whose temporary folder is ``temp``: those that the batch started, and all they did."""
    mark, found = f"TMPDIR={temp}".encode(), 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it may end while we look
            found += process.name != str(os.getpid()) and mark in (process / "environ").read_bytes()
    return found


def fuzz(base: Path, seed: int, count: int) -> bool:
    """Whether ``count`` mutated inputs kept every promise."""
    given, temp = base / "mutated", base / "temp"
    given.mkdir()
    temp.mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(temp)
    for name, data in inputs(seed, count):
        (given / name).write_bytes(data)
    watch, began = Watch(), time.monotonic()
    with Store(base / "mutated.db") as store:
        summary = Batch(store, CAP, lambda found: render(found, "vi"), watch, jobs=2).run([given])
        wall = time.monotonic() - began
        ledger = [path for (path,) in store.conn.execute("SELECT path FROM files")]
        reasons = Counter(code for (code,) in store.conn.execute("SELECT coalesce(reason_code, 'ok') FROM files"))
        internal = store.conn.execute(
            "SELECT detail, count(*) FROM files WHERE reason_code = 'internal-error' GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall()
        promises = list(broken(store.conn))
    entered = {path.split("!/", 1)[0] for path in ledger}
    early, late = watch.memory[len(watch.memory) // 10], max(watch.memory)
    checks = {
        "lost files": sum(str(path) not in entered for path in given.iterdir()),
        "ledger rows unlike received": abs(len(ledger) - summary.received),
        "seconds over the cap": watch.over,
        "processes left": leftovers(temp),
        "temporary files left": sum(1 for _ in temp.iterdir()),
        "descriptors gained": max(watch.descriptors[-1] - watch.descriptors[0], 0),
        "memory grown beyond bounds": int(late > GROWTH * early),
        "promises of the database broken": len(promises),
    }
    print(f"inputs: {count} mutated, {summary.received} files in the ledger, {wall:.0f} s")
    print(f"       outcomes {dict(watch.outcomes)}")
    print(f"       reasons {dict(reasons.most_common())}; longest {watch.longest:.1f} s")
    print(f"       memory of the batch {early >> 20} MiB after a tenth, {late >> 20} MiB at most")
    print("       " + ", ".join(f"{what}: {number}" for what, number in checks.items()))
    for detail, times in [*internal, *((line, 1) for line in promises)]:
        print(f"       {times} x {detail}")
    return not any(checks.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--inputs", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="rasoat-soak-"))
    try:
        good = [fuzz(base, args.seed, args.inputs)] if args.inputs else []
        good += [kills(base, args.seed, args.kills)] if args.kills else []
    finally:
        shutil.rmtree(base)
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
