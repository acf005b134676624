"""Mini reports for examples of the rules: a few lines become a report, read by the real assembly and extraction.

The notation is that of ``samples.markup`` (no marks needed). What an example does not say itself is a complete
letterhead of 20 December 2023: ``@title``, ``@issued``, ``@commune`` and the like replace it, ``@lacks number``
leaves a part out.
"""

from __future__ import annotations

from extractors import extract
from samples.fast import document
from samples.markup import Report, parse
from schema.model import Document, Facts

LETTERHEAD = {
    "commune": "An Mẫu",
    "type": "xã",
    "number": "215/BC-UBND",
    "issued": "2023-12-20",
    "title": "Tình hình thực hiện nhiệm vụ năm 2023",
}


def report(source: str) -> Report:
    """The mini report with its letterhead."""
    made = parse(source.strip() + "\n")
    lacks = made.meta.get("lacks", [])
    for name, value in LETTERHEAD.items():
        made.meta.setdefault(name, [value])
    commune = made.one("commune")
    made.meta.setdefault("place", [commune])
    made.meta.setdefault("agency", ["ỦY BAN NHÂN DÂN", f"{made.one('type')} {commune}".upper()])
    for name in lacks:
        made.meta[name] = [] if name == "agency" else [""]
        if name in ("number", "issued"):
            del made.meta[name]
    return made


def build(source: str) -> tuple[Document, Facts]:
    """The document and the facts of a mini report."""
    read = document(report(source))
    return read, extract(read)
