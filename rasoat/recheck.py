"""Running the checks on what is stored: again inside each report, and between reports."""

from __future__ import annotations

from dataclasses import dataclass

from checks import CheckSettings, check
from checks.across import Filed, across
from checks.messages import render
from rasoat import messages, tuning
from rasoat.settings import Lang
from schema import district
from schema.areas import areas, mark_compared
from schema.findings import Render
from schema.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """What a new run of the checks changed."""

    reports: int
    came: int
    went: int


def inside(store: Store, render: Render, settings: CheckSettings | None = None) -> Change:
    """Every report checked by itself; one transaction a report."""
    came = went = 0
    ids = store.report_ids()
    for report_id in ids:
        found = check(store.load_document(report_id), store.load_facts(report_id), settings)
        new, gone = store.replace_findings(report_id, found, render)
        came, went = came + new, went + gone
    return Change(len(ids), came, went)


def between(store: Store, render: Render, settings: CheckSettings | None = None, *, pending: bool = False) -> Change:
    """The reports of each district against each other; ``pending``: only where a report was never compared.

    One transaction a district. A report that a newer version has replaced loses its findings against others.
    """
    reports = came = went = 0
    register = district.register(store.conn)
    for area in areas(store.conn, pending=pending):
        found = across([_filed(store, report_id) for report_id in area.counting], register, settings)
        with store.transaction() as conn:
            for report_id in area.all:
                new, gone = store.replace_findings(report_id, found.get(report_id, ()), render, "across")
                came, went = came + new, went + gone
            mark_compared(conn, area)
        reports += len(area.counting)
    return Change(reports, came, went)


def told(store: Store, lang: Lang, *, inside_too: bool = True) -> str:
    """All checks again, or only those between reports, in the office's own settings; what that changed, in words."""
    settings = tuning.current(store)
    done = [inside(store, lambda found: render(found, lang), settings)] if inside_too else []
    done.append(between(store, lambda found: render(found, lang), settings))
    came, went = sum(one.came for one in done), sum(one.went for one in done)
    return messages.text("checked", lang, reports=done[0].reports, came=came, went=went)


def _filed(store: Store, report_id: int) -> Filed:
    return Filed(report_id, store.load_document(report_id), store.load_facts(report_id), store.load_findings(report_id))
