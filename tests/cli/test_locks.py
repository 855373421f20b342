"""Locks are shared or for one alone, and end with their holder: on this system and as on Windows."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import locks

fcntl = pytest.importorskip("fcntl", reason="stands in for msvcrt; on Windows that itself is used")
OPEN_FILE_LOCKS = hasattr(fcntl, "F_OFD_SETLK")  # by open file, as on Windows, not by process

WINDOWS = '''
import fcntl, os, struct, sys, types

def locking(descriptor, mode, count):
    """As msvcrt.locking: lock bytes from the file's position on, which the file need not have."""
    start = os.lseek(descriptor, 0, os.SEEK_CUR)
    lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, start, count, 0)
    fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, lock)

sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
sys.platform = "win32"
'''
HOLDER = """
import sys
{system}
sys.path.insert(0, {folder!r})
import locks
file = open({path!r}, "a")
print(locks.take(file, wait=False, shared={shared}), flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["here", "windows"])
def system(request):
    if request.param == "windows" and not OPEN_FILE_LOCKS:
        pytest.skip("NOT TESTED: no locks by open file here")
    return WINDOWS if request.param == "windows" else ""


@pytest.fixture
def holder(system, tmp_path):
    """Start a process that takes the lock and keeps it; gives the process and whether it got it."""
    started = []

    def start(*, shared):
        folder, path = str(Path(locks.__file__).parent), str(tmp_path / "lock")
        program = HOLDER.format(system=system, folder=folder, path=path, shared=shared)
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process, process.stdout.readline() == "True\n"

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_who_shares_a_lock_keeps_out_who_wants_it_alone(holder, first, second, both):
    assert holder(shared=first)[1] is True
    assert holder(shared=second)[1] is both


def test_many_share_a_lock(holder):
    assert all(holder(shared=True)[1] for _ in range(5))


@pytest.mark.parametrize("shared", [True, False])
def test_a_lock_ends_with_its_holder(holder, shared):
    process, _ = holder(shared=shared)
    process.kill()
    process.wait()

    assert holder(shared=False)[1] is True
