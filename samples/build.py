"""Builds ``samples/reports`` and ``samples/gold`` from ``samples/marked``: ``python -m samples.build``."""
from __future__ import annotations

from pathlib import Path

from samples.docx_file import docx_bytes
from samples.gold import dumps
from samples.markup import Report, parse
from samples.pdf_file import pdf_bytes

HERE = Path(__file__).parent
MARKED, REPORTS, GOLD = HERE / "marked", HERE / "reports", HERE / "gold"


def sources() -> list[Report]:
    return [parse(path.read_text(encoding="utf-8")) for path in sorted(MARKED.glob("*.txt"))]


def file_bytes(report: Report) -> bytes:
    """The report in the format that its ``file`` name asks for."""
    return pdf_bytes(report) if report.one("file").endswith(".pdf") else docx_bytes(report)


def main() -> None:
    for folder in (REPORTS, GOLD):
        folder.mkdir(exist_ok=True)
    for report in sources():
        name = report.one("file")
        (REPORTS / name).write_bytes(file_bytes(report))
        (GOLD / f"{name}.gold.json").write_text(dumps(report), encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main()
