"""The system calls that a submission has no use for, as a seccomp filter in classic BPF for bubblewrap.

Each is refused with an error and the program goes on. Refused are memory that no limit counts (memfd, System
V, shared anonymous maps), other kinds of sockets than local and Internet ones (vsock reaches the host
whatever the network namespace), and doors of the kernel that only systems software uses. A new session is
not refused but not made either: where the kernel shares the processors out between sessions (autogroups), a
submission that made one for each process would take what belongs to others.
Source: linux/seccomp.h, linux/bpf_common.h and the system call tables of the Linux kernel.
"""

from __future__ import annotations

import errno
import platform
import struct

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH_*, column below
_REFUSED = {
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "pivot_root": (155, 41),
    # By the page cache, which all share, one sandbox could tell another what a hidden case asks.
    "fadvise64": (221, 223),
    "preadv2": (327, 286),
    "mincore": (27, 232),
    "cachestat": (451, 451),
}
_SETSID = (112, 157)
_SOCKET, _MMAP = (41, 198), (9, 222)
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_SHARED_ANONYMOUS = 0x01 | 0x20
_X32 = 0x40000000  # the other numbering of system calls on x86-64

_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data


def program(machine: str | None = None) -> bytes:
    """Return the filter for a machine (its name as `platform.machine()` has it); b"" where none is known."""
    known = _ARCHITECTURES.get(machine or platform.machine())
    if known is None:
        return b""
    arch, column = known
    refuse = (_RETURN, 0, 0, _ERROR | errno.EPERM)
    steps = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    steps += [(_AT_LEAST, 0, 1, _X32), refuse]
    for numbers in _REFUSED.values():
        steps += [(_EQUAL, 0, 1, numbers[column]), refuse]
    steps += [(_EQUAL, 0, 1, _SETSID[column]), (_RETURN, 0, 0, _ERROR)]  # error 0: done, says the call
    families = [(_EQUAL, len(_FAMILIES) - i, 0, family) for i, family in enumerate(_FAMILIES)]
    steps += [(_EQUAL, 0, len(families) + 3, _SOCKET[column]), _argument(0), *families]
    steps += [(_RETURN, 0, 0, _ERROR | errno.EAFNOSUPPORT), (_RETURN, 0, 0, _ALLOW)]
    steps += [(_EQUAL, 0, 4, _MMAP[column]), _argument(3), (_AND, 0, 0, _SHARED_ANONYMOUS)]
    steps += [(_EQUAL, 0, 1, _SHARED_ANONYMOUS), refuse, (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def _argument(number: int) -> tuple[int, int, int, int]:
    """Load the lower half of an argument of the system call."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * number)
