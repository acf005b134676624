"""Faults of wording, structure and citations; see ``faults`` for the contract."""
from __future__ import annotations

import copy
import random
from datetime import date, timedelta

import regex

from samples.faults import Fault, Planted, dropped_row, part_exceeds, planted, slip, two_values, wrong_percent
from samples.faults import claimed_all as claimed_all
from samples.faults import dropped_part as dropped_part
from samples.faults import swapped_total as swapped_total
from samples.faults import wrong_sum as wrong_sum
from samples.faults import wrong_unit as wrong_unit
from samples.markup import Block, Mark, Report, dates_in, surface
from samples.world import World
from schema.eras import REFORM

_DAY = regex.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WORDS = ("của", "các", "được", "và", "đã", "cho", "trong", "với", "thực hiện", "kế hoạch", "báo cáo", "tổ chức")
_SLIPS = (("công vụ", "công cụ"), ("tài chính công", "hành chính công"), ("thể chế", "thể chề"), ("điện tử", "điện từ"),
          ("bộ máy", "bộ mày"), ("thủ tục", "thủ tực"), ("điều hành", "điều hàng"))


def _dated(report: Report) -> list[Mark]:
    """Citations printed with a short date."""
    return [mark for mark in report.marks()
            if mark.kind == "c" and len(mark.values) == 2 and _DAY.search(surface(mark.body))]


def _redate(mark: Mark, day: date) -> str:
    """Prints another date in the same fashion: padded where the old one was."""
    text = surface(mark.body)
    old = _DAY.search(text)
    assert old is not None
    pad_day, pad_month = (len(old[1]) == 2, len(old[2]) == 2)
    shown = f"{day.day:02}" if pad_day else str(day.day)
    shown += f"/{day.month:02}" if pad_month else f"/{day.month}"
    shown += f"/{day.year}"
    mark.values[1], mark.body = day.isoformat(), [text[: old.start()] + shown + text[old.end() :]]
    return shown


def _own_twice(report: Report) -> list[Mark]:
    """Later mentions of an own plan that is cited more than once."""
    marks = [mark for mark in _dated(report) if mark.values[0].endswith("/KH-UBND")]
    keys = [(mark.values[0], mark.values[1]) for mark in marks]
    return [mark for i, mark in enumerate(marks) if keys[i] in keys[:i]]


def two_dates(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    marks = _own_twice(report)
    if not marks:
        return None
    mark = rng.choice(marks)
    day = date.fromisoformat(mark.values[1])
    shown = _redate(mark, day + timedelta(rng.choice((1, 2, 7, 10, 28, 31))))
    also = "number-date-order date-out-of-period citation-number-conflict"
    return planted("two-dates", f"citation-date-conflict {also}", [mark.values[0], shown], report)


def two_numbers(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    marks = _own_twice(report)
    if not marks:
        return None
    mark = rng.choice(marks)
    number, _, symbol = mark.values[0].partition("/")
    other = f"{int(slip(rng, number)) + (100 if len(number) < 2 else 0)}"
    if other == number or any(m.values[0] == f"{other}/{symbol}" for m in report.marks() if m.kind == "c"):
        return None
    mark.body = [surface(mark.body).replace(f"{number}/", f"{other}/", 1)]
    mark.values[0] = f"{other}/{symbol}"
    also = "number-date-order citation-date-conflict"
    return planted("two-numbers", f"citation-number-conflict {also}", [mark.values[0]], report)


def wrong_order(rng: random.Random, report: Report, world: World) -> Planted | None:
    """A plan of the commune's own series that is cited once moves before its predecessor or behind its successor."""
    report = copy.deepcopy(report)
    marks = [mark for mark in _dated(report) if mark.values[0].endswith("/KH-UBND")
             and mark.values[1].startswith(str(world.period.year))]
    series = sorted(marks, key=lambda m: int(m.values[0].partition("/")[0]))
    days = [date.fromisoformat(mark.values[1]) for mark in series]
    inner = [i for i, mark in enumerate(series) if 0 < i < len(series) - 1
             and sum(m.values[0] == mark.values[0] for m in marks) == 1]
    if len(series) < 4 or not inner:
        return None
    at = rng.choice(inner)
    day = days[-1] + timedelta(rng.randint(1, 9)) if rng.random() < 0.5 else days[0] - timedelta(rng.randint(1, 9))
    register = date(world.period.year, 1, 1) if world.place.district else REFORM
    if not register <= day < world.period.issued:
        return None
    _redate(series[at], day)
    return planted("wrong-order", "number-date-order", [series[at].values[0]], report)


def impossible_day(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    marks = [mark for mark in report.marks() if mark.kind in "cd" and _DAY.search(surface(mark.body))]
    if not marks:
        return None
    mark = rng.choice(marks)
    shown = rng.choice(("31/6/", "31/11/", "30/02/", "31/9/", "31/4/")) + str(world.period.year)
    mark.body = [_DAY.sub(shown, surface(mark.body))]
    mark.values = ["-"] if mark.kind == "d" else mark.values[:1]
    assert "" in dates_in(shown)
    return planted("impossible-day", "invalid-date", [shown], report)


def after_report(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    marks = _dated(report)
    if not marks:
        return None
    mark = rng.choice(marks)
    shown = _redate(mark, world.period.issued + timedelta(rng.choice((9, 31, 62, 365))))
    also = "number-date-order citation-date-conflict citation-number-conflict"
    return planted("after-report", f"date-out-of-period {also}", [mark.values[0], shown], report)


def copied_passage(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    heads = [i for i, block in enumerate(report.blocks) if block.kind == "heading"]
    prose = [i for i, block in enumerate(report.blocks[:-1])
             if i and block.kind in ("item", "paragraph") and len(block.text.split()) >= 16]
    if not prose or len(heads) < 3:
        return None
    at = rng.choice(prose)
    later = [i for i in heads if i > at + 1]
    if not later:
        return None
    report.blocks.insert(rng.choice(later), copy.deepcopy(report.blocks[at]))
    words = report.blocks[at].text.lstrip("-+ ").split()
    return planted("copied-passage", "repeated-passage", [" ".join(words[4:10])], report)


def doubled_heading(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    heads = [i for i, block in enumerate(report.blocks)
             if block.kind == "heading" and regex.match(r"[\dIVX]+\.", block.text)]
    if not heads:
        return None
    at = rng.choice(heads)
    report.blocks.insert(at, copy.deepcopy(report.blocks[at]))
    title = report.blocks[at].text.partition(" ")[2]
    return planted("doubled-heading", "repeated-heading numbering-gap repeated-passage", [title], report)


def doubled_word(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    blocks = [block for block in report.blocks if block.kind in ("item", "paragraph")]
    rng.shuffle(blocks)
    for block in blocks:
        for i, node in enumerate(block.nodes):
            words = [w for w in _WORDS if isinstance(node, str) and f" {w} " in node and f"{w} {w}" not in node]
            if words and isinstance(node, str):
                word = rng.choice(words)
                block.nodes[i] = node.replace(f" {word} ", f" {word} {word} ", 1)
                return planted("doubled-word", "repeated-word", [f"{word} {word}"], report)
    return None


def heading_slip(rng: random.Random, report: Report, world: World) -> Planted | None:
    """The second part's heading differs from its twin by one word."""
    report = copy.deepcopy(report)
    heads = [block for block in report.blocks if block.kind == "heading"]
    titles = [block.text for block in heads]
    twins = [block for i, block in enumerate(heads) if block.text in titles[:i]]
    usable = [(block, pair) for block in twins for pair in _SLIPS if pair[0] in block.text]
    if not usable:
        return None
    block, (right, wrong) = rng.choice(usable)
    block.nodes = [block.text.replace(right, wrong)]
    return planted("heading-slip", "heading-mismatch", [wrong], report)


def skipped_number(rng: random.Random, report: Report, world: World) -> Planted | None:
    """The last of a run of headings carries a number too high."""
    report = copy.deepcopy(report)
    runs: list[Block] = []
    for block, following in zip(report.blocks, [*report.blocks[1:], None], strict=True):
        number = regex.match(r"(\d+)\. ", block.text) if block.kind == "heading" else None
        if number and int(number[1]) >= 3 and following is not None:
            runs.append(block)
    tops = [block for block in runs if not any(
        b.kind == "heading" and b.text.startswith(f"{int(block.text.split('.')[0]) + 1}. ") for b in
        report.blocks[report.blocks.index(block) :])]
    if not tops:
        return None
    block = rng.choice(tops)
    number, _, rest = block.text.partition(".")
    block.nodes = [f"{int(number) + 1}.{rest}"]
    return planted("skipped-number", "numbering-gap heading-mismatch", [f"{int(number) + 1}"], report)


def leaked_name(rng: random.Random, report: Report, world: World) -> Planted | None:
    report = copy.deepcopy(report)
    place = world.place
    own = f"{place.kind} {place.name}"
    usable = [block for block in report.blocks if block.kind in ("item", "paragraph")
              and any(isinstance(n, str) and own in n for n in block.nodes)]
    if not usable or not place.neighbours:
        return None
    block, other = rng.choice(usable), rng.choice(place.neighbours)
    block.nodes = [n.replace(own, f"{place.kind} {other}") if isinstance(n, str) else n for n in block.nodes]
    return planted("leaked-name", "name-mismatch", [other], report)


FAULTS: dict[str, Fault] = {
    "wrong-sum": wrong_sum, "wrong-percent": wrong_percent, "part-exceeds": part_exceeds, "two-values": two_values,
    "swapped-total": swapped_total, "dropped-part": dropped_part, "claimed-all": claimed_all,
    "wrong-unit": wrong_unit, "dropped-row": dropped_row, "two-dates": two_dates,
    "two-numbers": two_numbers, "wrong-order": wrong_order, "impossible-day": impossible_day,
    "after-report": after_report, "copied-passage": copied_passage, "doubled-heading": doubled_heading,
    "doubled-word": doubled_word, "heading-slip": heading_slip, "skipped-number": skipped_number,
    "leaked-name": leaked_name,
}
