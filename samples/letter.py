"""The parts of a report's first and last page, as Decree 30/2020/NĐ-CP, Annex I sets them, from its meta data."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from samples.markup import Report

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, slots=True)
class Letter:
    """Lines as printed. ``issuer`` is the agency's lines, ``number`` and ``place_date`` may be '' (a draft)."""

    parent: str
    issuer: tuple[str, ...]
    number: str
    place_date: str
    kind: str
    title: str
    to: tuple[str, ...]
    recipients: tuple[str, ...]
    signature: tuple[str, ...]


def letter(report: Report) -> Letter:
    return Letter(
        parent=report.one("parent"),
        issuer=tuple(report.meta.get("agency", [])),
        number=f"Số: {report.one('number')}" if "number" in report.meta else "",
        place_date=_place_date(report),
        kind=report.one("kind", "BÁO CÁO"),
        title=report.one("title"),
        to=tuple(report.meta.get("to", [])),
        recipients=tuple(report.meta.get("recipient", [])),
        signature=tuple(report.meta.get("signature", [])),
    )


def _place_date(report: Report) -> str:
    """Days under 10 and the months 1 and 2 are padded, months 3 to 9 are not."""
    if "issued" not in report.meta:
        return ""
    day = date.fromisoformat(report.one("issued"))
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"{report.one('place')}, ngày {day.day:02} tháng {month} năm {day.year}"
