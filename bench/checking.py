"""What the checks of a report cost beside its extraction, on the samples and on generated reports of every topic.

``python -m bench.checking``. CPU time, the least of several runs each; the target is 15 %.
"""

from __future__ import annotations

from functools import partial

from bench.extraction import documents, least
from checks import check
from extractors import extract

TARGET = 0.15


def main() -> None:
    reports = documents()
    extracting, checking, characters = 0.0, 0.0, 0
    for report in reports:
        extracting += least(partial(extract, report))
        checking += least(partial(check, report, extract(report)))
        characters += len(report.text)
    ratio = checking / extracting
    print(f"{len(reports)} reports, {characters} characters: extraction {extracting:.3f} s, checks {checking:.3f} s")
    print(f"checks / extraction = {ratio:.2f} (target {TARGET})")


if __name__ == "__main__":
    main()
