"""The lists behind the grids: what is missing, what was found, which reports and sentences the figures are from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from checks.settings import rules
from rasoat.sheet.grid import District
from rasoat.sheet.words import day, period_title, said, topic_title, word
from schema import queries
from schema.due import Commune
from schema.model import Header
from schema.periods import Period
from schema.queries import FindingFilter
from schema.quotes import Quote, cells
from schema.rows import from_row
from schema.store import Store

Cell = str | int | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are headings' names (``[heading]`` of the words) with their widths in characters."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]

    @property
    def title(self) -> str:
        return word("sheet", self.name)

    @property
    def headings(self) -> list[str]:
        return [word("heading", name) for name, _ in self.columns]


def missing(district: District) -> Table:
    """Who has not sent a report, what a report does not state, and reports that no grid could take."""
    columns = [("topic", 24), ("period", 20), ("commune", 26), ("indicator", 60), ("reason", 40)]
    rows: list[Sequence[Cell]] = []
    for grid in district.grids:
        at = (topic_title(grid.topic), period_title(grid.period))
        for line in grid.lines:
            if not line.report_ids:
                rows.append((*at, line.commune.label, None, word("reason", "not-sent")))
                continue
            lacking = (one for one in grid.indicators if one.code not in line.figures)
            rows += [(*at, line.commune.label, one.name_vi, word("reason", "not-said")) for one in lacking]
    for row in district.unplaced:
        rows.append((row["title"], None, row["commune"], row["file_name"], word("reason", "unplaced")))
    return Table("missing", columns, rows)


def findings(store: Store, report_ids: Collection[int] | None = None) -> Table:
    """The findings in those reports (all that count), with what was decided on each and whether it is waived."""
    columns = [("commune", 16), ("report_no", 13), ("period", 14), ("rule", 20), ("severity", 10), ("status", 11),
               ("message", 46), ("quotes", 46), ("decided", 16), ("waived", 16)]  # fmt: skip
    last = {
        row["fingerprint"]: " · ".join(filter(None, (row["reviewer"], _instant(row["at"]), row["note"])))
        for row in queries.rows(store.conn, "SELECT fingerprint, reviewer, at, note FROM reviews ORDER BY review_id")
    }
    wanted = store.report_ids(newest_only=True) if report_ids is None else report_ids
    rows = [
        (
            commune_label(row), row["report_no"], _period(row), rules()[row["rule"]].title["vi"],
            said("severity", row["severity"]), said("status", row["status"]), row["message"], _quotes(row["quotes"]),
            last.get(row["fingerprint"]), _waived(row),
        )
        for row in queries.findings(store.conn, FindingFilter(waived=True))
        if row["report_id"] in wanted
    ]  # fmt: skip
    return Table("findings", columns, rows)


def commune_label(row: queries.Row) -> str:
    """``xã Mộc Thiềm``, of a row of reports."""
    return Commune(row["commune"] or "", row["commune_type"] or "").label.strip()


def period_of(row: queries.Row) -> Period | None:
    """What a row of reports is for; None where its days make no period."""
    header = from_row(Header, row)
    return Period.of(header.period_start, header.period_end)


def _period(row: queries.Row) -> str | None:
    period = period_of(row)
    return period_title(period) if period else None


def _quotes(held: Sequence[Quote]) -> str:
    """One line for each quote, what the finding is about in brackets, as on a terminal."""
    return "\n".join(
        f"“{''.join(f'[{text}]' if about else text for text, about in one.parts)}”{_place(one.section, one.page)}"
        for one in held
    )


def _place(section: str | None, page: int | None) -> str:
    told = [word("comment", "section", section=section)] if section else []
    told += [word("comment", "page", page=page)] if page else []
    return f" ({''.join(told).removeprefix(', ')})" if told else ""


def _waived(row: queries.Row) -> str | None:
    if not row["waived"]:
        return None
    return " · ".join(filter(None, (row["waiver_reason"], row["waiver_by"], _instant(row["waiver_at"]))))


def _instant(at: str | None) -> str:
    """The day and minute in UTC, as stored."""
    return f"{day(at[:10])} {at[11:16]} UTC" if at else ""


def sources(store: Store, district: District) -> Table:
    """Every version of every report of the grids, with the hash of the file as it was received."""
    columns = [("commune", 18), ("topic", 18), ("period", 16), ("report_no", 13), ("issued_on", 11), ("version", 16),
               ("state", 12), ("pages", 7), ("file_name", 36), ("sha256", 36)]  # fmt: skip
    held = queries.reports(store.conn, newest=False)
    counting = {row["first_version"] for row in held if row["report_id"] in district.report_ids}
    count = Counter(row["first_version"] for row in held)
    rows = [
        (
            commune_label(row), topic_title(row["topic"] or row["title"] or ""), _period(row), row["report_no"],
            day(row["issued_on"]), _version(row, count[row["first_version"]]), said("outcome", row["status"]),
            row["pages"], row["file_name"], row["sha256"],
        )
        for row in sorted(held, key=lambda row: (row["commune"] or "", row["period_end"] or "", row["version"]))
        if row["first_version"] in counting
    ]  # fmt: skip
    return Table("sources", columns, rows)


def _version(row: queries.Row, count: int) -> str:
    return word("version", "newest" if row["newest"] else "older", version=row["version"], count=count)


def figures(district: District) -> Table:
    """Each figure of the grids, and each value that contradicts it, with the sentence that states it."""
    columns = [("commune", 16), ("topic", 14), ("period", 14), ("indicator", 28), ("code", 18), ("value", 10),
               ("unit", 9), ("qualifier", 5), ("role", 10), ("value_text", 10), ("section", 20), ("page", 6),
               ("sentence", 60), ("file_name", 24)]  # fmt: skip
    rows = [
        (
            line.commune.label, topic_title(grid.topic), period_title(grid.period), indicator.name_vi, indicator.code,
            one.value, indicator.unit, one.qualifier, word("role", role), one.value_text, one.section, one.page,
            one.sentence, one.file_name,
        )
        for grid, line, indicator, role, one in district.statements()
    ]  # fmt: skip
    return Table("figures", columns, rows)


def citations(store: Store) -> Table:
    """Every document that the reports cite, where they cite it."""
    columns = [("commune", 18), ("cited", 18), ("doc_type", 14), ("issued_on", 11), ("issuer", 22), ("subject", 44),
               ("quote", 28), ("section", 24), ("page", 6), ("file_name", 30)]  # fmt: skip
    found = queries.rows(
        store.conn,
        "SELECT r.commune, r.commune_type, r.file_name, c.* FROM citations c JOIN reports r USING (report_id)"
        " WHERE r.newest ORDER BY c.report_id, c.char_start, c.mention_id",
    )
    rows = [
        (commune_label(row), row["code"], row["doc_type"], day(row["issued_on"]), row["issuer"], row["subject"],
         cells(row["text"]), row["section"], row["page"], row["file_name"])
        for row in found
    ]  # fmt: skip
    return Table("citations", columns, rows)
