"""What a district may adjust: severities and thresholds. The rest of a rule is data that ships with the program."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from schema.errors import SettingsError
from schema.gazetteer import Gazetteer
from schema.model import Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue: its public code, titles, reason (decree, form or paper) and defaults."""

    code: str
    title: Mapping[str, str]
    why: str
    severity: Severity
    thresholds: Mapping[str, Decimal]


@lru_cache(maxsize=16)
def data(name: str) -> Mapping[str, Any]:
    """A data file of this package, read once; callers must not change it."""
    return tomllib.loads(files("checks").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """The rule catalogue, ``data/rules.toml``."""
    return MappingProxyType({code: _rule(code, entry) for code, entry in data("rules").items()})


def _rule(code: str, entry: Mapping[str, Any]) -> Rule:
    return Rule(
        code,
        MappingProxyType({"vi": entry["title_vi"], "en": entry["title_en"]}),
        entry["why"],
        entry["severity"],
        MappingProxyType({name: Decimal(str(value)) for name, value in entry.get("thresholds", {}).items()}),
    )


def _number(name: str, value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise SettingsError(f"thresholds.{name} = {value!r}") from error


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """A district's choices. ``severity`` caps a rule ("off" silences it); thresholds are ``rule.name``.

    ``places`` are the communes that the district lists, none where it gave no list.
    """

    severity: Mapping[str, str] = field(default_factory=dict)
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    places: Gazetteer = field(default_factory=Gazetteer)

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> CheckSettings:
        """From a parsed settings file: ``[severity]`` and ``[thresholds]``. Raises ``SettingsError``."""
        unknown = set(values) - {"severity", "thresholds"}
        if unknown or not all(isinstance(table, Mapping) for table in values.values()):
            raise SettingsError(f"[{', '.join(sorted(unknown)) or 'severity, thresholds'}]")
        severity = dict(values.get("severity", {}))
        thresholds = dict(values.get("thresholds", {}))
        for rule, level in severity.items():
            if rule not in rules() or level not in (*SEVERITIES, "off"):
                raise SettingsError(f"severity.{rule} = {level!r}")
        known = {f"{code}.{name}" for code, rule in rules().items() for name in rule.thresholds}
        flat: dict[str, Decimal] = {}
        for name, value in thresholds.items():
            if isinstance(value, Mapping):
                flat.update({f"{name}.{inner}": _number(f"{name}.{inner}", v) for inner, v in value.items()})
            else:
                flat[name] = _number(name, value)
        for name in flat:
            if name not in known:
                raise SettingsError(f"thresholds.{name}")
        return cls(severity, flat)

    def threshold(self, rule: str, name: str) -> Decimal:
        return self.thresholds.get(f"{rule}.{name}", rules()[rule].thresholds[name])
