"""Warm reading against the libraries it stands on, as ratios within one run: ``python -m bench.reading``.

PDF: the whole of reading (text, passages, sections; boxes on demand) against pdfplumber's bare ``extract_text`` of all
pages. DOCX: against python-docx's bare loop over the paragraphs' text. The sample of 21 pages is used where it lies
beside this repository, else one of our own.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import docx
import pdfplumber

import ingest

_ROOT = Path(__file__).parents[1]
_REPORTS = (_ROOT.parent / "shared/reports", _ROOT.parents[1] / "shared/reports")
_OWN = {"pdf": "cchc-nam-2023-xa-moc-thiem.pdf", "docx": "ktxh-6-thang-2024-xa-lac-suong.docx"}
TARGETS = {"pdf": 0.08, "docx": 3.0}


def sample(ending: str) -> Path:
    shared = (folder / f"phuong-ky-2023.{ending}" for folder in _REPORTS)
    return next((path for path in shared if path.exists()), _ROOT / "samples/reports" / _OWN[ending])


def _bare_pdf(data: bytes) -> None:
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.close()


def _bare_docx(data: bytes) -> None:
    for paragraph in docx.Document(io.BytesIO(data)).paragraphs:
        paragraph.text  # noqa: B018  # the loop itself is what is timed


_BARE: dict[str, tuple[str, Callable[[bytes], None]]] = {
    "pdf": ("pdfplumber", _bare_pdf),
    "docx": ("python-docx", _bare_docx),
}


def best(call: Callable[[], object], rounds: int) -> float:
    """The fastest of ``rounds`` in seconds: what the work itself takes, without what else the machine does."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    for ending, (library, bare) in _BARE.items():
        path = sample(ending)
        data = path.read_bytes()
        ingest.read(data, path.name)
        ours = best(partial(ingest.read, data, path.name), 9)
        theirs = best(partial(bare, data), 3 if ending == "pdf" else 9)
        print(
            f"{ending:5} {ours / theirs:7.3f} of {library} (target {TARGETS[ending]:g})"
            f"  {1000 * ours:.1f} / {1000 * theirs:.1f} ms  {path.name}"
        )


if __name__ == "__main__":
    main()
