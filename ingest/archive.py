"""Archives of reports: their members, capped in count, size, ratio and nesting. Nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest import detect
from ingest.limits import Limits
from schema.errors import ReadError, Reason

_DEEPEST = 3
_READABLE = frozenset({"pdf", "docx", "doc", "odt", "rtf", "encrypted-office"})
_RATIO_MATTERS_FROM = 1_000_000  # bytes
_END = struct.Struct("<4s4H2LH")  # the record that closes a zip: its sixth field is the size of the directory
_DIRECTORY_BYTES_A_MEMBER = 2_000


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. ``data`` is None when ``problem`` says why it cannot be had."""

    name: str
    size: int
    data: bytes | None = None
    problem: Reason | None = None
    detail: str = ""


@dataclass(slots=True)
class _Spent:
    """What an archive has cost so far, the archives inside it included."""

    limits: Limits
    members: int = 0
    bytes: int = 0
    names: Counter[str] = field(default_factory=Counter)

    def add(self, info: zipfile.ZipInfo) -> None:
        self.members += 1
        self.bytes += info.file_size
        if self.members > self.limits.members:
            raise ReadError(Reason.ZIP_BOMB, f"more than {self.limits.members} members")
        if self.bytes > self.limits.unpacked_bytes:
            raise ReadError(Reason.ZIP_BOMB, f"more than {self.limits.unpacked_bytes} bytes unpacked")
        dense = info.file_size > self.limits.zip_ratio * max(info.compress_size, 1)
        if dense and info.file_size > _RATIO_MATTERS_FROM:
            raise ReadError(Reason.ZIP_BOMB, f"{info.filename}: {info.compress_size} to {info.file_size} bytes")

    def once(self, name: str) -> str:
        """The name, numbered where an archive holds it before: each member has a line of its own in the ledger."""
        self.names[name] += 1
        return name if self.names[name] == 1 else f"{name} ({self.names[name]})"


def crowded(data: bytes, limits: Limits) -> bool:
    """Whether a zip's directory is too large to be looked at; told from its last record, without reading it."""
    at = data.rfind(b"PK\x05\x06", -(_END.size + 0xFFFF))
    if at < 0 or at + _END.size > len(data):
        return False
    return bool(_END.unpack_from(data, at)[5] > limits.members * _DIRECTORY_BYTES_A_MEMBER)


def is_report(member: Member) -> bool:
    """Whether a member is of a kind that we read, or says by its name that it is."""
    ending = member.name.rsplit(".", 1)[-1].lower()
    return ending in _READABLE or member.data is None or detect.kind(member.data) in _READABLE


def members(data: bytes, limits: Limits) -> Iterator[Member]:
    """Every file in the archive, in the order of their names. Archives of reports inside are opened too.

    A member that is damaged, encrypted or too large says so by its ``problem``. Raises ReadError for an archive that is
    itself broken, or beyond the caps.
    """
    yield from _members(data, _Spent(limits), "", 1)


def _members(data: bytes, spent: _Spent, prefix: str, depth: int) -> Iterator[Member]:
    if depth > _DEEPEST:
        raise ReadError(Reason.ZIP_BOMB, f"nested more than {_DEEPEST} deep")
    if crowded(data, spent.limits):
        raise ReadError(Reason.ZIP_BOMB, "directory")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except detect.DAMAGED as error:
        raise ReadError(Reason.ZIP_BROKEN, str(error)) from error
    with archive:
        infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
        for info in infos:
            spent.add(info)
        for info in infos:
            member = _member(archive, info, spent.once(prefix + _label(info.filename)), spent.limits)
            if member.data is not None and _is_archive(member.data, spent.limits, depth + 1):
                yield from _members(member.data, spent, f"{member.name}!/", depth + 1)
            else:
                yield member


def _is_archive(data: bytes, limits: Limits, depth: int) -> bool:
    """A workbook is a zip too, but without reports in it."""
    return detect.kind(data) == "zip" and any(map(is_report, _members(data, _Spent(limits), "", depth)))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits) -> Member:
    if info.file_size > limits.bytes:
        return Member(name, info.file_size, None, Reason.TOO_LARGE, f"{info.file_size} bytes")
    if info.compress_type not in detect.BOUNDED:
        return Member(name, info.file_size, None, Reason.ZIP_BROKEN, f"method {info.compress_type}")
    try:
        return Member(name, info.file_size, archive.read(info))
    except detect.DAMAGED as error:
        return Member(name, info.file_size, None, Reason.ZIP_BROKEN, str(error))
    except RuntimeError as error:  # zipfile's word for a member that needs a password
        return Member(name, info.file_size, None, Reason.ZIP_ENCRYPTED, str(error))


def _label(name: str) -> str:
    """A member's name without roots and steps upwards: it is a label here, never a path."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "?"
