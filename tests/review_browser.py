"""Debian's Chromium and the real server, for the tests of the page."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette

_PATIENCE = 120_000
"""Milliseconds; a busy machine is slow, not broken."""
expect.set_options(timeout=_PATIENCE)
_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGS)
        yield made
        made.close()


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """The address of ``app`` on a socket of its own."""
    held = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{held.getsockname()[1]}"
    server.should_exit = True
    thread.join(60)


def fresh(browser: Browser, site: str, **more: object) -> Page:
    """A page in a context of its own: nobody's cookies."""
    page = browser.new_context(base_url=site, **more).new_page()  # type: ignore[arg-type]  # passed on as given
    page.set_default_timeout(_PATIENCE)
    return page
