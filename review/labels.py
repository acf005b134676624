"""The page's own words in Vietnamese and English, from ``labels.toml``."""
from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from review.ports import Lang


@cache
def _held() -> dict[str, Any]:
    return tomllib.loads(files("review").joinpath("labels.toml").read_text("utf-8"))


def label(lang: Lang, name: str, /, **values: object) -> str:
    """The words for ``name``; a code without words of its own (a new rule, say) is shown as it is."""
    pair = _held().get(name)
    if pair is None:
        return name.split(".", 1)[-1]
    words = str(pair[0 if lang == "vi" else 1])
    return words.format(**values) if values else words


def names() -> set[str]:
    return set(_held())
