"""Page images of originals, drawn by pdfium in a process of its own: a hostile file can kill that one only.

pdfium is not safe in threads, so one worker draws one page at a time; results are kept in a small cache.
"""
from __future__ import annotations

import hashlib
import io
import resource
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as LateError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import pypdfium2 as pdfium

from schema.errors import RasoatError

T = TypeVar("T")
_KEPT = 48


class PageError(RasoatError):
    """There is no image of this page; ``code`` says why: ``original-gone``, ``page-unreadable``."""

    code = "page-unreadable"


class GoneError(PageError):
    code = "original-gone"


_MEMORY = 3 * 2**30
_MEMBER_BYTES = 100 * 2**20


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _open(path: str | bytes) -> Any:
    return pdfium.PdfDocument(path)


def draw(path: str | bytes, number: int, pixels: int) -> bytes | None:
    """PNG of a page (1-based), ``pixels`` wide and at most twice as high; None if it cannot be drawn."""
    try:
        document = _open(path)
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(pixels / max(width, 1.0), 2 * pixels / max(height, 1.0))
        image = page.render(scale=scale).to_pil().convert("L" if pixels < 400 else "RGB")
        held = io.BytesIO()
        image.save(held, "PNG")
        return held.getvalue()
    except (pdfium.PdfiumError, IndexError, MemoryError, ValueError):
        return None


def measure(path: str | bytes) -> list[tuple[float, float]] | None:
    """Width and height of each page as shown, in points; None if the file is no readable PDF."""
    try:
        document = _open(path)
        return [document.get_page_size(index) for index in range(min(len(document), 3000))]
    except (pdfium.PdfiumError, MemoryError):
        return None


def _member(path: str) -> bytes | None:
    """A report inside a zip archive, as the ledger names it: archive, ``!/``, name within it."""
    archive, _, inner = path.partition("!/")
    try:
        with zipfile.ZipFile(archive) as held:
            if held.getinfo(inner).file_size > _MEMBER_BYTES:
                return None
            return held.read(inner)
    except (OSError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error):  # RuntimeError: encrypted
        return None


def located(candidates: list[tuple[str, str]]) -> str | bytes:
    """The first path (or member's bytes) that still holds what was read. Raises ``GoneError``."""
    for path, wanted in candidates:
        if "!/" in path:
            body = _member(path)
            if body is not None and hashlib.sha256(body).hexdigest() == wanted:
                return body
            continue
        file = Path(path)
        try:
            with file.open("rb") as held:
                if hashlib.file_digest(held, "sha256").hexdigest() == wanted:
                    return path
        except OSError:
            continue
    raise GoneError("original-gone")


class Pages:
    """Draws and measures with a time limit; ``close`` ends the worker."""

    def __init__(self, pixels: int = 1100, seconds: float = 20.0) -> None:
        self.pixels, self.seconds = pixels, seconds
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
        with self._lock:
            self._end()

    def _cached(self, name: tuple[object, ...], work: Callable[..., T | None], *arguments: object) -> T:
        if name in self._kept:
            found: T = self._kept[name]
            return found
        made = self._run(work, *arguments)
        if made is None:
            raise PageError("page-unreadable")
        self._kept[name] = made
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made

    def image(self, candidates: list[tuple[str, str]], number: int) -> bytes:
        path = located(candidates)
        return self._cached(("image", candidates[0][1], number), draw, path, number, self.pixels)

    def sizes(self, candidates: list[tuple[str, str]]) -> list[tuple[float, float]]:
        path = located(candidates)
        return self._cached(("sizes", candidates[0][1]), measure, path)
