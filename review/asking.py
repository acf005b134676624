"""Saved questions, ours and the office's: a list, a form for the blanks of one, and its answer."""
from __future__ import annotations

from sqlite3 import Connection
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review.labels import label, names
from review.ports import Lang
from review.site import Site, visitor_of
from schema import questions
from schema.asking import Answer, Limits, ask
from schema.errors import QueryError, Refusal
from schema.questions import Question

_MOST = 1000
_BYTES = 4 * 2**20
_BLANK = "p_"  # before the name of a blank in the address, where other names have their own meaning


def told(question: Question, column: str, value: Any, lang: Lang) -> Any:
    """A cell of an answer: codes in words, bytes and all that is no number as text."""
    if family := question.words.get(column):
        return label(lang, f"{family}.{value}") if value is not None else None
    return value if value is None or isinstance(value, int | float) else str(value)


def refused(error: QueryError, lang: Lang) -> str:
    values = {"detail": "", "name": "", "value": "", "choices": ""} | error.values
    name = f"query.{error.code}" if f"query.{error.code}" in names() else "query.other"
    return f"{label(lang, name, **values)} [{error.code}]"


def routes(site: Site) -> list[Route]:
    limits = Limits(site.settings.query_seconds, _MOST, _BYTES)

    def listing(request: Request) -> Response:
        return _page(request, _known(request), None)

    def show(request: Request) -> Response:
        known, lang = _known(request), visitor_of(request).lang
        asked = known.get(request.path_params["name"])
        if asked is None:
            raise HTTPException(404)
        filled = {one.name: request.query_params.get(_BLANK + one.name, "") for one in asked.parameters}
        given = {name: typed for name, typed in filled.items() if typed}
        with site.reading() as connection:
            forms = _forms(connection, asked, given, lang)
            try:
                answer = ask(connection, asked.sql, questions.bind(connection, asked, given), limits)
            except QueryError as error:
                if error.refusal is Refusal.MISSING_PARAMETER and not request.query_params:
                    return _page(request, known, asked, forms)  # nothing was asked yet
                return _page(request, known, asked, forms, problem=refused(error, lang))
        return _page(request, known, asked, forms, answer)

    def _known(request: Request) -> dict[str, Question]:
        """Read anew each time: a file of questions may be mended while the page is open."""
        try:
            return questions.load(questions.beside(site.db))
        except QueryError as error:
            raise HTTPException(503, refused(error, visitor_of(request).lang)) from error

    def _page(
        request: Request, known: dict[str, Question], asked: Question | None, forms: list[dict[str, Any]] | None = None,
        answer: Answer | None = None, problem: str = "",
    ) -> Response:
        lang = visitor_of(request).lang
        titles = [(one.name, one.vi if lang == "vi" else one.en) for one in known.values()]
        rows = [
            [told(asked, *cell, lang) for cell in zip(answer.columns, row, strict=True)] for row in answer.rows
        ] if asked and answer else []  # fmt: skip
        return site.page(
            request, "questions.html", 422 if problem else 200, titles=titles, name=asked.name if asked else None,
            asked=dict(titles).get(asked.name) if asked else None, forms=forms or [], answer=answer, rows=rows,
            columns=answer.columns if answer else (), problem=problem,
        )

    return [Route("/questions", listing), Route("/questions/{name}", show)]


def _forms(connection: Connection, asked: Question, given: dict[str, str], lang: Lang) -> list[dict[str, Any]]:
    return [
        {
            "name": _BLANK + one.name, "label": one.vi if lang == "vi" else one.en,
            "value": given.get(one.name, one.default or ""), "choices": questions.choices(connection, one),
            "free": one.default == "", "number": one.kind == "count",
        }
        for one in asked.parameters
    ]
