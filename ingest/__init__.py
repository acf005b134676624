"""Bytes in, ``Document`` out."""

from __future__ import annotations

from typing import Literal

from ingest.limits import Limits
from schema.errors import ReadError, Reason
from schema.model import Document

OcrMode = Literal["auto", "off", "force"]


def read(data: bytes, name: str, limits: Limits | None = None, ocr: OcrMode = "auto") -> Document:
    """The report in ``data``. ``name`` only serves messages: the type is told by content.

    Raises ``schema.errors.ReadError`` with the reason that goes to the ledger.
    """
    from ingest import detect

    limits = limits or Limits()
    if len(data) > limits.bytes:
        raise ReadError(Reason.TOO_LARGE, str(len(data)))
    kind = detect.kind(data)
    if kind == "pdf":
        from ingest import pdf

        return pdf.read(data, limits, ocr)
    if kind in ("doc", "odt", "rtf"):
        from ingest import office

        data, kind = office.to_docx(data, kind, limits), "docx"
    if kind == "docx":
        from ingest import docx

        return docx.read(data, limits)
    raise ReadError(_REFUSED.get(kind, Reason.UNSUPPORTED), name)


_REFUSED = {"empty": Reason.EMPTY, "zip": Reason.NOT_DOCX, "encrypted-office": Reason.DOCX_ENCRYPTED}
