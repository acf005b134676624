"""Options and values that several commands take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rasoat import messages
from rasoat.settings import Lang
from schema.errors import SettingsError

if TYPE_CHECKING:
    from schema.periods import Period

Db = Annotated[Path, typer.Option("--db", help="Cơ sở dữ liệu SQLite.", show_default=False)]
LangOption = Annotated[
    str | None, typer.Option("--lang", help="Ngôn ngữ: vi | en (hoặc RASOAT_LANG).", show_default=False)
]


def choice(value: str | None, choices: Sequence[str], lang: Lang) -> None:
    """SettingsError where a value is given and is none of ``choices``."""
    if value is not None and value not in choices:
        raise SettingsError(messages.text("bad-choice", lang, value=value, choices=" | ".join(choices)))


def period(value: str | None, lang: Lang) -> Period | None:
    """The period that was typed; SettingsError where it is none."""
    from schema.periods import parse

    found = parse(value) if value else None
    if value and found is None:
        raise SettingsError(messages.text("bad-period", lang, value=messages.printable(value)))
    return found
