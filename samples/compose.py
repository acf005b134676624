"""Writes a world up as a report: outline, wording, house style and look-alikes drawn at random, figures never."""
from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex

from samples.cites import Cite, cite_mark, cites
from samples.facts import FIELDS, world
from samples.house import House, house
from samples.markup import Block, Mark, Node, Report, parse_line
from samples.period import Period
from samples.places import Place
from samples.world import World

_HERE = Path(__file__).parent
_TOKEN = regex.compile(r"\{([=>~]?)([^{}]+)\}|<(\w+)>")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


@lru_cache(maxsize=1)
def phrases() -> dict[str, Any]:
    out: dict[str, Any] = {}
    for path in sorted((_HERE / "phrases").glob("*.toml")):
        out |= tomllib.loads(path.read_text(encoding="utf-8"))
    return out


@lru_cache(maxsize=1)
def outlines() -> dict[str, Any]:
    return tomllib.loads((_HERE / "outlines.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def indicator_names() -> dict[str, str]:
    return tomllib.loads((_HERE / "indicators.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Writer:
    """One report being written."""

    rng: random.Random
    world: World
    house: House
    cites: dict[str, Cite]
    words: dict[str, str]
    used: dict[str, list[str]] = field(default_factory=dict)

    def say(self, name: str) -> list[Node]:
        """One wording of the statement ``name``; those of a frame list are used once each."""
        variants = phrases()[name]["variants"]
        left = self.used.setdefault(name, self.rng.sample(variants, len(variants)))
        return self.fill(left.pop() if left else self.rng.choice(variants))

    def fill(self, template: str) -> list[Node]:
        nodes: list[Node] = []
        at = 0
        for match in _TOKEN.finditer(template):
            nodes.append(template[at : match.start()])
            nodes += [self.words[match[3]]] if match[3] else self.token(match[1], match[2])
            at = match.end()
        return joined([*nodes, template[at:]])

    def token(self, sign: str, text: str) -> list[Node]:
        if sign == "=":
            return parse_line("{" + text + "}")
        style, _, name = text.partition(":")
        if style == "date":
            day = {"start": self.world.period.start, "end": self.world.period.end,
                   "before": self.world.period.start - timedelta(1)}[name]
            return [Mark("d", [day.isoformat()], [self.house.date(day)])]
        if style in ("cite", "num", "first"):
            return [*cite_mark(self.cites[name], style, self.house, self.words["ubnd"])]
        if "#" in text:
            pair, middle, tail = text.split("#")
            return [self.ratio(*pair.split("/"), between=f" {middle}", tail=f" {tail}")]
        name, _, noun = text.partition(" ")
        noun = regex.sub(r"<(\w+)>", lambda m: self.words[m[1]], noun)
        if "/" in name:
            return [self.ratio(*name.split("/"))]
        return [self.figure(sign, name, noun)]

    def ratio(self, part: str, whole: str, between: str = "/", tail: str = "") -> Mark:
        values = [self.world[part], self.world[whole]]
        padded = all(value < 10 for value in values) and self.house.pad
        shown = between.join(self.house.count(value) if padded else self.house.measure(value) for value in values)
        codes = [indicator_names().get(name, "-") for name in (part, whole)]
        return Mark("r", [f"{value:f}" for value in values], [shown + tail], names=[part, whole],
                    indicators=codes if codes != ["-", "-"] else [])

    def figure(self, sign: str, name: str, noun: str) -> Mark:
        value = self.world.values[name]
        number = _round_down(value.number) if sign == ">" else value.number
        shown = self.house.number(number, value.kind)
        codes = [indicator_names()[name]] if name in indicator_names() else []
        mark = Mark("p" if value.kind == "rate" else "q", [f"{number:f}"], [f"{shown} {noun}".strip()],
                    noun=noun, names=[name], indicators=codes)
        if sign:
            mark.qualifier, mark.names = {">": ">", "~": "~"}[sign], [f"{name}~"]
        return mark


def joined(nodes: list[Node]) -> list[Node]:
    """Neighbouring strings as one, empty ones gone."""
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, str) and out and isinstance(out[-1], str):
            out[-1] += node
        elif node != "":
            out.append(node)
    return out


def _round_down(number: Decimal) -> Decimal:
    step = Decimal(10) ** (len(f"{number:f}") - 2)
    return number // step * step if number % step else number - step


def compose(rng: random.Random, place: Place, period: Period, topic: str, *, facts: World | None = None) -> Report:
    """A consistent report on ``topic``; its marks carry the names of the world's figures."""
    facts = facts or world(rng, place, period)
    outline = outlines()[topic]
    words = _words(place, period)
    words["title"] = _decapitalised(_fill_words(rng.choice(outline["titles"]), words))
    writer = Writer(rng, facts, house(rng), cites(rng, place, period), words)
    blocks = [Block("paragraph", writer.say("opening"))]
    blocks += _twin(writer, outline) if outline.get("twin") else _plain(writer, outline)
    blocks.append(Block("paragraph", writer.say("closing")))
    return Report(_meta(rng, place, period, topic, words["title"]), [b for b in blocks if b.nodes or b.rows])


def _words(place: Place, period: Period) -> dict[str, str]:
    within = period.within
    return {"ten": place.name, "Ten": place.name, "loai": place.kind, "Loai": place.kind.capitalize(),
            "Xa": f"{place.kind.capitalize()} {place.name}", "thon": place.village, "ky": period.label,
            "ubnd": f"UBND {place.kind}", "Ubnd": f"UBND {place.kind}", "within": within,
            "Within": within.capitalize(), "prev_year": str(period.year - 1)}


def _fill_words(template: str, words: dict[str, str]) -> str:
    return str(regex.sub(r"<(\w+)>", lambda m: words[m[1]], template))


def _decapitalised(title: str) -> str:
    return title[0].lower() + title[1:]


def _meta(rng: random.Random, place: Place, period: Period, topic: str, title: str) -> dict[str, list[str]]:
    number = f"{rng.randint(12, 410)}/BC-UBND"
    meta = {"topic": topic, "commune": place.name, "place": place.name, "number": number,
            "issued": period.issued.isoformat(), "kind": "BÁO CÁO", "title": title[0].upper() + title[1:],
            "size": rng.choice(("13", "14")), "headings": rng.choice(("plain", "plain", "styles"))}
    if place.district:
        meta["district"] = place.district
    out = {key: [value] for key, value in meta.items()}
    if place.district or rng.random() < 0.5:
        out["parent"] = [place.above.upper()]
    out["agency"] = ["ỦY BAN NHÂN DÂN", f"{place.kind} {place.name}".upper()]
    out["recipient"] = [f"- {place.above};", f"- Thường trực Đảng ủy {place.kind};", "- Lưu: VT."]
    out["signature"] = ["TM. ỦY BAN NHÂN DÂN", rng.choice(("CHỦ TỊCH", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH")), "Người Ký Mẫu"]
    return out


def _statements(writer: Writer, names: list[str]) -> list[Block]:
    blocks: list[Block] = []
    for name in names:
        bare = name.rstrip("?")
        if name != bare and writer.rng.random() < 0.4:
            continue
        if bare == "fields":
            blocks.append(_fields(writer))
        elif not (phrases()[bare].get("era") == 1 and not writer.world.place.district):
            blocks.append(_body(writer, writer.say(bare)))
    if writer.rng.random() < 0.35 and writer.used.get("filler") != []:
        blocks.append(_body(writer, writer.say("filler")))
    return blocks


def _body(writer: Writer, nodes: list[Node]) -> Block:
    return Block("item", joined(["- ", *nodes])) if writer.house.list_items else Block("paragraph", nodes)


def _fields(writer: Writer) -> Block:
    """Dossiers by field: rows add up to the last one, columns across."""
    columns = [("received", "Tổng số"), ("online", "Trực tuyến"), ("direct", "Trực tiếp"),
               ("carried", "Kỳ trước chuyển sang"), ("resolved", "Đã giải quyết"), ("pending", "Đang giải quyết")]
    if writer.rng.random() < 0.5:
        columns = [columns[0], *columns[4:]]
    head: list[list[Node]] = [["Lĩnh vực"]]
    head += [[f"{title} (hồ sơ)"] for _, title in columns]
    rows = [head]
    for prefix, label in [*((f"f{i}", name) for i, name in enumerate(FIELDS)), ("d", "Tổng cộng")]:
        row: list[list[Node]] = [[label]]
        for column, _ in columns:
            mark = writer.figure("", f"{prefix}.{column}", "")
            mark.noun = label if prefix != "d" else ""
            mark.optional = mark.values[0] == "0"
            row.append([mark])
        rows.append(row)
    return Block("table", rows=rows)


def _twin(writer: Writer, outline: dict[str, Any]) -> list[Block]:
    """Part one: results with shortcomings; part two: the same headings, with tasks."""
    rng, parts = writer.rng, _part_headings(writer)
    headings = [rng.choice(section["heading"]) for section in outline["sections"]]
    dot = rng.choice((".", ".", ""))
    weak = rng.choice(("Tồn tại, hạn chế", "Tồn tại, hạn chế, nguyên nhân", "Hạn chế"))
    blocks = list(parts[0])
    for i, (title, section) in enumerate(zip(headings, outline["sections"], strict=True), start=1):
        blocks.append(Block("heading", [f"{i}. {title}"], level=2))
        blocks.append(Block("heading", [f"{i}.1{dot} Kết quả đạt được"], level=3))
        blocks += _statements(writer, section["say"])
        blocks.append(Block("heading", [f"{i}.2{dot} {weak}"], level=3))
        blocks.append(Block("paragraph", writer.say("weak")))
    blocks += parts[1]
    for i, title in enumerate(headings, start=1):
        blocks.append(Block("heading", [f"{i}. {title}"], level=2))
        blocks.append(Block("paragraph", writer.say("tasks")))
    return blocks


def _part_headings(writer: Writer) -> tuple[list[Block], list[Block]]:
    results = f"KẾT QUẢ CÔNG TÁC CẢI CÁCH HÀNH CHÍNH {writer.words['ky'].upper()}"
    tasks = "PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI"
    style = writer.rng.choice(("Phần thứ nhất|Phần thứ hai", "Phần I|Phần II", "I.|II.", "A.|B."))
    out = []
    for label, title in zip(style.split("|"), (results, tasks), strict=True):
        texts = [label, title] if label.startswith("Phần") else [f"{label} {title}"]
        out.append([Block("heading", [text], level=1) for text in texts])
    return out[0], out[1]


def _plain(writer: Writer, outline: dict[str, Any]) -> list[Block]:
    """Numbered chapters, then an assessment and the tasks ahead."""
    rng = writer.rng
    roman = rng.random() < 0.6
    titles = [(rng.choice(section["heading"]), section["say"]) for section in outline["sections"]]
    titles += [("Tồn tại, hạn chế", ["weak"] * 2), ("Nhiệm vụ trọng tâm thời gian tới", ["tasks"] * 3)]
    blocks = []
    for i, (title, names) in enumerate(titles):
        label = f"{_ROMAN[i]}. {title.upper()}" if roman else f"{i + 1}. {title}"
        blocks.append(Block("heading", [label], level=1))
        blocks += _statements(writer, names)
    return blocks
