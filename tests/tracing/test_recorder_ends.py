"""How a recording ends before its block, and where it is refused."""

import asyncio
import contextlib
import gc
import time

import pytest
from recording import names, task
from virtual import stick, virtual_loop

from grader.loop.stuck import Deadlock
from grader.tracing import log
from grader.tracing.recorder import Recorder, TooManySlices

# freezing and limits


def test_a_deadlock_freezes_the_recording_where_it_is():
    recorder = Recorder()

    async def program():
        with recorder:
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.Event().wait(), name="waits")
                group.create_task(asyncio.sleep(1), name="sleeps")

    stick(Deadlock, program)
    data = recorder.to_dict()

    assert (data["frozen"], data["end"]) == (True, 1)
    assert {seen["name"]: seen["state"] for seen in data["tasks"]} == {
        "main": "stuck",
        "waits": "stuck",
        "sleeps": "done",
    }


def test_a_run_that_is_thrown_out_of_a_task_is_frozen_there():
    async def sticks():
        await asyncio.sleep(1)
        raise Deadlock("")

    async def program():
        with Recorder() as recorder:
            with contextlib.suppress(Deadlock):
                await asyncio.create_task(sticks(), name="sticks")
            await asyncio.sleep(1)
        return recorder.to_dict()

    with virtual_loop() as loop:
        data = loop.run_until_complete(program())

    assert (data["frozen"], data["end"], task(data, "sticks")["state"]) == (True, 1, "stuck")


def test_freezing_in_a_step_closes_the_step_and_restores_the_loop():
    async def program():
        with Recorder() as recorder:
            time.sleep(1)
            recorder.freeze()
            recorder.freeze()
            kept = {"_call_soon", "create_task", "run_in_executor"} & set(vars(asyncio.get_running_loop()))
            await asyncio.create_task(asyncio.sleep(1))
        return kept, recorder.to_dict()

    with virtual_loop() as loop:
        kept, data = loop.run_until_complete(program())

    assert kept == set()
    assert (data["end"], names(data)) == (1, ["main"])
    assert data["tasks"][0]["slices"] == [[0, 0, 1]]


def test_a_collected_task_is_not_stuck():
    async def orphan():
        await asyncio.get_running_loop().create_future()

    async def program():
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        with Recorder() as recorder:
            asyncio.create_task(orphan(), name="orphan")
            await asyncio.sleep(1)
            gc.collect()
            recorder.freeze()
        return recorder.to_dict()

    with virtual_loop() as loop:
        data = loop.run_until_complete(program())

    assert [seen["state"] for seen in data["tasks"]] == ["stuck", "collected"]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(log, "MOST_SLICES", 10)


async def yields():
    for _ in range(20):
        await asyncio.sleep(0)
    return "result"


@pytest.mark.usefixtures("small")
def test_too_many_slices_are_an_error_at_the_end_of_the_block():
    recorder = Recorder()

    async def main():
        with recorder:
            results.append(await yields())

    results = []
    with pytest.raises(TooManySlices):
        asyncio.run(main())

    assert results == ["result"]
    assert len(recorder.to_dict()["tasks"][0]["slices"]) == 10


@pytest.mark.usefixtures("small")
def test_too_many_slices_hide_no_error_of_the_program():
    async def main():
        with Recorder():
            await yields()
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(main())


@pytest.mark.usefixtures("small")
def test_a_virtual_run_does_not_fail_for_its_picture():
    recorder = Recorder()

    async def main():
        with recorder:
            return await yields()

    with virtual_loop() as loop:
        assert loop.run_until_complete(main()) == "result"

    assert recorder.full
    assert not recorder.to_dict()["frozen"]


# refusals


def test_outside_a_loop_it_is_refused():
    with pytest.raises(RuntimeError, match="no running event loop"):
        Recorder().__enter__()


def test_outside_a_task_it_is_refused():
    async def program():
        outcome = asyncio.get_running_loop().create_future()

        def enter():
            try:
                Recorder().__enter__()
            except RuntimeError as error:
                outcome.set_result(str(error))

        asyncio.get_running_loop().call_soon(enter)
        return await outcome

    assert "corrutina" in asyncio.run(program())


def test_a_recorder_is_used_once():
    async def program():
        with Recorder() as recorder:
            pass
        with pytest.raises(RuntimeError, match="ya está grabado"):
            recorder.__enter__()

    asyncio.run(program())


def test_a_loop_that_is_not_asyncios_is_refused(monkeypatch):
    async def program():
        class Foreign:
            pass

        monkeypatch.setattr(asyncio, "get_running_loop", Foreign)
        with pytest.raises(RuntimeError, match="bucles de asyncio"):
            Recorder().__enter__()

    asyncio.run(program())
