"""Gives the inspectors' page what it may not fetch itself: recording decisions, reading uploads, sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rasoat.batch import Batch
from rasoat.progress import Quiet
from rasoat.settings import Lang, Settings
from review import ports
from review.server import serve as serve_page
from schema.model import Finding
from schema.store import Store


def serve(db: Path, host: str, port: int, lang: Lang) -> None:
    """Serve the page until interrupted. StoreError when the database cannot be used."""
    with Store(db, create=False):
        pass  # migrated, or refused, before anyone looks at it
    page = Page(db, lang)
    serve_page(db, host, port, ingest=page.ingest, record=page.record, render=page.render)


class Page:
    """The ports of ``review`` on one database; a connection for each call, since calls come from many threads."""

    def __init__(self, db: Path, lang: Lang) -> None:
        self.db, self.lang = db, lang

    def record(self, decision: ports.Decision, expected: int) -> bool:
        """Append a decision if its fingerprint has exactly ``expected`` decisions; False when someone was faster."""
        with Store(self.db, create=False) as store, store.transaction() as conn:
            count = conn.execute(
                "SELECT count(*) FROM review WHERE fingerprint = ?", (decision.fingerprint,)
            ).fetchone()[0]
            if count != expected:
                return False
            conn.execute(
                "INSERT INTO review (fingerprint, status, note, reviewer, at) VALUES (?, ?, ?, ?, ?)",
                (decision.fingerprint, decision.status, decision.note, decision.reviewer, decision.at),
            )
            return True

    def ingest(self, paths: Sequence[Path]) -> Iterable[ports.Uploaded]:
        """Store uploads exactly as the command line would."""
        from checks.messages import render

        with Store(self.db, create=False) as store:
            batch = Batch(store, Settings(), lambda finding: render(finding, self.lang), Quiet(), lang=self.lang)
            batch.run(paths, kind="upload")
            for path in paths:
                yield from self._ended(store, path)

    @staticmethod
    def _ended(store: Store, path: Path) -> Iterable[ports.Uploaded]:
        absolute = str(path.absolute())
        found = store.conn.execute(
            "SELECT file_name, outcome, coalesce(reason_code, ''), coalesce(reason, ''), report_id FROM files"
            " WHERE (path = ? OR substr(path, 1, length(?) + 2) = ? || '!/')"
            " AND run_id = (SELECT max(run_id) FROM runs) ORDER BY path",
            (absolute, absolute, absolute),
        ).fetchall()
        for file_name, outcome, code, reason, report_id in found:
            yield ports.Uploaded(file_name, outcome, code, reason, report_id)

    @staticmethod
    def render(rule: str, values: Mapping[str, str], lang: ports.Lang) -> str | None:
        """The finding's sentence in another language; None where its variant is not told by its values."""
        from checks.messages import render

        try:
            return render(Finding(rule, values.get("variant", ""), "info", values, (), ()), lang)
        except KeyError:
            return None
