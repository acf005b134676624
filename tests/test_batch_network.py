"""Processes that read files reach no network, whichever way the system allows to cut them off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = """
import socket, subprocess, sys
from rasoat import network
way = network.{way}()
def reaches():
    try:
        socket.create_connection(("127.0.0.1", {port}), timeout=2).close()
    except OSError:
        return False
    return True
child = "import socket; socket.create_connection(('127.0.0.1', {port}), timeout=2)"
started = subprocess.run([sys.executable, "-c", child], stderr=subprocess.DEVNULL).returncode == 0
left, right = socket.socketpair()
left.send(b"x")
print(way, reaches(), started, right.recv(1))
"""


@pytest.mark.parametrize(
    ("way", "said"), [("leave", "namespace"), ("refuse_sockets", "True"), ("own_namespace", "True")]
)
def test_no_connection_from_here_or_from_what_is_started(way: str, said: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        code = CODE.format(way=way, port=server.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found, *rest = done.stdout.split(maxsplit=1)
    if said == "namespace":  # a container may forbid it; then the filter stands in
        assert found in ("namespace", "filter")
    elif way == "refuse_sockets":
        assert found == said
    if found not in ("False", "none"):
        assert rest == ["False False b'x'\n"]
