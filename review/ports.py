"""What the page is given from outside, and the plain values that pass: the page knows no other room.

``rasoat`` fills these in; tests fill in small stand-ins. Nothing here opens a file or a database.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Lang = Literal["vi", "en"]
Role = Literal["viewer", "inspector"]
Status = Literal["open", "confirmed", "dismissed", "fixed"]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """How one uploaded file ended: the ledger's own outcome, reason code and sentence."""

    file_name: str
    outcome: str
    reason_code: str = ""
    reason: str = ""
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One line for ``reviews``: what ``reviewer`` decided on a fingerprint, ``at`` an ISO instant (UTC)."""

    fingerprint: str
    status: Status
    note: str
    reviewer: str
    at: str


Ingest = Callable[[Sequence[Path]], Iterable[Uploaded]]
"""Takes files, stores them as the command line would, and yields one ``Uploaded`` for each as it ends."""

Record = Callable[[Decision, int], bool]
"""Appends a decision if its fingerprint has exactly that many decisions so far; False if someone was faster."""

Render = Callable[[str, Mapping[str, str], Lang], str | None]
"""A finding's sentence: rule, values (with the ``variant``), language; None where there is no template."""


Print = Callable[[bytes], bytes | None]
"""A Word file as the PDF it would be printed to; None where that cannot be done. May take many seconds."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One topic and period that the district's sheet can be asked for, with the words for both."""

    code: str
    topic: str
    period: str


@dataclass(frozen=True, slots=True)
class Office:
    """What the district prints and sends, made outside of the page."""

    letter: Callable[[str], bytes | None]
    """A commune's request for explanation as DOCX; None where nothing is confirmed, or several have that name."""
    grids: Callable[[], Sequence[Grid]]
    workbook: Callable[[str], bytes | None]
    """The district's sheet as XLSX, of one grid or ('') of all; None where there is none of that code."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits and access of one server. Sizes in bytes, times in seconds."""

    lang: Lang = "vi"
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    login: bool = False
    reviewer: str = "thanh tra"
    session_seconds: int = 8 * 3600
    sign_in_tries: int = 5
    sign_in_window: int = 300
    upload_file_bytes: int = 100 * 2**20
    upload_total_bytes: int = 500 * 2**20
    upload_files: int = 500
    query_seconds: float = 3.0
    page_pixels: int = 1100
    page_seconds: float = 20.0
    indicator_names: Mapping[str, str] = field(default_factory=dict)
