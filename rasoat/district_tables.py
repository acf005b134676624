"""The CSV files of a district: its list of communes, and its register of issued documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from extractors import codes
from rasoat import export, given, messages
from rasoat.settings import Lang
from schema.eras import REFORM
from schema.errors import SettingsError
from schema.gazetteer import KINDS, Place
from schema.model import Issued
from schema.text import key

COMMUNES = {
    "commune": ("Xã", "Tên xã", "Tên đơn vị", "Đơn vị", "Đơn vị hành chính", "Xã, phường, thị trấn"),
    "kind": ("Loại", "Loại đơn vị"),
    "district": ("Huyện", "Quận, huyện"),
    "province": ("Tỉnh", "Tỉnh, thành phố"),
    "valid_from": ("Từ ngày", "Hiệu lực từ ngày"),
    "valid_to": ("Đến ngày", "Hiệu lực đến ngày"),
    "aliases": ("Tên khác", "Tên cũ"),
}
# the first of each are the headings of Annex IV of Decree 30/2020/NĐ-CP
REGISTER = {
    "code": ("Số, ký hiệu văn bản", "Số, ký hiệu", "Số ký hiệu", "Số hiệu", "Số văn bản"),
    "issued_on": ("Ngày tháng văn bản", "Ngày, tháng, năm văn bản", "Ngày ban hành", "Ngày văn bản", "Ngày"),
    "subject": ("Tên loại và trích yếu nội dung văn bản", "Trích yếu nội dung", "Trích yếu", "Nội dung"),
    "issuer": ("Cơ quan ban hành", "Nơi ban hành"),
}
LEVELS = ("district", "province", "central")


def write_communes(path: Path, places: Iterable[Place], lang: Lang) -> None:
    """A new file for the district to correct; SettingsError when there is one of that name or it cannot be written."""
    rows: list[list[str | None]] = [
        [one.name, one.kind, one.district, one.province, _iso(one.valid_from), _iso(one.valid_to),
         "; ".join(one.aliases)]
        for one in places
    ]  # fmt: skip
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as out:  # Excel wants the mark
            export.csv_table(out, ("communes", list(COMMUNES), rows))
    except FileExistsError as error:
        raise SettingsError(messages.text("table-exists", lang, path=messages.printable(str(path)))) from error
    except OSError as error:
        said = messages.text("table-unreadable", lang, path=messages.printable(str(path)), detail=error.strerror)
        raise SettingsError(said) from error


def communes(path: Path, lang: Lang) -> list[Place]:
    """The communes of a file in its order. SettingsError names the line that cannot be understood."""
    return [_place(path, line, lang) for line in given.read(path, COMMUNES, ("commune",), lang)]


def _place(path: Path, line: given.Line, lang: Lang) -> Place:
    name, kind = line.cells["commune"], key(line.cells.get("kind", ""))
    if not kind:  # "xã Mộc Thiềm" in one cell
        kind = next((one for one in KINDS if key(name).startswith(f"{one} ")), "")
        name = name[len(kind) :].strip()
    if not name or kind not in ("", *KINDS):
        raise _refused(path, line, lang, (name and kind) or "commune")
    cells = {column: line.cells.get(column, "") for column in ("district", "province", "aliases")}
    aliases = tuple(alias.strip() for alias in cells.pop("aliases").split(";") if alias.strip())
    first, last = (_day(path, line, column, lang) for column in ("valid_from", "valid_to"))
    return Place(name, kind, **cells, valid_from=first, valid_to=last, aliases=aliases)


def register(path: Path, level: str | None, lang: Lang) -> list[Issued]:
    """The issued documents of a file in its order. SettingsError names the line that cannot be understood.

    ``level`` None: the district until the reform of 1 July 2025, the province since, for there are no districts.
    """
    found = []
    for line in given.read(path, REGISTER, ("code", "issued_on"), lang):
        code = codes.canonical(line.cells["code"])
        issued_on = _day(path, line, "issued_on", lang)
        if code is None or issued_on is None:
            raise _refused(path, line, lang, line.cells["code"] if code is None else "issued_on")
        above = level or ("district" if issued_on < REFORM else "province")
        subject, issuer = (line.cells.get(column, "") for column in ("subject", "issuer"))
        found.append(Issued(code, issued_on, subject, above, issuer, line.number))
    return found


def _day(path: Path, line: given.Line, column: str, lang: Lang) -> date | None:
    try:
        return line.day(column)
    except ValueError as error:
        raise _refused(path, line, lang, line.cells[column]) from error


def _refused(path: Path, line: given.Line, lang: Lang, what: str) -> SettingsError:
    said = {"path": messages.printable(str(path)), "line": line.number, "what": messages.printable(what)}
    return SettingsError(messages.text("table-line", lang, **said))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
