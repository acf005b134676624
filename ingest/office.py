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


def to_docx(data: bytes, kind: Literal["doc", "odt", "rtf"], limits: Limits) -> bytes:
    """The document as DOCX; raises ReadError when LibreOffice is missing, hangs or writes nothing."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ReadError(Reason.OFFICE_MISSING)
    with tempfile.TemporaryDirectory(prefix="rasoat-office-") as folder:
        source = Path(folder) / f"report.{kind}"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            "docx",
            "--outdir",
            folder,
            str(source),
        ]
        _run(command, limits.office_seconds)
        target = source.with_suffix(".docx")
        if not target.exists() or not target.stat().st_size:
            raise ReadError(Reason.OFFICE_FAILED, "no output")
        return target.read_bytes()


def _run(command: list[str], seconds: int) -> None:
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise ReadError(Reason.OFFICE_FAILED, f"no answer in {seconds} s") from error
