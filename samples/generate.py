"""A district's reports of any number, by seed: ``python -m samples.generate --to DIR --communes 20 --periods 4``.

Each report comes with its gold (``NAME.gold.json``) and its marked-up text (``NAME.marked.txt``) in ``DIR/gold``, apart
from the reports, so that ``rasoat ingest DIR/reports`` meets reports only. The same seed gives the same reports.
"""
from __future__ import annotations

import argparse
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samples.compose import compose, outlines
from samples.docx_file import docx_bytes
from samples.facts import world
from samples.gold import dumps
from samples.markup import Report, dump
from samples.pdf_file import pdf_bytes
from samples.period import Period, PeriodKind, period
from samples.places import Place, district
from samples.scan_file import scanned
from samples.slips import FAULTS
from samples.world import World

FORMATS = ("docx", "pdf", "scan")


@dataclass(frozen=True, slots=True)
class Generated:
    place: Place
    world: World
    report: Report
    fault: str = ""


def periods(kind: PeriodKind, year: int, count: int) -> list[Period]:
    """``count`` periods in a row, across years where needed."""
    in_year = {"month": 12, "quarter": 4}.get(kind, 1)
    start = 3 if kind == "month" else 1
    steps = [divmod(start - 1 + i, in_year) for i in range(count)]
    return [period(kind, year + years, index + 1) for years, index in steps]


def series(seed: int, communes: int, spans: list[Period], topic: str, *, era: int = 1) -> Iterator[Generated]:
    """Consistent reports of every commune and period; stocks and series go on from one period to the next."""
    rng = random.Random(seed)
    for place in district(rng, communes, era=era):
        known: World | None = None
        for span in spans:
            known = world(rng, place, span, known)
            yield Generated(place, known, compose(rng, place, span, topic, facts=known))


def mixed(seed: int, count: int) -> Iterator[Generated]:
    """Consistent reports of all topics, periods, years and both eras, each of its own commune."""
    rng = random.Random(seed)
    topics = list(outlines())
    for i in range(count):
        year = rng.choice((2022, 2023, 2024, 2025))
        place = district(rng, 4, era=2 if year == 2025 else 1)[0]
        topic = topics[i % len(topics)]
        kind = rng.choice(outlines()[topic]["periods"])
        index = {"month": rng.randint(3, 12), "quarter": rng.randint(1, 4)}.get(kind, 1)
        if year == 2025:  # the new communes report from the third quarter on
            kind, index = ("year", 1) if "year" in outlines()[topic]["periods"] else (kind, max(index, 3))
        span = period(kind, year, index)
        facts = world(rng, place, span)
        yield Generated(place, facts, compose(rng, place, span, topic, facts=facts))


def with_fault(rng: random.Random, made: Generated, name: str) -> Generated | None:
    """The report with the named fault, None where it offers no place for it."""
    result = FAULTS[name](rng, made.report, made.world)
    return Generated(made.place, made.world, result.report, name) if result else None


def file_name(made: Generated, ending: str) -> str:
    bare = unicodedata.normalize("NFD", f"{made.report.one('topic')} {made.world.period.label} {made.place.name}")
    plain = "".join(c for c in bare.replace("đ", "d").replace("Đ", "D") if not unicodedata.combining(c))
    return f"{'-'.join(plain.lower().split())}{'-scan' if ending == 'scan' else ''}.{ending.replace('scan', 'pdf')}"


def write(made: Generated, ending: str, folder: Path, rng: random.Random) -> Path:
    """The report as a file under ``folder/reports``, its gold and its source under ``folder/gold``."""
    reports, gold = folder / "reports", folder / "gold"
    reports.mkdir(parents=True, exist_ok=True)
    gold.mkdir(exist_ok=True)
    name = file_name(made, ending)
    made.report.meta["file"] = [name]
    data = docx_bytes(made.report) if ending == "docx" else pdf_bytes(made.report)
    (reports / name).write_bytes(scanned(data, rng) if ending == "scan" else data)
    (gold / f"{name}.gold.json").write_text(dumps(made.report), encoding="utf-8")
    (gold / f"{name}.marked.txt").write_text(dump(made.report), encoding="utf-8")
    return reports / name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--communes", type=int, default=20)
    parser.add_argument("--periods", type=int, default=1)
    parser.add_argument("--kind", choices=("month", "quarter", "half", "nine", "year"), default="quarter")
    parser.add_argument("--year", type=int, default=2023)
    parser.add_argument("--topic", choices=list(outlines()), default="cchc")
    parser.add_argument("--era", type=int, choices=(1, 2), default=1, help="2: after 1 July 2025, without districts")
    parser.add_argument("--format", default="docx", help="docx, pdf, scan, several with commas: taken in turn")
    parser.add_argument("--faults", default="", help="'any', or names with commas; none: consistent reports")
    args = parser.parse_args()
    rng, formats = random.Random(args.seed), args.format.split(",")
    names = list(FAULTS) if args.faults == "any" else [name for name in args.faults.split(",") if name]
    spans = periods(args.kind, args.year, args.periods)
    for i, made in enumerate(series(args.seed, args.communes, spans, args.topic, era=args.era)):
        faulty = with_fault(rng, made, rng.choice(names)) if names else None
        print(write(faulty or made, formats[i % len(formats)], args.to, rng).name, (faulty or made).fault)


if __name__ == "__main__":
    main()
