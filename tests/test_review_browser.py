"""The page in a real browser against the real server: mouse, keys, no script, deep links, two inspectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from review.app import create_app
from review.ports import Settings
from tests.review_browser import chromium, fresh, serving
from tests.review_site import build
from tests.test_review import stand_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    with serving(create_app(build(tmp_path), ingest=stand_in, settings=Settings(reviewer="Người Thử"))) as address:
        yield address


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_by_mouse_two_clicks_from_opening_to_judging(browser: Browser, site: str) -> None:
    page = fresh(browser, site)
    page.goto("/")
    page.get_by_role("link", name="Bắt đầu xem xét").click()
    assert "Số người không khớp" in heading(page)
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_text("Đã xác nhận: mục 1.").wait_for()
    assert page.url.endswith("/findings/2?done=1")
    page.get_by_label("Lý do bỏ qua").fill("khác thời điểm")
    page.get_by_role("button", name="Bỏ qua").click()
    page.wait_for_url("**/findings/3?done=2")
    page.get_by_role("link", name="Hoàn tác").click()
    page.get_by_role("button", name="Hoàn tác").click()
    assert page.locator("h1 .st-open").count() == 1


def test_by_keys_alone(browser: Browser, site: str) -> None:
    page = fresh(browser, site)
    page.goto("/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/findings/1")
    page.keyboard.press("c")
    page.wait_for_url("**/findings/2?done=1")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.id") == "why"
    page.keyboard.type("cd khác nguồn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/findings/3?done=2")
    page.keyboard.press("j")
    page.wait_for_url("**/findings/4")
    page.keyboard.press("k")
    page.wait_for_url("**/findings/3")
    page.keyboard.press("n")
    page.keyboard.type("hỏi lại xã")
    page.get_by_role("button", name="Lưu ghi chú").press("Enter")
    page.locator(".history li", has_text="hỏi lại xã").wait_for()
    page.goto("/findings/1")
    page.keyboard.press("u")
    page.locator("h1 .st-open").wait_for()
    page.wait_for_load_state()  # keys work once the deferred script has run
    page.keyboard.press("/")
    page.wait_for_url("**/search")


def test_without_script_everything_still_works(browser: Browser, site: str) -> None:
    page = fresh(browser, site, java_script_enabled=False)
    page.goto("/findings")
    page.get_by_label("Mức").select_option("error")
    page.get_by_role("button", name="Lọc").click()
    page.locator(".queue a").first.click()
    page.get_by_role("button", name="Xác nhận").click()
    assert page.get_by_text("Đã xác nhận: mục 1.").count() == 1
    page.goto("/upload")
    page.get_by_label("Chọn tệp").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"})
    page.get_by_role("button", name="Nạp").click()
    page.get_by_role("cell", name="a.pdf").wait_for()


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_a_deep_link_rests_with_the_highlight_in_view(browser: Browser, site: str, size: tuple[int, int]) -> None:
    page = fresh(browser, site, viewport={"width": size[0], "height": size[1]})
    page.goto("/findings/1#e2")
    page.wait_for_load_state("networkidle")
    box = page.locator("#e2 .hl rect").last.bounding_box()
    assert box and box["y"] >= 0 and box["y"] + box["height"] <= size[1]
    assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
    page.locator("#e2").get_by_role("link", name="Xem cả trang").last.click()
    page.wait_for_url("**/pages/2?finding=1#hl2")
    page.wait_for_load_state("networkidle")
    whole = page.locator("#hl2 rect").bounding_box()
    assert whole and 0 <= whole["y"] <= size[1] - whole["height"]
    page.goto("/reports/1?at=f1-1#f1-1")
    mark = page.locator("mark.asked").first.bounding_box()
    assert mark and 0 <= mark["y"] <= size[1]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/findings",
        "/findings/1",
        "/findings/4",
        "/reports/1",
        "/reports/3",
        "/indicators",
        "/search",
        "/upload",
        "/downloads",
    ],
)
def test_nothing_runs_and_nothing_overflows_on_a_phone(browser: Browser, site: str, path: str) -> None:
    page = fresh(browser, site, viewport={"width": 360, "height": 740})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.title() != "hacked"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [one for one in problems if "404" not in one] == []


def test_two_browsers_deciding_at_once(browser: Browser, site: str) -> None:
    first, second = fresh(browser, site), fresh(browser, site)
    for page in (first, second):
        page.goto("/findings/1")
    first.keyboard.press("c")
    first.wait_for_url("**/findings/2?done=1")
    second.get_by_label("Lý do bỏ qua").fill("tôi nghĩ khác")
    second.get_by_role("button", name="Bỏ qua").click()
    second.get_by_role("alert").wait_for()
    assert "vừa quyết định mục này" in second.get_by_role("alert").inner_text()
    assert second.get_by_label("Lý do bỏ qua").input_value() == "tôi nghĩ khác"


def test_upload_by_choosing_files(browser: Browser, site: str) -> None:
    page = fresh(browser, site)
    page.goto("/upload")
    page.get_by_label("Chọn tệp").set_input_files(
        [
            {"name": "tốt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"},
            {"name": "hỏng.pdf", "mimeType": "application/pdf", "buffer": b"?"},
            {"name": "trùng.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"},
        ]
    )
    page.get_by_role("button", name="Nạp").click()
    page.get_by_text("Đã xong 3 tệp.").wait_for()
    assert page.locator("tbody tr").all_inner_texts()[1].split("\t")[1:] == ["Không đọc được", "Tệp PDF bị hỏng."]
