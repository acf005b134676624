"""Every reason has one sentence in each language that says what to do; docs/errors.md lists them all."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs import pages
from rasoat import messages
from rasoat.settings import language
from schema.errors import Reason, SettingsError, StoreError

ROOT = Path(__file__).parents[1]
LANGUAGES = ("vi", "en")


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_says_what_happened_and_what_to_do(reason: Reason, lang: str) -> None:
    said = messages.reason(reason, lang, "chi tiết")  # type: ignore[arg-type]
    assert said[0].isupper()
    assert said.endswith((".", "chi tiết"))
    if reason is not Reason.DUPLICATE:  # nothing to do about a duplicate
        assert said.count(". ") == 1 or said.endswith("chi tiết")


def test_no_sentence_without_a_reason() -> None:
    assert set(messages.table()["reason"]) == {reason.value for reason in Reason}


def test_both_languages_have_all_sentences_with_the_same_blanks() -> None:
    for group, sentences in messages.table().items():
        for name, both in sentences.items():
            assert set(both) == set(LANGUAGES), (group, name)
            blanks = [{blank for _, blank, _, _ in string.Formatter().parse(both[lang]) if blank} for lang in LANGUAGES]
            assert blanks[0] == blanks[1], (group, name)


def test_flags_never_accuse() -> None:
    for sentences in messages.table().values():
        for both in sentences.values():
            assert "gian lận" not in both["vi"].lower()
            assert "sai" not in both["vi"].lower().split()


@pytest.mark.parametrize("word", sorted(messages.table()["database"]))
def test_every_database_fault_is_told(word: str) -> None:
    assert messages.database(StoreError(f"{word}: technical words"), "vi") == messages.table()["database"][word]["vi"]


def test_an_unknown_database_fault_is_told_too() -> None:
    assert messages.database(StoreError("strange"), "en") == "The database cannot be used."


def test_the_documentation_lists_every_reason_fault_and_refusal() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    codes = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert codes == [*(reason.value for reason in Reason), *messages.table()["database"], *messages.table()["query"]]
    assert page == pages.errors()


@given(st.text())
def test_nothing_printed_can_steer_a_terminal(words: str) -> None:
    shown = messages.printable(words)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u2028\ufeff") & set(shown)


def test_vietnamese_is_printed_as_it_is() -> None:
    assert messages.printable("Xã Bình Hòa:\t18 người") == "Xã Bình Hòa: 18 người"


@pytest.mark.parametrize(("given", "spoken"), [(None, "vi"), ("en", "en"), ("vi_VN.UTF-8", "vi"), ("EN", "en")])
def test_language(given: str | None, spoken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RASOAT_LANG", raising=False)
    assert language(given) == spoken


def test_language_we_do_not_speak() -> None:
    with pytest.raises(SettingsError):
        language("fr")
