"""The file a report was read from, as something that has pages: itself, or what LibreOffice prints of it."""
from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import zipfile
import zlib
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from review.ports import Print
from schema.errors import RasoatError

_MEMBER_BYTES = 100 * 2**20
_FAILED = 500
PAGED = frozenset({"pdf", "scan"})


class PageError(RasoatError):
    """There is no image of this page; ``code`` says why and names the label that tells it."""

    code = "page-unreadable"


class GoneError(PageError):
    code = "original-gone"


class PagelessError(PageError):
    """The format has no pages, and nothing here can print it."""

    code = "no-pages"


class ComingError(PageError):
    """It is being printed; ask again in a few seconds."""

    code = "pages-coming"


@dataclass(frozen=True, slots=True)
class Original:
    """What was read: its hash and format, and where it was then, newest first. Paths are never shown to anyone."""

    sha256: str
    format: str
    paths: tuple[str, ...]


def located(original: Original) -> str | bytes:
    """The first path (or archive member's bytes) that still holds what was read. Raises ``GoneError``."""
    for path in original.paths:
        if "!/" in path:
            body = _member(path)
            if body is not None and hashlib.sha256(body).hexdigest() == original.sha256:
                return body
            continue
        try:
            with Path(path).open("rb") as held:
                if hashlib.file_digest(held, "sha256").hexdigest() == original.sha256:
                    return path
        except OSError:
            continue
    raise GoneError()


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


class Papers:
    """Gives each original as a PDF. Word files are printed one at a time beside the server, once, and kept."""

    def __init__(self, folder: Path, printer: Print | None) -> None:
        self.folder, self._print = folder, printer
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="print")
        self._lock = threading.Lock()
        self._coming: set[str] = set()
        self._failed: OrderedDict[str, None] = OrderedDict()

    @property
    def prints(self) -> bool:
        return self._print is not None

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    def of(self, original: Original) -> str | bytes:
        """A path, or the bytes. Raises ``GoneError``, ``PagelessError`` or ``ComingError``."""
        if original.format in PAGED:
            return located(original)
        kept = self.folder / f"{original.sha256}.pdf"
        if kept.exists():
            return str(kept)
        if self._print is None:
            raise PagelessError()
        source = located(original)
        with self._lock:
            if original.sha256 in self._failed:
                raise PagelessError()
            if original.sha256 not in self._coming:
                self._coming.add(original.sha256)
                self._worker.submit(self._make, original.sha256, source, kept)
        raise ComingError()

    def _make(self, sha256: str, source: str | bytes, kept: Path) -> None:
        made = None
        try:
            body = source if isinstance(source, bytes) else Path(source).read_bytes()
            made = self._print(body) if self._print else None
            if made:
                self.folder.mkdir(mode=0o700, exist_ok=True)
                with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as out:
                    out.write(made)
                os.replace(out.name, kept)  # noqa: PTH105  # whole or not at all
        finally:
            with self._lock:
                self._coming.discard(sha256)
                if not made:
                    self._failed[sha256] = None
                    while len(self._failed) > _FAILED:
                        self._failed.popitem(last=False)
