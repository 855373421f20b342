"""What a suspended task waits for, and on which line of the user's code."""

from __future__ import annotations

import asyncio
import gc
import math
import os
import site
import sysconfig
import weakref
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, FunctionType, GeneratorType
from typing import Any, NamedTuple


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


_TIMER, _SERVICE = ("timer", "sleep"), ("service", "")
# What the outermost function of a library between the user's await and the future is called (co_qualname).
# The files are those of no user, so anyio's Lock.acquire counts as well as asyncio's.
_KNOWN: dict[str, tuple[str, str]] = {
    "Lock.acquire": ("sync", "lock"),
    "Semaphore.acquire": ("sync", "semaphore"),
    "Queue.get": ("sync", "queue.get"),
    "Queue.put": ("sync", "queue.put"),
    "Queue.join": ("sync", "queue.join"),
    "Event.wait": ("sync", "event"),
    "Condition.wait": ("sync", "condition"),
    "Barrier.wait": ("sync", "barrier"),
    "TaskGroup.__aexit__": ("task", "TaskGroup"),
    "wait": ("task", "wait"),
    "_wait": ("task", "wait"),
    "as_completed.<locals>._wait_for_one": ("task", "as_completed"),  # up to 3.12
    "_AsCompletedIterator._wait_for_one": ("task", "as_completed"),  # from 3.13
    "_AsCompletedIterator.__anext__": ("task", "as_completed"),
    "to_thread": ("thread", "to_thread"),
    "Process.wait": ("io", "process"),
    "Process.communicate": ("io", "process"),
    "Server.serve_forever": ("io", "server"),
    "sleep": ("timer", "sleep"),
    "Service._answer": ("service", ""),
}
_IO_CLASSES = ("SocketStream.", "StreamReader.", "StreamWriter.", "FlowControlMixin.")
_IO_FUNCTIONS = (
    "sock_",
    "create_connection",
    "create_server",
    "open_connection",
    "connect_tcp",
    "getaddrinfo",
)
# CPython Lib/asyncio: inner functions among the `_callbacks` of a future, which tell what it stands for.
_CALLBACKS = {
    "_chain_future.<locals>._call_check_cancel": ("thread", "run_in_executor"),  # futures.py, wrap_future
    "shield.<locals>._outer_done_callback": ("task", "shield"),  # tasks.py, shield
}
# CPython Objects/genobject.c, iterobject.c: objects that drive a coroutine or generator without showing it.
_WRAPPERS = {"coroutine_wrapper", "async_generator_asend", "async_generator_athrow", "anext_awaitable"}


def describe(task: asyncio.Task[Any]) -> Wait:
    """Return what the task waits for now. If it does not wait, `what` says in Spanish how far it is."""
    coro: Any = task.get_coro()
    if task.done() or coro is None:
        return Wait("yield", "fin", None, None)
    letters = "gi" if isinstance(coro, GeneratorType) else "cr"
    if getattr(coro, f"{letters}_suspended", True):
        return Wait(*read(task))
    frame = getattr(coro, f"{letters}_frame")
    running = getattr(coro, f"{letters}_running")
    return Wait("yield", "ejecución" if running else "su primer paso", user_line(frame), None)


def user_line(frame: FrameType | None) -> int | None:
    """Return the line of the innermost frame of user code among this one and its callers."""
    while frame is not None and not is_user_file(frame.f_code.co_filename):
        frame = frame.f_back
    return frame.f_lineno if frame else None


def is_user_file(filename: str) -> bool:
    """Return whether code of this file is neither Python's, nor an installed package's, nor the grader's."""
    known = _user_files.get(filename)
    if known is None:
        known = not os.path.normcase(filename).startswith(_LIBRARIES)
        _user_files[filename] = known
    return known


def _library_roots() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    roots = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    roots |= {_PACKAGE, os.path.dirname(os.__file__), site.getusersitepackages(), *site.getsitepackages()}
    return ("<frozen", *sorted(os.path.join(os.path.normcase(root), "") for root in roots))


_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_LIBRARIES = _library_roots()
_user_files: dict[str, bool] = {}


def read(task: Any) -> tuple[str, str, int | None, float | None]:
    """Return the fields of a Wait of a task that is known to be suspended (`describe` without questions).

    Follows the awaits inwards up to the first function of a library that is known to wait; frames are asked for
    only where a line or a local is wanted, because each is made on demand.
    """
    # `_fut_waiter` (Modules/_asynciomodule.c, Task getset): the future whose end wakes the task.
    waiter = task._fut_waiter
    awaited = task.get_coro()
    user = users = found = library = None
    while True:  # no chain of awaits is deeper than the recursion limit
        if type(awaited) is CoroutineType:
            code, inner = awaited.cr_code, awaited.cr_await
        elif type(awaited) in _ENDS:
            break
        else:
            code, inner = _open(awaited)
        if code is not None:
            known = _codes.get(id(code)) or _learn(code)
            role = known.role
            if role is _USER:
                user, users, library = awaited, known, None
            elif role is not _LIBRARY:
                found = role
                break
            else:
                library = awaited
        if inner is None:
            break
        awaited = inner
    line = None
    if users is not None:
        frame = user.cr_frame if type(user) is CoroutineType else _frame(user)
        line = users.lines.get(frame.f_lasti) or users.learn_line(frame)
    if waiter is None:
        return _YIELDS.get(line) or _YIELDS.setdefault(line, ("yield", "sleep(0)", line, None))
    if found is None:
        return *_of_future(waiter, library), line, None
    if found is _TIMER:
        return _sleep(awaited, line)
    if found is _SERVICE:
        return "service", str(_frame(awaited).f_locals.get("label", "")), line, None
    return *found, line, None


def _frame(awaited: Any) -> FrameType:
    # Cython's coroutines have the attributes without the type.
    names = ("cr_frame", "gi_frame", "ag_frame")
    return next(frame for name in names if (frame := getattr(awaited, name, None)))


def _open(awaited: Any) -> tuple[CodeType | None, Any]:
    """Return the code of an awaitable that is no coroutine, and what that one awaits."""
    if type(awaited) is GeneratorType:
        return awaited.gi_code, awaited.gi_yieldfrom
    if type(awaited) is AsyncGeneratorType:
        return awaited.ag_code, awaited.ag_await
    if type(awaited).__name__ in _WRAPPERS:
        return None, next((held for held in gc.get_referents(awaited) if _drives(held)), None)
    if type(awaited).__name__ == "FutureIter":  # Modules/_asynciomodule.c: what awaiting a future drives
        _ENDS.add(type(awaited))
    return getattr(awaited, "cr_code", None), getattr(awaited, "cr_await", None)


def _drives(held: Any) -> bool:
    return (
        isinstance(held, CoroutineType | GeneratorType | AsyncGeneratorType)
        or type(held).__name__ in _WRAPPERS
    )


class _Code:
    """What is known of a function: its role, and the lines where it was found waiting."""

    __slots__ = ("lines", "ref", "role")

    def __init__(self, code: CodeType) -> None:
        key = id(code)
        self.role = _role(code)
        self.lines: dict[int, int] = {}
        self.ref = weakref.ref(code, lambda _: _codes.pop(key, None))

    def learn_line(self, frame: FrameType) -> int:
        """Return the line of a frame of this function; computing it from the code takes long, so only once."""
        line = self.lines[frame.f_lasti] = frame.f_lineno
        return line


def _learn(code: CodeType) -> _Code:
    known = _codes[id(code)] = _Code(code)
    return known


def _role(code: CodeType) -> Any:
    if is_user_file(code.co_filename):
        return _USER
    name = code.co_qualname
    if name == "Service.__call__" and not code.co_filename.startswith(_PACKAGE):
        return _LIBRARY
    if name.startswith(_IO_CLASSES) or name.rpartition(".")[2].startswith(_IO_FUNCTIONS):
        return "io", "socket"
    return _KNOWN.get(name, _LIBRARY)


_USER, _LIBRARY = "user", "library"
_codes: dict[int, _Code] = {}  # by id(code), for hashing a code object takes long
_YIELDS: dict[
    int | None, tuple[str, str, int | None, None]
] = {}  # by line: the commonest of waits, made once
_ENDS: set[type] = set()
_NUMBERS = (int, float)


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
    if isinstance(waiter, asyncio.Task):
        return "task", waiter.get_name()
    if type(waiter).__name__ == "_GatheringFuture":  # Lib/asyncio/tasks.py, what gather returns
        return "task", "gather"
    # `_callbacks` (Modules/_asynciomodule.c, Future getset): pairs of callback and context.
    for callback, _ in getattr(waiter, "_callbacks", None) or ():
        if type(callback) is FunctionType and (found := _CALLBACKS.get(callback.__qualname__)):
            return found
    if (
        library is not None and getattr(library, "__qualname__", "") == "wait_for"
    ):  # up to 3.11: its own future
        return "task", "wait_for"
    return "future", "future"
