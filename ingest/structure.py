"""Blocks into an outline: which paragraphs are headings, which are list items, and how the headings nest.

The same wording must give the same outline from a PDF and from a DOCX, so wording and neighbours decide first; bold
and outline levels only add weight. A numbered paragraph is judged together with its siblings: ``8. Việc triển khai …``
after seven headings is a heading however long it is, and one short item among long sentences is an item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from ingest.blocks import Block, TableBlock
from ingest.headings import Label, Style, parse
from ingest.zones import Area, pattern
from schema.model import PassageKind

# Outer to inner. Captions in capitals without a number stand with the parts, bold ones without a number innermost.
_RANK: dict[Style, int] = {
    "part": 0,
    "annex": 0,
    "chapter": 1,
    "division": 2,
    "article": 3,
    "upper": 4,
    "roman": 5,
    "arabic": 6,
    "dotted2": 7,
    "dotted3": 8,
    "dotted4": 9,
    "letter": 10,
    "paren": 11,
    "paren2": 12,
}
CAPTION_RANK, MINOR_RANK = 0, 13
# How readily a number of this style begins a heading, whatever stands behind it.
_PRIOR: dict[Style, float] = {
    "part": 3,
    "annex": 3,
    "chapter": 2,
    "division": 1,
    "article": 0.5,
    "upper": 1,
    "roman": 1,
    "arabic": 0,
    "dotted2": 0.5,
    "dotted3": 0.5,
    "dotted4": 0.3,
    "letter": -0.5,
    "paren": -0.5,
    "paren2": -0.5,
}
_LONGEST_HEADING = 25  # words
_LONGEST_RUN_IN_HEAD = 16  # words before the colon of "Tồn tại, hạn chế và nguyên nhân: Không"
_STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_COLON = regex.compile(r":\s+(?=\S)")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]")


@dataclass(frozen=True, slots=True)
class Head:
    """The heading in a block: its number, where its wording begins and ends in the run, and its rank."""

    number: str
    start: int
    end: int
    rank: int


@dataclass(slots=True)
class Role:
    """What a block is. ``head`` is set for headings that open a section."""

    area: Area
    kind: PassageKind
    head: Head | None = None


@dataclass
class _Candidate:
    index: int
    block: Block
    label: Label
    style: Style
    followed: bool  # something other than its next sibling stands under it

    @cached_property
    def wording(self) -> str:
        return self.block.run.text[self.label.rest :]

    @cached_property
    def words(self) -> int:
        return len(self.wording.split())

    @cached_property
    def colon(self) -> int | None:
        """Offset in the run after a run-in head's colon, None where there is no such head."""
        match = _COLON.search(self.wording)
        if match is None or regex.search(r"[.;]\s", head := self.wording[: match.start()]):
            return None
        fits = len(head.split()) <= _LONGEST_RUN_IN_HEAD and head.count("(") == head.count(")")
        return self.label.rest + match.start() + 1 if fits else None

    @cached_property
    def strong(self) -> bool:
        """Set apart by the author: capitals, bold as a whole (or up to the colon) or an outline level."""
        block = self.block
        if block.outline_level is not None or is_capitals(self.wording) or (block.bold and self.words <= 120):
            return True
        return self.colon is not None and block.bold_prefix >= self.colon - 1

    def score(self, bold_is_used: bool) -> float:
        value = _PRIOR[self.style] + self._shape()
        if self.strong:
            return value + 2
        if bold_is_used and self.style in ("arabic", "letter", "paren", "paren2"):
            value -= 0.5
        return value

    def _shape(self) -> float:
        if not self.wording or is_capitals(self.wording):
            return 1
        under = 0.5 if self.followed else -0.5
        closed = self.wording[-1] in ".;,…/"
        if self.colon is not None:
            return 0.3
        if not closed and self.words <= _LONGEST_HEADING:
            return 1 + under
        if not closed:
            return -0.3
        return -0.1 if self.words <= 8 and self.followed and self.wording[-1] == "." else -1


def is_capitals(text: str) -> bool:
    """At least two words, no small letter (``K’Nớ`` style apostrophes aside)."""
    return text.isupper() and len(_WORD.findall(text)) >= 2


def join_captions(blocks: list[Block | TableBlock], areas: list[Area]) -> None:
    """``Phần thứ nhất`` and its caption lines become one block, in place; so do captions broken in capitals."""
    index = 0
    while index + 1 < len(blocks):
        block, after = blocks[index], blocks[index + 1]
        area = areas[index] if areas[index] == areas[index + 1] else None
        if (
            isinstance(block, Block)
            and isinstance(after, Block)
            and ((area == "body" and _goes_on(block, after)) or (area == "letterhead" and _is_motto(block, after)))
        ):
            block.append(after)
            del blocks[index + 1], areas[index + 1]
        else:
            index += 1


def _goes_on(block: Block, after: Block) -> bool:
    """Whether ``after`` continues the caption of ``block``."""
    label = parse(block.run.text)
    wording = block.run.text[label.rest :] if label else block.run.text
    below = after.run.text
    if block.kind != "text" or after.kind != "text" or len(below) + len(wording) > 600 or _numbered(below):
        return False
    if label and label.style in ("part", "chapter", "annex") and not wording:
        set_apart = (after.bold or after.centred) and below[-1] not in ".;:" and len(below.split()) <= 40
        return is_capitals(below) or set_apart
    heads = label is not None and label.style in ("part", "chapter", "annex", "upper", "roman", "arabic")
    capitals = is_capitals(wording) and below.isupper()
    return (heads or block.centred) and capitals and not wording.endswith((".", ":", ";"))


def _is_motto(block: Block, after: Block) -> bool:
    """The state's name set on several lines, wherever it was broken."""
    joined = f"{block.run.text} {after.run.text}".upper().replace("HOÀ", "HÒA")
    return len(block.run.text) > 8 and _STATE.startswith(joined)


def _numbered(text: str) -> bool:
    label = parse(text)
    return label is not None and (label.style != "roman" or len(text) > label.rest)


def roles(blocks: Sequence[Block | TableBlock], areas: Sequence[Area]) -> list[Role]:
    """One role for each block: area, kind of passage, and the heading where it is one."""
    found = [_plain(block, area) for block, area in zip(blocks, areas, strict=True)]
    candidates = _candidates(blocks, areas)
    bold_is_used = any(c.strong and c.block.bold for c in candidates)
    ranks = _ranks(candidates)
    for group in _groups(candidates, ranks):
        scores = [candidate.score(bold_is_used) for candidate in group]
        lean = sum(scores) / len(scores)
        for candidate, score in zip(group, scores, strict=True):
            role = found[candidate.index]
            if score + lean > 0:
                role.kind, role.head = "heading", _head(candidate, ranks[candidate.style])
            else:
                role.kind = "list-item"
    for index, (block, role) in enumerate(zip(blocks, found, strict=True)):
        if isinstance(block, Block) and role.kind == "paragraph" and role.area == "body" and block.kind == "text":
            role.head = _unnumbered(block, blocks[index + 1] if index + 1 < len(blocks) else None)
            role.kind = "paragraph" if role.head is None else "heading"
    return found


def _plain(block: Block | TableBlock, area: Area) -> Role:
    if isinstance(block, TableBlock):
        return Role("body", "table-cell")
    if block.kind == "page-header":
        return Role("furniture", "header")
    if block.kind == "page-footer":
        return Role("furniture", "footer")
    if block.kind == "footnote":
        return Role(area, "footnote")
    if area == "title":
        return Role(area, "heading")
    label = parse(block.run.text) if area != "letterhead" else None
    item = block.kind == "list-item" or (label is not None and label.style == "bullet")
    return Role(area, "list-item" if item else "paragraph")


def _candidates(blocks: Sequence[Block | TableBlock], areas: Sequence[Area]) -> list[_Candidate]:
    found: list[_Candidate] = []
    for index, (block, area) in enumerate(zip(blocks, areas, strict=True)):
        if not isinstance(block, Block) or area != "body" or block.kind != "text":
            continue
        label = parse(block.run.text)
        if label is None or label.style == "bullet":
            continue
        value = label.value
        style: Style = label.style
        if label.other is not None and _is_letter(label, found):
            style = label.other
        if (
            found
            and not _between(found[-1].index, index, blocks)
            and found[-1].style == style
            and found[-1].block.run.text != block.run.text
            and value == found[-1].label.value + 1
        ):
            found[-1].followed = False
        found.append(_Candidate(index, block, label, style, True))
    if found and not _between(found[-1].index, len(blocks), blocks):
        found[-1].followed = False
    return found


def _is_letter(label: Label, before: list[_Candidate]) -> bool:
    """``I.`` after ``H.`` is the letter; otherwise I, V and X are Roman."""
    expected = {"I": "H", "V": "U", "X": "V"}[label.number]
    for candidate in reversed(before):
        if candidate.style in ("upper", "roman"):
            return candidate.style == "upper" and candidate.label.number == expected
    return False


def _between(first: int, second: int, blocks: Sequence[Block | TableBlock]) -> bool:
    between = blocks[first + 1 : second]
    return any(isinstance(b, TableBlock) or b.kind not in ("page-header", "page-footer", "footnote") for b in between)


def _ranks(candidates: Sequence[_Candidate]) -> dict[Style, int]:
    """The usual order, except that ``A.`` inside ``I.`` ranks below it where the report does so."""
    ranks = dict(_RANK)
    seen = [c.style for c in candidates if c.style in ("upper", "roman") and c.strong]
    restarts = [c for c in candidates if c.style == "upper" and c.label.value == 1]
    if seen and seen[0] == "roman" and "upper" in seen and len(restarts) > 1:
        ranks["upper"], ranks["roman"] = ranks["roman"], ranks["upper"]
    return ranks


def _groups(candidates: Sequence[_Candidate], ranks: dict[Style, int]) -> list[list[_Candidate]]:
    """Siblings: one style, until an outer style intervenes or the count starts again."""
    groups: list[list[_Candidate]] = []
    open_groups: dict[Style, list[_Candidate]] = {}
    for candidate in candidates:
        group = open_groups.get(candidate.style)
        again = candidate.label.value <= 1 and group is not None and candidate.wording != group[-1].wording
        if group is None or again:
            group = open_groups[candidate.style] = []
            groups.append(group)
        group.append(candidate)
        rank = ranks[candidate.style]
        for style in [s for s in open_groups if ranks[s] > rank]:
            del open_groups[style]
    return groups


def _head(candidate: _Candidate, rank: int) -> Head:
    length = len(candidate.block.run.text)
    end = candidate.colon if candidate.colon is not None and not is_capitals(candidate.wording) else length
    return Head(candidate.label.number, candidate.label.rest, end, rank)


def _unnumbered(block: Block, after: Block | TableBlock | None) -> Head | None:
    """A caption in capitals, a paragraph of a heading style, or a short bold line that something stands under."""
    text, words = block.run.text, len(block.run.text.split())
    if block.outline_level is not None and words <= 60:
        return Head("", 0, len(text), min(CAPTION_RANK + 4 + block.outline_level, MINOR_RANK))
    if parse(text) is not None or text[-1] in ".;,":
        return None
    if (pattern("annex").match(text) and words <= 40) or (is_capitals(text) and 2 <= words <= 60):
        return Head("", 0, len(text), CAPTION_RANK)
    opens = after is not None and (isinstance(after, TableBlock) or not after.bold)
    if block.bold and words <= 15 and opens and text[0].isupper():
        return Head("", 0, len(text), MINOR_RANK)
    return None
