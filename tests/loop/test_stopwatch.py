"""A stopwatch stands still while what it measures waits for a processor, and runs while it works or sleeps."""

import os
import select
import subprocess
import sys
import threading
import time

import pytest

from grader.loop import stopwatch
from grader.loop.stopwatch import Stopwatch, Thread, is_ready, patience, threads

linux = pytest.mark.skipif(not stopwatch.EXACT, reason="NOT TESTED: Linux alone tells what threads wait for")


def measured(*looks, every=0.1, **options):
    """The stopwatch after looks `every` seconds apart, each at threads of which it is told (state, cpu, delay)."""
    now, seen = [0.0], []
    watch = Stopwatch(clock=lambda: now[0], read=lambda: dict(enumerate(seen[-1])), **options)
    for look in looks:
        now[0] += every
        seen.append([Thread(*thread) for thread in look])
        watch.look()
    return watch


def row(*threads):
    """Ten looks at threads, of each of which (state, cpu a look, delay a look) is told."""
    return [[(state, cpu * n, delay * n) for state, cpu, delay in threads] for n in range(10)]


@pytest.mark.parametrize(
    ("threads", "own"),
    [
        ([("S", 0, 0)], 1.0),
        ([("S", 0.002, 0)], 1.0),
        ([("R", 0.1, 0)], 0.9),  # of the first look nobody knows yet whether it runs or waits
        ([("R", 0, 0)], 0.0),
        ([("D", 0, 0)], 0.0),
        ([("R", 0.01, 0.09)], 0.09),
        ([("S", 0, 0), ("R", 0.02, 0.08)], 0.18),
        ([("S", 0, 0.04), ("S", 0, 0.05)], 0.19),
        ([("S", 0, 0.08), ("S", 0, 0.08)], 0.1),
        ([("S", 0, 0.002)] * 80, 0.964),  # who lets many wake up at once does not stop the time
        ([], 1.0),
    ],
)
def test_time_counts_unless_a_thread_waits_for_a_processor_or_a_disk(threads, own):
    watch = measured(*row(*threads))

    assert (round(watch.own, 6), round(watch.wall, 6)) == (own, 1.0)


def test_waiting_for_a_disk_is_not_forgiven_for_ever():
    """A process whose child borrows its memory looks the same, for as long as it likes."""
    watch = measured(*[[("D", 0, 0)]] * 200)

    assert round(watch.own, 6) == 10.0


def test_what_is_forgiven_of_waiting_for_a_disk_is_forgiven_once():
    """A submission has a new stopwatch for each cell, and one disk."""
    disk = stopwatch.Disk()
    watches = [measured(*[[("D", 0, 0)]] * 200, disk=disk) for _ in range(2)]

    assert [round(watch.own, 6) for watch in watches] == [10.0, 20.0]


def test_who_waits_for_processes_of_its_own_wins_nothing(monkeypatch):
    monkeypatch.setattr(stopwatch, "_CORES", 2)
    watch = measured(*row(("R", 0.1, 0), ("R", 0, 0.1), ("R", 0, 0.1)))

    assert round(watch.own, 6) == 0.45  # nine looks at a whole core of two


def test_processes_that_are_caught_running_count_for_those_that_are_not(monkeypatch):
    monkeypatch.setattr(stopwatch, "_CORES", 1)
    now, born = [0.0], iter(range(100))
    fresh = Thread("R", 0.004, 0.0, age=0.004)
    waiting = {(1000, 0): Thread("R", 0.0, 9.0)}
    watch = Stopwatch(clock=lambda: now[0], read=lambda: {(next(born), 0): fresh} | waiting)
    for _ in range(10):
        now[0] += 0.1
        watch.look()

    assert round(watch.own, 6) == 1.0


def test_a_process_waited_no_longer_than_it_lives():
    """A chain of processes, each of which is new at every look and has hardly run: it stops no clock."""
    now, born = [0.0], iter(range(100))
    watch = Stopwatch(clock=lambda: now[0], read=lambda: {(next(born), 0): Thread("R", 0.0, 0.0, age=0.004)})
    for _ in range(10):
        now[0] += 0.1
        watch.look()

    assert round(watch.own, 6) == 0.96


@linux
def test_the_age_of_a_process_is_read_from_the_system():
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        [first] = threads([process.pid]).values()
        [own] = [
            thread for key, thread in threads([os.getpid()]).items() if key == (os.getpid(), os.getpid())
        ]

        assert 0 <= first.age < own.age


def test_who_looks_late_was_kept_from_it_and_counts_little():
    watch = measured([("S", 0, 0)], every=30.0)

    assert (watch.own, watch.wall) == (0.25, 1.0)


@linux
def test_the_state_of_a_thread_is_read_from_the_system_whatever_its_process_is_called(tmp_path):
    program = tmp_path / "a) R 1 ("
    program.symlink_to(sys.executable)
    done = threading.Event()
    with subprocess.Popen([program, "-c", "input()"], stdin=subprocess.PIPE) as process:
        threading.Thread(target=done.wait).start()
        while {thread.state for thread in threads([process.pid]).values()} != {"S"}:
            pass
        done.set()
        process.stdin.close()

    assert threads([process.pid]) == {}
    assert is_ready(threading.get_native_id()) is True
    assert is_ready(None) is False


@linux
def test_the_processor_time_of_a_process_below_is_read():
    program = "import time\nwhile time.process_time() < 0.3: pass\nprint(1, flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        cpu = {pid: thread.cpu for (pid, _), thread in threads(stopwatch.family(os.getpid())).items()}
        process.stdin.close()

    assert cpu[process.pid] >= 0.3
    assert os.getpid() in cpu


def test_patience_ends_by_its_own_time():
    turns = [time.monotonic() for _ in patience(0.01)]

    assert turns


PATIENT = """
import time
from grader.loop.stopwatch import patience
print("ready", flush=True)
turns = 0
for _ in patience(0.5):
    turns += 1
    time.sleep(0.05)
print(turns, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="processes are stopped by a signal")
def test_the_time_in_which_a_process_is_stopped_is_not_its_own():
    import signal

    with subprocess.Popen([sys.executable, "-c", PATIENT], stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        select.select([], [], [], 1.0)  # longer than it is patient, in real time
        process.send_signal(signal.SIGCONT)

        assert int(process.stdout.readline()) > 2


def test_who_has_no_patience_looks_once_all_the_same():
    assert list(patience(0)) == [None]
