"""Documents of the levels above: one commune's date or number against what most communes, or the register, say.

A document is known by issuing level, issuer, code and year. Communes are counted, not mentions: each has one voice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checks.across.filed import Filed
from checks.citations import printed, span, subject
from checks.draft import Draft, evidence, identity
from checks.phrases import content, overlap
from checks.settings import CheckSettings
from schema.model import Citation, Evidence, Issued
from schema.text import key

_ABOVE = frozenset({"district", "province", "central"})
_SAME_SUBJECT = 0.7
_OTHER_SUBJECT = 0.34


@dataclass(frozen=True, slots=True)
class Voice:
    """A dated citation of a document from above."""

    report: Filed
    citation: Citation

    @property
    def day(self) -> date:
        assert self.citation.issued_on is not None
        return self.citation.issued_on

    @property
    def words(self) -> list[str]:
        return content(subject(self.report.view, self.citation))


def check(
    reports: Sequence[Filed], register: Sequence[Issued], settings: CheckSettings
) -> Iterator[tuple[Filed, Draft]]:
    """Dates against the register first, then dates and numbers against the majority."""
    voices = [
        Voice(report, citation)
        for report in reports
        if report.header.commune
        for citation in report.facts.citations
        if _from_above(citation)
    ]
    known = {(one.level, key(one.code), one.issued_on.year): one for one in register}
    told: set[tuple[int, str]] = set()
    for report, draft in (*_dates(voices, known, settings), *_numbers(voices, settings)):
        place = (report.report_id, draft.values["code"])
        if place not in told:
            told.add(place)
            yield report, draft


def _from_above(citation: Citation) -> bool:
    """Dated, with its whole code, and of an issuer that the report names (the codes of central papers name theirs)."""
    dated = citation.issued_on is not None and citation.code and citation.number and not citation.incomplete
    return (
        bool(dated)
        and citation.issuer_level in _ABOVE
        and (citation.issuer_level == "central" or bool(citation.issuer))
    )


def _document(voice: Voice) -> tuple[str, str, int]:
    return voice.citation.issuer_level or "", key(voice.citation.code), voice.day.year


def _dates(
    voices: Sequence[Voice], register: Mapping[tuple[str, str, int], Issued], settings: CheckSettings
) -> Iterator[tuple[Filed, Draft]]:
    documents: dict[tuple[str, str, int], list[Voice]] = defaultdict(list)
    for voice in voices:
        documents[_document(voice)].append(voice)
    for name, cited in documents.items():
        issued = register.get(name)
        if issued is not None:
            yield from _against_register(cited, issued)
        else:
            yield from _against_majority(cited, settings)


def _against_register(cited: Sequence[Voice], issued: Issued) -> Iterator[tuple[Filed, Draft]]:
    right = next((voice for voice in cited if voice.day == issued.issued_on), None)
    for report, wrong in _by_report(voice for voice in cited if voice.day != issued.issued_on):
        if not _inside(report, wrong[0].citation) and _one_subject(wrong[0].words, content(issued.subject)):
            values = {"date_b": f"{issued.issued_on:%d/%m/%Y}"}
            yield report, _draft("register", report, wrong, right, values)


def _against_majority(cited: Sequence[Voice], settings: CheckSettings) -> Iterator[tuple[Filed, Draft]]:
    sides = _sides(cited, _day)
    if len(sides) < 2:
        return
    day, count = max(((day, len(who)) for day, who in sides.items()), key=lambda item: (item[1], item[0]))
    if not _majority(count, sum(len(who) for who in sides.values()), settings):
        return
    right = next(voice for voice in cited if _day(voice) == day)
    for report, wrong in _by_report(voice for voice in cited if _day(voice) != day):
        if _inside(report, wrong[0].citation) or not _one_subject(wrong[0].words, right.words):
            continue
        counts = {"count_a": str(len(sides[_day(wrong[0])])), "count_b": str(count), "date_b": printed(right.citation)}
        yield report, _draft("date", report, wrong, right, counts)


def _sides(cited: Iterable[Voice], of: Callable[[Voice], str]) -> dict[str, set[str]]:
    """The communes behind each answer."""
    sides: dict[str, set[str]] = defaultdict(set)
    for voice in cited:
        sides[of(voice)].add(voice.report.commune)
    return sides


def _majority(count: int, of: int, settings: CheckSettings) -> bool:
    least = settings.threshold("citation-consensus", "majority")
    return count >= least and count >= of * settings.threshold("citation-consensus", "share")


def _by_report(voices: Iterable[Voice]) -> Iterator[tuple[Filed, list[Voice]]]:
    reports: dict[int, list[Voice]] = defaultdict(list)
    for voice in voices:
        reports[voice.report.report_id].append(voice)
    yield from ((said[0].report, said) for said in reports.values())


def _inside(report: Filed, citation: Citation) -> bool:
    """The report contradicts itself about this document: told there."""
    rules = ("citation-date-conflict", "citation-number-conflict", "number-date-order", "date-out-of-period")
    return any(report.flagged(rule)(*span(citation)) for rule in rules)


def _one_subject(ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two wordings can be of one document: a code without its issuer may be another office's."""
    return len(ones) < 3 or len(others) < 3 or overlap(ones, others) >= _OTHER_SUBJECT


def _numbers(voices: Sequence[Voice], settings: CheckSettings) -> Iterator[tuple[Filed, Draft]]:
    """One date, type and subject under a number that nobody else gives."""
    groups: dict[tuple[str, str, date], list[Voice]] = defaultdict(list)
    for voice in voices:
        groups[voice.citation.issuer_level or "", key(voice.citation.symbol or ""), voice.day].append(voice)
    everywhere = _sides(voices, _code)
    for group in groups.values():
        sides = _sides(group, _code)
        if len(sides) < 2:
            continue
        code, count = max(((code, len(who)) for code, who in sides.items()), key=lambda item: (item[1], item[0]))
        right = next(voice for voice in group if _code(voice) == code)
        alone = [voice for voice in group if _code(voice) != code and len(everywhere[_code(voice)]) == 1]
        for report, wrong in _by_report(alone):
            both = min(len(wrong[0].words), len(right.words)) >= 3
            if not both or overlap(wrong[0].words, right.words) < _SAME_SUBJECT or _inside(report, wrong[0].citation):
                continue
            if _majority(count, count + 1, settings):
                values = {"code_b": right.citation.code, "count_a": "1", "count_b": str(count)}
                yield report, _draft("number", report, wrong, right, values)


def _day(voice: Voice) -> str:
    return voice.day.isoformat()


def _code(voice: Voice) -> str:
    return key(voice.citation.code)


def _draft(
    variant: str, report: Filed, wrong: Sequence[Voice], right: Voice | None, values: Mapping[str, str]
) -> Draft:
    """Both sides quoted; of the register there is nothing to quote but what others cite rightly."""
    first = wrong[0].citation
    pieces: list[Evidence] = [evidence("claim", *span(voice.citation)) for voice in wrong[:3]]
    if right is not None:
        own = right.report.report_id == report.report_id
        pieces.append(evidence("counter", *span(right.citation), None if own else right.report.report_id))
    said = {"code": first.code, "date_a": printed(first), **values}
    against = values.get("code_b", values.get("date_b", ""))
    return Draft(
        "citation-consensus", variant, said, tuple(pieces), identity(variant, first.code, said["date_a"], against)
    )
