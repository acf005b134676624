"""What a report is: the plain, frozen values that the rooms hand to each other.

Invariants that every producer keeps and every consumer may rely on:

* ``Document.text`` is NFC and never edited after it is built; every ``start``/``end`` counts its
  characters, half open, and ``text[start:end]`` is the surface string of whatever carries them.
* Inside ``Document.text`` a paragraph is one line: line breaks of the page are already joined. Paragraphs
  end with ``\\n``; the cells of a table row are separated by ``\\t`` and rows by ``\\n``.
* Numbers that a report states are ``Decimal``. Nothing holds a value that the author did not write: a
  partial date keeps its grain in ``kind`` and spans ``start_on``..``end_on``.
* No value here knows a database, a clock or a file system.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from schema.errors import Reason

Format = Literal["pdf", "docx", "doc", "scan"]
PassageKind = Literal["heading", "paragraph", "list-item", "table-cell", "header", "footer", "footnote"]
Zone = Literal["letterhead", "body", "foot", "furniture"]
Qualifier = Literal["=", ">", ">=", "<", "<=", "~"]
DateKind = Literal["day", "month", "quarter", "half", "year", "range", "relative"]
Level = Literal["commune", "district", "province", "central", "party"]
Basis = Literal["actual", "plan"]
Change = Literal["level", "increase", "decrease"]
RatioKind = Literal["part-of-whole", "actual-to-plan"]
Severity = Literal["error", "warning", "info"]
FindingStatus = Literal["open", "confirmed", "dismissed", "fixed"]
OutcomeKind = Literal["ok", "partial", "duplicate", "unsupported", "failed"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page (1-based), in fractions 0..1 of the page as shown, from its top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: the run of ``Document.text`` it carries, and its box.

    ``confidence`` is 0..1 for text read by OCR, None for text that the file itself holds.
    """

    start: int
    end: int
    box: Box
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as shown (after its rotation): size in points and how its text was obtained."""

    number: int
    width: float
    height: float
    rotation: int = 0
    method: Literal["text", "ocr"] = "text"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and all that stands under it, up to the next heading of its level or above.

    ``id`` is its index in ``Document.sections``; ``number`` is as printed without closing dot or bracket
    (``7.1``, ``II``, ``a``, ``Phần thứ nhất``), '' when the heading has none; level 1 is the outermost.
    """

    id: int
    parent: int | None
    number: str
    heading: str
    level: int
    start: int
    end: int
    page: int | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item, heading, cell, footnote or piece of page furniture.

    ``id`` is its index in ``Document.passages``, in reading order. Cells carry ``table`` (index in
    ``Document.tables``), 0-based ``row``/``col`` and their spans. ``zone`` tells the letterhead (agency,
    motto, number, place and date), the body, the foot (recipients, signature) and page furniture apart.
    """

    id: int
    kind: PassageKind
    zone: Zone
    start: int
    end: int
    page: int | None
    section: int | None
    table: int | None = None
    row: int | None = None
    col: int | None = None
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table, already joined over pages. The first ``header_rows`` rows are its header."""

    id: int
    start: int
    end: int
    rows: int
    cols: int
    header_rows: int
    page: int | None


class Layout(Protocol):
    """Where a run of the text stands on the pages: one box for each line it touches."""

    def boxes(self, start: int, end: int) -> tuple[Box, ...]: ...


@dataclass(frozen=True, slots=True)
class NoLayout:
    """The layout of a format without pages."""

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Document:
    """One report as read: its text and structure. ``notices`` say what a reader should know of the file.

    Notices are stable codes (``tracked-changes``, ``signed``, ``legacy-encoding``, ...). ``partial`` is the
    reason why not all of the text could be accounted for, None when all of it was.
    """

    text: str
    format: Format
    passages: tuple[Passage, ...] = ()
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    pages: tuple[Page, ...] = ()
    lines: tuple[Line, ...] = ()
    notices: tuple[str, ...] = ()
    partial: Reason | None = None
    layout: Layout = field(default_factory=NoLayout, compare=False, repr=False)

    def slice(self, start: int, end: int) -> str:
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class Header:
    """What the report says of itself: letterhead, title, period. None where it does not say."""

    commune: str | None = None
    commune_type: str | None = None
    district: str | None = None
    province: str | None = None
    report_no: str | None = None
    issued_on: date | None = None
    title: str | None = None
    topic: str | None = None
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A run of the text that states something; ``rule`` names the rule that found it."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Mention):
    """A document that the report names.

    ``code`` is canonical (``21a/KH-UBND``), '' when only a title stands there. ``identity`` is equal for
    mentions of one document: issuer, era, type, number, year. ``date_start``/``date_end`` locate the date
    that gave ``issued_on``; ``issued_text`` is how that date is written (kept for impossible dates, too).
    """

    code: str
    doc_type: str | None = None
    number: str | None = None
    year: int | None = None
    symbol: str | None = None
    issued_on: date | None = None
    issued_text: str | None = None
    date_start: int | None = None
    date_end: int | None = None
    issuer: str | None = None
    issuer_level: Level | None = None
    subject: str | None = None
    incomplete: bool = False
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A document in the register of the office itself. ``line``: where it stands there; 0 where that is unknown."""

    code: str
    issued_on: date
    subject: str = ""
    level: str = "district"
    issuer: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention(Mention):
    """A date or period with its grain. An impossible day keeps kind ``day`` and has no ``start_on``.

    ``kind`` is ``relative`` for words such as "đến nay"; such a mention may be resolved against the report's
    own dates. ``role`` is ``as-of`` ("tính đến ngày …"), ``from``, ``to`` or None.
    """

    kind: DateKind
    start_on: date | None
    end_on: date | None
    role: Literal["as-of", "from", "to"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Mention):
    """A count, measure or amount. ``value_text`` is the number as written, ``decimals`` its printed places.

    ``other_value`` is the second reading of an ambiguous number (``9.751``). ``change`` tells a level from a
    difference ("tăng 02 vụ"). ``unit`` and ``noun`` are as in the contract.
    """

    value: Decimal
    value_text: str
    decimals: int
    unit: str | None
    noun: str | None
    qualifier: Qualifier = "="
    other_value: Decimal | None = None
    change: Change = "level"
    basis: Basis = "actual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentage(Mention):
    """A percentage in percent (``90,87%`` is 90.87). ``points`` marks "điểm %"."""

    value: Decimal
    value_text: str
    decimals: int
    noun: str | None
    qualifier: Qualifier = "="
    change: Change = "level"
    points: bool = False
    basis: Basis = "actual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Mention):
    """``a/b``: part of a whole or actual to plan. Two different counts are quantities, never a ratio."""

    numerator: Decimal
    denominator: Decimal
    numerator_text: str
    denominator_text: str
    noun: str | None
    stated_percent: Decimal | None = None
    kind: RatioKind = "part-of-whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorValue(Mention):
    """A named indicator with its value in the unit of the catalogue.

    ``scope`` is the population other than the whole commune (a village, a field, a table row), ``breakdown``
    the part ("nữ"). Stocks carry ``as_of``, flows a period; None where the report does not say.
    ``cumulative`` marks "lũy kế" values. ``source`` is the start offset of the number itself.
    """

    indicator: str
    value: Decimal
    value_text: str
    decimals: int
    unit: str | None
    qualifier: Qualifier = "="
    as_of: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    basis: Basis = "actual"
    scope: str | None = None
    breakdown: str | None = None
    cumulative: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was extracted from one report, each kind in text order."""

    header: Header = Header()
    citations: tuple[Citation, ...] = ()
    dates: tuple[DateMention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    indicators: tuple[IndicatorValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One side of a finding: a run of the text and the part it plays.

    Roles: ``claim``, ``counter``, ``total``, ``part``, ``first``, ``again``, ``place``. ``report_id`` is None
    for the report itself and set for evidence in another report.
    """

    role: str
    start: int
    end: int
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Two or more statements that cannot both be true, or one that cannot be true by itself.

    ``values`` fills the message template ``rule``/``variant`` in either language and holds operands, the
    recomputed value, the difference and the nearest reconciling edit, as printed strings. ``identity`` are the
    normalised operands that make the finding the same finding in a re-read or resubmitted report.
    """

    rule: str
    variant: str
    severity: Severity
    values: Mapping[str, str]
    evidence: tuple[Evidence, ...]
    identity: tuple[str, ...]
    other_report_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one file ended. ``ok`` and ``partial`` carry what was read; all others carry a reason.

    ``boxes`` maps each span (start, end) of a mention or of evidence to where it stands on the pages. It is resolved
    while the layout is alive, since a layout may hold an open file that no process boundary lets through.
    """

    kind: OutcomeKind
    reason: Reason | None = None
    detail: str = ""
    document: Document | None = None
    facts: Facts | None = None
    findings: tuple[Finding, ...] = ()
    boxes: tuple[tuple[tuple[int, int], tuple[Box, ...]], ...] = ()
