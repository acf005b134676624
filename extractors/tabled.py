"""Indicators in tables: the label of the row names them, or, in the row of totals, the header of the column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import regex

from extractors.cells import CellFigure
from extractors.frames import Frame
from extractors.indicators import Reader, converted, value_of
from extractors.lexicon import Hit
from extractors.wording import Own, Sentence, fits
from schema.model import IndicatorValue
from schema.text import aligned

_TOTAL = regex.compile(
    r"[\W\d_]*(?:tổng(?: số| cộng| chung)?(?: hồ sơ| toàn (?:xã|phường|thị trấn))?|cộng(?: chung| toàn xã)?|"
    r"toàn (?:xã|phường|thị trấn))[\W\d_]*"
)
_COMPARING = regex.compile(
    r"so sánh|so với|so cùng|cùng kỳ(?! năm (?:trước|ngoái|20\d\d)(?: *$| *\|))|tăng|giảm|chênh lệch|"
    r"\bso (?:kế hoạch|kh|dự toán|dt|nghị quyết|nq|chỉ tiêu)\b|\bth ?/ ?kh\b|"
    r"/ ?(?:kế hoạch|kh|dự toán|dt|chỉ tiêu)\b|%.*(?:kế hoạch|\bkh\b|dự toán)|tỷ lệ.*thực hiện|ghi chú"
)
_PART_OF_PENDING = regex.compile(r"đang (?:giải quyết|xử lý).*\| *(?:trong hạn|chưa đến hạn|quá hạn)")
# A column for a part of what its row names.
_PART = regex.compile(
    r"(?:trong đó:?|nữ|nam|đảng viên|(?:người )?dân tộc(?: thiểu số)?|(?:được |đã )?ký số|trực tuyến|trực tiếp|"
    r"trước hạn|đúng hạn|quá hạn|trễ hạn)"
)
_INCREMENT = regex.compile(r"(?:trong|phát sinh trong|tăng trong) (?:tháng|kỳ|quý|năm)(?: \d+)?|phát sinh(?: mới)?")
_BARE_RATE = regex.compile(r"(?:tỷ lệ|tỉ lệ)(?: ?\(?%\)?)?|%|đạt \(?%\)?")
_PLANNED = regex.compile(r"kế hoạch|\bkh\b|chỉ tiêu giao|dự toán|được giao")


def read(reader: Reader, frames: Sequence[Frame], cells: Sequence[CellFigure]) -> Iterator[IndicatorValue]:
    """Values in tables, those of sentences within cells included."""
    said = _said(cells)
    done: set[tuple[int | None, str]] = set()
    for cell in cells:
        if cell.rest:
            continue
        total = not cell.label or _TOTAL.fullmatch(aligned(cell.label)) is not None
        if total and cell.above:
            continue  # the total of a group, not of the commune
        for value in _cell(reader, cell, said[cell.passage.table], total=total):
            where = (cell.passage.table, f"{value.indicator}|{cell.header}")
            if total and where in done:
                continue
            done.add(where)
            yield value
    yield from _sentences(reader, frames, cells)


@dataclass(slots=True)
class _Said:
    """What a table says: ``head``, its title and headers; topics and modes of its labels so far; codes by column."""

    head: str
    topics: frozenset[str] = frozenset()
    modes: list[Hit] = field(default_factory=list)
    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def _said(cells: Sequence[CellFigure]) -> dict[int | None, _Said]:
    heads: dict[int | None, dict[str, None]] = defaultdict(dict)
    for cell in cells:
        heads[cell.passage.table].update({cell.title: None, cell.header: None})
    return {table: _Said(" ; ".join(texts)) for table, texts in heads.items()}


def _cell(reader: Reader, cell: CellFigure, said: _Said, *, total: bool) -> Iterator[IndicatorValue]:
    header = aligned(cell.header)
    if _COMPARING.search(header) or _PART_OF_PENDING.search(header) or _fulfilment(header, aligned(said.head)):
        return
    if not total and any(_PART.fullmatch(level.strip()) for level in header.split("|")):
        return
    hits = reader.named(cell.header if total else cell.label)
    around = reader.named(said.head)
    named = reader.topics_of(hits)
    topics = named or reader.topics_of(around) or said.topics or reader.section_topics(cell.passage.section)
    said.topics = named or said.topics
    said.modes.extend(hit for hit in hits if hit.key in reader.labels.modes)
    scoping = frozenset[str]().union(*reader.labels.scopes.values())
    # Where they stand, headers of other columns are near a figure and not before it.
    near = [Hit(cell.figure.start, 0, hit.key) for hit in around if hit.key not in scoping]
    sentence = Sentence(0, 0, [*near, *said.modes, *hits], topics, above=frozenset(said.codes[cell.header]))
    figure = replace(cell.figure, pre=0, post=0)
    own = Own(frozenset(hit.key for hit in hits), frozenset())
    last = header.rpartition("|")[2].strip()
    for rule in reader.candidates(own, last if total else ""):
        if fits(reader.labels, rule, "", sentence, figure, own, header=total and last in rule.header, bare=True):
            code = rule.indicator.code
            if rule.indicator.kind == "stock" and _INCREMENT.fullmatch(last):
                return
            said.codes[cell.header].add(code)
            timing = reader.clock.column(header, code)
            for name, value, text, decimals in converted(code, figure, figure.value, figure.text, figure.decimals):
                yield replace(value_of(name, figure, value, text, decimals, timing), rule="indicator:table")
            return


def _fulfilment(header: str, head: str) -> bool:
    """Whether a bare "Tỷ lệ (%)" stands beside what was planned and what was done, of which it is the quotient."""
    bare = _BARE_RATE.fullmatch(header.rpartition("|")[2].strip()) is not None
    return bare and _PLANNED.search(head) is not None and "thực hiện" in head


def _sentences(reader: Reader, frames: Sequence[Frame], cells: Sequence[CellFigure]) -> Iterator[IndicatorValue]:
    """Cells that hold prose are read as paragraphs are."""
    prose: dict[int, list[CellFigure]] = defaultdict(list)
    for cell in cells:
        if cell.rest:
            prose[cell.passage.id].append(cell)
    for frame in frames:
        if frame.passage is not None and frame.passage.id in prose:
            yield from reader.frame(frame, [cell.figure for cell in prose[frame.passage.id]])
