"""Runs of the text that an earlier extractor took: citations before dates before numbers."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable


class Taken:
    """Disjoint spans; ``15/KH-UBND`` once taken is never a ratio."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._spans: list[tuple[int, int]] = []
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        insort(self._spans, (start, end))

    def overlaps(self, start: int, end: int) -> bool:
        at = bisect_right(self._spans, (end, -1))
        return any(s < end and start < e for s, e in self._spans[max(0, at - 3) : at])

    def free(self, start: int, end: int) -> bool:
        return not self.overlaps(start, end)
