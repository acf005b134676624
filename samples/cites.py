"""The documents that a fictional report names: its own series in order, those of the level above, central ones."""
from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from samples.house import House
from samples.markup import Mark
from samples.period import Period
from samples.places import Place
from schema.eras import REFORM

_SUBJECTS = (
    "về tuyên truyền cải cách hành chính", "về kiểm soát thủ tục hành chính", "về chuyển đổi số",
    "về siết chặt kỷ luật, kỷ cương", "về công tác dân vận của chính quyền", "về tự kiểm tra công vụ",
    "về khảo sát mức độ hài lòng của người dân", "về làm sạch dữ liệu dân cư", "về phòng, chống thiên tai",
    "về thực hiện văn hóa công sở", "về phổ biến, giáo dục pháp luật", "về nâng cao chất lượng dịch vụ công",
)
_ASSIGN = ("về phân công nhiệm vụ các thành viên", "về kiện toàn ban chỉ đạo", "về thành lập tổ giúp việc")


@dataclass(frozen=True, slots=True)
class Cite:
    code: str
    day: date
    type_name: str
    subject: str = ""
    issuer: str = ""
    party: bool = False


# Public documents of the state: number, date and subject as published.
CENTRAL = {
    "nq76": Cite("76/NQ-CP", date(2021, 7, 15), "Nghị quyết", issuer="của Chính phủ"),
    "nd61": Cite("61/2018/NĐ-CP", date(2018, 4, 23), "Nghị định", issuer="của Chính phủ"),
    "qd318": Cite("318/QĐ-TTg", date(2022, 3, 8), "Quyết định", issuer="của Thủ tướng Chính phủ"),
}


def cites(rng: random.Random, place: Place, period: Period) -> dict[str, Cite]:
    year = period.year
    subjects = rng.sample(_SUBJECTS, 5)
    # a commune of the new era began its registers when it began itself
    first = date(year, 1, 1) if place.district else max(date(year, 1, 1), REFORM)
    days = (period.end - first).days - 2
    early = sorted(rng.sample(range(4, min(40, days // 2)), 3))
    late = sorted(rng.sample(range(min(46, days // 2 + 2), days), 2))
    number, out = rng.randint(3, 12), dict(CENTRAL)
    for i, offset in enumerate([*early, *late], start=1):
        number += rng.randint(1, 3) if i < 4 else rng.randint(6, 20)
        out[f"k{i}"] = Cite(f"{number}/KH-UBND", first + timedelta(offset), "Kế hoạch", subjects[i - 1])
    signed = first + timedelta(rng.randint(20, 45))
    out["q1"] = Cite(f"{rng.randint(15, 60)}/QĐ-UBND", signed, "Quyết định", rng.choice(_ASSIGN))
    # the level above has its own series; equal numbers of two issuers are no contradiction
    # and what it sends, it sends to all its communes
    common = random.Random(f"{place.above} {period.label}")
    known = f"{common.randint(61, 240)}/KH-UBND"
    shared = out["k1"].code if rng.random() < 0.3 else known
    day = date(year - 1, 12, 18 + int(shared.split("/")[0]) % 13)  # one number, one date in all reports of the district
    out["up"] = Cite(shared, day, "Kế hoạch", issuer=f"của {place.above}")
    asked = period.end - timedelta(common.randint(10, 25))
    desk = common.choice(("NV", "VP", "TH"))
    out["call"] = Cite(f"{common.randint(301, 1900)}/UBND-{desk}", asked, "Công văn", issuer=f"của {place.above}")
    day = first + timedelta(rng.randint(10, 40))
    out["du"] = Cite(f"{rng.randint(11, 60)}-KH/ĐU", day, "Kế hoạch", issuer="của Đảng ủy", party=True)
    return out


def cite_mark(cite: Cite, style: str, house: House, by: str) -> list[Mark | str]:
    """``style``: ``cite`` in full, ``num`` without its type, ``first`` with the date before ``by`` and the number."""
    code, day = house.code(cite.code), f"ngày {house.date(cite.day)}"
    comma = "," if cite.party else ""
    text = {"cite": f"{cite.type_name} số {code}{comma} {day}", "num": f"số {code} {day}",
            "first": f"{day[0].upper()}{day[1:]}, {by} ban hành {cite.type_name} số {code}"}[style]
    tail = " ".join(part for part in ("", cite.issuer, cite.subject) if part)
    return [Mark("c", [cite.code, cite.day.isoformat()], [text]), f" {tail}" if tail else ""]
