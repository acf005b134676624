"""Text as it will be stored: NFC, plain blanks, nothing invisible. What was typed stays as typed otherwise."""

from __future__ import annotations

import unicodedata
from array import array

import regex

from ingest.blocks import Run

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\u200e\u200f"
_MARK = regex.compile(r"\p{M}")
_DIRTY = regex.compile(rf"[{_INVISIBLE}\p{{M}}\p{{Cc}}]|[^\S ]|  |^ | $")


def clean(run: Run) -> Run:
    """NFC with every character still knowing its glyph; runs of blanks become one, ends are trimmed."""
    if not _DIRTY.search(run.text) and unicodedata.is_normalized("NFC", run.text):
        return run
    chars: list[str] = []
    origin = array("l")
    known = len(run.origin) == len(run.text)
    for cluster, start in _clusters(run.text):
        for char in unicodedata.normalize("NFC", cluster):
            if char in _INVISIBLE:
                continue
            blank = char.isspace() or unicodedata.category(char) == "Cc"
            if blank and (not chars or chars[-1] == " "):
                continue
            chars.append(" " if blank else char)
            origin.append(run.origin[start] if known else -1)
    if chars and chars[-1] == " ":
        chars.pop()
        origin.pop()
    return Run("".join(chars), origin)


def _clusters(text: str) -> list[tuple[str, int]]:
    """Each base character with the combining marks that follow it."""
    clusters: list[tuple[str, int]] = []
    for index, char in enumerate(text):
        if clusters and _MARK.match(char):
            base, start = clusters[-1]
            clusters[-1] = (base + char, start)
        else:
            clusters.append((char, index))
    return clusters
