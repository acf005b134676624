"""Seeds one named fault at a time into consistent reports and counts what the checks say: `make mutate`.

Two promises are measured: recall per rule on the mutants, and no finding above ``info`` on the reports as they were.
A mutant counts as found when a finding of one of its accepted rules quotes the altered text in message or evidence.
"""
from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from samples.generate import Generated, mixed
from samples.slips import FAULTS

RESULT = Path(__file__).with_suffix(".json")


@dataclass(slots=True)
class Tally:
    planted: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0


@dataclass(slots=True)
class Part:
    """What one worker saw."""

    faults: dict[str, Tally]
    rules: dict[str, Tally]
    clean: int = 0
    alarms: list[str] = field(default_factory=list)
    infos: int = 0


def statements(report: Generated) -> Iterator[tuple[str, str, str]]:
    """Rule, severity and all quoted text of each finding, as an inspector would see it."""
    from checks import check, messages
    from extractors import extract
    from samples.fast import document

    read = document(report.report)
    for finding in check(read, extract(read)):
        quotes = [read.text[e.start : e.end] for e in finding.evidence]
        shown = " ".join([messages.render(finding), *finding.values.values(), *quotes])
        yield finding.rule, finding.severity, " ".join(shown.casefold().split())


def work(seed: int, reports: int, per_fault: int) -> Part:
    part = Part({name: Tally() for name in FAULTS}, defaultdict(Tally))
    rng = random.Random(seed)
    for number, made in enumerate(mixed(seed, reports)):
        part.clean += 1
        for rule, severity, text in statements(made):
            if severity == "info":
                part.infos += 1
            else:
                part.alarms.append(f"seed {seed} report {number} {made.report.one('topic')}: {rule}: {text[:220]}")
        for name, fault in FAULTS.items():
            if part.faults[name].planted < per_fault and (planted := fault(rng, made.report, made.world)):
                found = list(statements(Generated(made.place, made.world, planted.report, name)))
                wanted = [" ".join(m.casefold().split()) for m in planted.match]
                hit = any(rule in planted.rules and all(m in text for m in wanted) for rule, _, text in found)
                for tally in (part.faults[name], part.rules[planted.rules[0]]):
                    tally.planted += 1
                    tally.found += hit
                    if not hit:
                        said = "; ".join(f"{rule}: {text[:90]}" for rule, severity, text in found if severity != "info")
                        tally.missed.append(f"seed {seed} report {number} {name} {planted.match}: {said or 'silent'}")
    return part


def merged(parts: list[Part]) -> Part:
    total = Part(defaultdict(Tally), defaultdict(Tally))
    for part in parts:
        total.clean, total.infos = total.clean + part.clean, total.infos + part.infos
        total.alarms += part.alarms
        for mine, theirs in ((total.faults, part.faults), (total.rules, part.rules)):
            for name, tally in theirs.items():
                mine[name].planted += tally.planted
                mine[name].found += tally.found
                mine[name].missed += tally.missed
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--reports", type=int, default=240, help="consistent reports (all workers together)")
    parser.add_argument("--per-fault", type=int, default=130, help="mutants of each fault at most")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--misses", type=int, default=3, help="print up to N misses of each fault")
    parser.add_argument("--floor", type=float, default=0.98, help="least recall of any rule")
    args = parser.parse_args()
    began = time.monotonic()
    jobs = max(1, args.jobs)
    shares = [(args.seed + i, -(-args.reports // jobs), -(-args.per_fault // jobs)) for i in range(jobs)]
    with ProcessPoolExecutor(jobs) as pool:
        total = merged(list(pool.map(work, *zip(*shares, strict=True))))
    mutants = sum(tally.planted for tally in total.faults.values())
    for title, tallies in (("fault", total.faults), ("rule", total.rules)):
        print(f"{title:<28}{'mutants':>8}{'found':>7}{'recall':>8}")
        for name, tally in tallies.items():
            print(f"{name:<28}{tally.planted:>8}{tally.found:>7}{tally.recall:>8.3f}")
            for line in tally.missed[: args.misses if title == "fault" else 0]:
                print(f"    missed: {line}")
    print(f"{mutants} mutants; {total.clean} consistent reports with {len(total.alarms)} findings above info, "
          f"{total.infos} info; {time.monotonic() - began:.0f} s")
    for line in total.alarms[: args.misses * 5]:
        print(f"    false alarm: {line}")
    RESULT.write_text(json.dumps({
        "mutants": mutants, "consistent_reports": total.clean, "false_alarms": len(total.alarms), "info": total.infos,
        "recall": {name: {"mutants": t.planted, "found": t.found, "recall": round(t.recall, 4)}
                   for name, t in sorted(total.rules.items())}}, indent=1) + "\n", encoding="utf-8")
    short = [name for name, tally in total.rules.items() if tally.recall < args.floor]
    if short or total.alarms:
        print(f"below the floor: {', '.join(short) or 'no rule'}; false alarms: {len(total.alarms)}")
    return 1 if short or total.alarms else 0


if __name__ == "__main__":
    sys.exit(main())
