"""Read-only questions to the public views. Every connection is read-only, short and under a time limit."""
from __future__ import annotations

import sqlite3
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from review.originals import GoneError, Original
from schema.errors import StoreError
from schema.text import key, unmarked

Rows = list[sqlite3.Row]
MENTIONS = ("citations", "dates", "quantities", "percentages", "ratios", "indicator_values")
SEVERITIES = ("error", "warning", "info")
STATUSES = ("open", "confirmed", "dismissed", "fixed")
WAIVED = "waived"


class TooSlowError(StoreError):
    """A question took longer than its limit."""

    code = "too-slow"


@contextmanager
def reading(db: Path, seconds: float = 3.0) -> Iterator[sqlite3.Connection]:
    """A read-only connection; a question that runs longer than ``seconds`` ends in ``TooSlowError``."""
    ends = time.monotonic() + seconds
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(f"file:{quote(str(db))}?mode=ro", uri=True, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("pragma query_only = 1")
        connection.create_function("folded", 1, lambda t: unmarked(key(t or "")), deterministic=True)
        connection.create_function("keyed", 1, lambda t: key(t or ""), deterministic=True)
        connection.set_progress_handler(lambda: int(time.monotonic() > ends), 20_000)
        yield connection
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise TooSlowError(str(error)) from error
        raise StoreError(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(str(error)) from error
    finally:
        if connection is not None:
            connection.close()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings a queue holds; '' is no restriction. Lives in the address of the page.

    Waived ones are in a queue of their own (``status`` = ``waived``) and in no other.
    """

    status: str = "open"
    severity: str = ""
    rule: str = ""
    commune: str = ""
    report: str = ""

    def where(self) -> tuple[str, list[str]]:
        parts, values = ["f.waived" if self.status == WAIVED else "not f.waived"], []
        status = "" if self.status == WAIVED else self.status
        columns = {"f.status": status, "f.severity": self.severity, "f.rule": self.rule, "r.commune": self.commune}
        for column, value in columns.items():
            if value:
                parts.append(f"{column} = ?")
                values.append(value)
        if self.report.isdecimal():
            parts.append("f.report_id = ?")
            values.append(self.report)
        return " and ".join(parts), values

    def query(self) -> dict[str, str]:
        """The filter as it stands in an address; the default filter is an empty one."""
        named = {"severity": self.severity, "rule": self.rule, "commune": self.commune, "report": self.report}
        held = {name: value for name, value in named.items() if value}
        return held if self.status == "open" else {"status": self.status or "all", **held}


_FROM = "from findings f join reports r on r.report_id = f.report_id"


_RANK = "case f.severity when 'error' then 0 when 'warning' then 1 else 2 end"
Place = tuple[int, int, int]
"""Where a finding stands in any queue: severity (0 first), report, finding."""


def queue(connection: sqlite3.Connection, chosen: Filter) -> list[Place]:
    """All findings of a filter, in working order. One scan serves the count, a page of them and the neighbours.

    A report sent as PDF and DOCX, or twice, has the same finding in each version: it is judged once, in a version
    with page images if there is one. A queue of one report holds all of its own.
    """
    where, values = chosen.where()
    # The join only where it filters: numbering the versions of all reports costs more than the rest.
    source = _FROM if chosen.commune else "from findings f"
    ask = f"select {_RANK}, f.report_id, f.finding_id, f.fingerprint {source} where {where}"
    rows = [tuple(row) for row in connection.execute(ask, values)]
    if chosen.report:
        return sorted(row[:3] for row in rows)
    paged = {row[0] for row in connection.execute("select report_id from reports where pages is not null")}
    once: dict[str, Place] = {}
    for row in sorted(rows, key=lambda row: (row[1] in paged, row[1])):
        once[row[3]] = row[:3]  # the last one stays
    return sorted(once.values())


def waived(connection: sqlite3.Connection, chosen: Filter) -> list[Place]:
    """What the same filter would hold, were it not waived; most offices waive nothing, and pay nothing for asking."""
    if not connection.execute("select exists (select 1 from waivers where ended_at is null)").fetchone()[0]:
        return []
    return queue(connection, replace(chosen, status=WAIVED))


def place(row: sqlite3.Row) -> Place:
    return SEVERITIES.index(row["severity"]), row["report_id"], row["finding_id"]


def neighbours(places: list[Place], here: Place) -> tuple[int | None, int | None]:
    """The ids before and after a place in its queue, whether it still holds it or not; the last leads to the first."""
    before, after = bisect_left(places, here), bisect_right(places, here)
    first = places[0][2] if places and places[0] != here else None
    return (places[before - 1][2] if before else None, places[after][2] if after < len(places) else first)


def position(places: list[Place], here: Place) -> int:
    """Which one of its queue, from 1; 0 where the queue does not hold it (any more)."""
    at = bisect_left(places, here)
    return at + 1 if at < len(places) and places[at] == here else 0


def findings(connection: sqlite3.Connection, places: list[Place]) -> Rows:
    """The findings that stand at some places, in that order."""
    marks = ", ".join("?" for _ in places)
    rows = connection.execute(
        f"select f.*, r.commune, r.title, r.file_name {_FROM} where f.finding_id in ({marks})",
        [one[2] for one in places],
    )
    return sorted(rows, key=place)


def finding(connection: sqlite3.Connection, finding_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        f"select f.*, r.commune, r.title, r.file_name {_FROM} where f.finding_id = ?", [finding_id]
    ).fetchone()
    return row


def evidence(connection: sqlite3.Connection, finding_id: int) -> Rows:
    """Each side with the text around it: 240 characters before and after, ``head`` and ``tail``."""
    return connection.execute(
        """select e.*, r.file_name, r.commune, r.format, r.pages,
                  substr(t.text, max(1, e.char_start - 239), min(240, e.char_start)) as head,
                  substr(t.text, e.char_end + 1, 240) as tail
           from finding_evidence e join reports r on r.report_id = e.report_id
             join texts t on t.report_id = e.report_id
           where e.finding_id = ? order by e.ordinal limit 40""",
        [finding_id],
    ).fetchall()


def history(connection: sqlite3.Connection, fingerprint: str) -> Rows:
    ask = "select * from reviews where fingerprint = ? order by review_id"
    return connection.execute(ask, [fingerprint]).fetchall()


def report(connection: sqlite3.Connection, report_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute("select * from reports where report_id = ?", [report_id]).fetchone()
    return row


def mention(connection: sqlite3.Connection, report_id: int, mention_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        """select m.*, substr(t.text, max(1, m.char_start - 239), min(240, m.char_start)) as head
           from mentions m join texts t on t.report_id = m.report_id where m.mention_id = ? and m.report_id = ?""",
        [mention_id, report_id],
    ).fetchone()
    return row


def text(connection: sqlite3.Connection, report_id: int, start: int, length: int) -> str:
    row = connection.execute(
        "select substr(text, ?, ?) from texts where report_id = ?", [start + 1, length, report_id]
    ).fetchone()
    return str(row[0]) if row and row[0] is not None else ""


def mentions(connection: sqlite3.Connection, kind: str, report_id: int) -> Rows:
    if kind not in MENTIONS:
        raise ValueError(kind)
    return connection.execute(f"select * from {kind} where report_id = ? order by char_start", [report_id]).fetchall()


def evidence_of_report(connection: sqlite3.Connection, report_id: int) -> Rows:
    return connection.execute(
        """select e.char_start, e.char_end, e.ordinal, f.finding_id, f.rule, f.severity, f.status
           from finding_evidence e join findings f on f.finding_id = e.finding_id where e.report_id = ?""",
        [report_id],
    ).fetchall()


def original(connection: sqlite3.Connection, report_id: int) -> Original:
    """The file of a report, and where it was when it was read. ``GoneError`` where no file is known."""
    rows = connection.execute(
        """select r.sha256, r.format, f.path from report r join files f on f.sha256 = r.sha256
           where r.report_id = ? order by f.received_at desc limit 20""",
        [report_id],
    ).fetchall()
    if not rows:
        raise GoneError()
    return Original(rows[0][0], rows[0][1], tuple(row[2] for row in rows))


def versions(connection: sqlite3.Connection, shown: sqlite3.Row) -> Rows:
    """All files of the same report, oldest first; ``newest`` marks the one that counts."""
    return connection.execute(
        "select * from reports where first_version = ? order by version", [shown["first_version"]]
    ).fetchall()


def reports(connection: sqlite3.Connection, limit: int = 20_000) -> Rows:
    """All reports, newest period first, with their open findings by severity."""
    return connection.execute(
        """select r.*, coalesce(c.errors, 0) as errors, coalesce(c.warnings, 0) as warnings,
             coalesce(c.infos, 0) as infos
           from reports r left join (
             select report_id, sum(severity = 'error') as errors, sum(severity = 'warning') as warnings,
                    sum(severity = 'info') as infos
             from findings where status = 'open' and not waived group by report_id
           ) c on c.report_id = r.report_id
           order by r.period_end desc, r.commune, r.report_id limit ?""",
        [limit],
    ).fetchall()


def totals(connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """Counts for the head of the overview: open findings by severity, files by outcome."""
    asks = {
        "severity": "select severity, count(distinct fingerprint) from findings"
        " where status = 'open' and not waived group by 1",
        "files": "select outcome, count(*) from files group by 1",
    }
    return {name: {row[0]: row[1] for row in connection.execute(ask)} for name, ask in asks.items()}


def unread(connection: sqlite3.Connection, limit: int = 200) -> Rows:
    return connection.execute(
        """select file_name, outcome, reason_code, reason, received_at, report_id from files
           where outcome in ('failed', 'unsupported', 'partial') order by received_at desc limit ?""",
        [limit],
    ).fetchall()


def distinct(connection: sqlite3.Connection, table: str, column: str) -> list[str]:
    if (table, column) not in {("reports", "commune"), ("findings", "rule")}:
        raise ValueError(f"{table}.{column}")
    rows = connection.execute(f"select distinct {column} from {table} where {column} is not null order by 1 limit 3000")
    return [row[0] for row in rows]


def places(connection: sqlite3.Connection, commune: str) -> list[str]:
    """The commune's name; with its district behind it where several districts have one of that name."""
    rows = connection.execute(
        "select distinct district from reports where commune = ? and district is not null order by 1", [commune]
    ).fetchall()
    return [f"{commune}, {row[0]}" for row in rows] if len(rows) > 1 else [commune]


def indicator_periods(connection: sqlite3.Connection) -> list[str]:
    """The ends of the periods for which there are indicators, newest first."""
    rows = connection.execute(
        """select distinct period_end from reports where period_end is not null
           and report_id in (select report_id from indicator_values) order by 1 desc limit 400"""
    )
    return [row[0] for row in rows]


def matrix(connection: sqlite3.Connection, period: str) -> Rows:
    """One row for each commune and indicator of a period: the newest version's whole-commune value."""
    return connection.execute(
        """select v.*, r.commune, r.topic from indicator_values v join reports r on r.report_id = v.report_id
           where v.basis = 'actual' and r.newest and r.commune is not null and r.period_end = ? and v.scope is null
             and v.breakdown is null
           order by r.commune, v.indicator, v.report_id desc, v.char_start""",
        [period],
    ).fetchall()


def series(connection: sqlite3.Connection, indicator: str) -> Rows:
    return connection.execute(
        """select v.*, r.commune, r.file_name, r.period_end as report_period
           from indicator_values v join reports r on r.report_id = v.report_id
           where v.indicator = ? and v.basis = 'actual' and r.newest
           order by r.commune, r.period_end, v.report_id, v.char_start limit 400""",
        [indicator],
    ).fetchall()


def _phrase(word: str) -> str:
    """A word as an FTS5 phrase on the folded column; a code such as ``15/kh-ubnd`` is several tokens in a row."""
    bare = unmarked(word).replace('"', '""')
    return f'folded : "{bare}"'


def search(connection: sqlite3.Connection, words: str, limit: int = 50) -> Rows:
    """Passages that hold all the words, first those that hold them in a row.

    Words with marks match with marks, words without match either way. Of a report only its newest version is searched.
    """
    wanted = [word for word in key(words).split()[:12] if any(c.isalnum() for c in word)]
    if not wanted:
        return []
    marked = [word for word in wanted if unmarked(word) != word]
    exact = " and ".join(["1", *("instr(keyed(p.text), ?) > 0" for _ in marked)])
    # The index stands on ``passage``; it has no view of its own because a view cannot carry a MATCH.
    found: dict[int, sqlite3.Row] = {}
    for match in dict.fromkeys((_phrase(" ".join(wanted)), " AND ".join(_phrase(word) for word in wanted))):
        for row in connection.execute(
            f"""select p.*, r.commune, r.file_name, r.title from passage_fts i join passage p on p.rowid = i.rowid
                join report r on r.report_id = p.report_id
                where passage_fts match ? and {exact} and p.report_id in (select report_id from reports where newest)
                limit ?""",
            [match, *marked, limit],
        ):
            found.setdefault(row["rowid"], row)
    return list(found.values())[:limit]
