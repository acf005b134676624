"""Communes with district and province by date, looked up by name.

Until 30 June 2025 communes belong to districts; since 1 July 2025 there are none, and most communes are merged ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import regex

from schema.model import Header
from schema.text import key, unmarked

KINDS = ("xã", "phường", "thị trấn", "đặc khu")
_PREFIX = regex.compile(r"(?:xã|xa|phường|phuong|thị trấn|thi tran|đặc khu|dac khu)\s+|(?:p|tt)\.\s*")
_ABOVE = regex.compile(r"^(?:huyện|huyen|quận|quan|thị xã|thi xa|thành phố|thanh pho|tp\.?|tỉnh|tinh)\s+", regex.I)


@dataclass(frozen=True, slots=True)
class Place:
    """A commune from ``valid_from`` to ``valid_to``, both days included, None where unknown or still in force.

    ``aliases``: other names that mean it, such as those of the communes merged into it.
    """

    name: str
    kind: str
    district: str = ""
    province: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """``xã Mộc Thiềm``."""
        return f"{self.kind} {self.name}".strip()

    def at(self, day: date | None) -> bool:
        return day is None or ((self.valid_from or day) <= day <= (self.valid_to or day))


def bare(name: str) -> str:
    """A commune's name for comparing, without ``xã`` and the like: one case and tone placement."""
    return str(_PREFIX.sub("", key(name), count=1)) if _PREFIX.match(key(name)) else key(name)


def above(name: str) -> str:
    """A district's or province's name for comparing, without ``huyện``, ``tỉnh`` and the like."""
    return key(short(key(name)))


def short(name: str) -> str:
    """``Huyện Lạc Sơn`` -> ``Lạc Sơn``, as reports and their headers name it."""
    return str(_ABOVE.sub("", name, count=1))


_FORMS = (key, bare)


def _index(named: Iterable[tuple[str, Place]]) -> Mapping[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for word, place in named:
        if place not in found[word]:
            found[word].append(place)
    return dict(found)


@dataclass(frozen=True)
class Gazetteer:
    """Looks communes up by name: with or without marks, kind prefix and either tone placement, or by an alias."""

    places: tuple[Place, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.places)

    @cached_property
    def _tables(self) -> tuple[Mapping[str, list[Place]], Mapping[str, list[Place]]]:
        """By name and by alias."""
        names = _index((key(place.name), place) for place in self.places)
        aliases = ((form(alias), place) for place in self.places for alias in place.aliases for form in _FORMS)
        return names, _index(aliases)

    @cached_property
    def _plain(self) -> tuple[Mapping[str, list[Place]], ...]:
        """The same without marks."""
        return tuple(_index((unmarked(word), one) for word, held in t.items() for one in held) for t in self._tables)

    def find(self, name: str, day: date | None = None, kind: str | None = None, district: str = "") -> list[Place]:
        """All communes of that name in force on ``day``. Names come before aliases, marked before unmarked ones.

        ``kind`` and ``district`` only choose among several: a report may leave them out or write them otherwise.
        """
        words = list(dict.fromkeys(form(name) for form in _FORMS))
        plain = [word for word in words if unmarked(word) == word]
        for table, asked in (*((one, words) for one in self._tables), *((one, plain) for one in self._plain)):
            for word in asked:
                found = [place for place in table.get(word, ()) if place.at(day)]
                found = [place for place in found if district and above(place.district) == above(district)] or found
                found = [place for place in found if place.kind == key(kind or "")] or found
                if found:
                    return found
        return []

    def home(self, header: Header) -> Place | None:
        """The one commune that a report is from; None where the list has none, or several, of that name."""
        if not header.commune:
            return None
        day = header.period_end or header.issued_on
        found = self.find(header.commune, day, header.commune_type, header.district or "")
        return found[0] if len(found) == 1 else None

    def names(self, header: Header) -> frozenset[str]:
        """What the report's own commune may be called, as ``bare`` names; empty where the list does not know it."""
        place = self.home(header)
        return frozenset(map(bare, (place.name, *place.aliases))) if place else frozenset()

    def settle(self, header: Header) -> Header:
        """The header with the commune spelled as the list spells it; district and province where it names none.

        A former name stays as it stands: only case, tone placement and lost marks are mended.
        """
        place = self.home(header)
        if place is None or unmarked(key(place.name)) not in [unmarked(form(header.commune or "")) for form in _FORMS]:
            return header
        return replace(
            header,
            commune=place.name,
            commune_type=header.commune_type or place.kind or None,
            district=header.district or short(place.district) or None,
            province=header.province or short(place.province) or None,
        )
