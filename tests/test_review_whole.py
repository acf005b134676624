"""The whole product behind the page: real reports, the real reader, the database that the command line makes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, expect

from checks.messages import render
from rasoat import recheck
from rasoat.batch import Batch
from rasoat.progress import Quiet
from rasoat.settings import Settings
from rasoat.web import Page, printer
from review.app import create_app
from review.drawing import find
from schema.store import Store
from tests.review_browser import chromium, fresh, serving
from tests.review_site import PATIENT, make_pdf
from tests.test_review import act, client_of

REPORTS = Path(__file__).parents[1] / "samples/reports"
PDF = next(REPORTS.glob("*.pdf"))
DOCX = next(REPORTS.glob("*.docx"))


def ingest(db: Path, *paths: Path) -> None:
    with Store(db) as store:
        Batch(store, Settings(), lambda one: render(one, "vi"), Quiet()).run(paths)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_each_upload_ends_in_the_ledger_with_its_reason(browser: Browser, tmp_path: Path, script: bool) -> None:
    db = tmp_path / "thu.db"
    with Store(db):
        pass
    page = Page(db, "vi")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("xa/bao-cao.docx", DOCX.read_bytes())
        made.writestr("xa/anh.bin", b"\x00\x01\x02")
    sent = [
        {"name": "tốt.pdf", "mimeType": "application/pdf", "buffer": PDF.read_bytes()},
        {"name": "hỏng.pdf", "mimeType": "application/pdf", "buffer": PDF.read_bytes()[:3000]},
        {"name": "trùng.pdf", "mimeType": "application/pdf", "buffer": PDF.read_bytes()},
        {"name": "trùng.pdf", "mimeType": "application/pdf", "buffer": PDF.read_bytes()},
        {"name": "gói.zip", "mimeType": "application/zip", "buffer": packed.getvalue()},
    ]
    with serving(create_app(db, ingest=page.ingest, render=page.render, settings=PATIENT)) as address:
        tab = fresh(browser, address, java_script_enabled=script)
        for _ in range(2):  # the second time nothing is new, and the page says so
            tab.goto("/upload")
            tab.get_by_label("Chọn tệp").set_input_files(sent)  # type: ignore[arg-type]  # payloads as Playwright takes them
            tab.get_by_role("button", name="Nạp").click()
            tab.get_by_text("Đã xong 6 tệp.").wait_for()
            rows = {cells[0]: cells[1:] for cells in (r.split("\t") for r in tab.locator("tbody tr").all_inner_texts())}
            assert set(rows) == {"tốt.pdf", "hỏng.pdf", "trùng.pdf", "trùng (2).pdf", "bao-cao.docx", "anh.bin"}
            assert rows["hỏng.pdf"][0] == "Không đọc được" and "hỏng" in rows["hỏng.pdf"][1]
            assert rows["anh.bin"][0] == "Không hỗ trợ" and "PDF hoặc DOCX" in rows["anh.bin"][1]
        outcomes = sorted(row[0] for row in rows.values())
        assert outcomes == sorted(["Trùng tệp đã có"] * 4 + ["Không đọc được", "Không hỗ trợ"])
        tab.get_by_role("link", name="bao-cao.docx").click()
        assert tab.locator(".paper mark").count() > 50
    with Store(db) as store:
        held = dict(store.conn.execute("select outcome, count(*) from files group by 1").fetchall())
    assert held == {"ok": 2, "duplicate": 2, "failed": 1, "unsupported": 1}


def states(db: Path) -> list[tuple[int, str, str]]:
    with Store(db) as store:
        return store.conn.execute("select report_id, fingerprint, status from findings").fetchall()


def test_a_decision_survives_reading_again_and_a_corrected_report(tmp_path: Path) -> None:
    db, report = tmp_path / "thu.db", tmp_path / "bao-cao.docx"
    report.write_bytes(DOCX.read_bytes())
    ingest(db, report)
    with client_of(create_app(db, settings=PATIENT)) as client, Store(db) as store:
        first, second = (row[0] for row in store.conn.execute("select finding_id from findings order by 1 limit 2"))
        prints = [
            store.conn.execute("select fingerprint from findings where finding_id = ?", [one]).fetchone()[0]
            for one in (first, second)
        ]
        assert act(client, first, "confirm")[0] == 303
        assert act(client, second, "dismiss", "xã đã giải trình")[0] == 303

        with Store(db) as again:
            recheck.inside(again, lambda one: render(one, "vi"))
        again_read = tmp_path / "lan-hai" / report.name  # the same bytes from another place
        again_read.parent.mkdir()
        again_read.write_bytes(report.read_bytes())
        ingest(db, again_read)
        corrected = docx.Document(str(report))
        corrected.add_paragraph("Trên đây là báo cáo đã được chỉnh sửa của Ủy ban nhân dân xã.")
        corrected.save(str(tmp_path / "bao-cao-sua.docx"))
        ingest(db, tmp_path / "bao-cao-sua.docx")

        held = [(report_id, status) for report_id, mark, status in states(db) if mark == prints[0]]
        assert sorted(held) == [(1, "confirmed"), (2, "confirmed")]
        assert {status for _, mark, status in states(db) if mark == prints[1]} == {"dismissed"}
        newest = store.conn.execute(
            "select finding_id from findings where report_id = 2 and fingerprint = ?", [prints[1]]
        ).fetchone()[0]
        assert "xã đã giải trình" in client.get(f"/findings/{newest}").text
        assert "st-dismissed" in client.get("/reports/2").text
        assert "2 phiên bản" in client.get("/").text


def test_a_word_file_shows_its_evidence_on_the_page_as_printed(browser: Browser, tmp_path: Path) -> None:
    db = tmp_path / "thu.db"
    ingest(db, DOCX)
    with Store(db) as store:
        finding, report, words = store.conn.execute(
            "select f.finding_id, f.report_id, e.text from findings f join finding_evidence e using (finding_id)"
            " where f.rule = 'total-mismatch' and length(e.text) > 8 order by 1, e.ordinal limit 1"
        ).fetchone()
    app = create_app(db, printer=printer(), settings=PATIENT)
    with serving(app) as address:
        tab = fresh(browser, address)
        tab.goto(f"/findings/{finding}")
        assert "Đang tạo ảnh trang" in tab.locator("#e1").inner_text()
        assert words in tab.locator("#e1 .quote mark").inner_text()
        tab.goto(f"/reports/{report}/pages/1")  # comes to its picture by itself
        tab.locator(".pageimg").wait_for()
        tab.goto(f"/findings/{finding}#e1")
        expect(tab.locator("#e1 .hl rect").first).to_be_in_viewport(ratio=0.99)
        assert str(tmp_path) not in tab.content()


def test_words_are_found_where_they_stand_on_the_printed_page(tmp_path: Path) -> None:
    paper = tmp_path / "hai.pdf"
    boxes = make_pdf(paper, [[(100, "Thôn Một: 10 hộ"), (130, "Thôn Hai: 10 hộ")], [(700, "Thôn Ba: 10 hộ")]])
    found = find(str(paper), [("10 hộ", "báo cáo Thôn Hai:\n"), ("10\thộ", "Thôn Ba: "), ("11 hộ", "")])
    assert found is not None
    assert [[box[0] for box in place] for place in found] == [[1], [2], []]
    for place, line in zip(found, ("Thôn Hai: 10 hộ", "Thôn Ba: 10 hộ"), strict=False):
        (_, left, top, right, bottom), (_, x0, y0, x1, y1) = place[0], boxes[line][0]
        assert x0 < left < right <= x1 + 0.01
        assert y0 - 0.005 <= top < bottom <= y1 + 0.005
    assert find(b"no pdf", [("10", "")]) is None
