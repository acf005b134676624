"""The page in a real browser against the real server: mouse, keys, no script, deep links, two inspectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from review.app import create_app
from tests.review_browser import chromium, fresh, serving
from tests.review_site import PATIENT, build
from tests.test_review import stand_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    with serving(create_app(build(tmp_path), ingest=stand_in, settings=PATIENT)) as address:
        yield address


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


class Hand:
    """One inspector's way to work: the same acts by mouse or by keys alone."""

    def __init__(self, page: Page, keys: bool) -> None:
        self.page, self.keys = page, keys

    def _act(self, key: str, role: Literal["button", "link"], name: str) -> None:
        self.page.wait_for_load_state()  # keys work once the deferred script has run
        if self.keys:
            self.page.keyboard.press(key)
        else:
            self.page.get_by_role(role, name=name).first.click()

    def start(self) -> None:
        self._act("Enter", "link", "Bắt đầu xem xét")
        self.page.wait_for_url("**/findings/1")

    def confirm(self) -> None:
        self._act("c", "button", "Xác nhận")

    def undo(self) -> None:
        self._act("u", "button", "Hoàn tác")

    def move(self, key: str, name: str) -> None:
        self._act(key, "link", name)

    def dismiss(self, reason: str) -> None:
        if not self.keys:
            self.page.get_by_label("Lý do bỏ qua").fill(reason)
            self.page.get_by_role("button", name="Bỏ qua").click()
            return
        self.page.wait_for_load_state()
        self.page.keyboard.press("d")
        assert self.page.evaluate("document.activeElement.id") == "why"
        self.page.keyboard.type(reason)
        self.page.keyboard.press("Enter")

    def note(self, words: str) -> None:
        if not self.keys:
            self.page.get_by_label("Ghi chú").fill(words)
            self.page.get_by_role("button", name="Lưu ghi chú").click()
            return
        self.page.wait_for_load_state()
        self.page.keyboard.press("n")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Control+Enter")


@pytest.fixture(params=[False, True], ids=["mouse", "keys"])
def hand(request: pytest.FixtureRequest, browser: Browser, site: str) -> Hand:
    page = fresh(browser, site)
    page.goto("/")
    return Hand(page, request.param)


def test_two_steps_from_opening_to_judging_and_the_next_comes_by_itself(hand: Hand) -> None:
    hand.start()
    assert "Số người không khớp" in heading(hand.page)
    hand.confirm()
    hand.page.wait_for_url("**/findings/2?done=1")
    expect(hand.page.get_by_role("status")).to_contain_text("Đã xác nhận: Số người không khớp")
    hand.dismiss("cd khác thời điểm")  # letters in a field are letters, not keys
    hand.page.wait_for_url("**/findings/3?done=2")
    hand.page.goto("/findings/2")
    assert "cd khác thời điểm" in hand.page.locator(".history").inner_text()


def test_the_act_just_done_is_taken_back_in_one_step(hand: Hand) -> None:
    hand.start()
    hand.confirm()
    hand.page.wait_for_url("**/findings/2?done=1")
    hand.undo()
    hand.page.wait_for_url("**/findings/1")
    assert hand.page.locator("h1 .st-open").count() == 1
    assert hand.page.locator(".history li").count() == 2


def test_an_old_act_is_taken_back_on_its_own_page(hand: Hand) -> None:
    hand.start()
    hand.confirm()
    hand.page.wait_for_url("**/findings/2?done=1")
    hand.page.goto("/findings/1")
    assert hand.page.locator("h1 .st-confirmed").count() == 1
    hand.undo()
    hand.page.locator("h1 .st-open").wait_for()


def test_dismissing_without_a_reason_asks_for_it(hand: Hand) -> None:
    hand.page.goto("/findings/1")
    if hand.keys:
        hand.page.keyboard.press("d")
        hand.page.keyboard.press("Enter")
    else:
        hand.page.get_by_role("button", name="Bỏ qua").click()
    assert hand.page.evaluate("document.activeElement.id") == "why"
    assert hand.page.locator(".history li").count() == 0 and hand.page.url.endswith("/findings/1")


def test_a_note_is_kept_and_the_finding_stays_open(hand: Hand) -> None:
    hand.page.goto("/findings/3")
    hand.note("hỏi lại xã")
    hand.page.locator(".history li", has_text="hỏi lại xã").wait_for()
    assert hand.page.locator("h1 .st-open").count() == 1


def test_to_and_fro_in_the_queue(hand: Hand) -> None:
    hand.page.goto("/findings/2")
    hand.move("j", "Mục sau")
    hand.page.wait_for_url("**/findings/3")
    hand.move("k", "Mục trước")
    hand.page.wait_for_url("**/findings/2")
    hand.page.wait_for_load_state()
    hand.page.keyboard.press("/")
    hand.page.wait_for_url("**/search")


def test_every_key_is_printed_on_what_it_does(browser: Browser, site: str) -> None:
    page = fresh(browser, site)
    page.goto("/findings/2?done=1")
    for element in page.locator("[data-key]").all():
        key = element.get_attribute("data-key") or ""
        label = element.inner_text() or page.locator(f"label[for={element.get_attribute('id')}]").inner_text()
        assert key.upper() in label.upper().split(), key


def test_a_figure_of_the_text_opens_its_place_on_the_page(browser: Browser, site: str) -> None:
    page = fresh(browser, site)
    page.goto("/reports/1")
    page.locator(".paper").get_by_role("link", name="90,87%").click()
    page.wait_for_url("**/findings/2?**")  # what a finding stands on leads there
    page.goto("/reports/1")
    page.locator("aside summary", has_text="Tỷ lệ %").click()
    page.locator("aside").get_by_role("link", name="Xem cả trang").first.click()
    expect(page.locator("#hl1 rect")).to_be_in_viewport(ratio=0.99)


def test_without_script_everything_still_works(browser: Browser, site: str) -> None:
    page = fresh(browser, site, java_script_enabled=False)
    page.goto("/findings")
    page.get_by_label("Mức").select_option("error")
    page.get_by_role("button", name="Lọc").click()
    page.locator(".queue a").first.click()
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xác nhận: Số người không khớp")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("h1 .st-open")).to_be_visible()
    page.get_by_label("Ghi chú").fill("hỏi lại xã")
    page.get_by_role("button", name="Lưu ghi chú").click()
    expect(page.locator(".history li")).to_have_count(3)
    page.get_by_label("Lý do bỏ qua").fill("khác thời điểm")
    page.get_by_role("button", name="Bỏ qua").click()
    page.wait_for_url("**/findings?**done=1")
    page.goto("/findings/1")
    expect(page.locator(".history li")).to_have_count(4)
    page.goto("/upload")
    page.get_by_label("Chọn tệp").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"})
    page.get_by_role("button", name="Nạp").click()
    page.get_by_role("cell", name="a.pdf").wait_for()


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_a_deep_link_rests_with_the_highlight_in_view(browser: Browser, site: str, size: tuple[int, int]) -> None:
    page = fresh(browser, site, viewport={"width": size[0], "height": size[1]})
    page.goto("/findings/1#e2")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#e2 .hl rect").last).to_be_in_viewport(ratio=0.99)
    page.locator("#e2").get_by_role("link", name="Xem cả trang").last.click()
    page.wait_for_url("**/pages/2?finding=1#hl2")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#hl2 rect")).to_be_in_viewport(ratio=0.99)
    page.goto("/reports/1?at=f1-1#f1-1")
    expect(page.locator("mark.asked").first).to_be_in_viewport(ratio=0.99)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/findings",
        "/findings/1",
        "/findings/4",
        "/findings?status=waived",
        "/findings/5?status=waived",
        "/questions/late-reports",
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
