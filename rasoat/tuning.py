"""A district's own severities and thresholds: a settings file, kept with the data until another is given.

    [severity]
    numbering-gap = "info"        # error | warning | info | off
    [thresholds.total-mismatch]
    near = 0.4
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from checks import CheckSettings
from rasoat import messages
from rasoat.settings import Lang
from schema import district, waivers
from schema.errors import SettingsError
from schema.ledger import now
from schema.store import Store


def keep(store: Store, path: Path, lang: Lang) -> None:
    """Takes the file's settings into the database. Raises SettingsError for what no rule knows."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        CheckSettings.from_mapping(values)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, SettingsError) as error:
        raise SettingsError(messages.text("bad-settings", lang, path=path, detail=error)) from error
    waivers.save_settings(store, values, now())


def current(store: Store) -> CheckSettings:
    """The settings and communes kept in the database, the rules' own defaults where there are none."""
    chosen = CheckSettings.from_mapping(waivers.settings(store.conn))
    return replace(chosen, places=district.gazetteer(store.conn))
