"""Tables as Parquet files, one a table, with exact decimals. pyarrow is an extra: ``pip install 'rasoat[parquet]'``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rasoat.cells import Sheet

WHOLE = ("page", "page_1", "page_2", "year")
"""Columns of whole numbers that may be empty."""
MOST_DIGITS = 76


def write(folder: Path, sheets: Iterable[Sheet]) -> list[Path]:
    """``folder/NAME.parquet`` for each table."""
    import pyarrow
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, head, body in sheets:
        columns = list(zip(*body, strict=True)) or [()] * len(head)
        table = pyarrow.table([_array(pyarrow, *column) for column in zip(head, columns, strict=True)], names=head)
        parquet.write_table(table, folder / f"{name}.parquet")
        written.append(folder / f"{name}.parquet")
    return written


def _array(pyarrow: Any, name: str, values: Sequence[Any]) -> Any:
    """Decimals keep every digit; a column of more than 76 digits becomes text, an empty one keeps its type."""
    if all(value is None for value in values):
        return pyarrow.array(values, pyarrow.int64() if name in WHOLE else pyarrow.string())
    decimals = [value for value in values if isinstance(value, Decimal)]
    if any(len(f"{value:f}") > MOST_DIGITS // 2 for value in decimals):
        return pyarrow.array([None if value is None else f"{value:f}" for value in values])
    return pyarrow.array(values)
