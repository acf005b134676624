"""Speed of all extractors together, tokenising included: ``python -m bench.extraction``.

Characters a second of CPU time on the samples and on generated reports of every topic; beside it, on the same text,
what one ``regex`` pass over its numbers costs and what dateparser's ``search_dates`` costs for dates alone. Then texts
that no author writes, 100 kB each: how long each takes, and how much longer than half of it (2 where cost is linear).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import regex
from dateparser.search import search_dates

from extractors import extract
from ingest import read
from samples.fast import document
from samples.generate import mixed
from schema.model import Document

SAMPLES = Path(__file__).parents[1] / "samples" / "reports"
RUNS, GENERATED = 3, 12
TARGET, HOSTILE_TARGET = 1_000_000, 1.0
NUMBER = regex.compile(r"\d+(?:[.,]\d+)*")
DATEPARSER_CHARACTERS = 3000
HOSTILE_LENGTH = 100_000
HOSTILE = (
    "1 ", "1.", "1,", "1/", "1-", "1%", "1", "a1", "(1", "1)", "(", ")", "[", "“1", "1\n", "\n", "\t", " ", "a", "1, ",
    "1 000 ", "1/2/3 ", "01/01/2024 ", "ngày 1, ", "ngày 13/7 và ", "năm 2023 ", "6 tháng ", "số 1/QĐ-UBND ",
    "Kế hoạch số ", "Kế hoạch số 1, ", "1-KH/ĐU ", "Quyết định 41 của UBND tỉnh ", "của UBND xã ", "Xã An Bình 5 ",
    "5 hộ; ", "5%; ", "5 tuổi ", "5/6 hộ, ", "12 triệu ", "12 tỷ 3 triệu ", "5 (một ", "từ 1 đến ", "hộ nghèo ",
    "5 hộ nghèo (", "nữ 5, nam 6 ", "đạt 5 hộ, trong đó 5 hộ. ", "Trong đó 5 hộ nghèo. ", "tăng 5% so với ",
)  # fmt: skip
"""Texts that are repeated; each once cost the square of its length, or looks as if it might."""


def documents() -> list[Document]:
    """The samples, and generated reports of every topic."""
    known = [read(path.read_bytes(), path.name) for path in sorted(SAMPLES.iterdir())]
    return [*known, *(document(made.report) for made in mixed(7, GENERATED))]


def hostile(unit: str, length: int) -> Document:
    """A text of ``length`` characters that says the same again and again, in one paragraph where it names none."""
    return Document((unit * (length // len(unit) + 1))[:length], format="docx")


def least(work: Callable[[], object], runs: int = RUNS) -> float:
    """CPU seconds of the quickest of a few runs."""
    times = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    reports = documents()
    characters = sum(len(report.text) for report in reports)
    ours = sum(least(partial(extract, report)) for report in reports)
    plain = sum(least(partial(NUMBER.findall, report.text)) for report in reports)
    some = "\n".join(report.text for report in reports)[:DATEPARSER_CHARACTERS]
    theirs = least(partial(search_dates, some, languages=["vi"]), 1)
    print(f"{len(reports)} reports, {characters} characters")
    print(f"all extractors   {characters / ours:12,.0f} characters a second (target {TARGET:,})")
    print(f"regex, numbers   {characters / plain:12,.0f} characters a second, {ours / plain:.0f} times as fast")
    print(f"dateparser, dates{len(some) / theirs:12,.0f} characters a second, on the first {len(some)}")
    for unit in HOSTILE:
        half, whole = (least(partial(extract, hostile(unit, n)), 1) for n in (HOSTILE_LENGTH // 2, HOSTILE_LENGTH))
        mark = "" if whole < HOSTILE_TARGET else f"  more than {HOSTILE_TARGET:g} s"
        print(f"{unit!r:32} {whole:6.2f} s, {whole / half:4.1f} times half of it{mark}")


if __name__ == "__main__":
    main()
