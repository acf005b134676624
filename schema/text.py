"""Vietnamese text, for comparing only: no function here changes what is stored."""
from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

BULLETS = "•●○▪■◦➢✓✔❖☐"
"""Signs that begin an item of a list and stand nowhere else, as dashes do."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff0b", "\uff1d", "\uff0d", "\uff20")
"""What a spreadsheet may take for the start of a formula; the last four are the full-width forms."""
_LABEL = 200  # characters, at most, of a text that is kept with its ``aligned`` form
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OPEN = r"(?![a-z\u0300-\u036f])"
_OLD_STYLE = regex.compile(rf"(?<=o)([{_TONES}])([ae]){_OPEN}|(?<=u)([{_TONES}])(y){_OPEN}")
_WORD = regex.compile(r"\p{L}+")
_OLD_STYLE_END = regex.compile(r"(?:[òóỏõọ][ae]|[ùúủũụ]y)(?!\p{L})")  # NFC: few words need the closer look
_OTHER_BLANKS = tuple(blank for blank in map(chr, range(0x3001)) if blank.isspace() and blank != " ")
_BLANKS = regex.compile(r"[\s\u00a0\u2007\u202f]+")


def _with_d(text: str) -> str:
    """The look-alikes of đ, Icelandic letters, as đ."""
    return text.replace("\u00d0", "\u0110").replace("\u00f0", "\u0111")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=65536)
def _same_tone_place(word: str) -> str:
    """``hòa`` and ``hoà`` compare equal: the mark moves to the second vowel of oa, oe, uy at a word's end."""
    decomposed = unicodedata.normalize("NFD", word)
    moved = _OLD_STYLE.sub(lambda m: f"{m[2] or m[4]}{m[1] or m[3]}", decomposed)
    return unicodedata.normalize("NFC", moved)


def one_tone(text: str) -> str:
    """One tone placement, all else as it stands: brings a pattern in line with ``key`` and ``aligned`` text."""
    return str(_WORD.sub(lambda m: _same_tone_place(m[0]), nfc(text)))


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """Case-folded, one blank between words, one tone placement: equal keys mean equal wording."""
    folded = _with_d(nfc(text)).casefold()
    return " ".join(_same_tone_place(word) for word in _BLANKS.split(folded) if word)


_MARKS = regex.compile(r"[\u0300-\u036f]+")


def unmarked(text: str) -> str:
    """Without any diacritic, ``đ`` as ``d``: for search without marks."""
    decomposed = unicodedata.normalize("NFD", _with_d(text))
    bare = str(_MARKS.sub("", decomposed))
    return bare.replace("đ", "d").replace("Đ", "D")


def aligned(text: str) -> str:
    """``key`` that keeps every offset: lower case, one tone placement, Ð as đ, any blank as one blank.

    ``len(aligned(t)) == len(t)`` for NFC text, so a span found here is the same span in the original.
    """
    return _aligned_label(text) if len(text) <= _LABEL else _aligned(text)


@lru_cache(maxsize=16384)
def _aligned_label(text: str) -> str:
    """Labels, units and headers come again and again."""
    return _aligned(text)


def _aligned(text: str) -> str:
    plain = _with_d(text)
    lowered = plain.lower()
    if len(lowered) != len(plain):  # a letter like İ grows when lowered
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in plain)
    toned = str(_OLD_STYLE_END.sub(lambda m: w if len(w := _same_tone_place(m[0])) == len(m[0]) else m[0], lowered))
    for blank in _OTHER_BLANKS:
        toned = toned.replace(blank, " ")
    return toned
