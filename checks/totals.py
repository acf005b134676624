"""Sums in prose: totals against their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

import regex

from checks import figures, intervals, reconcile
from checks.breakdown import Breakdown
from checks.classified import lists
from checks.draft import Draft, evidence, identity
from checks.intervals import State
from checks.measures import measure, words
from checks.settings import CheckSettings
from checks.view import Figure, View
from schema.model import Evidence, Severity

_ENTRY_ENDS = regex.compile(r"[,;]|\bvà\b")
_LONE_NUMBER = regex.compile(r"(?<![\p{L}\d.,/\-–])\d[\d.,]*(?![\p{L}\d/\-–%:])")
_OTHERS = regex.compile(r"\p{L}\s+khác$")
_BRACKETED = regex.compile(r"\([^()]*\)")
_TAIL_ENDS = regex.compile(r"\s(?:và|với|là|gồm|(?:chưa )?đạt|bằng|trong|được|thực hiện|theo|so)\s")

_Chosen = Severity | Literal["none", "default"]


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    items = lists(view)
    parts = {part.start for item in items for part in item.parts}
    for item in items:
        yield from _judge(view, item, parts, settings)
    yield from _solved(view)
    yield from _sorted_out(view)


def phrase(view: View, figure: Figure) -> str:
    """The figure with the words that name it, as printed: ``06 thành viên chính``."""
    start = figure.start
    found = regex.match(r"[^,;.:()\n\t\d]*", view.text[figure.end : figure.end + 60])
    tail = _TAIL_ENDS.split(found[0] if found else "")[0]
    return view.text[start : figure.end + len(tail)].strip()


def proof(view: View, role: str, figure: Figure) -> Evidence:
    clause = view.clause(figure.span_start, figure.span_end)
    return evidence(role, clause.start, clause.end)


def explained(view: View, item: Breakdown) -> State:
    """The best way in which any reading of the breakdown adds up."""
    best = State.INCONSISTENT
    order = list(State)
    for whole in item.totals:
        for parts in item.readings(view):
            state = intervals.total([p.stated for p in parts], whole.stated)
            if order.index(state) < order.index(best):
                best = state
    return best


def _judge(view: View, item: Breakdown, parts: set[int], settings: CheckSettings) -> Iterator[Draft]:
    state = explained(view, item)
    chosen: _Chosen = "none"
    if state is State.INCONSISTENT and _unnumbered(view, item):
        return  # "11 người, gồm Giám đốc, 01 Phó Giám đốc và 09 công chức"
    if len(item.parts) >= 2 and state is not State.CONSISTENT:
        whole = _nearest(item)
        added = sum((p.stated.nominal for p in item.parts), Fraction(0))
        chosen = _severity(item, whole, added, state, settings)
        if chosen != "none" and _unread(view, item):
            chosen = "info"  # a number among the parts was not read as one
        if chosen != "none":
            yield mismatch(view, whole, item.parts, state, None if chosen == "default" else chosen)
    if chosen in ("none", "info"):
        yield from _too_large(view, item, parts)


def _unread(view: View, item: Breakdown) -> bool:
    """Whether digits stand among the parts that no figure, date or document accounts for."""
    start, end = item.scope.start, item.parts[-1].end
    known = [(f.span_start, f.span_end) for f in view.between(start, end)]
    known += [(m.start, m.end) for m in (*view.facts.dates, *view.facts.citations) if m.start < end and m.end > start]
    return any(
        not any(a <= found.start() < b for a, b in known) for found in _LONE_NUMBER.finditer(view.text, start, end)
    )


def _unnumbered(view: View, item: Breakdown) -> bool:
    """Whether entries without a number make up what is missing: a post is one, "và nhân viên khác" any number."""
    gap = _nearest(item).stated.nominal - sum((p.stated.nominal for p in item.parts), Fraction(0))
    entries = _ENTRY_ENDS.split(_BRACKETED.sub(" ", view.low[item.scope.start : item.scope.end]))
    bare = [entry.strip() for entry in entries if not any(c.isdigit() for c in entry)]
    posts = sum(1 for entry in bare if words()["post"].match(entry))
    return gap > 0 and (gap == posts or any(_OTHERS.search(entry) for entry in bare))


def _nearest(item: Breakdown) -> Figure:
    """The total that the parts come closest to; the one right before the breakdown wins a tie."""
    added = sum((p.stated.nominal for p in item.parts), Fraction(0))
    return min(item.totals, key=lambda f: abs(f.stated.nominal - added) / max(f.stated.nominal, Fraction(1)))


def _severity(item: Breakdown, whole: Figure, added: Fraction, state: State, settings: CheckSettings) -> _Chosen:
    if state is not State.INCONSISTENT:
        return "info"
    stated = whole.stated.nominal
    if stated == 0:
        return "none"
    cover = added / stated
    if item.firmness == "partition":
        near = Fraction(settings.threshold("total-mismatch", "near"))
        return "default" if 1 - near <= cover <= 1 + near or abs(added - stated) <= 3 * whole.stated.scale else "info"
    if item.firmness == "listed":
        return "warning" if Fraction(4, 5) <= cover <= 2 else "info"
    if item.firmness == "disjoint" and cover > 1:
        return "default" if cover <= 2 else "warning"
    if item.firmness in ("likely", "disjoint"):
        if cover > 1:
            return "warning" if cover <= Fraction(11, 10) else "info"
        if cover >= Fraction(settings.threshold("total-mismatch", "cover")):
            return "warning" if len(item.parts) >= 3 and _one_slip(whole, item.parts) else "info"
    return "none"


def _one_slip(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether one keystroke would make the sum: else a part may rightly have been left out."""
    edit = _edit(whole, parts)
    return edit is not None and edit.cost[0] == 1


def _edit(whole: Figure, parts: Sequence[Figure]) -> reconcile.Edit | None:
    """The smallest change of one figure that reconciles a total with its parts."""
    scale = whole.stated.scale
    gap = sum((p.stated.nominal for p in parts), Fraction(0)) / scale - Fraction(whole.value)
    options = [(whole.text, Fraction(whole.value) + gap, whole.decimals)]
    options += [(p.text, Fraction(p.value) - gap * scale / p.stated.scale, p.decimals) for p in parts]
    return reconcile.nearest(options)


def mismatch(
    view: View,
    whole: Figure,
    parts: Sequence[Figure],
    state: State,
    severity: Severity | None,
    rule: str = "total-mismatch",
    variant: str = "sum",
) -> Draft:
    """A finding for a total and parts that do not add up."""
    scale = whole.stated.scale
    added = sum((p.stated.nominal for p in parts), Fraction(0)) / scale
    decimals = max(whole.decimals, *(p.decimals for p in parts))
    gap = added - Fraction(whole.value)
    edit = _edit(whole, parts)
    if state is not State.INCONSISTENT:
        variant = f"{variant}-rounding"
    return Draft(
        rule,
        variant,
        {
            "total": phrase(view, whole),
            "parts": " + ".join(p.text for p in parts),
            "listed": "; ".join(phrase(view, p) for p in parts),
            "sum": figures.plain(added, decimals),
            "stated": whole.text,
            "difference": figures.plain(abs(gap), decimals),
            **({"edit": str(edit)} if edit and state is State.INCONSISTENT else {}),
        },
        (proof(view, "total", whole), *(proof(view, "part", p) for p in parts)),
        identity(whole.value, *sorted(str(p.value) for p in parts)),
        severity=severity,
        operands=frozenset((whole.start, *(p.start for p in parts))),
    )


def _too_large(view: View, item: Breakdown, parts: set[int]) -> Iterator[Draft]:
    """ "Trong đó" a part that is more than the whole it is taken from."""
    whole = item.totals[0]
    stop = view.text.find(";", item.scope.start, item.scope.end)
    listed = stop < 0 or ":" in view.text[item.scope.start : min(item.scope.start + 3, stop)]
    for part in (*item.parts, *item.subsets):
        if not listed and part.start > stop:
            continue  # "3.015 con, trong đó bò sữa 412 con; heo 5.120 con": another subject
        if part.qualifier != "=" or intervals.at_most(part.stated, whole.stated):
            continue
        if not any(intervals.at_most(part.stated, t.stated) for t in item.totals):
            yield exceeds(view, part, whole, "part")
        elif _next_to(view, part, whole) and part in item.parts[:1] and whole.start not in parts:
            yield exceeds(view, part, whole, "part", "warning")  # "thu về 402 phiếu, trong đó có 409 phiếu"


def _next_to(view: View, part: Figure, whole: Figure) -> bool:
    """Whether both count the same by name within one sentence."""
    same = measure(view, part) == measure(view, whole) != ""
    return same and view.sentence(part.start) == view.sentence(whole.start)


def _solved(view: View) -> Iterator[Draft]:
    """``xảy ra 07 vụ …, đã khám phá 08 vụ``: what is solved is not more than what happened."""
    for happened, solved in words()["outcomes"]:
        for found in happened.finditer(view.low):
            sentence = view.sentence(found.start())
            behind = view.between(found.end(), sentence.end)
            inside = [f for f in behind if f.kind == "quantity" and f.change == "level"]
            for part in inside[1:]:
                said = view.low[max(sentence.start, part.start - 30) : part.start]
                before = [f.value for f in inside if f.start < part.start and measure(view, f) == measure(view, part)]
                most = max(before, default=inside[0].value)
                if solved.search(said) and _next_to(view, part, inside[0]) and part.value > most:
                    yield exceeds(view, part, inside[0], "part", "warning")


def _sorted_out(view: View) -> Iterator[Draft]:
    """``nhận 31 đơn …. Sau khi phân loại có 33 đơn đủ điều kiện``: sorting adds nothing to what came in."""
    for found in words()["sorted"].finditer(view.low):
        sentence, passage = view.sentence(found.start()), view.passage(found.start())
        part = next((f for f in view.between(found.end(), sentence.end) if f.kind == "quantity"), None)
        if passage is None or part is None or words()["carried"].search(view.low, passage.start, part.start):
            continue
        wholes = [
            f
            for f in view.between(passage.start, found.start())
            if f.kind == "quantity"
            and measure(view, f) == measure(view, part) != ""
            and words()["received"].search(view.low, view.clause(f.start, f.end).start, f.start)
        ]
        if wholes and all(part.value > whole.value for whole in wholes):
            yield exceeds(view, part, wholes[0], "part", "warning")


def exceeds(view: View, part: Figure, whole: Figure, variant: str, severity: Severity | None = None) -> Draft:
    """A finding for a part that is more than its whole."""
    return Draft(
        "part-exceeds-whole",
        variant,
        {
            "part": phrase(view, part),
            "total": phrase(view, whole),
            "value": part.text,
            "limit": whole.text,
            "difference": figures.plain(Fraction(part.value - whole.value), max(part.decimals, whole.decimals)),
        },
        (proof(view, "part", part), proof(view, "total", whole)),
        identity(part.value, whole.value),
        severity=severity,
        operands=frozenset((part.start, whole.start)),
    )
