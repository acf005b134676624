"""Totals whose parts stand on list lines of their own: ``tổng số 176 thành viên, chia theo thôn:`` and then ``- …``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import regex

from checks.view import Figure, View
from schema.model import Passage

_BULLET = regex.compile(r"\s*([-+*•–—·◦▪●]|[a-zđ]\)|\d{1,2}[.)])\s*")
_COMPARED = regex.compile(r"(?:so với|kế hoạch|dự toán|chỉ tiêu|được giao)[^,;.]{0,25}$")
_LEAST = 2

Measure = Callable[[View, Figure], str]


def sublists(view: View, measure: Measure) -> Iterator[tuple[Figure, tuple[Figure, ...], Passage, Passage]]:
    """Each total before a colon with one part from every line, and the first and last of these lines."""
    prose = view.prose
    for i, head in enumerate(prose):
        if not view.text[head.start : head.end].rstrip().endswith(":"):
            continue
        lines = _lines(view, prose[i + 1 :], _bullet(view, head))
        if len(lines) < _LEAST:
            continue
        last = view.sentence(head.end - 1)
        for whole in _wholes(view, last.start, head.end):
            parts = [_first(view, line, measure(view, whole), measure) for line in lines]
            if all(parts):
                yield whole, tuple(part for part in parts if part), lines[0], lines[-1]


def _bullet(view: View, passage: Passage) -> str:
    found = _BULLET.match(view.text, passage.start, passage.end)
    return str(found[1])[-1] if found else ""


def _lines(view: View, following: Sequence[Passage], above: str) -> list[Passage]:
    """The lines of one bullet, other than that of the line above, directly behind it."""
    first = _bullet(view, following[0]) if following else ""
    lines: list[Passage] = []
    for passage in following if first and first != above else ():
        if _bullet(view, passage) != first:
            break
        lines.append(passage)
    return lines


def _wholes(view: View, start: int, end: int) -> Iterator[Figure]:
    """Figures of the last sentence before the colon that stand in no bracket and are no comparison."""
    for figure in view.between(start, end):
        before = view.low[start : figure.start]
        plain = figure.kind == "quantity" and figure.change == "level" and figure.qualifier == "="
        if plain and before.count("(") <= before.count(")") and not _COMPARED.search(before):
            yield figure


def _first(view: View, line: Passage, wanted: str, measure: Measure) -> Figure | None:
    """The line's first figure of the measure; None where it has none or it is a comparison."""
    for figure in view.between(line.start, line.end):
        if figure.kind == "quantity" and wanted and measure(view, figure) == wanted:
            return figure if figure.change == "level" and figure.qualifier == "=" else None
    return None
