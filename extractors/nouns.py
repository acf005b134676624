"""What a number counts: the noun phrase behind it, or the label before it."""
from __future__ import annotations

from functools import lru_cache

import regex

from extractors.lexicon import data
from schema.text import aligned

_WORD = regex.compile(r"\s*([\p{L}\p{M}][\p{L}\p{M}\d/&-]*|[,](?= bài))")
_RUN = regex.compile(r"\S+")
_MARK = regex.compile(r"[\s\p{P}\p{S}]+")  # the dash or bullet of an item
_BREAK = regex.compile(r"[.;:,()\t\n\"“”|%\d]")
# when, not what: "tổng thu 6 tháng đầu năm", "tỷ lệ hộ nghèo năm 2031"
_WHEN = regex.compile(
    r"(?<=\s)(?:trong )?(?:\d{1,2} tháng(?: (?:đầu|cuối))?(?: năm)?(?: \d{4})?|(?:cả )?năm \d{4}|"
    r"quý (?:i{1,3}|iv)(?:/\d{4}| năm \d{4})?|tháng \d{1,2}(?:/\d{4}| năm \d{4})?)\s*$"
)


@lru_cache(maxsize=1)
def _tables() -> tuple[frozenset[str], tuple[str, ...], frozenset[str], int, int]:
    rows = data("nouns")
    return (
        frozenset(map(aligned, rows["stop"])),
        tuple(map(aligned, rows["onward"])),
        frozenset(map(aligned, rows["connectors"])),
        rows["max_words"],
        rows["label_words"],
    )


def phrase_end(low: str, start: int, end: int, *, first: bool = False) -> int:
    """Where the noun phrase that begins at ``start`` ends, at most at ``end``; ``start`` itself when none does.

    ``first``: nothing of the phrase stands before ``start`` yet, so a stop word there means that there is none.
    """
    stop, onward, _, limit, _ = _tables()
    place = start
    for count in range(limit):
        word = _WORD.match(low, place, end)
        if word is None:
            break
        if word[1] in stop and not (
            (count or not first) and any(low.startswith(cue, word.start(1)) for cue in onward)
        ):
            break
        place = word.end()
        if low[place : place + 1] not in ("", " "):
            break
    return place


def label_start(low: str, start: int, floor: int) -> tuple[int, int]:
    """The label before a number at ``start``: (start, end) in the text; empty (equal) when there is none."""
    _, _, connectors, _, limit = _tables()
    window = low[max(floor, start - 80) : start]
    base = start - len(window)
    right = len(window.rstrip(" :=-–("))
    while right > 0:
        space = window.rfind(" ", 0, right)
        word = window[space + 1 : right]
        if word in connectors or not word:
            right = len(window[: max(space, 0)].rstrip(" :=-–"))
        elif when := _WHEN.search(window, 0, right):
            right = len(window[: when.start()].rstrip(" :=-–"))
        else:
            break
    left = 0
    for found in _BREAK.finditer(window, 0, right):
        left = found.end()
    if mark := _MARK.match(window, left, right):
        left = mark.end()
    words = [m.start() for m in _RUN.finditer(window, left, right)]
    if not words:
        return start, start
    return base + words[max(0, len(words) - limit)], base + right
