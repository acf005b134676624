"""Where files come from: paths, folders and archives, as received items in one stable order."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rasoat.settings import Settings
from schema.errors import ReadError, Reason
from schema.ledger import Received

CHUNK = 1 << 20
JUNK = frozenset({"thumbs.db", "desktop.ini"})
Skip = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Item:
    """One received file. ``data`` is None when ``problem`` says why there is nothing to read."""

    received: Received
    data: bytes | None = None
    problem: Reason | None = None
    detail: str = ""


def is_temporary(name: str) -> bool:
    """Hidden files, and what office programs and systems leave beside documents (``~$bao-cao.docx``)."""
    return (
        name.startswith((".", "~$", "~WRL")) or name.lower() in JUNK or name.lower().endswith((".tmp", ".crdownload"))
    )


def walk(
    paths: Iterable[Path], skip: Skip = lambda path: None, exclude: frozenset[Path] = frozenset()
) -> Iterator[Path]:
    """All files under the paths, each once, in the order of their absolute paths; ``skip`` hears what is left out.

    Paths that are named themselves are always taken, even missing ones: they end in the ledger.
    """
    named: dict[Path, None] = {}
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would follow links: two names, one file
        if absolute.is_dir():
            named.update(dict.fromkeys(_folder(absolute, skip)))
        else:
            named[absolute] = None
    yield from sorted(path for path in named if path not in exclude)


def _folder(folder: Path, skip: Skip) -> Iterator[Path]:
    unreadable: list[Path] = []  # a folder that may not be listed is told by its own path
    for root, folders, names in os.walk(folder, onerror=lambda error: unreadable.append(Path(str(error.filename)))):
        for name in [name for name in folders if name.startswith(".")]:
            skip(shown(Path(root) / name))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(root) / name
            if is_temporary(name):
                skip(shown(path))
            else:
                yield path
    yield from unreadable


def shown(path: Path) -> str:
    """A path as text, NFC not applied (it must open again); bytes that are no UTF-8 are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def items(path: Path, settings: Settings) -> Iterator[Item]:
    """The received file behind one path, or the members of the archive behind it."""
    name = shown(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe or device would never end
            raise OSError("not a regular file")
        sha256, size, data = _receive(path, settings.max_file_mb << 20)
    except OSError as error:
        yield Item(_received(name, "", None), problem=Reason.UNREADABLE, detail=error.strerror or str(error))
        return
    if data is None:
        yield Item(_received(name, sha256, size), problem=Reason.TOO_LARGE, detail=f"{size} bytes")
    elif data[:4] == b"PK\x03\x04" and _is_archive(data):
        yield from _members(name, sha256, data)
    else:
        yield Item(_received(name, sha256, size), data)


def _receive(path: Path, limit: int) -> tuple[str, int, bytes | None]:
    """sha256, size, and the bytes themselves unless there are more than ``limit``."""
    digest, size, chunks = hashlib.sha256(), 0, []
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size <= limit:
                chunks.append(chunk)
    return digest.hexdigest(), size, b"".join(chunks) if size <= limit else None


def _received(path: str, sha256: str, size: int | None) -> Received:
    name = path.rsplit("/", 1)[-1]
    return Received(path, unicodedata.normalize("NFC", name), sha256, size)


def _is_archive(data: bytes) -> bool:
    from ingest.detect import kind  # late: most runs meet no archive

    return kind(data) == "zip"


def _members(archive: str, sha256: str, data: bytes) -> Iterator[Item]:
    """The members in the order of their names. What is wrong with the archive itself is told by its own path."""
    from ingest.archive import members
    from ingest.limits import Limits

    found = 0
    try:
        for inner, content in members(data, archive, Limits()):
            if is_temporary(inner.rsplit("/", 1)[-1]) or inner.startswith("__MACOSX/"):
                continue
            found += 1
            yield Item(_received(f"{archive}!/{inner}", hashlib.sha256(content).hexdigest(), len(content)), content)
    except ReadError as error:
        yield Item(_received(archive, sha256, len(data)), problem=error.reason, detail=error.detail)
        return
    if not found:
        yield Item(_received(archive, sha256, len(data)), problem=Reason.EMPTY, detail="archive without files")
