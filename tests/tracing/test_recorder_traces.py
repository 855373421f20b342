"""A recording leaves no trace: the loop is as before, and nothing lives longer than unrecorded."""

import asyncio
import gc
import weakref

from recording import names, record
from virtual import virtual_loop

from grader.tracing.recorder import Recorder


def test_attributes_that_somebody_shadowed_before_are_put_back():
    async def program():
        loop = asyncio.get_running_loop()
        original, calls = loop._call_soon, []

        def mine(callback, args, context):
            calls.append(callback)
            return original(callback, args, context)

        loop._call_soon = mine
        with Recorder() as recorder:
            await asyncio.sleep(0)
        assert vars(loop)["_call_soon"] is mine
        return calls, recorder.to_dict()

    calls, data = asyncio.run(program())

    assert len(calls) >= 1
    assert len(data["tasks"][0]["slices"]) == 2


def test_who_shadows_the_recorder_is_left_alone():
    async def program():
        loop = asyncio.get_running_loop()
        recorder = Recorder()
        with recorder:
            ours = loop.create_task
            loop.create_task = theirs = lambda coro, **options: ours(coro, **options)
        assert vars(loop)["create_task"] is theirs
        assert await loop.create_task(asyncio.sleep(0, "works")) == "works"
        return recorder.to_dict()

    assert names(asyncio.run(program())) == ["main"]


def test_waiting_handles_get_their_classes_back():
    async def program():
        loop = asyncio.get_running_loop()
        with Recorder():
            task = asyncio.create_task(asyncio.sleep(0))
            handles = loop.call_soon(int), loop.call_later(9, int)
            inside = [type(handle) for handle in (loop._ready[-2], *handles)]
            shown = [repr(handle).split()[0] for handle in (loop._ready[-2], *handles)]
        outside = [type(handle) for handle in (loop._ready[-2], *handles)]
        handles[1].cancel()
        await task
        return inside, shown, outside

    inside, shown, outside = asyncio.run(program())

    assert set(inside).isdisjoint({asyncio.Handle, asyncio.TimerHandle})
    assert shown == ["<Handle", "<Handle", "<TimerHandle"]
    assert outside == [asyncio.Handle, asyncio.Handle, asyncio.TimerHandle]


def test_the_loop_dies_with_its_last_user_and_not_with_the_picture():
    recorder = Recorder()

    async def main():
        with recorder:
            await asyncio.to_thread(int)
        return weakref.ref(asyncio.get_running_loop())

    for options in ({}, {"loop": True}):
        recorder = Recorder()
        with virtual_loop() if options else asyncio.Runner() as loop:
            ref = loop.run_until_complete(main()) if options else loop.run(main())
        del loop
        gc.collect()
        assert ref() is None


def test_a_coroutine_dies_when_its_task_ends():
    async def program():
        task = asyncio.create_task(asyncio.sleep(1))
        ref = weakref.ref(task.get_coro())
        await task
        del task
        await asyncio.sleep(0)
        died.append(ref() is None)

    died = []
    record(program)

    assert died == [True]


def test_an_exception_that_nobody_retrieves_is_still_reported():
    async def fails():
        raise LookupError

    async def program():
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: told.append(context["message"])
        )
        asyncio.create_task(fails())
        await asyncio.sleep(1)
        gc.collect()

    told = []
    record(program)

    assert told == ["Task exception was never retrieved"]


def test_in_debug_mode_handles_tell_where_they_come_from_as_ever():
    def origins():
        loop = asyncio.get_running_loop()
        asyncio.create_task(asyncio.sleep(0))
        loop.call_soon(int)
        return [[frame.name for frame in handle._source_traceback][-2:] for handle in list(loop._ready)[-2:]]

    async def main():
        plain = origins()
        with Recorder():
            recorded = origins()
        return plain, recorded

    plain, recorded = asyncio.run(main(), debug=True)

    assert plain[1] == recorded[1] == ["main", "origins"]
    assert recorded[0][-1] == "create_task"
