"""What every reader (PDF, DOCX, OCR) hands to ``ingest.assemble``: blocks in reading order.

A block is one logical paragraph, heading candidate, table or piece of furniture, with the hints that only the
reader knows. ``origin`` maps each character of ``text`` to the reader's own glyph index (-1 for characters
that the reader supplied, such as the blank that joins two lines), so that boxes can be found later. An empty
``origin`` means that no character has a place (DOCX).
"""
from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["text", "list-item", "page-header", "page-footer", "footnote", "letterhead", "foot"]


@dataclass(slots=True)
class Run:
    """NFC text and the glyph each of its characters came from."""

    text: str
    origin: array[int] = field(default_factory=lambda: array("l"))

    def append(self, other: Run, joint: str = " ") -> None:
        """Adds ``other`` after ``joint``; a run without origins (DOCX) stays without."""
        if self.origin or other.origin:
            self.origin = self.origin or array("l", [-1]) * len(self.text)
            self.origin.extend([-1] * len(joint))
            self.origin.extend(other.origin or array("l", [-1]) * len(other.text))
        self.text += joint + other.text


@dataclass(slots=True)
class Block:
    """One paragraph. ``label`` is the automatic number (``1.1.``), already part of ``run.text``.

    ``bold`` says that all of it is bold; ``bold_prefix`` counts the bold characters that it begins with.
    """

    run: Run
    kind: BlockKind = "text"
    page: int | None = None
    label: str = ""
    bold: bool = False
    centred: bool = False
    outline_level: int | None = None
    bold_prefix: int = 0

    def append(self, other: Block, joint: str = " ") -> None:
        """Joins a caption or the second half of a paragraph to this block."""
        self.run.append(other.run, joint)
        self.bold = self.bold and other.bold


@dataclass(slots=True)
class CellBlock:
    """A cell at 0-based ``row``/``col``; its paragraphs are joined with a blank."""

    run: Run
    row: int
    col: int
    row_span: int = 1
    col_span: int = 1
    page: int | None = None


@dataclass(slots=True)
class TableBlock:
    """A table in reading order, already joined over pages. Layout tables are blocks, not tables.

    ``edges``: where each column begins and the last one ends, in points; empty where the file tells columns by number.
    """

    cells: list[CellBlock]
    rows: int
    cols: int
    header_rows: int
    page: int | None = None
    edges: list[float] = field(default_factory=list)
