"""Findings and files on a terminal: both quotes, their places, and what the recomputation gave."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from rasoat import messages
from rasoat.messages import printable
from rasoat.settings import Lang
from schema.quotes import Quote

Row = dict[str, Any]
COLOUR = {"error": "bold red", "warning": "yellow", "info": "cyan"}
SIGN = {"error": "✗", "warning": "!", "info": "·"}
WIDTH = 100


def on_stdout(render: Callable[[Console], None]) -> None:
    """Print in colour on a terminal; elsewhere plainly, in a fixed width and without blanks at the ends of lines."""
    terminal = Console(highlight=False)
    if terminal.is_terminal:
        render(terminal)
        return
    plain = Console(highlight=False, width=WIDTH, no_color=True, file=io.StringIO())
    with plain.capture() as captured:
        render(plain)
    for line in captured.get().splitlines():
        print(line.rstrip())


def findings(rows: list[Row], lang: Lang, out: Console) -> None:
    """All findings, grouped by report."""
    if not rows:
        out.print(messages.text("no-findings", lang))
        return
    shown = None
    for row in rows:
        if row["report_id"] != shown:
            shown = row["report_id"]
            out.print()
            out.print(Rule(Text(printable(report_line(row)), style="bold"), align="left", style="dim"))
        out.print()
        _finding(row, lang, out)


def report_line(row: Row) -> str:
    """``#3 bao-cao.pdf · xã Bình Hòa · 12/BC-UBND``."""
    commune = " ".join(part for part in (row["commune_type"], row["commune"]) if part)
    if row["commune_type"] and (row["commune"] or "").lower().startswith(row["commune_type"].lower()):
        commune = row["commune"]
    return " · ".join(part for part in (f"#{row['report_id']} {row['file_name']}", commune, row["report_no"]) if part)


def _finding(row: Row, lang: Lang, out: Console) -> None:
    severity = row["severity"]
    status = messages.say("status", row["status"], lang)
    head = Text.assemble(
        (f"{SIGN[severity]} {messages.say('severity', severity, lang)}", COLOUR[severity]),
        "  ",
        (row["rule"], "bold"),
        (f"  · {messages.text('finding', lang)} {row['finding_id']} · {status}", "dim"),
    )
    out.print(head)
    out.print(Padding(Text(printable(row["message"])), (0, 0, 0, 2)))
    if row["waived"]:
        said = messages.text(
            "waiver-of", lang, reason=row["waiver_reason"], by=row["waiver_by"], at=row["waiver_at"]
        )
        out.print(Padding(Text(printable(said), style="dim"), (0, 0, 0, 2)))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", justify="right", min_width=10)
    grid.add_column(ratio=1)
    for quote in row["quotes"]:
        role = messages.table()["role"].get(quote.role)
        grid.add_row(role[lang] if role else "", _quote(quote, row, lang, not out.no_color))
    out.print(grid)


def _quote(quote: Quote, row: Row, lang: Lang, coloured: bool) -> Text:
    """Where it stands, then the words around with the evidence itself emphasised."""
    page = messages.text("page", lang, page=quote.page) if quote.page else None
    section = quote.section and printable(quote.section)
    if section and len(section) > 60:
        section = section[:59].rsplit(" ", 1)[0] + "…"
    other = quote.file_name if quote.report_id != row["report_id"] else None
    place = " · ".join(part for part in (other, page, section) if part)
    mark = "{}" if coloured else "[{}]"  # without colour, brackets tell the evidence from the words around
    words = [
        (mark.format(printable(part)), "bold underline") if evidence else (printable(part), "dim")
        for part, evidence in quote.parts
    ]
    return Text.assemble((f"{printable(place)}: " if place else "", "italic cyan"), "“", *words, "”")


def files(rows: list[Row], lang: Lang, out: Console) -> None:
    """The ledger: outcome and name on one line, what to do under it."""
    if not rows:
        out.print(messages.text("no-files", lang))
        return
    colour = {"ok": "green", "partial": "yellow", "failed": "red", "unsupported": "red", "duplicate": "dim"}
    for row in rows:
        outcome = messages.say("outcome", row["outcome"], lang)
        code = f" [{row['reason_code']}]" if row["reason_code"] else ""
        report = f"#{row['report_id']}" if row["report_id"] else ""
        out.print(
            Text.assemble(
                (f"{outcome:<14}", colour[row["outcome"]]),
                f"{report:<5}",
                (printable(row["path"]), "bold"),
                (code, "dim"),
            )
        )
        if row["reason_code"]:
            out.print(Padding(Text(printable(reason(row, lang))), (0, 0, 0, 19)))


def reason(row: Row, lang: Lang) -> str:
    """The sentence of a ledger row in the language asked for."""
    return messages.say("reason", row["reason_code"], lang, detail=row["detail"])


def table(names: list[str], rows: list[tuple[Any, ...]], out: Console) -> None:
    """Any rows under their column names."""
    grid = Table(*(escape(name) for name in names), box=None, header_style="bold", pad_edge=False)
    for row in rows:
        grid.add_row(*(Text(printable("" if value is None else str(value))) for value in row))
    out.print(grid)
