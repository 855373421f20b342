"""Eager tasks in a recording: their first slice lies inside the step that makes them."""

import asyncio
import sys
import time

import pytest
from recording import blocks, names, record, task
from virtual import virtual_loop

from grader.tracing.recorder import Recorder

eager = pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks exist from Python 3.12")


def record_eagerly(program):
    async def main():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        await program()

    return record(main)


@eager
def test_an_eager_task_runs_inside_the_step_of_its_parent():
    async def child():
        time.sleep(1)
        await asyncio.sleep(1)

    async def program():
        time.sleep(1)
        made = asyncio.create_task(child(), name="child")
        time.sleep(1)
        await made

    data = record_eagerly(program)

    assert task(data, "child")["slices"] == [[1, 1, 2], [3, 3, 3]]
    assert task(data, "main")["slices"][0] == [0, 0, 3]


@eager
def test_time_blocked_in_an_eager_task_is_its_own():
    async def program():
        await asyncio.create_task(blocks(1), name="child")
        time.sleep(1)

    data = record_eagerly(program)

    assert [span["task"] for span in data["blocked"]] == [1, 0]


@eager
def test_an_eager_task_that_ends_at_once_has_its_name_and_children():
    async def child():
        asyncio.create_task(asyncio.sleep(1), name="grandchild")

    async def program():
        asyncio.create_task(child(), name="child")
        await asyncio.sleep(2)

    data = record_eagerly(program)

    assert (task(data, "child")["slices"], task(data, "child")["state"]) == ([[0, 0, 0]], "done")
    assert task(data, "grandchild")["parent"] == task(data, "child")["id"]


@eager
@pytest.mark.parametrize("maker", ["create_task", "TaskGroup", "loop"])
def test_an_eager_task_that_ends_at_once_is_called_as_its_maker_was_told(maker):
    async def child():
        pass

    async def program():
        name = "a variable of the program's"
        if maker == "create_task":
            asyncio.create_task(child(), name="child")
        elif maker == "loop":
            asyncio.get_running_loop().create_task(child(), name="child")
        else:
            async with asyncio.TaskGroup() as group:
                group.create_task(child(), name="child")
        return name

    assert names(record_eagerly(program)) == ["main", "child"]


@eager
def test_an_eager_task_that_yields_or_fails_at_once_is_recorded():
    async def fails():
        raise LookupError

    async def program():
        asyncio.create_task(asyncio.sleep(0), name="yields")
        with pytest.raises(LookupError):
            await asyncio.create_task(fails(), name="fails")
        await asyncio.sleep(0)

    data = record_eagerly(program)

    assert [len(task(data, "yields")["slices"]), task(data, "yields")["state"]] == [2, "done"]
    assert task(data, "fails")["error"] == "LookupError"


@eager
def test_a_foreign_task_that_an_eager_task_wakes_stays_foreign():
    async def main():
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        foreign = asyncio.create_task(event.wait(), name="foreign")
        await asyncio.sleep(1)
        loop.set_task_factory(asyncio.eager_task_factory)
        with Recorder() as recorder:
            await asyncio.create_task(sets(event), name="ours")
            await foreign
        return recorder.to_dict()

    async def sets(event):
        event.set()

    with virtual_loop() as loop:
        assert names(loop.run_until_complete(main())) == ["main", "ours"]


@eager
def test_a_run_frozen_in_the_first_slice_of_an_eager_task_ends_there():
    recorder = Recorder()

    async def child():
        time.sleep(1)
        recorder.freeze()

    async def main():
        with recorder:
            await asyncio.create_task(child())

    with virtual_loop() as loop:
        loop.set_task_factory(asyncio.eager_task_factory)
        loop.run_until_complete(main())

    data = recorder.to_dict()
    assert [(seen["slices"], seen["state"]) for seen in data["tasks"]] == [([[0, 0, 1]], "stuck")] * 2
