"""Archives of reports: their members, capped in count, size, ratio and nesting. Nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from ingest import detect
from ingest.limits import Limits
from schema.errors import ReadError, Reason

_DEEPEST = 3


def members(data: bytes, name: str, limits: Limits, depth: int = 1) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file in the archive, in the order of their names, archives inside opened too.

    Raises ReadError for an archive that is broken, encrypted, or beyond the caps.
    """
    if depth > _DEEPEST:
        raise ReadError(Reason.ZIP_BOMB, f"{name}: nested {depth} deep")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
            _refuse_bombs(infos, limits)
            for info in infos:
                content = archive.read(info)
                inner = _safe(info.filename)
                if detect.kind(content) == "zip":
                    for deeper, bytes_ in members(content, inner, limits, depth + 1):
                        yield f"{inner}!/{deeper}", bytes_
                else:
                    yield inner, content
    except RuntimeError as error:  # zipfile's word for a member that needs a password
        raise ReadError(Reason.ZIP_ENCRYPTED, str(error)) from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise ReadError(Reason.ZIP_BROKEN, str(error)) from error


def _refuse_bombs(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.members:
        raise ReadError(Reason.ZIP_BOMB, f"{len(infos)} members")
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise ReadError(Reason.ZIP_BOMB, "unpacked size")
    for info in infos:
        if info.file_size > 1_000_000 and info.file_size > limits.zip_ratio * max(info.compress_size, 1):
            raise ReadError(Reason.ZIP_BOMB, info.filename)


def _safe(name: str) -> str:
    """A member's name without roots and steps upwards: it is a label here, never a path."""
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
