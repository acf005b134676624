"""A server whose files misbehave on demand: what a file says is what its process does. It needs no room."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from schema.errors import Reason
from schema.model import Outcome
from tests.helpers_store import outcome


def process(data: bytes, name: str, settings: object, on_stage: Callable[[str], None]) -> Outcome:
    on_stage("read")
    words = data.decode().split()
    if words[0] == "hang":
        time.sleep(600)
    if words[0] == "hang-with-child":
        subprocess.run(["sleep", "601"])
    if words[0] == "hang-with-session":
        subprocess.Popen(["sleep", "601"], start_new_session=True)
        time.sleep(600)
    if words[0] == "crash-with-session":
        subprocess.Popen(["sleep", "601"], start_new_session=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if words[0] == "leave-session":
        subprocess.Popen(["sleep", "601"], start_new_session=True)
    if words[0] == "spin":
        while True:
            pass
    if words[0] == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    if words[0] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if words[0] == "exit":
        os._exit(0)
    if words[0] == "raise":
        raise MemoryError
    if words[0] == "eat":
        held = []
        while True:
            held.append(bytearray(os.urandom(1 << 20)) * 20)
            time.sleep(0.01)
    if words[0] == "noise":
        for _ in range(20_000):
            print("x" * 80)
            os.write(2, b"noise\n")
    if words[0] == "kill-server":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
    if words[0] == "temp":
        import tempfile

        Path(tempfile.mkstemp()[1]).write_bytes(b"left behind")
    if words[0] == "bad":
        return Outcome("failed", Reason.PDF_BROKEN, "on purpose")
    if words[0] == "slow":
        time.sleep(float(words[1]))
    return replace(outcome(commune=f"Xã {' '.join(words[1:])}"), kind="ok")


def main(fd: int) -> None:
    rooms = types.ModuleType("rasoat.pipeline")
    rooms.process = process  # type: ignore[attr-defined]
    sys.modules["rasoat.pipeline"] = rooms
    from rasoat import server, warm

    warm.warm = lambda: None
    server.main(fd)
