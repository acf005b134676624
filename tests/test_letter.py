"""The request for explanation: which findings it holds, how it is set, and how LibreOffice prints it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Cm
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from checks.messages import render
from rasoat.batch import Batch
from rasoat.letter import content, paper
from rasoat.letter.content import Letter, Point, Questioned
from rasoat.messages import printable
from rasoat.progress import Quiet
from rasoat.settings import Settings
from rasoat.web import Page
from review.app import create_app
from schema.errors import SettingsError
from schema.quotes import Quote
from schema.store import Store
from tests.review_site import HOSTILE, PATIENT, build
from tests.sheets import office
from tests.test_cli import rasoat
from tests.test_review import client_of

REPORTS = Path(__file__).parents[1] / "samples/reports"
PDF = next(REPORTS.glob("*.pdf"))
WHO = "xã Mộc Thiềm"


@dataclass(frozen=True)
class Decided:
    """A database and the messages of the report's findings by what was decided on them."""

    db: Path
    confirmed: list[str]
    other: list[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    """A real report: two findings confirmed, one dismissed, one confirmed but waived later, the rest open."""
    db = tmp_path_factory.mktemp("letter") / "a.db"
    with Store(db) as store:
        Batch(store, Settings(), lambda one: render(one, "vi"), Quiet()).run([PDF])
        rows = store.conn.execute("SELECT fingerprint, message FROM findings ORDER BY finding_id").fetchall()
        assert len(rows) > 4
        for (mark, _), status in zip(rows[:4], ("confirmed", "confirmed", "dismissed", "confirmed"), strict=True):
            store.decide(mark, status, "đã hỏi", "Thanh tra A")
    rasoat("waive", "add", "--finding", rows[3][0], "--reason", "đã rõ", "--by", "Thanh tra A", "--db", db)
    return Decided(db, [row[1] for row in rows[:2]], [row[1] for row in rows[2:]])


@pytest.fixture(scope="module")
def written(made: Decided) -> Path:
    path = made.db.with_name("phieu.docx")
    out, _ = rasoat("letter", "--db", made.db, "--commune", "moc thiem", "--to", path)
    assert str(path) in out
    return path


def texts(document: Any) -> list[str]:
    tables = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return [*(one.text for one in document.paragraphs), *tables]


def test_only_what_was_confirmed_and_not_waived_is_asked(made: Decided, written: Path) -> None:
    table = docx.Document(str(written)).tables[1]
    assert sorted(row.cells[1].text for row in table.rows[1:]) == sorted(made.confirmed)
    assert not set(made.other) & {row.cells[1].text for row in table.rows}
    assert [row.cells[0].text for row in table.rows] == ["TT", "1", "2"]
    assert [row.cells[3].text for row in table.rows[1:]] == ["", ""]  # for the commune to fill


def test_each_finding_has_its_quotes_with_section_and_page(made: Decided, written: Path) -> None:
    cells = {row.cells[1].text: row.cells[2] for row in docx.Document(str(written)).tables[1].rows[1:]}
    with Store(made.db, read_only=True) as store:
        for message, cell in cells.items():
            pieces = store.conn.execute(
                "SELECT e.text, e.section, e.page FROM finding_evidence e JOIN findings USING (finding_id)"
                " WHERE message = ?", [message],
            ).fetchall()  # fmt: skip
            bold = " ".join(run.text for one in cell.paragraphs for run in one.runs if run.bold)
            for text, section, page in pieces:
                assert text in bold
                assert f"(mục {section}, trang {page})" in cell.text


def test_it_is_set_as_the_decree_asks(written: Path) -> None:
    document = docx.Document(str(written))
    head, _, foot = document.tables
    state = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert head.cell(0, 1).text.splitlines()[:2] == state
    assert head.cell(0, 1).paragraphs[-1].text == "……………, ngày …… tháng …… năm ………"
    assert head.cell(0, 0).paragraphs[-1].text == "Số: ……/……-……"
    title, about = document.paragraphs[0], document.paragraphs[1]
    assert (title.text, title.alignment, title.runs[0].bold) == ("PHIẾU YÊU CẦU GIẢI TRÌNH", ALIGN.CENTER, True)
    assert about.text == f"Về số liệu, nội dung trong báo cáo của Ủy ban nhân dân {WHO}"
    body = [one.text for one in document.paragraphs]
    assert f"Kính gửi: Ủy ban nhân dân {WHO}." in body
    assert any("có 02 nội dung không khớp" in one for one in body)
    assert any(one.startswith("Báo cáo số ") and "cải cách hành chính" in one.lower() for one in body)
    assert any(" trước ngày …… tháng …… năm ………./." in one for one in body)
    assert "Nơi nhận:" in foot.cell(0, 0).text
    assert "THỦ TRƯỞNG CƠ QUAN" in foot.cell(0, 1).text
    section, normal = document.sections[0], document.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 14)
    sides = (section.page_width, section.page_height, section.left_margin, section.right_margin, section.top_margin)
    assert [round(side / Cm(1), 1) for side in sides] == [21, 29.7, 3, 1.5, 2]


def test_libreoffice_prints_it_on_one_page(made: Decided, written: Path, tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument(office(written, "pdf", tmp_path))
    assert len(pdf) == 1
    text = " ".join(pdf[0].get_textpage().get_text_range().split())
    for words in ("PHIẾU YÊU CẦU GIẢI TRÌNH", "Nơi nhận:", "(Ký, ghi rõ họ tên, đóng dấu)"):
        assert words in text
    for message in made.confirmed:
        assert message.split()[0] in text


def test_equal_letters_are_equal_bytes(made: Decided, written: Path, tmp_path: Path) -> None:
    rasoat("letter", "--db", made.db, "--commune", WHO, "--to", tmp_path / "b.docx", "--lang", "en")
    assert (tmp_path / "b.docx").read_bytes() == written.read_bytes()


def test_a_period_chooses_the_reports(made: Decided, written: Path, tmp_path: Path) -> None:
    words = ("letter", "--db", made.db, "--commune", WHO, "--to", tmp_path / "b.docx", "--period")
    rasoat(*words, "năm 2023")
    assert (tmp_path / "b.docx").read_bytes() == written.read_bytes()
    _, err = rasoat(*words, "2019", status=2)
    assert "Chưa có phát hiện nào" in err


@pytest.mark.parametrize(("words", "told"), [
    (["--commune", "Nơi Khác"], "Không có báo cáo nào của 'Nơi Khác'"),
    (["--commune", f"{WHO}, huyện Khác"], "Không có báo cáo nào"),
    (["--period", "mùa hè"], "Không hiểu kỳ"),
    (["--to", "{folder}/phieu.pdf"], "tệp .docx"),
    (["--to", "{folder}/none/phieu.docx"], "Không ghi được"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(made: Decided, tmp_path: Path, words: list[str], told: str) -> None:
    usual = ["--commune", WHO, "--to", str(tmp_path / "o.docx")]
    asked = [word.format(folder=tmp_path) for word in words]
    _, err = rasoat("letter", "--db", made.db, *usual, *asked, status=2)
    assert told in err
    assert not list(tmp_path.iterdir())


def test_two_communes_of_one_name_are_told_apart_by_their_district(tmp_path: Path) -> None:
    db = build(tmp_path)
    with Store(db) as store:
        store.conn.execute("UPDATE report SET commune = 'Tân Lập', commune_type = 'xã'")
        store.conn.execute("UPDATE report SET district = 'Hạ Sơn' WHERE report_id > 1")
        for (mark,) in store.conn.execute("SELECT DISTINCT fingerprint FROM findings").fetchall():
            store.decide(mark, "confirmed", "", "Thanh tra A")
        store.conn.commit()
        with pytest.raises(SettingsError, match=r"xã Tân Lập, Hạ Sơn \| xã Tân Lập, Trung Sơn"):
            content.letter(store, "Tân Lập")
        asked = [content.letter(store, f"tan lap, {district}") for district in ("huyện Trung Sơn", "ha son")]
    assert [{one.report["report_id"] == 1 for one in letter.questioned} for letter in asked] == [{True}, {False}]


def test_a_report_of_several_versions_is_asked_about_once(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    with Store(db) as store:
        Batch(store, Settings(), lambda one: render(one, "vi"), Quiet()).run([PDF])
        first = dict(store.conn.execute("SELECT fingerprint, message FROM findings").fetchall())
        for mark in first:
            store.decide(mark, "confirmed", "", "Thanh tra A")
        again = tmp_path / "ban-sua.pdf"
        again.write_bytes(PDF.read_bytes() + b"\n% again\n")
        Batch(store, Settings(), lambda one: render(one, "vi"), Quiet()).run([again])
        made = content.letter(store, WHO)
    assert [one.report["file_name"] for one in made.questioned] == ["ban-sua.pdf"]
    assert sorted(point.message for point in made.questioned[0].points) == sorted(first.values())
    assert not any(point.corrected for point in made.questioned[0].points)


def by_hand(name: str, words: str, count: int = 1) -> Letter:
    report = {"report_id": 1, "report_no": None, "issued_on": None, "title": name, "file_name": name}
    other = report | {"report_id": 2, "commune": name, "commune_type": None}
    quotes = (Quote("claim", 1, name, name, 3, ((words, True),)), Quote("counter", 2, name, None, None, ()))
    point = Point(words, quotes, corrected=True)
    return Letter(name, (Questioned(report, (point,) * count),), {1: report, 2: other})


def test_hostile_words_stay_words() -> None:
    words = HOSTILE + "\x00\ufffe\uffff\ud800"
    document = docx.Document(io.BytesIO(paper.paper(by_hand(words, words))))
    shown = printable(HOSTILE) + "����"
    asked = document.tables[1].rows[1].cells
    assert asked[1].text == f"{shown}\nBản gửi sau cùng của báo cáo không còn nội dung này."
    places = [f"(mục {shown}, trang 3)", f"(trong báo cáo {shown} của {shown})"]
    assert asked[2].text.splitlines() == [f"“{shown}” {places[0]}", f"“” {places[1]}"]


def test_a_long_table_repeats_its_head_on_each_page(tmp_path: Path) -> None:
    path = tmp_path / "long.docx"
    path.write_bytes(paper.paper(by_hand("xã A", "Số liệu không khớp, cần xác minh lại. " * 6, 12)))
    pdf = pypdfium2.PdfDocument(office(path, "pdf", tmp_path))
    pages = [page.get_textpage().get_text_range() for page in pdf]
    assert len(pages) > 2
    assert all("Trích báo cáo" in page for page in pages[:-1])
    assert [page.split()[0] for page in pages[1:]] == [str(n) for n in range(2, len(pages) + 1)]


@given(st.text())
def test_printable_text_is_text_of_xml(words: str) -> None:
    element = etree.Element("t")
    element.text = printable(words)
    assert etree.fromstring(etree.tostring(element)).text == (printable(words) or None)


def test_the_page_gives_it_where_something_is_confirmed(made: Decided, written: Path) -> None:
    with client_of(create_app(made.db, office=Page(made.db, "vi").office, settings=PATIENT)) as client:
        shown = client.get("/letter", params={"commune": "Mộc Thiềm"}).text
        assert 'href="/letter.docx?commune=M%E1%BB%99c+Thi%E1%BB%81m"' in shown
        answer = client.get("/letter.docx?commune=M%E1%BB%99c+Thi%E1%BB%81m")
        assert answer.content == written.read_bytes()
        assert answer.headers["content-disposition"] == 'attachment; filename="phieu-yeu-cau-giai-trinh.docx"'
        assert "/letter.docx" not in client.get("/letter?commune=Khác").text
        assert client.get("/letter.docx?commune=Khác").status_code == 404
    with client_of(create_app(made.db, settings=PATIENT)) as client:  # a page that was given no office
        assert "/letter.docx" not in client.get("/letter", params={"commune": "Mộc Thiềm"}).text
        assert client.get("/letter.docx?commune=M%E1%BB%99c+Thi%E1%BB%81m").status_code == 404
