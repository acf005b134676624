"""Head counts wherever used: computers, mailboxes, shares of "cán bộ, công chức" against the staff present."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from checks import timing
from checks.draft import Draft, identity
from checks.settings import CheckSettings
from checks.totals import phrase, proof
from checks.values import groups
from checks.view import Figure, View

_STAFF = regex.compile(r"\s*(?:đồng\s+chí\s+(?:là\s+)?)?cán\s+bộ\s*(?:,|và)?\s*công\s+chức(?!\s*,?\s*viên\s+chức)")
_ALL_USE = regex.compile(
    r"máy\s+(?:vi\s+)?tính|thư\s+điện\s+tử|e-?mail|hòm\s+thư|hộp\s+thư|máy\s+tính|phần\s+mềm\s+quản\s+lý|định\s+danh"
)
_TOTAL = regex.compile(
    r"(?:hiện\s+(?:nay\s+)?có|tổng\s+số\s+cán\s+bộ\s*(?:,|và)?\s*công\s+chức[^.;\d]{0,40}(?:là|có|:))\s*(?:tổng\s+số\s+)?$"
)
_MAILBOX = regex.compile(
    r"\s*(?:tài\s+khoản|hộp|hòm|địa\s+chỉ)\s+thư\s+(?:điện\s+tử\s+)?(?:công\s+vụ)?[^.;,]{0,25}cán\s+bộ\s*(?:,|và)?\s*công\s+chức"
)


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    present = _present(view)
    if not present:
        return
    total = present[0]
    counts = {f.value for f in present}
    others = [f for f in _used(view) if f.value not in counts and abs(f.value - total.value) * 4 <= total.value]
    if not others:
        return
    shown = "; ".join(dict.fromkeys(phrase(view, f) for f in others))
    yield Draft(
        "staff-mismatch",
        "elsewhere",
        {"total": phrase(view, total), "others": shown},
        (proof(view, "claim", total), *(proof(view, "counter", f) for f in others)),
        identity(total.value, *sorted({str(f.value) for f in others})),
        severity=None if any(_STAFF.match(view.low, f.end) for f in others) else "warning",
        operands=frozenset(f.start for f in (total, *others)),
    )


def _present(view: View) -> list[Figure]:
    """Statements of the staff present: the indicator, else the wording."""
    wanted = {
        v.start: v
        for (code, scope, part), group in groups(view).items()
        if code == "staff.total" and not scope and not part
        for v in group
        if not timing.elsewhen(view, v)
    }
    starts = sorted(wanted)
    found = [
        f
        for f in _sides(view)
        if any(v.start <= f.start < v.end and f.value == v.value for v in (wanted[s] for s in starts))
        and not _universal(view, f)
    ]
    if found:
        return found
    return [
        f
        for f in view.figures
        if f.kind == "quantity"
        and (_TOTAL.search(view.low, max(0, f.start - 90), f.start))
        and regex.match(r"\s*(?:đồng\s+chí|người|cán\s+bộ)", view.low[f.end : f.end + 20])
        and "công chức" in view.low[max(0, f.start - 90) : f.end + 40]
    ]


def _sides(view: View) -> Iterator[Figure]:
    for figure in view.figures:
        if figure.kind == "quantity":
            yield figure
        elif figure.kind == "ratio" and figure.other is not None:
            yield figure.other


def _universal(view: View, figure: Figure) -> bool:
    sentence = view.sentence(figure.start)
    return (
        _ALL_USE.search(view.low, max(sentence.start, figure.start - 80), min(sentence.end, figure.end + 80))
        is not None
    )


def _used(view: View) -> Iterator[Figure]:
    """Counts of all staff in other connections: ``máy vi tính cho 18 cán bộ, công chức``, ``thư điện tử 18/18``."""
    for figure in _sides(view):
        if figure.change != "level" or figure.qualifier != "=":
            continue
        behind = _STAFF.match(view.low, figure.end) is not None
        mailboxes = figure.kind == "quantity" and _MAILBOX.match(view.low, figure.end)
        if mailboxes or (behind and _universal(view, figure)):
            yield figure
        elif figure.kind == "ratio" and not behind:
            sentence = view.sentence(figure.start)
            before = view.low[max(sentence.start, figure.start - 90) : figure.start]
            if regex.search(r"cán\s+bộ\s*(?:,|và)?\s*công\s+chức", before) and _ALL_USE.search(before):
                yield figure
