"""Figures that are values of known indicators: whose wordings stand beside them, in which unit and for which time.

Works frame by frame in text order. For every figure the known wordings of its own clause propose rules of the
catalogue; the first whose conditions hold names the indicator. What a figure's sentence does not say it takes from
the sentences and headings before it: the topic, and through ``periods`` the time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import attrgetter

import regex

from extractors import catalogue, restated
from extractors.catalogue import Labels, Rule
from extractors.figures import Figure, Kind, clause_start
from extractors.frames import Frame
from extractors.lexicon import Hit
from extractors.periods import Clock, Timing
from extractors.wording import COMPARED, SCALE, Own, Sentence, fits, unit_fits
from schema.catalogue import by_code
from schema.model import Basis, Document, IndicatorValue
from schema.text import aligned

_SENTENCE = regex.compile(r"[.!?…]\s+(?=[\p{Lu}\-+–“\"(])|[\n\t]")
# The subject of a line: "2.1. Hộ nghèo: đầu năm có 178 hộ …"; "kết quả như sau:" opens a list and is none.
_SUBJECT = regex.compile(r"[\s\-–+•*]*(?:[\d.]+ )?([^:;.\n\t]{3,90}):(?=\s)")
# Whose figures a sentence states that opens so: a village's, or those of a larger place.
_OTHER_PLACE = regex.compile(
    r"[\s\-–+•*]*(?:Tại |Ở |Riêng )?"
    r"(?:(?:[Tt]hôn|[Ấấ]p|[Bb]ản|[Xx]óm|[Ll]àng|[Kk]hu phố|[Tt]ổ(?: dân phố)?|[Kk]hóm|[Bb]uôn) (?:\p{Lu}|\d)|"
    r"(?:Huyện|Tỉnh)(?: \p{Lu}\p{L}*){0,3} (?:hiện )?có )"
)
_WHOLE_PLACE = regex.compile(r"(?:toàn|cả) (?:xã|phường|thị trấn)|(?:xã|phường|thị trấn) (?:hiện )?có")
# "không có đơn thư tồn đọng" does not say that there was none.
_NARROWED = regex.compile(
    r" (?:nào )?(?:bị )?(?:tồn|quá hạn|trễ|kéo dài|vượt cấp|phức tạp|nặc danh|đông người|bức xúc|chưa)"
)
_OPENER = regex.compile(r"(?:như sau|cụ thể|gồm|bao gồm|trong đó|là|có|được|sau|chia ra)\s*$")
_WORDLESS = regex.compile(
    r"(?:\b(?:đạt|chiếm|bằng|tỷ lệ|tỉ lệ|là|khoảng|trên|hơn|gần|và|có|được|với|ước|tương ứng|"
    r"tương đương|còn|thì|như|sau)\b|[^\p{L}])*"
)
_TIMES = (
    r"(?:đầu|cuối|trong|cả|hết|hằng|hàng|của) (?:năm|kỳ|quý|tháng|thời điểm)(?: nay| trước)?|năm|quý|tháng|kỳ|ngày|"
    r"đến|nay|hiện|tại|thời điểm|báo cáo|tổng|số|cộng|toàn (?:xã|phường|thị trấn)|xã|phường|chỉ|mới|"
    r"bình quân|luỹ kế|thực hiện|trong đó|rà soát|sau"
)
_BARE = regex.compile(
    rf"(?:\b(?:{_TIMES}|đạt|chiếm|bằng|tỷ lệ|là|khoảng|trên|hơn|gần|và|có|được|ước|còn|thì|với)\b|[^\p{{L}}])*"
)
_LEANS = regex.compile(
    r"[\s\-–+•*]*(?:trong đó|cụ thể|bao gồm|gồm|chia ra|trong số đó|so với|so cùng kỳ|nữ|nam|đảng viên|dân tộc)\b"
)
_NOUN_FOLLOWS = regex.compile(r" ?(?!so với|kế hoạch|\bkh\b|dự toán|chỉ tiêu|và|tăng|giảm)\p{L}")
_start = attrgetter("start")


class Reader:
    """Reads the indicators of one document; keeps what earlier sentences said."""

    def __init__(self, document: Document, clock: Clock) -> None:
        self.labels: Labels = catalogue.load()
        self.clock = clock
        self._titles = self._run_in_titles(document)
        self._headings = self._topics_of_sections(document)
        self._section: int | None = -1
        self._carried: frozenset[str] = frozenset()
        self._low = ""
        self._hits: list[Hit] = []
        self._named: dict[str, list[Hit]] = {}
        self._called: dict[tuple[frozenset[str], str], list[Rule]] = {}

    def _topics_of_sections(self, document: Document) -> list[frozenset[str]]:
        found: list[frozenset[str]] = []
        for section in document.sections:
            own = self.topics_of(self.labels.phrases.find(aligned(section.heading)))
            parent = section.parent
            inherited = found[parent] if parent is not None and parent < len(found) else frozenset()
            found.append(own or inherited)
        return found

    def topics_of(self, hits: Sequence[Hit]) -> frozenset[str]:
        cues = self.labels.cues
        return frozenset(topic for hit in hits for topic in cues.get(hit.key, ()))

    def frame(self, frame: Frame, figures: Sequence[Figure]) -> Iterator[IndicatorValue]:
        """The values that one paragraph states."""
        section = frame.passage.section if frame.passage else None
        if section != self._section:
            self._section = section
            self._carried = self.section_topics(section)
        hits = self._hits_of(frame)
        if not hits and not figures:
            return
        subject = _subject(frame, figures, hits)
        previous: Sentence | None = None
        told: set[tuple[Kind, str]] = set()
        for start, end in _sentences(frame):
            inner = hits[bisect_left(hits, (start,)) : bisect_left(hits, (end,))]
            sentence = Sentence(start, end, inner, subject=subject, title=self._title(section), before=told)
            sentence.topics = self.topics_of(sentence.hits) or self._carried
            self._carried = sentence.topics
            if _OTHER_PLACE.match(frame.text, start) and not _WHOLE_PLACE.search(frame.low, start, end):
                continue
            yield from self._zeros(frame, sentence)
            inside = figures[bisect_left(figures, start, key=_start) : bisect_left(figures, end, key=_start)]
            if previous is not None and _leans(frame.low, start, end):
                sentence.codes.extend(previous.codes)
            yield from self._sentence(frame, sentence, inside, figures)
            told.update((figure.kind, code) for figure, code in sentence.codes)
            previous = sentence

    def _hits_of(self, frame: Frame) -> list[Hit]:
        """Those of one frame, of all that were found at once: no wording goes over the end of a paragraph."""
        if self._low is not frame.low:
            self._low, self._hits = frame.low, self.hits(frame.low)
        return self._hits[bisect_left(self._hits, (frame.start,)) : bisect_left(self._hits, (frame.end,))]

    def named(self, text: str) -> list[Hit]:
        """The known wordings of a label or header as it stands; places in it mean nothing."""
        found = self._named.get(text)
        if found is None:
            found = self._named[text] = [Hit(0, 0, hit.key) for hit in self.hits(aligned(text))]
        return found

    def hits(self, low: str) -> list[Hit]:
        """Known wordings, without those inside a neutral longer one ("cơ chế một cửa liên thông")."""
        kept: list[Hit] = []
        covered = 0  # up to here by the neutral wordings that begin before, or at the same place and are longer
        for hit in self.labels.phrases.find(low):
            if hit.end > covered:
                kept.append(hit)
                covered = hit.end if hit.key in self.labels.neutral else covered
        return kept

    def _sentence(
        self, frame: Frame, sentence: Sentence, inside: Sequence[Figure], figures: Sequence[Figure]
    ) -> Iterator[IndicatorValue]:
        for position, figure in enumerate(inside):
            for code, value, text, decimals in self._name(frame, sentence, inside, position, figures):
                timing = self.clock.at(frame, sentence.start, (figure.start, figure.end), code)
                yield value_of(code, figure, value, text, decimals, timing)

    def _name(
        self, frame: Frame, sentence: Sentence, inside: Sequence[Figure], position: int, figures: Sequence[Figure]
    ) -> Iterator[tuple[str, Decimal, str, int]]:
        figure = inside[position]
        if self._outside(sentence, figure):
            return
        if figure.kind == "percent" and figure.of is not None:
            rate = self._rate(frame, sentence, figure, figures)
            if rate:
                figure.basis = figures[figure.of].basis
                sentence.codes.append((figure, rate))
                yield rate, figure.value, figure.text, figure.decimals
                return
            if rate == "":
                return
        rule = self._restated(sentence, figure, figures) or self._fitting(frame, sentence, inside, position)
        if rule is None:
            code = restated.code(frame, sentence, inside, position, self._accepts)
            if code:
                sentence.codes.append((figure, code))
                yield from converted(code, figure, figure.value, figure.text, figure.decimals)
                yield from _denominator(self._whole_of(code), figure)
            return
        code = rule.indicator.code
        sentence.codes.append((figure, code))
        yield from converted(code, figure, figure.value, figure.text, figure.decimals)
        if rule.also:
            yield from converted(rule.also, figure, figure.value, figure.text, figure.decimals)
        yield from _denominator(rule.whole, figure)

    def _outside(self, sentence: Sentence, figure: Figure) -> bool:
        """Whether the sentence speaks of others than the commune, up to the end of the figure's clause."""
        outside = self.labels.outside
        if sentence.keys.isdisjoint(outside):
            return False
        return any(hit.key in outside and hit.end <= figure.post for hit in sentence.hits)

    def _whole_of(self, code: str) -> str:
        """The indicator that denominators are of where an indicator's values are numerators; '' for none."""
        return next((rule.whole for rule in self._rules_of(code) if rule.whole and "part" in rule.when), "")

    def _rate(self, frame: Frame, sentence: Sentence, figure: Figure, figures: Sequence[Figure]) -> str | None:
        """The rate that restates a named figure; '' where the percentage compares with another time or base."""
        base = figures[figure.of] if figure.of is not None else None
        behind = frame.low[figure.end : min(sentence.end, figure.end + 60)]
        if figure.change != "level" or COMPARED.match(behind.lstrip(" ")):
            return ""
        code = next((code for other, code in reversed(sentence.codes) if other is base), None)
        if code is None or base is None:
            return None
        keys = {hit.key for hit in sentence.hits}
        for rule in self._rules_of(code):
            if rule.rate and (not rule.rate_near or not rule.rate_near.isdisjoint(keys)):
                return rule.rate
        return None if _says(frame.low[base.end : figure.start]) else ""

    def _restated(self, sentence: Sentence, figure: Figure, figures: Sequence[Figure]) -> Rule | None:
        """The rule of a ratio in brackets behind the rate that it explains: ``86,71% (1.286/1.483 hồ sơ)``."""
        if figure.kind != "ratio" or figure.percent is None or figure.percent.start > figure.start:
            return None
        code = next((code for other, code in sentence.codes if other is figure.percent), None)
        if code is None:
            return None
        rules = [rule for rows in self.labels.by_label.values() for rule in rows if rule.rate == code]
        first = min(rules, key=lambda rule: rule.order, default=None)
        return first if first and "part" in first.when and unit_fits(first, figure) else None

    def _rules_of(self, code: str) -> tuple[Rule, ...]:
        return self.labels.worded.get(code, ())

    def candidates(self, own: Own, header: str = "") -> list[Rule]:
        """Rules that the own words, or a column's whole header, call up; in the order of the files."""
        words = own.all
        known = self._called.get((words, header))
        if known is None:
            called = {rule.order: rule for key in words for rule in self.labels.by_label.get(key, ())}
            called.update({rule.order: rule for rule in self.labels.by_header.get(header, ())})
            known = self._called[words, header] = [called[order] for order in sorted(called)]
        return known

    def section_topics(self, section: int | None) -> frozenset[str]:
        """What the headings over a section are about."""
        known = section is not None and section < len(self._headings)
        return self._headings[section] if known and section is not None else frozenset()

    def _title(self, section: int | None) -> frozenset[str]:
        """The known wordings of the heading right over a section."""
        return self._titles.get(section, frozenset())

    def _run_in_titles(self, document: Document) -> dict[int | None, frozenset[str]]:
        """By section: the wordings of a heading that ends in a colon, so that what follows is said of it."""
        headings = (one for one in document.passages if one.kind == "heading")
        texts = ((one.section, document.text[one.start : one.end].rstrip()) for one in headings)
        return {at: frozenset(h.key for h in self.hits(aligned(text))) for at, text in texts if text.endswith(":")}

    def _own(self, sentence: Sentence, figure: Figure, floor: int, tail: int) -> Own:
        before = frozenset(h.key for h in sentence.between(floor, figure.start) if h.end <= figure.start)
        digits = figure.start if figure.kind == "ratio" else figure.number_end  # "6.670 người tham gia … trên 7.271"
        behind = frozenset(h.key for h in sentence.between(digits, tail) if h.end <= tail)
        return Own(before, behind)

    def _fitting(self, frame: Frame, sentence: Sentence, inside: Sequence[Figure], position: int) -> Rule | None:
        figure = inside[position]
        for floor in _floors(frame, sentence, inside, position):
            for tail in _tails(frame, sentence, inside, position):
                own = self._own(sentence, figure, floor, tail)
                for rule in self.candidates(own):
                    if fits(self.labels, rule, frame.low, sentence, figure, own, inside[:position]):
                        return rule
        return self._by_subject(frame, sentence, inside, position)

    def _by_subject(self, frame: Frame, sentence: Sentence, inside: Sequence[Figure], position: int) -> Rule | None:
        """The rule that the subject of the line calls up for a figure whose own words only tell when or how much."""
        figure = inside[position]
        subject = sentence.subject or sentence.title
        if figure.kind == "ratio" or figure.of is not None or not subject:
            return None  # what restates a figure is named by that figure or not at all
        if _BARE.fullmatch(frame.low[max(figure.pre, sentence.start) : figure.start]) is None:
            return None
        if sentence.between(figure.end, figure.post):
            return None
        own = self._own(sentence, figure, figure.pre, figure.post)
        own = Own(own.before | subject, own.behind)
        for rule in self.candidates(own):
            if fits(self.labels, rule, frame.low, sentence, figure, own, inside[:position]):
                return rule
        return None

    def _accepts(self, code: str, figure: Figure) -> bool:
        """Whether some rule of an indicator takes the unit of a figure."""
        if figure.kind == "percent":
            return by_code()[code].unit == "%"
        said = figure.unit is not None or figure.kind == "ratio"
        return said and any(unit_fits(rule, figure) for rule in self._rules_of(code))

    def _zeros(self, frame: Frame, sentence: Sentence) -> Iterator[IndicatorValue]:
        if frame.plan or sentence.keys.isdisjoint(self.labels.zeros):
            return
        for hit in sentence.hits:
            zero = self.labels.zeros.get(hit.key)
            if zero is None or _NARROWED.match(frame.low, hit.end):
                continue
            timing = self.clock.at(frame, sentence.start, (hit.start, hit.end), zero.indicator.code)
            yield IndicatorValue(
                start=hit.start, end=hit.end, rule="indicator:zero", indicator=zero.indicator.code, value=Decimal(0),
                value_text=frame.text[hit.start : hit.end], decimals=0, unit=zero.indicator.unit, as_of=timing.as_of,
                period_start=timing.start, period_end=timing.end, cumulative=timing.cumulative,
            )  # fmt: skip


def _sentences(frame: Frame) -> Iterator[tuple[int, int]]:
    start = frame.start
    for match in _SENTENCE.finditer(frame.text, frame.start, frame.end):
        yield start, match.end()
        start = match.end()
    if start < frame.end:
        yield start, frame.end


def _subject(frame: Frame, figures: Sequence[Figure], hits: Sequence[Hit]) -> frozenset[str]:
    """The wordings in what stands before the first colon of a line, where it names what the line is about."""
    match = _SUBJECT.match(frame.low, frame.start, frame.end)
    if match is None or _OPENER.search(match[1]) or any(figure.start < match.end() for figure in figures):
        return frozenset()
    return frozenset(hit.key for hit in hits if match.start(1) <= hit.start and hit.end <= match.end(1))


def _leans(low: str, start: int, end: int) -> bool:
    """Whether the sentence at ``start`` goes on about the figures of the one before."""
    return _LEANS.match(low, start, end) is not None


def _floors(frame: Frame, sentence: Sentence, inside: Sequence[Figure], position: int) -> Iterator[int]:
    """Where the words before a figure may begin: behind its last comma, else behind the figure before it."""
    figure = inside[position]
    floor = max(figure.pre, sentence.start)
    semicolon = frame.low.rfind("; ", floor, figure.start)
    if semicolon >= 0 and _says(frame.low[semicolon : figure.start]):
        floor = semicolon + 1
    colon = frame.low.rfind(": ", floor, figure.start)
    parted = colon >= 0 and _says(frame.low[colon : figure.start])
    comma = clause_start(frame.low, colon + 1 if parted else floor, figure.start)
    if comma >= 0 and _says(frame.low[comma : figure.start]):
        yield comma
    if parted:
        yield colon + 1
    yield floor
    earlier = inside[position - 1] if position else None
    if earlier is not None and earlier.kind == "percent" and frame.low[figure.start - 1] == "(":
        yield earlier.end  # "100% văn bản đi (87 văn bản)"


_TAIL_ENDS = regex.compile(r"; |, (?:tỷ|tỉ) lệ ")


def _tails(frame: Frame, sentence: Sentence, inside: Sequence[Figure], position: int) -> Iterator[int]:
    """Where the words behind a figure may end: with its clause, or later: "90% văn bản của tỉnh, xã được đăng"."""
    figure = inside[position]
    far = inside[position + 1].start if position + 1 < len(inside) else sentence.end
    ends = _TAIL_ENDS.search(frame.low, figure.end, far)
    far = ends.start() if ends else far
    bare = not _says(frame.low[max(figure.pre, sentence.start) : figure.start])
    if not (figure.kind == "percent" and bare):
        yield figure.post
    if figure.kind == "percent" and (bare or _NOUN_FOLLOWS.match(frame.low, figure.end)):
        yield min(far, figure.end + 160)


def _says(words: str) -> bool:
    """Whether any word here names a thing, rather than tying a figure to what was said before."""
    return _WORDLESS.fullmatch(words) is None


def _denominator(code: str, figure: Figure) -> Iterator[tuple[str, Decimal, str, int]]:
    """The value of ``code``, if any, that is the denominator of a ratio."""
    if code and figure.whole is not None:
        yield from converted(code, figure, figure.whole, figure.whole_text, 0)


def converted(
    code: str, figure: Figure, value: Decimal, text: str, decimals: int
) -> Iterator[tuple[str, Decimal, str, int]]:
    """The value in the unit of the catalogue: ``6,2 tỷ đồng`` is 6200 triệu đồng."""
    target = SCALE.get(by_code()[code].unit)
    if target is None or figure.unit is None or figure.unit.kind == "count" or figure.unit.scale == target:
        yield code, value, text, decimals
        return
    scaled = value * figure.unit.scale / target
    yield code, scaled, text, max(0, -int(scaled.normalize().as_tuple().exponent))


def _basis(code: str, figure: Figure, timing: Timing) -> Basis:
    if timing.ahead:
        return "plan"
    return "actual" if code in catalogue.load().given and not figure.ahead else figure.basis


def value_of(code: str, figure: Figure, value: Decimal, text: str, decimals: int, timing: Timing) -> IndicatorValue:
    return IndicatorValue(
        start=figure.start, end=figure.end, rule="indicator:wording", indicator=code, value=value, value_text=text,
        decimals=decimals, unit=by_code()[code].unit, qualifier=figure.qualifier,
        basis=_basis(code, figure, timing),
        as_of=timing.as_of, period_start=timing.start, period_end=timing.end, cumulative=timing.cumulative,
    )  # fmt: skip
