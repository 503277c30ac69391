"""Runs a Python program whose process dies at the first internet socket, native code included (Linux).

    python no_internet.py -m mmdesk doctor

A seccomp filter (Linux, `man 2 seccomp`) looks at the system call `socket` and ends the process with SIGSYS
where the family is IPv4 or IPv6: nothing that Qt, FFmpeg or ONNX Runtime does can go round it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

# Number of the system call `socket` and the audit name of the architecture (linux/audit.h).
_ARCHITECTURES = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}
_INTERNET = (2, 10)

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _KILL_PROCESS = 0x7FFF0000, 0x80000000
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def supported() -> bool:
    """Whether this system can be asked to refuse sockets."""
    return sys.platform.startswith("linux") and platform.machine() in _ARCHITECTURES


def refuse() -> None:
    """Makes an internet socket deadly for this process, its threads and its children, for good."""
    number, architecture = _ARCHITECTURES[platform.machine()]
    rules = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_JUMP_IF_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_JUMP_IF_EQUAL, 0, 3, number),
        (_LOAD, 0, 0, _AT_FIRST_ARGUMENT),
        (_JUMP_IF_EQUAL, 2, 0, _INTERNET[0]),
        (_JUMP_IF_EQUAL, 1, 0, _INTERNET[1]),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _KILL_PROCESS),
    ]
    code = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    filters = ctypes.create_string_buffer(code)
    program = _Program(len(rules), ctypes.cast(filters, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "seccomp was refused")


if __name__ == "__main__":
    refuse()
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
