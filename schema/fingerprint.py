"""What makes a finding the same finding when a report is read again, or corrected and sent again."""

from __future__ import annotations

import hashlib
import json

from schema.model import Finding, Header
from schema.text import key


def topic_key(header: Header) -> str:
    """What the report is about, for comparing: its topic, or its title where no topic is known."""
    return key(header.topic or header.title or "")


def commune_key(header: Header) -> str:
    return key(f"{header.commune or ''} {header.district or ''}")


def fingerprint(finding: Finding, header: Header) -> str:
    """32 hexadecimal digits of rule, commune, topic, period and the finding's normalised operands.

    Neither offsets nor the report's number and date enter: both change when a report is corrected and sent again.
    """
    period = [str(day) if day else "" for day in (header.period_start, header.period_end)]
    parts = [finding.rule, commune_key(header), topic_key(header), *period, *finding.identity]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]
