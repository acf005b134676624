"""A watched folder: each file is read once it has come to rest.

The folder is looked at again and again, since a network share tells nobody of new files. Nothing is kept between runs
but the ledger, and nothing in the folder is ever changed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from rasoat import sources

Look: TypeAlias = tuple[int, int, int]  # size in bytes, time of change in ns, inode


@dataclass(slots=True)
class Arrivals:
    """Which files have kept their size and time for ``settle`` seconds and were not taken as they are now.

    ``exclude`` names files of our own. A file that changes after it was taken arrives once more.
    """

    folder: Path
    settle: float
    exclude: frozenset[Path] = frozenset()
    _seen: dict[Path, tuple[Look, float]] = field(default_factory=dict)
    _taken: dict[Path, Look] = field(default_factory=dict)

    def settled(self, now: float) -> list[Path]:
        """The files to take at the moment ``now`` (seconds of any clock that only goes forward), in stable order."""
        looks = {path: look for path in sources.walk([self.folder], exclude=self.exclude) if (look := _look(path))}
        self._seen = {path: self._since(path, look, now) for path, look in looks.items()}
        self._taken = {path: look for path, look in self._taken.items() if path in looks}
        ready = [
            path
            for path, (look, since) in self._seen.items()
            if now - since >= self.settle and self._taken.get(path) != look
        ]
        self._taken.update((path, looks[path]) for path in ready)
        return ready

    def _since(self, path: Path, look: Look, now: float) -> tuple[Look, float]:
        before = self._seen.get(path)
        return before if before and before[0] == look else (look, now)


def _look(path: Path) -> Look | None:
    """None for a file that has gone between the listing and the look."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def watch(
    arrivals: Arrivals, every: float, take: Callable[[Sequence[Path]], bool], lost: Callable[[], None]
) -> None:
    """Hand each file that has come to rest to ``take``, until that answers False or KeyboardInterrupt comes.

    ``lost`` hears once of a folder that cannot be listed, such as a share that is gone; watching goes on.
    """
    reachable = True
    while True:
        if os.access(arrivals.folder, os.R_OK | os.X_OK):
            reachable = True
            ready = arrivals.settled(time.monotonic())
            if ready and not take(ready):
                return
        elif reachable:
            reachable = False
            lost()
        time.sleep(every)
