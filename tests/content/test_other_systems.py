"""`check` accepts all solutions on this system and, where this is Linux, on one that has as little as Windows.

What is taken away before anything is imported: fork and the ways of starting processes that need it, signals
on a clock, clocks of threads, all selectors but `select`, a home folder, a clock that ticks more often than
that of Windows before Python 3.13. What only Windows has (its loop, its files) nothing here can show.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest

from grader.cli.bootstrap import ROOT

SECTIONS = [path.name for path in sorted((ROOT / "notebooks").iterdir()) if path.is_dir()]
POORER = """
import math, os, select, signal, sys, sysconfig, time

sysconfig.get_config_vars()  # reads a file whose name has the platform in it
sys.platform = "elsewhere"
sys.modules["trio"] = None  # a tool for tests, which does not even import here
TAKEN = {
    os: ("fork", "forkpty", "pidfd_open"),
    select: ("devpoll", "epoll", "kqueue", "poll"),
    signal: ("SIGALRM", "alarm", "getitimer", "pthread_kill", "setitimer"),
    time: ("clock_gettime", "pthread_getcpuclockid"),
}
for module, names in TAKEN.items():
    for name in names:
        vars(module).pop(name, None)

TICK = 1 / 64

def coarse(clock):
    return lambda: math.floor(clock() / TICK) * TICK

class Wait:  # no function, which would be a method of the selector that keeps it
    select = staticmethod(select.select)

    def __call__(self, read, write, other, timeout=None):
        return self.select(read, write, other, timeout and math.ceil(timeout / TICK) * TICK)

def get_clock_info(name, get=time.get_clock_info):
    found = get(name)
    if name in ("monotonic", "time"):
        found.resolution = TICK
    return found

time.monotonic, time.time = coarse(time.monotonic), coarse(time.time)
time.get_clock_info, select.select = get_clock_info, Wait()

from multiprocessing import context

context._concrete_contexts = {"spawn": context._concrete_contexts["spawn"]}
context._default_context._default_context = context._concrete_contexts["spawn"]
"""
SEEN = """
import asyncio, multiprocessing, os, selectors, time
print(hasattr(os, "fork"), selectors.DefaultSelector.__name__, multiprocessing.get_start_method())
print(asyncio.new_event_loop()._clock_resolution, time.monotonic() % (1 / 64), "HOME" in os.environ)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course in a folder of its own, with the solutions as the student's work."""
    root = tmp_path_factory.mktemp("course")
    for source, target in (("grader", "grader"), ("notebooks", "notebooks"), ("solutions", "work")):
        shutil.copytree(ROOT / source, root / target, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    if sys.platform == "linux":
        (root / "sitecustomize.py").write_text(POORER)  # the judge's child finds it as well
    return root


def run(course, *arguments):
    """What Python prints in the course, on that system."""
    kept = {name: text for name, text in os.environ.items() if name != "HOME" or sys.platform != "linux"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=course, env=kept | {"PYTHONPATH": str(course)},
        capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="this system is tried as it is")
def test_the_system_that_is_tried_has_nothing_of_what_is_taken(course):
    assert run(course, "-c", SEEN).split() == ["False", "SelectSelector", "spawn", "0.015625", "0.0", "False"]


@pytest.mark.parametrize("name", SECTIONS)
def test_check_accepts_every_solution(course, name):
    first, *lines = run(course, "-m", "grader", "check", name[:2]).splitlines()
    [bar] = [line for line in lines if "puntos" in line]

    assert first == name
    assert [line for line in lines if re.match("  [✗○?]", line)] == []
    assert re.search(r"█{20} (\d+) de \1 puntos y 2 extra", bar)
