"""DOCX: the package by its relationships, its body in document order, as it prints with all changes accepted.

The census decides: where the characters of all ``w:t`` that were read differ from those that were emitted or left out
for a known reason, the document is partial, never ok.
"""

from __future__ import annotations

from ingest import docx_numbering, docx_styles, embedded, encodings
from ingest.assemble import assemble
from ingest.docx_package import Package, open_package
from ingest.docx_runs import Census
from ingest.docx_story import Part, Shared, Story
from ingest.docx_xml import Element, R, W, toggle, value
from ingest.limits import Limits
from schema.errors import ReadError, Reason
from schema.model import Document


def read(data: bytes, limits: Limits | None = None) -> Document:
    """The report in ``data``; raises ReadError for a package that is broken, forbidden or no word document."""
    package = open_package(data, limits or Limits())
    root = package.part(package.main)
    body = None if root is None else root.find(W + "body")
    if body is None:
        raise ReadError(Reason.DOCX_BROKEN, "no body")
    styles = docx_styles.read(package.only("styles"))
    notes = {kind: package.only(kind + "s") for kind in ("footnote", "endnote")}
    margins = _margins(package, body)
    parts = [body, *(note for note in notes.values() if note is not None), *(root for root, _ in margins)]
    census = Census()
    shared = Shared(
        styles,
        docx_numbering.read(package.only("numbering"), styles),
        census,
        _believed(parts, styles),
        {kind: _by_id(root) for kind, root in notes.items()},
    )
    story = Story(shared)
    story.walk(body)
    for root, kind in margins:
        story.margin(root, kind)
    story.leave_out_unused_notes()
    if not any(story.blocks):
        raise ReadError(Reason.NO_TEXT)
    if any(embedded.brings_text(element) for part in parts for element in part.iter(W + "altChunk", embedded.OLE)):
        census.notices.add("embedded-text")
    total = sum(len(node.text or "") for part in parts for node in part.iter(W + "t"))
    whole = census.emitted + census.left_out == total and "embedded-text" not in census.notices
    return assemble(
        story.blocks, format="docx", notices=tuple(sorted(census.notices)), partial=None if whole else Reason.CENSUS
    )


def _margins(package: Package, body: Element) -> list[tuple[Element, Part]]:
    """Headers and footers that a section uses, each part once."""
    found: dict[str, Part] = {}
    mirrored = package.only("settings")
    uses = {"default"}
    if mirrored is not None and toggle(mirrored.find(W + "evenAndOddHeaders")):
        uses.add("even")
    for section in body.iter(W + "sectPr"):
        here = uses | {"first"} if section.find(W + "titlePg") is not None else uses
        for reference in section.iter(W + "headerReference", W + "footerReference"):
            target = package.relations.get(reference.get(R + "id") or "")
            if value(reference, "type") in here and target is not None:
                found.setdefault(target[1], "page-header" if target[0] == "header" else "page-footer")
    parts = ((package.part(name), kind) for name, kind in found.items())
    return [(root, kind) for root, kind in parts if root is not None]


def _by_id(root: Element | None) -> dict[str, Element]:
    return {} if root is None else {value(note, "id") or "": note for note in root}


def _believed(parts: list[Element], styles: docx_styles.Styles) -> frozenset[encodings.Legacy]:
    """The legacy encodings that this document really uses in fonts of their kind."""
    texts: dict[encodings.Legacy, list[str]] = {}
    holders = [*parts, *styles.elements.values()]
    named = {
        value(fonts, "hAnsi") or value(fonts, "ascii") for holder in holders for fonts in holder.iter(W + "rFonts")
    }
    named.add(styles.defaults.font)
    if not any(encodings.legacy_font(font) for font in named):
        return frozenset()
    for part in parts:
        for paragraph in part.iter(W + "p"):
            base = styles.paragraph(value(paragraph.find(f"{W}pPr/{W}pStyle"))).run
            for run in paragraph.iter(W + "r"):
                font = docx_styles.read_run(run.find(W + "rPr")).over(base).font
                if legacy := encodings.legacy_font(font):
                    texts.setdefault(legacy, []).append("".join(node.text or "" for node in run.findall(W + "t")))
    return frozenset(legacy for legacy, found in texts.items() if encodings.evidence(found, legacy))
