"""Overview, one report with all its marks, page images, indicators and search."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from sqlite3 import Connection, Row
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review import data
from review.figures import chart, crop
from review.labels import label
from review.marking import Mark, grouped, lines, matched, parts
from review.originals import PageError
from review.site import Site, day, figure, link, number, visitor_of
from schema import district
from schema import versions as stored
from schema.due import lacking

_SHOWN_CELLS = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """Communes down, kinds of report across, for one period; a cell is the newest version's row, or None."""

    topics: list[str]
    rows: list[tuple[str, list[Row | None]]]


def grid(rows: list[Row], communes: list[str], period: str) -> Grid | None:
    """The grid of a period; None where there is nothing to set side by side."""
    held = {(row["commune"], row["topic"] or ""): row for row in rows if row["period_end"] == period and row["commune"]}
    topics = sorted({topic for _, topic in held})
    return Grid(topics, [(one, [held.get((one, topic)) for topic in topics]) for one in communes]) if topics else None


_ONLY: dict[str, Callable[[Row], bool]] = {
    "open": lambda row: bool(row["errors"] + row["warnings"] + row["infos"]),
    "done": lambda row: not row["errors"] + row["warnings"] + row["infos"],
    "partial": lambda row: row["status"] == "partial",
}


def _marks(connection: Connection, report_id: int, lang: Any) -> tuple[list[Mark], dict[str, list[Row]]]:
    held = {kind: data.mentions(connection, kind, report_id) for kind in data.MENTIONS}
    marks = [
        Mark(
            row["char_start"], row["char_end"], kind, f"m{row['mention_id']}", label(lang, f"kind.{kind}"),
            page_link(report_id, row["page"], mention=row["mention_id"]),
        )
        for kind, rows in held.items()
        for row in rows
    ]
    for row in data.evidence_of_report(connection, report_id):
        title = label(lang, f"rule.{row['rule']}")
        anchor = f"f{row['finding_id']}-{row['ordinal']}"
        at = link(f"/findings/{row['finding_id']}", {"report": report_id, "status": "all"})
        marks.append(Mark(row["char_start"], row["char_end"], "finding", anchor, title, at))
    return marks, held


def page_link(report_id: int, page: int | None, **about: int) -> str:
    """To the page image with the place outlined; '' where the format has no pages."""
    return link(f"/reports/{report_id}/pages/{page}", about, "hl1") if page else ""


def _placed(marks: list[Mark], anchor: str, size: int) -> int:
    """The part of the text that an anchor stands in."""
    return next((mark.start // size + 1 for mark in marks if mark.anchor == anchor), 1)


def routes(site: Site) -> list[Route]:
    def overview(request: Request) -> Response:
        commune = request.query_params.get("commune", "")[:200]
        period = request.query_params.get("period", "")[:10]
        only = request.query_params.get("only", "")
        with site.reading() as connection:
            versions = data.reports(connection)
            everything = [row for row in versions if row["newest"]]
            chosen = [
                row for row in everything
                if commune in ("", row["commune"]) and period in ("", row["period_end"])
                and (only not in _ONLY or _ONLY[only](row))
            ]
            communes = sorted({row["commune"] for row in everything if row["commune"]})
            at = number(request.query_params.get("page"), 1, 100_000)
            return site.page(
                request, "overview.html", rows=chosen[(at - 1) * 100 : at * 100], count=len(chosen), at=at,
                commune=commune, period=period, only=only if only in _ONLY else "", everything=len(everything),
                totals=data.totals(connection), unread=data.unread(connection),
                missing=lacking(map(dict, everything), district.gazetteer(connection))[:20],
                held_versions=Counter(row["first_version"] for row in versions), communes=communes,
                grid=grid(everything, [commune] if commune else communes, period) if period else None,
                periods=sorted({row["period_end"] for row in everything if row["period_end"]}, reverse=True),
            )

    def report(request: Request) -> Response:
        report_id = request.path_params["report_id"]
        lang = visitor_of(request).lang
        with site.reading() as connection:
            row = data.report(connection, report_id)
            if row is None:
                raise HTTPException(404)
            marks, held = _marks(connection, report_id, lang)
            asked = request.query_params.get("at", "")[:40]
            if asked[:1] == "p":  # a passage, found by searching
                begin = number(asked[1:], 0)
                marks.append(Mark(begin, begin + 1, "place", asked))
            wanted = _placed(marks, asked, 60_000) if asked else number(request.query_params.get("part"), 1, 10_000)
            part, start, count = parts(row["char_count"] or 0, wanted)
            shown = data.text(connection, report_id, start, 60_000)
            headings = {r["char_start"]: r["level"] for r in connection.execute(
                "select char_start, level from sections where report_id = ?", [report_id])}
            own = data.Filter("", report=str(report_id))
            places = data.queue(connection, own)[:300] + data.waived(connection, own)[:300]
            found = sorted(data.findings(connection, places), key=lambda f: (f["waived"], *data.place(f)))
            decisions = [
                (f, data.history(connection, f["fingerprint"])) for f in found if f["status"] != "open"
            ][:100]
            versions = data.versions(connection, row)
            return site.page(
                request, "report.html", row=row, held=held, part=part, parts=count, findings=found, decisions=decisions,
                newest=next(one for one in versions if one["newest"]),
                groups=list(grouped(lines(shown, start, marks, headings))), versions=versions,
                names=site.settings.indicator_names, asked=asked, page_link=page_link,
                can_print=row["pages"] or site.pages.papers.prints,
            )

    def changes(request: Request) -> Response:
        report_id = request.path_params["report_id"]
        with site.reading() as connection:
            family = stored.family(connection, report_id)
            at = next((n for n, row in enumerate(family) if row["report_id"] == report_id), 0)
            if at == 0:
                raise HTTPException(404)
            older, row = family[at - 1], family[at]
            went, came = stored.findings(connection, older["report_id"], report_id)
            found = stored.changes(connection, older["report_id"], report_id)
        return site.page(
            request, "changes.html", older=older, row=row, changes=found, went=went, came=came,
            names=site.settings.indicator_names,
        )

    def page_view(request: Request) -> Response:
        report_id, n = request.path_params["report_id"], request.path_params["n"]
        with site.reading() as connection:
            row = data.report(connection, report_id)
            if row is None:
                raise HTTPException(404)
            asked = number(request.query_params.get("finding"), 0)
            evidence = data.evidence(connection, asked) if asked else []
            shown = [(k, e) for k, e in enumerate(evidence, start=1) if e["report_id"] == report_id]
            mention = data.mention(connection, report_id, number(request.query_params.get("mention"), 0))
            if mention:
                shown = [(1, mention)]
            try:
                original = data.original(connection, report_id)
                sizes = site.pages.sizes(original)
                if not 1 <= n <= len(sizes):
                    raise HTTPException(404)
                boxes = site.boxes(original, [one for _, one in shown])
                marks = [(k, found) for (k, _), found in zip(shown, boxes, strict=True)]
                made, why = crop(n, sizes[n - 1], marks, None), ""
            except PageError as error:
                made, why, sizes = None, error.code.replace("-", "_"), []
        return site.page(request, "page.html", row=row, n=n, crop=made, why=why, count=len(sizes), finding=asked)

    def page_image(request: Request) -> Response:
        report_id, n = request.path_params["report_id"], request.path_params["n"]
        try:
            with site.reading() as connection:
                original = data.original(connection, report_id)
            image = site.pages.image(original, max(1, n))
        except PageError as error:
            raise HTTPException(404) from error
        return Response(image, media_type="image/png", headers={"cache-control": "private, max-age=3600"})

    def indicators(request: Request) -> Response:
        with site.reading() as connection:
            periods = data.indicator_periods(connection)
            asked = request.query_params.get("period", "")
            period = asked if asked in periods else (periods[0] if periods else "")
            rows = data.matrix(connection, period) if period else []
        cells: dict[tuple[str, str], dict[str, Row]] = {}
        for row in rows:
            cells.setdefault((row["commune"], row["indicator"]), {}).setdefault(row["value_exact"], row)
        codes = sorted({row["indicator"] for row in rows})
        return site.page(
            request, "indicators.html", periods=periods, period=period, cells=cells, codes=codes,
            communes=sorted({row["commune"] for row in rows}), names=site.settings.indicator_names,
            units={row["indicator"]: row["unit"] for row in rows},
        )

    def indicator(request: Request) -> Response:
        code = request.path_params["code"][:120]
        with site.reading() as connection:
            rows = data.series(connection, code)
        if not rows:
            raise HTTPException(404)
        points = []
        for (commune, end), group in groupby(rows, key=lambda r: (r["commune"] or "?", r["report_period"])):
            first = next(group)
            if end and isinstance(first["value"], int | float):
                title = f"{commune}, {day(end)}: {figure(first)} {first['unit'] or ''}"
                anchor = f"m{first['mention_id']}"
                points.append((commune, end, float(first["value"]), title, first["report_id"], anchor))
        curves, ticks, span = chart(points)
        return site.page(
            request, "indicator.html", code=code, rows=rows, curves=curves, ticks=ticks, span=span,
            title=site.settings.indicator_names.get(code, code),
        )

    def search(request: Request) -> Response:
        words = request.query_params.get("q", "").strip()[:200]
        with site.reading() as connection:
            rows = data.search(connection, words, _SHOWN_CELLS) if words else []
        return site.page(
            request, "search.html", words=words, rows=rows, most=_SHOWN_CELLS, matched=lambda text: matched(text, words)
        )

    return [
        Route("/", overview),
        Route("/reports/{report_id:int}", report),
        Route("/reports/{report_id:int}/changes", changes),
        Route("/reports/{report_id:int}/pages/{n:int}", page_view),
        Route("/reports/{report_id:int}/pages/{n:int}.png", page_image),
        Route("/indicators", indicators),
        Route("/indicators/{code}", indicator),
        Route("/search", search),
    ]


