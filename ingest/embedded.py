"""What a document carries beside its text: pictures, attached files, OLE objects. They are counted, never opened."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.docx_xml import Element
from ingest.limits import Limits
from schema.errors import ReadError, Reason

# Each is a stream, and the dictionary of a stream is neither compressed nor encrypted.
_IN_PDF = re.compile(rb"/Subtype\s*/Image\b|/Type\s*/EmbeddedFile\b")
OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_DOCUMENTS = ("Excel.", "Word.", "PowerPoint.")
_MARKUP = (".xml", ".rels", "/")


def is_markup(part: str) -> bool:
    """Whether a part of an office package holds text or its links; all others hold objects."""
    return part.lower().endswith(_MARKUP)


def brings_text(element: Element) -> bool:
    """Whether an element shows the content of another document, which nobody reads: a sheet, a chunk of text."""
    if element.tag != OLE:
        return True
    return element.get("DrawAspect") != "Icon" and (element.get("ProgID") or "").startswith(_DOCUMENTS)


def cap_pdf(data: bytes, limits: Limits) -> None:
    """Raises ReadError(TOO_MANY_OBJECTS) for more pictures and attached files than ``limits.embedded``."""
    _cap(sum(1 for _ in _IN_PDF.finditer(data)), limits)


def cap_package(parts: Iterable[str], limits: Limits) -> None:
    """The same for the parts of an office package, given by their names."""
    _cap(sum(not is_markup(part) for part in parts), limits)


def _cap(count: int, limits: Limits) -> None:
    if count > limits.embedded:
        raise ReadError(Reason.TOO_MANY_OBJECTS, f"{count} embedded objects")
