"""A report sent again: both versions kept and linked, decisions carried over, what changed told with both quotes."""

from __future__ import annotations

import copy
import html
import json
import random
from pathlib import Path

import pytest

from extractors import extract
from ingest import read
from review.app import create_app
from samples.docx_file import docx_bytes
from samples.generate import mixed
from samples.markup import Mark, Report
from samples.pdf_file import pdf_bytes
from schema.store import Store
from schema.versions import Change, Version, compare
from tests import test_pipeline
from tests.minireport import build
from tests.review_site import PATIENT
from tests.test_cli import rasoat
from tests.test_review import client_of

HEAD = "@commune Mộc Mẫu\n@title Kết quả công tác cải cách hành chính quý II năm 2024\n@number 12/BC-UBND\n"
BODY = """@issued 2024-06-18
1. Tổ chức bộ máy
Xã có 17 cán bộ, công chức theo Kế hoạch số 15/KH-UBND ngày 10/02/2024 của UBND xã.
Tiếp nhận 320 hồ sơ, giải quyết đúng hạn 310/320 hồ sơ, đạt 96,88%.
2. Chuyển đổi số
Tổ chức 04 buổi tuyên truyền cho 160 lượt người.
"""


def told(older: str, newer: str) -> list[tuple[str, str, str | None, str | None]]:
    found = compare(build(HEAD + older), build(HEAD + newer))
    return [(one.what, one.kind, *(side.text if side else None for side in (one.older, one.newer))) for one in found]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("", "", []),
        ("17 cán bộ", "18 cán bộ", [("changed", "quantity", "17 cán bộ", "18 cán bộ")]),
        ("96,88%", "96,9%", [("changed", "percentage", "96,88%", "96,9%")]),
        ("310/320", "301/320", [("changed", "ratio", "310/320 hồ sơ", "301/320 hồ sơ")]),
        ("10/02/2024", "12/02/2024",
         [("changed", "citation", "Kế hoạch số 15/KH-UBND ngày 10/02/2024",
           "Kế hoạch số 15/KH-UBND ngày 12/02/2024")]),
        ("15/KH-UBND", "51/KH-UBND",
         [("changed", "citation", "Kế hoạch số 15/KH-UBND ngày 10/02/2024",
           "Kế hoạch số 51/KH-UBND ngày 10/02/2024")]),
        # other words around, the same figures
        ("Tiếp nhận 320 hồ sơ, giải quyết", "Trong kỳ đã tiếp nhận 320 hồ sơ và giải quyết", []),
        ("Tổ chức 04 buổi", "Trong quý, tổ chức 05 buổi", [("changed", "quantity", "04 buổi", "05 buổi")]),
        ("1. Tổ chức bộ máy\n", "1. Về tổ chức bộ máy\n", []),
        (" cho 160 lượt người", "", [("removed", "quantity", "160 lượt người", None)]),
        (" của UBND xã.\n", " của UBND xã. Có 02 hợp đồng lao động.\n",
         [("added", "quantity", None, "02 hợp đồng")]),
    ],
)  # fmt: skip
def test_what_a_correction_changes(before: str, after: str, changes: list[tuple[str, ...]]) -> None:
    assert told(BODY, BODY.replace(before, after, 1) if before else BODY) == changes


def test_a_side_quotes_the_words_around() -> None:
    (change,) = compare(build(HEAD + BODY), build(HEAD + BODY.replace("17 cán", "18 cán")))
    assert change.about == "staff.total"
    assert change.older is not None
    assert change.newer is not None
    assert change.older.quote.startswith("Xã có 17 cán bộ, công chức theo Kế hoạch số 15/KH-UBND")
    assert [text for text, evidence in change.newer.parts if evidence] == ["18 cán bộ"]


def version(report: Report, name: str = "a.docx") -> Version:
    document = read(pdf_bytes(report) if name.endswith("pdf") else docx_bytes(report), name)
    return document, extract(document)


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [one.report for one in mixed(11, 5)]


def test_one_report_in_two_formats_says_nothing_otherwise(reports: list[Report]) -> None:
    for report in reports:
        changes = compare(version(report), version(report, "a.pdf"))
        assert [one for one in changes if one.kind != "header"] == []


def test_every_figure_that_was_corrected_is_told_and_no_other(reports: list[Report]) -> None:
    rng = random.Random(7)
    for report in reports:
        corrected = copy.deepcopy(report)
        plain = [
            node for block in corrected.blocks for node in block.nodes
            if isinstance(node, Mark) and node.kind == "q" and len(node.values) == 1 and node.body[0][:1].isdigit()
        ]  # fmt: skip
        for node in rng.sample(plain, 4):
            node.body[0] = f"7{node.body[0]}"
        changes = [sides(one) for one in compare(version(report), version(corrected))]
        assert len(changes) == 4
        assert all(newer == f"7{older}" for older, newer in changes)


def sides(change: Change) -> tuple[str, str]:
    assert change.older is not None
    assert change.newer is not None
    return change.older.text, change.newer.text


def stored(path: Path, *files: tuple[str, bytes]) -> Path:
    """A database into which the files came one after the other."""
    for name, content in files:
        (path / name).write_bytes(content)
        rasoat("ingest", path / name, "--db", path / "a.db")
    return path / "a.db"


def listed(*words: str | Path) -> list[dict[str, object]]:
    return list(json.loads(rasoat(*words, "--format", "json")[0]))


SLIP = "Giải quyết 90/100 hồ sơ, đạt 80%."
CORRECTED = ("Xã có tổng số 19 người", "Xã có tổng số 18 người")


@pytest.fixture
def corrected(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The report of ``tests.test_pipeline`` with its total corrected; another slip stays."""
    with monkeypatch.context() as patched:
        words = tuple(line.replace(*CORRECTED) for line in test_pipeline.PARAGRAPHS)
        patched.setattr(test_pipeline, "PARAGRAPHS", words)
        return test_pipeline.report(SLIP)


def test_a_correction_sent_again_is_a_version_and_keeps_the_decisions(tmp_path: Path, corrected: bytes) -> None:
    db = stored(tmp_path, ("cu.docx", test_pipeline.report(SLIP)))
    marks = {row["rule"]: row["fingerprint"] for row in listed("findings", "--db", db)}
    with Store(db) as store:
        store.decide(str(marks["percent-mismatch"]), "dismissed", "theo mẫu của tỉnh", "thanh tra")
        store.decide(str(marks["total-mismatch"]), "confirmed", "đã yêu cầu sửa", "thanh tra")
    stored(tmp_path, ("moi.docx", corrected))

    names = ("report_id", "file_name", "version", "newest")
    kept = [tuple(row[name] for name in names) for row in listed("versions", "--db", db)]
    assert kept == [(1, "cu.docx", 1, 0), (2, "moi.docx", 2, 1)]
    states = {row["rule"]: row["status"] for row in listed("findings", "--report", "2", "--db", db)}
    assert states["percent-mismatch"] == "dismissed"
    assert "total-mismatch" not in states
    (old,) = listed("findings", "--report", "1", "--rule", "total-mismatch", "--db", db)
    assert old["status"] == "confirmed"
    assert rasoat("verify", "--db", db)[0] == ""

    figure, finding = listed("versions", "moi.docx", "--db", db)
    assert {name: figure[name] for name in ("report_id", "older_report_id", "what", "kind", "older", "newer")} == {
        "report_id": 2, "older_report_id": 1, "what": "changed", "kind": "quantity", "older": "19 người",
        "newer": "18 người",
    }  # fmt: skip
    assert figure["older_quote"] == "Xã có tổng số 19 người, gồm 10 cán bộ và 08 công chức."
    assert (finding["what"], finding["kind"], finding["about"]) == ("removed", "finding", "total-mismatch")
    shown = rasoat("versions", "1", "--db", db)[0]
    assert "#2 moi.docx so với #1 cu.docx: 1 thay đổi" in shown
    assert "“Xã có tổng số [18 người], gồm 10 cán bộ và 08 công chức.”" in shown
    assert "Phát hiện không còn: 1" in shown

    with client_of(create_app(db, settings=PATIENT)) as client:
        assert 'href="/reports/2/changes"' in client.get("/reports/1").text
        page = client.get("/reports/2/changes").text
        assert "Xã có tổng số <mark>19 người</mark>, gồm 10 cán bộ" in page
        assert "Xã có tổng số <mark>18 người</mark>, gồm 10 cán bộ" in page
        assert str(old["message"]) in html.unescape(page)
        assert "total-mismatch" not in page
        assert [client.get(f"/reports/{n}/changes").status_code for n in (1, 9)] == [404, 404]


def test_a_report_of_one_version_has_no_changes(tmp_path: Path) -> None:
    db = stored(tmp_path, ("a.docx", test_pipeline.report()))
    assert listed("versions", "--db", db) == []
    assert rasoat("versions", "--db", db)[0] == "Không báo cáo nào có nhiều bản.\n"
    assert listed("versions", "a.docx", "--db", db) == []
    assert rasoat("versions", "1", "--db", db)[0] == "Báo cáo này chỉ có một bản.\n"
    assert "Không có đúng một báo cáo 'b.docx'" in rasoat("versions", "b.docx", "--db", db, status=2)[1]
