"""The district's sheet: figures against the gold, totals by kind, comments, marks, print, and real LibreOffice."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from bench import sheet as bench
from checks.messages import render
from rasoat.batch import Batch
from rasoat.export import district_workbook
from rasoat.progress import Quiet
from rasoat.settings import Settings
from rasoat.sheet.book import sheet_name, workbook
from rasoat.sheet.lists import Table
from rasoat.sheet.styles import number_format
from rasoat.sheet.totals import total
from rasoat.sheet.words import period_code, period_title
from rasoat.web import Page
from review.app import create_app
from schema import catalogue
from schema.periods import Period, parse
from schema.store import Store
from tests.review_site import PATIENT
from tests.sheets import figure, grid, office
from tests.test_cli import rasoat
from tests.test_review import client_of

GRIDS = ["2023-Q3", "2023-Q4", "2024-Q3", "2024-Q4"]
LISTS = ["Chưa có số liệu", "Phát hiện", "Báo cáo nguồn", "Nguồn số liệu"]


@dataclass(frozen=True)
class District:
    db: Path
    book: Path
    gold: bench.Gold

    def open(self, **options: Any) -> Any:
        return openpyxl.load_workbook(self.book, **options)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> District:
    """Three communes over four quarters with faults between their reports, every second one as PDF."""
    folder = tmp_path_factory.mktemp("district")
    gold = bench.build(folder, seed=7, communes=3, faults=1, formats=("docx", "pdf"))
    db, book = folder / "district.db", folder / "tong-hop.xlsx"
    rasoat("export", "--what", "indicators", "--db", db, "--to", book)
    return District(db, book, gold)


def data_cells(sheet: Any) -> list[Any]:
    communes = sum(isinstance(sheet.cell(row, 1).value, int) for row in range(bench.FIRST, sheet.max_row + 1))
    rows = sheet.iter_rows(bench.FIRST, bench.FIRST + communes - 1, bench.LEFT)
    return [cell for row in rows for cell in row if cell.value is not None]


def test_every_figure_and_total_is_that_of_the_gold(made: District) -> None:
    found = bench.compare(made.book.read_bytes(), made.gold)
    assert found.wrong == []
    assert found.count["right"] > 25 * len(made.gold)
    assert found.count["total right"] > 100


def test_a_sheet_for_each_topic_and_period_then_the_lists(made: District) -> None:
    assert made.open().sheetnames == [*(f"{period} Cải cách hành chính" for period in GRIDS), *LISTS]


def test_equal_databases_give_equal_workbooks(made: District, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    with Store(again) as store:
        Batch(store, Settings(), lambda one: render(one, "vi"), Quiet()).run([made.db.parent / "reports"])
        assert district_workbook(store) == made.book.read_bytes()


def test_each_figure_quotes_its_sentence_and_place(made: District) -> None:
    book = made.open()
    with Store(made.db, read_only=True) as store:
        texts = dict(store.conn.execute("SELECT file_name, text FROM report"))
    pages = 0
    for name in book.sheetnames[: len(GRIDS)]:
        for cell in data_cells(book[name]):
            quote = cell.comment.text.split("“", 1)[1].split("”\n", 1)[0].strip("…").replace(" | ", "\t")
            file_name = next(one for one in texts if one in cell.comment.text)
            assert quote in texts[file_name]
            pages += ", trang " in cell.comment.text
    assert pages > 100


def test_two_values_are_coloured_and_marked_and_both_are_quoted(made: District) -> None:
    book = made.open()
    cells = [cell for name in book.sheetnames[: len(GRIDS)] for cell in data_cells(book[name])]
    disputed = [cell for cell in cells if bench.disputed(cell)]
    assert disputed
    assert {cell.fill.fgColor.rgb for cell in disputed} == {"FFFFE699"}
    assert {cell.fill.fill_type for cell in cells if not bench.disputed(cell)} == {None}
    for cell in disputed:
        assert cell.comment.text.startswith("GIÁ TRỊ TRONG Ô: ")
        assert "GIÁ TRỊ KHÁC: " in cell.comment.text
        assert cell.comment.text.count("Trích ") >= 2


def test_empty_cells_are_listed(made: District) -> None:
    book = made.open()
    listed = {tuple(row[1:4]) for row in book["Chưa có số liệu"].iter_rows(min_row=2, values_only=True)}
    for name, period in zip(GRIDS, ("quý III năm 2023", "quý IV năm 2023", "quý III năm 2024", "quý IV năm 2024"),
                            strict=True):  # fmt: skip
        sheet = book[f"{name} Cải cách hành chính"]
        empty = {
            (period, sheet.cell(row, 2).value, sheet.cell(bench.HEAD, column).value)
            for row in range(bench.FIRST, bench.FIRST + 3) for column in range(bench.LEFT, sheet.max_column + 1)
            if sheet.cell(row, column).value is None
        }  # fmt: skip
        assert empty == {one for one in listed if one[0] == period}


def test_it_is_set_up_for_printing(made: District) -> None:
    book = made.open()
    for sheet in book:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 9, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.right.text
    first = book.worksheets[0]
    assert (first.freeze_panes, first.print_title_rows, first.print_title_cols) == ("C6", "$4:$5", "$A:$B")
    assert first["C1"].value == "TỔNG HỢP SỐ LIỆU BÁO CÁO CỦA CÁC XÃ, PHƯỜNG, THỊ TRẤN"
    assert first["C2"].value.endswith("Kỳ báo cáo: quý III năm 2023 · 3/3 đơn vị đã gửi báo cáo")
    assert first.page_setup.fitToWidth == -(-(first.max_column - 2) // 10)
    assert [book[name].freeze_panes for name in LISTS] == ["A2"] * len(LISTS)


def test_findings_carry_what_was_decided(made: District, tmp_path: Path) -> None:
    copy = tmp_path / "decided.db"
    rasoat("backup", "--db", made.db, "--to", copy)
    with Store(copy) as store:
        (print_,) = store.conn.execute("SELECT fingerprint FROM findings ORDER BY finding_id LIMIT 1").fetchone()
        store.decide(print_, "confirmed", "=1+1 đã gọi xã", "Thanh tra A")
        sheet = openpyxl.load_workbook(io.BytesIO(district_workbook(store)))["Phát hiện"]
    rows = list(sheet.iter_rows(min_row=2))
    decided = [row for row in rows if row[5].value == "Đã xác nhận"]
    assert decided
    assert {row[5].value for row in rows} >= {"Đã xác nhận", "Đang chờ"}
    assert decided[0][8].value.startswith("Thanh tra A · ")
    assert decided[0][8].value.endswith("· =1+1 đã gọi xã")
    assert "“" in decided[0][7].value


def test_a_corrected_report_counts_and_both_versions_are_listed(made: District, tmp_path: Path) -> None:
    folder = made.db.parent / "reports"
    first = sorted(folder.glob("*quy-iii-nam-2024*.docx"))[0]
    corrected = docx.Document(str(first))
    paragraph = next(one for one in corrected.paragraphs if "Trong quý tiếp nhận" in one.text)
    (paragraph.runs[0]).text = paragraph.text + " Cả xã có 4321 học sinh."
    for run in paragraph.runs[1:]:
        run.text = ""
    corrected.save(str(tmp_path / "sua.docx"))
    db = tmp_path / "two.db"
    with Store(db) as store:
        Batch(store, Settings(), lambda one: render(one, "vi"), Quiet()).run([first, tmp_path / "sua.docx"])
        book = openpyxl.load_workbook(io.BytesIO(district_workbook(store)))
    listed = [(row[5], row[8]) for row in book["Báo cáo nguồn"].iter_rows(min_row=2, values_only=True)]
    assert listed == [("bản 1/2, đã được thay", first.name), ("bản 2/2, đang dùng", "sua.docx")]
    assert {row[13] for row in book["Nguồn số liệu"].iter_rows(min_row=2, values_only=True)} == {"sua.docx"}
    assert book.worksheets[0].cell(bench.FIRST + 1, 2).value == "Tổng cộng"  # one commune, not two


# LibreOffice


def test_libreoffice_opens_it_without_error_and_calculates_the_same_totals(made: District, tmp_path: Path) -> None:
    emptied = made.open()
    emptied.save(tmp_path / "tinh-lai.xlsx")  # openpyxl keeps formulas and drops their values
    saved = office(tmp_path / "tinh-lai.xlsx", "ods", tmp_path)
    (tmp_path / "tinh-lai.xlsx").unlink()
    reopened = openpyxl.load_workbook(office(saved, "xlsx", tmp_path), data_only=True)
    assert reopened.sheetnames == made.open().sheetnames
    ours = made.open(data_only=True)
    totals = 0
    for name in ours.sheetnames:
        for row in ours[name].iter_rows():
            for cell in row:
                there = reopened[name][cell.coordinate].value
                assert not str(there).startswith(("#", "Err:")), (name, cell.coordinate, there)
                if isinstance(cell.value, int | float):
                    assert there == pytest.approx(cell.value, abs=1e-9), (name, cell.coordinate)
                    totals += cell.font.bold
    assert totals > 100


def test_libreoffice_prints_it_with_vietnamese_separators(made: District, tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument(office(made.book, "pdf", tmp_path))
    page = pdf[0]
    text = page.get_textpage().get_text_range()
    assert page.get_width() > page.get_height()
    population = made.open(data_only=True).worksheets[0]["C9"].value  # of the district
    assert f"{population:,}".replace(",", ".") in text
    assert "Tổng cộng" in text


# Totals


def test_stocks_and_flows_add() -> None:
    one = grid(A={"population": figure("4663")}, B={"population": figure("5274.5")}, C={}, D=None)
    assert total(one, catalogue.by_code()["population"]).value == Decimal("9937.5")


def test_rates_are_recomputed_from_their_parts_and_never_averaged() -> None:
    def commune(accounts: str, eligible: str, rate: str) -> dict[str, Any]:
        values = {"eid.accounts": accounts, "eid.eligible": eligible, "eid.accounts_rate": rate}
        return {code: figure(value) for code, value in values.items()}

    one = grid(A=commune("100", "100", "100"), B=commune("100", "900", "11.11"))
    assert total(one, catalogue.by_code()["eid.accounts_rate"]).value == Decimal("20.00")  # the mean would be 55.56


@pytest.mark.parametrize(("other", "why", "lacking"), [
    ({"eid.accounts_rate": figure("90")}, "parts-missing", ("xã B",)),
    ({"eid.accounts": figure("90"), "eid.eligible": figure("95", "99")}, "parts-disputed", ("xã B",)),
])  # fmt: skip
def test_a_rate_whose_parts_are_not_sure_has_no_total(other: dict[str, Any], why: str, lacking: Sequence[str]) -> None:
    full = {"eid.accounts_rate": figure("50"), "eid.accounts": figure("1"), "eid.eligible": figure("2")}
    made = total(grid(A=full, B=other, C={}), catalogue.by_code()["eid.accounts_rate"])
    assert (made.value, made.why, made.lacking) == (None, why, lacking)


def test_what_is_per_head_or_has_no_parts_has_no_total() -> None:
    one = grid(A={"income.per_capita": figure("61.5"), "dossiers.digitised_rate": figure("90"),
                  "poverty.poor_rate": figure("0"), "poverty.poor_households": figure("0"), "households": figure("0")})
    whys = {code: total(one, catalogue.by_code()[code]).why for code in one.lines[0].figures}
    assert whys == {"income.per_capita": "adds-not", "dossiers.digitised_rate": "no-parts",
                    "poverty.poor_rate": "no-whole", "poverty.poor_households": "", "households": ""}  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([one], []))).worksheets[0]
    notes = " ".join(str(cell.value) for row in sheet.iter_rows(min_row=9, min_col=3) for cell in row if cell.value)
    assert 'Không cộng "Thu nhập bình quân đầu người"' in notes
    assert 'Không tính tỷ lệ chung của "Tỷ lệ số hóa hồ sơ' in notes


# Cells and names


@pytest.mark.parametrize(("value", "qualifier", "disputed", "code"), [
    ("9872", "=", False, "[$-42A]#,##0_)"), ("90.87", "=", False, "[$-42A]#,##0.00_)"),
    ("500", "~", False, '[$-42A]"≈ "#,##0_)'), ("17", "=", True, '[$-42A]#,##0" (*)"'),
    ("1E+3", "=", False, "[$-42A]#,##0_)"),
])  # fmt: skip
def test_number_formats(value: str, qualifier: Any, disputed: bool, code: str) -> None:
    assert number_format(Decimal(value), qualifier, disputed) == code


def test_more_digits_than_a_spreadsheet_keeps_stay_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([grid(A={"population": figure("12345678901234567")})], [])))
    assert [sheet.worksheets[0][cell].value for cell in ("C6", "C7")] == ["12345678901234567"] * 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "bình thường"])
def test_no_text_becomes_a_formula(text: str, tmp_path: Path) -> None:
    book = workbook([], [Table("findings", [("message", 20)], [(text,)])])
    cell = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix == (text != "bình thường")
    assert cell.value.strip() == text.strip()


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_name_is_a_name_of_a_sheet(wanted: list[str]) -> None:
    taken: set[str] = set()
    names = [sheet_name(one, taken) for one in wanted]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name[0] != "'" != name[-1] for name in names)


@given(st.integers(2000, 2040), st.sampled_from([(1, 1), (3, 3), (9, 3), (6, 6), (12, 6), (9, 9), (12, 12), (7, 1)]))
def test_a_period_s_code_is_read_back(year: int, when: tuple[int, int]) -> None:
    period = Period(year, *when)
    assert parse(period_code(period)) == period
    assert parse(period_title(period)) == period


# The command


def test_one_topic_and_period(made: District, tmp_path: Path) -> None:
    for words in (("--topic", "cchc"), ("--topic", "cải cách hành chính", "--period", "quý IV/2023"),
                  ("--period", "2023-Q4")):  # fmt: skip
        rasoat("export", "--what", "indicators", "--db", made.db, "--to", tmp_path / "o.xlsx", *words)
        names = openpyxl.load_workbook(tmp_path / "o.xlsx").sheetnames
        periods = GRIDS if words[1] == "cchc" else ["2023-Q4"]
        assert names[: -len(LISTS)] == [f"{period} Cải cách hành chính" for period in periods]


@pytest.mark.parametrize(("words", "told"), [
    (["--period", "mùa hè"], "Không hiểu kỳ"), (["--period", "2019"], "Không có báo cáo nào"),
    (["--topic", "nuôi cá"], "Không có báo cáo nào"), (["--what", "all", "--topic", "cchc"], "chỉ dùng với"),
    (["--to", "{folder}/none/o.xlsx"], "Không ghi được"), (["--to", "{folder}/none/o.csv"], "Không ghi được"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(made: District, tmp_path: Path, words: list[str], told: str) -> None:
    usual = ["--what", "indicators", "--to", str(tmp_path / "o.xlsx")]
    asked = [word.format(folder=tmp_path) for word in words]
    _, err = rasoat("export", "--db", made.db, *usual, *asked, status=2)
    assert told in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_csv_holds_exact_decimals(made: District, tmp_path: Path) -> None:
    rasoat("export", "--what", "indicators", "--db", made.db, "--to", tmp_path / "o.csv")
    assert (tmp_path / "o.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader((tmp_path / "o.csv").open(encoding="utf-8-sig")))
    assert len(lines) == 12
    assert {line["period_start"] for line in lines} == {"2023-07-01", "2023-10-01", "2024-07-01", "2024-10-01"}
    for line in lines:
        for name, text in line.items():
            code = name.split(" – ")[0]
            if not text or code not in catalogue.by_code():
                continue
            assert not text.endswith(".0")
            period = parse(f"{line['period_start']}..{line['period_end']}")
            assert period is not None
            wanted = made.gold[f"{period_code(period)} Cải cách hành chính", line["commune"]].get(code, {Decimal(text)})
            assert Decimal(text) in wanted or code in line["conflicts"]


def test_parquet_holds_decimals_and_days(made: District, tmp_path: Path) -> None:
    for name in ("a", "b"):
        rasoat("export", "--what", "all", "--db", made.db, "--to", tmp_path / f"{name}.parquet")
    files = sorted(path.name for path in (tmp_path / "a.parquet").iterdir())
    assert files == ["citations.parquet", "findings.parquet", "indicator-sources.parquet", "indicators.parquet"]
    for file in files:
        assert (tmp_path / "a.parquet" / file).read_bytes() == (tmp_path / "b.parquet" / file).read_bytes()
        kinds = {str(field.type) for field in parquet.read_schema(tmp_path / "a.parquet" / file)}
        assert not {kind for kind in kinds if kind.startswith(("double", "float", "null"))}
    table = parquet.read_table(tmp_path / "a.parquet" / "indicator-sources.parquet")
    assert str(table.schema.field("value").type).startswith("decimal128")
    assert str(table.schema.field("period_end").type) == "date32[day]"


def test_parquet_without_pyarrow_says_what_to_install(made: District, tmp_path: Path) -> None:
    code = "import sys; sys.modules['pyarrow'] = None; from rasoat.cli import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "export", "--db", str(made.db), "--to", str(tmp_path / "o.parquet")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'rasoat[parquet]'" in done.stderr


# The page


def test_the_page_gives_all_sheets_or_one_topic_and_period(made: District) -> None:
    with client_of(create_app(made.db, office=Page(made.db, "vi").office, settings=PATIENT)) as client:
        shown = client.get("/downloads").text
        offered = dict(re.findall(r'<option value="([^"]+)">Cải cách hành chính – ([^<]+)</option>', shown))
        assert offered == {
            "2024-12-3 cchc": "quý IV năm 2024", "2024-9-3 cchc": "quý III năm 2024",
            "2023-12-3 cchc": "quý IV năm 2023", "2023-9-3 cchc": "quý III năm 2023",
        }  # fmt: skip
        everything = client.get("/downloads/sheet.xlsx?grid=")
        assert everything.content == made.book.read_bytes()
        assert everything.headers["content-disposition"] == 'attachment; filename="tong-hop.xlsx"'
        one = client.get("/downloads/sheet.xlsx", params={"grid": "2024-9-3 cchc"}).content
        assert openpyxl.load_workbook(io.BytesIO(one)).sheetnames == ["2024-Q3 Cải cách hành chính", *LISTS]
        assert client.get("/downloads/sheet.xlsx", params={"grid": "2019-9-3 cchc"}).status_code == 404
    with client_of(create_app(made.db, settings=PATIENT)) as client:  # a page that was given no office
        assert "/downloads/sheet.xlsx" not in client.get("/downloads").text
        assert client.get("/downloads/sheet.xlsx").status_code == 404
