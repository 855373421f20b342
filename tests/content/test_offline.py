"""Scenarios with real servers, threads and processes run in a sandbox that has no network but its own loopback."""

import json
import shutil
import subprocess
import sys

import pytest

from grader.cli.bootstrap import ROOT

pytestmark = pytest.mark.real_server

SOLVED = """
import json, sys
from pathlib import Path
from grader.authoring.answers import section_at
from grader.authoring.rules.judge import solved
print(json.dumps(list(solved(section_at(Path(sys.argv[1]), sys.argv[2]), 1))))
"""
STOPPED = """
import socket, threading, httpx
from grader import local_api
with local_api() as api, httpx.Client(trust_env=False) as client:
    status = client.get(f"{api.url}/users/1").status_code
names = [thread.name for thread in threading.enumerate()]
print([status, [name for _, name in socket.if_nameindex()], names])
"""


@pytest.fixture
def offline():
    """Run Python code there; return what it prints. Loudly skipped where there is no bubblewrap."""
    box = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev"]
    # A short path: `forkserver`, the default from 3.14 on, has its sockets there.
    box += ["--proc", "/proc", "--tmpfs", "/dev/shm", "--setenv", "TMPDIR", "/dev/shm", "--chdir", str(ROOT)]
    if not shutil.which("bwrap") or subprocess.run([*box, "true"], capture_output=True).returncode:
        pytest.skip("NOT TESTED in a sandbox without network: bubblewrap does not work here")

    def run(code, *args):
        command = [*box, sys.executable, "-c", code, *map(str, args)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True)
        return done.stdout.strip()

    return run


def test_a_server_runs_where_loopback_is_the_only_network(offline):
    assert offline(STOPPED) == "[200, ['lo'], ['MainThread']]"


@pytest.mark.parametrize("section", ["06_semaphores", "07_executors", "08_async_generators"])
def test_the_reference_solutions_of_a_section_get_full_points_offline(offline, section):
    assert json.loads(offline(SOLVED, ROOT, section)) == []
