"""Page images of originals, drawn by pdfium in a process of its own: a hostile file can kill that one only.

pdfium is not safe in threads, so one worker draws one page at a time; results are kept in a small cache.
"""
from __future__ import annotations

import resource
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as LateError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

from review import drawing
from review.originals import Original, PageError, Papers

T = TypeVar("T")
_KEPT = 96
_MEMORY = 3 * 2**30


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


class Pages:
    """Draws, measures and finds words with a time limit; ``close`` ends the worker."""

    def __init__(self, papers: Papers, pixels: int = 1100, seconds: float = 20.0) -> None:
        self.papers, self.pixels, self.seconds = papers, pixels, seconds
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], Any] = OrderedDict()

    def _run(self, work: Callable[..., T | None], *arguments: object) -> T | None:
        # The lock makes the limit count the work itself, not the time spent behind other pages.
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_limit)
            try:
                return self._pool.submit(work, *arguments).result(self.seconds)
            except (LateError, BrokenProcessPool):
                self._end()
                return None

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # a hung pdfium ends only by being killed
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        self.papers.close()
        with self._lock:
            self._end()

    def _asked(self, original: Original, work: Callable[..., T | None], *arguments: object) -> T:
        paper = self.papers.of(original)
        name = (work.__name__, original.sha256, *arguments)
        if name not in self._kept:
            made = self._run(work, paper, *arguments)
            if made is None:
                raise PageError()
            self._kept[name] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        found: T = self._kept[name]
        return found

    def image(self, original: Original, number: int) -> bytes:
        return self._asked(original, drawing.draw, number, self.pixels)

    def sizes(self, original: Original) -> list[tuple[float, float]]:
        return self._asked(original, drawing.measure)

    def places(self, original: Original, wanted: Sequence[tuple[str, str]]) -> list[list[drawing.Box]]:
        """Where words stand, each given with what stands before them; an empty list for words that are not found."""
        return self._asked(original, drawing.find, tuple(wanted))
