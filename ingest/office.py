"""Legacy ``.doc``, ``.odt`` and ``.rtf`` through headless LibreOffice into DOCX, which our own reader takes.

Each conversion has its own profile (two on one profile fail), macros are off by the default profile, the process
group is killed when the clock runs out, and the output must exist and hold something whatever the exit status says.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Literal

from ingest.limits import Limits
from schema.errors import ReadError, Reason

OfficeKind = Literal["doc", "docx", "odt", "rtf"]


def program() -> str | None:
    """Where LibreOffice is, if it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_docx(data: bytes, kind: OfficeKind, limits: Limits) -> bytes:
    """The document as DOCX; raises ReadError when LibreOffice is missing, hangs or writes nothing."""
    return _converted(data, kind, "docx", limits)


def to_pdf(data: bytes, kind: OfficeKind, limits: Limits) -> bytes:
    """The document as it would be printed; raises ReadError as ``to_docx`` does."""
    return _converted(data, kind, "pdf", limits)


def _converted(data: bytes, kind: OfficeKind, target: Literal["docx", "pdf"], limits: Limits) -> bytes:
    found = program()
    if found is None:
        raise ReadError(Reason.OFFICE_MISSING)
    with tempfile.TemporaryDirectory(prefix="rasoat-office-") as folder:
        source = Path(folder) / f"report.{kind}"
        source.write_bytes(data)
        command = [
            found,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            target,
            "--outdir",
            folder,
            str(source),
        ]
        _run(command, limits.office_seconds)
        made = source.with_suffix(f".{target}")
        if not made.exists() or not made.stat().st_size:
            raise ReadError(Reason.OFFICE_FAILED, "no output")
        return made.read_bytes()


def _run(command: list[str], seconds: float) -> None:
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise ReadError(Reason.OFFICE_FAILED, f"no answer in {seconds:g} s") from error
