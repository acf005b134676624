"""The zip package of a DOCX: its parts found by relationship, never by name alone, within the caps."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field

from ingest import embedded
from ingest.detect import DAMAGED
from ingest.docx_xml import Element, parse
from ingest.limits import Limits
from schema.errors import ReadError, Reason

_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RATIO_MATTERS_FROM = 5_000_000  # bytes; small parts of markup compress very well


@dataclass(slots=True)
class Package:
    """Parts on demand. ``main`` is the name of the document part."""

    archive: zipfile.ZipFile
    limits: Limits
    main: str = ""
    relations: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (kind, part name) of the main part
    _spent: int = 0

    def part(self, name: str) -> Element | None:
        """The tree of a part, None where the package has no such part."""
        data = self._bytes(name)
        return None if data is None else parse(data, self.limits)

    def related(self, kind: str) -> list[tuple[str, str]]:
        """(relationship id, part name) of all parts of ``kind`` (``styles``, ``footnotes``, ``header`` …)."""
        return [(key, name) for key, (known, name) in self.relations.items() if known == kind]

    def only(self, kind: str) -> Element | None:
        """The one part of ``kind``."""
        found = self.related(kind)
        return self.part(found[0][1]) if found else None

    def weigh(self, info: zipfile.ZipInfo) -> None:
        """Raises ReadError(ZIP_BOMB) where a part, or all parts so far, unpack to more than the caps allow."""
        self._spent += info.file_size
        dense = info.file_size > _RATIO_MATTERS_FROM and info.file_size > self.limits.zip_ratio * max(
            1, info.compress_size
        )
        if dense or self._spent > self.limits.unpacked_bytes:
            raise ReadError(Reason.ZIP_BOMB, info.filename)

    def _bytes(self, name: str) -> bytes | None:
        try:
            info = self.archive.getinfo(name)
        except KeyError:
            return None
        self.weigh(info)
        if info.flag_bits & 1:
            raise ReadError(Reason.DOCX_ENCRYPTED, name)
        try:
            return self.archive.read(info)
        except DAMAGED as error:
            raise ReadError(Reason.DOCX_BROKEN, f"{name}: {error}") from error

    def relationships(self, source: str) -> dict[str, tuple[str, str]]:
        folder, base = posixpath.split(source)
        root = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for relation in () if root is None else root.iter(_REL):
            target = relation.get("Target") or ""
            if relation.get("TargetMode") != "External":
                name = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                found[relation.get("Id") or ""] = ((relation.get("Type") or "").rsplit("/", 1)[-1], name)
        return found


def open_package(data: bytes, limits: Limits) -> Package:
    """Raises ReadError: DOCX_BROKEN for a damaged zip, NOT_DOCX where no document part is found."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as error:
        raise ReadError(Reason.DOCX_BROKEN, str(error)) from error
    names = archive.namelist()
    embedded.cap_package(names, limits)
    if (parts := sum(map(embedded.is_markup, names))) > limits.members:
        raise ReadError(Reason.ZIP_BOMB, f"{parts} parts")
    package = Package(archive, limits)
    for kind, name in package.relationships("").values():
        if kind == "officeDocument":
            package.main = name
    if not package.main or package.main not in archive.NameToInfo:
        package.main = "word/document.xml"
    if package.main not in archive.NameToInfo:
        raise ReadError(Reason.NOT_DOCX)
    package.relations = package.relationships(package.main)
    return package
