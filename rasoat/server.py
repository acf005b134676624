"""The warm server: loads the rooms once, then forks one process for each file and ends those that cost too much.

A separate, single-threaded process without database or terminal. It speaks with the batch over one socket: tasks in,
``(key, reason, payload, seconds)`` out; ``reason`` is None when ``payload`` is the child's pickled answer. When the
socket closes, because the batch ended or was killed, it kills every child with all that it started, and ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import struct
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from rasoat.settings import Settings
from schema.errors import Reason

DEADLINE = struct.Struct("=d")
OUT_OF_MEMORY = 77  # exit status of a child that ran out of memory outside the pipeline
TICK = 0.1  # seconds between looks at clock and memory
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Task:
    key: int
    data: bytes
    name: str


@dataclass(slots=True)
class Running:
    """A child at work: ``answer`` is our end of its pipe."""

    task: Task
    pid: int
    answer: int
    temp: Path
    started: float
    deadline: float
    received: bytearray = field(default_factory=bytearray)


class Server:
    """Runs at most ``jobs`` children at a time."""

    def __init__(self, conn: Connection, settings: Settings, jobs: int) -> None:
        self.conn, self.settings, self.jobs = conn, settings, jobs
        self.waiting: deque[Task] = deque()
        self.running: list[Running] = []

    def serve(self) -> None:
        """Until the batch closes the socket."""
        try:
            while True:
                pipes = {child.answer: child for child in self.running}
                for ready in wait([self.conn, *pipes], timeout=TICK if self.running else None):
                    if isinstance(ready, int):
                        self._read(pipes[ready])
                    else:
                        self.waiting.append(self.conn.recv())
                self._enforce()
                while self.waiting and len(self.running) < self.jobs:
                    self._start(self.waiting.popleft())
        except (EOFError, ConnectionError):
            pass  # the batch is gone or done
        finally:
            for child in list(self.running):
                _kill(child.pid)
                self._end(child)

    def _start(self, task: Task) -> None:
        temp = Path(tempfile.mkdtemp(prefix="rasoat-"))
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._be_child(task, ours, theirs, temp)
        os.close(theirs)
        now = time.monotonic()
        self.running.append(Running(task, pid, ours, temp, now, now + self.settings.timeout))

    def _be_child(self, task: Task, ours: int, theirs: int, temp: Path) -> None:
        """Never returns: whatever happens in the child ends here, without the server's own clean-up."""
        status = 1
        try:
            os.close(ours)
            self.conn.close()
            from rasoat import child

            child.run(task.data, task.name, self.settings, theirs, temp)
            status = 0
        except MemoryError:
            status = OUT_OF_MEMORY
        finally:
            os._exit(status)

    def _read(self, child: Running) -> None:
        """Take what is there; an end of file means that the child has answered, or died."""
        chunk = os.read(child.answer, 1 << 20)
        if chunk:
            child.received += chunk
            if child.received[:1] == b"D" and len(child.received) > DEADLINE.size:
                child.deadline = child.started + DEADLINE.unpack(child.received[1 : 1 + DEADLINE.size])[0]
                del child.received[: 1 + DEADLINE.size]
            return
        status = self._end(child)
        if status == 0 and child.received[:1] == b"R":
            self._tell(child, None, bytes(child.received[1:]))
        elif status in (OUT_OF_MEMORY, -signal.SIGKILL):  # we did not kill it, so the kernel did
            self._tell(child, Reason.MEMORY, _told(status))
        else:
            self._tell(child, Reason.CRASHED, _told(status))

    def _tell(self, child: Running, reason: Reason | None, payload: bytes | str) -> None:
        self.conn.send((child.task.key, reason, payload, round(time.monotonic() - child.started, 3)))

    def _enforce(self) -> None:
        now = time.monotonic()
        for child in list(self.running):
            memory = resident(child.pid)
            if memory > self.settings.memory_mb << 20:
                self._stop(child, Reason.MEMORY, f"{memory >> 20} MiB")
            elif now > child.deadline:
                self._stop(child, Reason.TIMEOUT, f"{now - child.started:.0f} s")

    def _stop(self, child: Running, reason: Reason, detail: str) -> None:
        _kill(child.pid)
        self._end(child)
        self._tell(child, reason, detail)

    def _end(self, child: Running) -> int:
        """Kill the child and all that it started, take its status, leave nothing of it behind."""
        self.running.remove(child)
        os.close(child.answer)
        status = _reap(child.pid)
        self._end_orphans()
        shutil.rmtree(child.temp, ignore_errors=True)
        return status


    def _end_orphans(self) -> None:
        """Programs that a child put into sessions of their own (LibreOffice, Tesseract) are ours once it is dead."""
        while orphans := self._orphans():
            for pid in orphans:
                _kill(pid)
                os.waitpid(pid, 0)

    def _orphans(self) -> list[int]:
        """What we have adopted, but for what belongs to a child still at work: its temporary folder tells."""
        at_work = {child.pid for child in self.running}
        temps = [os.fsencode(child.temp) for child in self.running]
        adopted = [pid for pid in children(os.getpid()) if pid not in at_work]
        return [pid for pid in adopted if not any(temp in _environment(pid) for temp in temps)]


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def _reap(pid: int) -> int:
    """The exit status (negative: the signal). A child that has answered gets a moment to end by itself."""
    for _ in range(50):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.002)
    else:
        _kill(pid)
        _, status = os.waitpid(pid, 0)
    with contextlib.suppress(ProcessLookupError, PermissionError):  # what it started and left in its own group
        os.killpg(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(status)


def _kill(pid: int) -> None:
    """End a child and its whole group; the child alone when it had no time to make its group."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _told(status: int) -> str:
    if status < 0:
        return signal.Signals(-status).name
    return f"exit {status}"


def resident(pid: int) -> int:
    """Resident bytes of a process and its descendants; 0 where the system does not tell."""
    total = 0
    pending = [pid]
    while pending:
        process = pending.pop()
        with contextlib.suppress(OSError, IndexError, ValueError):  # it may end while we look
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE_SIZE
        pending += children(process)
    return total


def children(pid: int) -> list[int]:
    """The processes that ``pid`` has started or adopted; none where the system does not tell."""
    found: list[int] = []
    with contextlib.suppress(OSError):  # it may end while we look
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def main(fd: int) -> None:
    """Entry of the server process: ``fd`` is its end of the socket; the first message holds settings and jobs."""
    conn = Connection(fd)
    os.set_inheritable(fd, False)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1) if os.environ.get("RASOAT_DEBUG") else (0, 1, 2):
        os.dup2(silence, stream)  # libraries that print must not reach the results on stdout
    settings, jobs = conn.recv()
    from rasoat import network
    from rasoat.child import adopt_orphans
    from rasoat.warm import warm

    warm()
    adopt_orphans()
    network.leave()
    Server(conn, settings, jobs).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
