"""WordprocessingML as it counts: revisions accepted, wrappers unwrapped, every text run exactly once.

python-docx's own ``.text`` silently loses content controls, insertions, text boxes, footnotes, smart tags and
simple fields; this module rewrites the tree so that the reader need not know of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ingest.limits import Limits
from schema.errors import ReadError, Reason

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_UNWRAPPED = (f"{W}sdt", f"{W}smartTag", f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}hyperlink", f"{W}fldSimple")
_DROPPED = (f"{W}del", f"{W}moveFrom", f"{W}sdtPr", f"{W}sdtEndPr", f"{W}customXmlPr", f"{W}instrText", f"{W}delText")


def parse(data: bytes, limits: Limits) -> etree._Element:
    """The tree of one part; entities and document types are refused, so is nesting beyond the cap."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise ReadError(Reason.XML_FORBIDDEN, "document type declaration")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = Reason.XML_TOO_DEEP if "depth" in str(error).lower() else Reason.DOCX_BROKEN
        raise ReadError(reason, str(error)) from error
    return root


def canonical(root: etree._Element) -> bool:
    """Rewrite ``root`` in place; True when it held tracked changes."""
    tracked = any(True for _ in root.iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"))
    for choice in list(root.iter(f"{MC}AlternateContent")):
        kept = choice.find(f"{MC}Choice")
        if kept is None or not any(True for _ in kept.iter(f"{W}t")):
            kept = choice.find(f"{MC}Fallback") if choice.find(f"{MC}Fallback") is not None else kept
        _replace(choice, list(kept) if kept is not None else [])
    for element in list(root.iter(*_DROPPED)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for element in list(root.iter(*_UNWRAPPED)):
        content = element.find(f"{W}sdtContent") if element.tag == f"{W}sdt" else element
        _replace(element, list(content) if content is not None else [])
    return tracked


def _replace(element: etree._Element, children: list[etree._Element]) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(at + offset, child)


def text_length(root: etree._Element) -> int:
    """Characters in all ``w:t`` of a canonical tree: one side of the census."""
    return sum(len(node.text or "") for node in root.iter(f"{W}t"))


def value(element: etree._Element | None, name: str = "val") -> str | None:
    return None if element is None else element.get(f"{W}{name}")


def children(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    wanted = {W + tag for tag in tags}
    for child in element:
        if child.tag in wanted:
            yield child


def on(element: etree._Element | None) -> bool:
    """Whether a toggle property such as ``w:b`` is set."""
    return element is not None and value(element) not in ("0", "false", "none")
