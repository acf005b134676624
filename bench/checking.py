"""What the checks of a report cost beside its extraction, on the samples and on generated reports of every topic.

``python -m bench.checking``. CPU time, the least of several runs each; the target is 15 %.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from checks import check
from extractors import extract
from ingest import read
from samples.fast import document
from samples.generate import mixed

SAMPLES = Path(__file__).parents[1] / "samples" / "reports"
RUNS, GENERATED, TARGET = 3, 12, 0.15


def main() -> None:
    documents = [read(path.read_bytes(), path.name) for path in sorted(SAMPLES.iterdir())]
    documents += [document(made.report) for made in mixed(7, GENERATED)]
    extracting, checking, characters = 0.0, 0.0, 0
    for one in documents:
        extracting += least(lambda: extract(one))  # noqa: B023  # called at once
        facts = extract(one)
        checking += least(lambda: check(one, facts))  # noqa: B023  # called at once
        characters += len(one.text)
    ratio = checking / extracting
    print(f"{len(documents)} reports, {characters} characters: extraction {extracting:.3f} s, checks {checking:.3f} s")
    print(f"checks / extraction = {ratio:.2f} (target {TARGET})")


def least(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of a few runs."""
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    main()
