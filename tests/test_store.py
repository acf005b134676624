"""The store on real SQLite files: what goes in comes out equal, once, and nothing is ever half there."""

from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema import migrations, queries
from schema.errors import Reason, StoreError
from schema.fingerprint import fingerprint
from schema.layout import LineLayout
from schema.ledger import Received
from schema.model import Box, Citation, Finding, Line, Outcome, Quantity
from schema.rows import MENTIONS, boxes_from, boxes_json, from_row, to_row
from schema.store import Store
from schema.verify import broken
from tests import versions
from tests.helpers_store import TEXT, document, facts, finding, outcome, span


def sentence(reason: Reason, detail: str) -> str:
    return f"{reason.value}."


def render(found: Finding) -> str:
    return f"{found.rule}: {' / '.join(found.values.values())}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "a.db")


def put(store: Store, name: str, sha: str, ended: Outcome | None = None) -> tuple[str, int | None]:
    run = store.begin_run("ingest", [name])
    claim = store.claim(Received(f"/in/{name}", name, sha, 10), run, sentence)
    if claim.todo != "process":
        return claim.outcome, None
    return store.save(claim.file_id, ended or outcome(), sentence, render)


def test_a_report_comes_back_equal(store: Store) -> None:
    kind, report_id = put(store, "a.pdf", "s1")
    assert (kind, report_id) == ("ok", 1)
    assert store.load_document(1) == document()
    assert store.load_facts(1) == facts()
    assert store.load_findings(1) == (finding(),)
    exact = store.load_facts(1).quantities[1].other_value
    assert str(exact) == "18.0"  # not only equal: printed alike
    assert list(broken(store.conn)) == []


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(value=decimals, other=st.none() | decimals, noun=st.none() | texts, text=texts)
def test_rows_lose_nothing(value: Decimal, other: Decimal | None, noun: str | None, text: str) -> None:
    quantity = Quantity(
        start=1, end=2, rule="r", value=value, value_text=text, decimals=3, unit=None, noun=noun, other_value=other
    )
    row = to_row(quantity)
    back = from_row(Quantity, row)
    assert back == quantity
    assert str(back.value) == str(value)


@given(st.booleans(), st.none() | st.dates(), st.none() | st.integers(1900, 2100), texts)
def test_citations_survive_rows(incomplete: bool, day: object, year: int | None, subject: str) -> None:
    citation = Citation(
        start=0,
        end=1,
        rule="r",
        code="1/A",
        issued_on=day,
        year=year,
        subject=subject,
        incomplete=incomplete,  # type: ignore[arg-type]
    )
    assert from_row(Citation, to_row(citation)) == citation


@given(st.lists(st.tuples(st.integers(1, 9), *[st.floats(0, 1)] * 4)))
def test_boxes_are_rounded_to_five_places(numbers: list[tuple[int, float, float, float, float]]) -> None:
    boxes = tuple(Box(*one) for one in numbers)
    for box, back in zip(boxes, boxes_from(boxes_json(boxes)), strict=True):
        assert back.page == box.page
        assert abs(back.x0 - box.x0) <= 5e-6


@settings(max_examples=50)
@given(st.integers(0, 40), st.integers(1, 20))
def test_stored_lines_cover_any_span(start: int, length: int) -> None:
    lines = [Line(n * 10, n * 10 + 9, Box(1, 0.0, n / 10, 0.9, n / 10 + 0.05)) for n in range(7)]
    boxes = LineLayout(lines).boxes(start, start + length)
    assert boxes or start % 10 == 9  # between two lines there is nothing
    assert all(0 <= box.x0 < box.x1 <= 0.9 for box in boxes)
    assert [box.y0 for box in boxes] == sorted({box.y0 for box in boxes})


CONTRACT = {
    "reports": "report_id file_name sha256 format pages commune district province report_no issued_on title topic"
    " period_start period_end status char_count",
    "texts": "report_id text",
    "sections": "report_id section_id parent_id number heading level char_start char_end page",
    "passages": "report_id passage_id section_id kind text page char_start char_end table_id row col",
    "citations": "report_id code doc_type number year symbol issued_on issuer subject incomplete",
    "dates": "report_id kind start_on end_on",
    "quantities": "report_id value value_text decimals unit noun qualifier",
    "percentages": "report_id value value_text decimals qualifier noun",
    "ratios": "report_id numerator denominator stated_percent noun",
    "indicator_values": "report_id indicator value value_text unit qualifier as_of period_start period_end basis",
    "findings": "finding_id report_id rule severity message values_json fingerprint status other_report_id",
    "finding_evidence": "finding_id ordinal role report_id text section page char_start char_end boxes",
    "reviews": "fingerprint status note reviewer at",
    "files": "path file_name sha256 bytes received_at outcome reason_code reason report_id",
}
SIX = ("citations", "dates", "quantities", "percentages", "ratios", "indicator_values")
EVERY_MENTION = " mention_id text section page char_start char_end boxes rule"


@pytest.mark.parametrize("view", CONTRACT)
def test_views_have_the_columns_of_the_contract(store: Store, view: str) -> None:
    wanted = (CONTRACT[view] + (EVERY_MENTION if view in SIX else "")).split()
    cursor = store.conn.execute(f"SELECT * FROM {view}")
    assert [column[0] for column in cursor.description][: len(wanted)] == wanted


def test_views_say_what_stands_in_the_report(store: Store) -> None:
    put(store, "a.pdf", "s1")
    quantity = queries.rows(store.conn, "SELECT * FROM quantities ORDER BY char_start")[2]
    assert (quantity["value"], quantity["value_text"], quantity["text"]) == (1204.0, "1.204", "1.204")
    assert (quantity["section"], quantity["page"]) == ("I Tổ chức bộ máy", 1)
    assert json.loads(quantity["boxes"]) == [[1, 0.1, 0.2, 0.3, 0.4]]
    citation = queries.rows(store.conn, "SELECT * FROM citations")[0]
    assert (citation["issued_on"], citation["identity"]) == ("2023-02-10", "xã|KH|15|2023")
    label = store.conn.execute("SELECT label FROM cited_document").fetchone()
    assert label == ("15/KH-UBND",)


def test_same_bytes_are_stored_once(store: Store) -> None:
    assert put(store, "a.pdf", "s1") == ("ok", 1)
    assert put(store, "a.pdf", "s1") == ("ok", None)  # known: not even tried
    assert put(store, "copy.pdf", "s1")[0] == "duplicate"
    names = ("file_name", "outcome", "reason_code", "report_id", "same_as")
    assert [tuple(row[name] for name in names) for row in queries.files(store.conn)] == [
        ("a.pdf", "ok", None, 1, None),
        ("copy.pdf", "duplicate", "same-bytes", None, "/in/a.pdf"),
    ]
    assert list(broken(store.conn)) == []


def test_two_files_of_one_report_are_versions(store: Store) -> None:
    put(store, "a.docx", "s1")
    put(store, "a.pdf", "s2")
    put(store, "corrected.pdf", "s3", outcome(report_no="12a/BC-UBND", issued_on=facts().header.period_end))
    put(store, "other.pdf", "s4", outcome(report_no="13/BC-UBND", title="Báo cáo khác"))
    put(store, "elsewhere.pdf", "s5", outcome(commune="Xã Khác"))
    rows = queries.rows(store.conn, "SELECT file_name, first_version, version, newest FROM reports ORDER BY report_id")
    assert [tuple(row.values()) for row in rows] == [
        ("a.docx", 1, 1, 0),
        ("a.pdf", 1, 2, 0),
        ("corrected.pdf", 1, 3, 1),
        ("other.pdf", 4, 1, 1),
        ("elsewhere.pdf", 5, 1, 1),
    ]


def test_a_file_is_failed_until_it_is_done(store: Store) -> None:
    run = store.begin_run("ingest", [])
    claim = store.claim(Received("/in/a.pdf", "a.pdf", "s1", 1), run, sentence)
    row = queries.files(store.conn, failed=True)[0]
    assert (row["outcome"], row["reason_code"]) == ("failed", "interrupted")
    again = store.claim(Received("/in/a.pdf", "a.pdf", "s1", 1), run, sentence)
    assert (again.file_id, again.todo, again.attempts) == (claim.file_id, "process", 2)


def test_poison_is_tried_a_set_number_of_times(store: Store) -> None:
    received = Received("/in/a.pdf", "a.pdf", "s1", 1)
    bad = Outcome("failed", Reason.CRASHED, "SIGSEGV")
    tried = []
    for retry in (False, False, True, True, True, True):
        claim = store.claim(received, store.begin_run("ingest", []), sentence, retry=retry)
        tried.append(claim.todo)
        if claim.todo == "process":
            store.save(claim.file_id, bad, sentence, render)
    assert tried == ["process", "known", "process", "process", "known", "known"]


def test_what_the_machine_lacked_is_no_poison(store: Store) -> None:
    received, lacking = Received("/in/a.pdf", "a.pdf", "s1", 1), Outcome("unsupported", Reason.OCR_MISSING)
    for retry in (False, True, True, True, True):
        claim = store.claim(received, store.begin_run("ingest", []), sentence, retry=retry)
        assert claim.todo == "process"
        store.save(claim.file_id, lacking, sentence, render)


def partly(text: str = TEXT) -> Outcome:
    """The same report with a page unread."""
    whole = outcome()
    assert whole.document is not None
    return replace(
        whole, kind="partial", reason=Reason.OCR_FAILED,
        document=replace(whole.document, text=text, partial=Reason.OCR_FAILED),
    )  # fmt: skip


def reread(store: Store, ended: Outcome) -> tuple[str, int | None]:
    claim = store.claim(Received("/in/a.pdf", "a.pdf", "s1", 10), store.begin_run("ingest", []), sentence, retry=True)
    assert (claim.todo, claim.outcome) == ("process", "partial")
    row = queries.files(store.conn)[0]
    assert (row["outcome"], row["report_id"]) == ("partial", 1)  # stands until the better reading is there
    return store.save(claim.file_id, ended, sentence, render, again=True)


def test_a_partial_report_is_read_again_on_request_and_keeps_its_number_waivers_and_decisions(store: Store) -> None:
    put(store, "a.pdf", "s1", partly())
    put(store, "b.pdf", "s2", outcome(commune="Xã Khác"))
    mark = store.conn.execute("SELECT fingerprint FROM findings WHERE report_id = 1").fetchone()[0]
    store.decide(mark, "confirmed")
    store.conn.execute("INSERT INTO waiver (rule, report_id, note, at) VALUES ('repeated-word', 1, '', '2026-01-01')")
    assert store.claim(Received("/in/a.pdf", "a.pdf", "s1", 10), 1, sentence).todo == "known"
    assert reread(store, outcome()) == ("ok", 1)
    assert queries.files(store.conn)[0]["outcome"] == "ok"
    assert (store.load_document(1), store.load_facts(1)) == (store.load_document(2), facts())
    assert store.conn.execute("SELECT status FROM findings WHERE report_id = 1").fetchall() == [("confirmed",)]
    assert store.conn.execute("SELECT count(*) FROM waiver WHERE report_id = 1").fetchone() == (1,)
    assert list(broken(store.conn)) == []


@pytest.mark.parametrize("worse", [Outcome("failed", Reason.TIMEOUT), Outcome("unsupported", Reason.OCR_MISSING)])
def test_a_worse_reading_takes_nothing_away(worse: Outcome, store: Store) -> None:
    put(store, "a.pdf", "s1", partly())
    assert reread(store, worse) == ("partial", 1)
    row = queries.files(store.conn)[0]
    assert (row["outcome"], row["reason_code"], row["attempts"]) == ("partial", "ocr-failed", 2)
    shorter = outcome()
    assert shorter.document is not None
    assert reread(store, replace(partly(), document=replace(shorter.document, text=TEXT[:-9]))) == ("partial", 1)
    assert len(store.load_document(1).text) == len(TEXT)


def test_an_unreadable_path_that_can_be_read_later_is_one_file(store: Store) -> None:
    unread = store.claim(Received("/in/a.pdf", "a.pdf", "", None), store.begin_run("ingest", []), sentence)
    store.save(unread.file_id, Outcome("failed", Reason.UNREADABLE), sentence, render)
    assert put(store, "a.pdf", "s1")[0] == "ok"
    assert len(queries.files(store.conn)) == 1


def test_nothing_is_half_stored(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store.begin_run("ingest", [])
    claim = store.claim(Received("/in/a.pdf", "a.pdf", "s1", 1), run, sentence)

    def fail(found: Finding) -> str:
        raise RuntimeError("no message")

    with pytest.raises(RuntimeError):
        store.save(claim.file_id, outcome(), sentence, fail)
    for table in ("report", "passage", "mention", "quantity", "finding", "evidence", "cited_document"):
        assert store.conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert queries.files(store.conn)[0]["reason_code"] == "interrupted"


def test_the_same_report_from_two_processes_is_stored_once(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store(path).close()
    ended: list[tuple[str, int | None]] = []

    def work(name: str) -> None:
        with Store(path) as mine:
            ended.append(put(mine, name, "s1"))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a.pdf", "a.pdf", "b.pdf", "b.pdf")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store(path) as store:
        assert sorted(row["outcome"] for row in queries.files(store.conn)) == ["duplicate", "ok"]
        assert len(ended) == 4
        assert list(broken(store.conn)) == []


# Findings and decisions


def test_checks_again_change_only_what_changed(store: Store) -> None:
    put(store, "a.pdf", "s1")
    kept, new = finding(), finding("value-conflict", ("9/10", "90,87%"))
    before = queries.rows(store.conn, "SELECT finding_id, fingerprint FROM findings")
    assert store.replace_findings(1, [kept], render) == (0, 0)
    assert store.replace_findings(1, [kept, new], render) == (1, 0)
    after = queries.rows(store.conn, "SELECT finding_id, fingerprint FROM findings ORDER BY finding_id")
    assert after[0] == before[0]
    assert store.replace_findings(1, [new], render) == (0, 1)
    assert [row["rule"] for row in queries.rows(store.conn, "SELECT rule FROM findings")] == ["value-conflict"]


def test_a_reviewed_finding_that_vanishes_is_fixed_and_comes_back_with_its_decision(store: Store) -> None:
    put(store, "a.pdf", "s1")
    mark = fingerprint(finding(), facts().header)
    store.decide(mark, "confirmed", "đã hỏi xã", "thanh tra")
    status = "SELECT status FROM findings WHERE rule = 'staff-mismatch'"
    assert store.conn.execute(status).fetchone() == ("confirmed",)
    store.replace_findings(1, [], render)
    assert store.conn.execute(status).fetchone() == ("fixed",)
    store.replace_findings(1, [finding()], render)
    assert store.conn.execute(status).fetchone() == ("confirmed",)


def test_a_decision_holds_for_a_corrected_report(store: Store) -> None:
    put(store, "a.pdf", "s1")
    store.decide(fingerprint(finding(), facts().header), "dismissed")
    put(store, "b.pdf", "s2", outcome(report_no="99/BC-UBND"))
    assert store.conn.execute("SELECT status FROM findings WHERE report_id = 2").fetchone() == ("dismissed",)


def test_decisions_are_never_overwritten(store: Store) -> None:
    store.decide("f", "confirmed")
    store.decide("f", "dismissed")
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        store.conn.execute("DELETE FROM review")
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        store.conn.execute("UPDATE review SET status = 'open'")
    assert [row["status"] for row in queries.rows(store.conn, "SELECT * FROM reviews")] == ["confirmed", "dismissed"]


def test_two_slips_with_the_same_operands_are_two_findings(store: Store) -> None:
    put(store, "a.pdf", "s1", replace(outcome(), findings=(finding(), finding())))
    first, second = store.conn.execute("SELECT fingerprint FROM findings ORDER BY finding_id").fetchall()
    assert second == (f"{first[0]}-2",)


def test_quotes_of_one_paragraph_are_one_quote(store: Store) -> None:
    together = finding("percent-mismatch", ("90,87%", "9/10"))
    put(store, "a.pdf", "s1", replace(outcome(), findings=(finding(), together)))
    apart, one = queries.findings(store.conn, queries.FindingFilter())
    assert [quote.role for quote in apart["quotes"]] == ["claim", "counter"]
    assert len(one["quotes"]) == 1
    assert [text for text, evidence in one["quotes"][0].parts if evidence] == ["90,87%", "9/10"]
    assert "".join(text for text, _ in one["quotes"][0].parts) == TEXT.splitlines()[2]


def test_waived_rules_are_left_out(store: Store) -> None:
    put(store, "a.pdf", "s1")
    store.conn.execute("INSERT INTO waiver (rule, at) VALUES ('staff-mismatch', '2023-01-01')")
    assert queries.findings(store.conn, queries.FindingFilter()) == []
    assert len(queries.findings(store.conn, queries.FindingFilter(waived=True))) == 1


# Search


@pytest.mark.parametrize(
    ("words", "found"),
    [("cán bộ", 1), ("can bo", 1), ("thôn đoài", 1), ("thon doai", 1), ("thôn đoai", 0), ('"', 0), ("", 0)],
)
def test_search_with_and_without_marks(store: Store, words: str, found: int) -> None:
    put(store, "a.pdf", "s1")
    assert len(queries.search(store.conn, words)) == found


# Versions of the database and files that are none


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        store.conn.execute("INSERT INTO schema_version (version) VALUES (999)")
    with pytest.raises(StoreError, match="newer-version"):
        Store(tmp_path / "a.db")
    with pytest.raises(StoreError, match="newer-version"):
        Store(tmp_path / "a.db", read_only=True)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not-ours"):
        Store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"long enough to be read as a database" * 40, b"SQLite format 3\0" + b"x" * 999])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(StoreError):
        Store(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("version", range(1, migrations.latest()))
def test_a_database_of_every_earlier_version_is_brought_up_to_date(version: int, tmp_path: Path) -> None:
    path = versions.database_of(version, tmp_path / "old.db")
    with pytest.raises(StoreError, match="older-version"):
        Store(path, read_only=True)
    with Store(path) as store:
        assert store.migrated_from == version
        assert list(broken(store.conn)) == []
        assert store.load_facts(1) == facts()
        assert [row["outcome"] for row in queries.files(store.conn)] == ["ok", "ok", "failed", "duplicate"]
        assert [row["note"] for row in queries.rows(store.conn, "SELECT note FROM reviews")] == ["đã hỏi xã"]
        assert store.conn.execute("SELECT rule, note FROM waivers").fetchall() == [("repeated-word", "thử")]
        assert len(queries.search(store.conn, "thon doai")) == 2
        for _, table, _ in MENTIONS.values():
            strays = f"SELECT * FROM {table} k JOIN mention m USING (mention_id) WHERE k.report_id IS NOT m.report_id"
            assert store.conn.execute(strays).fetchall() == []
        assert put(store, "new.pdf", "s9")[0] == "ok"
    with Store(path) as store:
        assert store.migrated_from == migrations.latest()


def test_an_upgraded_database_has_the_shape_of_a_new_one(tmp_path: Path) -> None:
    shapes = []
    for path in (versions.database_of(1, tmp_path / "old.db"), tmp_path / "new.db"):
        with Store(path) as store:
            rows = store.conn.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
            shapes.append([row for row in rows if not row[0].startswith("sqlite_")])
    assert shapes[0] == shapes[1]


def test_a_failed_upgrade_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = versions.database_of(1, tmp_path / "old.db")
    half = {1: migrations.step(1), 2: "CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);"}
    with monkeypatch.context() as patched, pytest.raises(StoreError):
        patched.setattr(migrations, "_steps", lambda: half)
        Store(path)
    with sqlite3.connect(path) as conn:
        assert migrations.version(conn) == 1
        assert conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


def test_changed_views_are_made_anew(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        store.conn.execute("DROP VIEW reports")
        store.conn.execute("CREATE VIEW reports AS SELECT 1")
        store.conn.execute("UPDATE schema_version SET views = 'old'")
    with Store(tmp_path / "a.db") as store:
        assert "commune" in [c[0] for c in store.conn.execute("SELECT * FROM reports").description]


def test_backup_is_whole_and_never_overwrites(store: Store, tmp_path: Path) -> None:
    put(store, "a.pdf", "s1")
    store.backup(tmp_path / "copy.db")
    with Store(tmp_path / "copy.db") as copy:
        assert copy.load_facts(1) == facts()
    with pytest.raises(StoreError, match="backup-exists"):
        store.backup(tmp_path / "copy.db")
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]


def test_a_backup_put_back_is_the_database_of_that_moment(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        put(store, "a.pdf", "s1")
        store.backup(tmp_path / "copy.db")
        put(store, "b.pdf", "s2", outcome(commune="Xã Khác"))
    path.write_bytes(b"\0" * 5000)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    with Store(tmp_path / "copy.db") as copy:
        path.unlink()
        copy.backup(path)
    with Store(path) as store:
        assert [row["file_name"] for row in queries.files(store.conn)] == ["a.pdf"]
        assert list(broken(store.conn)) == []


def test_a_backup_that_was_cut_short_is_made_anew(store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db.part").write_bytes(b"half")
    store.backup(tmp_path / "copy.db")
    with Store(tmp_path / "copy.db") as copy:
        assert list(broken(copy.conn)) == []


# Promises


@pytest.mark.parametrize(
    ("damage", "promise"),
    [
        ("UPDATE mention SET text = 'khác' WHERE mention_id = 1", "1:"),
        ("UPDATE mention SET boxes = '[]' WHERE mention_id = 1", "2:"),
        ("UPDATE mention SET boxes = '[[2, 0, 0, 1, 1]]' WHERE mention_id = 1", "2:"),
        ("DELETE FROM evidence WHERE ordinal = 1", "3:"),
        ("UPDATE file SET outcome = 'failed', reason_code = 'timeout', reason = 'x'", "4:"),
        ("UPDATE file SET report_id = NULL", "4:"),
        ("""UPDATE run SET summary = '{"received": 2, "ok": 1}', finished_at = 'x'""", "4:"),
        ("UPDATE finding SET report_id = 77", "5:"),
    ],
)
def test_verify_tells_each_broken_promise(store: Store, damage: str, promise: str) -> None:
    put(store, "a.pdf", "s1")
    assert list(broken(store.conn)) == []
    store.conn.execute("PRAGMA foreign_keys = OFF")
    store.conn.execute(damage)
    assert any(line.startswith(promise) for line in broken(store.conn))


def test_span_helper_points_at_the_text() -> None:
    assert TEXT[slice(*span("18 người"))] == "18 người"
