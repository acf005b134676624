"""The queue, one finding, and what an inspector decides on it."""
from __future__ import annotations

from collections.abc import Mapping
from sqlite3 import Connection, Row
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review import data
from review.data import Filter
from review.figures import crop
from review.originals import PageError
from review.ports import Decision, Status
from review.site import Site, go, now, number, visitor_of

PER_PAGE = 50
_UNDO = "↶"  # begins the note of a decision that takes one back; nobody can type it there
_NEXT: dict[str, Status] = {"confirm": "confirmed", "dismiss": "dismissed"}


def chosen(query: Mapping[str, Any]) -> Filter:
    """The filter of an address; unknown words filter nothing away by accident: they are dropped."""
    status, severity = str(query.get("status", "open")), str(query.get("severity", ""))
    return Filter(
        status if status in (*data.STATUSES, data.WAIVED) else "" if status == "all" else "open",
        severity if severity in data.SEVERITIES else "",
        str(query.get("rule", ""))[:80], str(query.get("commune", ""))[:200], str(query.get("report", ""))[:12],
    )


def sides(site: Site, connection: Connection, rows: list[Row]) -> list[dict[str, Any]]:
    """Each piece of evidence with its picture, or the reason why there is none."""
    made: dict[int, dict[str, Any]] = {n: {"n": n, "row": row} for n, row in enumerate(rows, start=1)}
    for report_id in {row["report_id"] for row in rows}:
        of = {n: row for n, row in enumerate(rows, start=1) if row["report_id"] == report_id}
        try:
            original = data.original(connection, report_id)
            sizes = site.pages.sizes(original)
            marks = list(zip(of, site.boxes(original, list(of.values())), strict=True))
        except PageError as error:
            made |= {n: {**made[n], "crop": None, "why": error.code.replace("-", "_")} for n in of}
            continue
        for n, boxes in marks:
            page = boxes[0][0] if boxes else 0
            drawn = crop(page, sizes[page - 1], marks, n) if 1 <= page <= len(sizes) else None
            made[n] |= {"crop": drawn, "why": "" if drawn else "place_unknown"}
    return [made[n] for n in sorted(made)]


def routes(site: Site) -> list[Route]:
    def listing(request: Request) -> Response:
        filtered = chosen(request.query_params)
        at = number(request.query_params.get("page"), 1, 100_000)
        with site.reading() as connection:
            places = data.queue(connection, filtered)
            return site.page(
                request, "findings.html", chosen=filtered, at=at, per_page=PER_PAGE, count=len(places),
                rows=data.findings(connection, places[PER_PAGE * (at - 1) : PER_PAGE * at]),
                communes=data.distinct(connection, "reports", "commune"),
                rules=data.distinct(connection, "findings", "rule"),
                done=_done(connection, request),
                waived=0 if filtered.status == data.WAIVED else len(data.waived(connection, filtered)),
            )

    def _done(connection: Connection, request: Request) -> dict[str, Any] | None:
        """What was decided a moment ago, and how many decisions there were then: it can be undone from here."""
        row = data.finding(connection, number(request.query_params.get("done"), 0))
        return {"row": row, "seen": len(data.history(connection, row["fingerprint"]))} if row else None

    def start(request: Request) -> Response:
        filtered = chosen(request.query_params)
        with site.reading() as connection:
            first = data.queue(connection, filtered)
        return go(f"/findings/{first[0][2]}" if first else "/findings", filtered.query())

    def show(request: Request, status: int = 200, problem: str = "", draft: str = "") -> Response:
        filtered = chosen(request.query_params)
        with site.reading() as connection:
            row = data.finding(connection, request.path_params["finding_id"])
            if row is None:
                raise HTTPException(404)
            places = data.queue(connection, filtered)
            before, after = data.neighbours(places, data.place(row))
            past = data.history(connection, row["fingerprint"])
            return site.page(
                request, "finding.html", status, row=row, before=before, after=after, history=past, seen=len(past),
                sides=sides(site, connection, data.evidence(connection, row["finding_id"])), chosen=filtered,
                left=len(places), at=data.position(places, data.place(row)), done=_done(connection, request),
                problem=problem, draft=draft,
            )

    async def decide(request: Request) -> Response:
        form = await site.posted(request)
        act, note = str(form.get("act", "")), str(form.get("note", "")).strip().lstrip(_UNDO)[:4000]
        if act not in {"confirm", "dismiss", "note", "undo"}:
            raise HTTPException(400)
        if act == "dismiss" and not note:
            return await run_in_threadpool(show, request, 422, "reason_needed")
        return await run_in_threadpool(_decide, request, act, note, number(str(form.get("seen", "")), -1))

    def _decide(request: Request, act: str, note: str, seen: int) -> Response:
        filtered = chosen(request.query_params)
        finding_id: int = request.path_params["finding_id"]
        with site.reading() as connection:
            row = data.finding(connection, finding_id)
            if row is None:
                raise HTTPException(404)
            past = data.history(connection, row["fingerprint"])
            _, after = data.neighbours(data.queue(connection, filtered), data.place(row))
        status = _NEXT.get(act) or (_before_last(past) if act == "undo" else row["status"])
        note = f"{_UNDO} {note}".strip() if act == "undo" else note
        decision = Decision(row["fingerprint"], status, note, visitor_of(request).name, now())
        if act == "undo" and not past:
            return go(f"/findings/{finding_id}", filtered.query())
        if not site.record(decision, seen):
            return show(request, 409, "conflict", note)
        if act in _NEXT and after is not None:
            return go(f"/findings/{after}", {**filtered.query(), "done": finding_id})
        if act in _NEXT:
            return go("/findings", {**filtered.query(), "done": finding_id})
        return go(f"/findings/{finding_id}", filtered.query())

    def letter(request: Request) -> Response:
        commune = str(request.query_params.get("commune", ""))[:200]
        with site.reading() as connection:
            rows = data.findings(connection, data.queue(connection, Filter("confirmed", commune=commune))[:500])
            held = [(row, data.evidence(connection, row["finding_id"])) for row in rows]
            places = data.places(connection, commune) if held and site.office else []
        return site.page(request, "letter.html", commune=commune, held=held, places=places)

    return [
        Route("/findings", listing),
        Route("/findings/start", start),
        Route("/findings/{finding_id:int}", show),
        Route("/findings/{finding_id:int}", decide, methods=["POST"]),
        Route("/letter", letter),
    ]


def _before_last(past: list[Row]) -> Status:
    """What was in force before the last change of status; notes change none, and an undo takes one back."""
    stack: list[Status] = ["open"]
    for row in past:
        if row["note"].startswith(_UNDO):
            stack = stack[:-1] or ["open"]
        elif row["status"] != stack[-1]:
            stack.append(row["status"])
    return stack[-2] if len(stack) > 1 else "open"
