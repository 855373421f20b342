"""What the recorder notes of executors and of whatever blocks a loop."""

import asyncio
import contextvars
import functools
import multiprocessing
import os
import threading
import time
import traceback
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from recording import record, record_real
from virtual import line_of, virtual_loop

from grader.tracing.recorder import Recorder

# executors


def test_calls_queue_for_a_thread():
    async def program():
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as pool:
            await asyncio.gather(*(loop.run_in_executor(pool, time.sleep, 1) for _ in range(2)))

    rows = record(program)["threads"]

    assert [(row["submitted"], row["started"], row["ended"]) for row in rows] == [(0, 0, 1), (0, 1, 2)]


def test_an_executor_row_names_the_function_and_the_task_that_asks():
    async def asks():
        await asyncio.to_thread(functools.partial(blocks_thread, 1))

    def blocks_thread(seconds):
        time.sleep(seconds)

    async def program():
        await asyncio.create_task(asks())

    [row] = record(program)["threads"]

    assert (row["func"], row["task"]) == ("blocks_thread", 1)


def test_the_traceback_of_a_failed_call_shows_no_frame_of_ours():
    def fails():
        raise LookupError

    async def program():
        with pytest.raises(LookupError) as caught:
            await asyncio.to_thread(fails)
        files.extend(frame.filename for frame in traceback.extract_tb(caught.value.__traceback__))

    files = []
    record(program)

    assert files[-1] == __file__
    assert not any(name.endswith("shadows.py") for name in files)


class Inline(Executor):
    """Runs a call at once, and gets exactly what was submitted: as a pool of processes, which must pickle it."""

    def submit(self, func, /, *args, **kwargs):
        self.func = func
        done = Future()
        done.set_result(func(*args))
        return done


def test_another_executor_gets_the_function_itself():
    async def program():
        await asyncio.get_running_loop().run_in_executor(pool, abs, -1)

    pool = Inline()
    [row] = record_real(program)["threads"]

    assert pool.func is abs
    assert row["started"] is None
    assert row["ended"] >= row["submitted"]


async def at_work(pool, folder, *calls):
    """Send calls of `finish` to a pool; end them in the order of their names. Return what was recorded."""
    loop = asyncio.get_running_loop()
    with Recorder() as recorder:
        futures = [loop.run_in_executor(pool, finish, str(folder), name) for name in calls]
        for name, future in zip(calls, futures, strict=True):
            (folder / name).touch()
            await future
    return recorder.to_dict()["threads"]


def finish(folder, name):
    while not os.path.exists(f"{folder}/{name}"):
        time.sleep(0.001)


@pytest.fixture
def one_process():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_calls_queue_for_a_process(one_process, tmp_path):
    first, second, third = asyncio.run(at_work(one_process, tmp_path, "a", "b", "c"))

    assert {row["kind"] for row in (first, second, third)} == {"process"}
    assert first["submitted"] <= first["started"] < first["ended"]
    assert second["submitted"] < first["ended"] <= second["started"] < second["ended"]
    assert second["ended"] <= third["started"] < third["ended"]


def test_a_call_that_was_cancelled_in_the_queue_of_a_process_never_began(one_process, tmp_path):
    async def program():
        loop = asyncio.get_running_loop()
        with Recorder() as recorder:
            futures = [loop.run_in_executor(one_process, finish, str(tmp_path), name) for name in "abcd"]
            futures[2].cancel()  # the first runs, the second lies in the pipe to the process
            for name, future in zip("abcd", futures, strict=True):
                (tmp_path / name).touch()
                await asyncio.wait([future])
        return recorder.to_dict()["threads"]

    rows = asyncio.run(program())

    assert [row["started"] is None for row in rows] == [False, False, True, False]
    assert rows[1]["ended"] <= rows[3]["started"]


def test_a_process_works_on_when_its_wait_is_cancelled(one_process, tmp_path):
    async def program():
        loop = asyncio.get_running_loop()
        with Recorder() as recorder:
            futures = [loop.run_in_executor(one_process, finish, str(tmp_path), name) for name in "ab"]
            while not one_process._pending_work_items[0].future.running():
                await asyncio.sleep(0)
            futures[0].cancel()
            await asyncio.sleep(0)
            before = recorder.to_dict()["threads"][0]["ended"]
            for name in "ab":
                (tmp_path / name).touch()
            await futures[1]
        return before, recorder.to_dict()["threads"]

    before, (cancelled, other) = asyncio.run(program())

    assert before is None
    assert cancelled["ended"] <= other["started"]


def test_a_call_that_outlives_the_recording_has_no_end():
    async def program():
        release = threading.Event()
        with Recorder() as recorder:
            call = asyncio.create_task(asyncio.to_thread(release.wait))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        release.set()
        await call
        return recorder.to_dict()

    [row] = asyncio.run(program())["threads"]

    assert row["ended"] is None


# blocked loops


class HandClock:
    """A clock that is moved by hand, so that a step takes long without taking long."""

    now = 0.0
    delay = 0.0  # of the thread, so far

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = HandClock()
    monkeypatch.setattr("grader.tracing.recorder.perf_counter", clock)
    monkeypatch.setattr("grader.tracing.recorder.delay_of", lambda thread: clock.delay)
    return clock


def test_a_step_that_takes_long_blocks_a_real_loop(clock):
    async def child():
        clock.now += 0.25

    async def program():
        await asyncio.create_task(child())
        clock.now += 0.09

    [span] = record_real(program)["blocked"]

    assert (span["start"], span["end"], span["task"]) == (0, 0.25, 1)


@pytest.mark.parametrize(("delay", "blocks"), [(0.1, 1), (0.2, 0)])
def test_a_step_that_mostly_waits_for_a_processor_does_not_block(clock, delay, blocks):
    """A busy machine, not the program, keeps the others waiting."""

    async def program():
        clock.now += 0.25
        clock.delay += delay

    assert len(record_real(program)["blocked"]) == blocks


@pytest.mark.parametrize(("limit", "blocks"), [(0.3, 0), (0.25, 1), (0.02, 2)])
def test_who_records_says_from_when_on_a_step_blocks(clock, limit, blocks):
    async def main():
        with Recorder(blocked_after=limit) as recorder:
            clock.now += 0.25
            await asyncio.sleep(0)
            clock.now += 0.02
        return recorder.to_dict()["blocked"]

    assert len(asyncio.run(main())) == blocks


def test_the_watcher_sees_the_line_that_blocks(clock):
    async def child():
        clock.now += 0.25
        while recorder._watcher.line_of(0, 1) is None: time.sleep(0)  # here  # fmt: skip  # noqa: E701

    async def main():
        with recorder:
            await child()

    recorder = Recorder()
    asyncio.run(main())

    [span] = recorder.to_dict()["blocked"]
    assert span["line"] == line_of(child, "# here")


OWN_FILE, OTHER_FILE = test_the_watcher_sees_the_line_that_blocks.__code__.co_filename, "an answer"


@pytest.mark.parametrize(
    ("called_by_the_answer", "check", "blamed"),
    [(False, OWN_FILE, False), (True, OWN_FILE, True), (False, "", True)],
    ids=["the check itself", "the answer calls what blocks", "no check"],
)
def test_what_blocks_in_lines_of_the_check_alone_is_not_the_answers_fault(
    clock, called_by_the_answer, check, blamed
):
    namespace = {}
    exec(compile("async def answer(fn):\n    fn()", OTHER_FILE, "exec"), namespace)

    def block():
        clock.now += 0.25
        while recorder._watcher.line_of(0, 1) is None:
            time.sleep(0)

    async def main():
        with recorder:
            if called_by_the_answer:
                await namespace["answer"](block)
            else:
                block()

    recorder = Recorder(is_own=lambda file: file != check)
    asyncio.run(main())

    [span] = recorder.to_dict()["blocked"]
    assert (span["line"] != 0) == blamed


def test_callbacks_that_block_are_noted_without_a_task(clock):
    def block():
        clock.now += 0.5

    async def program():
        loop = asyncio.get_running_loop()
        loop.call_soon(block)
        loop.call_later(0, block)
        while clock.now < 1:
            await asyncio.sleep(0)

    spans = record_real(program)["blocked"]

    assert [(span["start"], span["end"], span["task"]) for span in spans] == [(0, 0.5, None), (0.5, 1, None)]


def test_callbacks_of_others_that_block_are_not_ours(clock):
    def block():
        clock.now += 0.5

    async def main():
        asyncio.get_running_loop().call_soon(block)
        await asyncio.sleep(0)
        with Recorder() as recorder:
            asyncio.get_running_loop().call_soon(block, context=contextvars.Context())
            await asyncio.sleep(0)
        return recorder.to_dict()

    assert asyncio.run(main())["blocked"] == []


def test_a_virtual_loop_tells_itself_what_blocks_it_during_the_recording():
    async def main():
        time.sleep(1)
        with Recorder() as recorder:
            time.sleep(2)  # here
        time.sleep(4)
        return recorder.to_dict()

    with virtual_loop() as loop:
        data = loop.run_until_complete(main())

    assert data["blocked"] == [{"start": 0, "end": 2, "task": 0, "line": line_of(main, "# here")}]
