"""The database in the real Datasette with our metadata: pages, labels of links, facets, questions, and no password."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from copy import deepcopy
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import regex
from datasette.app import Datasette

from rasoat.metadata import _held
from schema.questions import ours
from schema.store import Store
from tests.questioned import build
from tests.test_cli import rasoat
from tests.test_questions import AN, ANSWERS, BINH, Q1, same

PATIENT = {"sql_time_limit_ms": 60_000, "facet_time_limit_ms": 60_000}


class Site:
    """Datasette as ``datasette huyen.db -m metadata.json`` would serve it."""

    def __init__(self, db: Path, metadata: Path) -> None:
        self.metadata: dict[str, Any] = json.loads(metadata.read_text("utf-8"))
        self.tables: dict[str, Any] = self.metadata["databases"]["huyen"]["tables"]
        self.shown = [name for name, table in self.tables.items() if not table.get("hidden")]
        self.server = Datasette([str(db)], metadata=deepcopy(self.metadata), settings=PATIENT)

    def pages(self, paths: Iterable[str], **more: Any) -> list[tuple[int, str]]:
        async def get() -> list[tuple[int, str]]:
            await self.server.invoke_startup()
            answers = [await self.server.client.get(path, **more) for path in paths]
            return [(answer.status_code, answer.text) for answer in answers]

        return asyncio.run(get())

    def page(self, path: str) -> str:
        ((status, text),) = self.pages([path])
        assert status == 200, text
        return unescape(text)

    def data(self, path: str) -> Any:
        return json.loads(self.page(path))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("datasette")
    db = build(folder)
    with Store(db) as store:
        store.conn.execute("CREATE TABLE users (name TEXT PRIMARY KEY, password TEXT)")
        store.conn.execute("INSERT INTO users VALUES ('hoa', 'scrypt$hash')")
    own = "[cua-huyen]\nvi = 'Câu hỏi của huyện'\nsql = 'select :xa as xa'\n"
    blank = "parameter.xa = { vi = 'xã', default = \"An's\" }"
    (folder / "huyen.questions.toml").write_text(own + blank, encoding="utf-8")
    rasoat("metadata", "--db", db, "--to", folder / "metadata.json")
    return Site(db, folder / "metadata.json")


def links(page: str) -> list[tuple[str, str]]:
    """Address and words of every link of the rows."""
    table = page.split('class="rows-and-columns"')[-1].split("</table>")[0]
    return regex.findall(r'<a href="([^"]+)">([^<]*)</a>', table)


def test_every_table_and_view_opens(site: Site) -> None:
    assert site.pages(["/", "/huyen"])[0][0] == 200
    opened = site.pages([f"/huyen/{name}" for name in site.shown])
    assert [(name, status) for name, (status, _) in zip(site.shown, opened, strict=True) if status != 200] == []
    for name, (_, text) in zip(site.shown, opened, strict=True):
        assert f"<h1>{_held()['table'][name]['title']}" in unescape(text), name
        assert "facets-timed-out" not in text


def test_everything_is_described_in_vietnamese(site: Site) -> None:
    assert set(site.shown) == set(_held()["table"])
    for name in site.shown:
        table = site.tables[name]
        real = site.data(f"/huyen/{name}.json?_size=0")["columns"]
        assert set(real) - {"rowid"} == set(table["columns"]) - {"rowid"}, name
        assert table["description"]
        facets = {*table.get("facets", []), table.get("label_column"), table.get("sort"), table.get("sort_desc")}
        assert facets - {None} <= set(real), name


@pytest.mark.parametrize(
    ("page", "address", "words"),
    [
        ("finding?reach=across", "report/4", "binh-1.docx"),
        ("finding?reach=across", "report/5", "binh-2.docx"),
        ("evidence?finding_id=7&report_id=4", "finding/7", "Tin bài đăng trên trang thông tin điện tử: báo cáo ghi"),
        ("indicator_value?indicator=staff.total", "indicator/staff~2Etotal", "Tổng số cán bộ và công chức hiện có"),
        ("indicator_value?indicator=staff.total", "report/1", "an-1.docx"),
        ("citation", "cited_document/1", "125/KH-UBND"),
        ("citation", "report/6", "cat-1.docx"),
        ("quantity?report_id=6", "report/6", "cat-1.docx"),
        ("mention?kind=date", "report/6", "cat-1.docx"),
        ("file?outcome=ok", "report/1", "an-1.docx"),
        ("report?report_id=2", "report/2", "an-2-sua.docx"),
    ],
)
def test_links_have_labels(site: Site, page: str, address: str, words: str) -> None:
    found = links(site.page(f"/huyen/{page}"))
    assert [said for to, said in found if to == f"/huyen/{address}" and said.startswith(words)] != [], found


def test_a_report_leads_to_what_was_found_in_it(site: Site) -> None:
    page = site.page("/huyen/report/6")
    counts = dict(regex.findall(r'href="/huyen/(\w+)\?report_id=6">\s*(\d+) rows?</a>', page))
    assert {name: counts[name] for name in ("finding", "citation", "quantity", "indicator_value", "section")} == {
        "finding": "3", "citation": "1", "quantity": "4", "indicator_value": "3", "section": "1",
    }  # fmt: skip


def test_facets_count(site: Site) -> None:
    facets = site.data("/huyen/finding.json")
    found = {
        name: {one["value"]: one["count"] for one in facet["results"]}
        for name, facet in facets["facet_results"].items()
    }
    assert found["severity"] == {"error": 3, "warning": 2, "info": 2}
    assert found["rule"]["total-mismatch"] == 3
    labels = {one["label"]: one["count"] for one in facets["facet_results"]["report_id"]["results"]}
    assert labels == {"cat-1.docx": 3, "binh-2.docx": 2, "an-2.docx": 1, "an-2-sua.docx": 1}
    reports = site.data("/huyen/reports.json")["facet_results"]
    assert {one["value"]: one["count"] for one in reports["commune"]["results"]} == {AN: 3, BINH: 2, "Cát Mẫu": 1}


def test_bytes_have_their_unit(site: Site) -> None:
    assert regex.search(r"\d+(\.\d+)? kB", site.page("/huyen/file?outcome=ok").replace("\xa0", " "))


def test_search_with_and_without_marks(site: Site) -> None:
    for words in ("tiếp nhận", "tiep nhan"):
        assert site.data(f"/huyen/passage.json?_search={words}&_size=0")["filtered_table_rows_count"] == 6


@pytest.mark.parametrize(("name", "given", "rows"), ANSWERS)
def test_saved_questions_are_canned_queries(site: Site, name: str, given: dict[str, str], rows: list[Any]) -> None:
    """Datasette sends blanks as they are typed: those that name what stands in the database must be spelt as there."""
    spelt = {"binh mau": BINH, "AN MẪU": AN, "125/kh-ubnd": "125/KH-UBND"}
    codes = {"tin bai dang tren trang thong tin dien tu": "website.news"} | {
        "Tổng số hồ sơ TTHC tiếp nhận trong kỳ": "dossiers.received"
    }
    typed = {key: (spelt | codes).get(value, value) for key, value in given.items()}
    query = "&".join(f"{one.name}={typed.get(one.name, '')}" for one in ours()[name].parameters)
    answer = site.data(f"/huyen/{name}.json?_shape=arrays&{query}")
    pairs = [pair for found, row in zip(answer["rows"], rows, strict=True) for pair in zip(found, row, strict=True)]
    assert [pair for pair in pairs if not same(*pair)] == []


def test_a_canned_query_has_its_title_and_says_its_blanks(site: Site) -> None:
    page = site.page("/huyen/late-reports")
    assert "Xã nào gửi báo cáo muộn hơn hạn?" in page
    assert "hạn là bao nhiêu ngày sau khi hết kỳ (để trống: 5)" in page
    assert 'name="days"' in page
    assert Q1 in page
    assert "An's" in site.page("/huyen/cua-huyen")
    assert "Câu hỏi của huyện" in site.page("/huyen/cua-huyen")


def test_passwords_are_out_of_reach(site: Site) -> None:
    paths = ["/huyen/users", "/huyen/users.json", "/huyen/users/hoa", "/huyen?sql=select+*+from+users",
             "/huyen/report?_where=1+in+(select+1+from+users)"]  # fmt: skip
    assert [status for status, _ in site.pages(paths)] == [403] * 5
    assert "scrypt" not in "".join(text for _, text in site.pages(["/", "/huyen", *paths]))
    root = {"ds_actor": site.server.sign({"a": {"id": "root"}}, "actor")}
    assert site.pages(["/huyen?sql=select+count(*)+from+reports"], cookies=root)[0][0] == 200


def test_metadata_is_the_same_twice_and_needs_a_database(site: Site, tmp_path: Path) -> None:
    assert "Không ghi được" in rasoat("metadata", "--db", _db(site), "--to", tmp_path / "x" / "m.json", status=2)[1]
    rasoat("metadata", "--db", _db(site), "--to", tmp_path / "m.json")
    assert json.loads((tmp_path / "m.json").read_text("utf-8")) == site.metadata
    rasoat("metadata", "--db", tmp_path / "none.db", "--to", tmp_path / "n.json", status=3)
    assert not (tmp_path / "n.json").exists()


def _db(site: Site) -> str:
    return str(site.server.databases["huyen"].path)
