"""Checks between reports: examples of each rule, the seeded district, versions, eras, and one cause, one finding."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.district import Said, hit, said
from checks import check
from checks.across import Filed, Issued, across
from checks.messages import render
from extractors import extract
from samples.district import FAULTS, district
from samples.docx_file import docx_bytes
from samples.fast import document
from samples.markup import Report
from schema import queries
from schema.model import Finding
from schema.store import Store
from tests.minireport import build
from tests.test_cli import rasoat

EXAMPLES = sorted((Path(__file__).parents[1] / "checks/data/examples/across").glob("*.toml"))
CASES = [
    pytest.param(path.stem, kind, example, id=f"{path.stem}-{kind}-{n}")
    for path in EXAMPLES
    for kind, examples in tomllib.loads(path.read_text(encoding="utf-8")).items()
    for n, example in enumerate(examples)
]


def filed(*sources: str) -> list[Filed]:
    read = [build(source) for source in sources]
    return [Filed(n, document, facts, check(document, facts)) for n, (document, facts) in enumerate(read, 1)]


def shown(reports: list[Filed], report_id: int, finding: Finding) -> str:
    """The message in both languages and all quotes."""
    texts = {report.report_id: report.document.text for report in reports}
    quotes = [texts[e.report_id or report_id][e.start : e.end] for e in finding.evidence]
    return " ".join([render(finding), render(finding, "en"), *quotes])


@pytest.mark.parametrize(("rule", "kind", "example"), CASES)
def test_example(rule: str, kind: str, example: dict[str, Any]) -> None:
    reports = filed(*example["reports"])
    found = across(reports)
    if kind == "pass":
        assert not [f for findings in found.values() for f in findings if f.severity != "info"]
        return
    told = example.get("in", len(reports))
    assert list(found) == [told]
    assert [f.rule for f in found[told]] == [rule]  # one cause, one finding
    (finding,) = found[told]
    assert finding.severity == "warning"
    assert finding.other_report_id in {report.report_id for report in reports} - {told}
    assert all(words in shown(reports, told, finding) for words in example["match"])


def test_every_rule_between_reports_has_examples_that_fail_and_pass() -> None:
    held = {path.stem: set(tomllib.loads(path.read_text(encoding="utf-8"))) for path in EXAMPLES}
    rules = ("series-conflict", "series-drop", "implausible-series", "copied-passage", "citation-consensus")
    assert held == {key: {"fail", "pass"} for key in (*rules, "name-mismatch")}


def test_every_seeded_fault_of_a_small_district_is_found() -> None:
    made, seeded = district(31, 7, faults_of_each=1)
    found = said(made)
    assert {one.fault for one in seeded} == set(FAULTS)
    assert [one for one in seeded if not hit(one, found)] == []
    assert len(found) <= len(seeded) + 2  # a slip is told once, not once for each report that it touches


def test_a_district_without_faults_is_silent() -> None:
    found = said(district(32, 7)[0])
    assert [one for one in found if one.severity != "info"] == []


def test_faults_are_found_by_the_whole_product(tmp_path: Path) -> None:
    """As files, through the database, in two runs: the second compares with what the first has stored."""
    made, seeded = district(33, 4, faults_of_each=1)
    for number, one in enumerate(made):
        folder = tmp_path / f"{number % 4 // 2}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.docx").write_bytes(docx_bytes(one.report))
    for run in ("0", "1"):
        rasoat("ingest", tmp_path / run, "--db", tmp_path / "a.db")
    with Store(tmp_path / "a.db", read_only=True) as store:
        rows = queries.rows(
            store.conn,
            "SELECT r.commune, f.rule, f.severity, f.message || f.values_json || group_concat(e.text) AS shown"
            " FROM findings f JOIN reports r USING (report_id) JOIN finding_evidence e USING (finding_id)"
            " WHERE f.reach = 'across' GROUP BY finding_id",
        )
    found = [Said(row["commune"], row["rule"], row["severity"], folded(row["shown"])) for row in rows]
    assert [one for one in seeded if not hit(one, found)] == []
    assert len(found) <= len(seeded) + 2
    assert rasoat("verify", "--db", tmp_path / "a.db")[0] == ""


def folded(words: str) -> str:
    return " ".join(words.casefold().split())


def test_a_register_of_all_that_is_cited_adds_nothing() -> None:
    reports = [Filed(n, read, extract(read), ()) for n, read in enumerate(map(document, reports_of(34)), 1)]
    cited = {
        (one.code, one.issued_on) for report in reports for one in report.facts.citations
        if one.issuer_level == "district" and one.issued_on
    }  # fmt: skip
    register = [Issued(code, day) for code, day in sorted(cited) if day]
    assert across(reports, register) == across(reports) == {}
    wrong = [Issued(register[0].code, register[0].issued_on.replace(day=28, month=12)), *register[1:]]
    told = [finding for findings in across(reports, wrong).values() for finding in findings]
    assert {(one.variant, one.severity, one.values["code"]) for one in told} == {
        ("register", "error", register[0].code)
    }


def reports_of(seed: int) -> list[Report]:
    return [one.report for one in district(seed, 5)[0]]


ISSUED = "Thực hiện Kế hoạch số 125/KH-UBND ngày 21/01/2024 của UBND huyện Mẫu về cải cách hành chính tại cơ sở."


def test_the_register_of_the_office_outweighs_what_communes_say() -> None:
    head = "@title Kết quả công tác cải cách hành chính quý II năm 2024\n@issued 2024-06-18\n"
    right = ISSUED.replace("21/01", "12/01")
    reports = filed(f"@commune Mộc Mẫu\n{head}{ISSUED}", f"{head}{right}")
    register = [Issued("125/KH-UBND", date(2024, 1, 12), "về cải cách hành chính tại cơ sở")]
    assert across(reports) == {}
    (finding,) = across(reports, register)[1]
    assert (finding.rule, finding.variant, finding.values["date_b"]) == ("citation-consensus", "register", "12/01/2024")
    assert finding.other_report_id == 2


REGISTERED = [
    Issued("125/KH-UBND", date(2024, 1, 12), "Kế hoạch về cải cách hành chính tại cơ sở", line=2),
    Issued("126/KH-UBND", date(2024, 1, 15), "Kế hoạch về chuyển đổi số cộng đồng tại các thôn", line=3),
    Issued("190/KH-UBND", date(2024, 3, 1), "Kế hoạch về phòng, chống thiên tai", line=4),
]
CITING = "@commune Mộc Mẫu\n@title Kết quả công tác cải cách hành chính quý II năm 2024\n@issued 2024-06-18\n"


@pytest.mark.parametrize(
    ("cited", "told"),
    [
        ("Kế hoạch số 125/KH-UBND ngày 12/01/2024 của UBND huyện Mẫu về cải cách hành chính tại cơ sở", None),
        ("Kế hoạch số 125/KH-UBND ngày 21/01/2024 của UBND huyện Mẫu về cải cách hành chính tại cơ sở",
         ("register", "error", "12/01/2024")),
        ("Kế hoạch số 125/KH-UBND ngày 12/01/2023 của UBND huyện Mẫu về cải cách hành chính tại cơ sở",
         ("register", "error", "12/01/2024")),
        ("Kế hoạch số 152/KH-UBND ngày 12/01/2024 của UBND huyện Mẫu về cải cách hành chính tại cơ sở",
         ("register-number", "warning", "125/KH-UBND")),
        ("Kế hoạch số 152/KH-UBND ngày 20/01/2024 của UBND huyện Mẫu về rà soát hộ nghèo",
         ("unregistered", "info", None)),
        # before the first and after the last entry, of another kind, of another level: the register need not know
        ("Kế hoạch số 152/KH-UBND ngày 02/01/2024 của UBND huyện Mẫu về rà soát hộ nghèo", None),
        ("Kế hoạch số 252/KH-UBND ngày 20/3/2024 của UBND huyện Mẫu về rà soát hộ nghèo", None),
        ("Quyết định số 152/QĐ-UBND ngày 20/01/2024 của UBND huyện Mẫu về rà soát hộ nghèo", None),
        ("Kế hoạch số 152/KH-UBND ngày 20/01/2024 của UBND tỉnh Mẫu về rà soát hộ nghèo", None),
        ("Kế hoạch số 125/KH-UBND ngày 20/01/2024 của UBND xã Mộc Mẫu về rà soát hộ nghèo", None),
        # the same number of another subject is another office's document
        ("Kế hoạch số 190/KH-UBND ngày 20/02/2024 của UBND huyện Mẫu về phổ cập giáo dục mầm non cho trẻ", None),
    ],
)
def test_citations_are_set_against_the_register(cited: str, told: tuple[str, str, str | None] | None) -> None:
    found = across(filed(f"{CITING}Thực hiện {cited}, UBND xã đã triển khai."), REGISTERED).get(1, ())
    shown = [(one.variant, one.severity, one.values.get("date_b") or one.values.get("code_b")) for one in found]
    assert shown == ([told] if told else [])


def test_a_slip_that_the_next_report_undoes_is_told_once() -> None:
    def report(quarter: str, month: str, villages: int) -> str:
        return (f"@title Kết quả công tác cải cách hành chính quý {quarter} năm 2024\n@issued 2024-{month}-18\n"
                f"Toàn xã có {villages} thôn, 1.309 hộ với 5.120 nhân khẩu.")  # fmt: skip

    found = across(filed(report("I", "03", 12), report("II", "06", 21), report("III", "09", 12)))
    assert {number: [f.rule for f in findings] for number, findings in found.items()} == {2: ["implausible-series"]}
    lasting = across(filed(report("I", "03", 12), report("II", "06", 21), report("III", "09", 21)))
    assert list(lasting) == [2]
