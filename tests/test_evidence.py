"""Every finding quotes what it compares: ``rasoat verify`` finds nothing amiss in samples and in faulty reports."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from checks import check
from extractors import extract
from rasoat.cli import run
from samples.fast import document
from samples.generate import mixed, with_fault, write
from samples.slips import FAULTS
from schema.model import Finding
from schema.store import Store
from schema.verify import COMPARING, broken
from tests.minireport import build

SAMPLES = Path(__file__).parents[1] / "samples" / "reports"


def test_verify_is_silent_on_samples_and_on_a_report_with_each_fault(tmp_path: Path) -> None:
    rng, wanted = random.Random(5), list(FAULTS)
    for i, made in enumerate(mixed(5, 60)):
        faulty = next((f for name in wanted if (f := with_fault(rng, made, name))), None)
        if faulty is not None:
            wanted.remove(faulty.fault)
            write(faulty, ("docx", "pdf")[i % 2], tmp_path, rng)
    assert not wanted
    db = tmp_path / "x.db"
    assert run(["ingest", str(SAMPLES), str(tmp_path / "reports"), "--db", str(db), "--jobs", "2"]) == 0
    with Store(db, read_only=True) as store:
        assert list(broken(store.conn)) == []
        assert store.conn.execute("SELECT count(*) FROM findings").fetchone()[0] >= len(FAULTS)


SINGLE = {
    "ratio": "Đã kích hoạt 107/105 tài khoản của công dân.",
    "percent": "Hộ sản xuất giỏi chiếm 104% tổng số hộ.",
    "growth": "Diện tích ngô đạt 150 ha, tăng 20% so với năm trước (100 ha).",
    "year-in-number": "Theo Quyết định số 29/2018/QĐ-UBND ngày 12/3/2019 của UBND tỉnh về quản lý đất đai.",
}


@pytest.mark.parametrize("variant", SINGLE)
def test_both_sides_of_a_comparison_within_one_phrase_are_quoted(variant: str) -> None:
    read, facts = build(SINGLE[variant])
    found = [f for f in check(read, facts) if f.variant == variant]
    assert len(found) == 1, variant
    first, second = (read.text[e.start : e.end] for e in found[0].evidence)
    assert first != second


def test_every_comparing_finding_of_generated_faults_has_two_sides() -> None:
    rng = random.Random(11)
    for made in mixed(11, 12):
        for name in FAULTS:
            faulty = with_fault(rng, made, name)
            if faulty is not None:
                read = document(faulty.report)
                assert [f for f in check(read, extract(read)) if not _two_sided(f)] == []


def _two_sided(finding: Finding) -> bool:
    return len(finding.evidence) >= (2 if finding.rule in COMPARING else 1)
