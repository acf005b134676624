"""Marked-up report text: one source from which both the file and its gold are made, so that gold cannot drift.

Inline marks, ``{kind value words|surface}``, may nest; the surface is what the report prints:

* ``{c 21a/KH-UBND 2023-02-15|Kế hoạch số 21a/KH-UBND ngày 15/02/2023}``: a citation with the date that its sentence
  gives it (none: no date). A full date inside the surface counts as a date of the text, too.
* ``{d 2023-02-15|15/02/2023}``: a day; ``{d -|31/6/2023}``: one that does not exist.
* ``{q 1088 hồ sơ|1.088 hồ sơ}``: a quantity and its noun.
  ``{p 90.87|90,87%}``: a percentage. ``{r 892/907|892/907}``: a ratio.

Words after the value: ``=code`` or ``=code:value`` names the indicator (with its value where the unit differs),
``@name`` the generator's name of the value, ``?`` an optional one, ``>`` ``>=`` ``<`` ``<=`` ``~`` its qualifier, all
others are the noun.

Lines: ``@key value`` meta data,
``# ``/``## ``/``### `` headings, ``- ``/``+ `` list items, ``| a | b |`` table rows (the
first row of a table is its header), all else paragraphs.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

Kind = Literal["c", "d", "q", "p", "r"]
BlockKind = Literal["heading", "paragraph", "item", "table"]
QUALIFIERS = (">", ">=", "<", "<=", "~")
_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)|(\d{1,2}) tháng (\d{1,2}) năm (\d{4})")


class MarkupError(ValueError):
    """The marked-up text is not well formed; the message quotes the place."""


@dataclass(slots=True)
class Mark:
    """One marked run. ``values`` are the canonical values as text (two for a ratio, code and date for a citation)."""

    kind: Kind
    values: list[str]
    body: list[Node]
    noun: str = ""
    qualifier: str = "="
    names: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    optional: bool = False

    def number(self) -> Decimal:
        return Decimal(self.values[0])


Node: TypeAlias = "str | Mark"


@dataclass(slots=True)
class Block:
    """A heading, paragraph, list item or table; the cells of a table are node lists, ``nodes`` is empty then."""

    kind: BlockKind
    nodes: list[Node] = field(default_factory=list)
    level: int = 0
    rows: list[list[list[Node]]] = field(default_factory=list)

    def runs(self) -> Iterator[list[Node]]:
        """Every separate run of nodes: the block itself or each of its cells."""
        if self.kind == "table":
            for row in self.rows:
                yield from row
        else:
            yield self.nodes

    @property
    def text(self) -> str:
        return surface(self.nodes)


@dataclass(slots=True)
class Report:
    """A report's meta data (each key in the order given) and its body."""

    meta: dict[str, list[str]]
    blocks: list[Block]

    def one(self, key: str, default: str = "") -> str:
        return self.meta.get(key, [default])[0]

    def marks(self) -> Iterator[Mark]:
        for block in self.blocks:
            for run in block.runs():
                yield from walk(run)


def surface(nodes: list[Node]) -> str:
    return "".join(node if isinstance(node, str) else surface(node.body) for node in nodes)


def walk(nodes: list[Node]) -> Iterator[Mark]:
    for node in nodes:
        if isinstance(node, Mark):
            yield node
            yield from walk(node.body)


def parse_line(text: str) -> list[Node]:
    nodes, end = _parse(text, 0, nested=False)
    if end != len(text):
        raise MarkupError(f"unbalanced brace: {text!r}")
    return nodes


def _parse(text: str, at: int, *, nested: bool) -> tuple[list[Node], int]:
    nodes: list[Node] = []
    while at < len(text):
        stop = next((i for i in range(at, len(text)) if text[i] in "{}"), len(text))
        if stop > at:
            nodes.append(text[at:stop])
        if stop == len(text):
            return nodes, stop
        if text[stop] == "}":
            if not nested:
                raise MarkupError(f"unbalanced brace: {text!r}")
            return nodes, stop
        bar = text.index("|", stop)
        body, at = _parse(text, bar + 1, nested=True)
        if at >= len(text):
            raise MarkupError(f"open mark: {text[stop:]!r}")
        nodes.append(_mark(text[stop + 1 : bar], body))
        at += 1
    return nodes, at


def _mark(args: str, body: list[Node]) -> Mark:
    kind, value, *words = args.split()
    if kind not in ("c", "d", "q", "p", "r"):
        raise MarkupError(f"no such mark: {args!r}")
    mark = Mark(kind, value.split("/") if kind == "r" else [value], body)  # type: ignore[arg-type]  # checked above
    noun: list[str] = []
    for word in words:
        if word == "?":
            mark.optional = True
        elif word in QUALIFIERS:
            mark.qualifier = word
        elif word[0] == "=":
            mark.indicators.append(word[1:])
        elif word[0] == "@":
            mark.names.append(word[1:])
        elif kind == "c" and re.fullmatch(r"\d{4}-\d\d-\d\d", word):
            mark.values.append(word)
        else:
            noun.append(word)
    mark.noun = " ".join(noun)
    return mark


def dump_line(nodes: list[Node]) -> str:
    """The inverse of ``parse_line``."""
    return "".join(node if isinstance(node, str) else _dump_mark(node) for node in nodes)


def _dump_mark(mark: Mark) -> str:
    words = [mark.kind, "/".join(mark.values) if mark.kind == "r" else " ".join(mark.values), mark.noun]
    words += [mark.qualifier] if mark.qualifier != "=" else []
    words += ["?"] if mark.optional else []
    words += [f"={code}" for code in mark.indicators] + [f"@{name}" for name in mark.names]
    return "{" + " ".join(word for word in words if word) + "|" + dump_line(mark.body) + "}"


def parse(source: str) -> Report:
    meta: dict[str, list[str]] = {}
    blocks: list[Block] = []
    for line in source.splitlines():
        if line.startswith("@"):
            key, _, value = line[1:].partition(" ")
            meta.setdefault(key, []).append(value.strip())
        elif line.startswith("|"):
            row = [parse_line(cell.strip()) for cell in _cells(line)]
            if not blocks or blocks[-1].kind != "table":
                blocks.append(Block("table"))
            blocks[-1].rows.append(row)
        elif line.strip():
            blocks.append(_block(line.strip()))
    return Report(meta, blocks)


def _cells(line: str) -> list[str]:
    """The bars of a table row; those inside a mark are the mark's own."""
    cells, depth, start = [], 0, 1
    for i, char in enumerate(line):
        depth += (char == "{") - (char == "}")
        if char == "|" and depth == 0 and i:
            cells.append(line[start:i])
            start = i + 1
    return cells


def _block(line: str) -> Block:
    if line.startswith("#"):
        level = len(line) - len(line.lstrip("#"))
        return Block("heading", parse_line(line[level:].strip()), level=level)
    kind: BlockKind = "item" if line[:2] in ("- ", "+ ") else "paragraph"
    return Block(kind, parse_line(line))


def dump(report: Report) -> str:
    """Marked-up text again; ``parse(dump(r))`` equals ``r``."""
    lines = [f"@{key} {value}".rstrip() for key, values in report.meta.items() for value in values]
    for block in report.blocks:
        if block.kind == "table":
            lines += ["| " + " | ".join(dump_line(cell) for cell in row) + " |" for row in block.rows]
        else:
            lines.append("#" * block.level + " " * bool(block.level) + dump_line(block.nodes))
    return "\n".join(lines) + "\n"


def dates_in(text: str) -> Iterator[str]:
    """Full dates as the gold writes them: ISO, '' for a day that does not exist."""
    from datetime import date

    for match in _DATE.finditer(text):
        day, month, year = (int(part) for part in match.groups() if part)
        try:
            yield date(year, month, day).isoformat()
        except ValueError:
            yield ""
