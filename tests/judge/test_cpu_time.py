"""What processes use of the machine is seen from outside, whatever they do to hide it."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from grader.judge import cpu_time
from grader.judge.cpu_time import Alarm, Budget, Meter, freeze, leave_only, runnable, thaw, used
from grader.loop import stopwatch
from grader.loop.stopwatch import Thread, family

pytestmark = pytest.mark.skipif(not stopwatch.EXACT, reason="NOT TESTED: grading with limits is for Linux")

BURN = r"""
import os, signal, sys, time
def burn(seconds=0.3):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
def told():
    os.write(1, b"told\n")
    return sys.stdin.readline()
"""


class Program:
    """A Python program in a process of its own; `step` waits until it calls `told`, `go` lets it go on."""

    def __init__(self, text):
        self._text = BURN + text

    def __enter__(self):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._text], text=True, bufsize=1, start_new_session=True, **pipes
        )
        self.pid = self._process.pid
        return self

    def __exit__(self, *error):
        os.killpg(self.pid, signal.SIGKILL)
        self._process.communicate()

    def step(self):
        assert self._process.stdout.readline() == "told\n"

    def go(self):
        self._process.stdin.write("\n")


HIDING = {
    "a process": "burn(); told()",
    "a thread": "import threading\nt = threading.Thread(target=burn); t.start(); t.join(); told()",
    "a process below it": "if os.fork() == 0: burn(); told()\nelse: os.wait()",
    "one that was waited for": "if os.fork() == 0: burn(); os._exit(0)\nos.wait(); told()",
    "one two below it": "if os.fork() or os.fork(): os.wait()\nelse: burn(); told()",
}


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING)
def test_the_processor_time_of_every_process_counts(text):
    with Program(text) as program:
        program.step()

        assert used(family(program.pid)) >= 0.28  # of 0.3, in ticks
        assert Meter(program.pid).look() >= 0.28  # of 0.3, in ticks


def test_processes_count_after_their_end_though_nobody_waited_for_them():
    text = """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(2):
    if os.fork() == 0: burn(); told(); os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
told()
"""
    with Program(text) as program:
        meter = None
        for _ in range(2):
            program.step()
            meter = meter or Meter(program.pid)
            meter.look()
            program.go()
        program.step()

        assert used(family(program.pid)) < 0.28
        assert meter.look() >= 0.56  # twice 0.3, in ticks


def test_processes_that_live_between_two_looks_count_by_sample():
    text = """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0: burn(0.003); os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
"""
    with Program(text) as program:
        meter = Meter(program.pid)
        while meter.look() < used([program.pid]) + 0.3:  # else for ever
            pass


def test_a_meter_counts_nothing_twice():
    with Program("if os.fork() == 0: burn(1); told(); os._exit(0)\nos.wait(); told()") as program:
        program.step()
        meter = Meter(program.pid)
        meter.look()
        program.go()
        program.step()

        assert 0.98 <= meter.look() < 1.9


def test_threads_that_run_are_told_from_those_that_sleep():
    with Program("told()\nwhile True: pass") as program:
        program.step()
        while runnable(family(program.pid)):  # on its way into `readline`
            pass
        program.go()
        while not runnable(family(program.pid)):
            pass


def test_what_is_left_of_a_cell_is_killed_and_nothing_else():
    text = "if os.fork() == 0:\n    told(); told()\nelse:\n    "
    with Program(f"{text}if os.fork() == 0: told(); told()\n    told(); told()") as program:
        for _ in range(3):
            program.step()
        _, first, second = family(program.pid)

        assert leave_only(program.pid, [first]) is True
        assert [pid for pid in family(program.pid) if not cpu_time._is_dead(pid)] == [program.pid, first]
        assert second not in (program.pid, first)


def test_what_is_frozen_computes_nothing_until_it_is_thawed():
    with Program("if os.fork() == 0:\n    while True: pass\ntold()") as program:
        program.step()
        _, child = family(program.pid)

        assert freeze(program.pid, []) == {child}
        while runnable([child]):
            pass
        thaw([child])
        while not runnable([child]):
            pass


def told(monkeypatch, *, thread, use):
    """Let a budget see these at each look, however often it is asked."""
    clock, cpu = [0.0], [0.0]

    def read(pids):
        clock[0] += 0.1
        return {(1, 1): thread}

    def uses(pids):
        cpu[0] += use
        return {1: cpu_time.Use(cpu[0], 0.0)}

    monkeypatch.setattr("grader.loop.stopwatch.threads", read)
    monkeypatch.setattr(cpu_time, "_uses", uses)
    monkeypatch.setattr(cpu_time, "LOOK", 0.0)
    monkeypatch.setattr("grader.loop.stopwatch.real_monotonic", lambda: clock[0])
    return lambda budget: next(filter(None, iter(budget.spent, None)))


@pytest.mark.parametrize(
    ("state", "use", "spent"), [("S", 0.0, "own"), ("S", 0.5, "cpu"), ("R", 0.0, "guard")]
)
def test_a_budget_tells_what_is_used_up(monkeypatch, state, use, spent):
    """Asleep it is late; at work in many processes it has had enough; ready and never let run, it has had nothing."""
    end = told(monkeypatch, thread=Thread(state, 0.0, 0.0), use=use)
    monkeypatch.setattr(
        cpu_time, "Stopwatch", lambda pid, disk: stopwatch.Stopwatch(pid, clock=stopwatch.real_monotonic)
    )

    assert end(Budget(os.getpid(), own=2, cpu=3, guard=20)) == spent


def test_a_budget_counts_from_its_beginning():
    with Program("burn(1); told()") as program:
        program.step()
        budget = Budget(program.pid, own=60, cpu=1, guard=60)
        while not budget.wall:
            assert budget.spent() == ""

        assert budget.cpu < 1


def test_an_alarm_rings_for_who_does_not_end_and_not_for_who_does():
    rung = threading.Event()
    with Alarm(0.1, rung.set):
        assert rung.wait(60)
    with Alarm(0.0, rung.clear):
        pass

    assert rung.is_set()
    assert "grader-alarm" not in [thread.name for thread in threading.enumerate()]
