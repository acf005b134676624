"""What happens inside the one process of one file: limits on, outside world off, work, answer, end.

The answer goes through a pipe: first, for a file with scanned pages, ``D`` and its deadline in seconds (eight bytes),
then ``R``, a length (eight bytes) and the pickled outcome with the seconds each stage took.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import resource
import signal
import struct
import sys
import time
from pathlib import Path

from ingest import scans
from ingest.limits import Limits
from rasoat import pipeline
from rasoat.settings import Settings

DEADLINE, LENGTH = struct.Struct("=d"), struct.Struct("=Q")
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def run(data: bytes, name: str, settings: Settings, answer: int, temp: Path) -> None:
    """Process one file and write the answer to the file descriptor ``answer``. Returns only when all is written."""
    os.setsid()  # one group for this process and all that it starts: killed as one
    _limit(settings)
    os.environ["TMPDIR"] = str(temp)
    import tempfile

    tempfile.tempdir = None  # forget the server's choice
    if pages := scans.count(data, Limits(), settings.ocr):
        _write(answer, b"D" + DEADLINE.pack(settings.timeout + pages * settings.scan_page_seconds))
    watch = _Stopwatch()
    outcome = pipeline.process(data, name, settings, on_stage=watch.stage)
    told = pickle.dumps((outcome, watch.seconds()), protocol=pickle.HIGHEST_PROTOCOL)
    _write(answer, b"R" + LENGTH.pack(len(told)) + told)
    os.close(answer)  # the server need not wait until this process is taken down


class _Stopwatch:
    def __init__(self) -> None:
        self._marks: list[tuple[str, float]] = []

    def stage(self, name: str) -> None:
        self._marks.append((name, time.perf_counter()))

    def seconds(self) -> dict[str, float]:
        """Seconds by stage, to the millisecond."""
        ends = [mark for _, mark in self._marks[1:]] + [time.perf_counter()]
        return {name: round(end - mark, 3) for (name, mark), end in zip(self._marks, ends, strict=True)}


def _write(answer: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(answer, view) :]


def _limit(settings: Settings) -> None:
    """The address space backs up the server's watch on resident memory; it must leave room for mapped libraries."""
    space = (settings.memory_mb + settings.memory_mb // 2 + 1024) << 20
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    die_with_parent()
    with contextlib.suppress(OSError):  # when memory runs out, the kernel shall take this process first
        Path("/proc/self/oom_score_adj").write_text("1000")


def die_with_parent() -> None:
    """Linux: get SIGKILL when the parent dies. Elsewhere the closed pipe ends us at the next write."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Linux: what a dead child had started becomes ours, so that it can be found and ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
