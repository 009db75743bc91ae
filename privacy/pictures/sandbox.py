"""Limits that a process puts on itself before it reads a stranger's file. Imports nothing of Django."""

import ctypes
import errno
import platform
import resource
import struct
import sys

MEMORY_BYTES = 1024 * 2**20
CPU_SECONDS = 20
# From Linux's asm/unistd.h: socket, socketpair, connect, clone, clone3, fork, vfork, execve, execveat, kill, ptrace,
# process_vm_readv, io_uring_setup. Neither a connection nor another process can be made without one of them.
REFUSED_CALLS = {
    "x86_64": (0xC000003E, (41, 53, 42, 56, 435, 57, 58, 59, 322, 62, 101, 310, 425)),
    "aarch64": (0xC00000B7, (198, 199, 203, 220, 435, 221, 281, 129, 117, 270, 425)),
}
# Calls of the x32 interface have this bit: they are refused, too.
OTHER_INTERFACE = 0x40000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
# Instructions of Linux's linux/bpf_common.h, and answers of linux/seccomp.h.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def enter_sandbox() -> None:
    """Limit memory and CPU time of this process, and take from it the network, other processes and writing to files.

    Where the system is not Linux, or of another architecture, no file can be opened afterwards, fonts included.
    Raises `OSError` if a limit cannot be set.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    calls = REFUSED_CALLS.get(platform.machine()) if sys.platform == "linux" else None
    if calls is None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    else:
        _refuse_calls(*calls)


def _refuse_calls(architecture: int, numbers: tuple[int, ...]) -> None:
    """Refuse system calls from now on, by a filter that no process can take back (Linux's seccomp)."""
    after = len(numbers)
    steps = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, after + 1, 0, OTHER_INTERFACE),
        *((_EQUAL, after - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for arguments in ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)):
        if prctl(*arguments):
            raise OSError(ctypes.get_errno(), "The sandbox cannot be entered.")
