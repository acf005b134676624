"""Evidence as a reader wants to see it: pieces of one paragraph in one quote, with the words around."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

AROUND = 60  # characters shown before the first and after the last piece
GAP = 140  # longer stretches between two pieces of one quote are left out


@dataclass(frozen=True, slots=True)
class Quote:
    """``parts`` are runs of text and whether each is evidence; ``role`` is that of the first piece."""

    role: str
    report_id: int
    file_name: str
    section: str | None
    page: int | None
    parts: tuple[tuple[str, bool], ...]


def quotes(pieces: Iterable[dict[str, Any]], texts: dict[int, str]) -> list[Quote]:
    """Group pieces by the line of the text they stand in, in the order of their first piece."""
    groups: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for piece in pieces:
        text = texts[piece["report_id"]]
        line = text.rfind("\n", 0, piece["char_start"]) + 1
        groups.setdefault((piece["report_id"], line), []).append(piece)
    return [_quote(group, texts[owner], line) for (owner, line), group in groups.items()]


def around(text: str, start: int, end: int) -> tuple[tuple[str, bool], ...]:
    """One run of a text with the words of its line around, as the ``parts`` of a quote."""
    line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return tuple(_parts(text, [(start, end)], line, len(text) if stop < 0 else stop))


def _quote(group: Sequence[dict[str, Any]], text: str, line: int) -> Quote:
    first = group[0]
    end = max(piece["char_end"] for piece in group)
    stop = text.find("\n", end)
    spans = _merged([(piece["char_start"], piece["char_end"]) for piece in group])
    parts = _parts(text, spans, line, len(text) if stop < 0 else stop)
    return Quote(first["role"], first["report_id"], first["file_name"], first["section"], first["page"], tuple(parts))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _parts(text: str, spans: list[tuple[int, int]], low: int, high: int) -> list[tuple[str, bool]]:
    parts = [(_tail(text, low, spans[0][0]), False)]
    for n, (start, end) in enumerate(spans):
        parts.append((shorten(text[start:end]), True))
        after = spans[n + 1][0] if n + 1 < len(spans) else None
        if after is None:
            parts.append((_head(text, end, high), False))
        elif after - end <= GAP:
            parts.append((cells(text[end:after]), False))
        else:
            parts.append((f"{_head(text, end, after)} {_tail(text, end, after).lstrip()}", False))
    return [part for part in parts if part[0]]


def shorten(text: str, most: int = 300) -> str:
    """A long run by its two ends."""
    if len(text) > most:
        text = f"{text[: most // 2].rsplit(' ', 1)[0]} […] {text[-most // 2 :].split(' ', 1)[-1]}"
    return cells(text)


def cells(text: str) -> str:
    return text.replace("\t", " | ").replace("\n", " ⏎ ")


def _tail(text: str, low: int, end: int) -> str:
    """The last words before ``end``, not before ``low``."""
    start = max(low, end - AROUND)
    shown = text[start:end]
    return cells(shown if start == low else "…" + (shown.split(" ", 1)[-1] if " " in shown else shown))


def _head(text: str, start: int, high: int) -> str:
    """The first words from ``start``, not after ``high``."""
    end = min(high, start + AROUND)
    shown = text[start:end]
    return cells(shown if end == high else (shown.rsplit(" ", 1)[0] if " " in shown else shown) + "…")
