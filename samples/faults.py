"""Named faults that a consistent report can be given, one at a time, and what a checker must then say.

A fault alters one printed statement (or a little of the structure) of a report whose marks carry names. It returns the
altered copy with its finding among the meta data, or None where the report offers no place for it. Figures that the
fault leaves consistent, thanks to rounding, are no faults: those draws are thrown away.
"""
from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise

import regex

from samples.markup import Block, Mark, Node, Report, surface, walk
from samples.world import Rate, World


@dataclass(frozen=True, slots=True)
class Planted:
    """``rules``: the rules of which one must fire; the first is the one that the fault is named for."""

    fault: str
    rules: tuple[str, ...]
    match: tuple[str, ...]
    report: Report


Fault = Callable[[random.Random, Report, World], "Planted | None"]
_NUMBER = regex.compile(r"\d[\d.,]*\d|\d")


def planted(fault: str, rules: str, match: list[str], report: Report) -> Planted:
    names = tuple(rules.split())
    report.meta.setdefault("finding", []).append(f"{','.join(names)} : {' | '.join(match)} :: {fault}")
    return Planted(fault, names, tuple(match), report)


def named_marks(block: Block) -> Iterator[Mark]:
    for run in block.runs():
        yield from (mark for mark in walk(run) if mark.names)


def slip(rng: random.Random, text: str) -> str:
    """A printed number with one typing error: a digit, two digits swapped, or one more or less."""
    digits = [i for i, char in enumerate(text) if char.isdigit()]
    kind = rng.choice(("digit", "swap", "step"))
    pairs = [(a, b) for a, b in pairwise(digits) if text[a] != text[b] and not (a == 0 and text[b] == "0")]
    if kind == "swap" and pairs:
        a, b = rng.choice(pairs)
        return text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]
    at = rng.choice(digits) if kind == "digit" else digits[-1]
    old = int(text[at])
    new = rng.choice([d for d in range(10) if d != old]) if kind == "digit" else (old + 1 if old < 9 else old - 1)
    if new == 0 and at == digits[0] and (len(digits) > 1 or text[0] == "0"):
        new = old + 1 if old < 9 else old - 1
    return text[:at] + str(new) + text[at + 1 :]


def read(text: str) -> Decimal:
    """The value of a printed number of these reports: points are thousands, unless one or two digits follow."""
    if "," not in text and regex.fullmatch(r"\d+\.\d{1,2}", text):
        return Decimal(text)
    return Decimal(text.replace(".", "").replace(",", "."))


def reprint(rng: random.Random, mark: Mark) -> str | None:
    """Gives ``mark`` a slipped number and says how it is printed now; None for a text of several numbers."""
    text = surface(mark.body)
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) != len(mark.values):
        return None
    which = rng.randrange(len(numbers))
    old = numbers[which]
    new = slip(rng, old[0])
    if new == old[0] or read(new) == read(old[0]) or read(new) == 0:
        return None
    mark.values[which] = f"{read(new):f}"
    if len(mark.indicators) > which:
        mark.indicators[which] = mark.indicators[which].partition(":")[0]
    mark.body = [text[: old.start()] + new + text[old.end() :]]
    return new


def _sum_places(report: Report, world: World) -> Iterator[tuple[list[Mark], str]]:
    """The marks of every sum that one block states whole, and the sum's total."""
    for block in report.blocks:
        marks = list(named_marks(block))
        names = [name for mark in marks for name in mark.names if mark.kind == "q"]
        for relation in world.sums:
            wanted = [relation.total, *relation.parts]
            if all(names.count(name) == 1 for name in wanted):
                yield [mark for mark in marks if mark.kind == "q" and mark.names[0] in wanted], relation.total


def wrong_sum(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    places = list(_sum_places(report, world))
    if not places:
        return None
    marks, total = rng.choice(places)
    shown = reprint(rng, rng.choice(marks))
    if shown is None:
        return None
    also = "value-conflict percent-mismatch part-exceeds-whole implausible-change norm-exceeded unit-mismatch"
    first = "staff-mismatch total-mismatch" if total in ("st.total", "cm.total") else "total-mismatch staff-mismatch"
    return planted("wrong-sum", f"{first} {also}", [shown], report)


def swapped_total(rng: random.Random, report: Report, world: World) -> Planted | None:
    """The total and one of its parts change places."""
    report = copy.deepcopy(report)
    places = list(_sum_places(report, world))
    if not places:
        return None
    marks, total = rng.choice(places)
    whole = next(mark for mark in marks if mark.names[0] == total)
    part = rng.choice([mark for mark in marks if mark is not whole])
    texts = [_NUMBER.search(surface(mark.body)) for mark in (whole, part)]
    if None in texts or whole.values == part.values:
        return None
    shown = [text[0] for text in texts if text]
    for mark, old, new in ((whole, *shown), (part, *reversed(shown))):
        mark.body, mark.indicators = [surface(mark.body).replace(old, new, 1)], []
    whole.values, part.values = part.values, whole.values
    first = "staff-mismatch total-mismatch" if total in ("st.total", "cm.total") else "total-mismatch staff-mismatch"
    also = "part-exceeds-whole value-conflict percent-mismatch unit-mismatch"
    return planted("swapped-total", f"{first} {also}", [shown[0]], report)


def dropped_part(rng: random.Random, report: Report, world: World) -> Planted | None:
    """One of three or more parts, neither the first nor the last, is left out."""
    report = copy.deepcopy(report)
    places: list[tuple[list[Node], int, str]] = []
    for block in report.blocks:
        for relation in world.sums:
            at = {n.names[0]: i for i, n in enumerate(block.nodes) if isinstance(n, Mark) and n.names}
            wanted = [at.get(name, -1) for name in (relation.total, *relation.parts)]
            if min(wanted) < 0 or len(relation.parts) < 3 or wanted[0] != min(wanted):
                continue
            if "trong đó" in surface(block.nodes[wanted[0] : max(wanted)]):
                continue  # names some parts only
            inner = [i for i in sorted(wanted[1:])[1:-1] if surface(block.nodes[i - 1 : i]).startswith((",", ";"))]
            places += [(block.nodes, i, relation.total) for i in inner]
    if not places:
        return None
    nodes, i, total = rng.choice(places)
    whole = next(n for n in nodes if isinstance(n, Mark) and n.names == [total])
    del nodes[i - 1 : i + 1]
    shown = _NUMBER.search(surface(whole.body))
    first = "staff-mismatch total-mismatch" if total in ("st.total", "cm.total") else "total-mismatch staff-mismatch"
    return planted("dropped-part", first, [shown[0]] if shown else [], report)


def _rate_places(report: Report, world: World) -> Iterator[tuple[Mark, Mark, Rate]]:
    """Each rate with the a/b that it is the percentage of, where one block states both."""
    for block in report.blocks:
        marks = list(named_marks(block))
        for rate in world.rates:
            shares = [mark for mark in marks if mark.kind == "p" and mark.names == [rate.rate]]
            ratios = [mark for mark in marks if mark.kind == "r" and mark.names == [rate.part, rate.whole]]
            if len(shares) == len(ratios) == 1:
                yield shares[0], ratios[0], rate


def agrees(share: Mark, ratio: Mark) -> bool:
    """Rounded or cut, at the places printed."""
    part, whole = (Decimal(value) for value in ratio.values)
    shown = regex.search(r"\d[\d.,]*", surface(share.body))
    places = len((shown[0] if shown else "").rpartition(",")[2]) if shown and "," in shown[0] else 0
    exact, unit = part * 100 / whole, Decimal(1).scaleb(-places)
    return any(exact.quantize(unit, rounding=mode) == share.number() for mode in (ROUND_HALF_UP, ROUND_DOWN))


def wrong_percent(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    places = list(_rate_places(report, world))
    if not places:
        return None
    share, ratio, rate = rng.choice(places)
    target = share if rng.random() < 0.6 else ratio
    shown = reprint(rng, target)
    if shown is None or agrees(share, ratio) or share.number() > 999:
        return None
    part, whole = (Decimal(value) for value in ratio.values)
    exceeds = rate.bounded and (part > whole or share.number() > 100)
    first = "part-exceeds-whole percent-mismatch" if exceeds and part > whole else "percent-mismatch part-exceeds-whole"
    return planted("wrong-percent", f"{first} rate-conflict value-conflict total-mismatch", [shown], report)


def part_exceeds(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    bounded = {(rate.part, rate.whole) for rate in world.rates if rate.bounded}
    ratios = [mark for mark in report.marks() if mark.kind == "r" and tuple(mark.names) in bounded
              and mark.values[0] != mark.values[1] and " " not in surface(mark.body)]
    if not ratios:
        return None
    mark = rng.choice(ratios)
    parts = surface(mark.body).split("/")
    mark.body, mark.values = ["/".join(reversed(parts))], mark.values[::-1]
    return planted("part-exceeds", "part-exceeds-whole percent-mismatch value-conflict", parts, report)


def two_values(rng: random.Random, report: Report, world: World) -> Planted | None:
    """One of several places that state the same figure, of a pair that nothing else ties together."""
    report = copy.deepcopy(report)
    tied = {name for relation in world.sums for name in (relation.total, *relation.parts)} - {"inc.now"}
    seen: dict[str, list[Mark]] = {}
    for block in report.blocks:
        marks = list(named_marks(block))
        for mark in marks:
            # "2.311 hộ trong 2.475 hộ": need not be all households
            within = mark.names == ["h.n"] and any(m.names == ["cu.n"] for m in marks)
            if mark.kind == "q" and mark.indicators and mark.names[0] not in tied and not within:
                seen.setdefault(mark.names[0], []).append(mark)
    pairs = [marks for marks in seen.values() if len(marks) > 1]
    if not pairs:
        return None
    marks = rng.choice(pairs)
    number = _NUMBER.search(surface(marks[0].body))
    shown = reprint(rng, marks[-1])
    if shown is None or number is None:
        return None
    also = "total-mismatch percent-mismatch implausible-change staff-mismatch part-exceeds-whole"
    return planted("two-values", f"value-conflict {also}", [number[0], shown], report)


def claimed_all(rng: random.Random, report: Report, world: World) -> Planted | None:
    """"100 %" said in words where the counts of the same report say less."""
    report = copy.deepcopy(report)
    stated = {name for mark in report.marks() for name in mark.names if mark.kind in "qr"}
    claims = {("dc.signed", "dc.out"): "{p} văn bản đi của đơn vị được ký số theo quy định.",
              ("d.online", "d.direct"): "{p} hồ sơ được tiếp nhận trực tuyến.",
              ("e.acc", "e.elig"): "{p} công dân đủ điều kiện đã được thu nhận tài khoản định danh điện tử.",
              ("sv.happy", "sv.forms"): "Tỷ lệ hài lòng của người dân đạt {p}."}
    usable = [names for names in claims if set(names) <= stated
              and world[names[0]] != (world[names[1]] if names[0] != "d.online" else world["d.received"])]
    if not usable:
        return None
    chosen = rng.choice(usable)
    before, _, after = claims[chosen].partition("{p}")
    nodes: list[Node] = [before, Mark("p", ["100"], ["100%"]), after]
    # Beside the counts: further down, among the plans, the claim would be a target.
    beside = [n for n, block in enumerate(report.blocks) for m in named_marks(block) if {*m.names} & {*chosen}]
    report.blocks.insert(beside[0] + 1, Block("paragraph", [node for node in nodes if node]))
    return planted("claimed-all", "rate-conflict percent-mismatch value-conflict", ["100%"], report)


def wrong_unit(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    yields = [mark for block in report.blocks for mark in named_marks(block)
              if mark.noun == "tạ/ha" and {m.names[0] for m in named_marks(block)} >= _crop(mark.names[0])]
    if not yields:
        return None
    mark = rng.choice(yields)
    mark.noun, mark.body = "tấn/ha", [surface(mark.body).replace("tạ/ha", "tấn/ha")]
    return planted("wrong-unit", "unit-mismatch total-mismatch", [surface(mark.body).split()[0]], report)


def _crop(name: str) -> set[str]:
    crop = name.partition(".")[0]
    return {f"{crop}.area", f"{crop}.yield", f"{crop}.out"}


def dropped_row(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    tables = [block for block in report.blocks if block.kind == "table" and len(block.rows) > 4]
    if not tables:
        return None
    table = rng.choice(tables)
    del table.rows[rng.randrange(1, len(table.rows) - 1)]
    total = _NUMBER.search(surface(table.rows[-1][1]))
    return planted("dropped-row", "total-mismatch value-conflict", [total[0]] if total else [], report)
