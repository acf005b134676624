"""Documents for tests, from plain paragraphs, through the real assembly."""

from __future__ import annotations

from ingest.assemble import assemble
from ingest.blocks import Block, Run
from schema.model import Document


def document_of(text: str) -> Document:
    """One block a line."""
    return assemble([Block(Run(line)) for line in text.splitlines() if line.strip()], format="docx")
