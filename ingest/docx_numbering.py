"""Automatic numbering replayed: what Word prints in front of a paragraph stands in no ``w:t``.

Rules as in ISO/IEC 29500-1 §17.9: counters belong to the abstract list, an instance may override a level or restart it
once, a level restarts after any outer level unless ``w:lvlRestart`` says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import regex

from ingest import symbols
from ingest.docx_styles import Styles
from ingest.docx_xml import Element, W, number, toggle, value
from ingest.headings import to_roman

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. ``restart_after`` is the 1-based outer level that restarts it, 0 for never, None for any."""

    format: str = "decimal"
    template: str = ""
    start: int = 1
    suffix: str = "tab"
    legal: bool = False
    restart_after: int | None = None
    style: str | None = None


@dataclass(slots=True)
class Numbering:
    """The lists of one document with their counters; ``label`` must be called in document order."""

    abstract_of: dict[str, str] = field(default_factory=dict)
    abstracts: dict[str, dict[int, Level]] = field(default_factory=dict)
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, num_id: str, style_id: str) -> int | None:
        """The level that a list links to a paragraph style."""
        levels = self._levels(num_id)
        return next((index for index, level in levels.items() if level.style == style_id), None)

    def label(self, num_id: str, index: int) -> str:
        """Counts one more paragraph of list ``num_id`` at 0-based level ``index``; its printed label with suffix."""
        levels = self._levels(num_id)
        if index not in levels:
            return ""
        counters = self._counters.setdefault(self.abstract_of[num_id], {})
        restart = self.restarts.get(num_id, {}).get(index)
        if restart is not None and (num_id, index) not in self._restarted:
            self._restarted.add((num_id, index))
            counters[index] = restart
        else:
            counters[index] = counters.get(index, levels[index].start - 1) + 1
        for inner in [known for known in counters if known > index]:
            after = levels[inner].restart_after if inner in levels else None
            if after is None or index < after:
                del counters[inner]
        return _printed(levels, counters, index)

    def _levels(self, num_id: str) -> dict[int, Level]:
        abstract = self.abstracts.get(self.abstract_of.get(num_id, ""), {})
        own = self.overrides.get(num_id)
        return {**abstract, **own} if own else abstract


def read(root: Element | None, styles: Styles) -> Numbering:
    """The lists of the numbering part; list styles (``w:numStyleLink``) are followed."""
    lists = Numbering()
    if root is None:
        return lists
    links: dict[str, str] = {}
    style_links: dict[str, str] = {}
    for abstract in root.findall(W + "abstractNum"):
        key = value(abstract, "abstractNumId") or ""
        lists.abstracts[key] = {number(e, "ilvl") or 0: _level(e) for e in abstract.findall(W + "lvl")}
        if link := value(abstract.find(W + "numStyleLink")):
            links[key] = link
        if link := value(abstract.find(W + "styleLink")):
            style_links[link] = key
    for num in root.findall(W + "num"):
        _instance(num, lists)
    for key, link in links.items():
        target = style_links.get(link) or lists.abstract_of.get(styles.paragraph(link).num_id or "")
        if target is not None and not lists.abstracts[key]:
            lists.abstracts[key] = lists.abstracts.get(target, {})
    return lists


def _instance(num: Element, lists: Numbering) -> None:
    num_id = value(num, "numId") or ""
    lists.abstract_of[num_id] = value(num.find(W + "abstractNumId")) or ""
    for override in num.findall(W + "lvlOverride"):
        index = number(override, "ilvl") or 0
        if (level := override.find(W + "lvl")) is not None:
            lists.overrides.setdefault(num_id, {})[index] = _level(level)
        if (start := number(override.find(W + "startOverride"))) is not None:
            lists.restarts.setdefault(num_id, {})[index] = start


def _level(element: Element) -> Level:
    start, restart = number(element.find(W + "start")), number(element.find(W + "lvlRestart"))
    return Level(
        value(element.find(W + "numFmt")) or "decimal",
        value(element.find(W + "lvlText")) or "",
        0 if start is None else start,
        value(element.find(W + "suff")) or "tab",
        bool(toggle(element.find(W + "isLgl"))),
        restart,
        value(element.find(W + "pStyle")),
    )


def _printed(levels: dict[int, Level], counters: dict[int, int], index: int) -> str:
    level = levels[index]
    if level.format == "bullet":
        text = _bullet(level.template)
    elif level.format == "none" and "%" not in level.template:
        text = ""
    else:

        def place(match: regex.Match[str]) -> str:
            at = int(match[1]) - 1
            shape = levels.get(at, level)
            # An outer level that no paragraph has used yet prints as its first value.
            return shown(counters.get(at, shape.start), "decimal" if level.legal else shape.format)

        text = str(regex.sub(r"%([1-9])", place, level.template))
    return text if not text or level.suffix == "nothing" else text + " "


def _bullet(template: str) -> str:
    sign = symbols.printed(template.strip())
    return "-" if "\ue000" <= sign[:1] <= "\uf8ff" else sign


def shown(count: int, shape: str) -> str:
    """``count`` in one of Word's number formats; ``lowerLetter`` is Word's own a b c d e (never đ)."""
    if shape == "none":
        return ""
    if shape in ("upperRoman", "lowerRoman"):
        return to_roman(count) if shape == "upperRoman" else to_roman(count).lower()
    if shape in ("upperLetter", "lowerLetter"):
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count > 0 else ""
        return letters.upper() if shape == "upperLetter" else letters
    if shape == "vietnameseCounting" and 0 <= count < 100:
        return _in_words(count)
    return f"{count:02d}" if shape == "decimalZero" else str(count)


def _in_words(count: int) -> str:
    tens, units = divmod(count, 10)
    if tens == 0:
        return _DIGITS[units]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if units == 0:
        return head
    tail = "lăm" if units == 5 else "mốt" if units == 1 and tens > 1 else _DIGITS[units]
    return f"{head} {tail}"
