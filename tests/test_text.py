"""Text made comparable: offsets kept, one tone placement, in time that grows with the text and no faster."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.text import aligned, key


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Hoà bình", "hoà bình"), ("Hòa bình", "hoà bình"), ("THỦY lợi", "thuỷ lợi"), ("khỏe", "khoẻ"),
        ("hoàn thành", "hoàn thành"), ("quý III", "quý iii"), ("Ðảng\u00a0ủy", "đảng uỷ"), ("hóa-đơn", "hoá-đơn"),
    ],
)  # fmt: skip
def test_aligned(written: str, compared: str) -> None:
    assert aligned(written) == compared
    assert key(written) == key(compared)


@given(st.text(alphabet="hHoòóỏõọaáàeuùúủũụyỳýqQnđÐ -.\u00a0", max_size=40))
def test_offsets_are_kept_and_the_end_of_a_word_tells_its_tone(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert len(aligned(text)) == len(text)
    assert aligned(aligned(text)) == aligned(text)


def test_a_word_without_end_is_read_once() -> None:
    assert aligned("x" * 2_000_000) == "x" * 2_000_000
