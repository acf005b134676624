"""Totals and the parts that the text gives for them: ``164 TTHC, gồm 141 …, 12 … và 11 …``.

A breakdown is found from the words between figures; whether it must add up (a partition) or only names some parts is
told by closing words ("gồm", "và" before the last part), by labels that leave nothing between them, by brackets that
hold nothing but parts, and by a total that is called a total.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import regex

from checks.measures import compatible, measure, words
from checks.sublists import sublists
from checks.view import Figure, Span, View

# "02 thạc sĩ, 15 đại học; về lý luận chính trị: 01 cao cấp": a second list begins
_ANOTHER_LIST = regex.compile(r";[^;:\d]*:")

_LABELLED = regex.compile(r"[^;,:]{1,40}:\s*\d")
# "10 trại vịt: 900 con; 11 trại gà: 750 con": entries of one list, none a part of another
_OWN_COLON = regex.compile(r"[^,;.:()\d]{0,40}:\s*\d")

_COUNTED_PLANS = regex.compile(r"\d\s+kế hoạch")  # documents, not a target
# between two entries of a list: the noun of the first and a comma, semicolon or "và"
_NEXT = regex.compile(r"[^,;.:()]{0,50}(?:[,;]|\bvà)\s*$")
_LENGTH_OF_TIME = regex.compile(r"\s*(?:năm|quý|tháng|tuần|ngày|giờ|phút|tuổi)\b")
_SHORT_OF = regex.compile(r"\b(?:thiếu|thừa|dôi\s+dư|vượt|hụt|chênh\s+lệch)\s+$")
_WORDED = regex.compile(r"\p{L}{2}")
_BRACKETS = regex.compile(r"[()]")

Firmness = Literal["partition", "listed", "disjoint", "likely", "open"]
"""Must add up; said to be all; exclude one another, so do not exceed the total; probably add up; some parts only."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """``totals`` are the figures that the parts may belong to, likeliest first; ``parts`` in text order.

    ``subsets`` cut across the parts; ``aside`` are figures that the wording seems to take elsewhere.
    """

    totals: tuple[Figure, ...]
    parts: tuple[Figure, ...]
    subsets: tuple[Figure, ...]
    firmness: Firmness
    scope: Span
    aside: tuple[Figure, ...] = ()

    def with_percents(self, view: View) -> Iterator[tuple[Figure, list[Figure]]]:
        """Each part, and the percentages that stand behind it before the next."""
        stops = (*(part.start for part in self.parts[1:]), self.scope.end)
        for part, stop in zip(self.parts, stops, strict=True):
            yield part, [f for f in view.between(part.end, stop) if f.kind == "percent" and f.unit == "%"]

    def readings(self, view: View) -> Iterator[tuple[Figure, ...]]:
        """The ways to take the list: whole, with what cuts across or stands aside, up to a semicolon."""
        yield self.parts
        for more in (self.subsets, self.aside):
            if more:
                yield tuple(sorted((*self.parts, *more), key=lambda f: f.start))
        if len(self.subsets) >= 2:
            yield self.subsets
        for i, part in enumerate(self.parts[:-2]):
            for end in range(i + 3, len(self.parts) + 1):  # "22 đơn, đã giải quyết 19 đơn, còn 03 đơn": nested
                if part.value == sum(p.value for p in self.parts[i + 1 : end]):
                    yield (*self.parts[: i + 1], *self.parts[end:])
        by_commas = len(self.parts) > 1 and ";" not in view.text[self.parts[0].end : self.parts[1].start]
        for size in range(2, len(self.parts)) if by_commas else ():
            if ";" in view.text[self.parts[size - 1].end : self.parts[size].start]:
                yield self.parts[:size]  # up to the first semicolon, where commas part the rest
                break


def breakdowns(view: View) -> tuple[Breakdown, ...]:
    """All breakdowns in the prose, in text order."""
    return view.once("breakdowns", lambda own: tuple(_found(own)))


def _found(view: View) -> Iterator[Breakdown]:
    for passage in view.prose:
        for found in words()["trigger"].finditer(view.low, passage.start, passage.end):
            result = _breakdown(view, found, passage.start)
            if result is not None:
                yield result
    for whole, parts, first, last in sublists(view, measure):
        closed = words()["closed"].search(view.low, view.sentence(whole.start).start, first.start)
        span = Span(first.start, last.end)
        yield Breakdown((whole,), parts, (), "partition" if closed else "likely", span)


def _breakdown(view: View, found: Any, floor: int) -> Breakdown | None:
    kind = str(found.lastgroup)
    if kind == "within":
        return _within(view, found.start(), found.end())
    sentence = view.sentence(found.start())
    if kind == "bracket":
        close = view.text.find(")", found.end(), sentence.end + 1)
        if close < 0 or words()["trigger"].match(view.low, found.end()) or _opens(view, found.end()):
            return None
        scope = Span(found.end(), close)
    else:
        end = _scope_end(view, found.end(), sentence.end)
        labelled = _LABELLED.match(view.text, found.end(), end)  # "HN6: 245 ha; ĐT100: 186 ha; giống khác: 99 ha"
        another = _ANOTHER_LIST.search(view.low, found.end(), end) if kind == "colon" and not labelled else None
        scope = Span(found.end(), another.start() if another else end)
    totals = _totals(view, found.start(), sentence.start, floor, kind)
    if not totals:
        return None
    parts, subsets, aside, closed = _parts(view, scope, totals[0])
    for i, whole in enumerate(totals[1:], 1):
        if parts or subsets or kind not in ("open", "closed") or whole.family == totals[0].family:
            break  # "214 hộ vay 10 tỷ đồng, trong đó hộ nghèo 39 hộ": the money has no parts here
        parts, subsets, aside, closed = _parts(view, scope, whole)
        if parts:
            totals = totals[i:]
    stop = view.text.find(";", scope.start, scope.end)
    clause = Span(scope.start, stop if stop >= 0 else scope.end)
    kinds = _kinds(view, clause, totals[0], [p for p in parts if p.start < clause.end]) if kind == "closed" else ()
    if kinds:
        return Breakdown(totals[:1], kinds, (), "listed", scope, aside)
    if kind == "colon" and (
        not _adjacent(view, totals[0], found.start()) or any(_OWN_COLON.match(view.low, p.end) for p in parts)
    ):
        return None
    firmness = _firmness(view, kind, found.start(), totals[0], parts, closed, scope)
    if (not parts and not subsets) or (kind in ("bracket", "colon") and firmness != "partition"):
        return None
    fitting = tuple(whole for whole in totals if parts and compatible(view, whole, parts[0]))
    return Breakdown(fitting or totals, parts, subsets, firmness, scope, aside)


def _within(view: View, start: int, end: int) -> Breakdown | None:
    """``Trong 26 mô hình có 18 …, 05 … và 03 …``; ``hoàn thành 03 công trình, đang thi công 02 trong tổng số 05 …``."""
    sentence = view.sentence(start)
    behind = view.between(end, sentence.end)
    if not behind or behind[0].start > end + 2 or not can_be_total(view, behind[0], sentence.start, end, False):
        return None
    whole = behind[0]
    clause = max(view.text.rfind(";", sentence.start, start) + 1, sentence.start)
    leads = not _WORDED.search(view.text, clause, start)  # bullets and numbers of lines may stand before
    scope = Span(sentence.start, start)
    if leads:
        scope = Span(whole.span_end, _scope_end(view, whole.span_end, sentence.end))
    parts, subsets, aside, closed = _parts(view, scope, whole)
    named = measure(view, whole)
    parts = tuple(p for p in parts if not leads or measure(view, p) == named)
    if not parts:
        return None
    wording = view.low[scope.start : scope.end]
    exhausted = (
        words()["rest"].search(wording)
        or (leads and closed and len(parts) >= 3)
        or (leads and len(parts) == 2 and _told_by(wording, "opposites"))
    )
    if exhausted or _told_by(wording, "complements"):
        firmness: Firmness = "partition"
    else:
        firmness = "disjoint" if _told_by(wording, "disjoint") else "open"
    if not leads and firmness == "open":
        parts = parts[-1:]
    return Breakdown((whole,), parts, subsets, firmness, scope, aside)


def _kinds(view: View, scope: Span, whole: Figure, parts: Sequence[Figure]) -> tuple[Figure, ...]:
    """``09 đơn vị, gồm 04 trường mầm non, 03 trường tiểu học … và 01 trạm y tế``: the parts name what they are."""
    inside = view.between(scope.start, scope.end)
    counts = all(f.kind == "quantity" and f.stated.counted and f.change == "level" for f in (whole, *inside))
    if not counts or len(parts) == len(inside) or any(f.value > whole.value for f in inside):
        return ()
    if words()["generic"].match(view.low, whole.end):  # "46 trường hợp, gồm 14 tập thể, 31 cá nhân"
        listed = all(
            _NEXT.fullmatch(view.low, one.end, other.start) for one, other in pairwise(inside)
        )
        return inside if listed and len(inside) >= 2 else ()
    return inside if len(inside) >= 3 and not parts else ()


def _opens(view: View, at: int) -> bool:
    """A bracket that begins with "trong đó" or "gồm" is read at that word."""
    return regex.match(r"\s*(?:trong\s+đó|(?:bao\s+)?gồm|cụ\s+thể)", view.low[at : at + 20]) is not None


def brackets_open(text: str, start: int, at: int) -> int:
    """Open brackets; the one that closes ``a)`` opens nothing."""
    depth = 0
    for found in _BRACKETS.finditer(text, start, at):
        depth = depth + 1 if found[0] == "(" else max(depth - 1, 0)
    return depth


def _scope_end(view: View, start: int, end: int) -> int:
    """Up to the closing bracket, the next breakdown of this level, or a clause that lists no more parts."""
    depth = 0
    for at in range(start, end):
        char = view.text[at]
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth < 0:
                return at
        elif depth == 0:
            if char in ",;" and words()["stops"].match(view.low, at, end):
                return at
            if char == "t" or char == "T":
                opens = words()["open"].match(view.low, at, end)
                if opens and at > start + 3 and not view.low[at - 1].isalpha():
                    return at
    return end


def _totals(view: View, at: int, start: int, floor: int, kind: str) -> tuple[Figure, ...]:
    """Candidates before the trigger: in its sentence, else (where the trigger begins it) in the sentence before."""
    inside = brackets_open(view.text, start, at) > 0
    candidates = [f for f in view.between(start, at) if can_be_total(view, f, start, at, inside)]
    if not candidates and kind in ("open", "closed") and not _WORDED.search(view.text, start, at) and start > floor:
        previous = view.sentence(max(start - 2, 0))
        if previous.start >= floor:
            candidates = [
                f
                for f in view.between(previous.start, previous.end)
                if can_be_total(view, f, previous.start, previous.end, False)
            ]
    sides = [side for f in reversed(candidates) for side in ((f, f.other) if f.other else (f,))]
    if kind == "bracket":
        return tuple(sides[:2])
    return tuple(side for side in sides if side is not None)


def can_be_total(view: View, figure: Figure, start: int, at: int, inside: bool) -> bool:
    if figure.kind == "percent" or figure.change != "level" or figure.qualifier not in ("=", "~"):
        return False
    if _LENGTH_OF_TIME.match(view.low, figure.end) or _SHORT_OF.search(view.low, start, figure.start):
        return False
    return inside or brackets_open(view.text, start, figure.start) == 0


def _adjacent(view: View, whole: Figure, colon: int) -> bool:
    """``2.310 thửa:`` — only the counted noun stands between a total and its colon."""
    between = view.text[whole.end : colon]
    return len(between.split()) <= 5 and not regex.search(r"[,;.:()]", between)


def _parts(
    view: View, scope: Span, whole: Figure
) -> tuple[tuple[Figure, ...], tuple[Figure, ...], tuple[Figure, ...], bool]:
    parts: list[Figure] = []
    subsets: list[Figure] = []
    aside: list[Figure] = []
    closed = False
    last_end = scope.start
    inside = view.between(scope.start, scope.end)
    for i, figure in enumerate(inside):
        if figure.kind != "quantity" or brackets_open(view.text, scope.start, figure.start) > 0:
            continue
        if figure.unit is None and _in_a_name(view, figure):
            continue
        label = view.low[last_end : figure.start]
        clause = view.clause(figure.span_start, figure.span_end)
        behind = inside[i + 1].start if i + 1 < len(inside) else clause.end
        wording = view.low[max(clause.start, last_end) : max(min(clause.end, behind), figure.end)]
        if figure.change != "level" or not compatible(view, whole, figure):
            continue
        if words()["elsewhere"].search(_COUNTED_PLANS.sub("", wording)):
            aside.append(figure)
            continue
        if parts and (_of_another_class(view, whole, label) or _begins_again(view, whole, label)):
            break
        last_end = figure.span_end
        if _cuts_across(view, scope, wording):
            subsets.append(figure)
            continue
        if closed:
            break
        if parts and regex.search(r"\bvà\b", label) and not regex.search(r"[,;.]", label):
            closed = True
        parts.append(figure)
    moving = words()["moves"].search(view.low, scope.start, scope.end)
    if not parts and len(subsets) >= 2 and not moving:  # "người nghèo 198 thẻ, người cận nghèo 239 thẻ"
        return tuple(subsets), (), tuple(aside), closed
    return tuple(parts), tuple(subsets), tuple(aside), closed


def _in_a_name(view: View, figure: Figure) -> bool:
    """``Đài Thơm 8: 125 ha``, ``TH3-3 156 ha``: numbers that name varieties."""
    before, behind = view.text[max(figure.start - 2, 0) : figure.start], view.text[figure.end : figure.end + 1]
    return behind == ":" or (before[-1:] in ("-", "–") and before[:1].isalnum())


def _cuts_across(view: View, scope: Span, wording: str) -> bool:
    """Whether a part is told by what cuts across the list; women do not where men are counted beside them."""
    found = words()["across"].search(wording)
    if found is None:
        return False
    said = view.low[scope.start : scope.end]
    paired = (group for group in words()["complements"] if any(label.fullmatch(found[0]) for label in group))
    return not any(all(label.search(said) for label in group) for group in paired)


def _of_another_class(view: View, whole: Figure, label: str) -> bool:
    """Whether the words before a figure say that it is no part of such a whole: what is open, of what is done."""
    said, known = _said_of(view, whole), words()
    return any(
        known[state].match(label) and known[of].search(view.low, *said)
        for state, of in (("another_class", "done"), ("handled", "received"))
    )


def _begins_again(view: View, whole: Figure, label: str) -> bool:
    """``thuộc cấp trên 74 đơn, trong đó …; thuộc cấp xã 184 đơn``: the words that led to the whole lead to another."""
    found = regex.match(r"[^;]*;\s*((?:\p{L}+\s+){2})", label)
    return found is not None and f" {found[1]}" in f" {view.low[slice(*_said_of(view, whole))]}"


def _said_of(view: View, figure: Figure) -> tuple[int, int]:
    """The words of the sentence up to the figure."""
    return view.sentence(figure.start).start, figure.end


def _firmness(
    view: View, kind: str, at: int, whole: Figure, parts: Sequence[Figure], closed: bool, scope: Span
) -> Firmness:
    wording = view.low[scope.start : scope.end]
    if len(parts) < 2 or words()["samples"].search(wording):
        return "open"
    if kind in ("closed", "colon") or _told_by(wording, "complements") or _takes_rest(view, parts):
        return "partition"
    if closed:
        return "listed" if kind == "open" else "partition"
    if kind == "bracket" or brackets_open(view.text, view.sentence(scope.start).start, scope.start) > 0:
        firm: Firmness = "likely" if kind == "open" else "partition"
        return firm if _covers(view, parts, scope) else "open"
    clause = view.clause(whole.span_start, whole.span_end)
    named = measure(view, whole)
    if words()["listing"].match(view.low, at) and len(parts) >= 3 and all(measure(view, p) == named for p in parts):
        return "listed"
    if words()["rest"].search(wording) or words()["whole"].search(view.low, clause.start, clause.end):
        return "partition" if len(parts) >= 3 else "likely"
    return "likely"


def _takes_rest(view: View, parts: Sequence[Figure]) -> bool:
    """``11 ý kiến được giải đáp, 03 ý kiến còn lại``: the last part is what the others leave."""
    return words()["remainder"].match(view.low, parts[-1].end) is not None


def _told_by(wording: str, groups: str) -> bool:
    return any(all(label.search(wording) for label in group) for group in words()[groups])


def _covers(view: View, parts: Sequence[Figure], scope: Span) -> bool:
    """Whether a bracket holds nothing but parts: as many figures as it has pieces, or labels with colons."""
    inner = view.text[scope.start : scope.end]
    figures = view.between(scope.start, scope.end)
    if len(figures) != len(parts):
        return False
    pieces = [piece for piece in regex.split(r"[,;](?!\d)|\bvà\b", inner) if piece.strip()]
    colons = inner.count(":")
    return len(pieces) == len(parts) or colons >= len(parts)
