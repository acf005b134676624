"""Passages of two communes with the same words and the same figures. What many communes share is template.

Candidates share specific figures (numbers of three or more digits), found through an index; then the words are
compared with numbers, dates, codes and names of communes masked. A passage of more than ``communes`` communes, or of
a ``template`` share of all (three at least), is no copy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from checks.across.filed import Filed
from checks.draft import Draft, evidence, identity
from checks.phrases import likeness, words
from checks.settings import CheckSettings
from checks.view import Figure
from schema.model import Passage
from schema.text import key

_SHOWN = 160
_ALIKE = 0.8
_MOST_PLACES = 4


@dataclass(frozen=True, slots=True)
class Copyable:
    """A passage with its masked words and its specific figures."""

    report: Filed
    passage: Passage
    words: tuple[str, ...]
    figures: frozenset[str]

    @property
    def start(self) -> int:
        return self.passage.start

    @property
    def text(self) -> str:
        return " ".join(self.report.document.text[self.passage.start : self.passage.end].split())


def check(reports: Sequence[Filed], settings: CheckSettings) -> Iterator[tuple[Filed, Draft]]:
    """Copies among reports of one topic and period."""
    groups: dict[tuple[object, ...], list[Filed]] = defaultdict(list)
    for report in reports:
        if report.header.commune and report.period and report.topic:
            groups[report.topic, report.period].append(report)
    for group in groups.values():
        if len({report.commune for report in group}) > 1:
            yield from _group(sorted(group, key=_seniority), settings)


def _seniority(report: Filed) -> tuple[str, int]:
    return str(report.header.issued_on or "9999"), report.report_id


def _group(group: Sequence[Filed], settings: CheckSettings) -> Iterator[tuple[Filed, Draft]]:
    least = int(settings.threshold("copied-passage", "syllables"))
    names = {key(report.header.commune or "") for report in group}
    passages = [one for report in group for one in _passages(report, names, least)]
    index: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(passages):
        for figure in one.figures:
            index[figure].append(n)
    shared: Counter[tuple[int, int]] = Counter()
    for figure, members in index.items():
        for pair in combinations(members, 2):
            shared[pair] += len(figure)
    digits = int(settings.threshold("copied-passage", "digits"))
    pairs = [
        (passages[a], passages[b])
        for (a, b), weight in sorted(shared.items())
        if weight >= digits
        and passages[a].report.commune != passages[b].report.commune
        and _alike(passages[a], passages[b])
    ]
    yield from _tell(pairs, len({report.commune for report in group}), settings)


def _passages(report: Filed, names: set[str], least: int) -> Iterator[Copyable]:
    view = report.view
    for passage in view.prose:
        figures = [f for f in view.between(passage.start, passage.end) if _specific(f)]
        if not figures:
            continue
        masked = tuple(_masked(view.text[passage.start : passage.end], names))
        if len(masked) >= least:
            yield Copyable(report, passage, masked, frozenset(_digits(f) for f in figures))


def _specific(figure: Figure) -> bool:
    return len(_digits(figure)) >= 3 and figure.value != 100


def _digits(figure: Figure) -> str:
    return "".join(char for char in figure.text if char.isdigit()).lstrip("0")


def _masked(text: str, names: set[str]) -> Iterator[str]:
    """Syllables with every number as ``#``; a commune's name as ``@``."""
    low = " ".join("#" if word[0].isdigit() else word for word in words(text))
    for name in names:
        if name:
            low = low.replace(name, "@")
    yield from low.split()


def _alike(one: Copyable, other: Copyable) -> bool:
    shared = len(one.figures & other.figures)
    return shared * 2 > max(len(one.figures), len(other.figures)) and likeness(one.words, other.words) >= _ALIKE


def _tell(
    pairs: Sequence[tuple[Copyable, Copyable]], communes: int, settings: CheckSettings
) -> Iterator[tuple[Filed, Draft]]:
    holders: dict[tuple[int, int], set[str]] = defaultdict(set)
    for one, other in pairs:
        for mine, theirs in ((one, other), (other, one)):
            holders[mine.report.report_id, mine.start] |= {mine.report.commune, theirs.report.commune}
    most = int(settings.threshold("copied-passage", "communes"))
    share = float(settings.threshold("copied-passage", "template"))

    def template(one: Copyable) -> bool:
        count = len(holders[one.report.report_id, one.start])
        return count > most or (communes > most and count >= max(communes * share, 3))

    copies: dict[tuple[int, int], list[tuple[Copyable, Copyable]]] = defaultdict(list)
    copied: set[tuple[int, int]] = set()
    for one, other in pairs:
        place = (other.report.report_id, other.start)
        if not template(one) and not template(other) and place not in copied:
            copied.add(place)
            copies[other.report.report_id, one.report.report_id].append((one, other))
    for found in copies.values():
        yield found[0][1].report, _draft(found)


def _draft(found: Sequence[tuple[Copyable, Copyable]]) -> Draft:
    """All that one report has from another is one finding."""
    first, here = found[0]
    shown = here.text if len(here.text) <= _SHOWN else here.text[:_SHOWN].rsplit(" ", 1)[0] + " …"
    pieces = []
    for one, other in found[:_MOST_PLACES]:
        pieces.append(evidence("claim", other.passage.start, other.passage.end))
        pieces.append(evidence("counter", one.passage.start, one.passage.end, one.report.report_id))
    return Draft(
        "copied-passage",
        "same" if len(found) == 1 else "several",
        {"text": shown, "own": here.report.name, "other": first.report.name, "times": str(len(found))},
        tuple(pieces),
        identity(first.report.commune, *sorted(other.text[:80] for _, other in found)),
    )
