"""What every file needs, loaded and compiled before the first fork, so that each child has it already.

A made-up report goes through the whole pipeline once as DOCX and once as PDF: what it touches is warm, patterns that
are compiled at their first use among them.
"""

from __future__ import annotations

import gc
import io
import tomllib
from importlib.resources import files

from rasoat.settings import Settings

# One blank page with a text, by hand; pdfium mends the missing table of offsets.
_PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>> endobj
4 0 obj <</Length 88>> stream
0 0 200 90 re S 0 20 200 1 re S 100 0 1 90 re S BT /F 12 Tf 20 50 Td (I. Bao cao: 17 nguoi) Tj ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>> endobj
trailer <</Root 1 0 R>>
"""


def warm() -> None:
    """Leaves nothing behind but loaded modules and filled caches, out of the garbage collector's sight."""
    from rasoat.pipeline import process

    for data in (_docx(), _PDF):
        process(data, "", Settings(ocr="off"))
    gc.collect()
    gc.freeze()


def _docx() -> bytes:
    """The made-up report; lines with tabs are rows of a table."""
    import docx

    made, held, rows = docx.Document(), io.BytesIO(), []
    given = (files("rasoat") / "data" / "warm-up.toml").read_text(encoding="utf-8")
    for line in tomllib.loads(given)["text"].splitlines():
        if "\t" in line:
            rows.append(line.split("\t"))
        else:
            made.add_paragraph(line)
    table = made.add_table(len(rows), len(rows[0]))
    for row, cells in zip(rows, table.rows, strict=True):
        for words, cell in zip(row, cells.cells, strict=True):
            cell.text = words
    made.save(held)
    return held.getvalue()
