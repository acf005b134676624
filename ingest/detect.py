"""What a file is, by its content and never by its name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Literal

Kind = Literal["pdf", "docx", "doc", "odt", "rtf", "zip", "encrypted-office", "empty", "unknown"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_WORD_STREAM = "WordDocument".encode("utf-16-le")
# What zipfile raises for a zip that is damaged, depending on where
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    struct.error,
)
# zipfile unpacks by other methods whatever a piece grows to, and only then looks at the size that was declared
BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ODT = b"application/vnd.oasis.opendocument.text"


def kind(data: bytes) -> Kind:
    """The container of ``data``; ``zip`` is an archive that is no word-processing document."""
    if not data:
        return "empty"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # first: an archive may hold its PDFs uncompressed
        return _zip_kind(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            return "encrypted-office"
        return "doc" if _WORD_STREAM in data else "unknown"
    return "rtf" if data.lstrip()[:5] == rb"{\rtf" else "unknown"


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and _says_odt(archive, archive.getinfo("mimetype")):
                return "odt"
    except (*DAMAGED, RuntimeError):  # RuntimeError: a member that needs a password
        return "docx" if b"word/" in data[:65536] else "zip"  # a Word file cut short keeps its first names
    return "docx" if "word/document.xml" in names else "zip"


def _says_odt(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    return info.file_size < 200 and info.compress_type in BOUNDED and archive.read(info).startswith(_ODT)
