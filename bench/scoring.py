"""Compares the public views of a database with gold files, kind by kind, as multisets of canonical values."""
from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Item = dict[str, Any]
Key = Callable[[Item], Hashable]


@dataclass(slots=True)
class Tally:
    hit: int = 0
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        wrong = len(self.missed) + len(self.extra)
        return 2 * self.hit / (2 * self.hit + wrong) if self.hit or wrong else 1.0

    def add(self, need: Counter[Hashable], optional: Counter[Hashable], found: Counter[Hashable]) -> None:
        for key in need | found:
            self.hit += min(need[key], found[key])
            self.missed += [str(key)] * max(need[key] - found[key], 0)
            self.extra += [str(key)] * max(found[key] - need[key] - optional[key], 0)


def folded(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").casefold().split())


def code_key(code: str) -> str:
    return "".join(unicodedata.normalize("NFC", code).upper().split()).lstrip("0")


def number(value: Any) -> float:
    return round(float(value), 6)


def rows(db: sqlite3.Connection, sql: str, *args: Any) -> list[Item]:
    cursor = db.execute(sql, args)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def scored(db: sqlite3.Connection, path: Path, core: set[str]) -> dict[str, Tally]:
    """The tallies of one gold file; indicators outside ``core`` and the gold's own codes are welcome, not counted."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    report = rows(db, "select * from reports where file_name = ?", gold["file"])
    report_id = report[0]["report_id"] if report else -1

    def view(name: str) -> list[Item]:
        return rows(db, f"select * from {name} where report_id = ?", report_id)

    out: dict[str, Tally] = {}

    def compare(kind: str, items: Iterable[Item], key: Key, found: Iterable[Hashable]) -> None:
        need, optional = Counter[Hashable](), Counter[Hashable]()
        for item in items:
            (optional if item.get("optional") else need)[key(item)] += 1
        out.setdefault(kind, Tally()).add(need, optional, Counter(found))

    named = {code_key(c["code"]) for c in gold.get("citations", [])}
    cited = [c for c in view("citations") if c["code"] and (not c["incomplete"] or code_key(c["code"]) in named)]
    citations = gold.get("citations", [])
    compare("citation", citations, lambda c: code_key(c["code"]), [code_key(c["code"]) for c in cited])
    compare("citation+date", citations, lambda c: (code_key(c["code"]), c["date"] or ""),
            [(code_key(c["code"]), (c["issued_on"] or "")[:10]) for c in cited])
    compare("date", gold.get("dates", []), lambda d: d["date"],
            [(d["start_on"] or "")[:10] for d in view("dates") if d["kind"] == "day"])
    compare("percentage", gold.get("percentages", []), lambda p: number(p["value"]),
            [number(p["value"]) for p in view("percentages")])
    compare("ratio", gold.get("ratios", []), lambda r: (number(r["numerator"]), number(r["denominator"])),
            [(number(r["numerator"]), number(r["denominator"])) for r in view("ratios")])
    quantities = view("quantities")
    compare("quantity", gold.get("quantities", []), lambda q: number(q["value"]),
            [number(q["value"]) for q in quantities])
    out["noun"] = _nouns(gold.get("quantities", []), quantities)
    known = core | {i["code"] for i in gold.get("indicators", [])}
    wanted = {(i["code"], number(i["value"])) for i in gold.get("indicators", [])}
    values = {(i["indicator"], number(i["value"])) for i in view("indicator_values") if i["basis"] == "actual"}
    compare("indicator", gold.get("indicators", []), lambda i: (i["code"], number(i["value"])),
            [v for v in values if v[0] in known and (v[1] or v in wanted)])
    out["header"] = _header(gold.get("header", {}), report[0] if report else {})
    out["finding"] = _findings(db, report_id, gold.get("findings", []))
    return out


def _nouns(gold: list[Item], found: list[Item]) -> Tally:
    tally = Tally()
    pool = [(number(q["value"]), folded(f"{q['noun'] or ''} {q['unit'] or ''}")) for q in found]
    for item in gold:
        if item.get("optional") or not item.get("noun"):
            continue
        match = next((p for p in pool if p[0] == number(item["value"]) and folded(item["noun"]) in p[1]), None)
        if match:
            pool.remove(match)
            tally.hit += 1
        else:
            tally.missed.append(f"{item['value']} {item['noun']}")
    return tally


def _header(gold: Item, report: Item) -> Tally:
    tally = Tally()
    for name, want in gold.items():
        have = report.get(name)
        good = have is None if want is None else folded(str(want)) in folded(str(have))
        tally.hit += good
        tally.missed += [] if good else [f"{name}: wanted {want!r}, has {have!r}"]
    return tally


def _findings(db: sqlite3.Connection, report_id: int, gold: list[Item]) -> Tally:
    """One gold finding may absorb several findings of its rules; ``info`` is never an extra."""
    tally, used = Tally(), set()
    found = rows(db, "select * from findings where report_id = ?", report_id)
    texts = {f["finding_id"]: folded(" ".join(
        [f["message"] or "", f["values_json"] or "", *(e["text"] for e in rows(
            db, "select text from finding_evidence where finding_id = ?", f["finding_id"]))])) for f in found}
    for item in gold:
        rules = item.get("rules") or [item["rule"]]
        hits = [f["finding_id"] for f in found if f["rule"] in rules
                and all(folded(m) in texts[f["finding_id"]] for m in item.get("match", []))]
        used.update(hits)
        if not item.get("optional"):
            tally.hit += bool(hits)
            tally.missed += [] if hits else [f"{'/'.join(rules)} {item.get('match')}"]
    tally.extra = [f"{f['rule']} [{f['severity']}] {f['message']}" for f in found
                   if f["finding_id"] not in used and f["severity"] != "info"]
    return tally
