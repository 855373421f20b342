"""Eager tasks in a recording: their first slice lies inside the step that makes them."""

import asyncio
import sys
import time

import pytest
from recording import blocks, record, task

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
