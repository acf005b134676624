"""Document types and agencies as data: names, letters, misreadings, levels (``document_types`` and ``agencies``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from schema.text import unmarked


@cache
def data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("extractors").joinpath(f"data/{name}.toml").read_text("utf-8"))


def alternatives(words: list[str]) -> str:
    """A regex of literal words, the longest first, any blank between their parts."""
    ordered = sorted(set(words), key=len, reverse=True)
    return "|".join(r"\s+".join(regex.escape(part) for part in word.split()) for word in ordered)


def bare(text: str) -> str:
    """Lower case without diacritics, offset for offset: typing slips in a type's name do not hide it."""
    return unmarked(text).lower()


@cache
def type_names() -> dict[str, tuple[str, str]]:
    """Bare name -> type code and the name as spelt."""
    return {bare(name): (entry["code"], name) for entry in data("document_types")["type"] for name in entry["names"]}


@cache
def type_letters() -> frozenset[str]:
    types = data("document_types")["type"]
    return frozenset([t["code"] for t in types] + [s for t in types for s in t.get("symbols", ())])


@cache
def misread() -> dict[str, str]:
    return dict(data("agencies")["misread"])


@cache
def symbols(level: str) -> frozenset[str]:
    return frozenset(data("agencies")["symbol"][level])
