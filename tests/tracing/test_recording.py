"""What a recording holds, and that a recorded program does exactly what it does unrecorded."""

import asyncio
import contextvars
import gc
import sys
import threading
import time
import traceback
import weakref

import pytest

from grader import Timeline, run_virtual
from grader.loop.awaits import describe
from grader.loop.virtual_loop import VirtualLoop

eager = pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks exist from Python 3.12")


def record(program, *args):
    """Run a program on a virtual loop inside a Timeline; return its value and the data."""

    async def main():
        with Timeline() as timeline:
            value = await program(*args)
        return value, timeline.to_dict()

    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()


def task(data, name):
    return next(task for task in data["tasks"] if task["name"] == name)


async def two_sleeps():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(1), name="a")
        group.create_task(asyncio.sleep(2), name="b")


def test_tasks_have_names_parents_instants_and_ends():
    _, data = record(two_sleeps)

    assert [(t["name"], t["parent"], t["created"], t["end"], t["state"]) for t in data["tasks"]] == [
        ("main", None, 0.0, 2.0, "done"),
        ("a", 0, 0.0, 1.0, "done"),
        ("b", 0, 0.0, 2.0, "done"),
    ]


def test_a_sleep_tells_its_length_line_and_alarm():
    async def nap():
        await asyncio.sleep(1.5)

    _, data = record(nap)

    [wait] = task(data, "main")["waits"]
    assert (wait["kind"], wait["what"], wait["due"]) == ("timer", "sleep 1.5 s", 1.5)
    assert wait["line"] == nap.__code__.co_firstlineno + 1


async def each_kind():
    queue, lock, event = asyncio.Queue(), asyncio.Lock(), asyncio.Event()
    await lock.acquire()
    programs = {
        "queue": queue.get,
        "lock": lock.acquire,
        "event": event.wait,
        "thread": lambda: asyncio.to_thread(time.sleep, 1),
        "gather": lambda: asyncio.gather(asyncio.sleep(1)),
    }

    async def await_it(make):
        await make()

    async with asyncio.TaskGroup() as group:
        for name, make in programs.items():
            group.create_task(await_it(make), name=name)
        await asyncio.sleep(1)
        queue.put_nowait(1)
        lock.release()
        event.set()


def test_each_kind_of_wait_is_recognised():
    _, data = record(each_kind)

    found = {
        t["name"]: t["waits"][0]["what"] for t in data["tasks"] if t["name"] in ("queue", "lock", "event")
    }
    assert found == {"queue": "queue.get", "lock": "cerrojo", "event": "event.wait"}
    assert task(data, "thread")["waits"][0]["kind"] == "thread"
    assert task(data, "gather")["waits"][0]["what"] == "gather"
    assert task(data, "main")["waits"][-1]["what"] == "TaskGroup"


def test_a_failure_and_a_cancellation_are_told_apart():
    async def program():
        async def fail():
            await asyncio.sleep(1)
            raise ValueError

        async with asyncio.TaskGroup() as group:
            group.create_task(fail(), name="falla")
            group.create_task(asyncio.sleep(9), name="otra")

    async def caught():
        try:
            await program()
        except* ValueError:
            pass

    _, data = record(caught)

    assert (task(data, "falla")["state"], task(data, "falla")["error"]) == ("failed", "ValueError")
    assert task(data, "otra")["state"] == "cancelled"


def test_an_executor_call_is_a_row_with_function_and_instants():
    async def program():
        await asyncio.to_thread(time.sleep, 1)

    _, data = record(program)

    [row] = data["threads"]
    assert (row["func"], row["task"], row["submitted"]) == ("sleep", 0, 0.0)


def test_a_blocked_virtual_loop_names_task_and_line():
    async def block():
        time.sleep(2)

    async def program():
        await asyncio.create_task(block(), name="bloqueante")

    _, data = record(program)

    [span] = data["blocked"]
    assert (span["start"], span["end"], span["line"]) == (0.0, 2.0, block.__code__.co_firstlineno + 1)
    assert data["tasks"][span["task"]]["name"] == "bloqueante"


def test_a_stuck_run_is_frozen_before_clean_up():
    async def hang():
        await asyncio.Event().wait()

    data = run_virtual(hang).timeline.to_dict()

    assert data["frozen"]
    assert [t["state"] for t in data["tasks"]] == ["stuck"]


def test_a_virtual_run_drawn_twice_is_identical_to_the_byte():
    drawn = [run_virtual(two_sleeps).timeline._repr_mimebundle_() for _ in range(2)]

    assert drawn[0] == drawn[1]
    assert 'role="img"' in drawn[0]["text/html"]


# unharmed programs


def life_of_an_orphan(recorded):
    """Whether a task that nobody references, waiting on a future that nobody holds, survives a collection."""
    loop = VirtualLoop()
    loop.set_exception_handler(lambda loop, context: None)

    async def orphan():
        await asyncio.get_running_loop().create_future()

    async def program():
        ref = weakref.ref(asyncio.create_task(orphan(), name="perdida"))
        await asyncio.sleep(1)
        gc.collect()
        return ref() is not None

    async def main():
        if not recorded:
            return await program(), None
        with Timeline() as timeline:
            alive = await program()
        return alive, timeline.to_dict()

    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()


def test_a_recorded_run_collects_what_a_plain_run_collects():
    plain, _ = life_of_an_orphan(recorded=False)
    recorded, data = life_of_an_orphan(recorded=True)

    assert plain is recorded is False
    assert (task(data, "perdida")["state"], task(data, "perdida")["end"]) == ("collected", 1)
    assert task(data, "perdida")["waits"][0]["what"] == "futuro"


def test_the_results_of_tasks_are_not_kept():
    class Thing:
        pass

    async def program():
        thing = Thing()
        ref = weakref.ref(thing)
        await asyncio.create_task(asyncio.sleep(1, thing))
        del thing
        await asyncio.sleep(0)  # the step after an await still holds what it awaited
        gc.collect()
        return ref() is None

    assert record(program)[0] is True


def test_a_timeout_leaves_no_cancellation_behind():
    async def program():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.sleep(9)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(9), 1)
        return asyncio.current_task().cancelling()

    assert record(program)[0] == 0


def test_a_cancellation_by_call_soon_is_no_step_of_the_task():
    async def program():
        victim = asyncio.create_task(asyncio.sleep(9), name="w")
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(victim.cancel)
        await asyncio.wait([victim])
        return victim.cancelled()

    value, data = record(program)

    assert value is True
    assert len(task(data, "w")["slices"]) == 2


def test_context_variables_and_the_current_task_are_those_of_the_program():
    var = contextvars.ContextVar("var", default=0)

    async def child():
        return var.get(), asyncio.current_task().get_name()

    async def program():
        var.set(7)
        return await asyncio.create_task(child(), name="hija")

    assert record(program)[0] == (7, "hija")


def test_a_traceback_shows_no_frame_of_the_grader():
    async def program():
        async def fail():
            raise ValueError

        try:
            await asyncio.create_task(fail())
        except ValueError as error:
            return [frame.filename for frame in traceback.extract_tb(error.__traceback__)]

    assert all("grader" not in name.replace("\\", "/").split("/")[-2:] for name in record(program)[0])


def test_an_async_generator_is_seen_through():
    async def ticks():
        for i in range(2):
            await asyncio.sleep(1)
            yield i

    async def program():
        return [i async for i in ticks()]

    value, data = record(program)

    assert value == [0, 1]
    assert [wait["what"] for wait in task(data, "main")["waits"]] == ["sleep 1 s"] * 2


def test_debug_mode_works():
    async def program():
        asyncio.get_running_loop().set_debug(True)
        await two_sleeps()
        return asyncio.get_running_loop().time()

    assert record(program)[0] == 2.0


@eager
def test_eager_tasks_are_recorded_and_their_factory_stays():
    async def program():
        loop = asyncio.get_running_loop()
        loop.set_task_factory(asyncio.eager_task_factory)
        done = asyncio.create_task(asyncio.sleep(0, 1), name="a")
        await done
        return loop.get_task_factory() is asyncio.eager_task_factory

    value, data = record(program)

    assert value is True
    assert task(data, "a")["state"] == "done"


def test_tasks_of_others_are_not_recorded():
    loop = VirtualLoop()

    async def foreign():
        await asyncio.create_task(asyncio.sleep(1), name="ajena-hija")

    async def main():
        other = asyncio.create_task(foreign(), name="ajena")
        with Timeline() as timeline:
            await asyncio.sleep(2)
        await other
        return [t["name"] for t in timeline.to_dict()["tasks"]]

    assert loop.run_until_complete(main()) == ["main"]
    loop.close()


def test_a_second_recorder_on_the_same_loop_is_refused():
    async def program():
        with pytest.raises(RuntimeError):
            Timeline().__enter__()

    record(program)


def test_everything_of_the_loop_is_as_before():
    loop = VirtualLoop()
    before = dict(vars(loop))
    threads = threading.active_count()

    async def main():
        with Timeline():
            await two_sleeps()
        kept = {
            name: vars(loop).get(name) for name in ("_call_soon", "create_task", "run_in_executor", "call_at")
        }
        return kept

    kept = loop.run_until_complete(main())

    assert kept == {name: before.get(name) for name in kept}
    assert threading.active_count() == threads
    loop.close()


def test_a_task_may_outlive_its_recorder():
    loop = VirtualLoop()

    async def main():
        with Timeline() as timeline:
            late = asyncio.create_task(asyncio.sleep(5, "tarde"), name="late")
            await asyncio.sleep(1)
        return await late, timeline.to_dict()

    value, data = loop.run_until_complete(main())

    assert (value, task(data, "late")["state"], data["end"]) == ("tarde", "pending", 1.0)
    loop.close()


def test_a_real_loop_is_recorded_too():
    async def main():
        with Timeline() as timeline:
            await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))
        return timeline.to_dict()

    data = asyncio.run(main())

    assert data["clock"] == "real"
    assert len(data["tasks"]) == 3


def test_the_private_names_that_the_recorder_reads_are_there():
    loop = VirtualLoop()

    async def main():
        waiting = asyncio.create_task(asyncio.sleep(1))
        await asyncio.sleep(0)
        return hasattr(waiting, "_fut_waiter"), describe(waiting).what

    assert loop.run_until_complete(main()) == (True, "sleep 1 s")
    for name in ("_call_soon", "_ready", "_scheduled"):
        assert hasattr(loop, name)
    assert issubclass(asyncio.TimerHandle, asyncio.Handle)
    assert hasattr(asyncio.Handle, "_run")
    loop.close()
