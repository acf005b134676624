"""What figures count: families of measures, classes of nouns; and the wordings that tell how figures hang together."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

from checks.phrases import pattern
from checks.settings import data
from checks.view import Figure, View
from schema.text import key

_NOUN = regex.compile(r"\s*((?:[\p{L}/]+\s*){0,4})")
_CONNECTOR = regex.compile(r"\b(?:và|với|là|đã|được|có|ở|tại|của|cho|do|trong|thuộc|đạt|bằng)\b")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Compiled wordings of ``data/wordings.toml``."""
    raw = data("wordings")["breakdown"]
    compiled: dict[str, Any] = {k: pattern(v) for k, v in raw.items() if isinstance(v, str)}
    for name in ("complements", "disjoint", "opposites"):
        compiled[name] = [[pattern(rf"\b{label}\b") for label in group] for group in raw[name]]
    compiled["statuses"] = [pattern(rf"\b{label}\b") for label in raw["statuses"]]
    compiled["outcomes"] = [tuple(pattern(rf"\b(?:{verbs})\b") for verbs in pair) for pair in raw["outcomes"]]
    compiled["same"] = {key(noun): i for i, group in enumerate(raw["same_things"]) for noun in group}
    compiled["trigger"] = pattern(
        rf"(?P<closed>\b(?:{raw['closed']})\b)|(?P<open>\b(?:{raw['open']})\b)|(?P<bracket>\()|(?P<colon>:)"
        rf"|(?P<within>{raw['within']})"
    )
    return compiled


def noun(view: View, figure: Figure) -> str:
    """The words right behind the number, up to punctuation, another number or a connector."""
    found = _NOUN.match(view.low, figure.end, figure.end + 60)
    return str(_CONNECTOR.split(found[1] if found else "")[0]).strip()


def measure(view: View, figure: Figure) -> str:
    """What is counted: a family of measures, a class of nouns, or '' where the text leaves it out."""
    family = figure.family
    if family in ("money", "ha", "m", "kg", "kg/ha", "people") or (family and "/" in family):
        return "group:" + str(words()["same"]["người"]) if family == "people" else str(family)
    name = noun(view, figure)
    if not name:
        return ""
    tokens = name.split()
    for size in (3, 2, 1):
        head = " ".join(tokens[:size])
        if head in words()["same"]:
            return f"group:{words()['same'][head]}"
    return tokens[0]


def compatible(view: View, whole: Figure, part: Figure) -> bool:
    """Whether a part can be counted in the total: same measure, or nothing said."""
    a, b = measure(view, whole), measure(view, part)
    if a == b:
        return True
    if a and b:
        # "06 thành viên, gồm 02 lãnh đạo": another noun for the same people, never another measure
        loose = all(not m or m.startswith("group:") or "/" not in m for m in (a, b))
        return loose and whole.unit == part.unit and whole.unit is not None
    return whole.family is None or part.family is None or whole.family == part.family
