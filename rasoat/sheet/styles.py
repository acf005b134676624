"""How the workbook's cells look: one format for each set of properties, numbers written as in Vietnam."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schema.model import Qualifier

FONT = "Times New Roman"
_SIGNS: dict[Qualifier, str] = {"=": "", "~": "≈ ", ">": "> ", ">=": "≥ ", "<": "< ", "<=": "≤ "}
_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "about": {"italic": True},
    "head": {"bold": True, "text_wrap": True, "align": "center", "border": 1, "bg_color": "#E7EDF3"},
    "unit": {"italic": True, "align": "center", "border": 1, "font_size": 10, "text_wrap": True},
    "number": {"align": "right", "border": 1},
    "disputed": {"align": "right", "border": 1, "bold": True, "bg_color": "#FFE699", "font_color": "#7F3F00"},
    "name": {"border": 1, "text_wrap": True},
    "absent": {"border": 1, "italic": True, "font_color": "#595959", "text_wrap": True},
    "index": {"border": 1, "align": "center"},
    "total": {"bold": True, "align": "right", "border": 1, "top": 2, "bg_color": "#F2F2F2"},
    "total-name": {"bold": True, "border": 1, "top": 2, "bg_color": "#F2F2F2"},
    "counted": {"italic": True, "align": "center", "border": 1, "font_size": 10},
    "counted-name": {"italic": True, "border": 1, "font_size": 10},
    "note": {"font_size": 10, "text_wrap": True, "valign": "top"},
    "cell": {"border": 1, "text_wrap": True, "valign": "top", "font_size": 10},
    "figure": {"border": 1, "valign": "top", "font_size": 10, "align": "right"},
}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, tuple[tuple[str, Any], ...]], Any] = {}

    def __call__(self, name: str, **more: Any) -> Any:
        at = name, tuple(sorted(more.items()))
        if at not in self._made:
            self._made[at] = self._book.add_format({**_BASE, **STYLES[name], **more})
        return self._made[at]


def number_format(value: Decimal, qualifier: Qualifier = "=", disputed: bool = False) -> str:
    """The format code that shows a figure with its own decimals, in Vietnamese separators where they can be asked for.

    ``[$-42A]`` is the language code of Vietnamese. The marks are part of the format, so the cell stays a number.
    """
    places = decimals(value)
    sign = f'"{_SIGNS[qualifier]}"' if qualifier != "=" else ""
    return f"[$-42A]{sign}#,##0{'.' + '0' * places if places else ''}" + ('" (*)"' if disputed else "_)")


def decimals(value: Decimal) -> int:
    """Places behind the comma."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def storable(value: Decimal) -> bool:
    """Whether a spreadsheet keeps every digit (it calculates with 15)."""
    return len(value.normalize().as_tuple().digits) <= 15
