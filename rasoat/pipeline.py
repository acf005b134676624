"""One report, bytes to findings. Pure: no database, no clock, no globals, so equal bytes give equal outcomes."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from checks import check
from extractors import extract
from ingest import read
from ingest.limits import Limits
from rasoat.settings import Settings
from schema.errors import DISK_FULL, ReadError, Reason
from schema.model import Box, Document, Facts, Finding, NoLayout, Outcome, OutcomeKind

UNSUPPORTED = frozenset(
    {Reason.UNSUPPORTED, Reason.NOT_DOCX, Reason.OFFICE_MISSING, Reason.OCR_MISSING, Reason.OCR_OFF}
)
Stage = Callable[[str], None]
Kept = TypeVar("Kept")


def process(data: bytes, name: str, settings: Settings, on_stage: Stage = lambda stage: None) -> Outcome:
    """Read, extract and check one file.

    ``name`` only helps to tell formats apart. ``on_stage`` hears the name of each stage as it begins (``read``,
    ``extract``, ``check``, ``place``). Never raises for a bad file: the outcome carries the reason.
    """
    try:
        return _process(data, name, settings, on_stage)
    except ReadError as error:
        return Outcome(kind_of(error.reason), error.reason, error.detail)
    except MemoryError:
        return Outcome("failed", Reason.MEMORY)
    except OSError as error:
        return Outcome("failed", Reason.NO_SPACE if error.errno in DISK_FULL else Reason.INTERNAL, last_line(error))
    except Exception as error:  # a slip of ours must cost one file its place, never the batch
        return Outcome("failed", Reason.INTERNAL, last_line(error))


def _process(data: bytes, name: str, settings: Settings, on_stage: Stage) -> Outcome:
    on_stage("read")
    document = read(data, name, Limits(ocr_seconds=settings.scan_page_seconds), settings.ocr)
    on_stage("extract")
    facts, unextracted = _kept(lambda: extract(document), Facts())
    if settings.checks:
        facts = replace(facts, header=settings.checks.places.settle(facts.header))
    on_stage("check")
    nothing: tuple[Finding, ...] = ()
    findings, unchecked = _kept(lambda: check(document, facts, settings.checks), nothing)
    on_stage("place")
    boxes = _boxes(document, facts, findings)
    reason, detail = document.partial, ""
    if unextracted or unchecked:
        reason, detail = (Reason.EXTRACT_FAILED if unextracted else Reason.CHECK_FAILED), unextracted or unchecked
        document = replace(document, partial=reason)
    kind: OutcomeKind = "partial" if reason else "ok"
    return Outcome(kind, reason, detail, replace(document, layout=NoLayout()), facts, findings, boxes)


def _kept(step: Callable[[], Kept], instead: Kept) -> tuple[Kept, str]:
    """What ``step`` gives, else ``instead`` and what went wrong: a slip of ours must not lose what was read before."""
    try:
        return step(), ""
    except MemoryError:
        raise
    except Exception as error:
        return instead, last_line(error)


def kind_of(reason: Reason) -> OutcomeKind:
    """``unsupported``: nothing is wrong with the file, but this program or this machine cannot read its kind."""
    return "unsupported" if reason in UNSUPPORTED else "failed"


def last_line(error: BaseException) -> str:
    """The error and where it was raised, on one line and without any path: ``KeyError: 'x' (numbers.py:12)``."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno})" if frames else ""
    said = traceback.format_exception_only(error)[-1].strip().splitlines()
    return f"{said[0] if said else type(error).__name__}{where}"


def _boxes(
    document: Document, facts: Facts, findings: tuple[Finding, ...]
) -> tuple[tuple[tuple[int, int], tuple[Box, ...]], ...]:
    """The boxes of all mentions and evidence, asked for while the layout (perhaps an open PDF) is alive."""
    mentions = (facts.citations, facts.dates, facts.quantities, facts.percentages, facts.ratios, facts.indicators)
    spans = {(mention.start, mention.end) for kind in mentions for mention in kind}
    spans |= {(piece.start, piece.end) for finding in findings for piece in finding.evidence if piece.report_id is None}
    return tuple((span, boxes) for span in sorted(spans) if (boxes := document.layout.boxes(*span)))
