"""The time that a value holds for: a cut-off ("tính đến 30/7/2023") for stocks, a period for flows, as worded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regex

from extractors.frames import Frame
from schema import catalogue
from schema.model import DateMention

_CUMULATIVE = regex.compile(r"l[uũ]y kế|luỹ kế|cộng dồn|từ trước đến nay")
# A date says when only where it opens the sentence or stands behind one of these; elsewhere it is part of a name
# ("kế hoạch cải cách hành chính năm 2024").
_OPENS = regex.compile(
    r"(?:(?:^|[(,;:–-]|\btrong|\btừ|\btính|\bđến|\bhết|\bcủa|\bso với|\bcùng kỳ|\bước|\blũy kế|\bcả)\s*)$"
)
_PERIODS = frozenset({"month", "quarter", "half", "year", "range"})


@dataclass(frozen=True, slots=True)
class Timing:
    """``as_of`` for stocks, ``start``..``end`` for flows and rates; None where nothing is said."""

    as_of: date | None = None
    start: date | None = None
    end: date | None = None
    cumulative: bool = False


class Clock:
    """Answers when a value holds, from the dates of its own paragraph."""

    def __init__(self, dates: Sequence[DateMention]) -> None:
        self._dates = sorted(dates, key=lambda mention: mention.start)
        self._starts = [mention.start for mention in self._dates]

    def at(self, frame: Frame, sentence: int, at: int, code: str) -> Timing:
        """The time of a value that stands at ``at`` in the sentence that begins at ``sentence``."""
        cumulative = _CUMULATIVE.search(frame.low, max(sentence, at - 90), at) is not None
        cut_off = self._cut_off(frame, at)
        if catalogue.by_code()[code].kind == "stock":
            return Timing(as_of=cut_off, cumulative=cumulative)
        period = self._period(frame, sentence, at)
        if period is None:
            return Timing(as_of=cut_off, cumulative=cumulative)
        return Timing(None, period.start_on, period.end_on, cumulative)

    def _within(self, start: int, end: int) -> Sequence[DateMention]:
        return self._dates[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _cut_off(self, frame: Frame, at: int) -> date | None:
        """The last cut-off named before in the paragraph."""
        named = [m for m in self._within(frame.start, at) if m.role == "as-of" and m.end_on]
        return named[-1].end_on if named else None

    def _period(self, frame: Frame, sentence: int, at: int) -> DateMention | None:
        for mention in reversed(self._within(sentence, at)):
            if mention.kind not in _PERIODS or mention.role == "as-of":
                continue
            if _OPENS.search(frame.low[sentence : mention.start].lstrip(" -–+*")):
                return mention
        return None
