"""The country's communes at the end of either era, from the data files of the package vietnamadminunits (MIT).

Only the files are read, and only when they are asked for: its code is never imported. The package is in the extra
``communes``. It knows the communes as they stood on 30 June 2025 and as they stand since, not their earlier changes.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from schema.eras import REFORM
from schema.errors import CountryError
from schema.gazetteer import KINDS, Place, above
from schema.text import key, nfc

PACKAGE = "vietnamadminunits"
_LAST = REFORM - timedelta(days=1)
_BEFORE = """SELECT province, district, ward, provinceKey || '_' || districtKey || '_' || wardKey
    FROM admin_units_legacy WHERE ward IS NOT NULL ORDER BY provinceCode, districtCode, wardCode"""
_SINCE = "SELECT province, ward, provinceKey, wardKey FROM admin_units ORDER BY provinceCode, wardCode"
Unit = tuple[str, str]
"""Province and label of a commune of today."""


@dataclass(frozen=True, slots=True)
class Country:
    """Communes until the reform, each with those that have its land since, and the communes of today."""

    before: tuple[tuple[Place, frozenset[Unit]], ...]
    since: tuple[Place, ...]


@lru_cache(maxsize=1)
def country() -> Country:
    """The whole table. CountryError where the package is not installed, or is laid out otherwise."""
    try:
        held = distribution(PACKAGE)
        database, changes = (
            Path(str(held.locate_file(f"{PACKAGE}/data/{name}"))) for name in ("dataset.db", "converter_2025.json")
        )
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
            return _country(conn, json.loads(changes.read_text(encoding="utf-8")))
    except (PackageNotFoundError, OSError, sqlite3.Error, ValueError, LookupError) as error:
        raise CountryError(f"{PACKAGE}: {error!r}") from error


def _country(conn: sqlite3.Connection, changes: Mapping[str, Any]) -> Country:
    since = conn.execute(_SINCE).fetchall()
    became = _became(changes, {(p, w): (nfc(province), " ".join(_split(ward))) for province, ward, p, w in since})
    before = []
    for province, district, ward, ward_key in conn.execute(_BEFORE):
        kind, name = _split(ward)
        place = Place(name, kind, nfc(district), nfc(province), None, _LAST)
        before.append((place, became.get(ward_key, frozenset())))
    places = ((*_split(ward), nfc(province)) for province, ward, _, _ in since)
    return Country(tuple(before), tuple(Place(name, kind, "", province, REFORM) for kind, name, province in places))


def _became(changes: Mapping[str, Any], today: Mapping[tuple[str, str], Unit]) -> Mapping[str, frozenset[Unit]]:
    """Where the land of each former commune is: in one of today's, or divided among several."""
    found: dict[str, set[Unit]] = defaultdict(set)
    for province, wards in changes["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, parts in wards.items():
            for part in parts:
                found[part].add(today[province, ward])
    for province, parts in changes["DICT_PROVINCE_WARD_DIVIDED"].items():
        for part, wards in parts.items():
            found[part] |= {today[province, ward["newWardKey"]] for ward in wards}
    return {part: frozenset(units) for part, units in found.items()}


def _split(label: str) -> tuple[str, str]:
    """``Thị Trấn Ái Tử`` -> ``thị trấn``, ``Ái Tử``."""
    label = nfc(label)
    kind = next((kind for kind in KINDS if label.lower().startswith(kind + " ")), "")
    return kind, label[len(kind) :].lstrip()


def _meant(name: str) -> tuple[str, frozenset[str]]:
    """Which column of a place the name stands in, and the names there: ``Cao Lãnh`` is a huyện and a thành phố.

    A district comes before the province of its name (``Cao Bằng``) unless the name says which it is.
    """
    places = [*(place for place, _ in country().before), *country().since]
    names = {level: {getattr(place, level) for place in places} - {""} for level in ("district", "province")}
    for form in (key, above):
        for level, held in names.items():
            if found := frozenset(one for one in held if form(one) == form(name)):
                return level, found
    return "province", frozenset()


def provinces_of(name: str) -> list[str]:
    """The provinces that had a district of that name; the province itself where the name is a province's."""
    level, names = _meant(name)
    places = [*(place for place, _ in country().before), *country().since]
    return list(dict.fromkeys(place.province for place in places if getattr(place, level) in names))


def communes(name: str, province: str = "", day: date | None = None) -> tuple[Place, ...]:
    """The communes of a district or province: until the reform its own, from then on those that have its land.

    A commune of today has the communes that it was made of as aliases. ``day`` None gives both eras.
    """
    level, names = _meant(name)
    within = above(province)
    parts: dict[Unit, list[str]] = defaultdict(list)
    before: list[Place] = []
    targets: set[Unit] = set()
    for place, units in country().before:
        for unit in units:
            parts[unit].append(place.label)
        if getattr(place, level) in names and within in ("", above(place.province)):
            before.append(place)
            targets |= units
    since = [
        replace(place, aliases=tuple(parts[place.province, place.label]))
        for place in country().since
        if (place.province, place.label) in targets or getattr(place, level) in names
    ]
    return tuple(place for place in (*before, *since) if place.at(day))
