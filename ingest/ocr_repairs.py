"""Misreadings of Tesseract put right while the text is built, word by word, by the knowledge in ``data/ocr.toml``.

A repair must be certain: a code whose letters cannot be, a line that the law words, a Roman numeral before a caption.
Figures are never repaired here: they are looked at again (``ingest.ocr``) or stay as read, with their confidence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import regex

from ingest.headings import roman_value
from ingest.tesseract import Word
from schema.text import unmarked

_FIGURE = regex.compile(r"[(\[\"“]?[+-]?\d+(?:[.,:/-]\d+)*[%‰)\]\"”.,;:/]*")
_CODE = regex.compile(r"[(\[\"“]?\d+[a-zđ]?(?:[/-]\d{4})?[/-][\p{Lu}\d&.,/;:)\-]*\p{Lu}[\p{Lu}\p{Ll}\d&.,/;:)\-]*")
_UNIT_OR_NAME = regex.compile(r"[(\[\"“]?(?:\p{L}{1,5}[23]|\p{Lu}\p{L}*-?\d{1,3}|\d{1,2}\p{L}|\p{L}+\d)[)\]\"”.,;:/]*")


_SIGNS = "()[]\"“”.,;:/-–"


@cache
def knowledge() -> dict[str, Any]:
    return tomllib.loads(files("ingest").joinpath("data/ocr.toml").read_text("utf-8"))


@cache
def _repairs() -> tuple[tuple[regex.Pattern[str], str], ...]:
    return tuple((regex.compile(repair["pattern"]), repair["to"]) for repair in knowledge()["repair"])


def is_figure(text: str) -> bool:
    """Whether the word is a number, date or ratio with its signs."""
    return _FIGURE.fullmatch(text) is not None


def is_odd(text: str) -> bool:
    """Digits and letters in one word that is neither a code nor a unit nor a name (``846G``, ``S07``)."""
    if not any(c.isdigit() for c in text) or not any(c.isalpha() for c in text):
        return False
    return not (_CODE.fullmatch(text) or _UNIT_OR_NAME.fullmatch(text))


def word(text: str) -> str:
    """``text`` with the repairs that look at one word only."""
    for pattern, to in _repairs():
        text = pattern.sub(to, text)
    return text


def roman(text: str) -> str:
    """The Roman numeral that the first word of a caption must be, ``text`` where there is none (``1V.`` is ``IV.``)."""
    if not regex.match(knowledge()["roman"]["mixed"], text):
        return text
    numeral = regex.sub(r"[l|1iL]", "I", text.rstrip(".,"))
    return f"{numeral}." if roman_value(numeral) else text


def is_strokes(text: str) -> bool:
    """Whether the first word of a caption may be I, II or III, however its strokes were read."""
    return regex.match(knowledge()["roman"]["strokes"], text) is not None


def line(text: str) -> str:
    """The fixed wording that ``text`` is a misreading of, else ``text``."""
    words = text.split()
    for fixed in knowledge()["fixed"]["lines"]:
        wanted = fixed.split()
        if len(wanted) == len(words) and text != fixed and all(map(_near, words, wanted)):
            return str(fixed)
    return text


def _near(read: str, wanted: str) -> bool:
    """Equal but for marks, or but for one letter of a longer word."""
    bare, aim = unmarked(read).upper(), unmarked(wanted).upper()
    if bare == aim:
        return read.isupper() == wanted.isupper()
    return len(bare) == len(aim) > 3 and sum(a != b for a, b in zip(bare, aim, strict=True)) == 1


@cache
def _terms() -> dict[str, str]:
    """Each term by its letters without marks; đ stays đ."""
    return {_letters_of(term): term for term in knowledge()["terms"]["words"]}


def _letters_of(text: str) -> str:
    return "".join(char if char == "đ" else unmarked(char) for char in text.lower())


def term(first: str, second: str) -> tuple[str, str]:
    """Two neighbouring words with the marks of the term that they are; as read where they are none."""
    if first[-1:].isalpha() and (meant := _terms().get(_letters_of(f"{first} {second}".strip(_SIGNS)))):
        ahead, behind = meant.split()
        return _remarked(first, ahead), _remarked(second, behind)
    return first, second


def _remarked(read: str, meant: str) -> str:
    """``read`` with its letters spelled as in ``meant``, each in the case it was read in."""
    start = len(read) - len(read.lstrip(_SIGNS))
    letters = read[start : start + len(meant)]
    spelled = (b.upper() if a.isupper() else b for a, b in zip(letters, meant, strict=True))
    return read[:start] + "".join(spelled) + read[start + len(meant) :]


def repaired(words: Sequence[Word]) -> list[Word]:
    """All words of a page, lines kept together as they came."""
    found: list[Word] = []
    for _, group in groupby(words, key=lambda word: word.line):
        found.extend(_line([replace(one, text=word(one.text)) for one in group]))
    return found


def _line(words: list[Word]) -> list[Word]:
    surface = " ".join(one.text for one in words)
    if (fixed := line(surface)) != surface:
        return [replace(one, text=text) for one, text in zip(words, fixed.split(), strict=True)]
    if is_caption(words):
        words = [replace(words[0], text=roman(words[0].text)), *words[1:]]
    words = list(words)
    for at in range(len(words) - 1):
        ahead, behind = term(words[at].text, words[at + 1].text)
        words[at : at + 2] = replace(words[at], text=ahead), replace(words[at + 1], text=behind)
    return words


def is_caption(words: Sequence[Word]) -> bool:
    """Whether a line is a number and a wording in capitals."""
    return len(words) > 2 and " ".join(one.text for one in words[1:]).isupper()
