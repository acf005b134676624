"""One exception family with stable codes, and the reasons why a file is not (wholly) stored.

``Reason`` values are part of the public contract (``files.reason_code``, ``docs/errors.md``): never rename one.
The Vietnamese and English sentences that go with each code live in ``rasoat/data/messages.toml``. ``Refusal`` does the
same for questions that are not answered.
"""
from __future__ import annotations

import errno
from enum import StrEnum

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)  # of an OSError


class Reason(StrEnum):
    """Why a file ended as anything but ``ok``."""

    EMPTY = "empty-file"
    UNREADABLE = "unreadable-path"
    UNSUPPORTED = "unsupported-type"
    TOO_LARGE = "too-large"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_MANY_OBJECTS = "too-many-objects"
    PDF_BROKEN = "pdf-broken"
    PDF_ENCRYPTED = "pdf-encrypted"
    DOCX_BROKEN = "docx-broken"
    DOCX_ENCRYPTED = "docx-encrypted"
    NOT_DOCX = "zip-not-docx"
    ZIP_BROKEN = "zip-broken"
    ZIP_BOMB = "zip-bomb"
    ZIP_ENCRYPTED = "zip-encrypted"
    XML_FORBIDDEN = "xml-forbidden"
    XML_TOO_DEEP = "xml-too-deep"
    NO_TEXT = "no-text"
    CENSUS = "text-not-accounted"
    OCR_MISSING = "ocr-missing"
    OCR_FAILED = "ocr-failed"
    OCR_OFF = "ocr-off"
    GARBAGE_TEXT = "garbage-text-layer"
    OFFICE_MISSING = "libreoffice-missing"
    OFFICE_FAILED = "libreoffice-failed"
    TIMEOUT = "timeout"
    MEMORY = "out-of-memory"
    CRASHED = "reader-crashed"
    NO_SPACE = "no-space"
    INTERRUPTED = "interrupted"
    INTERNAL = "internal-error"
    EXTRACT_FAILED = "extraction-failed"
    CHECK_FAILED = "check-failed"
    DUPLICATE = "same-bytes"


class Refusal(StrEnum):
    """Why a question to the database is not answered."""

    UNKNOWN_QUESTION = "unknown-question"
    QUESTION_FILE = "question-file"
    NO_SQL = "no-sql"
    NOT_TEXT = "not-text"
    SEVERAL = "several-statements"
    NOT_READING = "not-reading"
    SYNTAX = "sql-error"
    UNKNOWN_TABLE = "unknown-table"
    UNKNOWN_COLUMN = "unknown-column"
    TOO_SLOW = "too-slow"
    TOO_BIG = "too-big"
    MEMORY = "too-much-memory"
    UNKNOWN_PARAMETER = "unknown-parameter"
    MISSING_PARAMETER = "missing-parameter"
    BAD_PARAMETER = "bad-parameter"
    NOT_AMONG = "not-among"


class RasoatError(Exception):
    """Base of all our errors. ``code`` is stable; ``detail`` is technical and may be empty."""

    code = "rasoat"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail


class ReadError(RasoatError):
    """A file cannot be read at all; carries the reason that goes to the ledger."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        self.code = reason.value


class QueryError(RasoatError):
    """A question is not answered; ``values`` fill the blanks of the sentence that goes with ``refusal``."""

    def __init__(self, refusal: Refusal, **values: object) -> None:
        super().__init__(", ".join(str(value) for value in values.values()))
        self.refusal = refusal
        self.code = refusal.value
        self.values = values


class StoreError(RasoatError):
    """The database cannot be used (exit status 3)."""

    code = "database"


class SettingsError(RasoatError):
    """Wrong usage or settings (exit status 2)."""

    code = "settings"


class CountryError(RasoatError):
    """The country's table of communes is not there (exit status 2)."""

    code = "no-country-table"
