"""Workbooks and letters in the tests: LibreOffice as the office uses it, and small grids by hand."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path

from rasoat.sheet.figures import Figure, Said
from rasoat.sheet.grid import Grid, Line
from schema import catalogue
from schema.due import Commune
from schema.periods import Period


def office(source: Path, target: str, folder: Path) -> Path:
    """``source`` as LibreOffice saves it: ``target`` is an ending, with a filter's options behind a colon."""
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", target,
         "--outdir", str(folder), str(source)], check=True, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    made = folder / f"{source.stem}.{target.split(':')[0]}"
    assert made.exists(), done.stderr
    return made


def figure(value: str, *rivals: str) -> Figure:
    said, *others = (
        Said(Decimal(one), one.replace(".", ","), "=", 1, "a.docx", "1. Kết quả", None, f"Có {one}.")
        for one in (value, *rivals)
    )
    return Figure(said, 1, tuple(others))


def grid(**communes: dict[str, Figure] | None) -> Grid:
    """Communes with their figures by code; None: a commune that has not reported."""
    lines = tuple(
        Line(Commune(name, "xã"), () if held is None else (n,), held or {})
        for n, (name, held) in enumerate(communes.items(), 1)
    )
    stated = {code for line in lines for code in line.figures}
    return Grid("cchc", Period(2024, 9, 3), tuple(one for one in catalogue.load() if one.code in stated), lines)
