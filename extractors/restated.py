"""A named value stated again for another time: ``(năm 2023: 97,1%)``, ``so với quý I (39 lượt)``, ``xuống còn 4%``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from extractors.figures import Figure, Kind
from extractors.frames import Frame
from extractors.qualifiers import TARGETS
from extractors.wording import Sentence

Coded = tuple[Figure, str]
Accepts = Callable[[str, Figure], bool]
"""Whether values of an indicator may be printed in the unit of a figure."""

_TIME = (
    r"l[uũ]y kế|luỹ kế|cùng kỳ|năm|quý|tháng|kỳ trước|tính đến|đến|vụ trước|đầu kỳ|"
    r"\d{1,2} (?:xã|phường|đơn vị)[^;]{0,9} cũ"
)
_COMPARISON = regex.compile(
    r"(?:so với|so cùng|cùng kỳ|năm trước|kỳ trước|quý trước|tháng trước|vụ trước|thời điểm|lũy kế|"
    r"(?:cao|thấp|nhiều|ít) hơn (?:năm|quý|tháng|kỳ|cùng kỳ))[^.;]{0,60}$"
)
_TARGET = regex.compile(rf"(?:{TARGETS}|định mức|giao)[^.;(]{{0,40}}$")
# What came over from then is another value: "17 đơn (kỳ trước chuyển sang 02 đơn, tiếp nhận mới 15 đơn)".
_CARRIED = regex.compile(r"chuyển (?:sang|qua|lại|đến)|để lại|mang sang|tồn")
_ONLY_TIME = regex.compile(rf"\s*(?:{_TIME})\b[^;]*")
_COMPARED_TIME = regex.compile(rf"[^;]*(?:cùng kỳ|(?:năm|quý|tháng|kỳ) trước|(?:{_TIME}) [\w/]+):\s*")
_THEN = regex.compile(
    r"^(?: (?:của |vào |trong )?(?:năm|quý|tháng) [\w/]+)?[ ,]*"
    r"(?:(?:giảm|tăng) còn|(?:(?:giảm|tăng) )?(?:xuống|lên))(?: còn| thành)?[ ]*$"
)
_FROM = regex.compile(r" từ $")
_REMAINS = regex.compile(r" (?:nay )?còn $")
_SINCE = regex.compile(
    r"[\s,;(]*(?:và )?l(?:ũy|uỹ|uy) kế"
    r"(?: (?:từ|đến|tính|đầu|nay|hết|tháng|quý|ngày|năm|cả|kỳ|thời điểm|báo cáo|là|đạt|được|[\d/.]+))*:? ?"
)
_OTHER_TIME = regex.compile(
    r"(?r)(?:^|[\-–+•*,;.:])\s*(?:trong |cả |cùng kỳ |và )?(?:năm(?: trước| ngoái| 20\d\d)|(?:quý|tháng|kỳ) trước|"
    r"quý [ivx\d]+/20\d\d|(?:\d{1,2} )?tháng(?: đầu)? năm 20\d\d|cùng kỳ(?: năm)?(?: trước| 20\d\d)?|cuối (?:năm|kỳ))"
    r"(?:,? \d{1,2} (?:xã|phường|đơn vị)(?: \p{L}+)? cũ)?,?(?: \p{L}+){0,3} ?:? ?$"
)


def code(frame: Frame, sentence: Sentence, inside: Sequence[Figure], position: int, accepts: Accepts) -> str | None:
    """The code of the value before, where the figure at ``position`` is the same for another time."""
    figure = inside[position]
    if figure.change != "level":
        return None
    low = frame.low
    earlier = inside[position - 1] if position else None
    if earlier is not None and earlier.kind == figure.kind and _changed(low, earlier, figure):
        return next((code for other, code in sentence.codes if other is earlier), None)
    if _bracketed(low, sentence.start, figure, earlier):
        return _told(sentence.codes, inside, position, accepts)
    if earlier is not None and _SINCE.fullmatch(low, earlier.end, figure.start):
        return next((code for other, code in sentence.codes if other is earlier and accepts(code, figure)), None)
    if _OTHER_TIME.search(low[max(sentence.start, figure.start - 90) : figure.start]):
        return _only(sentence, figure, accepts)
    return None


def _changed(low: str, earlier: Figure, figure: Figure) -> bool:
    """``12,1% giảm xuống còn 4,6%``, ``từ 12,1% còn 4,6%``."""
    if _THEN.match(low[earlier.end : figure.start]):
        return True
    since = _FROM.search(low, max(0, earlier.start - 5), earlier.start)
    return since is not None and _REMAINS.fullmatch(low, earlier.end, figure.start) is not None


def _bracketed(low: str, start: int, figure: Figure, earlier: Figure | None) -> bool:
    """Whether the figure stands in brackets that name another time or stand behind one."""
    before = low[max(start, figure.pre - 60) : figure.start]
    opened = before.rfind("(")
    if opened < 0 or ")" in before[opened:]:
        return False
    inside, outside = before[opened + 1 :], before[:opened]
    if _CARRIED.search(inside):
        return False
    compared = _COMPARISON.search(outside) is not None
    if compared and _TARGET.search(outside):
        return False
    return compared or any(shape.fullmatch(inside) for shape in (_ONLY_TIME, _COMPARED_TIME)) or (
        earlier is not None and _COMPARISON.search(inside) is not None
    )


def _told(codes: Sequence[Coded], inside: Sequence[Figure], position: int, accepts: Accepts) -> str | None:
    """The last value of the same kind; a difference beside the figure ("tăng 259 hồ sơ") tells which one it is."""
    figure = inside[position]
    alike = [(other, code) for other, code in codes if other.kind in _kinds(figure) and accepts(code, figure)]
    near = inside[max(0, position - 2) : position + 3]
    changes = {one.value for one in near if one.change != "level" and one.kind == figure.kind}
    for other, code in alike:
        if abs(other.value - figure.value) in changes:
            return code
    if _nearest_is_unnamed(codes, inside[:position], figure):
        return None
    return alike[-1][1] if alike else None


def _kinds(figure: Figure) -> frozenset[Kind]:
    """Kinds of values that a figure may restate: counts may be the numerators of then, and the other way round."""
    return frozenset({figure.kind} if figure.kind == "percent" else {"count", "ratio"})


def _nearest_is_unnamed(codes: Sequence[Coded], earlier: Sequence[Figure], figure: Figure) -> bool:
    """Whether the figure before in the same unit is none of an indicator: then it is that one which is stated again."""
    levels = [one for one in earlier if one.change == "level" and one.basis == "actual"]
    alike = [one for one in levels if (one.kind, one.unit) == (figure.kind, figure.unit)]
    return bool(alike) and not any(other is alike[-1] for other, _ in codes)


def _only(sentence: Sentence, figure: Figure, accepts: Accepts) -> str | None:
    """The one indicator that the paragraph has named in this unit, if it is one."""
    told = sentence.before | {(other.kind, code) for other, code in sentence.codes}
    named = {code for kind, code in told if kind in _kinds(figure) and accepts(code, figure)}
    return named.pop() if len(named) == 1 else None
