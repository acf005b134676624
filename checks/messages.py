"""Findings in words, in Vietnamese or English, from one catalogue of templates (``data/messages.toml``)."""

from __future__ import annotations

import string
from typing import Literal

from checks.settings import data
from schema.model import Finding

Language = Literal["vi", "en"]


class _Missing(dict[str, str]):
    """A value that a finding does not carry is shown as an ellipsis, never as a programmer's error."""

    def __missing__(self, name: str) -> str:
        return "…"


def render(finding: Finding, lang: Language = "vi") -> str:
    """The message of a finding. Templates are named ``rule.variant``; what is printed quotes the report."""
    template = data("messages")[finding.rule][finding.variant][lang]
    text = string.Formatter().vformat(template, (), _Missing(finding.values))
    edit = finding.values.get("edit")
    if not edit:
        return text
    hint = "Sửa nhỏ nhất để khớp" if lang == "vi" else "Smallest edit that reconciles"
    return f"{text} {hint}: {edit}."


def placeholders(rule: str, variant: str, lang: Language) -> set[str]:
    """The names that a template uses, for tests and documentation."""
    template = data("messages")[rule][variant][lang]
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
