"""The signs that characters of the private use area print in the Symbol and Wingdings fonts."""

from __future__ import annotations

# By the code that Word writes (w:sym); both fonts agree on those that reports use.
PRINTED = {
    "F0B3": "≥",
    "F0A3": "≤",
    "F0B1": "±",
    "F0B4": "×",
    "F0B8": "÷",
    "F0B0": "°",
    "F0B7": "•",
    "F0A7": "▪",
    "F0D8": "➢",
    "F0FC": "✓",
    "F0FE": "☑",
    "F0A8": "☐",
    "F06F": "☐",
    "F0B9": "≠",
    "F0BB": "≈",
    "F0AE": "→",
    "F0E0": "→",
    "F0E8": "➔",
    "F02D": "-",
    "F02B": "+",
    "F02A": "*",
    "F025": "%",
    "F076": "❖",
    "F0D2": "✓",
}
_BY_CHARACTER = {int(code, 16): sign for code, sign in PRINTED.items()}


def printed(text: str) -> str:
    """``text`` with such characters as they print, one for one; others stay."""
    return text.translate(_BY_CHARACTER)
