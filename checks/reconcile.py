"""The smallest change of one printed number that would make figures agree: the reader's first guess."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from checks.figures import plain


@dataclass(frozen=True, slots=True)
class Edit:
    """``old`` is as printed, ``new`` as it would be printed."""

    old: str
    new: str

    @property
    def cost(self) -> tuple[int, int]:
        """Swapped neighbours and one wrong digit first, then by digits that change."""
        return slip(self.old, self.new), abs(len(self.old) - len(self.new))

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


def slip(old: str, new: str) -> int:
    """How many keystrokes apart two numbers are: 1 for one digit or two swapped neighbours."""
    a = old.lstrip("0").replace(",", ".")
    b = new.lstrip("0").replace(",", ".")
    if len(a) != len(b):
        return 1 if _one_digit_more(a, b) or _one_digit_more(b, a) else 2 + abs(len(a) - len(b))
    differ = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(differ) == 2 and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]:
        return 1
    return len(differ)


def _one_digit_more(longer: str, shorter: str) -> bool:
    return len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def nearest(options: Iterable[tuple[str, Fraction, int]]) -> Edit | None:
    """The cheapest of (printed number, value it would need, decimals); None where no plausible number does."""
    edits = [
        Edit(old, plain(value, decimals, like=old))
        for old, value, decimals in options
        if value >= 0 and (value * 10**decimals).denominator == 1
    ]
    edits = [edit for edit in edits if edit.old != edit.new]
    return min(edits, key=lambda edit: edit.cost, default=None)
