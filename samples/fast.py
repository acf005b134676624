"""A marked-up report straight into a ``Document``, as the DOCX reader would give it, without making the file."""
from __future__ import annotations

from ingest.assemble import assemble
from ingest.blocks import Block, BlockKind, CellBlock, Run, TableBlock
from samples.letter import MOTTO, STATE, letter
from samples.markup import Block as Marked
from samples.markup import Report, surface
from schema.model import Document


def document(report: Report) -> Document:
    """Equal to ``ingest.read(docx_bytes(report))`` where headings are plain paragraphs (a test holds this)."""
    parts = letter(report)
    head = [parts.parent, *parts.issuer, parts.number, STATE, MOTTO, parts.place_date]
    foot = (["Nơi nhận:"] if parts.recipients else []) + [*parts.recipients, *parts.signature]
    blocks: list[Block | TableBlock] = [_line(text, "letterhead") for text in head if text]
    blocks += [_line(text, "text", bold=True) for text in (parts.kind, parts.title)]
    blocks += [_line(text, "text") for text in parts.to]
    blocks += [_block(block) for block in report.blocks]
    blocks += [_line(text, "foot") for text in foot]
    return assemble(blocks, format="docx")


def _line(text: str, kind: BlockKind, *, bold: bool = False) -> Block:
    return Block(Run(text), kind, bold=bold)


def _block(block: Marked) -> Block | TableBlock:
    if block.kind != "table":
        return _line(block.text, "text", bold=block.kind == "heading")
    cells = [CellBlock(Run(surface(nodes)), r, c) for r, row in enumerate(block.rows) for c, nodes in enumerate(row)]
    return TableBlock(cells, len(block.rows), max(len(row) for row in block.rows), 1)
