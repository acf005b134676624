"""The inspectors' page as one Starlette application; see ``ports`` for what it must be given."""
from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from review import account, asking, finding_pages, report_pages, tables, uploads, users
from review.data import TooSlowError, reading
from review.decisions import recorder
from review.labels import label
from review.originals import Papers
from review.pages import Pages
from review.ports import Ingest, Office, Print, Record, Render, Role, Settings
from review.security import Guard, Sessions, Tokens, Tries
from review.site import Site, environment, visitor_of
from schema import catalogue
from schema.errors import StoreError

_DEFAULTS = Settings()


def create_app(
    db: Path,
    *,
    ingest: Ingest | None = None,
    record: Record | None = None,
    render: Render | None = None,
    printer: Print | None = None,
    office: Office | None = None,
    settings: Settings = _DEFAULTS,
) -> Starlette:
    """The application over the database ``db``, which must exist and be migrated.

    Without ``ingest`` nothing can be uploaded; without ``record`` decisions are appended to ``review`` directly;
    without ``printer`` Word files have no page images, without ``office`` there is no sheet and no letter to download.
    """
    if not settings.indicator_names:
        settings = replace(settings, indicator_names={one.code: one.name_vi for one in catalogue.load()})

    def stands(name: str) -> tuple[Role, str] | None:
        with reading(db) as connection:
            return users.stands(connection, name)

    sessions = Sessions(settings.session_seconds, stands)
    site = Site(
        db, settings, record or recorder(db), ingest, render,
        Pages(Papers(db.with_name(db.name + ".pages"), printer), settings.page_pixels, settings.page_seconds),
        sessions, Tokens(), Tries(settings.sign_in_tries, settings.sign_in_window), environment(), office,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        site.pages.close()

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 503
        lang = visitor_of(request).lang
        words = label(lang, "too_slow") if isinstance(error, TooSlowError) else label(lang, f"error.{status}")
        if isinstance(error, HTTPException) and (status == 503 or error.detail == label(lang, "viewer_only")):
            words = error.detail
        return site.page(request, "problem.html", status, problem=words)

    rooms = (finding_pages, report_pages, tables, asking, uploads, account)
    return Starlette(
        routes=[
            *(route for room in rooms for route in room.routes(site)),
            Mount("/static", StaticFiles(packages=[("review", "static")]), name="static"),
        ],
        middleware=[Middleware(Guard, settings=settings, sessions=sessions)],
        exception_handlers={HTTPException: refused, StoreError: refused},
        lifespan=lifespan,
    )
