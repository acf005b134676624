"""Documents that the report cites: two dates for one, two numbers for one, numbers against dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

import regex

from checks.draft import Draft, evidence, identity
from checks.phrases import content, likeness, overlap
from checks.settings import CheckSettings
from checks.view import View
from schema.eras import REFORM
from schema.model import Citation, Evidence
from schema.text import key

_LOW_NUMBER = 20
"""Below it an office may well give one number on one day of two years (its first plan of each)."""
_SUBJECT_ENDS = regex.compile(r"[;.\n]|,? (?:trong đó|kèm theo)\b|\t")
_ABOUT = regex.compile(
    r"[,\s]*(?:(?:ngày|của|do)\s+[^;.,\n]{0,60}?[,\s]\s*)??(?:về(?: việc)?|v/v|triển khai|"
    r"thực hiện|thành lập|kiện toàn|ban hành|phê duyệt|tổ chức)\b"
)
_GOES_ON = regex.compile(
    r"\s+(?:với (?:các|những|nhiều|mục)|nhằm|để\b|bảo đảm|đảm bảo|đạt kết quả|theo (?:đúng|kế hoạch|quy định)|trong đó)"
    r"|[\s,]+(?:và|để|cùng|với)$"
)
_OWN_OFFICE = tuple(key(words) for words in ("UBND", "Ủy ban nhân dân"))
_SCOPE = ("thôn", "xã", "phường", "thị trấn", "huyện", "quận", "thành phố", "tỉnh")


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    dated = list(_date_conflicts(view))
    yield from dated
    numbered = list(_number_conflicts(view, settings))
    yield from numbered
    yield from _year_against_date(view)
    settled = {part for draft in (*dated, *numbered) for part in draft.identity}
    yield from _order(view, settings, settled)
    yield from _incomplete(view)


def span(citation: Citation) -> tuple[int, int]:
    """The citation with its date, where that stands within a line of it."""
    start, end = citation.start, citation.end
    if citation.date_start is not None and citation.date_end is not None:
        start, end = min(start, citation.date_start), max(end, citation.date_end)
    return start, end


def _evidence(role: str, view: View, citation: Citation) -> Evidence:
    start, end = span(citation)
    if view.text.find("\n", start, end) >= 0 or end - start > 400:
        start, end = citation.start, citation.end
    return evidence(role, start, end)


def printed(citation: Citation) -> str:
    """The date as the report writes it."""
    if citation.issued_text:
        return str(regex.sub(r"^\W*(?:ngày\s+)?", "", citation.issued_text, flags=regex.IGNORECASE))
    return citation.issued_on.strftime("%d/%m/%Y") if citation.issued_on else ""


def document_key(citation: Citation) -> str | None:
    """Equal for mentions of one document whatever year their dates give: issuer, era, type and number."""
    if not citation.code or not citation.number:
        return None
    era = "" if citation.issued_on is None else ("2" if citation.issued_on >= REFORM else "1")
    return "|".join((citation.issuer_level or "?", key(citation.issuer or ""), key(citation.code), era))


def _date_conflicts(view: View) -> Iterator[Draft]:
    groups: dict[str, list[Citation]] = defaultdict(list)
    for citation in view.facts.citations:
        if citation.issued_on is not None and citation.code:
            groups[citation.identity or document_key(citation) or citation.code].append(citation)
    seen: set[str] = set()
    for group in groups.values():
        if len({c.issued_on for c in group}) > 1:
            seen.add(group[0].code)
            yield _date_conflict(view, group)
    years: dict[str, list[Citation]] = defaultdict(list)
    for citation in view.facts.citations:
        name = document_key(citation)
        if name and citation.issued_on is not None and citation.code not in seen:
            years[name].append(citation)
    for group in years.values():
        yield from _year_slip(view, group)
    yield from _swapped_days(view, seen)


def _date_conflict(view: View, group: Sequence[Citation]) -> Draft:
    sides: dict[date, Citation] = {}
    counts: dict[date, int] = defaultdict(int)
    for citation in group:
        assert citation.issued_on is not None
        sides.setdefault(citation.issued_on, citation)
        counts[citation.issued_on] += 1
    ordered = list(sides.values())
    first, other = ordered[0], ordered[1]
    return Draft(
        "citation-date-conflict",
        "two-dates",
        {
            "code": first.code,
            "date_a": printed(first),
            "date_b": printed(other),
            "dates": "; ".join(f"{printed(c)} ({counts[c.issued_on]})" for c in ordered if c.issued_on),
        },
        tuple(_evidence("claim" if i == 0 else "counter", view, c) for i, c in enumerate(ordered)),
        identity(first.code, *sorted(str(c.issued_on) for c in ordered)),
    )


def _year_slip(view: View, group: Sequence[Citation]) -> Iterator[Draft]:
    """One number, one day and month, two years, one subject: a slip of the year rather than two documents."""
    for i, one in enumerate(group):
        for other in group[i + 1 :]:
            assert one.issued_on is not None and other.issued_on is not None
            same_day = (one.issued_on.day, one.issued_on.month) == (other.issued_on.day, other.issued_on.month)
            if one.issued_on.year == other.issued_on.year or not same_day:
                continue
            a, b = content(subject(view, one)), content(subject(view, other))
            alike = len(a) >= 3 and len(b) >= 3 and overlap(a, b) >= 0.7
            if alike or (not (a and b) and _number(one) >= _LOW_NUMBER):
                yield _date_conflict(view, (one, other))
                return


def _number(citation: Citation) -> int:
    digits = regex.match(r"\d+", citation.number or "")
    return int(digits[0]) if digits else 0


def _swapped_days(view: View, seen: set[str]) -> Iterator[Draft]:
    """``03/7/2025`` and ``07/3/2025`` for one number of one office: day and month changed places, over any reform."""
    codes: dict[tuple[str, str], list[Citation]] = defaultdict(list)
    for citation in view.facts.citations:
        if citation.issued_on is not None and citation.code and citation.code not in seen:
            codes[citation.code, citation.issuer_level or ""].append(citation)
    for group in codes.values():
        for one, other in combinations(group, 2):
            a, b = one.issued_on, other.issued_on
            if a and b and a != b and (a.year, a.month, a.day) == (b.year, b.day, b.month):
                yield _date_conflict(view, (one, other))
                break


def subject(view: View, citation: Citation) -> str:
    """What the document is about: as extracted, else the words behind it up to the end of the clause.

    What a clause or document after it is about is not its subject: ``…, UBND xã đã ban hành Kế hoạch … về …``.
    """
    if citation.subject:
        return _cut(citation.subject)
    _, end = span(citation)
    stop = _SUBJECT_ENDS.search(view.low, end)
    tail = view.text[end : min(stop.start() if stop else end, end + 300)]
    next_one = min((c.start for c in view.facts.citations if c.start >= end), default=len(view.text))
    return _cut(tail) if _ABOUT.match(view.low, end, next_one) else ""


def _cut(subject: str) -> str:
    """The subject without what the sentence goes on to say of the document."""
    goes_on = _GOES_ON.search(subject, 12) if len(subject) > 12 else None
    return subject[: goes_on.start()] if goes_on else subject


def _number_conflicts(view: View, settings: CheckSettings) -> Iterator[Draft]:
    alike = float(settings.threshold("citation-number-conflict", "alike"))
    cited = [c for c in view.facts.citations if c.number and c.issued_on and c.code]
    subjects = {id(c): content(subject(view, c)) for c in cited}
    done: set[frozenset[str]] = set()
    series: dict[tuple[str, str], list[Citation]] = defaultdict(list)
    for citation in cited:
        series[(_symbol(citation), citation.issuer_level or "")].append(citation)
    for one, other in (pair for group in series.values() for pair in combinations(group, 2)):
        pair = frozenset((one.code, other.code))
        if len(pair) == 1 or pair in done or not _comparable(view, one, other):
            continue
        same = _one_subject(subjects[id(one)], subjects[id(other)], one, other, alike)
        if not same and not _subject_before(view, one, other, subjects):
            continue
        done.add(pair)
        yield Draft(
            "citation-number-conflict",
            "same-date" if one.issued_on == other.issued_on else "two-dates",
            {
                "code_a": one.code,
                "code_b": other.code,
                "date_a": printed(one),
                "date_b": printed(other),
                "subject": (subject(view, one) or subject(view, other)).strip(),
            },
            (_evidence("claim", view, one), _evidence("counter", view, other)),
            identity(*sorted((one.code, other.code))),
        )


def _comparable(view: View, one: Citation, other: Citation) -> bool:
    """Same issuer and year, cited in different paragraphs: one paragraph lists different documents."""
    assert one.issued_on and other.issued_on
    if one.issuer and other.issuer and key(one.issuer) != key(other.issuer):
        return False
    if one.issued_on.year != other.issued_on.year:
        return False
    a, b = view.passage(one.start), view.passage(other.start)
    return a is None or b is None or a.id != b.id


def _symbol(citation: Citation) -> str:
    """What follows the number: ``/KH-UBND``."""
    return key(regex.sub(r"^\d+[a-zđ]?", "", citation.code, flags=regex.IGNORECASE))


def _one_subject(a: Sequence[str], b: Sequence[str], one: Citation, other: Citation, alike: float) -> bool:
    if {w for w in a if w in _SCOPE} ^ {w for w in b if w in _SCOPE} and _level_words(a) != _level_words(b):
        return False
    if one.issued_on == other.issued_on and len(a) >= 3 and list(a) == list(b):
        return True
    if one.issued_on == other.issued_on and _swapped(one.number or "", other.number or ""):
        return min(len(a), len(b)) >= 3 and likeness(a, b) >= alike / 2
    return min(len(a), len(b)) >= 5 and likeness(a, b) >= alike


def _subject_before(view: View, one: Citation, other: Citation, subjects: Mapping[int, list[str]]) -> bool:
    """``Tổ chức khám sơ tuyển … theo Kế hoạch số 31 …``: the subject stands before the citation; digits of one date."""
    if one.issued_on != other.issued_on or not _swapped(one.number or "", other.number or ""):
        return False
    for bare, named in ((one, other), (other, one)):
        words = subjects[id(named)]
        if not subjects[id(bare)] and len(words) >= 3:
            before = content(view.text[view.sentence(bare.start).start : bare.start])
            return overlap(words, before) >= 0.7
    return False


def _level_words(tokens: Sequence[str]) -> set[str]:
    found = {w for w in tokens if w in _SCOPE}
    return found - {"xã", "phường"} if found & {"xã", "phường"} and len(found) == 1 else found


def _swapped(a: str, b: str) -> bool:
    return len(a) == len(b) and a != b and sorted(a) == sorted(b)


def _year_against_date(view: View) -> Iterator[Draft]:
    """``29/2018/QĐ-UBND`` dated 2019: the year in a normative document's number is the year it was issued."""
    done: set[str] = set()
    for citation in view.facts.citations:
        in_code = regex.match(r"\d+[a-zđ]?/(\d{4})/", citation.code)
        if not in_code or citation.issued_on is None or citation.code in done:
            continue
        if citation.date_start is None or citation.date_start < citation.start:
            continue  # "Ngày …, UBND xã ban hành … theo Thông tư …": the day is another document's
        if int(in_code[1]) != citation.issued_on.year:
            done.add(citation.code)
            yield Draft(
                "citation-date-conflict",
                "year-in-number",
                {"code": citation.code, "year": in_code[1], "date_a": printed(citation)},
                _number_and_day(citation),
                identity(citation.code, citation.issued_on),
            )


def _number_and_day(citation: Citation) -> tuple[Evidence, ...]:
    """The number that carries a year, and the date that says another."""
    assert citation.date_start is not None and citation.date_end is not None
    number_end = citation.date_start if citation.start < citation.date_start < citation.end else citation.end
    return (
        evidence("claim", citation.start, number_end),
        evidence("counter", citation.date_start, citation.date_end),
    )


def _order(view: View, settings: CheckSettings, settled: set[str]) -> Iterator[Draft]:
    """Within the commune's own series of a year, a higher number is not older (21 < 21a < 22)."""
    series: dict[tuple[str, str, int, bool], dict[str, Citation]] = defaultdict(dict)
    for c in view.facts.citations:
        if c.issuer_level != "commune" or c.issued_on is None or not c.number or "/" not in c.code:
            continue
        if key(c.code) in settled or regex.match(r"\d+[a-zđ]?(?:-|/\d{4}/)", c.code):
            continue
        issuer = key(c.issuer or "")
        issuer = "" if issuer.startswith(_OWN_OFFICE) else issuer
        series[(issuer, _symbol(c), c.issued_on.year, c.issued_on >= REFORM)].setdefault(key(c.code), c)
    for members in series.values():
        yield from _disorder(view, sorted(members.values(), key=_rank), settings)


def _rank(citation: Citation) -> tuple[int, str]:
    found = regex.match(r"(\d+)([a-zđ]?)", key(citation.code))
    assert found is not None
    return int(found[1]), found[2]


def _disorder(view: View, members: Sequence[Citation], settings: CheckSettings) -> Iterator[Draft]:
    kept = _longest_rise([_day(c) for c in members])
    for i, odd in enumerate(members):
        if i in kept:
            continue
        partner = _against(members, i, kept)
        if partner is None:
            continue
        low, high = sorted((odd, partner), key=_rank)
        clear = len(members) >= int(settings.threshold("number-date-order", "series"))
        yield Draft(
            "number-date-order",
            "series",
            {"code_a": low.code, "code_b": high.code, "date_a": printed(low), "date_b": printed(high)},
            (_evidence("claim", view, odd), _evidence("counter", view, partner)),
            identity(low.code, high.code, *(str(c.issued_on) for c in (low, high))),
            severity=None if clear else "info",
        )


def _day(citation: Citation) -> date:
    assert citation.issued_on is not None
    return citation.issued_on


def _against(members: Sequence[Citation], odd: int, kept: set[int]) -> Citation | None:
    """The nearest member in order that the odd one contradicts."""
    clash = [
        i
        for i in kept
        if (i < odd and _day(members[i]) > _day(members[odd])) or (i > odd and _day(members[i]) < _day(members[odd]))
    ]
    return members[min(clash, key=lambda i: abs(i - odd))] if clash else None


def _longest_rise(days: Sequence[date]) -> set[int]:
    """Indices of a longest non-decreasing run of dates: what lies outside is out of order."""
    best: list[tuple[int, int | None]] = []
    for i, day in enumerate(days):
        before = [(best[j][0], j) for j in range(i) if days[j] <= day]
        length, previous = max(before, default=(0, -1))
        best.append((length + 1, previous if length else None))
    kept: set[int] = set()
    at: int | None = max(range(len(days)), key=lambda i: best[i][0], default=None)
    while at is not None:
        kept.add(at)
        at = best[at][1]
    return kept


def _incomplete(view: View) -> Iterator[Draft]:
    """A document named by type and number only ("Quyết định 41 của UBND tỉnh")."""
    for citation in view.facts.citations:
        if citation.incomplete and citation.number:
            text = view.text[citation.start : citation.end]
            yield Draft(
                "citation-incomplete",
                "number-only",
                {"text": text},
                (evidence("claim", citation.start, citation.end),),
                identity(text),
                severity="info",
            )


def mentions(citations: Iterable[Citation], code: str) -> list[Citation]:
    return [c for c in citations if key(c.code) == key(code)]
