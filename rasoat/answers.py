"""Answers to questions: as a table on the terminal, or exactly, as CSV, JSON, JSON lines or a workbook.

Numbers stay as they are, blobs are ``X'0AFF'`` (base64 in JSON, as Datasette writes it), infinity is its name.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TextIO

import regex

from rasoat import messages, show
from rasoat.cells import safe
from rasoat.settings import Lang
from schema.asking import Answer, Value
from schema.errors import QueryError, Refusal

Format = Literal["table", "csv", "json", "jsonl", "xlsx"]
LONGEST_SHOWN = 500
_LONGEST_CELL = 32_767  # of a workbook
_EXACT = 2**53  # beyond it a workbook's numbers, being floats, would be others
_NUMBER = regex.compile(r"-?\d+(?:\.\d+)?")
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\u2028\u2029--\n]", regex.VERSION1)
_SAID = tuple(
    (name, regex.compile(pattern))
    for name, pattern in (
        ("syntax", r'near "(?<item>.*)": syntax error'),
        ("incomplete", r"incomplete input"),
        ("ambiguous", r"ambiguous column name: (?<item>.*)"),
        ("function", r"no such function: (?<item>.*)"),
        ("arguments", r"wrong number of arguments to function (?<item>.*)"),
        ("aggregate", r"misuse of (?:aggregate|window function):? (?<item>.*)"),
        ("token", r'unrecognized token: "(?<item>.*)"'),
        ("overflow", r"integer overflow"),
        ("deep", r"parser stack overflow|Expression tree is too large|too many terms|too many columns"),
        ("other", r"(?<item>.*)"),
    )
)


def refused(error: QueryError, lang: Lang) -> str:
    """Why there is no answer and what to do, with the stable code."""
    values = dict(error.values)
    if error.refusal is Refusal.SYNTAX:
        values["why"] = _why(str(values["detail"]), lang)
    elif error.refusal is Refusal.QUESTION_FILE:
        values["why"] = messages.say("question-file", str(values["problem"]), lang, item=values["item"])
    elif error.refusal is Refusal.BAD_PARAMETER:
        values["form"] = messages.say("form", str(values["kind"]), lang)
    return f"{messages.printable(messages.say('query', error.code, lang, **values))} [{error.code}]"


def _why(said: str, lang: Lang) -> str:
    name, found = next((name, found) for name, pattern in _SAID if (found := pattern.match(said)))
    return messages.say("sqlite", name, lang, **({"item": ""} | found.groupdict()))


def write(answer: Answer, format: Format, out: TextIO) -> None:
    """The whole answer as CSV, JSON or JSON lines."""
    if format == "csv":
        table = csv.writer(out)
        table.writerow([_cell(name) for name in answer.columns])
        table.writerows([_cell(value) for value in row] for row in answer.rows)
    elif format == "jsonl":
        out.writelines(f"{_json(row)}\n" for row in _objects(answer))
    else:
        out.write(_json(list(_objects(answer)), indent=1) + "\n")


def table(answer: Answer, lang: Lang) -> bool:
    """Print the answer for reading; whether something in it had to be shortened."""
    if not answer.rows:
        print(messages.text("no-answer", lang))
        return False
    rows = [tuple(_plain(value) for value in row) for row in answer.rows]
    shown = [tuple(_short(value) for value in row) for row in rows]
    show.on_stdout(lambda out: show.table([messages.printable(name) for name in answer.columns], shown, out))
    return shown != rows


def save(answer: Answer, path: Path) -> None:
    """Write to a file of the format that its name says: .csv (with the mark that Excel needs), .json, .jsonl, .xlsx."""
    if path.suffix.lower() == ".xlsx":
        path.write_bytes(_workbook(answer))
        return
    format: Format = path.suffix.lower()[1:]  # type: ignore[assignment]  # the command has checked it
    with path.open("w", encoding="utf-8-sig" if format == "csv" else "utf-8", newline="") as out:
        write(answer, format, out)


def _objects(answer: Answer) -> Iterator[dict[str, Any]]:
    for row in answer.rows:
        yield dict(zip(answer.columns, (_exact(value) for value in row), strict=True))


def _json(value: object, indent: int | None = None) -> str:
    """JSON in which nothing steers a terminal or reorders a line: such signs are escaped, not changed."""
    made = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return str(_UNSEEN.sub(lambda sign: json.dumps(sign[0])[1:-1], made))


def _exact(value: Value) -> Any:
    if isinstance(value, bytes):
        return {"$base64": True, "encoded": base64.b64encode(value).decode()}
    return _name_of_infinity(value)


def _name_of_infinity(value: Any) -> Any:
    return ("-Infinity" if value < 0 else "Infinity") if isinstance(value, float) and math.isinf(value) else value


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, bytes):
        return f"X'{value.hex().upper()}'"
    plain: str | int | float | None = _name_of_infinity(value)
    return plain


def _cell(value: Value) -> str | int | float | None:
    """A cell that no spreadsheet calculates; a negative number written as text is no formula."""
    plain = _plain(value)
    return plain if isinstance(plain, str) and _NUMBER.fullmatch(plain) else safe(plain)


def _short(value: str | int | float | None) -> str | int | float | None:
    return f"{value[:LONGEST_SHOWN]}…" if isinstance(value, str) and len(value) > LONGEST_SHOWN else value


def _workbook(answer: Answer) -> bytes:
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True})
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    for column, name in enumerate(answer.columns):
        page.write_string(0, column, messages.printable(name)[:_LONGEST_CELL], book.add_format({"bold": True}))
    for number, row in enumerate(answer.rows, 1):
        for column, value in enumerate(row):
            plain = _plain(value)
            if isinstance(plain, str) or (isinstance(plain, int) and abs(plain) > _EXACT):
                page.write_string(number, column, messages.printable(str(plain))[:_LONGEST_CELL])
            elif plain is not None:
                page.write_number(number, column, plain)
    book.close()
    return held.getvalue()
