"""One file, bytes to findings: pure, and no file may raise."""

from __future__ import annotations

import errno
import io
import pickle
import zipfile
from dataclasses import replace

import docx
import pytest

from rasoat import pipeline
from rasoat.pipeline import kind_of, last_line, process
from rasoat.settings import Settings
from schema.errors import ReadError, Reason
from schema.model import Box, Document, Facts, NoLayout, Outcome, Quantity

PARAGRAPHS = (
    "ỦY BAN NHÂN DÂN",
    "XÃ AN MẪU",
    "BÁO CÁO",
    "Kết quả công tác cải cách hành chính năm 2023",
    "I. Tổ chức bộ máy",
    "Xã có tổng số 19 người, gồm 10 cán bộ và 08 công chức.",
)


def report(*more: str) -> bytes:
    made = docx.Document()
    for words in (*PARAGRAPHS, *more):
        made.add_paragraph(words)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def test_a_report_is_read_and_its_facts_are_slices_of_its_text() -> None:
    ended = process(report(), "a.docx", Settings())
    assert ended.kind == "ok"
    assert ended.document is not None
    assert ended.facts is not None
    assert "10 cán bộ" in ended.document.text
    assert {quantity.value for quantity in ended.facts.quantities} >= {10, 8}
    text = ended.document.text
    assert all(quantity.value_text in text[quantity.start : quantity.end] for quantity in ended.facts.quantities)


def test_equal_bytes_give_equal_outcomes_that_cross_a_process_border() -> None:
    first, second = process(report(), "a.docx", Settings()), process(report(), "b.docx", Settings())
    assert first == second
    assert pickle.loads(pickle.dumps(first)) == first
    assert pickle.dumps(first) == pickle.dumps(second)


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"", "failed", Reason.EMPTY),
        (b"chi la mot dong chu", "unsupported", Reason.UNSUPPORTED),
        (b"%PDF-1.7\nnothing that follows is a PDF\n%%EOF", "failed", Reason.PDF_BROKEN),
        (zipped(notes=b"text"), "unsupported", Reason.NOT_DOCX),
        (report()[:3000], "failed", Reason.DOCX_BROKEN),
    ],
)
def test_bad_files_say_why(data: bytes, kind: str, reason: Reason) -> None:
    ended = process(data, "bao-cao.pdf", Settings())
    assert (ended.kind, ended.reason) == (kind, reason)
    assert ended.document is None


def failing(error: BaseException) -> object:
    def read(*given: object, **named: object) -> Document:
        raise error

    return read


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), Reason.MEMORY),
        (RecursionError(), Reason.INTERNAL),
        (KeyError("x"), Reason.INTERNAL),
        (ReadError(Reason.TIMEOUT), Reason.TIMEOUT),
        (OSError(errno.ENOSPC, "No space left on device"), Reason.NO_SPACE),
        (OSError(errno.EIO, "Input/output error"), Reason.INTERNAL),
    ],
)
def test_a_slip_of_ours_costs_one_file(error: BaseException, reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read", failing(error))
    ended = process(b"x", "x", Settings())
    assert (ended.kind, ended.reason) == ("failed", reason)


@pytest.mark.parametrize(
    ("stage", "reason"), [("extract", Reason.EXTRACT_FAILED), ("check", Reason.CHECK_FAILED)]
)
def test_a_slip_after_reading_keeps_what_was_read(
    stage: str, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "read", lambda *given, **named: Document("12 hộ", "docx"))
    monkeypatch.setattr(pipeline, stage, failing(IndexError("x")))
    ended = process(b"x", "x", Settings())
    assert (ended.kind, ended.reason, ended.findings) == ("partial", reason, ())
    assert ended.detail.startswith("IndexError: x (test_pipeline.py:")
    assert ended.document is not None and ended.document.text == "12 hộ"
    assert ended.document.partial is reason


def test_memory_that_runs_out_while_checking_is_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read", lambda *given, **named: Document("12 hộ", "docx"))
    monkeypatch.setattr(pipeline, "check", failing(MemoryError()))
    ended = process(b"x", "x", Settings())
    assert (ended.kind, ended.reason) == ("failed", Reason.MEMORY)


def test_interruptions_are_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read", failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        process(b"x", "x", Settings())


def test_last_line_names_the_place_without_a_path() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        assert last_line(error).startswith("ValueError: two (test_pipeline.py:")


class Layout:
    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        return (Box(1, 0.0, 0.0, 0.5, 0.5),) if start < 3 else ()


def test_boxes_are_asked_for_while_the_layout_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    from decimal import Decimal

    document = Document("12 hộ, 13", "pdf", layout=Layout())
    first = Quantity(start=0, end=2, rule="r", value=Decimal(12), value_text="12", decimals=0, unit=None, noun=None)
    facts = Facts(quantities=(first, replace(first, start=7, end=9)))
    monkeypatch.setattr(pipeline, "read", lambda *given, **named: document)
    monkeypatch.setattr(pipeline, "extract", lambda given: facts)
    monkeypatch.setattr(pipeline, "check", lambda *given: ())
    ended = process(b"x", "x", Settings())
    assert ended.boxes == (((0, 2), (Box(1, 0.0, 0.0, 0.5, 0.5),)),)
    assert ended.document is not None
    assert isinstance(ended.document.layout, NoLayout)


def test_a_partial_document_is_never_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read", lambda *given, **named: Document("chữ", "docx", partial=Reason.CENSUS))
    ended: Outcome = process(b"x", "x", Settings())
    assert (ended.kind, ended.reason) == ("partial", Reason.CENSUS)


def test_what_this_machine_cannot_read_is_unsupported() -> None:
    assert kind_of(Reason.OCR_MISSING) == "unsupported"
    assert kind_of(Reason.PDF_BROKEN) == "failed"


def test_stages_are_told_in_order() -> None:
    heard: list[str] = []
    process(report(), "a.docx", Settings(), on_stage=heard.append)
    assert heard == ["read", "extract", "check", "place"]
