"""Any value printed in any house style and put into any sentence is read back equal, however the text is spelt."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors import extract
from schema.model import Facts
from tests import casebook
from tests.reading import pdf, read
from tests.test_reading_properties import laid_out

QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SLOW = settings(QUICK, max_examples=30)


@dataclass(frozen=True, slots=True)
class Printed:
    """A value as a clerk prints it, and as ``casebook`` shows what was read."""

    text: str
    shown: str


def grouped(number: int, *, pad: bool = False) -> str:
    """``1.234``; ``05`` for a small count."""
    return f"{number:02d}" if pad and number < 10 else f"{number:,}".replace(",", ".")


def decimal(value: Decimal) -> str:
    """``8.699,28``."""
    whole, _, rest = f"{value:f}".partition(".")
    return grouped(int(whole)) + (f",{rest}" if rest else "")


def cents(low: int, high: int) -> st.SearchStrategy[Decimal]:
    """Numbers with one or two printed decimals, the last of them not zero."""
    return st.tuples(st.integers(low, high), st.integers(1, 2)).map(lambda n: Decimal(n[0]).scaleb(-n[1]))


UNITS = ["hộ", "người", "hồ sơ", "văn bản", "lượt", "đơn", "học sinh", "nhiệm vụ", "buổi", "trường hợp", "cán bộ"]
MEASURES = ["ha", "tấn", "km", "tạ/ha", "kg", "m3", "triệu đồng/người/năm"]

COUNTS = st.builds(
    lambda n, unit, pad: Printed(f"{grouped(n, pad=pad)} {unit}", f"{n} {unit}"),
    st.integers(2, 999_999),
    st.sampled_from(UNITS),
    st.booleans(),
)
AMOUNTS = st.builds(
    lambda value, unit: Printed(f"{decimal(value)} {unit}", f"{casebook.plain(value)} {unit}"),
    cents(11, 999_999).filter(lambda value: value != value.to_integral()),
    st.sampled_from(MEASURES),
)
DONGS = st.integers(1_000, 99_999_999).map(lambda n: Printed(f"{grouped(n * 1000)} đồng", f"{n * 1000} đồng"))
COMPOUND = st.builds(
    lambda ty, trieu, end: Printed(f"{ty} {end} {trieu} triệu đồng", f"{ty * 1000 + trieu} triệu đồng"),
    st.integers(1, 99),
    st.integers(1, 999),
    st.sampled_from(["tỷ", "tỉ"]),
)
BILLIONS = cents(11, 9_999).map(lambda value: Printed(f"{decimal(value)} tỷ đồng", f"{casebook.plain(value)} tỷ đồng"))
QUANTITIES = st.one_of(COUNTS, AMOUNTS, DONGS, COMPOUND, BILLIONS)
PERCENTAGES = st.builds(
    lambda value, sign: Printed(f"{decimal(value)}{sign}", f"{casebook.plain(value)}%"),
    st.one_of(st.integers(1, 200).map(Decimal), cents(1, 9_999)),
    st.sampled_from(["%", " %"]),
)
RATIOS = st.builds(
    lambda whole, missing, unit, style: Printed(
        style.format(a=grouped(max(1, whole - missing)), b=grouped(whole), u=unit), f"{max(1, whole - missing)}/{whole}"
    ),
    st.integers(32, 99_999),
    st.integers(0, 9_999),
    st.sampled_from(["hồ sơ", "hộ", "văn bản", "nhiệm vụ"]),
    st.sampled_from(
        ["{a}/{b} {u}", "{a} / {b} {u}", "{a} {u}/{b} {u}", "{a}/{b} tổng số {u}", "{a} {u} trên tổng số {b} {u}"]
    ),
)
FIGURES = st.one_of(QUANTITIES, PERCENTAGES, RATIOS)
FIGURE_FRAMES = [
    "Trong kỳ đã thực hiện {}.",
    "Kết quả đạt {}, trong đó có phần của các thôn.",
    "- Tổng cộng: {};",
    "Toàn xã ({}) đã hoàn thành việc này.",
    "Theo số liệu tổng hợp là {} và sẽ còn được rà soát.",
    "+ Đã triển khai được {}",
    "Trong năm, kết quả chung là {}, cao nhất từ trước đến nay.",
    "Riêng phần của xã: {}.",
    "Nhân dân trên địa bàn đã làm được {} nhưng vẫn chậm.",
    "“Toàn xã có {}”",
]

DAYS = st.dates(date(1990, 1, 1), date(2049, 12, 31))
DAY_STYLES = [
    "{d:02d}/{m:02d}/{y}", "{d}/{m}/{y}", "{d:02d}-{m:02d}-{y}", "{d}.{m}.{y}", "{d:02d} tháng {m:02d} năm {y}",
    "{d} tháng {m} năm {y}", "{d:02d} / {m:02d} / {y}", "{d:02d}/{m}/{y}", "{d}-{m}-{y}", "{d:02d} tháng {m}/{y}",
]  # fmt: skip
DAY_FRAMES = [
    "Ngày {}, UBND xã đã họp.",
    "Số liệu tính đến ngày {}.",
    "UBND xã tổ chức hội nghị (ngày {}) tại hội trường.",
    "Đã hoàn thành vào ngày {}; sau đó bàn giao.",
]

TYPES = {
    "Kế hoạch": "KH-UBND",
    "Quyết định": "QĐ-UBND",
    "Báo cáo": "BC-UBND",
    "Nghị quyết": "NQ-HĐND",
    "Thông báo": "TB-UBND",
    "Công văn": "UBND-VP",
}
CODE_STYLES = [
    "{t} số {n}/{s}", "{t} số: {n}/{s}", "{t} {n}/{s}", "{t} số {n} / {s}", "{t} sô {n}/{s}", "{t} số {n}/ {s}",
]  # fmt: skip
CODE_FRAMES = [
    "UBND xã đã ban hành {} để triển khai.",
    "Thực hiện {}, các thôn đã làm xong.",
    "- {};",
    "Căn cứ vào {} và tình hình thực tế.",
]
STATEMENTS = [
    ("toàn xã có {} hộ nghèo", "poverty.poor_households"),
    ("số hộ cận nghèo là {} hộ", "poverty.near_poor_households"),
    ("Bộ phận Một cửa đã tiếp nhận {} hồ sơ", "dossiers.received"),
    ("UBND xã đã giải quyết {} hồ sơ thủ tục hành chính", "dossiers.resolved"),
    ("số hồ sơ quá hạn là {} hồ sơ", "dossiers.overdue"),
    ("UBND xã đã tiếp {} lượt công dân", "citizens.received"),
    ("UBND xã tiếp nhận {} đơn thư các loại", "petitions.received"),
    ("tổng số văn bản đi là {} văn bản", "documents.outgoing"),
    ("tiếp nhận {} văn bản đến", "documents.incoming"),
    ("Trang thông tin điện tử xã đăng {} tin, bài", "website.news"),
    ("đã thu nhận {} tài khoản định danh điện tử", "eid.accounts"),
    ("niêm yết công khai {} thủ tục hành chính", "tthc.listed"),
    ("tổng số cán bộ, công chức hiện có {} người", "staff.total"),
    ("dân số toàn xã là {} người", "population"),
    ("tổng số hộ dân là {} hộ", "households"),
]
OPENINGS = [
    "Trong kỳ, {}.", "- {};", "Đến nay, {}, tăng so với cùng kỳ.", "Về kết quả: {}.", "+ Cụ thể, {}", "Kết quả là {}.",
]  # fmt: skip
MONTH_STYLES = ["tháng {m}/{y}", "tháng {m:02d}/{y}", "Tháng {m} năm {y}", "tháng {m}-{y}", "tháng {m}.{y}"]
SPELLINGS = {
    "as typed": lambda text: text,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "doubled blanks": lambda text: text.replace(" ", "  "),
    "no-break blanks": lambda text: text.replace(" ", "\u00a0"),
    "old tone marks": lambda text: text.replace("hòa", "hoà").replace("lũy", "luỹ").replace("tỷ", "tỉ"),
}
SPELLING = st.sampled_from(sorted(SPELLINGS))


def body(sentence: str, spelling: str) -> Facts:
    return casebook.read(SPELLINGS[spelling](sentence))


@QUICK
@given(printed=FIGURES, frame=st.sampled_from(FIGURE_FRAMES), spelling=SPELLING)
def test_a_printed_figure_reads_back(printed: Printed, frame: str, spelling: str) -> None:
    assert casebook.figures(body(frame.format(printed.text), spelling)) == [printed.shown]


@QUICK
@given(first=QUANTITIES, second=st.one_of(QUANTITIES, RATIOS), spelling=SPELLING)
def test_two_figures_of_a_sentence_stay_apart(first: Printed, second: Printed, spelling: str) -> None:
    sentence = f"Đã thực hiện {first.text}; ngoài ra các thôn làm thêm được {second.text}."
    assert casebook.figures(body(sentence, spelling)) == [first.shown, second.shown]


@QUICK
@given(day=DAYS, style=st.sampled_from(DAY_STYLES), frame=st.sampled_from(DAY_FRAMES), spelling=SPELLING)
def test_a_printed_day_reads_back(day: date, style: str, frame: str, spelling: str) -> None:
    facts = body(frame.format(style.format(d=day.day, m=day.month, y=day.year)), spelling)
    assert [casebook.moment(mention) for mention in facts.dates] == [f"day {day}"]
    assert casebook.figures(facts) == []


@QUICK
@given(
    year=st.integers(2000, 2049),
    month=st.integers(1, 12),
    style=st.sampled_from(MONTH_STYLES),
    spelling=SPELLING,
)
def test_a_printed_month_reads_back(year: int, month: int, style: str, spelling: str) -> None:
    facts = body(f"Trong {style.format(m=month, y=year)}, UBND xã đã họp.", spelling)
    assert [(mention.kind, mention.start_on) for mention in facts.dates] == [("month", date(year, month, 1))]
    assert casebook.figures(facts) == []


@QUICK
@given(
    kind=st.sampled_from(sorted(TYPES)),
    number=st.integers(1, 9_999),
    day=st.none() | DAYS,
    style=st.sampled_from(CODE_STYLES),
    frame=st.sampled_from(CODE_FRAMES),
    spelling=SPELLING,
)
def test_a_printed_document_reads_back(
    kind: str, number: int, day: date | None, style: str, frame: str, spelling: str
) -> None:
    symbol = TYPES[kind]
    cited = style.format(t=kind, n=f"{number:02d}", s=symbol)
    dated = f" ngày {day.day:02d}/{day.month:02d}/{day.year}" if day else ""
    facts = body(frame.format(cited + dated), spelling)
    assert [casebook.citation(c) for c in facts.citations] == [f"{number:02d}/{symbol} {day or '-'}"]
    assert casebook.figures(facts) == []


@QUICK
@given(number=st.integers(1, 9_999), symbol=st.sampled_from(sorted(TYPES.values())), dash=st.sampled_from("-–‑"))
def test_the_dash_of_a_code_changes_nothing(number: int, symbol: str, dash: str) -> None:
    (citation,) = casebook.read(f"Thực hiện Kế hoạch số {number:02d}/{symbol.replace('-', dash)} của xã.").citations
    assert citation.code == f"{number:02d}/{symbol}"


@SLOW
@given(printed=st.lists(QUANTITIES, min_size=3, max_size=6), width=st.floats(180, 460))
def test_a_line_wrap_changes_nothing(printed: list[Printed], width: float) -> None:
    words = " ".join(f"Các thôn đã thực hiện được {one.text}, sau đó tiếp tục rà soát." for one in printed).split(" ")
    facts = extract(read(pdf(*laid_out(["Trong", "kỳ", *words], width, 100.0))))
    assert casebook.figures(facts) == [one.shown for one in printed]


@QUICK
@given(
    statement=st.sampled_from(STATEMENTS),
    opening=st.sampled_from(OPENINGS),
    number=st.integers(2, 29_999),
    pad=st.booleans(),
    spelling=SPELLING,
)
def test_a_stated_indicator_reads_back(
    statement: tuple[str, str], opening: str, number: int, pad: bool, spelling: str
) -> None:
    wording, code = statement
    facts = body(opening.format(wording.format(grouped(number, pad=pad))), spelling)
    assert casebook.indicators(facts) == [f"{code} {number}"]
