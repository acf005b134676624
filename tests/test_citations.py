"""Citations, dates and header: identity, letterheads, and what must hold of any printed day or code."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from extractors import citations, codes, dates, extract, header
from extractors.masks import Taken
from schema.model import Citation, Header
from tests.support import document_of


def cited(text: str) -> tuple[Citation, ...]:
    document = document_of(text)
    return citations.find(document, Header(), Taken())


def shown(text: str) -> list[str]:
    return [f"{c.code} {c.issued_on or '-'}" for c in cited(text)]


def dated(text: str) -> list[str]:
    found = dates.find(document_of(text), Header(), Taken())
    return [f"{d.kind} {d.start_on or '-'} {d.end_on or '-'}" for d in found]


PRINTED = ("{d:02d}/{m:02d}/{y}", "{d}/{m}/{y}", "{d:02d}-{m:02d}-{y}", "{d}.{m}.{y}", "{d:02d} tháng {m:02d} năm {y}")
FRAMES = ("họp {}", "Ngày {}, UBND xã họp.", "(từ ngày {})", "đã thực hiện đến hết ngày {}; sau đó dừng")


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)), st.sampled_from(PRINTED), st.sampled_from(FRAMES))
def test_a_printed_day_reads_back(day: date, style: str, frame: str) -> None:
    written = style.format(d=day.day, m=day.month, y=day.year)
    assert dated(frame.format(written)) == [f"day {day} {day}"]


@given(
    st.integers(1, 99999),
    st.sampled_from(["KH-UBND", "QĐ-UBND", "NQ-HĐND", "QĐ-BCĐ", "CT-TTg", "NĐ-CP", "TB-UBND"]),
    st.sampled_from(["{n}/{s}", "{n} / {s}", "{n}/ {s}"]),
)
def test_a_printed_code_reads_back(number: int, symbol: str, style: str) -> None:
    assert codes.canonical(f"số {style.format(n=number, s=symbol)} ngày") == f"{number}/{symbol}"


def test_identity_tells_the_district_from_the_commune() -> None:
    district, own = cited(
        "Thực hiện Kế hoạch số 15/KH-UBND ngày 10/01/2024 của UBND huyện Bình Giả.\n"
        "UBND xã đã ban hành Kế hoạch số 15/KH-UBND ngày 22/01/2024."
    )
    assert (district.issuer_level, own.issuer_level) == ("district", "commune")
    assert district.identity != own.identity


def test_a_later_citation_without_date_is_the_same_document() -> None:
    first, later = cited(
        "UBND xã ban hành Kế hoạch số 27/KH-UBND ngày 26/02/2024.\nTheo Kế hoạch số 27/KH-UBND, xã đã làm."
    )
    assert later.issued_on is None
    assert first.identity == later.identity


def test_digits_of_100_kb_are_read_in_time() -> None:
    assert cited("1/" * 50_000) == ()
    assert dated("12.12." * 16_000) == []


LETTER = """UBND HUYỆN BÌNH GIẢ
ỦY BAN NHÂN DÂN
XÃ AN GIẢ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 07/BC-UBND
An Giả, ngày 05 tháng 7 năm 2024
BÁO CÁO
Kết quả công tác cải cách hành chính 6 tháng đầu năm 2024
UBND xã An Giả báo cáo (số liệu từ ngày 15/12/2023 đến ngày 14/6/2024) như sau:"""


def test_header_of_a_full_letterhead() -> None:
    assert header.read(document_of(LETTER)) == Header(
        commune="An Giả",
        commune_type="xã",
        district="Bình Giả",
        report_no="07/BC-UBND",
        issued_on=date(2024, 7, 5),
        title="Kết quả công tác cải cách hành chính 6 tháng đầu năm 2024",
        topic="cchc",
        period_start=date(2023, 12, 15),
        period_end=date(2024, 6, 14),
    )


def test_header_of_a_draft_says_only_what_stands_there() -> None:
    draft = header.read(document_of(LETTER.replace("07/BC", "   /BC").replace("ngày 05 tháng", "ngày    tháng")))
    assert (draft.report_no, draft.issued_on) == (None, None)


def test_header_without_letterhead_takes_the_commune_from_the_text() -> None:
    read = header.read(
        document_of("BÁO CÁO\nTình hình kinh tế - xã hội năm 2024\nUBND phường 5 báo cáo kết quả như sau:")
    )
    assert (read.commune, read.commune_type, read.topic) == ("5", "phường", "kt-xh")
    assert (read.period_start, read.period_end) == (date(2024, 1, 1), date(2024, 12, 31))


def test_the_whole_name_of_a_ministry_or_centre_is_the_issuer() -> None:
    text = (
        "Thông tư số 14/2022/TT-BTP ngày 07/3/2022 của Bộ Tư pháp quy định chi tiết; "
        "Báo cáo số 31/BC-TTPVHCC ngày 04/4/2023 của Trung tâm Phục vụ hành chính công tỉnh."
    )
    issuers = [cited.issuer for cited in extract(document_of(text)).citations]
    assert issuers == ["Bộ Tư pháp", "Trung tâm Phục vụ hành chính công tỉnh"]
