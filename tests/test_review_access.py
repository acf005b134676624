"""Every page for every eye: axe-core, a phone, 200 % zoom, and the weight of what is sent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from review import users
from review.app import create_app
from schema.store import Store
from tests.review_browser import chromium, fresh, serving
from tests.review_site import PATIENT, build
from tests.test_review import PAGES, stand_in

EVERY = [
    *PAGES,
    "/?period=2023-09-30",
    "/?commune=none",
    "/findings?status=dismissed",
    "/reports/1?at=f1-1",
    "/reports/1/pages/2?finding=1",
    "/search?q=khongco",
    "/nowhere",
]
SIZES = {"phone": (360, 740), "zoom 200 %": (640, 400)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    db = build(tmp_path_factory.mktemp("access"))
    with serving(create_app(db, ingest=stand_in, settings=PATIENT)) as address:
        yield address


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Page:
    return fresh(browser, site, color_scheme=request.param)


def grave(page: Page) -> list[str]:
    """What axe-core calls serious or critical: rule and the element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", EVERY)
def test_axe_finds_nothing_grave(page: Page, path: str) -> None:
    page.goto(path)
    assert grave(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_at_the_door_and_in_an_empty_house(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    empty = tmp_path / "trong.db"
    with Store(empty):
        pass
    users.add(empty, "hoa", "mat khau rat dai")
    with serving(create_app(empty, ingest=stand_in, settings=replace(PATIENT, login=True))) as address:
        page = fresh(browser, address, color_scheme=scheme)
        page.goto("/findings")
        assert grave(page) == []
        page.get_by_label("Tên").fill("hoa")
        page.get_by_label("Mật khẩu").fill("mat khau rat dai")
        page.get_by_role("button", name="Đăng nhập").click()
        for path in ("/", "/findings", "/indicators", "/questions/most-cited", "/downloads"):
            page.goto(path)
            assert page.locator("h1").count() == 1
            assert grave(page) == []


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_no_page_is_wider_than_the_screen(browser: Browser, site: str, size: tuple[int, int]) -> None:
    page = fresh(browser, site, viewport={"width": size[0], "height": size[1]})
    for path in EVERY:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


def test_at_200_percent_the_acts_leave_the_evidence_in_view(browser: Browser, site: str) -> None:
    page = fresh(browser, site, viewport={"width": 640, "height": 400})
    page.goto("/findings/1#e1")
    page.wait_for_load_state("networkidle")
    mark = page.locator("#e1 .hl rect").first.bounding_box()
    acts = page.locator(".acts").bounding_box()
    assert mark and acts
    assert mark["y"] >= max(0, acts["y"] + acts["height"])
    assert mark["y"] + mark["height"] <= 400


def test_the_first_page_weighs_under_100_kb_without_images(browser: Browser, site: str) -> None:
    page = fresh(browser, site)
    weight: dict[str, int] = {}
    page.on("response", lambda answer: weight.update({answer.url: len(answer.body())}))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert {url.rsplit("/", 1)[-1] for url in weight} >= {"", "rasoat.css", "rasoat.js"}
    assert sum(weight.values()) < 100_000
