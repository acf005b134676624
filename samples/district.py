"""A district over several periods: reports of all communes that agree with each other, and named faults between them.

Stocks stay, totals of the year rise, figures of last year and of the last quarter are those of the reports of that
time, all cite the same documents of the district. ``python -m samples.district --to DIR`` writes the files.
"""
from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from samples.compose import compose
from samples.facts import world
from samples.generate import Generated, write
from samples.markup import Block, parse_line
from samples.period import Period, period
from samples.places import Place
from samples.places import district as communes_of
from samples.world import World

SPANS = (("quarter", 2023, 3), ("quarter", 2023, 4), ("quarter", 2024, 3), ("quarter", 2024, 4))
_ABOUT = ("về đẩy mạnh cải cách hành chính tại cơ sở", "về nâng cao chỉ số phục vụ người dân, doanh nghiệp",
          "về kiểm tra công tác tiếp nhận và trả kết quả")


@dataclass
class Story:
    """What one report says beside its own body: comparisons, documents of the district, a paragraph of its own."""

    place: Place
    figures: dict[str, Decimal]
    documents: list[tuple[str, date, str]]
    own: list[int]
    named: str
    growth: str = ""


@dataclass(frozen=True)
class Seeded:
    """A fault and what a checker must say: one of ``rules`` in a finding that shows all of ``match``."""

    fault: str
    rules: tuple[str, ...]
    match: tuple[str, ...]
    commune: str


@dataclass
class Cell:
    """One commune in one period."""

    world: World
    story: Story | None = None
    faults: list[Seeded] = field(default_factory=list)

    @property
    def told(self) -> Story:
        assert self.story is not None
        return self.story


Row = list[Cell]


def district(seed: int, communes: int, faults_of_each: int = 0) -> tuple[list[Generated], list[Seeded]]:
    """The reports by commune and period, and the faults among them."""
    rng = random.Random(seed)
    spans = [period(kind, year, index) for kind, year, index in SPANS]  # type: ignore[arg-type]  # literals above
    rows = [_row(rng, place, spans) for place in communes_of(rng, communes)]
    places = rng.sample([(i, j) for i in range(communes) for j in (1, 2, 3)], communes * 3)
    wanted = [name for name in FAULTS for _ in range(faults_of_each)]
    for early in (True, False):  # what the world says first: the stories are told of it
        for name in wanted:
            if (name in _OF_WORLD) == early:
                _plant(rng, rows, places, name)
        if early:
            _tell_stories(rng, rows)
    made = [_generated(rng, cell) for row in rows for cell in row]
    return made, [seeded for row in rows for cell in row for seeded in cell.faults]


def _row(rng: random.Random, place: Place, spans: list[Period]) -> Row:
    row: Row = []
    for span in spans:
        row.append(Cell(world(rng, place, span, row[-1].world if row else None)))
    return row


def _plant(rng: random.Random, rows: list[Row], places: list[tuple[int, int]], name: str) -> None:
    """At the first free place that takes it."""
    for place in list(places):
        row, at = rows[place[0]], place[1]
        if any(seeded.fault == name for cell in row for seeded in cell.faults):
            continue
        seeded = FAULTS[name](rng, rows, row, at)
        if seeded is not None:
            places.remove(place)
            row[at].faults.append(Seeded(name, *seeded, row[at].world.place.name))
            return


# The stories


def _tell_stories(rng: random.Random, rows: list[Row]) -> None:
    numbers = rng.sample(range(40, 400), 6)
    documents = {year: [(f"{numbers.pop()}/KH-UBND", date(year, 1, 5) + timedelta(rng.randint(0, 50)), about)
                        for about in _ABOUT] for year in (2023, 2024)}
    for row in rows:
        for at, cell in enumerate(row):
            cell.story = _story(rng, row, at, documents[cell.world.period.year])


_TOLD = {"received": "d.received", "carried": "d.carried", "pending": "d.pending", "incoming": "dc.in",
         "news": "w.news", "villages": "v.n", "households": "h.n", "people": "p.n"}


def _story(rng: random.Random, row: Row, at: int, documents: list[tuple[str, date, str]]) -> Story:
    w = row[at].world
    figures = {name: w[code] for name, code in _TOLD.items()}
    same_year = at % 2 == 1
    before = row[at - 1].told.figures["total"] if same_year else Decimal(rng.randint(300, 900))
    figures["total"] = before + figures["received"]
    if same_year:
        figures["news_before"] = row[at - 1].world["w.news"]
    growth = ""
    if at >= 2:
        figures["received_last"] = row[at - 2].world["d.received"]
        growth = _growth(figures["incoming"], row[at - 2].world["dc.in"])
    own = [rng.randint(112, 987), rng.randint(1012, 4900), rng.randint(105, 899), rng.randint(10, 60)]
    return Story(w.place, figures, list(documents), own, w.place.name, growth)


def _growth(now: Decimal, base: Decimal) -> str:
    rate = ((now - base) * 100 / base).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{'tăng' if rate >= 0 else 'giảm'} {abs(rate):f}".replace(".", ",")


def _count(figures: dict[str, Decimal], name: str, noun: str, code: str = "", *, optional: bool = False) -> str:
    """A figure in the notation of ``samples.markup``."""
    shown = f"{figures[name]} {noun}"
    return f"{{q {shown}{' ?' if optional else ''}{f' ={code}' if code else ''}|{shown}}}"


def _lines(story: Story) -> Iterator[str]:
    f, kind, village = story.figures, story.place.kind, story.place.village
    for code, day, about in story.documents:
        yield (f"- Thực hiện {{c {code} {day.isoformat()}|Kế hoạch số {code} ngày {day:%d/%m/%Y}}} của "
               f"{story.place.above} {about}, UBND {kind} đã triển khai kịp thời.")
    yield (f"- Toàn {kind} có {_count(f, 'villages', village, 'villages')}, "
           f"{_count(f, 'households', 'hộ', 'households')} với {_count(f, 'people', 'nhân khẩu', 'population')}.")
    last = _count(f, "received_last", "hồ sơ", "dossiers.received", optional=True) if "received_last" in f else ""
    yield (f"- Trong quý tiếp nhận {_count(f, 'received', 'hồ sơ', 'dossiers.received')}"
           f"{f' (cùng kỳ năm trước {last})' if last else ''}; kỳ trước chuyển sang "
           f"{_count(f, 'carried', 'hồ sơ', 'dossiers.carried_over')}, đang giải quyết "
           f"{_count(f, 'pending', 'hồ sơ', 'dossiers.pending')}.")
    yield (f"- Lũy kế từ đầu năm đến nay, UBND {kind} tiếp nhận "
           f"{_count(f, 'total', 'hồ sơ', 'dossiers.received', optional=True)}.")
    before = _count(f, "news_before", "tin", "website.news", optional=True) if "news_before" in f else ""
    yield (f"- Trang thông tin điện tử đăng {_count(f, 'news', 'tin', 'website.news')}"
           f"{f' (quý trước {before})' if before else ''}.")
    rate = f", {{p {story.growth.split()[1].replace(',', '.')}|{story.growth}%}} so với cùng kỳ" if story.growth else ""
    yield f"- Tổng số văn bản đến {_count(f, 'incoming', 'văn bản', 'documents.incoming')}{rate}."
    own = dict(zip("abcd", map(Decimal, story.own), strict=True))
    yield (f"- Tổ công nghệ số cộng đồng {kind} {story.named} hướng dẫn {_count(own, 'a', 'lượt', optional=True)} "
           f"người dân cài đặt ứng dụng, hỗ trợ {_count(own, 'b', 'lượt', optional=True)} người mở tài khoản, "
           f"vận động {_count(own, 'c', 'hộ', optional=True)} dùng hóa đơn điện tử và tổ chức "
           f"{_count(own, 'd', 'buổi', optional=True)} tuyên truyền lưu động tại các {village}.")
    yield ("- Theo phân bổ của cấp trên, mỗi đơn vị được hỗ trợ 1.250 tờ gấp, 3.480 phiếu lấy ý kiến và 945 tài liệu "
           "hỏi đáp để phát tới người dân, bảo đảm thông tin đầy đủ, kịp thời, đúng đối tượng.")


def _generated(rng: random.Random, cell: Cell) -> Generated:
    w = cell.world
    report = compose(rng, w.place, w.period, "cchc", facts=w)
    lines = [Block("item", parse_line(line)) for line in _lines(cell.told)]
    at = next(i for i, block in enumerate(report.blocks) if block.kind in ("paragraph", "item") and i > 3)
    report.blocks[at + 1 : at + 1] = lines
    return Generated(w.place, w, report, " ".join(seeded.fault for seeded in cell.faults))


# The faults: each changes one cell and says which rules and words tell it; None where the cell offers no place

Told = tuple[tuple[str, ...], tuple[str, ...]]
CrossFault = Callable[[random.Random, list[Row], Row, int], "Told | None"]


def _off(rng: random.Random, number: Decimal) -> Decimal:
    """Another figure of about the same size."""
    return number + rng.choice((-1, 1)) * rng.randint(3, max(4, int(number) // 8))


def _restated(name: str) -> CrossFault:
    def fault(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
        figures = row[at].told.figures
        if name not in figures:
            return None
        figures[name] = _off(rng, figures[name])
        return ("series-conflict",), (f"{figures[name]}",)
    return fault


def wrong_growth(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    story = row[at].told
    if not story.growth:
        return None
    word, rate = story.growth.split()
    wrong = Decimal(rate.replace(",", ".")) + Decimal(rng.choice(("1.3", "4.2", "11.6")))
    story.growth = f"{word} {wrong}".replace(".", ",")
    return ("series-conflict",), (story.growth.split()[1],)


def wrong_opening(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    """More carried over than was left, and resolved in time: consistent inside."""
    if at % 2 == 0:
        return None
    w, more = row[at].world, rng.randint(3, 11)
    for name in ("carried", "received", "resolved", "ontime"):
        for prefix in ("f0", "d"):
            w.put_all({f"{prefix}.{name}": w[f"{prefix}.{name}"] + more})
    w.put(d__good=int(w["d.good"]) + more)
    w.share(rng, "d.goodrate", "d.good", "d.resolved")
    return ("series-conflict",), (f"{w['d.carried']}",)


def falling_total(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    if at % 2 == 0:
        return None
    figures = row[at].told.figures
    figures["total"] = row[at - 1].told.figures["total"] - rng.randint(5, 90)
    return ("series-drop",), (f"{figures['total']}",)


def falling_accounts(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    w, before = row[at].world, row[at - 1].world
    fallen = int(before["e.acc"]) * rng.randint(80, 93) // 100
    w.put(e__prev=fallen - int(w["e.new"]), e__act=min(int(w["e.act"]), fallen - 5))
    w.put(e__acc=fallen)
    w.share(rng, "e.accrate", "e.acc", "e.elig")
    w.share(rng, "e.actrate", "e.act", "e.acc")
    return ("series-drop",), (f"{fallen}",)


def more_villages(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    w = row[at].world
    w.put(v__n=int(w["v.n"]) + rng.choice((-3, -2, 2, 3, 5)), tg__n=int(w["v.n"]))
    return ("implausible-series",), ()


def more_staff(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    w, more = row[at].world, rng.randint(5, 8)
    names = "st.civil st.total st.quota deg.b pol.i cm.staff cm.total em.n sg.civil sg.total"
    w.put_all({name: w[name] + more for name in names.split()})
    return ("implausible-series",), (f"{w['st.total']}",)


def copied(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    """Another commune's paragraph, its figures included; now and then one of them is its own."""
    other = rng.choice([r for r in rows if r is not row])
    copied_from = any(one[at].told.own[0] == row[at].told.own[0] for one in rows if one is not row)
    if copied_from or any(seeded.fault == "copied" for seeded in (*other[at].faults, *row[at].faults)):
        return None
    theirs = list(other[at].told.own)
    row[at].told.own = [*theirs[:3], theirs[3] if rng.random() < 0.6 else theirs[3] + 4]
    return ("copied-passage",), (str(theirs[1]),)


def other_date(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    story = row[at].told
    n = rng.randrange(len(story.documents))
    code, day, about = story.documents[n]
    wrong = day + timedelta(rng.choice((-3, -1, 1, 2, 9)))
    story.documents[n] = (code, wrong, about)
    return ("citation-consensus",), (code.casefold(), f"{wrong:%d/%m/%Y}")


def other_number(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    story = row[at].told
    n = rng.randrange(len(story.documents))
    code, day, about = story.documents[n]
    wrong = f"{int(code.split('/')[0]) + rng.randint(401, 500)}/KH-UBND"
    story.documents[n] = (wrong, day, about)
    return ("citation-consensus",), (wrong.casefold(), code.casefold())


def other_name(rng: random.Random, rows: list[Row], row: Row, at: int) -> Told | None:
    other = rng.choice([r for r in rows if r is not row])[0].world.place.name
    row[at].told.named = other
    return ("name-mismatch",), (other.casefold(),)


_OF_WORLD: dict[str, CrossFault] = {
    "wrong-opening": wrong_opening, "falling-accounts": falling_accounts,
    "more-villages": more_villages, "more-staff": more_staff,
}
FAULTS: dict[str, CrossFault] = _OF_WORLD | {
    "restated-last-year": _restated("received_last"), "restated-previous": _restated("news_before"),
    "wrong-growth": wrong_growth, "falling-total": falling_total, "copied": copied, "other-date": other_date,
    "other-number": other_number, "other-name": other_name,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--communes", type=int, default=20)
    parser.add_argument("--faults", type=int, default=0, help="how many of each cross-report fault")
    args = parser.parse_args()
    made, seeded = district(args.seed, args.communes, args.faults)
    rng = random.Random(args.seed)
    for one in made:
        print(write(one, "docx", args.to, rng).name, one.fault)
    for fault in seeded:
        print(fault)


if __name__ == "__main__":
    main()
