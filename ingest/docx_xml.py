"""WordprocessingML parts as trees, parsed as hostile input, and the few ways to look at an element."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

from ingest.limits import Limits
from schema.errors import ReadError, Reason

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": M[1:-1].encode(),
}

Element: TypeAlias = etree._Element


def parse(data: bytes, limits: Limits) -> Element:
    """The root of one part. Refuses document types (entities) and nesting beyond the cap; strict OOXML reads as usual.

    Raises ReadError with XML_FORBIDDEN, XML_TOO_DEEP or DOCX_BROKEN.
    """
    for strict, usual in _STRICT.items():
        if strict in data:
            data = data.replace(strict, usual)
    if b"<!DOCTYPE" in data:  # before libxml2 gives up on its entities, which would pass for damage
        raise ReadError(Reason.XML_FORBIDDEN, "document type declaration")
    # libxml2 itself stops at a depth of 256 and at entity amplification, since huge trees stay forbidden.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root: Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = Reason.XML_TOO_DEEP if "depth" in str(error).lower() else Reason.DOCX_BROKEN
        raise ReadError(reason, str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise ReadError(Reason.XML_FORBIDDEN, "document type declaration")
    if _depth_exceeds(root, limits.xml_depth):
        raise ReadError(Reason.XML_TOO_DEEP, f"more than {limits.xml_depth} levels")
    return root


def _depth_exceeds(root: Element, limit: int) -> bool:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > limit:
            return True
        level = [child for element in level if len(element) for child in element]
    return False


def value(element: Element | None, name: str = "val") -> str | None:
    """The attribute ``w:name``, None where the element or the attribute is missing."""
    return None if element is None else element.get(W + name)


def number(element: Element | None, name: str = "val") -> int | None:
    """The attribute as an integer, None where it is missing or no integer."""
    text = value(element, name)
    return int(text) if text is not None and text.strip().lstrip("-").isdecimal() else None


def toggle(element: Element | None) -> bool | None:
    """A toggle property such as ``w:b``: None where it is not said."""
    return None if element is None else value(element) not in ("0", "false", "none", "off")
