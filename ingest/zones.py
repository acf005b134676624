"""Which blocks are letterhead, title, body and foot: told by wording first, so that all formats agree."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import regex

from ingest.blocks import Block, TableBlock
from ingest.headings import parse

Area = Literal["letterhead", "title", "body", "foot", "furniture"]
_FURNITURE = ("page-header", "page-footer")
_SEARCHED_FOR_TITLE = 60
_LONGEST_LETTERHEAD_LINE = 40  # words; a longer paragraph before the type name means that it is no title
_LONGEST_TITLE = 70
_LONGEST_FOOT_LINE = 25


@cache
def knowledge() -> dict[str, dict[str, Any]]:
    """The patterns of ``data/structure.toml`` with their examples."""
    return tomllib.loads(files("ingest").joinpath("data/structure.toml").read_text("utf-8"))


@cache
def pattern(name: str) -> regex.Pattern[str]:
    return regex.compile(knowledge()[name]["pattern"])


def areas(blocks: Sequence[Block | TableBlock]) -> list[Area]:
    """One area for each block, in order."""
    found: list[Area] = ["body"] * len(blocks)
    title = _title(blocks)
    start = _letterhead(blocks, title, found)
    if title is not None:
        start = _title_block(blocks, title, found)
    _foot(blocks, start, found)
    for index, block in enumerate(blocks):
        if isinstance(block, Block) and block.kind in _FURNITURE:
            found[index] = "furniture"
        elif isinstance(block, Block) and block.kind == "letterhead":
            found[index] = "letterhead"
        elif isinstance(block, Block) and block.kind == "foot":
            found[index] = "foot"
    return found


def is_letterhead(text: str) -> bool:
    # A closed sentence is prose, even when it opens with the agency's name.
    short = len(text.split()) <= _LONGEST_LETTERHEAD_LINE and not text.rstrip().endswith((".", ";"))
    return short and pattern("letterhead").match(text) is not None


def is_foot(text: str) -> bool:
    return len(text.split()) <= _LONGEST_FOOT_LINE and pattern("foot").match(text) is not None


def _title(blocks: Sequence[Block | TableBlock]) -> int | None:
    strange = 0
    for index, block in enumerate(blocks[:_SEARCHED_FOR_TITLE]):
        if isinstance(block, TableBlock) or block.kind not in ("text", "letterhead"):
            continue
        text = block.run.text
        words = len(text.split())
        if words <= _LONGEST_TITLE and pattern("type_name").match(text):
            return index
        if words > _LONGEST_LETTERHEAD_LINE or _opens_outline(text):
            return None
        strange += not is_letterhead(text)
        if strange > 12:
            return None
    return None


def _opens_outline(text: str) -> bool:
    label = parse(text)
    return label is not None and label.style in ("part", "roman", "dotted2")


def _letterhead(blocks: Sequence[Block | TableBlock], title: int | None, found: list[Area]) -> int:
    """Marks what stands before the title; without a title only lines that look like letterhead."""
    for index, block in enumerate(blocks if title is None else blocks[:title]):
        if isinstance(block, TableBlock):
            continue
        if block.kind == "text" and title is None and not is_letterhead(block.run.text):
            return index
        if block.kind == "text":
            found[index] = "letterhead"
    return title or 0


def _title_block(blocks: Sequence[Block | TableBlock], title: int, found: list[Area]) -> int:
    """The type name and the lines of its subject; returns the index after them."""
    first = blocks[title]
    found[title] = "title"
    taken = 0
    for index in range(title + 1, len(blocks)):
        block = blocks[index]
        if isinstance(block, Block) and block.kind in _FURNITURE:
            continue
        if not isinstance(block, Block) or not isinstance(first, Block) or taken == 4 or not _is_subject(block, first):
            return index
        found[index] = "title"
        taken += 1
    return len(blocks)


def _is_subject(block: Block, first: Block) -> bool:
    text = block.run.text
    set_apart = block.bold or block.centred
    broken = set_apart and text[-1] in ",;"  # a subject set line by line
    if block.kind != "text" or len(text.split()) > _LONGEST_TITLE or (pattern("opening").match(text) and not broken):
        return False
    if (text[0] == "(" and text[-1] == ")") or pattern("letterhead").fullmatch(text):
        return True
    if (text[-1] in ".:;," and not broken) or parse(text) is not None:
        return False
    return set_apart or not (first.bold or first.centred)


def _foot(blocks: Sequence[Block | TableBlock], start: int, found: list[Area]) -> None:
    inside = False
    for index in range(start, len(blocks)):
        block = blocks[index]
        if isinstance(block, TableBlock):
            inside = False
        elif block.kind == "foot":
            inside = True
        elif block.kind in ("text", "list-item") and found[index] == "body":
            inside = _stays(block) if inside else is_foot(block.run.text)
            if inside:
                found[index] = "foot"


def _stays(block: Block) -> bool:
    """Recipients and names go on; an annex, a numbered caption or a long paragraph is body again."""
    text = block.run.text
    if is_foot(text):
        return True
    label = parse(text)
    if pattern("annex").match(text) or block.outline_level is not None:
        return False
    if label and label.style in ("part", "chapter", "roman", "upper", "dotted2", "dotted3") and len(text) > label.rest:
        return False
    return len(text.split()) <= _LONGEST_FOOT_LINE or (label is not None and label.style == "bullet")
