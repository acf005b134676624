"""Tables that an office hands in as CSV: Vietnamese or English headings, ``;`` ``,`` or tab, UTF-8 or Windows-1258."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import regex

from rasoat import messages
from rasoat.settings import Lang
from schema.errors import SettingsError
from schema.text import key, nfc, unmarked

MOST_BYTES = 50_000_000
MOST_TITLES = 12
"""Lines in which the heading must stand: above it there may be the title of the table."""
_DAY = regex.compile(r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4})|(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")


@dataclass(frozen=True, slots=True)
class Line:
    """A row by the names of its columns; ``number`` counts the lines of the file from 1, the heading is one."""

    number: int
    cells: Mapping[str, str]

    def day(self, column: str) -> date | None:
        """``2024-01-31`` or ``31/01/2024``; None where the cell is empty. Raises ValueError for anything else."""
        text = self.cells.get(column, "")
        if not text:
            return None
        found = _DAY.fullmatch(text.split(" ")[0])  # a spreadsheet may have added the time
        if found is None:
            raise ValueError(text)
        return date(int(found["y"]), int(found["m"]), int(found["d"]))


def read(path: Path, columns: Mapping[str, Sequence[str]], needed: Sequence[str], lang: Lang) -> list[Line]:
    """The rows of a file; other columns are left out. ``columns``: the headings that each name may have.

    SettingsError when the file cannot be read or lacks a needed column; it names what was looked for.
    """
    shown = messages.printable(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(messages.text("table-unreadable", lang, path=shown, detail=error.strerror)) from error
    if len(data) > MOST_BYTES:
        raise SettingsError(messages.text("table-large", lang, path=shown, most=MOST_BYTES // 1_000_000))
    text = _decoded(data)
    names = {_heading(heading): name for name, headings in columns.items() for heading in (name, *headings)}
    try:
        for delimiter in ",;\t":
            if (lines := _lines(text, delimiter, names, needed)) is not None:
                return lines
    except csv.Error as error:
        raise SettingsError(messages.text("table-unreadable", lang, path=shown, detail=error)) from error
    looked_for = "; ".join(" / ".join((name, *columns[name])) for name in needed)
    raise SettingsError(messages.text("table-columns", lang, path=shown, columns=looked_for))


def _lines(text: str, delimiter: str, names: Mapping[str, str], needed: Sequence[str]) -> list[Line] | None:
    """The rows under the heading, which stands among the first lines; None where there is none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    order: list[str | None] = []
    lines = []
    for row in reader:
        if not order:
            found = [names.get(_heading(cell)) for cell in row]
            if all(name in found for name in needed):
                order = found
            elif reader.line_num > MOST_TITLES:
                return None
            continue
        cells = {name: " ".join(cell.split()) for name, cell in zip(order, row, strict=False) if name}
        if any(cells.values()):
            lines.append(Line(reader.line_num, cells))
    return lines if order else None


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else the Vietnamese code page of Windows, always composed."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return nfc(data.decode("utf-16", errors="replace"))
    try:
        return nfc(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return nfc(data.decode("cp1258", errors="replace"))


def _heading(cell: str) -> str:
    """Without marks, case and punctuation: ``Số, ký hiệu`` and ``so ky hieu`` are one."""
    return " ".join(regex.findall(r"\w+", unmarked(key(cell)).replace("_", " ")))
