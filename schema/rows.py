"""Model values <-> database rows. Column names are field names, except where a table says otherwise here."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from schema.model import (
    Box,
    Citation,
    DateMention,
    IndicatorValue,
    Line,
    Mention,
    Passage,
    Percentage,
    Quantity,
    Ratio,
    Section,
    Table,
)

Row = dict[str, Any]  # a database row is as untyped as SQLite itself
T = TypeVar("T")

PLACE = {"start": "char_start", "end": "char_end"}
RENAMED: dict[type, dict[str, str]] = {
    Section: {"id": "section_id", "parent": "parent_id"},
    Passage: {"id": "passage_id", "section": "section_id", "table": "table_id"},
    Table: {"id": "table_id"},
}
# kind of mention -> (its class, its table, the field of Facts)
MENTIONS: dict[str, tuple[type[Mention], str, str]] = {
    "citation": (Citation, "citation", "citations"),
    "date": (DateMention, "date_mention", "dates"),
    "quantity": (Quantity, "quantity", "quantities"),
    "percentage": (Percentage, "percentage", "percentages"),
    "ratio": (Ratio, "ratio", "ratios"),
    "indicator": (IndicatorValue, "indicator_value", "indicators"),
}
SHARED = {field.name for field in fields(Mention)}


def plain(value: object) -> object:
    """A value as SQLite keeps it: dates ISO, decimals as written by ``str``, truth as 0/1."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bool):
        return int(value)
    return value


@cache
def _types(cls: Any) -> dict[str, type]:
    """Field -> its plain type, with ``| None`` taken off."""
    found = {}
    for name, hint in typing.get_type_hints(cls).items():
        if typing.get_origin(hint) in (types.UnionType, typing.Union):
            hint = next(part for part in typing.get_args(hint) if part is not type(None))
        found[name] = hint
    return found


def _typed(value: Any, kind: type) -> Any:
    if value is None:
        return None
    if kind is date:
        return date.fromisoformat(value)
    if kind is Decimal:
        return Decimal(value)
    if kind is bool:
        return bool(value)
    return value


def to_row(value: Any, skip: Iterable[str] = ()) -> Row:
    """The fields of a frozen dataclass as columns."""
    names = RENAMED.get(type(value), {})
    skipped = set(skip)
    return {
        names.get(f.name, PLACE.get(f.name, f.name)): plain(getattr(value, f.name))
        for f in fields(value)
        if f.name not in skipped
    }


def from_row(cls: type[T], row: Mapping[str, Any]) -> T:
    """The dataclass that ``to_row`` took apart; columns of others are ignored."""
    names, hints = RENAMED.get(cls, {}), _types(typing.cast(typing.Hashable, cls))
    wanted = {name: names.get(name, PLACE.get(name, name)) for name in hints}
    return cls(**{name: _typed(row[column], hints[name]) for name, column in wanted.items() if column in row})


def line_row(line: Line) -> Row:
    box = line.box
    return {
        "char_start": line.start,
        "char_end": line.end,
        "page": box.page,
        "x0": box.x0,
        "y0": box.y0,
        "x1": box.x1,
        "y1": box.y1,
        "confidence": line.confidence,
    }


def line_from(row: Mapping[str, Any]) -> Line:
    box = Box(row["page"], row["x0"], row["y0"], row["x1"], row["y1"])
    return Line(row["char_start"], row["char_end"], box, row["confidence"])


def boxes_json(boxes: Iterable[Box]) -> str:
    """``[[page, x0, y0, x1, y1], …]``, fractions of the page rounded to five places (a hundredth of a point)."""
    return json.dumps([[b.page, *(round(v, 5) for v in (b.x0, b.y0, b.x1, b.y1))] for b in boxes])


def boxes_from(text: str) -> tuple[Box, ...]:
    return tuple(Box(*numbers) for numbers in json.loads(text))
