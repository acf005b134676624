"""Figures that move: start, less, more, end; a level, its change and the level before; a ratio and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import regex

from checks import figures, intervals, reconcile
from checks.breakdown import brackets_open
from checks.draft import Draft, identity
from checks.intervals import State
from checks.measures import compatible
from checks.phrases import pattern
from checks.settings import CheckSettings, data
from checks.totals import phrase, proof
from checks.view import Figure, View
from schema.model import Severity

_COMPARED = regex.compile(r"\s*(?:[\p{L}/%]+\s+){0,4}?so\s+(?:với\s+)?[^();.]{2,70}\(\s*(?:[\p{L} ]{0,20})?$")
_LEFT = regex.compile(
    r"\b(?:còn(?:\s+lại)?|chưa\s+(?:đạt|hoàn\s+thành|thực\s+hiện|giải\s+quyết|xử\s+lý|khắc\s+phục)|đang\s+(?:giải\s+quyết|xử\s+lý|thực\s+hiện))\s*(?:là\s+|có\s+)?$"
)
_ENDS = regex.compile(r"[,;.(]")
_STILL = regex.compile(r"\.\s+còn(?:\s+lại)?\s+$")
_FAILED = regex.compile(
    r"^[^,;.]{0,40}(?:không\s+thành|chưa\s+(?:hoàn\s+thành|đạt|giải\s+quyết|xử\s+lý)|đang\s+(?:trong\s+hạn|giải\s+quyết|thực\s+hiện|xử\s+lý))"
)


_PARTS = ("about", "start", "plus", "minus", "end", "aside")


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    for passage in view.prose:
        inside = view.between(passage.start, passage.end)
        if len(inside) >= 2:
            yield from _levels(view, inside)
            yield from _left(view, inside)
            yield from _flow(view, inside)


def _plain(figure: Figure) -> bool:
    """A figure by itself, or the first of "20.133 tài khoản trên tổng số 22.410 công dân"."""
    return figure.kind != "percent" and figure.qualifier == "="


def movement(
    view: View, whole: Figure, plus: Sequence[Figure], minus: Sequence[Figure], severity: Severity | None = None
) -> Draft | None:
    """A finding unless ``plus`` less ``minus`` is ``whole``."""
    state = intervals.total([f.stated for f in plus], whole.stated, [f.stated for f in minus])
    if state is State.CONSISTENT:
        return None
    scale = whole.stated.scale
    value = sum((f.stated.nominal for f in plus), Fraction(0)) - sum((f.stated.nominal for f in minus), Fraction(0))
    added, decimals = value / scale, max(f.decimals for f in (whole, *plus, *minus))
    gap = added - Fraction(whole.value)
    options = [(whole.text, Fraction(whole.value) + gap, whole.decimals)]
    options += [(f.text, Fraction(f.value) - gap * scale / f.stated.scale, f.decimals) for f in plus]
    options += [(f.text, Fraction(f.value) + gap * scale / f.stated.scale, f.decimals) for f in minus]
    edit = reconcile.nearest(options)
    formula = " + ".join(f.text for f in plus) + "".join(f" − {f.text}" for f in minus)
    members = sorted((whole, *plus, *minus), key=lambda f: f.start)
    rounded = state is not State.INCONSISTENT
    return Draft(
        "total-mismatch",
        "movement-rounding" if rounded else "movement",
        {
            "formula": formula,
            "sum": figures.plain(added, decimals),
            "total": phrase(view, whole),
            "stated": whole.text,
            "difference": figures.plain(abs(gap), decimals),
            **({"edit": str(edit)} if edit and not rounded else {}),
        },
        tuple(proof(view, "total" if f is whole else "part", f) for f in members),
        identity(whole.value, *sorted(str(f.value) for f in (*plus, *minus))),
        severity="info" if rounded else severity,
        operands=frozenset(f.start for f in members),
    )


def _levels(view: View, inside: Sequence[Figure]) -> Iterator[Draft]:
    """``58,6 triệu đồng, tăng 4,4 triệu đồng so với năm 2023 (54,2 triệu đồng)``."""
    for i in range(1, len(inside) - 1):
        change, base = inside[i], inside[i + 1]
        level = _outside(view, inside[:i], change)
        if change.change == "level" or change.kind != "quantity" or not _plain(base) or base.change != "level":
            continue
        if level.kind == "percent" or level.change != "level" or level.qualifier != "=":
            continue
        if not _COMPARED.fullmatch(view.low, change.end, base.start) or not _same_measure(view, level, base):
            continue
        between = view.low[level.span_end : change.start]
        if len(between) > 90 or regex.search(r"[;.]", between):
            continue
        plus, minus = ([base, change], []) if change.change == "increase" else ([base], [change])
        draft = movement(view, level, plus, minus, "warning")
        if draft is not None:
            yield draft


def _outside(view: View, earlier: Sequence[Figure], change: Figure) -> Figure:
    """The figure that changed, not one in a bracket closed since: "04 vụ (02 …, 01 …), tăng 02 vụ"."""
    for figure in reversed(earlier):
        between = view.text[figure.end : change.start]
        if between.count(")") <= between.count("("):
            return figure
    return earlier[-1]


def _same_measure(view: View, level: Figure, base: Figure) -> bool:
    """``49,9 triệu đồng/người/năm … (47,9 triệu đồng)``: what the measure is per is said once."""
    one, other = ((f.family or "").partition("/") for f in (level, base))
    said_once = one[0] == other[0] != "" and "" in (one[2], other[2])
    return said_once or compatible(view, level, base)


def _left(view: View, inside: Sequence[Figure]) -> Iterator[Draft]:
    """``27/36 nhiệm vụ …; còn 09 nhiệm vụ``: what is left is the whole less the part."""
    for i, ratio in enumerate(inside):
        if ratio.kind != "ratio" or ratio.other is None or ratio.value > ratio.other.value:
            continue
        for rest in inside[i + 1 : i + 6]:
            if rest.kind == "ratio":
                if _same_noun(view, ratio, rest):
                    break
                continue
            if not _plain(rest) or rest.change != "level":
                continue
            before = view.low[ratio.span_end : rest.start]
            if _STILL.search(before) and len(before) < 300:
                pass  # "… đạt 16/19 tiêu chí …. Còn 04 tiêu chí chưa đạt"
            elif len(before) > 110 or regex.search(r"\.\s", before):
                break
            if _shared_out(view, ratio, inside[inside.index(rest) :]):
                break
            left = _LEFT.search(before) or (
                regex.search(r"[;,]\s*(?:có\s+)?$", before) and _FAILED.match(view.low[rest.end : rest.end + 60])
            )
            if not left or not _same_noun(view, ratio, rest) or _left_of_others(inside[: i + 1], rest):
                continue
            draft = movement(view, rest, [ratio.other], [ratio], "warning")
            if draft is not None:
                yield draft
            break


def _shared_out(view: View, ratio: Figure, following: Sequence[Figure]) -> bool:
    """Whether what is left stands in several figures: "13/46 nhiệm vụ; 31 đang thực hiện; 02 chưa đến kỳ"."""
    assert ratio.other is not None
    added, end = Fraction(0), view.sentence(following[0].start).end
    for figure in following:
        if figure.start >= end or not _plain(figure) or not _same_noun(view, ratio, figure):
            continue
        added += Fraction(figure.value)
        if added == Fraction(ratio.other.value - ratio.value):
            return True
    return False


def _left_of_others(earlier: Sequence[Figure], rest: Figure) -> bool:
    """Whether an earlier pair leaves the rest: 1.108 received, 1.061 of them done, 47 in hand."""
    values = {side.value for f in earlier for side in ((f, f.other) if f.other else (f,))}
    return any(value + rest.value in values for value in values)


def _same_noun(view: View, ratio: Figure, rest: Figure) -> bool:
    """Both count the same thing by name: the first word behind the ratio is the first behind the rest."""
    behind_ratio = regex.match(r"[\d.,/\s]*(\p{L}+)", view.low[ratio.start : ratio.start + 60])
    behind_rest = regex.match(r"\s*(\p{L}+)", view.low[rest.end : rest.end + 30])
    return bool(behind_ratio and behind_rest and behind_ratio[1] == behind_rest[1])


@dataclass(frozen=True, slots=True)
class _Scheme:
    """One kind of movement: what a sentence must be about, and the words before or behind each of its figures."""

    about: Any
    start: Any
    plus: Any
    minus: Any
    end: Any
    aside: Any
    """Figures of something else."""
    once: bool
    """Each part is played by one figure, and the start may hold what was carried over (plus)."""


@lru_cache(maxsize=1)
def _schemes() -> tuple[_Scheme, ...]:
    return tuple(
        _Scheme(once=row.get("once", False), **{part: pattern(row.get(part, "(?!)")) for part in _PARTS})
        for row in data("movements")["movement"]
    )


def _flow(view: View, inside: Sequence[Figure]) -> Iterator[Draft]:
    """``đầu năm 84 hộ nghèo, 26 hộ thoát nghèo, phát sinh 03 hộ, cuối năm còn 64 hộ nghèo``."""
    start, end = inside[0].start, inside[-1].span_end
    wording = view.low[view.sentence(start).start : end]
    for scheme in _schemes():
        if not scheme.about.search(wording):
            continue
        roles: dict[str, list[Figure]] = {"start": [], "plus": [], "minus": [], "end": []}
        unknown: list[Figure] = []
        previous = view.sentence(start).start
        for figure in inside:
            if _plain(figure) and not _breaks_down(view, roles, figure):
                around = _around(view, previous, figure)
                role = _role(scheme, around)
                if role:
                    roles[role].append(figure)
                    if role == "end" and roles["start"]:
                        break
                elif roles["start"] and not scheme.aside.search(around) and _may_move(view, roles["start"][0], figure):
                    unknown.append(figure)
            previous = figure.span_end
        if not unknown:
            yield from _balance(view, roles, scheme.once)


def _may_move(view: View, stock: Figure, figure: Figure) -> bool:
    """Whether a figure without a part may be a move in words not known: neither in brackets nor "trong đó"."""
    start = view.sentence(figure.start).start
    said = view.low[max(view.text.rfind(";", start, figure.start), start) : figure.start]
    loose = figure.change == "level" and not brackets_open(view.text, start, figure.start) and "trong đó" not in said
    return loose and compatible(view, stock, figure)


def _breaks_down(view: View, roles: dict[str, list[Figure]], figure: Figure) -> bool:
    """Whether a figure stands in the bracket behind a move: "phát sinh 07 hộ (nghèo mới 04 hộ, tái nghèo 03 hộ)"."""
    moves = [*roles["plus"], *roles["minus"]]
    if not moves:
        return False
    between = view.text[max(move.end for move in moves) : figure.start]
    return between.count("(") > between.count(")") and between.find("(") < 20


def _around(view: View, previous: int, figure: Figure) -> str:
    """The words since the last figure, "#" for the figure, and the few words behind it."""
    before = view.low[max(previous, figure.start - 70) : figure.start]
    return f"{before}#{_ENDS.split(view.low[figure.end : figure.end + 40])[0]}"


def _role(scheme: _Scheme, around: str) -> str | None:
    """The part a figure plays."""
    for role in ("minus", "plus", "end", "start"):
        if getattr(scheme, role).search(around):
            return role
    return None


def _of_another_whole(view: View, end: Figure, minus: Sequence[Figure]) -> bool:
    """Whether some other figure of the passage is what was to be dealt with: "tổng số phải giải quyết 5.416 hồ sơ"."""
    passage = view.passage(end.start)
    before = view.between(passage.start, end.start) if passage is not None else ()
    whole = sum((f.value for f in minus), end.value)
    return any(side.value == whole for f in before for side in ((f, f.other) if f.other else (f,)))


def _balance(view: View, roles: dict[str, list[Figure]], once: bool) -> Iterator[Draft]:
    if once and (max(len(figures) for figures in roles.values()) > 1 or not roles["minus"]):
        return
    if len(roles["start"]) != 1 or len(roles["end"]) != 1:
        return
    start, end = roles["start"][0], roles["end"][0]
    plus, minus = ([f for f in roles[role] if compatible(view, start, f)] for role in ("plus", "minus"))
    if not (plus or minus) or max(f.start for f in (start, *plus, *minus)) > end.start:
        return
    if not compatible(view, start, end):
        return
    if once and (movement(view, end, [start], minus) is None or _of_another_whole(view, end, minus)):
        return
    draft = movement(view, end, [start, *plus], minus)
    if draft is not None:
        yield draft
