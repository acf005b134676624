"""A finding in the making: what a rule saw, before severities are settled and consequences of one cause merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from checks.settings import SEVERITIES, CheckSettings, rules
from checks.view import View
from schema.model import Evidence, Finding, Severity
from schema.text import key

SHAKY = 0.75
"""Reading confidence below which a finding is lowered one step: OCR must not invent contradictions."""


@dataclass(frozen=True, slots=True)
class Draft:
    """``operands`` are the offsets of the numbers that take part; ``severity`` None means the rule's default."""

    rule: str
    variant: str
    values: Mapping[str, str]
    evidence: tuple[Evidence, ...]
    identity: tuple[str, ...]
    severity: Severity | None = None
    operands: frozenset[int] = field(default_factory=frozenset)


def evidence(role: str, start: int, end: int, report_id: int | None = None) -> Evidence:
    return Evidence(role, start, end, report_id)


def identity(*parts: object) -> tuple[str, ...]:
    """Normalised operands: they alone say whether two findings are the same one."""
    return tuple(key(str(part)) for part in parts)


def lower(severity: Severity, steps: int = 1) -> Severity:
    return SEVERITIES[min(SEVERITIES.index(severity) + steps, len(SEVERITIES) - 1)]


def settle(drafts: Iterable[Draft], view: View, settings: CheckSettings) -> tuple[Finding, ...]:
    """Findings in text order: one for each cause, severities by rule, district and reading confidence."""
    findings = [finding for draft in one_per_cause(drafts) if (finding := _finding(draft, view, settings)) is not None]
    return tuple(sorted(findings, key=lambda f: (f.evidence[0].start, f.rule, f.variant, f.identity)))


def _finding(draft: Draft, view: View, settings: CheckSettings) -> Finding | None:
    severity = draft.severity or rules()[draft.rule].severity
    shaky = min((view.confidence(e.start, e.end) for e in draft.evidence if e.report_id is None), default=1.0)
    if shaky < SHAKY:
        severity = lower(severity)
    chosen = settings.severity.get(draft.rule)
    if chosen == "off":
        return None
    if chosen is not None:
        # a district moves the whole rule: its default becomes the chosen level, milder variants stay milder
        default = rules()[draft.rule].severity
        step = SEVERITIES.index(severity) - SEVERITIES.index(default)
        severity = SEVERITIES[max(0, min(SEVERITIES.index(_level(chosen)) + step, len(SEVERITIES) - 1))]
    return Finding(draft.rule, draft.variant, severity, dict(draft.values), draft.evidence, draft.identity)


def _level(name: str) -> Severity:
    return next(level for level in SEVERITIES if level == name)


# Which rule speaks for a cause that several rules see: the most specific one.
_ARITHMETIC = (
    "unit-mismatch",
    "total-mismatch",
    "staff-mismatch",
    "part-exceeds-whole",
    "percent-mismatch",
    "rate-conflict",
    "value-conflict",
    "implausible-change",
    "norm-exceeded",
)


def one_per_cause(drafts: Iterable[Draft]) -> list[Draft]:
    """Drop what merely repeats a stronger finding: the same numbers seen by a second rule."""
    kept: list[Draft] = []
    ranked = sorted(
        enumerate(drafts),
        key=lambda item: (_severity_rank(item[1]), _rank(item[1].rule), item[0]),
    )
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for _, draft in ranked:
        if (draft.rule, draft.identity) in seen:
            continue
        if draft.operands and any(_same_cause(draft, other) for other in kept):
            continue
        seen.add((draft.rule, draft.identity))
        kept.append(draft)
    return kept


def _severity_rank(draft: Draft) -> int:
    return SEVERITIES.index(draft.severity or rules()[draft.rule].severity)


def _rank(rule: str) -> int:
    return _ARITHMETIC.index(rule) if rule in _ARITHMETIC else len(_ARITHMETIC)


def _same_cause(draft: Draft, other: Draft) -> bool:
    if not other.operands:
        return False
    shared = len(draft.operands & other.operands)
    if draft.rule == other.rule == "percent-mismatch" and shared:
        return True
    smaller = min(len(draft.operands), len(other.operands))
    return shared >= 2 and shared * 2 >= smaller


def with_operands(draft: Draft, extra: Iterable[int]) -> Draft:
    return replace(draft, operands=draft.operands | frozenset(extra))
