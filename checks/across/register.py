"""Citations against the office's own register of issued documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import regex

from checks.across.filed import Filed
from checks.across.voices import SAME_SUBJECT, Voice, by_report, draft, inside, one_subject
from checks.draft import Draft
from checks.phrases import content, overlap
from schema.model import Issued
from schema.text import key

_NUMBER = regex.compile(r"^\d+[a-zđ]?\s*[/-](?:\d{4}/)?")


class Register:
    """The issued documents by level, code and year. A number may stand there twice: each of its dates is right."""

    def __init__(self, issued: Iterable[Issued]) -> None:
        self._documents: dict[tuple[str, str, int], list[Issued]] = defaultdict(list)
        self._series: dict[tuple[str, str], list[Issued]] = defaultdict(list)
        for one in issued:
            self._documents[one.level, key(one.code), one.issued_on.year].append(one)
            self._series[one.level, _symbol(one.code)].append(one)

    def knows(self, voice: Voice) -> bool:
        """Whether the number is there for that year."""
        return voice.document in self._documents

    def dates(self, voices: Iterable[Voice]) -> Iterator[tuple[Filed, Draft]]:
        """Numbers that the register has with another date."""
        cited: dict[tuple[str, str, int], list[Voice]] = defaultdict(list)
        for voice in voices:
            if self.knows(voice):
                cited[voice.document].append(voice)
        for name, said in cited.items():
            yield from _other_dates(said, self._documents[name])

    def unknown(self, voices: Iterable[Voice]) -> Iterator[tuple[Filed, Draft]]:
        """Numbers that the register does not have though it has others of that kind from before and after the day."""
        for report, said in by_report(voices):
            for voice in said:
                series = self._series.get((voice.citation.issuer_level or "", _symbol(voice.citation.code)), [])
                if not series or inside(report, voice.citation):
                    continue
                one = _meant(voice, series)
                if one is not None and key(one.code) == key(voice.citation.code):
                    said_there = {"date_b": _printed([one.issued_on])}
                    yield report, draft("register", report, [voice], None, said_there, "error")
                elif one is not None:
                    yield report, draft("register-number", report, [voice], None, {"code_b": one.code})
                elif min(one.issued_on for one in series) <= voice.day <= max(one.issued_on for one in series):
                    yield report, draft("unregistered", report, [voice], None, {}, "info")


def _other_dates(cited: Sequence[Voice], issued: Sequence[Issued]) -> Iterator[tuple[Filed, Draft]]:
    days = {one.issued_on for one in issued}
    right = next((voice for voice in cited if voice.day in days), None)
    subjects = [content(one.subject) for one in issued]
    for report, wrong in by_report(voice for voice in cited if voice.day not in days):
        first = wrong[0]
        if not inside(report, first.citation) and any(one_subject(first.words, words) for words in subjects):
            yield report, draft("register", report, wrong, right, {"date_b": _printed(days)}, "error")


def _meant(voice: Voice, series: Sequence[Issued]) -> Issued | None:
    """The document that the citation must mean: its number a year off, or its day and subject under another number."""
    code, day = key(voice.citation.code), voice.day
    for one in series:
        words = content(one.subject)
        if key(one.code) == code and _month_day(one.issued_on) == _month_day(day) and one_subject(voice.words, words):
            return one
        told = min(len(words), len(voice.words)) >= 3 and overlap(voice.words, words) >= SAME_SUBJECT
        if one.issued_on == day and told:
            return one
    return None


def _month_day(day: date) -> tuple[int, int]:
    return day.month, day.day


def _printed(days: Iterable[date]) -> str:
    return ", ".join(f"{day:%d/%m/%Y}" for day in sorted(days))


def _symbol(code: str) -> str:
    """A code without its number and year: ``15a/KH-UBND`` -> ``kh-ubnd``, ``19-KH/ĐU`` -> ``kh/đu``."""
    return str(_NUMBER.sub("", key(code)))
