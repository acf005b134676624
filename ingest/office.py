"""Legacy ``.doc``, ``.odt`` and ``.rtf`` through headless LibreOffice into DOCX, which our own reader takes.

Each conversion has its own profile (two on one profile fail), macros are off by the default profile, the process
group is killed when the clock runs out, and the output must exist and hold something whatever the exit status says.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Literal

from ingest import embedded
from ingest.docx_package import Package
from ingest.limits import Limits
from schema.errors import ReadError, Reason

_LEAST_FREE = 8 << 20  # bytes: a profile and a document
OfficeKind = Literal["doc", "docx", "odt", "rtf"]


def program() -> str | None:
    """Where LibreOffice is, if it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_docx(data: bytes, kind: OfficeKind, limits: Limits) -> bytes:
    """The document as DOCX; raises ReadError when LibreOffice is missing, hangs or writes nothing.

    OSError where there is no room for its files.
    """
    return _converted(data, kind, "docx", limits)


def to_pdf(data: bytes, kind: OfficeKind, limits: Limits) -> bytes:
    """The document as it would be printed; raises ReadError as ``to_docx`` does."""
    return _converted(data, kind, "pdf", limits)


def _converted(data: bytes, kind: OfficeKind, target: Literal["docx", "pdf"], limits: Limits) -> bytes:
    if kind == "odt":
        _weigh(data, limits)
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
            if shutil.disk_usage(folder).free < _LEAST_FREE:  # LibreOffice does not tell
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise ReadError(Reason.OFFICE_FAILED, "no output")
        return made.read_bytes()


def _weigh(data: bytes, limits: Limits) -> None:
    """The caps of a DOCX for an ODT too: LibreOffice has none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        embedded.cap_package(archive.namelist(), limits)
        package = Package(archive, limits)
        for info in archive.infolist():
            if embedded.is_markup(info.filename):
                package.weigh(info)


def _run(command: list[str], seconds: float) -> None:
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise ReadError(Reason.OFFICE_FAILED, f"no answer in {seconds:g} s") from error
