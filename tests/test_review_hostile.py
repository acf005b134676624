"""What hostile files, names and visitors try, through the whole product."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from rasoat.web import Page
from review.app import create_app
from review.uploads import safe_name
from schema.store import Store
from tests.review_browser import chromium, fresh, serving
from tests.review_site import HOSTILE, PATIENT, build
from tests.test_review import client_of, token, upload


@pytest.fixture
def db(tmp_path: Path) -> Path:
    made = tmp_path / "thu.db"
    with Store(made):
        pass
    return made


def hostile_report() -> bytes:
    held = docx.Document()
    held.add_paragraph("ỦY BAN NHÂN DÂN XÃ </title><script>document.title='hacked'</script>")
    held.add_paragraph("BÁO CÁO <img src=x onerror=\"document.title='hacked'\"> năm 2023 \u202egnp.exe \u2066")
    held.add_paragraph("Tổng số cán bộ là 17 người, gồm 10 {{ 7*7 }} ${7*7} và 05 người; " + "x " * 25_000)
    held.add_paragraph("Kế hoạch số 13/KH-UBND ngày 18/01/2023, Kế hoạch số 13/KH-UBND ngày 28/01/2023 " + "<b>" * 500)
    out = io.BytesIO()
    held.save(out)
    return out.getvalue()


def ended(client: TestClient, where: str) -> str:
    while "Đã xong" not in (text := client.get(where).text):
        time.sleep(0.05)
    return text


def test_a_hostile_report_stays_text_on_every_page(db: Path) -> None:
    page = Page(db, "vi")
    app = create_app(db, ingest=page.ingest, render=page.render, settings=PATIENT)
    with serving(app) as address, chromium() as browser:
        _look(browser, address)
    with Store(db) as store:
        assert store.conn.execute("select count(*) from reports").fetchone()[0] == 1


def _look(browser: Browser, address: str) -> None:
    tab = fresh(browser, address)
    ran: list[str] = []
    tab.on("dialog", lambda dialog: ran.append(dialog.message))
    tab.on("pageerror", lambda error: ran.append(str(error)))
    name = "<img src=x onerror=document.title='hacked'>\u202e.docx"
    tab.goto("/upload")
    tab.get_by_label("Chọn tệp").set_input_files({"name": name, "mimeType": "text/plain", "buffer": hostile_report()})
    tab.get_by_role("button", name="Nạp").click()
    tab.get_by_text("Đã xong 1 tệp.").wait_for()
    for path in ("/upload/1", "/", "/findings", "/findings/1", "/reports/1", "/search?q=cán bộ", "/downloads"):
        tab.goto(path)
        assert tab.title() != "hacked" and ran == []
        assert "\u202e" not in tab.content() and "\u2066" not in tab.content()
        assert tab.locator("main script, main img, main b b").count() == 0
        assert len(tab.content()) < 400_000


@pytest.mark.parametrize(
    "name, kept",
    [
        ("../../../etc/cron.d/x.pdf", "x.pdf"),
        ("C:\\Windows\\win.ini", "win.ini"),
        ("a\x00b;rm -rf $(x)`y`.pdf", "a_b_rm -rf _(x)_y_.pdf"),
        ("..", "tep"),
        (".docx", "docx"),
        ("\u202efdp.exe", "_fdp.exe"),
        ("x" * 300 + ".docx", "x" * 80 + ".docx"),
        ("Báo cáo quý III.pdf", "Báo cáo quý III.pdf"),
    ],
)
def test_a_name_sent_by_a_browser_is_a_plain_name(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_a_bomb_is_one_row_of_the_ledger_and_the_page_lives_on(db: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bao-cao.pdf", b"\0" * (300 * 2**20))
    assert len(bomb.getvalue()) < 2**20
    with client_of(create_app(db, ingest=Page(db, "vi").ingest, settings=PATIENT)) as client:
        text = ended(client, upload(client, [("bom.zip", bomb.getvalue())])[1])
        assert "bom.zip" in text and "lớn bất thường" in text
        assert client.get("/").status_code == 200
    kept = sum(path.stat().st_size for path in db.parent.rglob("*") if path.is_file())
    assert kept < 10 * 2**20  # nothing was unpacked to disk


def test_of_many_inspectors_at_once_exactly_one_decides(tmp_path: Path) -> None:
    held = build(tmp_path)
    answers: Counter[int] = Counter()
    with client_of(create_app(held, settings=PATIENT)) as client:
        sent = {"csrf": token(client), "act": "confirm", "note": "", "seen": "0"}

        def decide() -> None:
            answers[client.post("/findings/1", data=sent).status_code] += 1

        hands = [threading.Thread(target=decide) for _ in range(8)]
        for one in hands:
            one.start()
        for one in hands:
            one.join()
    assert answers == {303: 1, 409: 7}
    with Store(held) as store:
        assert store.conn.execute("select status from reviews").fetchall() == [("confirmed",)]


def test_cookies_of_strangers_are_no_visitors(tmp_path: Path) -> None:
    with client_of(create_app(build(tmp_path), settings=PATIENT)) as client:
        for cookie in ("rasoat_reviewer=" + HOSTILE.encode("latin-1", "ignore").decode("latin-1"), "a" * 5000, "=;;=,"):
            answer = client.get("/findings/1", headers={"cookie": cookie})
            assert answer.status_code == 200
            assert "<script>document" not in answer.text
