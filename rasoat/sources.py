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


def database_files(db: Path) -> frozenset[Path]:
    """What SQLite keeps for one database: never taken for reports."""
    return frozenset(db.absolute().with_name(db.name + end) for end in ("", "-wal", "-shm", "-journal"))


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
    received = _received(name, sha256, size)
    if data is None:
        yield Item(received, problem=Reason.TOO_LARGE, detail=f"{size} bytes")
    elif data.startswith(b"PK"):
        yield from _zip_items(received, data)
    else:
        yield Item(received, data)


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


def _zip_items(archive: Received, data: bytes) -> Iterator[Item]:
    """The members in the order of their names; the zip itself where it is a document, or holds none.

    What is wrong with the archive is told by its own path.
    """
    from ingest.archive import crowded, is_report, members  # late: most runs meet no archive
    from ingest.detect import kind
    from ingest.limits import Limits

    limits = Limits()
    try:
        if crowded(data, limits):
            raise ReadError(Reason.ZIP_BOMB, "directory")
        if kind(data) != "zip" or not any(is_report(one) for one in members(data, limits) if _is_ours(one.name)):
            yield Item(archive, data)
            return
        for member in members(data, limits):
            if _is_ours(member.name):
                digest = "" if member.data is None else hashlib.sha256(member.data).hexdigest()
                received = _received(f"{archive.path}!/{member.name}", digest, member.size)
                yield Item(received, member.data, member.problem, member.detail)
    except ReadError as error:
        yield Item(archive, problem=error.reason, detail=error.detail)


def _is_ours(member: str) -> bool:
    """No hidden or temporary file, and none of those that macOS puts beside each file."""
    parts = member.split("/")
    return not is_temporary(parts[-1]) and "__MACOSX" not in parts
