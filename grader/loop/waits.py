"""What a suspended task waits for, and on which line of the user's code."""

from __future__ import annotations

import asyncio
import math
import re
from types import CoroutineType, FunctionType, GeneratorType
from typing import Any, NamedTuple

from grader.loop.chain import SERVICE, TIMER, follow, is_user_file, user_line

__all__ = ["Wait", "describe", "file_of", "is_user_file", "read", "task_name", "user_line"]

_DEFAULT_NAME = re.compile(r"Task-\d+")
# Inner functions among the `_callbacks` of a future, which tell what it stands for: our loop's, and those of
# CPython, Lib/asyncio.
_CALLBACKS = {
    "VirtualLoop.run_in_executor.<locals>.pass_on_cancel": ("thread", "run_in_executor"),  # clock.py
    "_chain_future.<locals>._call_check_cancel": ("thread", "run_in_executor"),  # futures.py, wrap_future
    "shield.<locals>._outer_done_callback": ("task", "shield"),  # tasks.py, shield
}
_NUMBERS, _FUTURE = (int, float), asyncio.Future
_MOST_SHARED = 10_000
_shared: dict[tuple[str, str, int | None, None], tuple[str, str, int | None, None]] = {}
_PLAIN = ("future", "future")
_futures: dict[int | None, tuple[str, str, int | None, None]] = {}  # by line, as `_yields`
_yields: dict[int | None, tuple[str, str, int | None, None]] = {}  # by line: the commonest waits


class Wait(NamedTuple):
    """One wait of a task.

    kind: "timer", "sync", "task", "thread", "io", "future", "yield" or "service"; what: the words shown
    ("sleep 1 s", "queue.get", the name of a task ...); line: the user's line of the await, if there is one;
    due: the alarm time of a sleep in seconds of the loop's clock, else None.
    """

    kind: str
    what: str
    line: int | None
    due: float | None


def is_finalizer(task: asyncio.Task[Any]) -> bool:
    """Tell whether a task is the loop's own, to close a generator that was dropped halfway.

    `_asyncgen_finalizer_hook` (Lib/asyncio/base_events.py). On a real clock chance decides how far it is.
    """
    return type(task.get_coro()).__name__ == "async_generator_athrow"


def describe(task: asyncio.Task[Any]) -> Wait:
    """Return what the task waits for now. If it does not wait, `what` says in Spanish how far it is."""
    coro: Any = task.get_coro()
    if task.done() or coro is None:
        return Wait("yield", "fin", None, None)
    letters = "gi" if isinstance(coro, GeneratorType) else "cr"
    if getattr(coro, f"{letters}_suspended", True):
        return Wait(*read(task))
    running = getattr(coro, f"{letters}_running")
    frame = getattr(coro, f"{letters}_frame")
    return Wait("yield", "ejecución" if running else "su primer paso", user_line(frame), None)


def read(task: Any) -> tuple[str, str, int | None, float | None]:
    """Return the fields of a Wait of a task that is known to be suspended: `describe` without questions.

    The recorder asks this after every step, so it is written for speed: frames, which are made on demand, are
    asked for only where a line or a local is wanted.
    """
    # `_fut_waiter` (Modules/_asynciomodule.c, Task getset): the future whose end wakes the task.
    waiter = task._fut_waiter
    try:
        user, users, found, last = follow(task.get_coro())
    except Exception:  # somebody's awaitable does not like to be looked at: the program shall not notice
        return "future", "future", None, None
    line = None
    if users is not None:
        frame: Any = user.cr_frame if type(user) is CoroutineType else _frame(user)
        line = users.lines.get(frame.f_lasti) or users.learn_line(frame)
    if waiter is None:
        return _yields.get(line) or _yields.setdefault(line, ("yield", "sleep(0)", line, None))
    if found is None:
        what = _of_future(waiter, last)
        if what is _PLAIN:
            return _futures.get(line) or _futures.setdefault(line, (*_PLAIN, line, None))
        return _share((*what, line, None))
    if found is TIMER:
        return _sleep(last, line)
    if found is SERVICE:  # `label`: a local of Service._answer in grader/checks/services.py
        return "service", str(_frame(last).f_locals.get("label", "")), line, None
    return _share((*found, line, None))


def file_of(task: asyncio.Task[Any]) -> str:
    """Return the file of the line that `describe` names, "" if there is none."""
    user, *_ = follow(task.get_coro())
    return "" if user is None else str(_frame(user).f_code.co_filename)


def _share(wait: tuple[str, str, int | None, None]) -> tuple[str, str, int | None, None]:
    # Equal waits are one object: thousands of equal tuples would keep the garbage collector busy.
    if len(_shared) > _MOST_SHARED:
        _shared.clear()
    return _shared.setdefault(wait, wait)


def _frame(awaited: Any) -> Any:
    names = ("cr_frame", "gi_frame", "ag_frame")
    return next(frame for name in names if (frame := getattr(awaited, name, None)))


def _sleep(outer: Any, line: int | None) -> tuple[str, str, int | None, float | None]:
    inner = outer
    while type(inner.cr_await) is CoroutineType:  # anyio.sleep awaits asyncio.sleep
        inner = inner.cr_await
    # `delay` and `h` are locals of asyncio.sleep (Lib/asyncio/tasks.py): the argument and its TimerHandle.
    names = inner.cr_frame.f_locals
    delay, timer = names.get("delay"), names.get("h")
    what = f"sleep {delay:g} s" if isinstance(delay, _NUMBERS) else "sleep"
    due = timer.when() if isinstance(timer, asyncio.TimerHandle) else math.inf
    return "timer", what, line, due if math.isfinite(due) else None


def _of_future(waiter: Any, library: Any) -> tuple[str, str]:
    if type(waiter) is not _FUTURE:
        if isinstance(waiter, asyncio.Task):
            return "task", waiter.get_name()
        if type(waiter).__name__ == "_GatheringFuture":  # Lib/asyncio/tasks.py, what gather returns
            return "task", "gather"
    # `_callbacks` (Modules/_asynciomodule.c, Future getset): pairs of callback and context. The task's own
    # comes last; who stands for something else was there before.
    callbacks = getattr(waiter, "_callbacks", None) or ()
    if len(callbacks) > 1:
        for callback, _ in callbacks:
            if type(callback) is FunctionType and (found := _CALLBACKS.get(callback.__qualname__)):
                return found
    if (
        library is not None and getattr(library, "__qualname__", "") == "wait_for"
    ):  # up to 3.11: its own future
        return "task", "wait_for"
    return _PLAIN


def task_name(task: asyncio.Task[Any]) -> str:
    """Return the name of a task; a default one, Task-7, says nothing, so then that of its coroutine."""
    name = task.get_name()
    coro = task.get_coro()
    return getattr(coro, "__name__", name) if _DEFAULT_NAME.fullmatch(name) else name
