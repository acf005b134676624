"""Another commune's name in a report, told by the communes that report to the same office and those that it lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from checks.across.filed import Filed
from checks.draft import Draft, evidence, identity
from checks.names import BENIGN, bare, same_name
from schema.gazetteer import Gazetteer
from schema.text import aligned, key

_AROUND = 40
"""Characters around a name in which neighbours may rightly be the topic."""


def check(reports: Sequence[Filed], listed: Gazetteer) -> Iterator[tuple[Filed, Draft]]:
    """One finding for each other name of a report, unless it was found inside the report already."""
    homes: dict[str, Filed] = {}
    for report in sorted(reports, key=lambda one: one.report_id):
        if report.header.commune:
            homes.setdefault(bare(report.header.commune), report)
    names = {aligned(home.header.commune or "").removeprefix("xã ") for home in homes.values()}
    names |= {aligned(place.name) for place in listed.places}
    if len(names) < 2:
        return
    pattern = regex.compile(
        r"(?<!\p{L})(?:xã|phường|thị trấn|đặc khu) (?P<name>\L<names>)(?!\p{L})",
        names=sorted(names),
    )
    for report in reports:
        if report.header.commune:
            yield from _report(report, homes, listed, pattern)


def _report(
    report: Filed, homes: dict[str, Filed], listed: Gazetteer, pattern: regex.Pattern[str]
) -> Iterator[tuple[Filed, Draft]]:
    view, own = report.view, bare(report.header.commune or "")
    known = listed.names(report.header)
    above = {key(name) for name in (report.header.district, report.header.province) if name}
    flagged = report.flagged("name-mismatch")
    seen: set[str] = set()
    for passage in view.prose:
        for found in pattern.finditer(view.low, passage.start, passage.end):
            name = key(found["name"])
            other = homes.get(name)
            start, end = found.span()
            continues = regex.match(r" \p{Lu}", view.text, pos=end) is not None
            if (
                continues
                or name in above
                or name in known
                or name in seen
                or same_name(name, own)
                or flagged(start, end)
            ):
                continue
            sentence = view.sentence(start)
            around = max(sentence.start, start - _AROUND), min(sentence.end, end + _AROUND)
            if BENIGN.search(view.low, *around) or not view.text[found.start("name")].isupper():
                continue
            seen.add(name)
            yield report, _draft(report, other, start, end)


def _draft(report: Filed, other: Filed | None, start: int, end: int) -> Draft:
    """Against the other commune's own report, or the report's own letterhead where only the list has that name."""
    home = _letterhead(other or report)
    counter = (evidence("counter", *home, other.report_id if other else None),) if home else ()
    return Draft(
        "name-mismatch",
        "across",
        {"own": report.name, "name": report.document.text[start:end]},
        (evidence("claim", start, end), *counter),
        identity("across", report.document.text[start:end]),
        severity="warning",
    )


def _letterhead(report: Filed) -> tuple[int, int] | None:
    """Where a report names its own commune."""
    at = report.view.low.find(aligned(report.header.commune or "\0"))
    return (at, at + len(report.header.commune or "")) if at >= 0 else None
