"""The district's commands as users run them: communes, register, and what has not come in."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from samples.district import district
from samples.docx_file import docx_bytes
from samples.generate import Generated
from tests.test_cli import rasoat

QUARTER = ("2023-06-15", "2023-09-14")


@pytest.fixture(scope="module")
def sent() -> list[Generated]:
    """Reports of quarter III/2023 of three communes."""
    return district(5, 3)[0][::4]


@pytest.fixture(scope="module")
def held(sent: list[Generated], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the reports of the first two communes."""
    folder = tmp_path_factory.mktemp("in")
    for number, one in enumerate(sent[:2]):
        (folder / f"{number}.docx").write_bytes(docx_bytes(one.report))
    rasoat("ingest", folder, "--db", folder / "a.db")
    return folder / "a.db"


@pytest.fixture
def db(held: Path, tmp_path: Path) -> Path:
    rasoat("backup", "--db", held, "--to", tmp_path / "a.db")
    return tmp_path / "a.db"


def listed(*words: str | Path) -> list[dict[str, str]]:
    return list(json.loads(rasoat(*words, "--format", "json")[0]))


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_districts_communes_are_written_corrected_and_used(tmp_path: Path, db: Path) -> None:
    path = tmp_path / "xa.csv"
    out, _ = rasoat("district", "init", "Lạc Sơn", "--to", path)
    assert out.startswith(f"Đã ghi 32 xã vào {path}.")
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    assert rows[0] == {
        "commune": "Vụ Bản", "kind": "thị trấn", "district": "Huyện Lạc Sơn", "province": "Tỉnh Hòa Bình",
        "valid_from": "", "valid_to": "2025-06-30", "aliases": "",
    }  # fmt: skip
    assert rows[-1]["aliases"] == "xã Yên Nghiệp; xã Tân Mỹ; xã Ân Nghĩa"
    _, err = rasoat("district", "init", "Lạc Sơn", "--to", path, status=2)
    assert f"Đã có tệp {path}" in err
    assert rasoat("district", "use", path, "--db", db)[0].startswith("Đang dùng danh mục 32 xã.\nĐã kiểm tra lại 2")
    query = "SELECT valid_from, count(*), max(aliases) FROM communes GROUP BY 1 ORDER BY 1"
    assert [row["count(*)"] for row in listed("query", query, "--db", db)] == [24, 8]


def test_a_name_that_means_nothing_or_several_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "xa.csv"
    _, err = rasoat("district", "init", "Châu Thành", "--to", path, status=2)
    assert "Nhiều tỉnh có huyện 'Châu Thành'. Hãy thêm --province với một trong: Tỉnh Tây Ninh, Tỉnh Long An" in err
    _, err = rasoat("district", "init", "Châu Thành", "--province", "Hà Nội", "--to", path, status=2)
    assert "Không có huyện hay tỉnh 'Châu Thành'" in err
    assert not path.exists()
    assert "Đã ghi" in rasoat("district", "init", "Châu Thành", "--province", "Long An", "--to", path)[0]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Tỉnh", "Vân Miện"], "thiếu cột"),
        (["Tên xã,Loại", "Mộc Thiềm,làng"], "dòng 2: không hiểu 'làng'"),
        (["Tên xã,Từ ngày", "Mộc Thiềm,", "Sa Trĩ,31/02/2025"], "dòng 3: không hiểu '31/02/2025'"),
        (["Tên xã,Tỉnh", ",Vân Miện"], "dòng 2: không hiểu 'commune'"),
    ],
)
def test_a_list_that_cannot_be_understood_changes_nothing(
    lines: list[str], said: str, tmp_path: Path, db: Path
) -> None:
    rasoat("district", "use", table(tmp_path / "xa.csv", "Tên xã", "xã Hòa Dạ"), "--db", db)
    _, err = rasoat("district", "use", table(tmp_path / "sai.csv", *lines), "--db", db, status=2)
    assert said in err
    kept = listed("query", "SELECT kind, commune FROM communes", "--db", db)
    assert kept == [{"kind": "xã", "commune": "Hòa Dạ"}]


def test_what_is_missing_is_told_by_those_who_report_and_by_the_list(
    sent: list[Generated], tmp_path: Path, db: Path
) -> None:
    assert listed("missing", "--db", db) == []
    assert rasoat("missing", "--db", db)[0] == "Không thiếu báo cáo nào.\n"
    names = [f"{one.place.kind} {one.place.name}" for one in sent]
    rasoat("district", "use", table(tmp_path / "xa.csv", "Tên xã", *names), "--db", db)
    missing = {"commune": names[2], "district": "", "topic": "cchc", "period_start": QUARTER[0],
               "period_end": QUARTER[1]}  # fmt: skip
    for period in ("quý III/2023", "2023-Q3", "2023-06-15..2023-09-14"):
        assert listed("missing", "--db", db, "--period", period) == [missing]
    assert listed("missing", "--db", db, "--topic", "cchc") == [missing]
    assert listed("missing", "--db", db, "--topic", "kt-xh") == []
    nobody = listed("missing", "--db", db, "--period", "2024", "--topic", "kt-xh")
    assert [row["commune"] for row in nobody] == sorted(names, key=lambda name: name.split(" ", 1)[1].lower())
    assert {row["period_end"] for row in nobody} == {"2024-12-31"}
    assert names[2] in rasoat("missing", "--db", db)[0]
    lines = rasoat("missing", "--db", db, "--format", "csv")[0]
    assert next(csv.reader(io.StringIO(lines))) == ["commune", "district", "topic", "period_start", "period_end"]
    _, err = rasoat("missing", "--db", db, "--period", "hôm qua", status=2)
    assert "Không hiểu kỳ 'hôm qua'" in err


def test_of_an_empty_database_nobody_knows_what_is_missing(tmp_path: Path) -> None:
    rasoat("ingest", table(tmp_path / "x.txt", "x"), "--db", tmp_path / "a.db", status=1)
    assert "chưa biết xã nào phải nộp" in rasoat("missing", "--db", tmp_path / "a.db")[0]


def test_citations_are_set_against_a_loaded_register(tmp_path: Path, db: Path) -> None:
    cited = listed(
        "query", "SELECT code, issued_on FROM citations WHERE issuer_level = 'district' AND issued_on IS NOT NULL"
        " GROUP BY code ORDER BY code LIMIT 1", "--db", db,
    )[0]  # fmt: skip
    year, month, day = cited["issued_on"].split("-")
    heading = "STT;Số, ký hiệu văn bản;Ngày tháng văn bản;Tên loại và trích yếu nội dung văn bản"
    right = table(tmp_path / "dung.csv", "SỔ VĂN BẢN ĐI", heading, f"1;{cited['code']};{day}/{month}/{year};")
    out, _ = rasoat("register", "load", right, "--db", db)
    assert out.startswith("Đã nạp sổ văn bản: 1 văn bản.\nĐã kiểm tra lại 2 báo cáo")
    assert against_register(db) == []
    other = table(tmp_path / "khac.csv", heading, f"1;{cited['code']};30/12/{year};")
    rasoat("register", "load", other, "--db", db)
    found = against_register(db)
    assert found
    assert {(row["severity"], row["values"]["code"], row["values"]["date_b"]) for row in found} == {
        ("error", cited["code"], f"30/12/{year}")
    }
    _, err = rasoat("register", "load", table(tmp_path / "sai.csv", heading, "1;abc;1/1/2023;"), "--db", db, status=2)
    assert "dòng 2: không hiểu 'abc'" in err
    assert [row["level"] for row in listed("query", "SELECT * FROM register", "--db", db)] == ["district"]
    rasoat("register", "load", right, "--db", db, "--level", "province")
    assert against_register(db) == []


def against_register(db: Path) -> list[dict[str, dict[str, str]]]:
    rows = json.loads(rasoat("findings", "--rule", "citation-consensus", "--db", db, "--format", "json")[0])
    return [row for row in rows if "sổ văn bản" in row["message"]]


def test_an_installation_without_the_countrys_table_says_what_to_do() -> None:
    code = (
        "import sys; from schema import country; country.PACKAGE = 'no-such-package';"
        "from rasoat.cli import run; sys.exit(run(['district', 'init', 'Lạc Sơn', '--to', 'x.csv']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Chưa có bảng xã toàn quốc. Hãy cài: pip install 'rasoat[communes]'" in done.stderr
