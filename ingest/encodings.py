"""Text as it will be stored: NFC, plain blanks, nothing invisible, legacy fonts decoded. All else stays as typed.

TCVN3 and VNI fonts show Vietnamese for Latin-1 codes, so such a file holds ``§¶ng ñy`` where its reader sees "Đảng ủy".
Font name and bytes decide together: a ``.VnTime`` run that holds Unicode letters already is left alone.
"""

from __future__ import annotations

import tomllib
import unicodedata
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import regex

from ingest.blocks import Run

Legacy = Literal["tcvn3", "vni"]

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\u200e\u200f"
_DIRTY = regex.compile(rf"[{_INVISIBLE}\p{{M}}\p{{Cc}}]|[^\S ]|  |^ | $")
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+")
_UNICODE_ONLY = regex.compile(
    r"[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]|\p{M}"
)
# Latin-1 that no Vietnamese text holds by itself; signs such as ``§ ° ± ² ³ ·`` are left out
_FOREIGN = regex.compile(r"[¡¢¤-¦¨ª¬®¯µ¶¸¾Ä-ÇËÎ-ÑÖØÛÜÞßä-çëî-ñöøûüþÿ]")
_FONT = regex.compile(r"(?:[A-Z]{6}\+)?(?P<family>\.?Vn[A-Z]|VNI[-\s])", regex.I)  # a PDF marks a subset: ``ABCDEF+``
_CAPITAL = regex.compile(r"H(?:[,\-\s]\s*(?:Bold|Italic|Oblique|Regular)+)?$", regex.I)


def clean(run: Run) -> Run:
    """NFC with every character still knowing its glyph; runs of blanks become one, ends are trimmed."""
    if not _DIRTY.search(run.text) and unicodedata.is_normalized("NFC", run.text):
        return run
    if not run.origin:
        visible = unicodedata.normalize("NFC", run.text.translate(_NOTHING))
        return Run(" ".join(_CONTROL.sub(" ", visible).split()))
    chars: list[str] = []
    origin = array("l")
    seen = [(char, glyph) for char, glyph in zip(run.text, run.origin, strict=True) if char not in _INVISIBLE_SET]
    for match in _CLUSTER.finditer("".join(char for char, _ in seen)):
        for char in unicodedata.normalize("NFC", match[0]):
            blank = char.isspace() or unicodedata.category(char) == "Cc"
            if blank and (not chars or chars[-1] == " "):
                continue
            chars.append(" " if blank else char)
            origin.append(seen[match.start()][1])
    if chars and chars[-1] == " ":
        chars.pop()
        origin.pop()
    return Run("".join(chars), origin)


_INVISIBLE_SET = frozenset(_INVISIBLE)
_NOTHING = dict.fromkeys(map(ord, _INVISIBLE))
_CONTROL = regex.compile(r"\p{Cc}")


@dataclass(frozen=True, slots=True)
class Table:
    """One legacy encoding: what each of its codes (one or two characters) shows."""

    letters: Mapping[str, str]
    pattern: regex.Pattern[str]
    telling: regex.Pattern[str]

    def decode(self, text: str) -> list[tuple[str, int]]:
        """Each letter shown and the index of the code that begins it."""
        shown, at = [], 0
        for match in self.pattern.finditer(text):
            shown += [(text[index], index) for index in range(at, match.start())]
            shown += [(letter, match.start()) for letter in self.letters[match[0]]]
            at = match.end()
        return [*shown, *((text[index], index) for index in range(at, len(text)))]


@cache
def table(legacy: Legacy) -> Table:
    """The table of ``data/encodings.toml``; longer codes win."""
    known: dict[str, dict[str, str]] = tomllib.loads(files("ingest").joinpath("data/encodings.toml").read_text("utf-8"))
    letters = {code: letter for letter, code in known[legacy].items()}
    if legacy == "vni":
        letters |= {
            shape: letter.upper()
            for code, letter in letters.items()
            for shape in (code.upper(), code[0].upper() + code[1:])
        }
    codes = sorted(letters, key=len, reverse=True)
    # What only this encoding would hold: codes that are no Vietnamese letters themselves.
    usual = set(letters.values()) | {letter.upper() for letter in letters.values()}
    telling = [code for code in codes if len(code) > 1 or code not in usual]
    return Table(
        letters, regex.compile("|".join(map(regex.escape, codes))), regex.compile("|".join(map(regex.escape, telling)))
    )


def legacy_font(font: str | None) -> Legacy | None:
    """The encoding that a font's name announces: ``.VnTime`` TCVN3, ``VNI-Times`` VNI."""
    match = None if font is None else _FONT.match(font)
    if match is None:
        return None
    return "vni" if match["family"].upper().startswith("VNI") else "tcvn3"


def is_capital_font(font: str) -> bool:
    """``.VnTimeH`` and the like show capitals for small codes."""
    return legacy_font(font) == "tcvn3" and _CAPITAL.search(font) is not None


def is_suspect(text: str) -> bool:
    """Whether a text that should be Vietnamese holds letters or signs that only a legacy encoding would give it."""
    return _FOREIGN.search(text) is not None


def evidence(texts: Iterable[str], legacy: Legacy) -> bool:
    """Whether the texts set in fonts of ``legacy`` are, on the whole, in that encoding rather than Unicode."""
    old = new = 0
    for text in texts:
        new += len(_UNICODE_ONLY.findall(text))
        old += len(table(legacy).telling.findall(text))
    return old > new


def decode(text: str, font: str, believed: bool) -> str | None:
    """``text`` of a run set in a legacy ``font`` as Unicode, None where it is Unicode already.

    ``believed`` is the ``evidence`` of the whole document: it decides runs that could be either.
    """
    letters = decode_places(text, font, believed)
    return None if letters is None else unicodedata.normalize("NFC", "".join(letter for letter, _ in letters))


def decode_places(text: str, font: str, believed: bool) -> list[tuple[str, int]] | None:
    """As ``decode``, each letter with the index in ``text`` of the code that begins it."""
    legacy = legacy_font(font)
    if legacy is None or _UNICODE_ONLY.search(text):
        return None
    if not table(legacy).telling.search(text) and not believed:
        return None
    letters = table(legacy).decode(text)
    return [(letter.upper(), index) for letter, index in letters] if is_capital_font(font) else letters
