"""Printed lines into logical paragraphs, by geometry first and wording second."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from ingest.blocks import Block, BlockKind, Run
from ingest.headings import parse
from ingest.pdf_page import GlyphPage, PageLine
from ingest.zones import pattern
from schema.text import BULLETS

_MARKER = regex.compile(
    r"(?:[-+*•–▪]\s*\p{L}|\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s*\p{Lu}|[IVX]{1,5}\s*[.\-/]|[A-Z]\s*[.\-]\s|"
    r"(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC)\s+(?:thứ|THỨ|[IVX\d]))"
)
_BULLET = regex.compile(rf"[{BULLETS}]\s*\S")
_TYPE_NAME = regex.compile(r"(?:BÁO CÁO|TỜ TRÌNH|KẾ HOẠCH|THÔNG BÁO|QUYẾT ĐỊNH|PHỤ LỤC\s*\S{0,5}|Phụ lục\s*\S{0,5})$")
_PART = regex.compile(r"(?:Phần|PHẦN)\s+(?:thứ|THỨ|[IVX\d])\s*\S*$")
_FOOT = regex.compile(r"Nơi nhận\s*:?")
_CLOSED = regex.compile(r"[.;:!?…/][\"”)]?$|\./\.$")

_PAGE_NUMBER = regex.compile(r"[-–]?\s*\d{1,4}\s*[-–]?|Trang \d+(?:/\d+)?")
_NOTE = regex.compile(r"\(?\d{1,2}\)?\s*\p{L}")
_DATE_WITHOUT_YEAR = regex.compile(r"ngày\s.*\snăm$|tháng\s+\d+$")
_YEAR = regex.compile(r"(?:năm\s+)?\d{4}")
_CODE_BEGUN = regex.compile(r"\d+\p{Ll}?/(?:[\p{L}\d&]+-)*$|\d/[\p{Lu}&]+-$")
_CODE_GOES_ON = regex.compile(r"\p{Lu}|\d")

_TOP_MARGIN, _BOTTOM_MARGIN = 0.09, 0.93  # shares of the page's height


@dataclass(frozen=True, slots=True)
class Frame:
    """The text area of a document: usual left and right edge, line pitch and size, in points."""

    left: float
    right: float
    pitch: float
    size: float


def frame(lines: list[PageLine]) -> Frame:
    """Edges met by most of the long lines."""
    long = [line for line in lines if len(line.text) > 50] or lines
    lefts = Counter(round(line.x0) for line in long)
    # First lines may be indented more often than lines go on: the edge is the leftmost that many lines keep.
    left = min(x for x, count in lefts.items() if count >= 0.2 * max(lefts.values()))
    rights = sorted(line.x1 for line in long)
    gaps = Counter(round(b.top - a.top) for a, b in pairwise(lines) if a.page == b.page and 5 < b.top - a.top < 60)
    pitch = gaps.most_common(1)[0][0] if gaps else 18
    size = Counter(round(line.size, 1) for line in long).most_common(1)[0][0]
    return Frame(left, rights[int(len(rights) * 0.9)], pitch, size)


Place = tuple[int, int]  # page and first glyph of a printed line


def running(lines: Sequence[PageLine], pages: Mapping[int, GlyphPage]) -> frozenset[Place]:
    """Lines in the margins that stand at one height on several pages with the same words, numbers aside."""
    seen: dict[tuple[str, int], list[PageLine]] = {}
    for line in lines:
        height = pages[line.page].height
        if line.bottom < _TOP_MARGIN * height or line.top > _BOTTOM_MARGIN * height:
            seen.setdefault((regex.sub(r"\d+", "0", line.text), round(line.top / 6)), []).append(line)
    return frozenset(
        (line.page, line.glyphs[0])
        for found in seen.values()
        if len({line.page for line in found}) >= max(2, len(pages) // 3)
        for line in found
    )


def blocks(
    lines: list[PageLine], pages: Mapping[int, GlyphPage], area: Frame, margins: frozenset[Place] = frozenset()
) -> list[Block]:
    """Paragraphs in reading order; furniture and footnotes follow the paragraph that they interrupt."""
    body: list[list[PageLine]] = []
    built: list[Block] = []
    interrupting: list[Block] = []

    def close() -> None:
        if body:
            built.append(_block(body[-1], pages, "text", area))
            body.clear()
        built.extend(interrupting)
        interrupting.clear()

    for line in lines:
        kind = _furniture(line, pages[line.page], area, margins)
        if kind is not None:
            interrupting.append(_block([line], pages, kind, area))
        elif body and _continues(body[-1], line, area):
            body[-1].append(line)
        else:
            close()
            body.append([line])
    close()
    return built


def _furniture(
    line: PageLine, page: GlyphPage, area: Frame, margins: frozenset[Place]
) -> BlockKind | None:
    top, bottom = line.top / page.height, line.bottom / page.height
    is_stamp = line.size < area.size - 1.9 and pattern("stamp").match(line.text)
    if is_stamp or (line.page, line.glyphs[0]) in margins:
        return "page-header" if top < 0.5 else "page-footer"
    if _PAGE_NUMBER.fullmatch(line.text) and (top < 0.1 or bottom > 0.92):
        return "page-header" if top < 0.5 else "page-footer"
    if line.size < area.size - 1.9 and top > 0.6 and _NOTE.match(line.text):
        return "footnote"
    return None


def _continues(paragraph: list[PageLine], line: PageLine, area: Frame) -> bool:
    last = paragraph[-1]
    if _TYPE_NAME.fullmatch(last.text) or _PART.fullmatch(last.text) or _FOOT.match(line.text):
        return False
    if _BULLET.match(line.text):
        return False
    if last.column != line.column:
        return False
    if _place_date_goes_on(last, line):
        return True
    if last.page == line.page and (line.top - last.top > 1.9 * area.pitch or line.top < last.top - 2):
        return False
    if abs(last.size - line.size) > 1.6:
        return False
    if last.bold != line.bold and not last.hyphenated and _CLOSED.search(last.text):
        return False
    if last.hyphenated:
        return True
    if (_centred(paragraph[0], area) and not _full(paragraph[0], area)) or _centred(line, area):
        return _same_caption(paragraph, line, area)
    if line.x0 > area.left + 8:
        return _hanging(paragraph, line, area)
    if not line.column and not _full(last, area) and line.text[0].isupper():
        return False  # the line before ended early: a heading without its full stop
    closed = _CLOSED.search(last.text) is not None
    marked = _marked(line.text, closed)
    set_apart = last.page == line.page and line.top - last.top > 1.35 * area.pitch
    if marked and (set_apart or (last.bold and line.bold)):
        return False  # a heading right under a heading, however wide that one is
    return not (closed and marked) and (_full(last, area) or not (closed or marked))


def _marked(text: str, closed: bool = False) -> bool:
    """Whether a line begins as a heading or an item does; without a ``closed`` line before it, ``- 5`` ends a range."""
    if _MARKER.match(text):
        return True
    label = parse(text)
    return label is not None and (closed or label.style != "bullet")


def _place_date_goes_on(last: PageLine, line: PageLine) -> bool:
    return bool(_YEAR.fullmatch(line.text) and _DATE_WITHOUT_YEAR.search(last.text))


def _hanging(paragraph: list[PageLine], line: PageLine, area: Frame) -> bool:
    """Lines of a block that is indented as a whole (recipients, quotations) go on; a new indent does not."""
    last = paragraph[-1]
    if _marked(line.text) or _CLOSED.search(last.text):
        return False
    return len(paragraph) > 1 and abs(last.x0 - line.x0) < 3 and _full(last, area)


def _same_caption(paragraph: list[PageLine], line: PageLine, area: Frame) -> bool:
    last = paragraph[-1]
    if _marked(line.text) or not _centred(line, area) or last.bold != line.bold or last.page != line.page:
        return False
    same_case = last.text.isupper() == line.text.isupper() or not any(c.isalpha() for c in line.text)
    return same_case and (last.x1 - last.x0) > 0.55 * (area.right - area.left) and not _CLOSED.search(last.text)


def _full(line: PageLine, area: Frame) -> bool:
    return line.x1 > area.right - 0.16 * (area.right - area.left)


def _centred(line: PageLine, area: Frame) -> bool:
    before, after = line.x0 - area.left, area.right - line.x1
    return before > 8 and abs(before - after) < 12


def _block(lines: list[PageLine], pages: Mapping[int, GlyphPage], kind: BlockKind, area: Frame) -> Block:
    bold = all(line.bold for line in lines)
    centred = _centred(lines[-1], area) and all(_centred(line, area) or _full(line, area) for line in lines)
    return Block(join(lines, pages), kind, lines[0].page, bold=bold, centred=centred)


def join(lines: list[PageLine], pages: Mapping[int, GlyphPage]) -> Run:
    """Lines into one: a code or word broken after its hyphen is joined, all else gets one blank."""
    text: list[str] = []
    origin = array("l")
    for index, line in enumerate(lines):
        if index and not lines[index - 1].hyphenated and not _broken_code(lines[index - 1].text, line.text):
            text.append(" ")
            origin.append(-1)
        text.append(line.text)
        origin.extend(map(pages[line.page].first_glyph.__add__, line.glyphs))
    return Run("".join(text), origin)


def _broken_code(before: str, after: str) -> bool:
    return bool(_CODE_GOES_ON.match(after) and _CODE_BEGUN.search(before))
