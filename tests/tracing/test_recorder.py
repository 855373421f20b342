"""The recorder: instants, slices and waits, how the root ends, and the plain data of it all."""

import asyncio
import contextlib
import json
import time

import pytest
from recording import blocks, record, record_real, task
from virtual import virtual_loop

from grader.tracing.recorder import Recorder

# slices and waits


def test_the_first_slice_of_the_root_ends_where_it_first_waits():
    async def program():
        time.sleep(1)
        await asyncio.create_task(blocks(2), name="child")

    data = record(program)

    assert task(data, "main")["slices"] == [[0, 0, 1], [3, 3, 3]]
    assert task(data, "child")["slices"] == [[1, 1, 3]]


def test_a_task_is_ready_from_the_instant_at_which_it_is_woken():
    async def program():
        child = asyncio.create_task(asyncio.sleep(0), name="child")
        time.sleep(2)
        await child

    assert task(record(program), "child")["slices"][0] == [0, 2, 2]


def test_a_timer_overslept_behind_a_blocked_loop_keeps_its_alarm():
    async def program():
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(1), name="sleeper")
            group.create_task(blocks(3))

    [wait] = task(record(program), "sleeper")["waits"]

    assert (wait["start"], wait["due"], wait["end"]) == (0, 1, 3)


def test_each_wait_ends_where_the_next_slice_is_made_ready():
    async def program():
        for seconds in (1, 2):
            await asyncio.sleep(seconds)

    root = task(record(program), "main")

    assert [(wait["start"], wait["end"]) for wait in root["waits"]] == [(0, 1), (1, 3)]
    assert [ready for ready, _, _ in root["slices"]] == [0, 1, 3]


def test_a_yield_is_a_wait_of_no_length():
    data = record(lambda: asyncio.sleep(0))

    assert [(w["kind"], w["start"], w["end"]) for w in task(data, "main")["waits"]] == [("yield", 0, 0)]


def test_on_a_real_clock_instants_never_run_backwards():
    async def program():
        await asyncio.gather(*(asyncio.sleep(i % 2 / 1000) for i in range(20)))

    for seen in record_real(program)["tasks"]:
        instants = [at for slice in seen["slices"] for at in slice]
        assert instants == sorted(instants)
        assert all(wait["start"] <= wait["end"] for wait in seen["waits"])


def test_the_wait_of_an_unfinished_task_has_no_end():
    async def program():
        asyncio.create_task(asyncio.sleep(9), name="late")
        await asyncio.sleep(1)

    late = task(record(program), "late")

    assert [wait["end"] for wait in late["waits"]] == [None]
    assert (late["state"], late["end"]) == ("pending", None)


def test_recording_starts_at_zero_in_the_middle_of_a_run():
    async def program():
        await asyncio.sleep(5)
        with Recorder() as recorder:
            await asyncio.sleep(1)
        await asyncio.sleep(1)
        return recorder.to_dict()

    with virtual_loop() as loop:
        data = loop.run_until_complete(program())

    assert data["end"] == 1
    assert task(data, "main")["waits"][0]["due"] == 1


@pytest.mark.parametrize(
    ("error", "state", "name"),
    [(None, "done", None), (ValueError, "failed", "ValueError"), (asyncio.CancelledError, "cancelled", None)],
)
def test_the_root_ends_as_its_block_does(error, state, name):
    async def program():
        with contextlib.suppress(BaseException), recorder:
            await asyncio.sleep(1)
            if error:
                raise error

    recorder = Recorder()
    with virtual_loop() as loop:
        loop.run_until_complete(program())

    [root] = recorder.to_dict()["tasks"]
    assert (root["state"], root["error"], root["end"]) == (state, name, 1)


def test_async_with_works_too():
    async def program():
        async with Recorder() as recorder:
            await asyncio.sleep(1)
        return recorder.to_dict()

    with virtual_loop() as loop:
        assert loop.run_until_complete(program())["end"] == 1


def test_a_block_that_awaits_nothing_leaves_nothing_in_the_queue():
    async def program():
        with Recorder() as recorder:
            pass
        await asyncio.sleep(1)
        return recorder.to_dict()

    with virtual_loop() as loop:
        [root] = loop.run_until_complete(program())["tasks"]

    assert root["slices"] == [[0, 0, 0]]


# plain data


def test_the_data_survives_json():
    async def program():
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(time.sleep, 1))
            group.create_task(asyncio.sleep(2))
        time.sleep(1)

    data = record(program)

    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert Recorder.from_dict(data).to_dict() == data


def test_a_recording_in_which_nothing_happened_is_empty():
    nothing = Recorder().to_dict()

    assert (nothing["tasks"], nothing["end"]) == ([], 0)
    assert Recorder.from_dict(None).to_dict() == nothing


def test_a_recording_can_be_looked_at_while_it_runs():
    async def program():
        with Recorder() as recorder:
            await asyncio.sleep(1)
            return recorder.to_dict()

    with virtual_loop() as loop:
        data = loop.run_until_complete(program())

    assert (data["end"], data["tasks"][0]["state"]) == (1, "pending")


def test_coroutines_that_never_began_are_written_by_who_found_them():
    recorder = Recorder()
    recorder.unstarted.append("send")

    assert Recorder.from_dict(recorder.to_dict()).unstarted == ["send"]
