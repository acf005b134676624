"""Words the extractors know, from ``data/*.toml``, and how they are looked up.

Two look-ups, both on the ``schema.text.aligned`` form of a text, so that offsets stay those of the text:
``Surfaces`` asks which known wording begins at one place (units behind a number); ``Phrases`` finds all known
wordings of a text (labels of indicators) with spaCy's phrase matcher on a blank pipeline: tokens only, no model.
"""
from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple

import regex

from schema.text import aligned

UnitKind = Literal["money", "measure", "count"]
_TOKEN = regex.compile(r"\w+|[^\w ]")
_FIRST = regex.compile(r"[^\W\d_]+|[^\s\w]")
_NOTE_MARK = regex.compile(r"(?<=[^\W\d_]{2})\d{1,2}(?![\w%]|[.,/]\d)")  # a footnote's, glued: "06 văn bản1"
_PER = regex.compile(r"\s?/\s?(?:0?1 ?)?(?=\p{L})|\s?/\s?(?=\d0?\s?(?:tháng|ngày|năm)\b)")
_MOST_PER = 3  # "triệu đồng/người/năm" has two
_PER_SPAN = regex.compile(r"\d{1,2}\s?(?:tháng|ngày|năm)\b")


def data(name: str) -> dict[str, Any]:
    """One data file of this package."""
    text = resources.files("extractors").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class Unit:
    """``name`` as stored; ``scale`` to the base of its ``dimension`` (đồng, ha, tấn, km); counts have scale 1."""

    name: str
    kind: UnitKind
    dimension: str
    scale: Decimal


class Surfaces:
    """Longest known wording at a place, by its first word."""

    def __init__(self, entries: Mapping[str, Unit]) -> None:
        table: dict[str, list[tuple[str, Unit]]] = defaultdict(list)
        for surface, unit in entries.items():
            low = aligned(surface)
            first = _FIRST.match(low)
            if first is None:
                raise ValueError(f"no word in {surface!r}")
            table[first[0]].append((low, unit))
        self._table = {word: sorted(rows, key=lambda row: -len(row[0])) for word, rows in table.items()}

    def at(self, low: str, start: int) -> tuple[Unit, int] | None:
        """The unit that begins at ``start``, and where it ends."""
        first = _FIRST.match(low, start)
        if first is None:
            return None
        for surface, unit in self._table.get(first[0], ()):
            end = start + len(surface)
            if low.startswith(surface, start) and (not low[end : end + 1].isalnum() or _NOTE_MARK.match(low, end)):
                return unit, end
        return None


@lru_cache(maxsize=1)
def _units() -> tuple[Surfaces, Mapping[str, Unit], frozenset[str]]:
    tables = data("units")
    entries: dict[str, Unit] = {}
    proper = tables["proper"]
    for group, surfaces in tables["classifier"].items():
        for surface in surfaces:
            entries[surface] = Unit(proper.get(surface, surface), "count", group, Decimal(1))
    for row in tables["measure"]:
        name = row["name"]
        unit = Unit(proper.get(name, name), "measure", row["dimension"], Decimal(str(row["scale"])))
        entries.update(dict.fromkeys([name, *row.get("surfaces", ())], unit))
    for code, row in tables["money"].items():
        if code == "names":
            continue
        unit = Unit(tables["money"]["names"][code], "money", "money", Decimal(row["scale"]))
        entries.update(dict.fromkeys([s for s in row["surfaces"] if not s[0].isdigit()], unit))
    return Surfaces(entries), entries, frozenset(tables["per"]["words"])


def unit_named(surface: str) -> Unit | None:
    """The unit that a whole text names, e.g. the cell of a unit column: ``Triệu đồng`` or ``1.000 đồng``."""
    low = aligned(surface.strip().strip("()").strip())
    if low in ("1.000 đồng", "1000 đồng", "1.000đ", "1000đ"):
        low = "nghìn đồng"
    found = _units()[0].at(low, 0)
    if found is None:
        return None
    unit, end = found
    name, past = _with_per(unit.name, low, end)
    return Unit(name, unit.kind, unit.dimension, unit.scale) if past >= len(low) else None


@lru_cache(maxsize=1)
def per_words() -> Surfaces:
    unit = Unit("", "count", "per", Decimal(1))
    return Surfaces(dict.fromkeys(_units()[2], unit))


def _with_per(name: str, low: str, end: int) -> tuple[str, int]:
    """Appends ``/ha``, ``/người/năm`` … that follow at ``end``."""
    for _ in range(_MOST_PER):
        slash = _PER.match(low, end)
        if slash is None:
            break
        span = _PER_SPAN.match(low, slash.end())
        found = per_words().at(low, slash.end())
        past = span.end() if span else found[1] if found else None
        if past is None:
            break
        name = f"{name}/{low[slash.end() : past]}"
        end = past
    return name, end


def unit_at(low: str, start: int) -> tuple[Unit, int] | None:
    """The unit behind a number that ends at ``start`` (a blank may lie between), with its ``/ha``, and its end."""
    if low.startswith(" ", start):
        start += 2 if low.startswith("  ", start) else 1
    found = _units()[0].at(low, start)
    if found is None:
        return None
    unit, end = found
    name, past = _with_per(unit.name, low, end)
    return (unit, end) if past == end else (Unit(name, unit.kind, f"{unit.dimension}/", unit.scale), past)


class Hit(NamedTuple):
    """A known wording at ``start``..``end``; ``key`` is its normalised form."""

    start: int
    end: int
    key: str


class Phrases:
    """All occurrences of known wordings in a text; overlapping hits are all given."""

    def __init__(self, wordings: Iterable[str]) -> None:
        from spacy.matcher import PhraseMatcher  # slow to import, and only needed where whole texts are searched
        from spacy.tokens import Doc
        from spacy.vocab import Vocab

        # Tokens by one pattern: the stock tokenizer takes the square of the length of a text without blanks.
        self._doc = Doc
        self._vocab = Vocab()
        self._matcher = PhraseMatcher(self._vocab, attr="ORTH")
        for low in sorted({aligned(wording) for wording in wordings}):
            self._matcher.add(low, [Doc(self._vocab, _TOKEN.findall(low))])

    def find(self, low: str) -> list[Hit]:
        """Hits in text order, the longer first where two begin together."""
        tokens = [token.span() for token in _TOKEN.finditer(low)]
        strings = self._vocab.strings
        matches = self._matcher(self._doc(self._vocab, [low[start:end] for start, end in tokens]))
        spans = sorted((tokens[first][0], -tokens[past - 1][1], key) for key, first, past in matches)
        return [Hit(start, -end, strings[key]) for start, end, key in spans]
