"""The runs of one paragraph as text: wrappers seen through, revisions accepted, every ``w:t`` accounted for once.

python-docx's own ``.text`` silently loses content controls, insertions, text boxes, footnotes, smart tags and simple
fields. Here every element that is not known to hold no text is entered, and what is left out on purpose is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

from ingest import encodings, symbols
from ingest.docx_styles import RunStyle, Styles, read_run
from ingest.docx_xml import MC, Element, M, W, value

BREAK = "\v"  # a line break typed inside a paragraph, until the paragraph is finished
_T, _RUN, _PROPERTIES = W + "t", W + "r", W + "rPr"
_REVISED_AWAY = (W + "del", W + "moveFrom")
_TEXTLESS = {
    W + tag
    for tag in (
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "customXmlPr",
        "smartTagPr",
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
        "commentRangeStart",
        "commentRangeEnd",
        "commentReference",
        "permStart",
        "permEnd",
        "lastRenderedPageBreak",
        "instrText",
        "delText",
        "delInstrText",
        "annotationRef",
        "separator",
        "continuationSeparator",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sectPr",
        "tblPrEx",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
    )
}
_GRAPHICS = {W + "drawing", W + "pict", W + "object"}
_UNIT = regex.compile(r"(?<!\p{L})[kcdhm]?m$")


@dataclass(slots=True)
class Census:
    """Characters of ``w:t`` that were emitted and that were left out for a known reason, and what was noticed."""

    emitted: int = 0
    left_out: int = 0
    notices: set[str] = field(default_factory=set)

    def leave_out(self, element: Element, notice: str | None = None) -> None:
        """Counts all text under ``element`` as left out on purpose."""
        count = sum(len(node.text or "") for node in element.iter(_T))
        self.left_out += count
        if notice is not None:
            self.notices.add(notice)


@dataclass(slots=True)
class Fields:
    """Complex fields that are open, across paragraphs: for each whether its result has begun and its instruction."""

    stack: list[tuple[bool, list[str]]] = field(default_factory=list)

    @property
    def in_instruction(self) -> bool:
        return any(not result for result, _ in self.stack)

    @property
    def in_contents(self) -> bool:
        """Inside a table of contents, which repeats the headings."""
        return any("".join(words).split()[:1] == ["TOC"] for _, words in self.stack)

    def mark(self, kind: str | None) -> None:
        if kind == "begin":
            self.stack.append((False, []))
        elif kind == "separate" and self.stack:
            self.stack[-1] = (True, self.stack[-1][1])
        elif kind == "end" and self.stack:
            self.stack.pop()

    def instruct(self, words: str) -> None:
        if self.stack:
            self.stack[-1][1].append(words)


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: pieces of text with the properties that matter, notes and boxes in order."""

    pieces: list[tuple[str, RunStyle]] = field(default_factory=list)
    notes: list[tuple[str, str, bool]] = field(default_factory=list)  # ("footnote", id, has a mark of its own)
    boxes: list[Element] = field(default_factory=list)
    contents: bool = False

    @property
    def empty(self) -> bool:
        return not any(text.strip() for text, _ in self.pieces)

    @property
    def bold(self) -> bool:
        """All that is printed is bold."""
        printed = [style.bold for text, style in self.pieces if text.strip()]
        return bool(printed) and all(printed)

    @property
    def bold_prefix(self) -> int:
        """Characters before the first printed one that is not bold."""
        count = 0
        for text, style in self.pieces:
            if text.strip() and not style.bold:
                break
            count += len(text)
        return count

    def text(self, believed: frozenset[encodings.Legacy], census: Census) -> str:
        """The text of all pieces, those in legacy fonts decoded together so that letters split over runs join."""
        out: list[str] = []
        waiting, font = "", ""
        for text, style in [*self.pieces, ("", RunStyle())]:
            own = style.font if style.font and encodings.legacy_font(style.font) else ""
            if own == font:
                waiting += text
                continue
            out.append(_decoded(waiting, font, believed, census))
            waiting, font = text, own
        out.append(_decoded(waiting, font, believed, census))
        return "".join(out)


def _decoded(text: str, font: str, believed: frozenset[encodings.Legacy], census: Census) -> str:
    legacy = encodings.legacy_font(font) if text and font else None
    decoded = None if legacy is None else encodings.decode(text, font, legacy in believed)
    if decoded is None:
        return text
    if decoded != text:
        census.notices.add("legacy-encoding")
    return decoded


@dataclass(slots=True)
class Reader:
    """Reads paragraphs of one story part; ``fields`` live across its paragraphs."""

    styles: Styles
    census: Census
    fields: Fields = field(default_factory=Fields)

    def paragraph(self, element: Element, style_id: str | None, into: Inline | None = None) -> Inline:
        inline = Inline() if into is None else into
        self._enter(element, inline, self.styles.paragraph(style_id).run)
        inline.contents = inline.contents or self.fields.in_contents
        return inline

    def _enter(self, element: Element, inline: Inline, base: RunStyle) -> None:
        for child in element:
            tag = child.tag
            if tag == _RUN:
                self._run(child, inline, base)
            elif tag in _TEXTLESS:
                continue
            elif tag in _REVISED_AWAY:
                self.census.leave_out(child, "tracked-changes")
            elif tag == MC + "AlternateContent":
                self._enter(branch(child, self.census), inline, base)
            elif tag in _GRAPHICS:
                inline.boxes.extend(boxes(child, self.census))
            elif tag == M + "t":
                inline.pieces.append((child.text or "", base))
            else:
                if tag in (W + "ins", W + "moveTo"):
                    self.census.notices.add("tracked-changes")
                self._enter(child, inline, base)

    def _run(self, run: Element, inline: Inline, base: RunStyle) -> None:
        style = base
        properties = run.find(_PROPERTIES)
        if properties is not None and len(properties):
            named = value(properties.find(W + "rStyle"))
            style = read_run(properties).over(self.styles.character(named).over(base) if named else base)
        for child in run:
            if child.tag == _T:
                self._text(child, style, inline)
            elif child.tag != _PROPERTIES:
                self._other(child, style, inline, base)

    def _text(self, node: Element, style: RunStyle, inline: Inline) -> None:
        text = node.text or ""
        if style.hidden:
            self.census.leave_out(node, "hidden-text")
        elif self.fields.in_instruction:
            self.census.leave_out(node)
        else:
            self.census.emitted += len(text)
            if not (style.raised and _is_mark(text, inline.pieces)):
                inline.pieces.append((text, style))
            inline.contents = inline.contents or (bool(self.fields.stack) and self.fields.in_contents)

    def _other(self, node: Element, style: RunStyle, inline: Inline, base: RunStyle) -> None:
        name = node.tag.removeprefix(W) if isinstance(node.tag, str) else ""
        if name in _SIGNS:
            inline.pieces.append((_SIGNS[name], style))
        elif name == "br":
            inline.pieces.append((" " if value(node, "type") in ("page", "column") else BREAK, style))
        elif name == "softHyphen":
            # In TCVN3 the code of the soft hyphen is the letter ư; elsewhere it prints nothing.
            inline.pieces.append(("\u00ad" if encodings.legacy_font(style.font) == "tcvn3" else "", style))
        elif name == "sym":
            inline.pieces.append((self._symbol(node), style))
        elif name == "fldChar":
            self.fields.mark(value(node, "fldCharType"))
        elif name == "instrText":
            self.fields.instruct(node.text or "")
        elif name in ("footnoteReference", "endnoteReference"):
            own = value(node, "customMarkFollows") in ("1", "true", "on")
            inline.notes.append((name.removesuffix("Reference"), value(node, "id") or "", own))
        elif node.tag in _GRAPHICS:
            inline.boxes.extend(boxes(node, self.census))
        elif node.tag == MC + "AlternateContent":
            chosen = branch(node, self.census)
            found = list(boxes(chosen, self.census))
            inline.boxes.extend(found)
            if not found:
                self._enter(chosen, inline, base)
        elif node.tag not in _TEXTLESS and node.tag != W + "t":
            self._enter(node, inline, base)

    def _symbol(self, node: Element) -> str:
        sign = symbols.PRINTED.get((value(node, "char") or "").upper())
        if sign is None:
            self.census.notices.add("unknown-symbol")
        return sign or ""


_SIGNS = {"tab": "\t", "ptab": "\t", "cr": BREAK, "noBreakHyphen": "-"}


def _is_mark(text: str, before: list[tuple[str, RunStyle]]) -> bool:
    """A raised number after a word is the mark of a note typed by hand; after m, km … it is part of the unit."""
    if not regex.fullmatch(r"\s*\(?\d{1,3}\)?(?:\s*,\s*\d{1,3})*\s*", text):
        return False
    so_far = "".join(piece for piece, _ in before[-4:])
    if not so_far.strip():
        return False
    return not (text.strip() in ("2", "3") and _UNIT.search(so_far))


def branch(alternate: Element, census: Census) -> Element:
    """The one branch of ``mc:AlternateContent`` to read: the first choice with text, else the fallback."""
    branches = [child for child in alternate if child.tag in (MC + "Choice", MC + "Fallback")]
    chosen = next((b for b in branches if next(b.iter(_T, M + "t"), None) is not None), None)
    if chosen is None:
        return alternate if not branches else branches[0]
    for other in branches:
        if other is not chosen:
            census.leave_out(other)
    return chosen


def boxes(element: Element, census: Census) -> Iterator[Element]:
    """The text boxes under a drawing, outermost only, each once."""
    for child in element:
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag == MC + "AlternateContent":
            yield from boxes(branch(child, census), census)
        else:
            yield from boxes(child, census)
