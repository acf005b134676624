"""What a report of its kind should have: letterhead parts and the sections of its outline. Information only."""

from __future__ import annotations

from collections.abc import Iterator

from checks.draft import Draft, evidence, identity
from checks.phrases import pattern
from checks.settings import CheckSettings, data
from checks.view import View
from schema.text import key

_PARTS = (
    ("commune", "tên cơ quan ban hành", "issuing agency"),
    ("report_no", "số, ký hiệu", "number"),
    ("issued_on", "ngày ban hành", "date of issue"),
    ("title", "trích yếu", "title"),
)


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    if not view.document.passages:
        return
    yield from _header(view)
    yield from _sections(view)


def _header(view: View) -> Iterator[Draft]:
    first = view.document.passages[0]
    for field, name, name_en in _PARTS:
        if getattr(view.facts.header, field) is None:
            yield Draft(
                "missing-header",
                "part",
                {"part": name, "part_en": name_en},
                (evidence("place", first.start, first.end),),
                identity(field),
            )


def _sections(view: View) -> Iterator[Draft]:
    header = view.facts.header
    about = key(f"{header.topic or ''} {header.title or ''}")
    headings = [key(s.heading) for s in view.document.sections]
    if len(headings) < 4:
        return
    for outline in data("outlines")["required"]:
        if not pattern(outline["topic"]).search(about):
            continue
        missing = [
            (name, words) for name, words in outline["sections"] if not any(pattern(words).search(h) for h in headings)
        ]
        if len(missing) * 2 > len(outline["sections"]):
            continue  # another outline altogether
        title = next((p for p in view.paragraphs), view.document.passages[0])
        for name, _ in missing:
            yield Draft(
                "missing-section",
                "outline",
                {"section": name},
                (evidence("place", title.start, title.end),),
                identity(name),
            )
