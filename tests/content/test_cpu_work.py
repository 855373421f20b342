"""The module beside section 7: its functions travel to processes of every start method."""

import asyncio
import importlib
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from grader.loop import stopwatch

FOLDER = Path(__file__).resolve().parents[2] / "solutions" / "07_executors"

pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")


@pytest.fixture
def cpu_work(monkeypatch):
    """The module as the notebook imports it: from the folder it lies in."""
    monkeypatch.syspath_prepend(FOLDER)
    yield importlib.import_module("cpu_work")
    del sys.modules["cpu_work"]


@pytest.fixture(params=["fork", "spawn", "forkserver"])
def pool(request, cpu_work):
    """Two processes; the folder is on sys.path before they start, as a kernel has it."""
    if request.param not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {request.param} here")
    context = multiprocessing.get_context(request.param)
    with ProcessPoolExecutor(2, mp_context=context) as workers:
        yield workers


def measured_by_patience():
    measured, real = [], stopwatch.Stopwatch
    stopwatch.Stopwatch = lambda pid: measured.append(pid) or real(pid)
    try:
        next(stopwatch.patience(1))
    finally:
        stopwatch.Stopwatch = real
    return measured


def visit_with_an_open_door(cpu_work, pool, folder, names):
    async def visits():
        loop = asyncio.get_running_loop()
        calls = [loop.run_in_executor(pool, cpu_work.visit, (folder, name, len(names))) for name in names]
        cpu_work.open_door(folder, "Marta")
        return await asyncio.gather(*calls)

    return asyncio.run(visits())


def test_a_computation_travels(cpu_work, pool):
    assert pool.submit(cpu_work.heavy_computation, b"datos").result()[:8] == b"935a3954"


def test_two_that_meet_are_two_processes_and_none_is_ours(cpu_work, pool, tmp_path):
    visits = visit_with_an_open_door(cpu_work, pool, str(tmp_path), ["ana", "leo"])

    processes = {process for process, _, _ in visits}
    assert (len(processes), os.getpid() in processes) == (2, False)
    assert [visit[1:] for visit in visits] == [(True, "Marta")] * 2


def test_one_finishes_after_the_other(cpu_work, pool, tmp_path):
    slow = pool.submit(cpu_work.finish_after, (str(tmp_path), "slow", "quick"))

    assert not slow.done()
    assert pool.submit(cpu_work.finish_after, (str(tmp_path), "quick", "")).result() == "quick"
    assert slow.result() == "slow"


def test_a_worker_waits_as_long_as_its_whole_program_does(cpu_work, pool):
    """The one that it waits for is not below it: the loop in the process that made the pool."""
    assert pool.submit(measured_by_patience).result() == [os.getpid()]
    assert measured_by_patience() == [None]


def test_nobody_waits_longer_than_the_limit(cpu_work, monkeypatch, tmp_path):
    monkeypatch.setattr(cpu_work, "LIMIT", 0)

    assert cpu_work.meet((str(tmp_path), "ana", 2)) == (os.getpid(), False)
    assert cpu_work.visit((str(tmp_path), "leo", 3)) == (os.getpid(), False, "")
    assert cpu_work.wait_for_file(str(tmp_path / "never"), 0) is False


def test_who_meets_others_at_a_closed_door_reads_nothing(cpu_work, monkeypatch, tmp_path):
    monkeypatch.setattr(cpu_work, "LIMIT", 0)

    assert cpu_work.visit((str(tmp_path), "ana", 1)) == (os.getpid(), True, "")
