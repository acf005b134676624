"""Whether a rule of the catalogue names a figure: its own words, the words around, the topic."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import regex

from extractors.catalogue import Labels, Rule
from extractors.figures import Figure, Kind
from extractors.lexicon import Hit
from schema.text import aligned

COMPARED = regex.compile(
    r"cùng kỳ|năm trước|kỳ trước|quý trước|tháng trước|so với (?!kế hoạch|kh|dự toán|chỉ tiêu)|năm 20\d\d|giảm|tăng"
)

SCALE = {"triệu đồng": Decimal(1_000_000), "ha": Decimal(1), "tấn": Decimal(1)}
"""Units of indicators that tell how much a printed number is (without one it is not known), in the unit of its kind."""
_NEW_TIME = regex.compile(
    r"l[uũ]y kế|luỹ kế|cùng kỳ|(?:năm|quý|tháng|kỳ) trước(?! chuyển| để lại| còn| sang)|năm 20\d\d|quý [ivx]+\b|"
    r"\d tháng|từ đầu năm|cả năm|(?:đầu|cuối) (?:năm|kỳ)"
)


@dataclass(slots=True)
class Sentence:
    """Hits and figures of one sentence; ``topics`` are active in it.

    ``subject`` are the wordings before its line's colon, ``title`` those of a heading that ends in one. ``codes``:
    its figures that are named; ``above``: those of the rows above in a table; ``before``: the indicators that
    earlier sentences of the paragraph have named, each with the kind of its figure.
    """

    start: int
    end: int
    hits: list[Hit]
    topics: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    title: frozenset[str] = frozenset()
    codes: list[tuple[Figure, str]] = field(default_factory=list)
    above: frozenset[str] = frozenset()
    before: set[tuple[Kind, str]] = field(default_factory=set)
    keys: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = frozenset(hit.key for hit in self.hits)

    def between(self, start: int, end: int) -> list[Hit]:
        """The hits that begin in a run of the text."""
        return self.hits[bisect_left(self.hits, (start,)) : bisect_left(self.hits, (end,))]

    def tells(self, words: frozenset[str], start: int) -> bool:
        """Whether one of the words stands in the sentence before ``start`` or over it."""
        if not (self.subject.isdisjoint(words) and self.title.isdisjoint(words)):
            return True
        return not self.keys.isdisjoint(words) and any(h.start < start and h.key in words for h in self.hits)


class Own(NamedTuple):
    """Wordings in a figure's own clause: ``before`` and ``behind`` its number."""

    before: frozenset[str]
    behind: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.before | self.behind


def fits(
    labels: Labels,
    rule: Rule,
    low: str,
    sentence: Sentence,
    figure: Figure,
    own: Own,
    earlier: Sequence[Figure] = (),
    *,
    header: bool = False,
    bare: bool = False,
) -> bool:
    """Whether ``rule`` names ``figure``; with ``header`` its column's header has named it already.

    ``bare``: a count need not say what it counts, since the label of its row does.
    """
    words = own.all
    if _kind(figure) not in rule.when or (figure.change != "level" and not rule.change):
        return False
    if figure.kind == "percent":
        behind = low[figure.end : figure.end + 40].lstrip(" ")
        if COMPARED.match(behind):
            return False
    elif not unit_fits(rule, figure) and not (bare and _needs_no_unit(rule, figure)):
        return False
    worded = header or (
        _wanted(rule.labels, words)
        and _wanted(rule.before, own.before)
        and _wanted(rule.after, own.behind)
        and _wanted(rule.also_own, words)
    )
    return worded and rule.without.isdisjoint(words) and _context(labels, rule, low, sentence, figure, earlier)


def _context(
    labels: Labels, rule: Rule, low: str, sentence: Sentence, figure: Figure, earlier: Sequence[Figure]
) -> bool:
    if rule.topic and rule.topic not in sentence.topics:
        return False
    if rule.near and rule.near.isdisjoint(sentence.keys | sentence.subject | sentence.title):
        return False
    if not rule.unless.isdisjoint(sentence.keys):
        return False
    if rule.never and sentence.tells(rule.never, figure.start):
        return False
    if rule.beside or rule.told or rule.once:
        codes = {code for _, code in sentence.codes}
        if rule.beside and rule.beside.isdisjoint(codes | sentence.above):
            return False
        if rule.told and rule.told.isdisjoint(codes.union(code for _, code in sentence.before)):
            return False
        if rule.once and rule.indicator.code in codes and not _anew(low, rule.indicator.code, sentence, figure):
            return False
    if rule.mode and _mode(labels, sentence, figure) not in (rule.mode, ""):
        return False
    return rule.any_scope or not (rule.topic and _scoped(labels, rule.topic, low, sentence, figure, earlier))


def _anew(low: str, code: str, sentence: Sentence, figure: Figure) -> bool:
    """Whether another time is named since its last value: "quý I nhận 812 hồ sơ; 6 tháng nhận 1.171"."""
    last = max(other.end for other, named in sentence.codes if named == code)
    return _NEW_TIME.search(low, last, figure.start) is not None


def _mode(labels: Labels, sentence: Sentence, figure: Figure) -> str:
    """The last of rival cues up to the end of the figure's own clause; '' when there is none."""
    last = ""
    for hit in sentence.hits:
        if hit.end <= figure.post and hit.key in labels.modes:
            last = labels.modes[hit.key]
    titles = {labels.modes[key] for key in sentence.title if key in labels.modes}
    return last or (titles.pop() if len(titles) == 1 else "")


def _scoped(
    labels: Labels, topic: str, low: str, sentence: Sentence, figure: Figure, earlier: Sequence[Figure]
) -> bool:
    """Whether a label before the figure, or its own words behind, narrow it to a part ("lĩnh vực đất đai")."""
    scopes = labels.scopes.get(topic, frozenset())
    if not scopes.isdisjoint(sentence.title):
        return True
    if scopes.isdisjoint(sentence.keys):
        return False
    for hit in sentence.hits:
        if hit.key not in scopes or hit.end > figure.post:
            continue
        if not any(other.number_end <= hit.start < _closing(low, other, figure) for other in earlier):
            return True
    return False


def _kind(figure: Figure) -> str:
    return "part" if figure.kind == "ratio" else figure.kind


def unit_fits(rule: Rule, figure: Figure) -> bool:
    if figure.unit is None and figure.unit_text is None:
        return "-" in rule.units
    return aligned(figure.unit.name if figure.unit else figure.unit_text or "") in rule.units


def _needs_no_unit(rule: Rule, figure: Figure) -> bool:
    return bool(rule.labels) and figure.unit is None and rule.indicator.unit not in SCALE


def _wanted(wanted: frozenset[str], have: frozenset[str]) -> bool:
    return not wanted or not wanted.isdisjoint(have)


def _closing(low: str, other: Figure, figure: Figure) -> int:
    """Up to where words behind ``other`` are its own and not ``figure``'s; the head of a list (":") is for both."""
    if low[other.post : other.post + 1] == ":":
        return other.end
    return min(other.post, figure.start)
