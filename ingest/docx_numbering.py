"""Automatic numbering replayed: what Word prints in front of a paragraph is in no ``w:t``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import regex
from lxml import etree

from ingest.docx_xml import W, value

_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: format, template ``%1.%2``, first value."""

    format: str
    template: str
    start: int
    suffix: str
    legal: bool


@dataclass(slots=True)
class Numbering:
    """Counters of every list of one document; ``label`` advances them in document order."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    style_links: dict[str, tuple[str, int]] = field(default_factory=dict)
    overrides: dict[tuple[str, int], int] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    started: set[tuple[str, int]] = field(default_factory=set)

    def label(self, num_id: str, level: int) -> str:
        """The printed label of the next paragraph of list ``num_id`` at 0-based ``level``, '' for none."""
        abstract = self.abstract_of.get(num_id)
        known = self.levels.get(abstract or "", {})
        if abstract is None or level not in known:
            return ""
        counter = self.counters[abstract]
        if (num_id, level) in self.overrides and (num_id, level) not in self.started:
            counter[level] = self.overrides[num_id, level]
        else:
            counter[level] = counter.get(level, known[level].start - 1) + 1
        self.started.add((num_id, level))
        for deeper in [known_level for known_level in counter if known_level > level]:
            del counter[deeper]
        return _printed(known, counter, level)


def read(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """Lists of ``numbering.xml`` and the paragraph styles that are linked to one."""
    lists = Numbering()
    if numbering is not None:
        for abstract in numbering.iter(f"{W}abstractNum"):
            key = value(abstract, "abstractNumId") or ""
            lists.levels[key] = {int(value(lvl, "ilvl") or 0): _level(lvl) for lvl in abstract.findall(f"{W}lvl")}
        for num in numbering.findall(f"{W}num"):
            number = value(num, "numId") or ""
            lists.abstract_of[number] = value(num.find(f"{W}abstractNumId")) or ""
            for override in num.findall(f"{W}lvlOverride"):
                start = value(override.find(f"{W}startOverride"))
                if start is not None:
                    lists.overrides[number, int(value(override, "ilvl") or 0)] = int(start)
    if styles is not None:
        for style in styles.findall(f"{W}style"):
            link = style.find(f"{W}pPr/{W}numPr")
            num_id = value(link.find(f"{W}numId")) if link is not None else None
            if link is not None and num_id:
                level = value(link.find(f"{W}ilvl"))
                lists.style_links[value(style, "styleId") or ""] = (num_id, int(level or 0))
    return lists


def _level(element: etree._Element) -> Level:
    return Level(
        value(element.find(f"{W}numFmt")) or "decimal",
        value(element.find(f"{W}lvlText")) or "",
        int(value(element.find(f"{W}start")) or 1),
        value(element.find(f"{W}suff")) or "tab",
        element.find(f"{W}isLgl") is not None,
    )


def _printed(levels: dict[int, Level], counter: dict[int, int], level: int) -> str:
    current = levels[level]
    if current.format == "none":
        return ""
    if current.format == "bullet":
        return "-" if not current.template.strip() or not regex.match(r"[-+*•]", current.template) else current.template

    def number(match: regex.Match[str]) -> str:
        at = int(match[1]) - 1
        shape = levels.get(at, current)
        return shown(counter.get(at, shape.start), "decimal" if current.legal else shape.format)

    return str(regex.sub(r"%(\d)", number, current.template))


def shown(number: int, shape: str) -> str:
    """``number`` in one of Word's formats."""
    if shape in ("upperRoman", "lowerRoman"):
        text = ""
        for weight, letters in _ROMAN:
            while number >= weight:
                text, number = text + letters, number - weight
        return text if shape == "upperRoman" else text.lower()
    if shape in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if shape == "upperLetter" else letter
    return f"{number:02d}" if shape == "decimalZero" else str(number)
