"""The versions of a report on a terminal: what each says otherwise than the one before, with both quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rasoat import messages
from rasoat.messages import printable
from rasoat.settings import Lang
from schema.versions import Change, Side

SIGN = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """From one version to the next: rows of the view ``reports``, what changed, findings that went and came."""

    older: Row
    newer: Row
    changes: list[Change]
    went: list[Row]
    came: list[Row]


def step(one: Step, names: Mapping[str, str], lang: Lang, out: Console) -> None:
    """``names`` are the titles of indicators by code."""
    files = [printable(f"#{row['report_id']} {row['file_name']}") for row in (one.newer, one.older)]
    out.print(Text(messages.text("version-step", lang, newer=files[0], older=files[1], count=len(one.changes)), "bold"))
    for change in one.changes:
        sign, colour = SIGN[change.what]
        about = messages.table()["field"].get(change.about, {}).get(lang) or names.get(change.about, change.about)
        out.print(Text.assemble((sign, colour), f" {printable(about)}: {_told(change)}"))
        for side in (change.older, change.newer):
            if side is not None and side.parts:
                out.print(Padding(_quote(side, lang, not out.no_color), (0, 0, 0, 4)))
    for name, rows in (("findings-went", one.went), ("findings-came", one.came)):
        if rows:
            out.print(messages.text(name, lang, count=len(rows)))
        for row in rows:
            out.print(Padding(Text(printable(f"{row['rule']}: {row['message']}")), (0, 0, 0, 4)))
    out.print()


def records(one: Step) -> list[Row]:
    """The same for programs, one record for each change and each finding that went or came."""
    ids = {"report_id": one.newer["report_id"], "older_report_id": one.older["report_id"]}
    found = [
        ids | {"what": change.what, "kind": change.kind, "about": change.about}
        | _columns("older", change.older) | _columns("newer", change.newer)
        for change in one.changes
    ]  # fmt: skip
    for what, rows in (("removed", one.went), ("added", one.came)):
        for row in rows:
            said = Side(row["message"])
            sides = _columns("older", said if what == "removed" else None) | _columns(
                "newer", said if what == "added" else None
            )
            found.append(ids | {"what": what, "kind": "finding", "about": row["rule"]} | sides)
    return found


def _columns(name: str, side: Side | None) -> Row:
    values = (side.text, side.page, side.quote) if side else (None, None, None)
    return dict(zip((name, f"{name}_page", f"{name}_quote"), values, strict=True))


def _told(change: Change) -> str:
    return printable(" → ".join(side.text for side in (change.older, change.newer) if side is not None))


def _quote(side: Side, lang: Lang, coloured: bool) -> Text:
    """Without colour, brackets tell the evidence from the words around."""
    mark = "{}" if coloured else "[{}]"
    page = f"{messages.text('page', lang, page=side.page)}: " if side.page else ""
    words = [
        (mark.format(printable(text)), "bold underline") if evidence else (printable(text), "dim")
        for text, evidence in side.parts
    ]
    return Text.assemble((page, "italic cyan"), "“", *words, "”")
