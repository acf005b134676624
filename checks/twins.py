"""One statement made twice with digits swapped: "168 thành viên" here, "186 thành viên" there, named by the same words.

Needs no indicator: swapped digits together with equal words around both numbers are the evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from checks import timing
from checks.draft import Draft, evidence, identity
from checks.measures import noun
from checks.phrases import content
from checks.settings import CheckSettings, data
from checks.view import Figure, Span, View
from schema.text import key

_MONEY = frozenset({"triệu", "tỷ", "nghìn", "đồng"})
_WORDS = 3
_MOST = 4
"""More figures than this that share digits and unit are a table of like numbers, not a slip."""


@dataclass(frozen=True, slots=True)
class _Told:
    figure: Figure
    words: frozenset[str]
    row: int | None
    label: frozenset[str] = frozenset()
    """The words of a cell's own row."""
    near: frozenset[str] = frozenset()
    """The words from the figure before to the counted noun."""


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    groups: dict[tuple[str, int, str, str], list[Figure]] = defaultdict(list)
    for figure in _candidates(view):
        digits = "".join(sorted(c for c in figure.text if c.isdigit()))
        measured = "" if figure.stated.counted else (figure.family or "").partition("/")[0]
        groups[measured, figure.decimals, digits, figure.kind].append(figure)
    for group in groups.values():
        if 2 <= len({f.value for f in group}) <= _MOST:
            yield from _pairs(view, group)
    yield from _scales(view)


def _scales(view: View) -> Iterator[Draft]:
    """``chi cho chuyển đổi số 245 triệu đồng`` here, ``245 tỷ đồng`` there: one number, two scales of money."""
    groups: dict[str, list[Figure]] = defaultdict(list)
    for figure in view.figures:
        if figure.family == "money" and figure.kind == "quantity" and figure.change == "level":
            groups[figure.text].append(figure)
    for group in groups.values():
        for one, other in combinations(group, 2):
            scales = sorted((one.stated.scale, other.stated.scale))
            told = [_Told(f, _words(view, f) - _MONEY, _row(view, f)) for f in (one, other)]
            if scales[1] == 1000 * scales[0] and len(told[0].words & told[1].words) >= _WORDS:
                yield _two_scales(view, one, other)


def _two_scales(view: View, one: Figure, other: Figure) -> Draft:
    sides = [view.clause(f.span_start, f.span_end) for f in (one, other)]
    texts = [view.text[f.span_start : f.span_end] for f in (one, other)]
    return Draft(
        "unit-mismatch",
        "scale",
        {"value_a": texts[0], "value_b": texts[1], "factor": "1.000"},
        (evidence("claim", sides[0].start, sides[0].end), evidence("counter", sides[1].start, sides[1].end)),
        identity(*sorted(texts)),
        severity="warning",
        operands=frozenset((one.start, other.start)),
    )


def _candidates(view: View) -> Iterator[Figure]:
    for figure in view.figures:
        for side in (figure, figure.other) if figure.other else (figure,):
            if sum(c.isdigit() for c in side.text) >= 2 and side.change == "level" and side.qualifier == "=":
                yield side


def _pairs(view: View, group: list[Figure]) -> Iterator[Draft]:
    told = [_Told(f, _words(view, f), _row(view, f), _label(view, f), _near(view, f)) for f in group]
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
    if timing.corrected(view, one.figure.start) or timing.corrected(view, other.figure.start):
        return False
    if view.sentence(one.figure.start) == view.sentence(other.figure.start) or (one.row is not None and other.row):
        return False
    if one.figure.basis != other.figure.basis or _periods(one.words) != _periods(other.words):
        return False
    return _named_alike(one, other, sum(c.isdigit() for c in one.figure.text))


def _named_alike(one: _Told, other: _Told, digits: int) -> bool:
    """Few digits need more words: "43 camera an ninh" and "34 camera an ninh"."""
    shared, fewer = one.words & other.words, min(len(one.words), len(other.words))
    if shared <= _measures():
        return False  # "sản lượng" of rice, "sản lượng" of maize
    if any(len(a.label) >= _WORDS and a.label <= b.near for a, b in ((one, other), (other, one))):
        return True  # all that a row says: "Camera an ninh"
    if any(len(a.label & b.near) * 2 < len(a.label) for a, b in ((one, other), (other, one))):
        return False  # the words shared are those of the rows above
    return len(shared) >= (min(_WORDS, fewer) if digits >= 3 else min(_WORDS + 1, max(fewer, _WORDS))) and fewer >= 2


@lru_cache(maxsize=1)
def _measures() -> frozenset[str]:
    return frozenset(key(data("wordings")["narrowing"]["measures"]).split())


def _periods(words: frozenset[str]) -> frozenset[str]:
    """Words that say of which time or kind a figure is must agree."""
    return words & {"trước", "cùng", "đầu", "cuối", "lũy", "luỹ", "nữ", "nam", "kế", "dự", "toán", "quý", "tháng"}


def _swapped(a: str, b: str) -> bool:
    """Two neighbouring digits changed places."""
    if len(a) != len(b) or a.startswith("0") != b.startswith("0"):
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
    said = view.low[max(span.start, span.end - 70) : span.end]
    return " ".join(w for w in said.split() if w.strip(".,:;()").isalpha())


def _near(view: View, figure: Figure) -> frozenset[str]:
    start = view.sentence(figure.start).start
    before = view.between(start, figure.start)
    said = view.low[before[-1].end if before else start : figure.start]
    return frozenset(content(f"{said} {noun(view, figure)}"))


def _label(view: View, figure: Figure) -> frozenset[str]:
    """The words of the cell that names the row; '' where the cell is another year's or a plan."""
    cell = view.passage(figure.start)
    if cell is None or cell.table is None or timing.other_column(view, figure.start):
        return frozenset()
    row = (view.text[c.start : c.end] for c in view.cells(cell.table) if c.row == cell.row)
    return frozenset(content(next((text for text in row if len(text) > 3 and any(x.isalpha() for x in text)), "")))


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
