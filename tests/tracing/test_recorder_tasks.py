"""Which tasks the recorder takes for its own, how it names them, and which it hides."""

import asyncio
import contextvars
import os

import pytest
from recording import names, record, record_real, task
from virtual import virtual_loop

from grader.tracing.recorder import Recorder


def test_names_are_read_late_enough():
    async def renames():
        await asyncio.sleep(1)
        asyncio.current_task().set_name("new")

    async def program():
        asyncio.create_task(asyncio.sleep(9), name="named at once")
        child = asyncio.create_task(renames(), name="old")
        await child

    assert names(record(program)) == ["main", "named at once", "new"]


def test_the_root_keeps_a_name_of_its_own():
    async def program():
        asyncio.current_task().set_name("cell")

    assert names(record(program)) == ["cell"]


def test_what_the_loop_does_for_a_dropped_generator_has_a_name():
    async def pages():
        try:
            yield 1
        finally:
            await asyncio.sleep(1)

    async def program():
        async for _ in pages():
            break
        await asyncio.sleep(2)

    assert [each["coro"] for each in record(program)["tasks"]][1:] == ["aclose"]


def test_children_know_their_parents():
    async def child():
        await asyncio.create_task(asyncio.sleep(1), name="grandchild")

    async def program():
        await asyncio.create_task(child(), name="child")

    data = record(program)

    assert [(seen["name"], seen["parent"]) for seen in data["tasks"]] == [
        ("main", None),
        ("child", 0),
        ("grandchild", 1),
    ]


def test_tasks_made_by_our_callbacks_are_ours():
    async def program():
        loop = asyncio.get_running_loop()
        loop.call_soon(lambda: loop.create_task(asyncio.sleep(1), name="by callback"))
        await asyncio.sleep(2)

    assert task(record(program), "by callback")["parent"] is None


def test_a_task_in_a_context_of_its_own_is_ours():
    async def program():
        loop = asyncio.get_running_loop()
        await loop.create_task(asyncio.sleep(1), name="apart", context=contextvars.Context())

    assert task(record(program), "apart")["state"] == "done"


def test_a_task_made_without_the_loop_is_ours():
    async def program():
        await asyncio.Task(asyncio.sleep(1), name="direct")

    data = record(program)

    assert (task(data, "direct")["parent"], task(data, "direct")["end"]) == (0, 1)


def test_a_task_made_from_a_thread_of_ours_is_ours():
    async def program():
        loop = asyncio.get_running_loop()

        def work():
            return asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()

        await asyncio.to_thread(work)

    assert [seen["coro"] for seen in record_real(program)["tasks"]] == ["main", "sleep"]


def test_a_foreign_task_that_we_wake_stays_foreign():
    async def main():
        event = asyncio.Event()
        foreign = asyncio.create_task(event.wait(), name="foreign")
        await asyncio.sleep(1)
        with Recorder() as recorder:
            asyncio.create_task(asyncio.sleep(1), name="ours")
            event.set()
            await foreign
        return recorder.to_dict()

    with virtual_loop() as loop:
        assert names(loop.run_until_complete(main())) == ["main", "ours"]


def test_tasks_that_are_not_written_in_c_are_recorded():
    async def program():
        loop = asyncio.get_running_loop()
        loop.set_task_factory(lambda loop, coro, **options: asyncio.tasks._PyTask(coro, loop=loop, **options))
        await loop.create_task(asyncio.sleep(1), name="python")

    seen = task(record(program), "python")

    assert (seen["slices"], seen["state"]) == ([[0, 0, 0], [1, 1, 1]], "done")


def test_a_factory_that_wraps_coroutines_makes_one_task_each():
    async def wrapped(coro):
        return await coro

    async def program():
        loop = asyncio.get_running_loop()
        loop.set_task_factory(lambda loop, coro, **options: asyncio.Task(wrapped(coro), loop=loop, **options))
        await asyncio.create_task(asyncio.sleep(1), name="a")

    data = record(program)

    assert names(data) == ["main", "a"]
    assert task(data, "a")["waits"][0]["what"] == "sleep 1 s"


def test_a_factory_that_fails_leaves_no_task():
    async def program():
        loop = asyncio.get_running_loop()
        loop.set_task_factory(lambda loop, coro, **options: 1 / 0)
        coro = asyncio.sleep(1)
        with pytest.raises(ZeroDivisionError):
            loop.create_task(coro)
        coro.close()

    assert names(record(program)) == ["main"]


def test_a_callback_that_is_only_called_like_a_step_is_none():
    class Machine:
        steps = 0

        def __step(self):
            self.steps += 1

        def start(self):
            asyncio.get_running_loop().call_soon(self.__step)

    async def program():
        machine.start()
        await asyncio.sleep(1)

    machine = Machine()
    data = record(program)

    assert (machine.steps, names(data)) == (1, ["main"])


LIBRARY = """
import asyncio

async def inside():
    await asyncio.sleep(1)

async def starts(coro):
    return asyncio.get_running_loop().create_task(coro)

async def works():
    await (await starts(inside()))
"""


def library():
    """The names of a library, that is of code whose file lies where Python's own does."""
    found = {}
    exec(compile(LIBRARY, os.path.join(os.path.dirname(os.__file__), "made_up_library.py"), "exec"), found)
    return found


def hidden(data):
    return {seen["coro"]: seen["hidden"] for seen in data["tasks"][1:]}


def test_a_task_that_a_library_makes_for_itself_is_hidden():
    assert hidden(record(library()["works"])) == {"inside": True}


def test_user_code_that_a_library_runs_is_shown():
    async def mine():
        await asyncio.sleep(1)

    async def program():
        await (await library()["starts"](mine()))

    assert hidden(record(program)) == {"mine": False}


@pytest.mark.parametrize(
    "make",
    [
        lambda: asyncio.create_task(asyncio.sleep(1)),
        lambda: asyncio.gather(asyncio.sleep(1)),
        lambda: asyncio.shield(asyncio.sleep(1)),
        lambda: asyncio.Task(asyncio.sleep(1)),
    ],
)
def test_a_librarys_coroutine_in_a_task_of_the_user_is_shown(make):
    async def program():
        await make()

    assert hidden(record(program)) == {"sleep": False}
