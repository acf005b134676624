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
from schema.errors import DISK_FULL, Reason

DEADLINE, LENGTH = struct.Struct("=d"), struct.Struct("=Q")
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
    """Runs at most ``jobs`` children at a time. ``temp``, where all that they write lies, is made and removed here."""

    def __init__(self, conn: Connection, settings: Settings, jobs: int, temp: Path) -> None:
        self.conn, self.settings, self.jobs, self.temp = conn, settings, jobs, temp
        self.waiting: deque[Task] = deque()
        self.running: list[Running] = []
        self.leaving: list[Running] = []  # have answered, and are ended beside the work on the next file

    def serve(self) -> None:
        """Until the batch closes the socket."""
        try:
            while True:
                pipes = {child.answer: child for child in self.running}
                for ready in wait([self.conn, *pipes], timeout=TICK if pipes or self.leaving else None):
                    if isinstance(ready, int):
                        self._read(pipes[ready])
                    else:
                        self.waiting.append(self.conn.recv())
                self._enforce()
                while self.waiting and len(self.running) < self.jobs:
                    self._start(self.waiting.popleft())
                self._bury()
        except (EOFError, ConnectionError):
            pass  # the batch is gone or done
        finally:
            while ending := self.running + self.leaving:
                (self.running if self.running else self.leaving).remove(ending[0])
                self._end(ending[0])
            shutil.rmtree(self.temp, ignore_errors=True)

    def _start(self, task: Task) -> None:
        try:
            self._fork(task)
        except OSError as error:  # no room, or no process left: nothing is wrong with the file
            reason = Reason.NO_SPACE if error.errno in DISK_FULL else Reason.INTERRUPTED
            self.conn.send((task.key, reason, str(error), 0.0))

    def _fork(self, task: Task) -> None:
        self.temp.mkdir(mode=0o700, exist_ok=True)
        temp = Path(tempfile.mkdtemp(dir=self.temp))
        ours, theirs = os.pipe()
        try:
            pid = os.fork()
        except OSError:
            os.close(ours)
            os.close(theirs)
            temp.rmdir()
            raise
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
        self.running.remove(child)
        os.close(child.answer)
        answer = _whole(child.received)
        if answer is None:
            status = _ended(child.pid)
            self._sweep(child)
            # SIGKILL: we did not kill it, so the kernel did
            reason = Reason.MEMORY if status in (OUT_OF_MEMORY, -signal.SIGKILL) else Reason.CRASHED
            self._tell(child, reason, _told(status))
        else:
            self._tell(child, None, answer)
            _kill(child.pid)  # it has nothing left to do
            self.leaving.append(child)

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
        self.running.remove(child)
        os.close(child.answer)
        self._end(child)
        self._tell(child, reason, detail)

    def _end(self, child: Running) -> None:
        _kill(child.pid)
        os.waitpid(child.pid, 0)
        self._sweep(child)

    def _bury(self) -> None:
        """Take leave of those that have answered and are dead by now."""
        for child in list(self.leaving):
            if os.waitpid(child.pid, os.WNOHANG)[0]:
                self.leaving.remove(child)
                self._sweep(child)

    def _sweep(self, child: Running) -> None:
        """Leave nothing of a dead child: neither what it started nor what it wrote."""
        _kill_group(child.pid)
        while orphans := self._orphans():
            for pid in orphans:
                _kill(pid)
                os.waitpid(pid, 0)
        shutil.rmtree(child.temp, ignore_errors=True)

    def _orphans(self) -> list[int]:
        """What we have adopted, but for what belongs to a child still at work: its temporary folder tells."""
        at_work = {child.pid for child in self.running + self.leaving}
        temps = [os.fsencode(child.temp) for child in self.running]
        adopted = [pid for pid in children(os.getpid()) if pid not in at_work]
        return [pid for pid in adopted if not any(temp in _environment(pid) for temp in temps)]


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def _whole(received: bytearray) -> bytes | None:
    """The answer, None where the child died before it had written all of it."""
    head = 1 + LENGTH.size
    if received[:1] != b"R" or len(received) < head or len(received) != head + LENGTH.unpack_from(received, 1)[0]:
        return None
    return bytes(received[head:])


def _ended(pid: int) -> int:
    """The exit status of a child that has closed its pipe (negative: the signal); killed unless it ends at once."""
    for _ in range(50):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    _kill(pid)
    os.waitpid(pid, 0)
    return 0


def _kill(pid: int) -> None:
    """End a child and its whole group; the child alone when it had no time to make its group."""
    _kill_group(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


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
    """Entry of the server process: ``fd`` is its end of the socket; the first message tells settings, jobs and temp."""
    conn = Connection(fd)
    os.set_inheritable(fd, False)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1) if os.environ.get("RASOAT_DEBUG") else (0, 1, 2):
        os.dup2(silence, stream)  # libraries that print must not reach the results on stdout
    settings, jobs, temp = conn.recv()
    from rasoat import network
    from rasoat.child import adopt_orphans
    from rasoat.warm import warm

    warm()
    adopt_orphans()
    network.leave()
    Server(conn, settings, jobs, temp).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
