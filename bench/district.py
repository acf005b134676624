"""A generated district with seeded faults between its reports: recall by fault, alarms on the district without them.

``make district`` runs it on 20 communes × 4 quarters, for several seeds. A fault counts as found when a finding of one
of its rules, in a report of its commune, shows its figures in message, values or evidence.
"""
from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from checks import check, messages
from checks.across import Filed, across
from extractors import extract
from samples.district import FAULTS, Seeded, district
from samples.fast import document
from samples.generate import Generated


@dataclass(frozen=True)
class Said:
    """A finding with everything that it shows, folded."""

    commune: str
    rule: str
    severity: str
    shown: str


def said(made: Sequence[Generated]) -> list[Said]:
    """All findings between the reports (each is read as its DOCX would be)."""
    filed = []
    for number, one in enumerate(made, 1):
        read = document(one.report)
        facts = extract(read)
        filed.append(Filed(number, read, facts, check(read, facts)))
    found = []
    for report_id, findings in across(filed).items():
        for finding in findings:
            texts = [filed[(e.report_id or report_id) - 1].document.text[e.start : e.end] for e in finding.evidence]
            words = " ".join([messages.render(finding), *finding.values.values(), *texts]).casefold()
            place = made[report_id - 1].place.name
            found.append(Said(place, finding.rule, finding.severity, " ".join(words.split())))
    return found


def hit(seeded: Seeded, found: Sequence[Said]) -> bool:
    """Figures are looked for with and without the dots of thousands; of a copy either side may be the one told."""
    return any(
        one.rule in seeded.rules
        and (one.commune == seeded.commune or seeded.commune.casefold() in one.shown)
        and all(word in one.shown or word in one.shown.replace(".", "") for word in seeded.match)
        for one in found
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=2024, help="the first one")
    parser.add_argument("--seeds", type=int, default=3, help="how many districts without faults, and as many with")
    parser.add_argument("--communes", type=int, default=20)
    parser.add_argument("--of-each", type=int, default=4, help="faults of each kind")
    parser.add_argument("--floor", type=float, default=0.95)
    args = parser.parse_args()
    planted, hits, rules = Counter[str](), Counter[str](), Counter[str]()
    alarms: list[Said] = []
    missed: list[Seeded] = []
    reports = 0
    for seed in range(args.seed, args.seed + 2 * args.seeds, 2):
        clean = district(seed, args.communes)[0]
        alarms += [one for one in said(clean) if one.severity != "info"]
        made, seeded = district(seed + 1, args.communes, args.of_each)
        found = said(made)
        told = [one for one in seeded if hit(one, found)]
        missed += [one for one in seeded if one not in told]
        planted += Counter(one.fault for one in seeded)
        hits += Counter(one.fault for one in told)
        rules += Counter(one.rule for one in found)
        reports += len(clean) + len(made)
    print(f"{'fault':<22}{'seeded':>7}{'found':>7}{'recall':>8}")
    for name in FAULTS:
        print(f"{name:<22}{planted[name]:>7}{hits[name]:>7}{hits[name] / max(planted[name], 1):>8.3f}")
    print("told in the districts with faults: " + ", ".join(f"{rule} {count}" for rule, count in rules.most_common()))
    recall = hits.total() / max(planted.total(), 1)
    print(f"{reports} reports, {planted.total()} faults, recall {recall:.3f}; "
          f"without faults {len(alarms)} findings above info")
    for one in missed[:12]:
        print(f"    missed: {one}")
    for alarm in alarms[:12]:
        print(f"    false alarm: {alarm.commune} {alarm.rule}: {alarm.shown[:300]}")
    return 1 if alarms or recall < args.floor else 0


if __name__ == "__main__":
    sys.exit(main())
