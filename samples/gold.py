"""The gold of a marked-up report: what extraction and checks must find, in the format that the scorer reads."""
from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from samples.markup import Mark, Report, dates_in, surface

Item = dict[str, Any]


def gold(report: Report) -> Item:
    """Citations, dates, percentages, ratios, quantities, indicators, findings and the header of ``report``."""
    out: Item = {"file": report.one("file"), "header": _header(report)}
    for kind in ("citations", "dates", "percentages", "ratios", "quantities", "indicators"):
        out[kind] = []
    for block in report.blocks:
        for run in block.runs():
            for node in run:
                if isinstance(node, Mark):
                    _add(node, out)
    out["indicators"] = _once(out["indicators"])
    out["findings"] = [_finding(line) for line in report.meta.get("finding", [])]
    return out


def _add(mark: Mark, out: Item) -> None:
    if mark.kind == "c":
        out["citations"].append({"code": mark.values[0], "date": mark.values[1] if len(mark.values) > 1 else None})
        if not any(isinstance(node, Mark) and node.kind == "d" for node in mark.body):
            out["dates"] += [{"date": day} for day in dates_in(surface(mark.body))]
    elif mark.kind == "d":
        out["dates"].append({"date": "" if mark.values[0] == "-" else mark.values[0]})
    elif mark.kind == "p":
        out["percentages"].append(_optional(mark, {"value": _number(mark.values[0])}))
    elif mark.kind == "r":
        pair = {"numerator": _number(mark.values[0]), "denominator": _number(mark.values[1])}
        out["ratios"].append(_optional(mark, pair))
    else:
        quantity = {"value": _number(mark.values[0]), "noun": mark.noun, "qualifier": mark.qualifier}
        out["quantities"].append(_optional(mark, {k: v for k, v in quantity.items() if v != ""}))
    out["indicators"] += _indicators(mark)
    for node in mark.body:
        if isinstance(node, Mark):
            _add(node, out)


def _indicators(mark: Mark) -> list[Item]:
    """``=code`` takes the mark's own value, a second ``=code`` the denominator's (which need not be found).

    ``=code:value`` says the value where the indicator's unit differs, ``=-`` holds the first place empty.
    """
    items = []
    for place, word in enumerate(mark.indicators):
        code, _, value = word.partition(":")
        item: Item = {"code": code, "value": _number(value or mark.values[min(place, len(mark.values) - 1)])}
        if code != "-":
            items.append(item | {"optional": True} if place else item)
    return items


def _once(items: list[Item]) -> list[Item]:
    """Each code and value once; needed where it is needed anywhere."""
    best: dict[tuple[str, float], Item] = {}
    for item in items:
        key = (item["code"], item["value"])
        if key not in best or "optional" in best[key]:
            best[key] = item
    return list(best.values())


def _optional(mark: Mark, item: Item) -> Item:
    return item | {"optional": True} if mark.optional else item


def _number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def _header(report: Report) -> Item:
    fields = {"commune": "commune", "district": "district", "number": "report_no", "issued": "issued_on"}
    return {field: report.one(key) for key, field in fields.items() if report.one(key)}


def _finding(line: str) -> Item:
    """``rule[,rule] [optional] [info] : match | match :: why``"""
    head, _, rest = line.partition(" : ")
    matches, _, why = rest.partition(" :: ")
    rules, *flags = head.split()
    item: Item = {"rules": rules.split(","), "match": [m.strip() for m in matches.split("|") if m.strip()]}
    if "optional" in flags:
        item["optional"] = True
    if "info" in flags:
        item["severity"] = "info"
    return item | ({"why": why.strip()} if why else {})


def dumps(report: Report) -> str:
    return json.dumps(gold(report), ensure_ascii=False, indent=1) + "\n"
