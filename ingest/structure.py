"""Headings, sections and zones, from wording and order alone: the same for PDF, DOCX and scans.

Heading styles follow Decree 30/2020/NĐ-CP, Annex I (phần, chương, mục, điểm) and what reports really print:
no dot, no blank, ``I-``, ``A-``, doubled lines.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from ingest.blocks import Block, TableBlock
from schema.model import PassageKind, Section, Zone

_TYPE_NAME = regex.compile(r"(?:BÁO CÁO|TỜ TRÌNH|KẾ HOẠCH|THÔNG BÁO|QUYẾT ĐỊNH|CÔNG VĂN|PHƯƠNG ÁN|ĐỀ ÁN)\b")
_LETTERHEAD = regex.compile(r"CỘNG H|Độc lập|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND|HỘI ĐỒNG|Số\s*:|ĐẢNG", regex.I)
_FOOT = regex.compile(r"Nơi nhận\s*:?|(?:TM|T/M|KT|TL|TUQ|Q)\s*\.?\s*(?:ỦY BAN|UỶ BAN|UBND|CHỦ TỊCH|HỘI ĐỒNG|BAN |ĐẢNG)")
_APPENDIX = regex.compile(r"(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu)\b")
_LIST_ITEM = regex.compile(r"[-–+*•▪]\s*[\p{L}\d\"“(]")
_LAST_LETTERHEAD_BLOCK = 16

_STYLES: tuple[tuple[str, regex.Pattern[str]], ...] = (
    ("part", regex.compile(r"((?:Phần|PHẦN|Chương|CHƯƠNG)\s+(?:(?:thứ|THỨ)\s+\p{L}+|[IVX]+|\d{1,2}))\b\s*[.:\-–]?\s*")),
    ("roman", regex.compile(r"([IVX]{1,6})\s*[.\-–/)]\s*(?=\p{L})")),
    ("upper", regex.compile(r"([A-HKĐ])\s*[.\-–/)]\s+(?=\p{L})")),
    ("decimal", regex.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})(?:[.)]|\b)\s*(?=[\p{L}\"“(])(?!\s*(?:%|km|ha|kg|tạ|tấn|tỷ|triệu)\b)")),
    ("decimal", regex.compile(r"(\d{1,2})[.)]\s*(?=[\p{L}\"“(])")),
    ("lower", regex.compile(r"([a-zđ])[).]\s+(?=\p{L})")),
    ("bracket", regex.compile(r"\((\d{1,2})\)\s*(?=\p{L})")),
)
_SENTENCE_BREAK = regex.compile(r"[.!?]\s+\p{Lu}|;\s")
_SHORT = 150
_LONG = 500


@dataclass(slots=True)
class Draft:
    """A passage before its section is known."""

    kind: PassageKind
    zone: Zone
    start: int
    end: int
    page: int | None
    bold: bool = False
    outline_level: int | None = None
    section: int | None = None
    table: int | None = None
    row: int | None = None
    col: int | None = None
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True, slots=True)
class Label:
    """The number that opens a heading: its style, itself, and where the caption starts in the paragraph."""

    style: str
    number: str
    caption_at: int


def is_list_item(text: str) -> bool:
    return bool(_LIST_ITEM.match(text))


def zones(blocks: Sequence[Block | TableBlock]) -> list[Zone]:
    """Letterhead up to the title, foot from the recipients or the signature on, furniture anywhere."""
    title = _title_at(blocks)
    found: list[Zone] = []
    foot = False
    for index, block in enumerate(blocks):
        text = "" if isinstance(block, TableBlock) else block.run.text
        if isinstance(block, TableBlock) or _APPENDIX.match(text):
            foot = False
        elif index > (title or 0) and (_FOOT.match(text) or block.kind == "foot"):
            foot = True
        kind = "text" if isinstance(block, TableBlock) else block.kind
        if kind in ("page-header", "page-footer"):
            found.append("furniture")
        elif kind == "letterhead" or (title is not None and index < title):
            found.append("letterhead")
        else:
            found.append("foot" if foot else "body")
    return found


def _title_at(blocks: Sequence[Block | TableBlock]) -> int | None:
    """Index of the title, when what stands before it looks like a letterhead."""
    before = ""
    for index, block in enumerate(blocks[:_LAST_LETTERHEAD_BLOCK]):
        text = "" if isinstance(block, TableBlock) else block.run.text
        if _TYPE_NAME.match(text) and len(text) < 200:
            return index if _LETTERHEAD.search(before) else None
        before += "\n" + text
    return None


def outline(text: str, drafts: list[Draft]) -> tuple[list[Draft], list[Section]]:
    """Headings told from list items, sections with parents; every passage knows its section."""
    placed: list[Draft] = []
    sections: list[Section] = []
    stack: list[tuple[str, int]] = []
    _mark_title(text, drafts)
    skip_until = 0
    for index, draft in enumerate(drafts):
        if draft.start < skip_until:
            _place(draft, stack, placed)
            continue
        found = _heading(text, drafts, index)
        if found is None:
            _place(draft, stack, placed)
            continue
        label, heading_end, caption_end = found
        style = label.style + (str(label.number.count(".")) if label.style == "decimal" else "")
        while stack and style in [known for known, _ in stack]:
            stack.pop()
        parent = stack[-1][1] if stack else None
        caption_from = draft.start + label.caption_at
        caption = " ".join(text[caption_from:caption_end].split()).rstrip(" :")
        section = Section(len(sections), parent, label.number, caption, len(stack) + 1, draft.start, len(text), draft.page)
        sections.append(section)
        stack.append((style, section.id))
        skip_until = max(caption_end, draft.end)
        _place(replace(draft, kind="heading", end=heading_end), stack, placed)
        rest = text[heading_end:draft.end]
        if rest.strip(" :"):
            start = draft.end - len(rest.lstrip(" :"))
            _place(replace(draft, kind="paragraph", start=start), stack, placed)
        for other in drafts[index + 1:]:
            if other.start >= caption_end:
                break
            other.kind = "heading"
    return placed, _closed(sections, len(text))


def _place(draft: Draft, stack: list[tuple[str, int]], placed: list[Draft]) -> None:
    if draft.zone == "body":
        draft.section = stack[-1][1] if stack else None
    placed.append(draft)


def _closed(sections: list[Section], end: int) -> list[Section]:
    """Each section ends where the next one of its level or above begins."""
    closed = []
    for section in sections:
        follower = next((s for s in sections[section.id + 1:] if s.level <= section.level), None)
        closed.append(replace(section, end=follower.start if follower else end))
    return closed


def _mark_title(text: str, drafts: list[Draft]) -> None:
    """``BÁO CÁO`` and the lines of its caption are headings without a section."""
    body = [draft for draft in drafts if draft.zone == "body" and draft.table is None][:8]
    at = next((n for n, d in enumerate(body) if _TYPE_NAME.match(text[d.start:d.end])), None)
    if at is None:
        return
    for draft in body[at:at + 4]:
        surface = text[draft.start:draft.end]
        if draft is not body[at] and (len(surface) > 260 or surface.endswith((".", ";", ":"))
                                      or _label(surface) or is_list_item(surface)):
            break
        draft.kind = "heading"


def _label(surface: str) -> Label | None:
    for style, pattern in _STYLES:
        if match := pattern.match(surface):
            return Label(style, " ".join(match[1].split()), match.end())
    return None


def _heading(text: str, drafts: list[Draft], index: int) -> tuple[Label, int, int] | None:
    """Label, end of the heading in its own paragraph, end of its caption (perhaps in the next paragraph)."""
    draft = drafts[index]
    if draft.zone != "body" or draft.kind not in ("paragraph", "list-item"):
        return None
    surface = text[draft.start:draft.end]
    label = _label(surface)
    if label is None:
        return None
    caption = surface[label.caption_at:]
    if label.style == "part":
        return label, draft.end, draft.end if caption else _caption_below(text, drafts, index)
    if _is_caption(caption, draft) or _has_children(text, drafts, index, label):
        return label, draft.end, draft.end
    colon = caption.find(":")
    if 0 < colon <= 90 and label.style != "lower" and _is_caption(caption[:colon], draft):
        end = draft.start + label.caption_at + colon + 1
        return label, end, end - 1
    return None


def _is_caption(caption: str, draft: Draft) -> bool:
    if not caption or not caption[0].isupper() and caption[0] not in "\"“(":
        return False
    if caption.isupper() and len(caption) < _LONG or draft.outline_level is not None:
        return True
    if draft.bold and len(caption) < _LONG and not caption.endswith((".", ";")):
        return True
    return len(caption) <= _SHORT and not caption.endswith((".", ";", ",", ":")) and not _SENTENCE_BREAK.search(caption)


def _has_children(text: str, drafts: list[Draft], index: int, label: Label) -> bool:
    """``8. …`` over several lines is a heading when ``8.1`` follows at once."""
    if label.style != "decimal" or index + 1 >= len(drafts):
        return False
    follower = _label(text[drafts[index + 1].start:drafts[index + 1].end])
    return follower is not None and follower.style == "decimal" and follower.number == f"{label.number}.1"


def _caption_below(text: str, drafts: list[Draft], index: int) -> int:
    """``Phần thứ nhất`` takes the capital lines below it as its caption."""
    end = drafts[index].end
    for draft in drafts[index + 1:index + 4]:
        surface = text[draft.start:draft.end]
        if draft.zone == "furniture":
            continue
        if draft.zone != "body" or not surface.isupper() or _label(surface):
            break
        end = draft.end
    return end
