"""One statement made twice with digits swapped: "168 thành viên" here, "186 thành viên" there, named by the same words.

Needs no indicator: swapped digits together with equal words around both numbers are the evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from checks.breakdown import noun
from checks.draft import Draft, evidence, identity
from checks.phrases import content
from checks.settings import CheckSettings
from checks.view import Figure, Span, View

_WORDS = 3
_MOST = 4
"""More figures than this that share digits and unit are a table of like numbers, not a slip."""


@dataclass(frozen=True, slots=True)
class _Told:
    figure: Figure
    words: frozenset[str]
    row: int | None


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    groups: dict[tuple[str, int, str, str], list[Figure]] = defaultdict(list)
    for figure in _candidates(view):
        digits = "".join(sorted(c for c in figure.text if c.isdigit()))
        groups[((figure.family or "").partition("/")[0], figure.decimals, digits, figure.kind)].append(figure)
    for group in groups.values():
        if 2 <= len({f.value for f in group}) <= _MOST:
            yield from _pairs(view, group)


def _candidates(view: View) -> Iterator[Figure]:
    for figure in view.figures:
        for side in (figure, figure.other) if figure.other else (figure,):
            if sum(c.isdigit() for c in side.text) >= 3 and side.change == "level" and side.qualifier == "=":
                yield side


def _pairs(view: View, group: list[Figure]) -> Iterator[Draft]:
    told = [_Told(figure, _words(view, figure), _row(view, figure)) for figure in group]
    done: set[frozenset[Decimal]] = set()
    for i, one in enumerate(told):
        for other in told[i + 1 :]:
            pair = frozenset((one.figure.value, other.figure.value))
            if len(pair) < 2 or pair in done or not _one_thing(view, one, other):
                continue
            done.add(pair)
            yield _finding(view, one.figure, other.figure)


def _one_thing(view: View, one: _Told, other: _Told) -> bool:
    if not _swapped(one.figure.text, other.figure.text):
        return False
    if view.sentence(one.figure.start) == view.sentence(other.figure.start) or (one.row is not None and other.row):
        return False
    if one.figure.basis != other.figure.basis or _periods(one.words) != _periods(other.words):
        return False
    shared = one.words & other.words
    return len(shared) >= min(_WORDS, len(one.words), len(other.words)) >= 2


def _periods(words: frozenset[str]) -> frozenset[str]:
    """Words that say of which time or kind a figure is must agree."""
    return words & {"trước", "cùng", "đầu", "cuối", "lũy", "luỹ", "nữ", "nam", "kế", "dự", "toán", "quý", "tháng"}


def _swapped(a: str, b: str) -> bool:
    """Two neighbouring digits changed places."""
    if len(a) != len(b):
        return False
    differ = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(differ) != 2 or a[differ[0]] != b[differ[1]]:
        return False
    return not any(c.isdigit() for c in a[differ[0] + 1 : differ[1]])


def _words(view: View, figure: Figure) -> frozenset[str]:
    """Syllables of the clause up to the number, of the counted noun, and of a cell's row with the rows above it."""
    passage = view.passage(figure.start)
    if passage is not None and passage.table is not None and passage.row is not None:
        return frozenset(content(_row_label(view, passage.table, passage.row)))
    sentence = view.sentence(figure.start)
    before = _last_words(view, Span(sentence.start, figure.start))
    return frozenset(content(f"{before} {noun(view, figure)}"))


def _last_words(view: View, span: Span) -> str:
    """The last words before a number, without the numbers among them."""
    return " ".join(w for w in view.low[max(span.start, span.end - 70) : span.end].split() if w.isalpha())


def _row_label(view: View, table: int, row: int) -> str:
    """The row's own words, and those of the nearest row above that names something else ("Lạc" above "Sản lượng")."""
    cells = view.cells(table)
    own = " ".join(view.low[c.start : c.end] for c in cells if c.row == row and (c.col or 0) <= 2)
    above = [c for c in cells if c.row is not None and row - 3 <= c.row < row and c.col in (0, 1)]
    return own + " " + " ".join(view.low[c.start : c.end] for c in above)


def _row(view: View, figure: Figure) -> int | None:
    passage = view.passage(figure.start)
    return passage.table + 1 if passage is not None and passage.table is not None else None


def _finding(view: View, one: Figure, other: Figure) -> Draft:
    sides = [view.clause(f.span_start, f.span_end) for f in (one, other)]
    percent = "%" if one.kind == "percent" else ""
    return Draft(
        "rate-conflict" if percent else "value-conflict",
        "swapped",
        {
            "value_a": one.text + percent,
            "value_b": other.text + percent,
            "text_a": " ".join(view.text[sides[0].start : sides[0].end].split()),
            "text_b": " ".join(view.text[sides[1].start : sides[1].end].split()),
        },
        (evidence("claim", sides[0].start, sides[0].end), evidence("counter", sides[1].start, sides[1].end)),
        identity("swapped", *sorted((str(one.value), str(other.value)))),
        severity="warning",
        operands=frozenset((one.start, other.start)),
    )
