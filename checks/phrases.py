"""Wordings that two places share: document subjects, headings, sentences. For comparing only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import regex

from schema.text import key, one_tone

_WORDS = regex.compile(r"[\p{L}\d]+(?:[/.,]\d+)*")
_STOP = frozenset(
    key("và của về việc các những trên trong cho với theo tại ở là đã được năm thực hiện triển khai công tác").split()
)


def pattern(source: str) -> Any:
    """A pattern for ``View.low`` and ``key`` text, whichever way its words place their tones."""
    return regex.compile(one_tone(source))


def words(text: str) -> list[str]:
    """Syllables and numbers, folded; punctuation gone."""
    return list(_WORDS.findall(key(text)))


def content(text: str) -> list[str]:
    """Words that carry the subject, without years and function words."""
    return [w for w in words(text) if w not in _STOP and not w.isdigit()]


def shingles(tokens: Sequence[str], size: int = 3) -> set[tuple[str, ...]]:
    return {tuple(tokens[i : i + size]) for i in range(max(len(tokens) - size + 1, 1))}


def overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """Share of the shorter wording's word pairs that the longer one has, too: 1 where one contains the other."""
    a, b = shingles(one, 2), shingles(other, 2)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Jaccard likeness of word pairs: 1 for equal wordings."""
    a, b = shingles(one, 2), shingles(other, 2)
    return len(a & b) / len(a | b) if a | b else 0.0
