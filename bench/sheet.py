"""The district's workbook against the gold of a generated district, read back from the file as a spreadsheet shows it.

``make district`` runs it on 20 communes × 4 quarters. Every cell is compared with what the generator wrote into the
report, every total is recomputed here from the gold alone; a wrong figure that is not marked as disputed fails.
"""
from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from checks.messages import render
from rasoat.batch import Batch
from rasoat.export import district_workbook
from rasoat.progress import Quiet
from rasoat.settings import Settings
from samples.district import district
from samples.generate import FORMATS, write
from schema import catalogue
from schema.store import Store

HEAD, FIRST, LEFT = 4, 6, 3
"""Rows and columns of a grid, counted from 1: headings, first commune, first indicator."""
Gold = Mapping[tuple[str, str], Mapping[str, set[Decimal]]]
"""(name of the sheet, commune) -> code -> the values that its report states for its own period."""


@dataclass
class Compared:
    """``wrong`` tells what must not be."""

    count: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, kind: str, what: str = "") -> None:
        self.count[kind] += 1
        if what:
            self.wrong.append(f"{kind}: {what}")


def build(folder: Path, seed: int, communes: int, faults: int = 0, formats: tuple[str, ...] = ("docx",)) -> Gold:
    """Write a district's reports under ``folder``, store them in ``folder/district.db``, and give their gold."""
    made, _ = district(seed, communes, faults)
    rng = random.Random(seed)
    gold: dict[tuple[str, str], dict[str, set[Decimal]]] = {}
    for n, one in enumerate(made):
        path = write(one, formats[n % len(formats)], folder, rng)
        stated = json.loads((folder / "gold" / f"{path.name}.gold.json").read_text(encoding="utf-8"))["indicators"]
        values: dict[str, set[Decimal]] = defaultdict(set)
        for item in stated:
            if "optional" not in item:
                values[item["code"]].add(Decimal(str(item["value"])))
        span = one.world.period
        gold[f"{span.year}-Q{span.index} Cải cách hành chính", f"{one.place.kind} {one.place.name}"] = dict(values)
    with Store(folder / "district.db") as store:
        Batch(store, Settings(), lambda one: render(one, "vi"), Quiet()).run([folder / "reports"])
    return gold


def compare(book: bytes, gold: Gold) -> Compared:
    """Every cell and every total of the workbook."""
    found = Compared()
    sheets = openpyxl.load_workbook(BytesIO(book), data_only=True)
    for name in sorted({name for name, _ in gold}):
        _sheet(sheets[name], {commune: values for (at, commune), values in gold.items() if at == name}, found)
    return found


def _sheet(sheet: Any, gold: Mapping[str, Mapping[str, set[Decimal]]], found: Compared) -> None:
    codes = {cell.comment.text: cell.column for cell in sheet[HEAD][LEFT - 1 :] if cell.comment}
    rows = {sheet.cell(FIRST + n, 2).value: FIRST + n for n in range(len(gold))}
    if rows.keys() != gold.keys():
        found.add("communes", f"{sheet.title}: {sorted(rows)}")
        return
    for commune, values in gold.items():
        for code, wanted in values.items():
            cell = sheet.cell(rows[commune], codes[code]) if code in codes else None
            _cell(f"{sheet.title} {commune} {code}", cell, wanted, found)
    for code, column in codes.items():
        cells = [sheet.cell(row, column) for row in rows.values()]
        _total(f"{sheet.title} {code}", code, sheet.cell(FIRST + len(gold), column), cells, gold, found)


def _cell(where: str, cell: Any, wanted: set[Decimal], found: Compared) -> None:
    if len(wanted) > 1:
        found.add("two values in the gold")
    elif cell is None or cell.value is None:
        found.add("missing")
    elif _number(cell) in wanted:
        found.add("right, disputed" if disputed(cell) else "right")
    elif disputed(cell) and any(f"{value:f}".replace(".", ",") in _digits(cell.comment.text) for value in wanted):
        found.add("other value, disputed, comment tells both")
    else:
        found.add("wrong", f"{where}: {cell.value}, gold {wanted}")


def _digits(text: str) -> str:
    return text.replace(".", "")


def _total(where: str, code: str, total: Any, cells: list[Any], gold: Any, found: Compared) -> None:
    """From the gold, where the sheet shows the gold's values; else the sum of what it shows."""
    kind = catalogue.by_code()[code].kind
    shown = [_number(cell) for cell in cells if cell.value is not None]
    if kind != "rate":
        if total.value is None or _number(total) != sum(shown, Decimal(0)):
            found.add("wrong total", f"{where}: {total.value} of {shown}")
        else:
            found.add("total right")
        return
    if total.value is None:
        found.add("rate without total")
        return
    expected = list(_rates(code, gold))
    if expected and _number(total) not in expected:
        found.add("wrong rate", f"{where}: {total.value}, gold gives {expected}")
    else:
        found.add("rate right" if expected else "rate that the gold cannot tell")


def _rates(code: str, gold: Mapping[str, Mapping[str, set[Decimal]]]) -> Iterator[Decimal]:
    """The district's rate by each relation whose parts the gold has for every commune."""
    for relation in catalogue.by_code()[code].relations:
        parts = (*relation.operands, *relation.base)
        concerned = [values for values in gold.values() if not values.keys().isdisjoint((code, *parts))]
        if relation.kind == "rate" and all(len(values.get(part, ())) == 1 for values in concerned for part in parts):
            part, whole = (
                sum(next(iter(values[name])) for values in concerned for name in names)
                for names in (relation.operands, relation.base)
            )
            yield (Decimal(100) * part / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _number(cell: Any) -> Decimal:
    return Decimal(str(cell.value))


def disputed(cell: Any) -> bool:
    return "(*)" in cell.number_format


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--communes", type=int, default=20)
    parser.add_argument("--formats", default="docx", help=f"with commas: {', '.join(FORMATS)}; taken in turn")
    parser.add_argument("--floor", type=float, default=0.95, help="share of the gold's figures that the sheet shows")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        gold = build(Path(folder), args.seed, args.communes, formats=tuple(args.formats.split(",")))
        with Store(Path(folder) / "district.db", read_only=True) as store:
            found = compare(district_workbook(store), gold)
    for kind, count in sorted(found.count.items()):
        print(f"{kind:<45}{count:>6}")
    shown = found.count["right"] + found.count["right, disputed"]
    share = shown / (shown + found.count["missing"] + found.count["wrong"]
                     + found.count["other value, disputed, comment tells both"])  # fmt: skip
    print(f"{len(gold)} reports; {share:.3f} of the gold's figures stand in their cells")
    for what in found.wrong[:20]:
        print(f"    {what}")
    return 1 if found.wrong or share < args.floor else 0


if __name__ == "__main__":
    sys.exit(main())
