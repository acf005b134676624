"""What all pages share: templates, the visitor, forms that were checked, and one way to answer."""
from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from review.data import reading
from review.drawing import Box
from review.labels import label
from review.originals import PAGED, Original
from review.pages import Pages
from review.ports import Ingest, Office, Record, Render, Settings
from review.safety import finalize
from review.security import Sessions, Tokens, Tries, Visitor

FORM_BYTES = 64 * 2**10


@dataclass(frozen=True)
class Site:
    """One running page: the database it shows, what it was given, and its state in memory."""

    db: Path
    settings: Settings
    record: Record
    ingest: Ingest | None
    render_finding: Render | None
    pages: Pages
    sessions: Sessions
    tokens: Tokens
    tries: Tries
    templates: Environment
    office: Office | None = None

    def boxes(self, original: Original, rows: Sequence[Row]) -> list[Sequence[Box]]:
        """Where mentions or evidence of one report stand on its pages; of a Word file, on the pages as printed."""
        if original.format in PAGED:
            return [boxes_of(row) for row in rows]
        return list(self.pages.places(original, [(row["text"], row["head"]) for row in rows]))

    def reading(self) -> AbstractContextManager[Connection]:
        return reading(self.db, self.settings.query_seconds)

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        visitor = visitor_of(request)
        lang = visitor.lang

        def words(name: str, **given: object) -> str:
            return label(lang, name, **given)

        body = self.templates.get_template(template).render(
            t=words, lang=lang, visitor=visitor, csrf=self.tokens.make(visitor), here=request.url.path,
            settings=self.settings, can_upload=self.ingest is not None, link=link, sentence=self._sentence(visitor),
            other=link(request.url.path, {**dict(request.query_params), "lang": "en" if lang == "vi" else "vi"}),
            **values,
        )
        return HTMLResponse(body, status)

    def _sentence(self, visitor: Visitor) -> Any:
        def sentence(row: Row) -> str:
            """The finding's message in the visitor's language where there is a template for it."""
            if visitor.lang != "vi" and self.render_finding is not None:
                made = self.render_finding(row["rule"], {**values_of(row), "variant": row["variant"]}, visitor.lang)
                if made:
                    return made
            return str(row["message"] or "")

        return sentence

    async def posted(
        self, request: Request, *, anyone: bool = False, most: int = FORM_BYTES, files: int = 0
    ) -> FormData:
        """The form of a POST, after its size, token and the visitor's role were checked. Raises HTTPException."""
        form = await _form(request, most, files)
        visitor = visitor_of(request)
        if not self.tokens.good(visitor, str(form.get("csrf", ""))):
            raise HTTPException(403)
        if not anyone and visitor.role != "inspector":
            raise HTTPException(403, label(visitor.lang, "viewer_only"))
        return form


async def _form(request: Request, most: int, files: int) -> FormData:
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > most:
        raise HTTPException(413)

    async def counted() -> AsyncGenerator[bytes, None]:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise HTTPException(413)
            yield chunk

    try:
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            return await MultiPartParser(request.headers, counted(), max_files=files, max_fields=50).parse()
        return await FormParser(request.headers, counted()).parse()
    except MultiPartException as error:
        raise HTTPException(413 if "Too many" in error.message else 400) from error


def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("review"), autoescape=True, finalize=finalize, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    made.filters["day"] = day
    made.filters["instant"] = instant
    made.filters["told"] = told
    made.filters["figure"] = figure
    return made


def visitor_of(request: Request) -> Visitor:
    found: Visitor = request.scope["visitor"]
    return found


def link(path: str, query: Mapping[str, object] | None = None, anchor: str = "") -> str:
    held = {name: value for name, value in (query or {}).items() if value not in (None, "")}
    return path + (f"?{urlencode(held)}" if held else "") + (f"#{anchor}" if anchor else "")


def go(path: str, query: Mapping[str, object] | None = None, anchor: str = "") -> Response:
    return RedirectResponse(link(path, query, anchor), 303)


def values_of(row: Row) -> dict[str, str]:
    """``values_json`` as printed strings; anything but an object of values is nothing."""
    try:
        held = json.loads(row["values_json"] or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in held.items()} if isinstance(held, dict) else {}


def boxes_of(row: Row) -> list[tuple[int, float, float, float, float]]:
    """The boxes of a mention or a piece of evidence: page and fractions, only those that lie on a page."""
    try:
        held = json.loads(row["boxes"] or "[]")
        made = [(int(b[0]), *(min(1.0, max(0.0, float(v))) for v in b[1:5])) for b in held]
    except (ValueError, TypeError, IndexError):
        return []
    return [box for box in made if len(box) == 5 and box[3] > box[1] and box[4] > box[2]]  # type: ignore[misc]  # length is checked here


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def day(value: object) -> str:
    """``2023-02-28`` as ``28/02/2023``; anything else as it is."""
    text = str(value or "")
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}" if len(text) == 10 and text[4] == text[7] == "-" else text


def instant(value: object) -> str:
    """An ISO instant in this machine's own time zone, as people here write it."""
    try:
        return datetime.fromisoformat(str(value)).astimezone().strftime("%H:%M %d/%m/%Y")
    except ValueError:
        return str(value or "")


def told(value: object) -> object:
    """A cell of a table: dates and instants as people here write them, anything else as it is."""
    if not isinstance(value, str):
        return value
    return instant(value) if value[10:11] == "T" else day(value)


def figure(row: Row) -> str:
    """A value as it stood; one with words in it (``4 tỷ 286``) in the unit that it is shown in."""
    if not any(letter.isalpha() for letter in row["value_text"]):
        return str(row["value_text"])
    whole, _, decimals = f"{Decimal(row['value_exact']):,f}".partition(".")
    return whole.replace(",", ".") + ("," + decimals if decimals else "")


def number(value: str | None, default: int = 1, highest: int = 10**9) -> int:
    return min(int(value), highest) if value and value.isascii() and value.isdecimal() else default
