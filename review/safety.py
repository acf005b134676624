"""Report text is hostile input: what may not act on a reader's screen is made visible instead."""
from __future__ import annotations

import unicodedata

from markupsafe import Markup

LONGEST = 20_000
"""Characters of one string that a page shows; a longer one is cut and says so."""

_KEPT = {"\n", "\t", "\r"}


def _shown(char: str) -> str:
    return f"\u27e6U+{ord(char):04X}\u27e7"


def visible(text: str) -> str:
    """Control, bidi and other invisible format characters as visible signs; the soft hyphen is dropped."""
    if text.isascii() and text.isprintable():
        return text
    out = []
    for char in text:
        if char in _KEPT or char.isprintable() or char.isspace():
            out.append(char)
        elif char != "\u00ad":
            out.append(_shown(char) if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} else char)
    return "".join(out)


def cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[:longest] + "… ✂"


def finalize(value: object) -> object:
    """What Jinja does to every ``{{ value }}`` before it escapes it: None is empty, strings become safe to see."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(cut(value))
    return value
