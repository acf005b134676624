"""Old office files through the real LibreOffice, and what is told by content and never by name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ingest import detect, office
from ingest.limits import Limits
from samples.docx_file import docx_bytes
from samples.generate import mixed
from schema.errors import ReadError, Reason
from tests.reading import lines, outline, pdf, read
from tests.reading_docx import docx, p


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One generated report in all formats that LibreOffice writes."""
    folder = tmp_path_factory.mktemp("office")
    source = folder / "report.docx"
    source.write_bytes(docx_bytes(next(iter(mixed(33, 1))).report))
    for ending in ("doc", "odt", "rtf", "pdf"):
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", ending,
             "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return {path.suffix[1:]: path.read_bytes() for path in folder.glob("report.*")}


@pytest.mark.parametrize("ending", ["doc", "odt", "rtf", "pdf"])
def test_a_report_saved_in_another_format_reads_the_same(converted: dict[str, bytes], ending: str) -> None:
    assert detect.kind(converted[ending]) == ending
    first, second = read(converted["docx"]), read(converted[ending])
    printed = [[line for line in lines(document) if not line.isdigit()] for document in (first, second)]
    assert printed[0] == printed[1]
    assert outline(first) == outline(second)
    assert second.partial is None


def test_without_libreoffice_an_old_file_says_so(monkeypatch: pytest.MonkeyPatch, converted: dict[str, bytes]) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ReadError) as caught:
        read(converted["doc"])
    assert caught.value.reason is Reason.OFFICE_MISSING


def test_an_office_that_writes_nothing_or_hangs_fails_and_leaves_no_child(
    monkeypatch: pytest.MonkeyPatch, converted: dict[str, bytes], tmp_path: Path
) -> None:
    fake = tmp_path / "soffice"
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for script, detail in (("exit 0", "no output"), ("sleep 300 & wait", "no answer in 1 s")):
        fake.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\n{script}\n", encoding="utf-8")
        fake.chmod(0o755)
        with pytest.raises(ReadError) as caught:
            office.to_docx(converted["doc"], "doc", Limits(office_seconds=1))
        assert (caught.value.reason, caught.value.detail) == (Reason.OFFICE_FAILED, detail)
    group = (tmp_path / "pid").read_text().strip()
    alive = subprocess.run(["ps", "-o", "stat=", "-g", group], capture_output=True, text=True, check=False).stdout
    assert all(state.startswith("Z") for state in alive.split())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (docx(p("a")), "docx"),
        (pdf([]), "pdf"),
        (b"", "empty"),
        (b"junk before %PDF-1.4", "pdf"),
        (b"  {\\rtf1 a}", "rtf"),
        (b"<html></html>", "unknown"),
    ],
    ids=["docx", "pdf", "empty", "late pdf", "rtf", "html"],
)
def test_the_type_is_told_by_content(data: bytes, kind: str) -> None:
    assert detect.kind(data) == kind
