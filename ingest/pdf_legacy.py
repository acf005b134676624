"""Printed lines of a PDF that are set in TCVN3 or VNI fonts, as the Vietnamese that their reader sees.

Font names are asked of pdfium only where a page holds letters that no Vietnamese text has.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import pypdfium2.raw as pdfium_c

from ingest import encodings
from ingest.pdf_page import PageLine, PdfPage

_LONGEST_NAME = 128  # bytes


class _Piece(NamedTuple):
    """A stretch of a line in one font."""

    font: str
    text: str
    glyphs: list[int]


def decode(page: PdfPage, lines: Sequence[PageLine]) -> None:
    """Decodes in place what font and bytes together say to be in a legacy encoding."""
    set_in = [list(_pieces(page, line)) for line in lines]
    texts: dict[encodings.Legacy, list[str]] = {}
    for piece in (piece for own in set_in for piece in own):
        if legacy := encodings.legacy_font(piece.font):
            texts.setdefault(legacy, []).append(piece.text)
    believed = {legacy for legacy, found in texts.items() if encodings.evidence(found, legacy)}
    for line, own in zip(lines, set_in, strict=True):
        shown = [letter for piece in own for letter in _shown(piece, believed)]
        line.text = "".join(letter for letter, _ in shown)
        line.glyphs = [glyph for _, glyph in shown]
        line.hyphenated = line.hyphenated and line.text.endswith("-")


def explains(page: PdfPage, text: str) -> bool:
    """Whether the letters that make the text of a page suspect are, for the most part, set in legacy fonts."""
    strange = [glyph for glyph, char in enumerate(text) if encodings.is_suspect(char)]
    legacy = [glyph for glyph in strange if encodings.legacy_font(font_name(page, glyph))]
    return 2 * len(legacy) > len(strange)


def _pieces(page: PdfPage, line: PageLine) -> Iterator[_Piece]:
    """Blanks belong to what stands before them."""
    fonts: list[str] = []
    for char, glyph in zip(line.text, line.glyphs, strict=True):
        fonts.append(fonts[-1] if fonts and char == " " else font_name(page, glyph))
    for font, group in groupby(range(len(fonts)), fonts.__getitem__):
        own = list(group)
        text = line.text[own[0] : own[-1] + 1]
        if own[-1] + 1 == len(fonts) and line.hyphenated and encodings.legacy_font(font) == "tcvn3":
            text = _with_horn(text)
        yield _Piece(font, text, [line.glyphs[index] for index in own])


def _with_horn(text: str) -> str:
    """At a line's end pdfium takes the soft hyphen, the code of ư, for a hyphen; a real one follows capitals."""
    return text[:-1] + "\u00ad" if len(text) > 1 and not (text[-2].isascii() and not text[-2].islower()) else text


def _shown(piece: _Piece, believed: set[encodings.Legacy]) -> list[tuple[str, int]]:
    letters = encodings.decode_places(piece.text, piece.font, encodings.legacy_font(piece.font) in believed)
    if letters is None:
        return list(zip(piece.text, piece.glyphs, strict=True))
    return [(letter, piece.glyphs[index]) for letter, index in letters]


def font_name(page: PdfPage, glyph: int) -> str:
    """The name of a glyph's font as the PDF gives it, subset mark and all."""
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    pdfium_c.FPDFText_GetFontInfo(page.textpage.raw, glyph, name, _LONGEST_NAME, ctypes.c_int())
    return name.value.decode("utf-8", "replace")
