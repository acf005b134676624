"""Every sentence the command line says, in Vietnamese and English: ``data/messages.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import regex

from rasoat.settings import Lang
from schema.errors import RasoatError, Reason, StoreError

Table = dict[str, dict[str, dict[str, str]]]
# C0/C1 controls, the marks that reorder text on screen (bidi, zero width, line separators), what XML cannot hold
_UNSAFE = regex.compile(r"[\p{Cc}\p{Cf}\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@cache
def table() -> Table:
    """group -> key -> language -> sentence."""
    return tomllib.loads((files("rasoat") / "data" / "messages.toml").read_text(encoding="utf-8"))


def say(group: str, name: str, lang: Lang, /, **values: object) -> str:
    """One sentence with its blanks filled."""
    return table()[group][name][lang].format(**values)


def text(name: str, lang: Lang, /, **values: object) -> str:
    return say("text", name, lang, **values)


def reason(code: Reason, lang: Lang, detail: str = "") -> str:
    """What happened to a file and what to do, in one sentence."""
    return say("reason", code.value, lang, detail=detail)


def database(error: StoreError, lang: Lang) -> str:
    """What is wrong with the database and what to do."""
    word = error.detail.split(":", 1)[0].split(" ", 1)[0]
    return say("database", word if word in table()["database"] else "unusable", lang)


def failure(error: RasoatError, lang: Lang) -> str:
    """What went wrong: the sentence of the error's code where it has one, else its own words."""
    return say("error", error.code, lang) if error.code in table()["error"] else error.detail or error.code


def printable(words: str) -> str:
    """A stranger's text, safe for a terminal and XML: controls and marks that reorder become ``�``, breaks a blank."""
    return str(_UNSAFE.sub(lambda m: " " if m[0] in "\t\n\r" else "�", words))
