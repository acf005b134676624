"""No network for the processes that read files: what a report asks for is never fetched, and nothing gets out.

Linux, where allowed: a network namespace of its own, without any interface but a loopback that is down. Where
namespaces are forbidden (many containers): a filter in the kernel that refuses internet sockets. Both hold for all
programs that the process starts, and neither can be undone by it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import struct
import sys
from typing import Literal

Way = Literal["namespace", "filter", "none"]

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # machine -> audit architecture, number
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # instructions of the classic packet filter
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16  # offsets in what a filter sees of a call
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # 13: permission denied


def leave() -> Way:
    """Cut this process off, in the best way that the system allows."""
    if sys.platform != "linux":
        return "none"
    return "namespace" if own_namespace() else "filter" if refuse_sockets() else "none"


def own_namespace() -> bool:
    """Whether this process now lives in a network of its own."""
    flags = _NEW_NETWORK if os.geteuid() == 0 else _NEW_USER | _NEW_NETWORK
    return bool(ctypes.CDLL(None).unshare(flags) == 0)


def refuse_sockets() -> bool:
    """Whether the kernel now refuses internet sockets to this process. Local sockets stay."""
    known = _SOCKET_CALL.get(platform.machine())
    if known is None:
        return False
    architecture, number = known
    steps = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_IF_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_IF_EQUAL, 0, 3, number),
        (_LOAD, 0, 0, _AT_FIRST_ARGUMENT),
        (_IF_EQUAL, 2, 0, socket.AF_INET),
        (_IF_EQUAL, 1, 0, socket.AF_INET6),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    control = ctypes.CDLL(None).prctl
    return bool(control(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and control(_SET_SECCOMP, _FILTER, program) == 0)
