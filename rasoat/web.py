"""Gives the inspectors' page what it may not fetch itself: recording decisions, reading uploads, sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from ingest import detect, office
from ingest.limits import Limits
from rasoat import export, messages
from rasoat.batch import Batch
from rasoat.letter import content, paper
from rasoat.progress import Quiet
from rasoat.settings import Lang, Settings
from rasoat.sheet import grid, words
from review import ports
from review.decisions import recorder
from review.server import own_settings
from review.server import serve as serve_page
from schema import queries
from schema.errors import RasoatError, ReadError, Reason, SettingsError
from schema.model import Finding, OutcomeKind
from schema.periods import Period
from schema.store import Store


def serve(db: Path, host: str, port: int, lang: Lang, hosts: Sequence[str] = ()) -> None:
    """Serve the page until interrupted, to those who type ``host`` or one of ``hosts``.

    StoreError when the database cannot be used, SettingsError when other machines could come in without a password.
    """
    with Store(db, create=False):
        pass  # migrated, or refused, before anyone looks at it
    page = Page(db, lang)
    own = own_settings(lang)
    settings = replace(own, hosts=(*own.hosts, *hosts))
    serve_page(
        db, host, port, ingest=page.ingest, record=recorder(db), render=page.render, printer=printer(),
        office=page.office, settings=settings,
    )


def printer() -> ports.Print | None:
    """Word files as PDF through LibreOffice, where it is installed."""
    if office.program() is None:
        return None

    def print_(data: bytes) -> bytes | None:
        kind = detect.kind(data)
        try:
            return office.to_pdf(data, kind, Limits()) if kind in ("doc", "docx", "odt", "rtf") else None
        except ReadError:
            return None

    return print_


class Page:
    """The ports of ``review`` on one database; a connection for each call, since calls come from many threads."""

    def __init__(self, db: Path, lang: Lang) -> None:
        self.db, self.lang = db, lang

    def ingest(self, paths: Sequence[Path]) -> Iterator[ports.Uploaded]:
        """Store uploads exactly as the command line would; each file's outcome comes as it ends."""
        ended: SimpleQueue[ports.Uploaded | RasoatError | None] = SimpleQueue()
        Thread(target=self._batch, args=(paths, ended), daemon=True).start()
        while (one := ended.get()) is not None:
            if isinstance(one, RasoatError):
                raise one
            yield one

    def _batch(self, paths: Sequence[Path], ended: SimpleQueue[ports.Uploaded | RasoatError | None]) -> None:
        from checks.messages import render

        try:
            with Store(self.db, create=False) as store:
                told = _Told(store, ended, self.lang)
                Batch(store, Settings(), lambda one: render(one, self.lang), told, lang=self.lang).run(paths, "upload")
        except RasoatError as error:
            ended.put(error)
        finally:
            ended.put(None)

    @staticmethod
    def render(rule: str, values: Mapping[str, str], lang: ports.Lang) -> str | None:
        """The finding's sentence in another language; None where its variant is not told by its values."""
        from checks.messages import render

        try:
            return render(Finding(rule, values.get("variant", ""), "info", values, (), ()), lang)
        except KeyError:
            return None

    @property
    def office(self) -> ports.Office:
        return ports.Office(self.letter, self.grids, self.workbook)

    def letter(self, commune: str) -> bytes | None:
        """The commune's letter; None where there is nothing to send."""
        with Store(self.db, read_only=True) as store:
            try:
                return paper.paper(content.letter(store, commune))
            except SettingsError:
                return None

    def grids(self) -> list[ports.Grid]:
        """The sheets that there are, newest period first."""
        with Store(self.db, read_only=True) as store:
            places = _places(store)
        return [
            ports.Grid(code, words.topic_title(topic), words.period_title(period))
            for code, (period, topic) in sorted(places.items(), key=lambda one: one[1], reverse=True)
        ]

    def workbook(self, code: str) -> bytes | None:
        """The district's workbook, of one grid or of all."""
        with Store(self.db, read_only=True) as store:
            places = _places(store)
            if code and code not in places:
                return None
            period, topic = places[code] if code else (None, None)
            return export.district_workbook(store, grid.Wanted(topic, period))


def _places(store: Store) -> dict[str, tuple[Period, str]]:
    """The grids that there are, each under what the page calls it by."""
    places = [place for row in queries.reports(store.conn) if (place := grid.place(row))]
    return {f"{period.year}-{period.month}-{period.months} {topic}": (period, topic) for period, topic in places}


class _Told(Quiet):
    """Hears of each file as it ends, and passes on what the ledger says of it."""

    def __init__(
        self, store: Store, ended: SimpleQueue[ports.Uploaded | RasoatError | None], lang: Lang
    ) -> None:
        self.store, self.ended, self.lang = store, ended, lang

    def done(self, path: str, outcome: OutcomeKind, reason: str | None, seconds: float, known: bool) -> None:
        name, said, report = self.store.conn.execute(
            "SELECT f.file_name, coalesce(f.reason, ''), coalesce(f.report_id, t.report_id) FROM file f"
            " LEFT JOIN file t ON t.file_id = f.same_as WHERE f.path = ? ORDER BY f.file_id DESC LIMIT 1",
            (path,),
        ).fetchone()
        if known and report is not None:  # the same file once more: nothing new was stored
            outcome, reason, said = "duplicate", Reason.DUPLICATE.value, messages.reason(Reason.DUPLICATE, self.lang)
        self.ended.put(ports.Uploaded(name, outcome, reason or "", said, report))
