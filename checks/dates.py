"""Dates that do not exist, run backwards, or lie after the report that states them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import regex

from checks.citations import printed, span
from checks.draft import Draft, evidence, identity
from checks.settings import CheckSettings
from checks.view import View

_YEARS = regex.compile(r"\b(?:giai đoạn|nhiệm kỳ|kỳ|năm học)\s+((?:19|20)\d\d)\s*[-–]\s*((?:19|20)\d\d)\b")
_PLANNED = regex.compile(
    r"phấn đấu|dự kiến|mục tiêu|nhiệm vụ|kế hoạch|chỉ tiêu|trước ngày|sẽ |đề nghị|tiếp tục|hoàn thành .*trước|thời hạn|"
    r"có hiệu lực|hạn cuối|chậm nhất"
)


# "Ngày …, UBND phường đã tổ chức": a past event, no deadline
_PAST_EVENT = regex.compile(r",?\s+(?:[\p{L}]+\s+){0,6}?đã\s+(?!được\s+(?:giao|ban\s+hành))")


# "… đã đối thoại với 64 hộ dân vào ngày …": deeds that are over, not what was prepared for a day to come
_DEED = regex.compile(
    r"\bđã\s+(?:tổ chức|tiến hành|đối thoại|tiếp|gặp|họp|làm việc|kiểm tra|giám sát|ra quân|tập huấn|khai mạc|"
    r"khai trương|khánh thành|khởi công|bàn giao|trao|tặng|thăm|diễn ra|hoàn thành|giải quyết|xử lý|tháo dỡ|thu hồi|"
    r"cưỡng chế|rà soát|niêm yết|công khai)(?!\s+(?:việc|công tác|danh sách))\b"
    r"[^.;,]*?(?:vào|trong|ngày|hôm)\s*(?:ngày\s*)?$"
)


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    yield from _impossible(view)
    yield from _backwards(view)
    yield from _after_report(view)


def _impossible(view: View) -> Iterator[Draft]:
    taken: set[int] = set()
    for mention in view.facts.dates:
        if mention.kind == "day" and mention.start_on is None:
            taken.add(mention.start)
            yield _no_such_day(view, mention.start, mention.end)
    for citation in view.facts.citations:
        start, end = citation.date_start, citation.date_end
        impossible = citation.issued_on is None and citation.issued_text
        if impossible and start is not None and end is not None and not any(start <= at < end for at in taken):
            yield _no_such_day(view, start, end)


def _no_such_day(view: View, start: int, end: int) -> Draft:
    text = view.text[start:end]
    return Draft("invalid-date", "no-such-day", {"date_a": text}, (evidence("claim", start, end),), identity(text))


def _backwards(view: View) -> Iterator[Draft]:
    for found in _YEARS.finditer(view.low):
        if int(found[2]) < int(found[1]):
            text = view.text[found.start() : found.end()]
            yield Draft(
                "invalid-date",
                "backwards",
                {"date_a": text},
                (evidence("claim", found.start(), found.end()),),
                identity(text),
                severity="warning",
            )
    for mention in view.facts.dates:
        if mention.kind == "range" and mention.start_on and mention.end_on and mention.end_on < mention.start_on:
            text = view.text[mention.start : mention.end]
            if not _YEARS.search(view.low, mention.start, mention.end):
                yield Draft(
                    "invalid-date",
                    "backwards",
                    {"date_a": text},
                    (evidence("claim", mention.start, mention.end),),
                    identity(text),
                    severity="warning",
                )


def _after_report(view: View) -> Iterator[Draft]:
    issued = view.facts.header.issued_on
    if issued is None:
        return
    cited: set[int] = set()
    done: set[tuple[str, date]] = set()
    for citation in view.facts.citations:
        if citation.date_start is not None:
            cited.add(citation.date_start)
        if citation.issued_on is None or citation.issued_on <= issued or (citation.code, citation.issued_on) in done:
            continue
        done.add((citation.code, citation.issued_on))
        start, end = span(citation)
        yield Draft(
            "date-out-of-period",
            "cited-after",
            {"code": citation.code, "date_a": printed(citation), "issued": issued.strftime("%d/%m/%Y")},
            (evidence("claim", start, end),),
            identity(citation.code, citation.issued_on),
        )
    yield from _event_after(view, issued, cited)
    yield from _data_after(view, issued, cited)


def _event_after(view: View, issued: date, cited: set[int]) -> Iterator[Draft]:
    """``Ngày 12/12/2025, phường đã tổ chức …`` in a report of November: told as past, dated later."""
    for mention in view.facts.dates:
        day = mention.start_on
        if mention.kind != "day" or day is None or day <= issued or mention.start in cited:
            continue
        sentence = view.sentence(mention.start)
        start, end = mention.start, min(mention.end + 70, sentence.end)
        deed = _DEED.search(view.low, sentence.start, mention.start)
        if deed is not None:
            start, end = deed.start(), mention.end
        elif not _PAST_EVENT.match(view.low, mention.end, end):
            continue
        if not _PLANNED.search(view.low, sentence.start, mention.end):
            yield Draft(
                "date-out-of-period",
                "event-after",
                {
                    "text": " ".join(view.text[start:end].split()),
                    "date_a": day.strftime("%d/%m/%Y"),
                    "issued": issued.strftime("%d/%m/%Y"),
                },
                (evidence("claim", start, end),),
                identity("event", day),
                severity="warning" if deed is not None else None,
            )


def _data_after(view: View, issued: date, cited: set[int]) -> Iterator[Draft]:
    """Figures "as of" a day after the report was signed."""
    for mention in view.facts.dates:
        if mention.role != "as-of" or mention.kind != "day" or mention.start_on is None or mention.start_on <= issued:
            continue
        sentence = view.sentence(mention.start)
        if mention.start in cited or _PLANNED.search(view.low, sentence.start, sentence.end):
            continue
        plan = any(
            regex.search(r"phương hướng|nhiệm vụ|mục tiêu", s.heading.casefold()) for s in view.path(mention.start)
        )
        if not plan:
            text = view.text[mention.start : mention.end]
            yield Draft(
                "date-out-of-period",
                "data-after",
                {"date_a": text, "issued": issued.strftime("%d/%m/%Y")},
                (evidence("claim", mention.start, mention.end),),
                identity(text),
                severity="warning",
            )
