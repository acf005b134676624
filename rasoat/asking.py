"""``rasoat query``: the saved questions, or one reading statement of the user's own."""

from __future__ import annotations

import json
import sqlite3
import sys

from rasoat import export, messages, show
from rasoat.settings import Lang
from review.tables import questions
from schema import queries
from schema.errors import SettingsError, StoreError


def answer(conn: sqlite3.Connection, question: str, seconds: float, format: str, lang: Lang) -> None:
    """Print the answer. SettingsError for an unknown question or a refused statement."""
    saved = questions()
    if question == "list":
        titles = [(name, one.vi if lang == "vi" else one.en) for name, one in saved.items()]
        return _print(["question", "title"], titles, format)
    if question not in saved and " " not in question.strip():
        raise SettingsError(messages.text("unknown-question", lang, name=question, choices=", ".join(saved)))
    sql = saved[question].sql if question in saved else question
    try:
        names, rows = queries.ask(conn, sql, seconds)
    except StoreError as error:
        raise SettingsError(messages.text("query-refused", lang, detail=error.detail)) from error
    return _print(names, rows, format)


def _print(names: list[str], rows: list[tuple[object, ...]] | list[tuple[str, str]], format: str) -> None:
    if format == "json":
        print(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
    elif format == "csv":
        cells = [[export.safe(value) for value in row] for row in rows]
        export.csv_table(sys.stdout, ("answer", names, cells))
    else:
        show.on_stdout(lambda out: show.table(names, [tuple(row) for row in rows], out))
