"""The inspectors' page over Starlette's own client: each page, each act, each way to misuse it."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from starlette.applications import Starlette
from starlette.testclient import TestClient

from review import users
from review.app import create_app
from review.figures import crop
from review.labels import _held, label
from review.marking import Mark, lines, runs
from review.ports import Uploaded
from review.safety import visible
from review.security import Tries
from review.server import settings_for
from review.site import figure
from review.tables import plain
from schema.errors import SettingsError
from schema.questions import ours
from schema.store import Store
from tests.review_site import HOSTILE, PATIENT, build

PAGES = [
    "/",
    "/findings",
    "/findings/1",
    "/findings/3",
    "/findings/4",
    "/findings?status=waived",
    "/findings/5?status=waived",
    "/reports/1",
    "/reports/2",
    "/reports/3",
    "/reports/1/pages/1",
    "/indicators",
    "/indicators/staff.total",
    "/search",
    "/search?q=duong",
    "/questions",
    "/questions/findings-by-rule",
    "/questions/late-reports?p_days=15",
    "/questions/indicator-over-time?p_commune=Suối Mơ",
    "/downloads",
    "/letter?commune=Suối Mơ",
    "/upload",
]


def stand_in(paths: Sequence[Path]) -> Iterable[Uploaded]:
    """What ``rasoat`` injects, without reading: a PDF is good, a second one with the same bytes a duplicate."""
    seen: set[bytes] = set()
    for path in paths:
        body = path.read_bytes()
        if body in seen:
            yield Uploaded(path.name, "duplicate", "same-bytes", "Đã có tệp này.")
        elif body.startswith(b"%PDF"):
            yield Uploaded(path.name, "ok", report_id=1)
        else:
            yield Uploaded(path.name, "failed", "pdf-broken", "Tệp PDF bị hỏng.")
        seen.add(body)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return build(tmp_path)


def client_of(app: Starlette, **more: str) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1:8642", follow_redirects=False, **more)  # type: ignore[arg-type]


@pytest.fixture
def client(db: Path) -> Iterator[TestClient]:
    with client_of(create_app(db, ingest=stand_in, settings=PATIENT)) as made:
        yield made


def token(client: TestClient, page: str = "/findings/1") -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)
    assert found
    return found[1]


def act(client: TestClient, finding: int, name: str, note: str = "", seen: int = 0, query: str = "") -> tuple[int, str]:
    sent = {"csrf": token(client), "act": name, "note": note, "seen": str(seen)}
    answer = client.post(f"/findings/{finding}{query}", data=sent)
    return answer.status_code, answer.headers.get("location", answer.text)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_answers_small_and_shows_no_place_of_the_server(
    client: TestClient, db: Path, page: str, lang: str
) -> None:
    answer = client.get(page, params={**dict(re.findall(r"[?&](\w+)=([^&]+)", page)), "lang": lang})
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.text
    assert len(answer.content) < 100_000
    assert str(db.parent) not in answer.text
    assert "/secret/place" not in answer.text
    assert " style=" not in answer.text and "<style" not in answer.text and " onclick" not in answer.text
    assert "<script>" not in answer.text and "<img src=x" not in answer.text
    assert "\u202e" not in answer.text and "\u0007" not in answer.text


def test_headers_forbid_what_the_page_does_not_need(client: TestClient) -> None:
    headers = client.get("/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "SameSite=Strict" in headers["set-cookie"] and "HttpOnly" in headers["set-cookie"]


def test_overview_counts_failures_and_what_is_missing(client: TestClient) -> None:
    text = client.get("/").text
    assert "Tệp PDF bị hỏng; hãy xin bản khác." in text
    assert re.search(r"<b>1</b>.*Không khớp", text)
    assert "Đọc một phần" in text
    assert "Suối Mơ" in client.get("/", params={"commune": "Suối Mơ"}).text


def test_a_filter_lives_in_the_address(client: TestClient) -> None:
    text = client.get("/findings", params={"severity": "warning", "commune": "Suối Mơ"}).text
    assert "(1 mục)" in text
    assert "/findings/2?severity=warning&amp;commune=Su%E1%BB%91i+M%C6%A1" in text
    assert "/findings/1" not in text


def test_a_finding_of_two_versions_is_judged_once(client: TestClient, db: Path) -> None:
    copied = "insert into finding select 50, 2, null, reach, rule, variant, severity, message, values_json, identity,"
    with Store(db) as store, store.transaction() as connection:
        connection.execute(f"{copied} fingerprint, 0 from finding where finding_id = 1")
    text = client.get("/findings?severity=error").text
    assert "(1 mục)" in text and "/findings/1?" in text  # the one with page images
    assert re.search(r"<b>1</b>.*Không khớp", client.get("/").text)
    assert "/findings/50?" in client.get("/findings?report=2").text
    act(client, 1, "confirm")
    assert re.search(r"<h1>.*st-confirmed", client.get("/findings/50").text)


def test_deciding_leads_to_the_next_and_says_what_was_done(client: TestClient) -> None:
    assert act(client, 1, "confirm") == (303, "/findings/2?done=1")
    assert re.search(r"Đã xác nhận: <a [^>]*>Số người không khớp</a>", client.get("/findings/2?done=1").text)
    assert act(client, 2, "dismiss", "Hai số khác thời điểm") == (303, "/findings/3?done=2")
    text = client.get("/findings/2").text
    assert "Người Thử" in text and "Hai số khác thời điểm" in text and "Đã bỏ qua" in text


def test_the_last_of_a_queue_leads_back_to_the_list(client: TestClient) -> None:
    assert act(client, 1, "confirm", query="?severity=error") == (303, "/findings?severity=error&done=1")


def test_dismissing_needs_a_reason(client: TestClient) -> None:
    status, text = act(client, 1, "dismiss", "   ")
    assert status == 422 and label("vi", "reason_needed") in text
    assert "Chưa có quyết định nào" in client.get("/findings/1").text


def test_undo_goes_back_step_by_step_and_forgets_nothing(client: TestClient) -> None:
    act(client, 1, "confirm", seen=0)
    act(client, 1, "dismiss", "nhầm", seen=1)
    act(client, 1, "undo", seen=2)
    assert re.search(r"<h1>.*st-confirmed", client.get("/findings/1").text)
    act(client, 1, "undo", seen=3)
    text = client.get("/findings/1").text
    assert re.search(r"<h1>.*st-open", text)
    assert len(re.findall(r"<li><span class=\"st", text)) == 4


def test_english_asks_for_the_sentence_of_the_variant(db: Path) -> None:
    def render(rule: str, values: Mapping[str, str], lang: str) -> str | None:
        return f"{rule}/{values['variant']}/{lang}/{values['difference']}" if rule == "staff-mismatch" else None

    with client_of(create_app(db, render=render, settings=PATIENT)) as client:
        assert "staff-mismatch/plain/en/1" in client.get("/findings/1?lang=en").text
        assert "90,87% cần xác minh." in client.get("/findings/2").text
        assert '<html lang="en">' in client.get("/").text


def test_a_note_keeps_the_status(client: TestClient) -> None:
    act(client, 1, "confirm")
    assert act(client, 1, "note", "đã gọi cho xã", seen=1) == (303, "/findings/1")
    text = client.get("/findings/1").text
    assert re.search(r"<h1>.*st-confirmed", text) and "đã gọi cho xã" in text
    act(client, 1, "undo", seen=2)
    assert re.search(r"<h1>.*st-open", client.get("/findings/1").text)


def test_two_inspectors_do_not_overwrite_each_other(client: TestClient) -> None:
    assert act(client, 1, "confirm", seen=0)[0] == 303
    status, text = act(client, 1, "dismiss", "tôi nghĩ khác", seen=0)
    assert status == 409
    assert "vừa quyết định mục này" in text and "tôi nghĩ khác" in text
    assert re.search(r"<h1>.*st-confirmed", text)


def test_evidence_is_outlined_numbered_and_in_view(client: TestClient) -> None:
    text = client.get("/findings/1").text
    boxes = re.findall(
        r'viewBox="[\d.]+ ([\d.]+) [\d.]+ ([\d.]+)".*?<rect x="[\d.]+" y="([\d.]+)".*?<text[^>]*>(\d)</text>',
        text,
        re.S,
    )
    assert [box[3] for box in boxes] == ["1", "2"]
    for top, height, y, _ in boxes:
        assert float(top) <= float(y) <= float(top) + float(height)
    image = client.get("/reports/1/pages/2.png")
    assert image.headers["content-type"] == "image/png" and image.content.startswith(b"\x89PNG")


def test_an_original_that_is_gone_or_was_changed_is_not_shown(client: TestClient, db: Path) -> None:
    assert label("vi", "original_gone") in client.get("/findings/4").text
    (db.parent / "suoi-mo.pdf").write_bytes(b"%PDF-1.4 other bytes")
    assert client.get("/reports/1/pages/1.png").status_code == 404
    text = client.get("/findings/1").text
    assert label("vi", "original_gone") in text and "17 người" in text


@pytest.mark.parametrize(
    "path",
    [
        "/findings/99",
        "/reports/99",
        "/reports/1/pages/9",
        "/reports/1/pages/9.png",
        "/indicators/none",
        "/questions/none",
        "/downloads/users.csv",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/reports/1/pages/..%2f..%2fetc%2fpasswd",
        "/upload/7",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_a_plain_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "words, hits",
    [
        ("duong giao thong", 1),
        ("đường", 1),
        ("dường", 0),
        ("DUONG", 1),
        ("15/KH-UBND", 1),
        ("can bo", 2),
        ('"; drop table report; --', 0),
        ("' OR 1=1", 0),
        ("NEAR(", 0),
        ("*", 0),
    ],
)
def test_search_with_and_without_marks(client: TestClient, words: str, hits: int) -> None:
    assert client.get("/search", params={"q": words}).text.count("<li><p>") == hits


def test_report_marks_every_kind_and_jumps(client: TestClient) -> None:
    text = client.get("/reports/1").text
    assert "k-percentages" in text and "k-indicator_values" in text and "k-finding" in text
    assert '<a href="/findings/1?report=1&amp;status=all">' in text
    table = client.get("/reports/2").text
    assert re.search(r"<table class=\"cells\"><tr><td>Thôn</td><td>Số hộ</td></tr>", table)
    anchor = re.search(r'href="/reports/2\?at=(m\d+)#m\d+"', table)
    assert anchor and f'<a id="{anchor[1]}"' in client.get(f"/reports/2?at={anchor[1]}").text


def test_matrix_shows_both_values_of_a_report(client: TestClient) -> None:
    text = client.get("/indicators", params={"period": "2023-09-30"}).text
    assert re.search(r">17</a> ≠ <a [^>]*>18</a>", text)
    assert ">05</a>" in text
    assert "<polyline" in client.get("/indicators/staff.total").text


@pytest.mark.parametrize("what", ["findings", "indicators", "citations", "files", "reviews"])
def test_downloads_open_in_excel_and_run_nothing(client: TestClient, what: str) -> None:
    body = client.get(f"/downloads/{what}.csv").content
    assert body.startswith(b"\xef\xbb\xbf")
    book = load_workbook(io.BytesIO(client.get(f"/downloads/{what}.xlsx").content))
    assert book.sheetnames == [what]
    assert zipfile.is_zipfile(io.BytesIO(client.get(f"/downloads/{what}.xlsx").content))
    assert str(body).count("/secret/place") == 0


def test_a_formula_stays_text() -> None:
    assert plain("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert plain("-1+1") == "'-1+1"
    assert plain("\uff1d1+1") == "'\uff1d1+1"
    assert plain(-1) == -1


def test_waived_findings_have_a_queue_of_their_own_with_the_reason(client: TestClient) -> None:
    waiting = client.get("/findings").text
    assert "Thiếu mục II." not in waiting
    assert '<a href="/findings?status=waived">Ngoài ra 1 mục được miễn xét</a>' in waiting
    assert "Thiếu mục II." not in client.get("/findings?status=all").text
    assert "miễn xét</a>" not in client.get("/findings?commune=Suối Mơ").text  # none of this commune's
    queue = client.get("/findings?status=waived").text
    assert "Thiếu mục II." in queue
    assert "mẫu riêng của xã &lt;script&gt;" in queue
    assert queue.count('<ol class="queue"') == 1
    assert "17 người" not in queue
    own = client.get("/findings/5?status=waived").text
    assert "mẫu riêng của xã" in own
    assert "(Hoa, " in own
    assert "mục 1 trong 1 mục của danh sách" in own
    assert "mẫu riêng" not in client.get("/findings/3").text
    assert "/findings/5?report=2&amp;status=waived" in client.get("/reports/2").text


def test_without_waivers_nothing_is_said_of_them(db: Path) -> None:
    with Store(db) as store:
        store.conn.execute("update waiver set ended_at = '2024-02-01T00:00:00Z'")
    with client_of(create_app(db, settings=PATIENT)) as client:
        page = client.get("/findings").text
        assert "mục được miễn xét" not in page
        assert "Thiếu mục II." in page


def test_every_saved_question_answers(client: TestClient) -> None:
    for name in ours():
        assert client.get(f"/questions/{name}").status_code == 200


def test_the_blanks_of_a_question_are_asked_for(client: TestClient) -> None:
    page = client.get("/questions/figures-about").text
    assert 'name="p_words"' in page
    assert "role=\"alert\"" not in page  # nothing was asked yet
    assert "<option value=\"Suối Mơ\">" in page
    page = client.get("/questions/indicator-over-time", params={"p_commune": "Suối Mơ", "p_indicator": ""}).text
    assert "<option value=\"Suối Mơ\" selected>" in page
    assert "1 dòng" in page
    wrong = client.get("/questions/late-reports", params={"p_days": "năm"})
    assert wrong.status_code == 422
    assert "Không hiểu &#39;năm&#39; ở ô days. [bad-parameter]" in wrong.text


def test_the_office_s_own_questions_are_on_the_page(client: TestClient, db: Path) -> None:
    own = db.with_name(f"{db.stem}.questions.toml")
    own.write_text(f"[cua-huyen]\nvi = {json.dumps(HOSTILE)}\nsql = 'select 1 as n union select 2'\n", encoding="utf-8")
    page = client.get("/questions/cua-huyen")
    assert page.status_code == 200
    assert "<script>document" not in page.text
    assert "2 dòng" in page.text
    own.write_text("[cua-huyen]\nvi = 'x'\nsql = 'delete from review'\n", encoding="utf-8")
    assert "[not-reading]" in client.get("/questions/cua-huyen").text
    own.write_text("[cua-huyen]\nvi = 'x'\n", encoding="utf-8")
    assert client.get("/questions").status_code == 503
    own.unlink()


def upload(client: TestClient, files: list[tuple[str, bytes]], **more: str) -> tuple[int, str]:
    sent = [("files", (name, body, "application/octet-stream")) for name, body in files]
    answer = client.post("/upload", data={"csrf": token(client, "/upload"), **more}, files=sent)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_upload_shows_each_outcome(client: TestClient, db: Path) -> None:
    status, where = upload(client, [("tốt.pdf", b"%PDF-1"), ("hỏng.pdf", b"?"), ("../../trùng.pdf", b"%PDF-1")])
    assert (status, where) == (303, "/upload/1")
    while "Đã xong" not in (text := client.get("/upload/1").text):
        time.sleep(0.05)
    assert all(words in text for words in ("tốt.pdf", "Trùng tệp đã có", "Tệp PDF bị hỏng.", "Đã xong 3 tệp."))
    kept = [path for path in (db.parent / "thu.db.uploads").rglob("*") if path.is_file()]
    assert sorted(path.name for path in kept) == ["hỏng.pdf", "trùng.pdf", "tốt.pdf"]


def test_too_much_is_refused_before_it_is_stored(db: Path) -> None:
    limits = replace(PATIENT, upload_file_bytes=1000, upload_total_bytes=5000, upload_files=2)
    with client_of(create_app(db, ingest=stand_in, settings=limits)) as client:
        assert upload(client, [("a.pdf", b"x" * 2000)])[0] == 413
        assert upload(client, [("a.pdf", b"x" * 6000)])[0] == 413
        assert upload(client, [(f"{n}.pdf", b"x") for n in range(3)])[0] == 413
        assert upload(client, [])[0] == 422
        assert not [path for path in db.parent.rglob("thu.db.uploads/**/*") if path.is_file()]
        assert client.post("/findings/1", content=b"a" * 70_000).status_code == 413


def posts(app: Starlette) -> list[str]:
    found = [route for route in app.routes if "POST" in (getattr(route, "methods", None) or ())]
    return [route.path.replace("{finding_id:int}", "1") for route in found]  # type: ignore[attr-defined]


def test_no_form_is_taken_without_its_token(db: Path) -> None:
    app = create_app(db, ingest=stand_in, settings=PATIENT)
    with client_of(app) as client, client_of(app) as other:
        stolen = token(other)
        assert len(posts(app)) >= 5
        for path in posts(app):
            assert client.post(path, data={"act": "confirm", "seen": "0"}).status_code == 403
            assert client.post(path, data={"act": "confirm", "seen": "0", "csrf": stolen}).status_code == 403
        good = {"csrf": token(client), "act": "confirm", "seen": "0"}
        assert client.post("/findings/1", data=good, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert "Chưa có quyết định nào" in client.get("/findings/1").text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]:8642", "localhost@evil.example"])
def test_other_host_names_are_not_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


def sign_in(client: TestClient, name: str, password: str, goal: str = "/") -> tuple[int, str]:
    answer = client.post(
        "/login", data={"csrf": token(client, "/login"), "name": name, "password": password, "next": goal}
    )
    return answer.status_code, answer.headers.get("location", "")


def test_signing_in_roles_and_signing_out(db: Path) -> None:
    users.add(db, "hoa", "mat khau rat dai")
    users.add(db, "xem", "chi duoc xem thoi", "viewer")
    with client_of(create_app(db, settings=replace(PATIENT, login=True))) as client:
        assert client.get("/findings").headers["location"] == "/login?next=/findings"
        assert client.get("/reports/1/pages/1.png").status_code == 303
        assert client.post("/findings/1", data={}).status_code == 403
        assert sign_in(client, "hoa", "sai")[0] == 403
        assert sign_in(client, "hoa", "mat khau rat dai", "//evil.example") == (303, "/")
        assert act(client, 1, "confirm")[0] == 303
        assert "hoa, " in client.get("/findings/1").text
        client.post("/logout", data={"csrf": token(client)})
        assert client.get("/").status_code == 303
        assert sign_in(client, "xem", "chi duoc xem thoi", "/findings")[1] == "/findings"
        assert client.get("/findings/1").status_code == 200
        assert (
            client.post("/findings/2", data={"csrf": token(client), "act": "confirm", "seen": "0"}).status_code == 403
        )
        assert label("vi", "viewer_only") in client.get("/findings/2").text


def test_a_session_ends_and_a_guesser_must_wait(db: Path) -> None:
    users.add(db, "hoa", "mat khau rat dai")
    with client_of(create_app(db, settings=replace(PATIENT, login=True, session_seconds=0, sign_in_tries=2))) as client:
        assert sign_in(client, "hoa", "mat khau rat dai")[0] == 303
        assert client.get("/").status_code == 303
        assert [sign_in(client, "hoa", "no")[0] for _ in range(3)] == [403, 403, 429]
        assert sign_in(client, "hoa", "mat khau rat dai")[0] == 429


def test_tries_are_forgotten_after_their_window() -> None:
    tries = Tries(1, 0)
    tries.failed("a")
    assert tries.allowed("a")


def test_passwords_are_never_stored(db: Path) -> None:
    users.add(db, "hoa", "mat khau rat dai")
    assert b"mat khau rat dai" not in db.read_bytes()
    with pytest.raises(SettingsError):
        users.add(db, "hoa", "ngan")


def test_only_loopback_needs_no_password(db: Path) -> None:
    assert not settings_for(db, "127.0.0.1").login
    assert not settings_for(db, "::1").login
    with pytest.raises(SettingsError):
        settings_for(db, "192.0.2.7")
    users.add(db, "hoa", "mat khau rat dai")
    assert settings_for(db, "192.0.2.7").login
    with pytest.raises(SettingsError):
        settings_for(db, "0.0.0.0")


def test_the_reviewers_own_name_is_kept(client: TestClient) -> None:
    client.post("/name", data={"csrf": token(client), "name": "Lê Thử; <b>", "next": "/"})
    act(client, 1, "confirm")
    assert "Lê Thử; &lt;b&gt;, " in client.get("/findings/1").text


def test_controls_are_seen_and_do_nothing() -> None:
    shown = visible(HOSTILE + "\x00a\u00adb\u2066")
    assert "⟦U+202E⟧" in shown and "⟦U+0007⟧" in shown and "⟦U+0000⟧ab" in shown and "⟦U+2066⟧" in shown
    assert visible("Đường phố\t1\n") == "Đường phố\t1\n"


def test_runs_of_overlapping_marks_keep_the_text() -> None:
    text = "abcdefgh"
    made = runs(text, 100, [Mark(101, 105, "dates", "a"), Mark(103, 107, "ratios", "b"), Mark(90, 102, "finding", "c")])
    assert "".join(run.text for run in made) == text
    assert [(run.text, run.kinds) for run in made] == [
        ("a", ("finding",)),
        ("b", ("dates", "finding")),
        ("c", ("dates",)),
        ("de", ("dates", "ratios")),
        ("fg", ("ratios",)),
        ("h", ()),
    ]
    rows = list(lines("x\ty\n\nTitle", 0, [Mark(2, 3, "dates", "d")], {5: 2}))
    assert [(len(row.cells), row.table, row.heading) for row in rows] == [(2, True, 0), (1, False, 2)]
    assert rows[0].cells[1][0].kinds == ("dates",)


def test_a_crop_holds_its_highlight_even_at_the_edges() -> None:
    for y in (0.0, 0.5, 0.99):
        made = crop(1, (600, 800), [(1, [(1, 0.1, y, 0.5, y + 0.01)])], 1)
        assert made.top >= 0 and made.top + made.height <= made.full + 0.01
        assert made.top <= made.highlights[0].y + 4 and made.highlights[0].y < made.top + made.height


def test_every_label_has_two_languages_and_no_verdict() -> None:
    for name, pair in _held().items():
        assert len(pair) == 2 and all(pair), name
        assert not re.search(r"\b(sai|gian lận)\b", pair[0].lower()), name


@pytest.mark.parametrize(
    ("stated", "exact", "shown"),
    [
        ("1.204", "1204", "1.204"),
        ("04", "4", "04"),
        ("4 tỷ 286", "4286", "4.286"),
        ("6,2 tỷ", "6200", "6.200"),
        ("1 tỷ 250 triệu 500 nghìn", "1250.5", "1.250,5"),
        ("năm", "5", "5"),
    ],
)
def test_a_value_with_words_is_shown_in_the_unit_of_its_column(stated: str, exact: str, shown: str) -> None:
    assert figure({"value_text": stated, "value_exact": exact}) == shown  # type: ignore[arg-type]  # as a Row is read
