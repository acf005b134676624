"""Words, sentences and passages that stand twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from checks.draft import Draft, evidence, identity
from checks.phrases import likeness
from checks.settings import SEVERITIES, CheckSettings, data, rules
from checks.view import Span, View
from schema.model import Evidence, Severity
from schema.text import key

_TOKEN = regex.compile(r"[\p{L}\d]+(?:[.,/]\d+)*")
_LAST = regex.compile(r"(?r)[\p{L}\d]")
_ONE = regex.compile(r"(?<![\p{L}\d])(\p{L}+)((?: +\1)+)(?![\p{L}\d])")
_TWO = regex.compile(r"(?<![\p{L}\d])(\p{L}+ +\p{L}+) +\1(?![\p{L}\d])")
# where no second word can begin, or the first is a word of its own: "còn chậm chậm."
_SINGLE = regex.compile(r"\s*(?:[.,;:)]|$)")
_DEGREE = regex.compile(r"\b(?:còn|rất|khá|chưa|hơi|quá)\s+$")
_RUN = 10
_SHOWN = 160
_GAP = 100
_COMPANION = 15


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    yield from _words(view)
    yield from _passages(view, settings)


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    raw = data("repeats")
    return frozenset(key(w) for w in raw["always"].split()), frozenset(key(w) for w in raw["never"].split())


@lru_cache(maxsize=1)
def _collisions() -> frozenset[str]:
    return frozenset(key(phrase) for phrase in data("repeats")["collisions"])


def _words(view: View) -> Iterator[Draft]:
    always, never = _lists()
    for passage in view.paragraphs:
        for found in _TWO.finditer(view.low, passage.start, passage.end):
            first, _, second = str(found[1]).partition(" ")
            if first != second.strip():
                yield _word(view, found.start(), found.end(), None)
        for found in _ONE.finditer(view.low, passage.start, passage.end):
            word = str(found[1])
            if word in never or _names(view, found.start(), found.end()):
                continue
            if word in always:
                yield _word(view, found.start(), found.end(), None)
            elif not _two_words(view, found.start(), found.end(), word):
                begin = max(0, found.start() - 12)
                alone = _SINGLE.match(view.low, found.end()) or _DEGREE.search(view.low, begin, found.start())
                yield _word(view, found.start(), found.end(), None if alone else "info")


def _word(view: View, start: int, end: int, severity: Severity | None) -> Draft:
    text = view.text[start:end]
    around = view.clause(start, end)
    place = identity(text, view.text[max(around.start, start - 30) : start].strip())
    return Draft("repeated-word", "same", {"text": text}, (evidence("again", start, end),), place, severity=severity)


def _names(view: View, start: int, end: int) -> bool:
    """``thôn Thôn 2``, ``Bình Kỳ kỳ 2019``: one of the two belongs to a name."""
    words = view.text[start:end].split()
    first, second = words[0], words[-1]
    if first.isupper() and len(first) > 1:
        return False
    if first[0].isupper() and second[0].islower():
        return start != _bare(view, view.sentence(start)).start
    return second[0].isupper() and (first[0].islower() or start != _bare(view, view.sentence(start)).start)


def _two_words(view: View, start: int, end: int, word: str) -> bool:
    """``hành chính chính quyền``: the neighbours make two known words of it (both stand elsewhere in the report)."""
    before = regex.search(r"(\p{L}+) $", view.low[max(0, start - 12) : start])
    after = regex.match(r" (\p{L}+)", view.low[end : end + 12])
    if before is None or after is None:
        return False
    if f"{before[1]} {word} {word} {after[1]}" in _collisions():
        return True
    return view.low.count(f"{before[1]} {word} ") > 1 and view.low.count(f" {word} {after[1]}") > 1


class _Token(NamedTuple):
    word: str
    start: int
    end: int
    passage: int


@dataclass(frozen=True, slots=True)
class _Run:
    """The same words at two places: token indices, half open."""

    first: int
    again: int
    length: int


def _passages(view: View, settings: CheckSettings) -> Iterator[Draft]:
    tokens = [
        _Token(view.low[start:end], start, end, p.id)
        for p in view.prose
        if not view.text[p.start : p.end].isupper()
        for start, end in (found.span() for found in _TOKEN.finditer(view.text, p.start, p.end))
    ]
    runs = list(_runs(tokens))
    covered: set[int] = set()
    for run in runs:
        covered.update(range(run.again, run.again + run.length))
    graded = [(run, _weight(view, tokens, run, settings)) for run in runs]
    for cluster in _clusters(view, tokens, graded):
        if any(weight is not None for _, weight in cluster):
            yield _report(view, tokens, cluster)
    yield from _short(view, tokens, settings)
    yield from _near(view, tokens, covered, settings)


_Graded = tuple["_Run", Severity | None]


def _clusters(view: View, tokens: Sequence[_Token], graded: Sequence[_Graded]) -> Iterator[list[_Graded]]:
    """Runs that stand close together at their second place are one act of copying."""
    cluster: list[_Graded] = []
    for item in graded:
        if cluster and not _together(view, tokens, cluster[-1][0], item[0]):
            yield cluster
            cluster = []
        cluster.append(item)
    if cluster:
        yield cluster


def _together(view: View, tokens: Sequence[_Token], one: _Run, other: _Run) -> bool:
    if other.again - (one.again + one.length) > _GAP:
        return False
    return view.section(tokens[one.again].start) == view.section(tokens[other.again].start)


def _report(view: View, tokens: Sequence[_Token], cluster: Sequence[_Graded]) -> Draft:
    """One finding for a cluster; the heaviest run speaks for it, its companions are shown as further evidence."""
    heavy = [(run, weight) for run, weight in cluster if weight is not None]
    severity = min((weight for _, weight in heavy), key=SEVERITIES.index)
    speaker = max((run for run, weight in heavy if weight == severity), key=lambda run: run.length)
    others = [run for run, weight in cluster if run is not speaker and (weight is not None or run.length >= _COMPANION)]
    places: list[Evidence] = []
    for run in (speaker, *others):
        places += [
            evidence("first", *_stretch(tokens, run.first, run.length)),
            evidence("again", *_stretch(tokens, run.again, run.length)),
        ]
    start, end = _stretch(tokens, speaker.again, speaker.length)
    return _passage(view, places, view.text[start:end], 2, "same", severity)


def _stretch(tokens: Sequence[_Token], first: int, length: int) -> tuple[int, int]:
    return tokens[first].start, tokens[first + length - 1].end


def _runs(tokens: Sequence[_Token]) -> Iterator[_Run]:
    """Maximal runs of at least ten words that stood before, each against its first place."""
    seen: dict[tuple[str, ...], int] = {}
    i = 0
    words = [t.word for t in tokens]
    while i + _RUN <= len(words):
        gram = tuple(words[i : i + _RUN])
        first = seen.setdefault(gram, i)
        if first == i or first + _RUN > i:
            i += 1
            continue
        length = _RUN
        while i + length < len(words) and first + length < i and words[first + length] == words[i + length]:
            length += 1
        yield _Run(first, i, length)
        for j in range(i, i + length - _RUN + 1):
            seen.setdefault(tuple(words[j : j + _RUN]), j)
        i += length


def _weight(view: View, tokens: Sequence[_Token], run: _Run, settings: CheckSettings) -> Severity | None:
    """How much a run tells: whole sentences and runs with figures are copies, stock phrases are not."""
    here, there = Span(*_stretch(tokens, run.again, run.length)), Span(*_stretch(tokens, run.first, run.length))
    whole = _whole_sentences(view, here)
    longest = max((_count(view, span) for span in whole), default=0)
    if longest >= int(settings.threshold("repeated-passage", "syllables")):
        return rules()["repeated-passage"].severity
    short = int(settings.threshold("repeated-passage", "short"))
    if longest >= short and 0 <= here.start - there.end < 4:
        return rules()["repeated-passage"].severity
    if run.length >= 20 and len(view.between(here.start, here.end)) >= 2 and not _titles(view, here):
        return rules()["repeated-passage"].severity
    return "info" if run.length >= 25 or (longest and there.start + 400 > here.start) else None


def _passage(
    view: View, places: Sequence[Evidence], text: str, times: int, variant: str, severity: Severity | None
) -> Draft:
    text = " ".join(text.split())
    shown = text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + " …"
    return Draft(
        "repeated-passage",
        variant,
        {"text": shown, "times": str(times)},
        tuple(places),
        identity(text[:200]),
        severity=severity,
    )


def _both(there: Span, here: Span) -> tuple[Evidence, Evidence]:
    return evidence("first", there.start, there.end), evidence("again", here.start, here.end)


def _whole_sentences(view: View, here: Span) -> list[Span]:
    """Sentences that lie wholly inside the run at its second place."""
    start = view.sentence(here.start).start
    return [
        s
        for s in view.sentences(start, here.end)
        if _bare(view, s).start >= here.start and _bare(view, s).end <= here.end
    ]


def _bare(view: View, span: Span) -> Span:
    """A sentence without its bullet and closing point."""
    first = _TOKEN.search(view.text, span.start, span.end)
    last = _LAST.search(view.text, span.start, span.end)
    return Span(first.start(), last.end()) if first and last else Span(span.end, span.end)


def _count(view: View, span: Span) -> int:
    return sum(1 for _ in _TOKEN.finditer(view.text, span.start, span.end))


def _titles(view: View, span: Span) -> bool:
    """Titles of cited documents repeat by right."""
    near = [c for c in view.facts.citations if span.start - 120 <= c.start < span.end]
    return any(c.start >= span.start - 60 for c in near) and not view.between(span.start, span.end)


def _short(view: View, tokens: Sequence[_Token], settings: CheckSettings) -> Iterator[Draft]:
    """A short sentence said twice in a row."""
    least = int(settings.threshold("repeated-passage", "short"))
    previous: tuple[tuple[str, ...], Span] | None = None
    for passage in view.prose:
        for sentence in view.sentences(passage.start, passage.end):
            bare = _bare(view, sentence)
            words = tuple(m[0] for m in _TOKEN.finditer(view.low, bare.start, bare.end))
            if previous and words == previous[0] and least <= len(words) < _RUN:
                yield _passage(view, _both(previous[1], bare), view.text[bare.start : bare.end], 2, "same", None)
            if words:
                previous = (words, bare)


def _near(view: View, tokens: Sequence[_Token], covered: set[int], settings: CheckSettings) -> Iterator[Draft]:
    """Paragraphs that are nearly the same, or the same but for their figures."""
    alike = float(settings.threshold("repeated-passage", "alike"))
    paragraphs: dict[int, list[int]] = defaultdict(list)
    for i, token in enumerate(tokens):
        paragraphs[token.passage].append(i)
    index: dict[tuple[str, ...], set[int]] = defaultdict(set)
    kept: dict[int, list[str]] = {}
    for number, members in paragraphs.items():
        if len(members) < 25 or sum(i in covered for i in members) * 2 > len(members):
            continue
        words = ["#" if tokens[i].word[0].isdigit() else tokens[i].word for i in members]
        grams = {tuple(words[i : i + 4]) for i in range(len(words) - 3)}
        hits = Counter(other for gram in grams for other in index[gram])
        for other, shared in hits.most_common(1):
            if shared >= 0.6 * len(grams) and likeness(words, kept[other]) >= alike:
                there, here = (_extent(tokens, paragraphs[n]) for n in (other, number))
                same_words = words == kept[other]
                text = view.text[here.start : here.end]
                severity: Severity | None = "info" if same_words else None
                yield _passage(view, _both(there, here), text, 2, "masked" if same_words else "near", severity)
        for gram in grams:
            index[gram].add(number)
        kept[number] = words


def _extent(tokens: Sequence[_Token], members: Sequence[int]) -> Span:
    return Span(tokens[members[0]].start, tokens[members[-1]].end)
