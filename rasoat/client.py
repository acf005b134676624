"""The batch's end of the warm server: starts it when first needed, and starts it again when it dies."""

from __future__ import annotations

import os
import pickle
import queue
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from rasoat.server import Task
from rasoat.settings import Settings
from schema.errors import Reason
from schema.model import Outcome

TRIES = 2  # a file that was at work twice when the whole server died is taken for the cause
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")


@dataclass(frozen=True, slots=True)
class Answer:
    """How the file ``key`` ended, and the seconds of its stages; ``stopped``: of one that did not end by itself."""

    key: int
    outcome: Outcome
    seconds: Mapping[str, float]


class Client:
    """Not for use from several threads. ``answer`` returns results in the order in which they come."""

    def __init__(self, settings: Settings, jobs: int, module: str = "rasoat.server") -> None:
        self.settings, self.jobs = settings, jobs
        self.module = module  # tests give one whose files hang, crash and devour memory
        self._process: subprocess.Popen[bytes] | None = None
        self._conn: Connection | None = None
        self._answers: queue.Queue[tuple[int, Reason | None, bytes | str, float] | int] = queue.Queue()
        self._tasks: dict[int, Task] = {}
        self._tries: dict[int, int] = {}
        self._held: deque[Task] = deque()  # after a server's death: sent one by one, to tell the cause from the others
        self._generation = 0
        self._temp: Path | None = None

    def submit(self, task: Task) -> None:
        """Hand a file to the server. Its answer will come, whatever happens to file and server."""
        self._tasks[task.key] = task
        self._tries[task.key] = 0
        if self._held:
            self._held.append(task)
        else:
            self._send(task)

    def answer(self, seconds: float) -> Answer | None:
        """The next answer, or None after ``seconds`` without one."""
        try:
            message = self._answers.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(message, int):
            return self._server_died(message)
        key, reason, payload, seconds = message
        self._forget(key)
        if isinstance(payload, bytes):
            outcome, spent = pickle.loads(payload)  # from our own child, which holds no more rights than we do
            return Answer(key, outcome, spent)
        return Answer(key, Outcome("failed", reason, payload), {"stopped": seconds})

    def close(self) -> None:
        """End the server; it kills what is still at work."""
        self._generation += 1
        if self._conn is not None:
            _hang_up(self._conn)
            self._conn = None
        if self._process is not None:
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self._sweep()

    def _sweep(self) -> None:
        """What a server leaves that was killed itself."""
        if self._temp is not None:
            shutil.rmtree(self._temp, ignore_errors=True)
            self._temp = None

    def _forget(self, key: int) -> None:
        self._tasks.pop(key, None)
        self._tries.pop(key, None)
        if self._held:
            self._send(self._held.popleft())

    def _send(self, task: Task) -> None:
        self._tries[task.key] += 1
        conn = self._conn or self._start()
        try:
            conn.send(task)
        except (BrokenPipeError, ConnectionError):
            return  # the reader thread tells of the server's death, and then the task is sent again

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-c", f"import sys; from {self.module} import main; main(int(sys.argv[1]))"]
        with theirs:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=os.environ | ONE_THREAD,
            )  # Ctrl-C is ours to handle, not the server's
        self._conn = conn = Connection(ours.detach())
        self._generation += 1
        threading.Thread(target=self._listen, args=(conn, self._generation), daemon=True).start()
        self._temp = Path(tempfile.gettempdir()) / f"rasoat-{secrets.token_hex(8)}"
        conn.send((self.settings, self.jobs, self._temp))
        return conn

    def _listen(self, conn: Connection, generation: int) -> None:
        """Always reading, so that the server never waits for us while we wait for it."""
        try:
            while True:
                self._answers.put(conn.recv())
        except (EOFError, OSError):
            self._answers.put(generation)

    def _server_died(self, generation: int) -> Answer | None:
        """Give all open tasks to a new server, one at a time; one that was there too often is answered as crashed."""
        if generation != self._generation:
            return None  # an old server, or one that we ended ourselves
        if self._process is not None:
            self._process.wait()
        self._sweep()
        if self._conn is not None:
            self._conn.close()
        self._conn = None
        suspects = [task for task in self._tasks.values() if task not in self._held]
        guilty = [task.key for task in suspects if self._tries[task.key] >= TRIES]
        self._held.extendleft(reversed([task for task in suspects if task.key not in guilty]))
        for key in guilty:
            self._answers.put((key, Reason.CRASHED, "server died", 0.0))  # its answer sends the next
        if self._held and not guilty:
            self._send(self._held.popleft())
        return None


def _hang_up(conn: Connection) -> None:
    """Shut the socket down rather than close it: our reader thread may be inside ``recv`` on it."""
    with socket.socket(fileno=os.dup(conn.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)
