"""The committed samples are what their marked-up text says, and the generator keeps its word."""

from __future__ import annotations

import json
import random
import unicodedata
from decimal import Decimal
from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

import ingest
from checks import check, messages
from extractors import extract
from samples.build import GOLD, REPORTS, file_bytes, sources
from samples.compose import outlines, phrases
from samples.docx_file import docx_bytes
from samples.fast import document
from samples.faults import read, slip
from samples.generate import Generated, mixed, periods, series, with_fault
from samples.gold import dumps, gold
from samples.markup import Mark, MarkupError, Report, dump, dump_line, parse, parse_line, surface
from samples.slips import FAULTS
from schema.model import Document

SOURCES = {report.one("file"): report for report in sources()}
MADE = list(mixed(11, 18))


@pytest.mark.parametrize("name", SOURCES)
def test_committed_file_is_what_its_source_builds(name: str) -> None:
    committed = ingest.read((REPORTS / name).read_bytes(), name)
    built = ingest.read(file_bytes(SOURCES[name]), name)
    assert committed.text == built.text
    assert (GOLD / f"{name}.gold.json").read_text(encoding="utf-8") == dumps(SOURCES[name])


@pytest.mark.parametrize("name", SOURCES)
def test_every_word_of_the_source_is_read(name: str) -> None:
    text = " ".join(ingest.read((REPORTS / name).read_bytes(), name).text.split())
    for block in SOURCES[name].blocks:
        for run in block.runs():
            words = surface(run).split()
            assert " ".join(words[:6]) in text and " ".join(words[-3:]) in text


def said(read_document: Document) -> list[tuple[str, str, str]]:
    """Rule, severity and everything that a finding quotes, folded."""
    out = []
    for finding in check(read_document, extract(read_document)):
        quotes = [read_document.text[piece.start : piece.end] for piece in finding.evidence]
        told = " ".join([messages.render(finding), *finding.values.values(), *quotes])
        out.append((finding.rule, finding.severity, " ".join(told.casefold().split())))
    return out


@pytest.mark.parametrize("name", SOURCES)
def test_gold_findings_of_the_samples_are_found(name: str) -> None:
    findings = said(ingest.read((REPORTS / name).read_bytes(), name))
    for item in gold(SOURCES[name])["findings"]:
        if not item.get("optional"):
            wanted = [" ".join(word.casefold().split()) for word in item["match"]]
            assert any(rule in item["rules"] and all(w in text for w in wanted) for rule, _, text in findings), item


@pytest.mark.parametrize("report", [*SOURCES.values(), *(made.report for made in MADE)], ids=lambda r: r.one("title"))
def test_printed_numbers_are_the_marked_values(report: Report) -> None:
    """A surface cannot drift from its gold value: the number is read back from the print."""
    for mark in report.marks():
        shown = surface(mark.body)
        numbers = [read(number) for number in regex.findall(r"\d[\d.,]*\d|\d", shown)]
        if mark.kind == "p":
            assert numbers == [mark.number()], shown
        elif mark.kind == "r":
            assert numbers == [Decimal(value) for value in mark.values], shown
        elif mark.kind == "q" and " tỷ " in shown and len(numbers) == 2:
            assert numbers[0] * 1000 + numbers[1] == mark.number(), shown
        elif mark.kind == "q":
            assert numbers[0] == mark.number(), shown
        elif mark.kind == "c":
            assert mark.values[0] in shown.replace(" ", ""), shown


def test_generated_reports_are_consistent() -> None:
    for made in MADE:
        for relation in made.world.sums:
            assert made.world[relation.total] == sum(made.world[part] for part in relation.parts)
        for rate in made.world.rates:
            exact = made.world[rate.part] * 100 / made.world[rate.whole]
            assert abs(exact - made.world[rate.rate]) < Decimal("0.1")


def test_same_seed_same_reports_other_seed_others() -> None:
    first, again, other = ([dump(made.report) for made in mixed(seed, 6)] for seed in (3, 3, 4))
    assert first == again != other


def test_series_goes_on_from_period_to_period() -> None:
    spans = periods("quarter", 2023, 4)
    worlds = [made.world for made in series(5, 3, spans, "cchc")]
    for before, now in pairwise(worlds):
        if before.place == now.place:
            assert now["e.prev"] == before["e.acc"]
            assert now["d.carried"] == before["d.pending"]
            assert now["st.total"] == before["st.total"]


def test_wordings_are_many() -> None:
    statements = {name: entry["variants"] for name, entry in phrases().items()}
    assert all(len(variants) >= 3 for variants in statements.values())
    assert sum(len(variants) for variants in statements.values()) >= 200
    assert len(outlines()) >= 6


@pytest.mark.parametrize("made", MADE[:6], ids=lambda made: made.report.one("topic"))
def test_fast_path_reads_as_the_docx_does(made: Generated) -> None:
    assert document(made.report).text == ingest.read(docx_bytes(made.report), "x.docx").text


def test_consistent_reports_raise_nothing() -> None:
    alarms = [
        (made.report.one("title"), *finding)
        for made in MADE
        for finding in said(document(made.report))
        if finding[1] != "info"
    ]
    assert alarms == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found(fault: str) -> None:
    """A handful of each here; `make mutate` plants thousands."""
    rng, tried, missed = random.Random(9), 0, []
    for made in MADE:
        faulty = with_fault(rng, made, fault)
        if faulty is None or tried >= 5:
            continue
        tried += 1
        item = gold(faulty.report)["findings"][0]
        wanted = [" ".join(word.casefold().split()) for word in item["match"]]
        found = said(document(faulty.report))
        if not any(rule in item["rules"] and all(word in text for word in wanted) for rule, _, text in found):
            missed.append((made.report.one("title"), item))
    assert tried and not missed


def test_a_fault_leaves_the_original_alone() -> None:
    before = [dump(made.report) for made in MADE]
    for made in MADE:
        for fault in FAULTS:
            with_fault(random.Random(1), made, fault)
    assert [dump(made.report) for made in MADE] == before


NUMBERS = st.from_regex(r"[1-9]\d{0,2}(\.\d{3}){0,2}(,\d{1,2})?", fullmatch=True)


@given(NUMBERS, st.integers())
def test_a_slip_changes_one_number_a_little(number: str, seed: int) -> None:
    other = slip(random.Random(seed), number)
    assert len(other) == len(number) and read(other) >= 0
    assert sum(a != b for a, b in zip(number, other, strict=True)) in (0, 1, 2)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="{}|\r\n"), min_size=1)
MARKS = st.builds(lambda number, words: Mark("q", [str(number)], [words], noun="hồ sơ"), st.integers(0), WORDS)


@given(st.lists(st.one_of(WORDS, MARKS)))
def test_marks_survive_writing_and_reading(nodes: list[Mark | str]) -> None:
    line = dump_line(nodes)
    assert dump_line(parse_line(line)) == line
    assert surface(parse_line(line)) == surface(nodes)


@pytest.mark.parametrize("line", ["{q 5 hộ|5 hộ", "5 hộ}", "{x 5|5}"])
def test_broken_marks_are_refused(line: str) -> None:
    with pytest.raises(MarkupError):
        parse_line(line)


def test_gold_holds_what_the_marks_say() -> None:
    report = parse(
        "@file a.docx\n@commune Khuê Vạc\n"
        "- {c 21a/KH-UBND 2023-02-15|Kế hoạch số 21a/KH-UBND ngày 15/02/2023}; trước {d -|31/6/2023}; "
        "{r 9/12 =ntm.criteria_met =-|9/12}; {q 6200 triệu đồng ~ =budget.revenue|6,2 tỷ}\n"
    )
    assert json.loads(dumps(report)) == {
        "file": "a.docx",
        "header": {"commune": "Khuê Vạc"},
        "citations": [{"code": "21a/KH-UBND", "date": "2023-02-15"}],
        "dates": [{"date": "2023-02-15"}, {"date": ""}],
        "percentages": [],
        "ratios": [{"numerator": 9, "denominator": 12}],
        "quantities": [{"value": 6200, "noun": "triệu đồng", "qualifier": "~"}],
        "indicators": [{"code": "ntm.criteria_met", "value": 9}, {"code": "budget.revenue", "value": 6200}],
        "findings": [],
    }


def test_all_of_it_is_nfc() -> None:
    for report in SOURCES.values():
        assert unicodedata.is_normalized("NFC", dump(report))
