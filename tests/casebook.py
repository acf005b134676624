"""Example lines as data: ``tests/cases/*.toml``, and what the extractors read, spelt as the cases spell it.

A case file is a list of ``[[group]]`` tables: ``about`` says what the lines have in common, ``lines`` holds ``text``
or ``[text, wanted, …]``; a plain text wants what the group's ``want`` says, nothing by default. A line of a table is
a row whose cells are parted by ``|``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from extractors import extract
from ingest.assemble import assemble
from ingest.blocks import Block, CellBlock, Run, TableBlock
from schema.catalogue import by_code
from schema.model import Citation, DateMention, Document, Facts, Percentage, Quantity, Ratio
from tests.support import document_of

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    want: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    about: str
    lines: tuple[Line, ...]
    facts: dict[str, str]


def groups(name: str) -> list[Group]:
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["group"]
    return [
        Group(
            table["about"],
            tuple(
                Line(line, tuple(table.get("want", ()))) if isinstance(line, str) else Line(line[0], tuple(line[1:]))
                for line in table["lines"]
            ),
            {name: value for name, value in table.items() if isinstance(value, str)},
        )
        for table in tables
    ]


def names() -> list[str]:
    """The case files."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def all_groups() -> Iterator[tuple[str, Group]]:
    yield from ((name, group) for name in names() for group in groups(name))


def page_of(text: str) -> Document:
    """The first page of a report, a paragraph a line."""
    return document_of(text)


def grid_of(text: str) -> Document:
    """Plain lines as paragraphs, then the lines whose cells are parted by ``|`` as one table."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    title = " ".join(line for line in lines if "|" not in line)
    return table_of("\n".join(line for line in lines if "|" in line), title)


def table_of(rows: str, title: str = "") -> Document:
    """A document with one table, a row a line, under a paragraph ``title``; ``>`` goes on with the cell on its left."""
    cells: list[CellBlock] = []
    for row, line in enumerate(rows.strip().splitlines()):
        for col, cell in enumerate(line.split("|")):
            if cell.strip() == ">":
                cells[-1].col_span += 1
            else:
                cells.append(CellBlock(Run(cell.strip()), row, col))
    columns = max(cell.col + cell.col_span for cell in cells)
    table = TableBlock(cells, cells[-1].row + 1, columns, 1)
    return assemble([*([Block(Run(title))] if title else []), table], format="docx")


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def figure(mention: Quantity | Percentage | Ratio) -> str:
    """``~6 km``, ``+4.8%``, ``3525/3879``; ``[plan]`` behind a target."""
    if isinstance(mention, Ratio):
        return f"{plain(mention.numerator)}/{plain(mention.denominator)}"
    sign = {"level": "", "increase": "+", "decrease": "-"}[mention.change]
    qualifier = "" if mention.qualifier == "=" else mention.qualifier
    if isinstance(mention, Percentage):
        unit = " điểm %" if mention.points else "%"
    else:
        unit = f" {mention.unit}" if mention.unit else ""
    return f"{qualifier}{sign}{plain(abs(mention.value))}{unit}"


def figures(facts: Facts) -> list[str]:
    found: list[Quantity | Percentage | Ratio] = [*facts.quantities, *facts.percentages, *facts.ratios]
    return [figure(mention) for mention in sorted(found, key=lambda mention: mention.start)]


def citation(mention: Citation) -> str:
    return f"{mention.code or '?'} {mention.issued_on or '-'}"


def _span(start: date | None, end: date | None) -> str:
    if start is None or end is None:
        return "-"
    return str(start) if start == end else f"{start}..{end}"


def moment(mention: DateMention) -> str:
    """``day 2023-02-14``, ``month 2025-11-01..2025-11-30``, ``relative -``."""
    return f"{mention.kind} {_span(mention.start_on, mention.end_on)}"


def indicators(facts: Facts) -> list[str]:
    """``staff.total 17``, each once; plans and indicators beyond the public catalogue are left out."""
    core = {code for code, indicator in by_code().items() if indicator.core}
    values = [value for value in facts.indicators if value.basis == "actual" and value.indicator in core]
    return sorted({f"{value.indicator} {plain(value.value)}" for value in values})


def timed(facts: Facts) -> list[str]:
    """``staff.total 17 2024-01-01..2024-06-30``, ``@2024-12-31`` for a cut-off; behind it ``[plan]``, ``[sum]``."""
    core = {code for code, indicator in by_code().items() if indicator.core}
    shown = set()
    for value in facts.indicators:
        if value.indicator in core:
            period = f" {value.period_start}..{value.period_end}" if value.period_start else ""
            cut_off = f" @{value.as_of}" if value.as_of else ""
            marks = (" [plan]" if value.basis == "plan" else "") + (" [sum]" if value.cumulative else "")
            shown.add(f"{value.indicator} {plain(value.value)}{period}{cut_off}{marks}")
    return sorted(shown)


def letterhead(facts: Facts) -> list[str]:
    """What the header says, field by field, the title left out."""
    header = facts.header
    named = {
        "commune": f"{header.commune_type} {header.commune}" if header.commune else None,
        "district": header.district,
        "province": header.province,
        "no": header.report_no,
        "issued": header.issued_on,
        "topic": header.topic,
        "period": _span(header.period_start, header.period_end) if header.period_start else None,
    }
    return [f"{name} {value}" for name, value in named.items() if value]


def titled(facts: Facts) -> list[str]:
    return [facts.header.title] if facts.header.title else []


def body_of(text: str) -> Document:
    """A body that says ``text``; the sentence before keeps its first line from looking like a letterhead."""
    return document_of(f"Kết quả thực hiện cụ thể như sau.\n{text}")


def read(text: str) -> Facts:
    return extract(body_of(text))


DOCUMENT: dict[str, Callable[[str], Document]] = {"header": page_of, "tables": grid_of}
"""How the text of a line becomes a document, by case file; elsewhere it is a line of a body."""


def document(name: str, text: str) -> Document:
    return DOCUMENT.get(name, body_of)(text)
