"""Pictures of the inspectors' page for docs/review.md, from the samples: ``python -m docs.shots [FOLDER]``."""
from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from checks.messages import render
from rasoat.batch import Batch
from rasoat.progress import Quiet
from rasoat.settings import Settings
from review.app import create_app
from schema.store import Store
from tests.review_browser import chromium, fresh, serving
from tests.review_site import PATIENT

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs/images"


@dataclass(frozen=True)
class Shot:
    """One picture: a path of the site, what to do there, and the window."""

    name: str
    path: str
    act: Callable[[Page], object] = lambda page: None
    size: tuple[int, int] = (1280, 800)
    context: dict[str, object] = field(default_factory=dict)


def _decide(page: Page) -> None:
    page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url("**done=*")


SHOTS = (
    Shot("overview", "/"),
    Shot("finding", "/findings/start?severity=error&rule=total-mismatch"),
    Shot("report", "/reports/1"),
    Shot("indicators", "/indicators"),
    Shot("search", "/search?q=cai+cach+hanh+chinh"),
    Shot("question", "/questions/top-unresolved"),
    Shot("upload", "/upload"),
    Shot("phone", "/findings/start?rule=value-conflict", size=(390, 844)),
    Shot("decided-dark", "/findings/start", _decide, context={"color_scheme": "dark"}),
)


def take(folder: Path) -> list[Path]:
    """All pictures, in few colours so that they stay small."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        db = Path(work) / "thu.db"
        with Store(db) as store:
            Batch(store, Settings(), lambda one: render(one, "vi"), Quiet()).run([ROOT / "samples/reports"])
        app = create_app(db, ingest=lambda paths: (), settings=PATIENT)
        with chromium() as browser, serving(app) as address:
            return [_one(browser, address, shot, folder) for shot in SHOTS]


def _one(browser: Browser, address: str, shot: Shot, folder: Path) -> Path:
    page = fresh(browser, address, viewport={"width": shot.size[0], "height": shot.size[1]}, **shot.context)
    page.goto(shot.path)
    shot.act(page)
    page.wait_for_load_state("networkidle")
    target = folder / f"{shot.name}.png"
    page.screenshot(path=target)
    Image.open(target).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(target, optimize=True)
    return target


if __name__ == "__main__":
    for made in take(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES):
        print(made.name, made.stat().st_size // 1000, "kB")
