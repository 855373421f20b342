"""Private names on which the recorder relies: a Python that lacks one fails here. And a real kernel."""

import asyncio
import contextvars
import inspect

import pytest
from live_kernel import live_kernel

# private names: a Python that lacks one fails here


def callbacks_of(make):
    """The callbacks that asyncio queues while a task runs, with the names that the recorder looks at."""

    async def main():
        loop = asyncio.get_running_loop()
        original, seen = loop._call_soon, []

        def look(callback, args, context):
            seen.append(
                (type(callback).__name__, getattr(callback, "__name__", None), callback.__self__, context)
            )
            return original(callback, args, context)

        loop._call_soon = look
        task = make(asyncio.sleep(0.001))
        await asyncio.sleep(0.01)
        del loop._call_soon
        return [(kind, name, context) for kind, name, owner, context in seen if owner is task]

    return asyncio.run(main())


def test_the_steps_of_a_task_still_have_their_names():
    (first, name, _), (second, wakes, context) = callbacks_of(asyncio.create_task)

    assert (first, name) == ("TaskStepMethWrapper", None)
    assert (second, wakes) == ("builtin_function_or_method", "task_wakeup")
    assert isinstance(context, contextvars.Context)


def test_the_steps_of_a_python_task_still_have_their_names():
    def make(coro):
        return asyncio.tasks._PyTask(coro, loop=asyncio.get_running_loop())

    assert [name for _, name, _ in callbacks_of(make)] == ["__step", "__wakeup"]


@pytest.mark.parametrize("name", ["_ready", "_scheduled"])
def test_a_loop_still_has_its_queue(name):
    with asyncio.Runner() as runner:
        assert len(vars(runner.get_loop())[name]) == 0


def test_call_soon_of_a_loop_still_does_no_more_than_ours():
    source = inspect.getsource(asyncio.BaseEventLoop._call_soon)

    assert [line.strip() for line in source.splitlines()] == [
        "def _call_soon(self, callback, args, context):",
        "handle = events.Handle(callback, args, self, context)",
        "if handle._source_traceback:",
        "del handle._source_traceback[-1]",
        "self._ready.append(handle)",
        "return handle",
    ]


@pytest.mark.parametrize("name", ["_callback", "_args", "_context", "_loop", "_source_traceback", "_run"])
def test_a_handle_still_has_this(name):
    assert hasattr(asyncio.Handle, name)


def test_what_ends_a_timeout_scope_still_has_its_name():
    assert callable(asyncio.Timeout._on_timeout)
    assert callable(asyncio.tasks._release_waiter)


def test_a_finished_task_still_has_its_exception_beside_exception():
    async def fails():
        raise LookupError

    async def main():
        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        return type(task._exception), type(task.exception())

    assert asyncio.run(main()) == (LookupError, LookupError)


# a real kernel


CELL = """
import asyncio
from grader.tracing.recorder import Recorder

async def child():
    await asyncio.sleep(0)
    await asyncio.sleep(0.001)  # line 7

with Recorder() as recorder:
    await asyncio.create_task(child(), name="child")
await asyncio.sleep(0.001)
data = recorder.to_dict()
print([task["name"] for task in data["tasks"]], [wait["line"] for wait in data["tasks"][1]["waits"]])
print([len(task["slices"]) for task in data["tasks"]])
"""


def test_in_a_cell_the_cell_is_the_root_and_the_kernels_tasks_are_not_seen(tmp_path):
    with live_kernel(tmp_path) as kernel:
        runs = [kernel.run(CELL.strip()) for _ in range(2)]

    assert {run.status for run in runs} == {"ok"}
    assert [run.stdout for run in runs] == ["['main', 'child'] [5, 6]\n[2, 3]\n"] * 2
