"""Documents of the levels above: one commune's date or number against what most communes, or the register, say.

A document is known by issuing level, issuer, code and year. Communes are counted, not mentions: each has one voice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import TypeVar

from checks.across.filed import Filed
from checks.across.register import Register
from checks.across.voices import SAME_SUBJECT, Voice, by_report, draft, heard, inside, one_subject
from checks.citations import printed
from checks.draft import Draft
from checks.phrases import overlap
from checks.settings import CheckSettings
from schema.model import Issued
from schema.text import key

T = TypeVar("T")


def check(
    reports: Sequence[Filed], issued: Sequence[Issued], settings: CheckSettings
) -> Iterator[tuple[Filed, Draft]]:
    """Dates against the register first, then dates and numbers against the majority, then what is in no register."""
    voices, register = heard(reports), Register(issued)
    strangers = [voice for voice in voices if not register.knows(voice)]
    told: set[tuple[int, str]] = set()
    for report, found in (
        *register.dates(voices),
        *_dates(strangers, settings),
        *_numbers(voices, settings),
        *register.unknown(strangers),
    ):
        place = (report.report_id, found.values["code"])
        if place not in told:
            told.add(place)
            yield report, found


def _dates(voices: Sequence[Voice], settings: CheckSettings) -> Iterator[tuple[Filed, Draft]]:
    documents: dict[tuple[str, str, int], list[Voice]] = defaultdict(list)
    for voice in voices:
        documents[voice.document].append(voice)
    for cited in documents.values():
        yield from _against_majority(cited, settings)


def _against_majority(cited: Sequence[Voice], settings: CheckSettings) -> Iterator[tuple[Filed, Draft]]:
    sides = _sides(cited, _day)
    if len(sides) < 2:
        return
    day, count = max(((day, len(who)) for day, who in sides.items()), key=lambda item: (item[1], item[0]))
    if not _majority(count, sum(len(who) for who in sides.values()), settings):
        return
    right = next(voice for voice in cited if _day(voice) == day)
    for report, wrong in by_report(voice for voice in cited if _day(voice) != day):
        if inside(report, wrong[0].citation) or not one_subject(wrong[0].words, right.words):
            continue
        counts = {"count_a": str(len(sides[_day(wrong[0])])), "count_b": str(count), "date_b": printed(right.citation)}
        yield report, draft("date", report, wrong, right, counts)


def _sides(cited: Iterable[Voice], of: Callable[[Voice], T]) -> dict[T, set[str]]:
    """The communes behind each answer."""
    sides: dict[T, set[str]] = defaultdict(set)
    for voice in cited:
        sides[of(voice)].add(voice.report.commune)
    return sides


def _majority(count: int, of: int, settings: CheckSettings) -> bool:
    least = settings.threshold("citation-consensus", "majority")
    return count >= least and count >= of * settings.threshold("citation-consensus", "share")


def _numbers(voices: Sequence[Voice], settings: CheckSettings) -> Iterator[tuple[Filed, Draft]]:
    """One date, type and subject under a number that nobody else gives."""
    groups: dict[tuple[str, str, date], list[Voice]] = defaultdict(list)
    for voice in voices:
        groups[voice.citation.issuer_level or "", key(voice.citation.symbol or ""), voice.day].append(voice)
    everywhere = _sides(voices, attrgetter("document"))
    for group in groups.values():
        sides = _sides(group, _code)
        if len(sides) < 2:
            continue
        code, count = max(((code, len(who)) for code, who in sides.items()), key=lambda item: (item[1], item[0]))
        right = next(voice for voice in group if _code(voice) == code)
        alone = [voice for voice in group if _code(voice) != code and len(everywhere[voice.document]) == 1]
        for report, wrong in by_report(alone):
            both = min(len(wrong[0].words), len(right.words)) >= 3
            if not both or overlap(wrong[0].words, right.words) < SAME_SUBJECT or inside(report, wrong[0].citation):
                continue
            if _majority(count, count + 1, settings):
                values = {"code_b": right.citation.code, "count_a": "1", "count_b": str(count)}
                yield report, draft("number", report, wrong, right, values)


def _day(voice: Voice) -> str:
    return voice.day.isoformat()


def _code(voice: Voice) -> str:
    return key(voice.citation.code)
