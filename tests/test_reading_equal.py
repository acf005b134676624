"""One report in several formats is one report: the same words, the same facts."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from rasoat.pipeline import process
from rasoat.settings import Settings
from samples.docx_file import docx_bytes
from samples.generate import mixed
from samples.pdf_file import pdf_bytes
from samples.scan_file import scanned
from schema.model import Document, Facts

ROOT = Path(__file__).parents[1]
SHARED = [folder for folder in (ROOT.parent / "shared/reports", ROOT.parents[1] / "shared/reports") if folder.is_dir()]
GENERATED = [made.report for made in mixed(77, 8)]
PAIRS = [(docx_bytes(report), pdf_bytes(report)) for report in GENERATED]
PAIRS += [
    ((folder / f"{name}.docx").read_bytes(), (folder / f"{name}.pdf").read_bytes())
    for folder in SHARED
    for name in ("phuong-ky-2023", "p1-cchc-quy3", "p2-ktxh-nam")
]


def read(data: bytes) -> tuple[Document, Facts]:
    ended = process(data, "report", Settings())
    assert ended.kind == "ok"
    assert ended.document is not None
    assert ended.facts is not None
    return ended.document, ended.facts


def stated(facts: Facts) -> dict[str, Counter[tuple[object, ...]]]:
    """What the report states, wherever it stands."""
    return {
        "header": Counter([(facts.header,)]),
        "citations": Counter((c.code, c.doc_type, c.issued_on, c.issuer) for c in facts.citations),
        "dates": Counter((d.kind, d.start_on, d.end_on, d.role) for d in facts.dates),
        "quantities": Counter((q.value_text, q.unit, q.noun, q.qualifier, q.basis) for q in facts.quantities),
        "percentages": Counter((p.value_text, p.noun, p.qualifier) for p in facts.percentages),
        "ratios": Counter((r.numerator, r.denominator, r.stated_percent) for r in facts.ratios),
        "indicators": Counter((i.indicator, i.value, i.unit, i.as_of, i.basis) for i in facts.indicators),
    }


def words(document: Document) -> str:
    """All text but the page furniture, which only a paged format has."""
    parts = (document.text[p.start : p.end] for p in document.passages if p.zone != "furniture")
    return " ".join(" ".join(parts).split())


@pytest.mark.parametrize("pair", PAIRS, ids=range(len(PAIRS)))
def test_docx_and_pdf_of_one_report_say_the_same(pair: tuple[bytes, bytes]) -> None:
    (docx, of_docx), (pdf, of_pdf) = map(read, pair)
    assert stated(of_docx) == stated(of_pdf)
    assert Levenshtein.distance(words(docx), words(pdf)) <= 0.001 * len(words(docx))
    outlines = [[(s.level, s.number, s.heading) for s in document.sections] for document in (docx, pdf)]
    assert outlines[0] == outlines[1]


def test_a_scan_states_the_same_figures() -> None:
    report = [made.report for made in mixed(6, 4)][3]
    _, printed = read(docx_bytes(report))
    _, seen = read(scanned(pdf_bytes(report), random.Random(1), 200, 0.5, 8))
    for kind in ("quantities", "percentages", "ratios", "dates", "citations"):
        figures = [
            Counter(
                getattr(mention, "value_text", None)
                or getattr(mention, "code", None)
                or (getattr(mention, "numerator", None), getattr(mention, "start_on", None))
                for mention in getattr(facts, kind)
            )
            for facts in (printed, seen)
        ]
        assert figures[0] == figures[1], kind
