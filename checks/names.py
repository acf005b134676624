"""Another commune's name where the report's own belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex

from checks.draft import Draft, evidence, identity
from checks.settings import CheckSettings
from checks.view import View
from schema.model import Evidence, Passage, Severity
from schema.text import key

_TYPED = (
    r"(?P<type>xã|phường|thị trấn|đặc khu)\s+"
    r"(?P<name>\p{Lu}[\p{L}’'`]*(?:[ -]\p{Lu}[\p{L}’'`]*|\s\d{1,2}\b(?!/)){0,3})"
)
_UNIT = regex.compile(
    r"(?P<who>(?:UBND|[ỦUủu][yỷ] ban nhân dân|HĐND|Hội đồng nhân dân|Đảng [ủu][yỷ]|[Đđ]ịa bàn|[Tt]oàn|[Nn]hân dân|"
    r"[Cc]hính quyền)\s+)" + _TYPED
)
# "BIỂU TỔNG HỢP HỒ SƠ THÁNG 4/2023 CỦA XÃ …": a caption in capitals says whose figures follow
_CAPTION = regex.compile(
    r"\b(?P<who>CỦA(?:\s+UBND)?|UBND|ỦY BAN NHÂN DÂN|ĐỊA BÀN|TẠI)\s+(?P<type>XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\s+"
    r"(?P<name>\p{Lu}+(?:[ ’'-]\p{Lu}+){0,5}?(?:\s\d{1,2}\b)?)"
    r"(?=\s*$|\s*[,;:.(–-]|\s+(?:NĂM|THÁNG|QUÝ|ĐẾN|TÍNH|GIAI ĐOẠN|TỪ|THEO|VÀ|TRONG|KHÓA|NHIỆM KỲ)\b)"
)
_ANY_UNIT = regex.compile(r"(?P<who>)\b" + _TYPED)
_TRULY_CLOSING = regex.compile(r"trên đây là")
_CLOSING = regex.compile(r"trên đây là|báo cáo kết quả|báo cáo tình hình|xin báo cáo|báo cáo .* của")
_RUNS_ON = regex.compile(r" \p{Ll}")
BENIGN = regex.compile(
    r"giáp|phối hợp|liên kết|\(cũ\)|trước đây|sáp nhập|sắp xếp|hình thành|hợp nhất|chuyển|điều động|tiếp nhận|học tập|"
    r"kinh nghiệm|giao lưu|ranh|cùng với|lân cận|liên xã|liên danh|cụm|kết nghĩa|đoàn công tác|tham quan|hỗ trợ|nhập|"
    r"chia tách|"
    r"các xã|nguyên là|xã bạn|kiểm tra chéo|cũ\b"
)
_SELF = frozenset(map(key, ("UBND", "Ủy ban nhân dân", "toàn", "địa bàn", "của", "của UBND", "tại")))
_NO_NAME = frozenset(
    key(
        "Đảng Đoàn Hội Ban Ủy Uỷ Mặt MTTQ Công Trạm Trường Chủ Phó Bí Nông Thực Trong Các Năm Về "
        "Tổ Sau Đến Từ Ngày Có Là Đã Tiếp"
    ).split()
)


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    own = view.facts.header.commune
    if not own:
        return
    home = bare(own)
    known = settings.places.names(view.facts.header)
    parent = {key(p) for p in (view.facts.header.district, view.facts.header.province) if p}
    seen: set[str] = set()
    for passage in view.document.passages:
        if passage.zone != "body" or (passage.kind == "heading" and passage.start < 200):
            continue
        for found in _named(view, passage):
            name = _clean(found["name"])
            lone = " " not in name and _RUNS_ON.match(view.text, found.end()) is not None
            if lone or not name or same_name(key(name), home) or key(name) in {*parent, *known, *seen}:
                continue
            severity = _severity(view, found.start("name"), found["who"])
            if severity is None:
                continue
            seen.add(key(name))
            start, end = found.start(), found.start("name") + len(name)
            yield Draft(
                "name-mismatch",
                "closing",
                {"own": own, "name": f"{found['type'].lower()} {name}"},
                (evidence("claim", start, end), *_home(view, home)),
                identity(name),
                severity=None if severity == "error" else severity,
            )


def _named(view: View, passage: Passage) -> Iterator[Any]:
    """The names of communes in a passage; those in capitals only where it is a line of capitals."""
    yield from _UNIT.finditer(view.text, passage.start, passage.end)
    closing = _TRULY_CLOSING.search(view.low, passage.start, passage.end)
    if closing:  # "Trên đây là kết quả … của Trung tâm … xã …"
        yield from _ANY_UNIT.finditer(view.text, closing.start(), view.sentence(closing.start()).end)
    line = view.text[passage.start : passage.end]
    if line.isupper() and passage.start >= _letterhead_end(view):
        yield from _CAPTION.finditer(view.text, passage.start, passage.end)


def _letterhead_end(view: View) -> int:
    """Where the opening ends: the commune's own letterhead and title stand before."""
    body = view.paragraphs
    return body[min(len(body) - 1, 6)].end if body else 0


def _home(view: View, home: str) -> tuple[Evidence, ...]:
    """Where the report names itself: the other side of the finding."""
    for passage in view.document.passages:
        at = key(view.text[passage.start : passage.end]).find(home)
        if at < 0:
            continue
        words = regex.finditer(
            r"\p{Lu}[\p{L}’'`]*(?:[ -]\p{Lu}[\p{L}’'`]*){0,4}", view.text[passage.start : passage.end]
        )
        for word in words:
            if home in key(word[0]):
                return (evidence("counter", passage.start + word.start(), passage.start + word.end()),)
    return ()


def bare(name: str) -> str:
    """The name for comparing, without ``xã`` and the like."""
    return key(regex.sub(r"^(?:xã|phường|thị trấn|đặc khu)\s+", "", name.strip(), flags=regex.IGNORECASE))


def _clean(name: str) -> str:
    """The name without a following sentence's first word."""
    words = name.split()
    if key(words[0]) in _NO_NAME:
        return ""
    kept = [words[0]]
    for word in words[1:]:
        if key(word) in _NO_NAME:
            break
        kept.append(word)
    return " ".join(kept)


def same_name(name: str, home: str) -> bool:
    return name == home or name.startswith(home + " ") or home.startswith(name + " ") or home.endswith(" " + name)


def _severity(view: View, at: int, who: str) -> Severity | None:
    """Certain where the report speaks of itself (opening, closing); nothing where neighbours are the topic."""
    sentence = view.sentence(at)
    wording = view.low[sentence.start : sentence.end]
    if regex.search(r"trên đây là", wording):
        return "error"
    if BENIGN.search(wording):
        return None
    opening = at < _letterhead_end(view)
    if _CLOSING.search(wording) and (opening or sentence.start > len(view.text) * 0.9):
        return "error"
    return "warning" if key(who).strip() in _SELF else "info"
