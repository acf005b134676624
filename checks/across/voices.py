"""Citations of documents of the levels above, as what the communes say of one document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checks.across.filed import Filed
from checks.citations import printed, span, subject
from checks.draft import Draft, evidence, identity
from checks.phrases import content, overlap
from schema.model import Citation, Evidence, Severity
from schema.text import key

SAME_SUBJECT = 0.7
_OTHER_SUBJECT = 0.34
_ABOVE = frozenset({"district", "province", "central"})


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
    def document(self) -> tuple[str, str, int]:
        """Issuing level, code and year."""
        return self.citation.issuer_level or "", key(self.citation.code), self.day.year

    @property
    def words(self) -> list[str]:
        return content(subject(self.report.view, self.citation))


def heard(reports: Iterable[Filed]) -> list[Voice]:
    """All of them, report by report."""
    return [
        Voice(report, citation)
        for report in reports
        if report.header.commune
        for citation in report.facts.citations
        if _from_above(citation)
    ]


def _from_above(citation: Citation) -> bool:
    """Dated, with its whole code, and of an issuer that the report names (the codes of central papers name theirs)."""
    dated = citation.issued_on is not None and citation.code and citation.number and not citation.incomplete
    return (
        bool(dated)
        and citation.issuer_level in _ABOVE
        and (citation.issuer_level == "central" or bool(citation.issuer))
    )


def by_report(voices: Iterable[Voice]) -> Iterator[tuple[Filed, list[Voice]]]:
    reports: dict[int, list[Voice]] = defaultdict(list)
    for voice in voices:
        reports[voice.report.report_id].append(voice)
    yield from ((said[0].report, said) for said in reports.values())


def inside(report: Filed, citation: Citation) -> bool:
    """The report contradicts itself about this document: told there."""
    rules = ("citation-date-conflict", "citation-number-conflict", "number-date-order", "date-out-of-period")
    return any(report.flagged(rule)(*span(citation)) for rule in rules)


def one_subject(ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two wordings can be of one document: a code without its issuer may be another office's."""
    return len(ones) < 3 or len(others) < 3 or overlap(ones, others) >= _OTHER_SUBJECT


def draft(
    variant: str,
    report: Filed,
    wrong: Sequence[Voice],
    right: Voice | None,
    values: Mapping[str, str],
    severity: Severity | None = None,
) -> Draft:
    """Both sides quoted; of the register there is nothing to quote but what others cite rightly."""
    first = wrong[0].citation
    pieces: list[Evidence] = [evidence("claim", *span(voice.citation)) for voice in wrong[:3]]
    if right is not None:
        own = right.report.report_id == report.report_id
        pieces.append(evidence("counter", *span(right.citation), None if own else right.report.report_id))
    said = {"code": first.code, "date_a": printed(first), **values}
    against = values.get("code_b", values.get("date_b", ""))
    operands = identity(variant, first.code, said["date_a"], against)
    return Draft("citation-consensus", variant, said, tuple(pieces), operands, severity)
