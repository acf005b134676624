"""Periods as users name them, which commune owes which report, and tables that an office hands in."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasoat import given as tables
from schema.due import Commune, lacking
from schema.errors import SettingsError
from schema.gazetteer import Gazetteer, Place
from schema.periods import Period, parse

periods = st.builds(Period, st.integers(1990, 2099), st.integers(1, 12), st.integers(1, 12))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024", Period(2024, 12, 12)),
        ("năm 2024", Period(2024, 12, 12)),
        ("2024-06", Period(2024, 6, 1)),
        ("6/2024", Period(2024, 6, 1)),
        ("tháng 6/2024", Period(2024, 6, 1)),
        ("Tháng 6 năm 2024", Period(2024, 6, 1)),
        ("2024-Q2", Period(2024, 6, 3)),
        ("quý II/2024", Period(2024, 6, 3)),
        ("Quý 2 năm 2024", Period(2024, 6, 3)),
        ("2024-H1", Period(2024, 6, 6)),
        ("6 tháng 2024", Period(2024, 6, 6)),
        ("6 tháng đầu năm 2024", Period(2024, 6, 6)),
        ("6 tháng cuối năm 2024", Period(2024, 12, 6)),
        ("2024-9M", Period(2024, 9, 9)),
        ("9 tháng 2024", Period(2024, 9, 9)),
        ("2023-12-15..2024-06-14", Period(2024, 6, 6)),
        ("2024-13", None),
        ("quý V/2024", None),
        ("2024-06-14..2023-12-15", None),
        ("2024-02-30..2024-03-30", None),
        ("hôm qua", None),
        ("", None),
    ],
)
def test_periods_as_users_name_them(text: str, period: Period | None) -> None:
    assert parse(text) == period


@given(periods)
def test_a_period_is_read_from_its_own_days(period: Period) -> None:
    assert parse(f"{period.start}..{period.end}") == Period.of(period.start, period.end) == period
    assert period.earlier(12).end.year == period.year - 1


def row(commune: str, end: str = "2024-06-14", topic: str = "cchc", **more: str | None) -> dict[str, str | None]:
    kind, district, title = "xã", "Khuê Vạc", "Báo cáo"
    start = date.fromisoformat(end).replace(month=date.fromisoformat(end).month - 3, day=15).isoformat()
    return {"commune": commune, "commune_type": kind, "district": district, "title": title, "topic": topic,
            "period_start": start, "period_end": end, **more}  # fmt: skip


LIST = Gazetteer(tuple(Place(name, "xã", "Huyện Khuê Vạc", "Vân Miện") for name in ("An", "Bình", "Cường")))
QUARTER = Period(2024, 6, 3)


def told(reports: list[dict[str, str | None]], places: Gazetteer, *args: object) -> dict[str, list[str]]:
    missing = lacking(reports, places, *args)  # type: ignore[arg-type]  # period and topic
    return {f"{due.topic} {due.period.year}-{due.period.month}": [one.label for one in who] for due, who in missing}


def test_by_the_list_every_commune_owes_what_two_have_sent() -> None:
    reports = [row("An"), row("bình"), row("An", topic="kt-xh"), row("An", "2024-09-14"), row("Bình", "2024-09-14")]
    assert told(reports, LIST) == {"cchc 2024-9": ["xã Cường"], "cchc 2024-6": ["xã Cường"]}


def test_without_a_list_those_owe_that_ever_sent() -> None:
    reports = [row("An"), row("Bình"), row("Dũng", "2024-09-14"), row("An", "2024-09-14")]
    assert told(reports, Gazetteer()) == {"cchc 2024-9": ["xã Bình"], "cchc 2024-6": ["xã Dũng"]}


def test_by_period_a_report_is_due_that_nobody_or_one_has_sent() -> None:
    assert told([], LIST, QUARTER, "cchc") == {"cchc 2024-6": ["xã An", "xã Bình", "xã Cường"]}
    assert told([row("An")], LIST, QUARTER) == {"cchc 2024-6": ["xã Bình", "xã Cường"]}
    assert told([row("An"), row("Bình"), row("Cường")], LIST, QUARTER) == {}
    assert told([row("An", topic="kt-xh")], LIST, QUARTER, "cchc") == {"cchc 2024-6": ["xã An", "xã Bình", "xã Cường"]}


def test_a_report_without_commune_or_period_tells_nothing() -> None:
    assert told([row("An") | {"commune": None}, row("An") | {"period_end": None}], LIST) == {}


def test_eras_owe_each_their_own() -> None:
    both = Gazetteer((Place("An", "xã", "Khuê Vạc", "", None, date(2025, 6, 30)),
                      Place("An Bình", "xã", "", "", date(2025, 7, 1), None, ("xã An",))))  # fmt: skip
    assert told([], both, Period(2025, 6, 3), "cchc") == {"cchc 2025-6": ["xã An"]}
    assert told([], both, Period(2025, 9, 3), "cchc") == {"cchc 2025-9": ["xã An Bình"]}
    assert told([row("An", "2025-09-14"), row("An Bình", "2025-09-14")], both) == {}


def test_a_communes_label_names_its_kind_once() -> None:
    assert [Commune("Xã An", "xã").label, Commune("An", "xã").label] == ["Xã An", "xã An"]


COLUMNS = {"code": ("Số, ký hiệu",), "issued_on": ("Ngày ban hành",), "subject": ("Trích yếu",)}
SAMPLE = '"Số, ký hiệu",Ngày ban hành,Trích yếu\n15/KH-UBND,"10/02/2024","Về  cải cách"\n\n16/KH-UBND,2024-02-11,\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_whatever_wrote_it(encoding: str, delimiter: str, tmp_path: Path) -> None:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(csv.reader(io.StringIO("SỔ VĂN BẢN ĐI\n" + SAMPLE, newline="")))
    text = made.getvalue()
    if encoding == "cp1258":  # base letters with hat or horn, tone marks on their own
        text = "".join(_typed(one) for one in text)
    (path := tmp_path / "so.csv").write_bytes(text.encode(encoding))
    lines = tables.read(path, COLUMNS, ("code", "issued_on"), "vi")
    assert [(line.cells["code"], line.day("issued_on"), line.cells.get("subject")) for line in lines] == [
        ("15/KH-UBND", date(2024, 2, 10), unicodedata.normalize("NFC", "Về cải cách")),
        ("16/KH-UBND", date(2024, 2, 11), ""),
    ]
    assert [line.number for line in lines] == [3, 5]


def _typed(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones)) + tones


def test_a_table_without_its_columns_says_which(tmp_path: Path) -> None:
    (path := tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="code / Số, ký hiệu; issued_on / Ngày ban hành"):
        tables.read(path, COLUMNS, ("code", "issued_on"), "vi")
    with pytest.raises(SettingsError, match="khong-co"):
        tables.read(tmp_path / "khong-co.csv", COLUMNS, ("code",), "vi")


def test_a_day_that_is_none_is_refused() -> None:
    assert tables.Line(2, {"issued_on": "2024-02-10 00:00:00"}).day("issued_on") == date(2024, 2, 10)
    assert tables.Line(2, {}).day("issued_on") is None
    for text in ("31/02/2024", "hôm nay"):
        with pytest.raises(ValueError):
            tables.Line(2, {"issued_on": text}).day("issued_on")
