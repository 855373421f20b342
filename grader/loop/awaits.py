"""What a suspended task waits for, in whose code, and on which line."""

from __future__ import annotations

import asyncio
import gc
import math
import os
import re
import site
import sysconfig
import weakref
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, FunctionType, GeneratorType
from typing import Any, NamedTuple

PACKAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")

_USER, _LIBRARY = ("user", ""), ("library", "")  # roles of functions that are in nobody's table
TIMER, SERVICE = ("timer", "sleep"), ("service", "")

# The outermost function of a library between the user's await and the future, by co_qualname. Whose library
# it is does not matter: anyio's Lock.acquire is a lock as well as asyncio's.
_KNOWN: dict[str, tuple[str, str]] = {
    "sleep": TIMER,
    "Service._answer": SERVICE,
    "Lock.acquire": ("sync", "cerrojo"),
    "Semaphore.acquire": ("sync", "semáforo"),
    "Queue.get": ("sync", "queue.get"),
    "Queue.put": ("sync", "queue.put"),
    "Queue.join": ("sync", "queue.join"),
    "Event.wait": ("sync", "event.wait"),
    "Condition.wait": ("sync", "condition.wait"),
    "Barrier.wait": ("sync", "barrier.wait"),
    "TaskGroup.__aexit__": ("task", "TaskGroup"),
    "wait": ("task", "wait"),
    "as_completed.<locals>._wait_for_one": ("task", "as_completed"),  # up to 3.12
    "_AsCompletedIterator._wait_for_one": ("task", "as_completed"),  # from 3.13
    "to_thread": ("thread", "to_thread"),
    "Process.wait": ("io", "proceso"),
    "Process.communicate": ("io", "proceso"),
    "Server.serve_forever": ("io", "servidor"),
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
# CPython Objects/genobject.c, iterobject.c: objects that drive a coroutine or generator without showing it.
_WRAPPERS = {"coroutine_wrapper", "async_generator_asend", "async_generator_athrow", "anext_awaitable"}


def user_line(frame: FrameType | None) -> int | None:
    """Return the line of the innermost frame of user code among this one and its callers."""
    found = user_frame(frame)
    return found.f_lineno if found else None


def user_frame(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of user code among this one and its callers."""
    while frame is not None and not is_user_file(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


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
    roots |= {PACKAGE, os.path.dirname(os.__file__), site.getusersitepackages(), *site.getsitepackages()}
    return ("<frozen", *sorted(os.path.join(os.path.normcase(root), "") for root in roots))


class Code:
    """What is known of a function: its role, and the lines where it was found waiting."""

    __slots__ = ("lines", "ref", "role")

    def __init__(self, code: CodeType) -> None:
        key = id(code)
        self.role = _role(code)
        self.lines: dict[int, int] = {}
        self.ref = weakref.ref(code, lambda _: _codes.pop(key, None))

    def learn_line(self, frame: FrameType) -> int:
        """Return the line of a frame of this function; computing it from the code takes long, so once."""
        line = self.lines[frame.f_lasti] = frame.f_lineno
        return line


_LIBRARIES = _library_roots()
_user_files: dict[str, bool] = {}
_codes: dict[int, Code] = {}  # by id(code), for hashing a code object takes long
_ends: set[type] = set()  # types at which a chain of awaits ends


def _learn(code: CodeType) -> Code:
    known = _codes[id(code)] = Code(code)
    return known


def _role(code: CodeType) -> tuple[str, str]:
    if is_user_file(code.co_filename):
        return _USER
    name = code.co_qualname
    if name == "Service._answer" and not code.co_filename.startswith(PACKAGE):
        return _LIBRARY
    if name.startswith(_IO_CLASSES) or name.rpartition(".")[2].startswith(_IO_FUNCTIONS):
        return "io", "socket"
    return _KNOWN.get(name, _LIBRARY)


def follow(awaited: Any) -> tuple[Any, Code | None, tuple[str, str] | None, Any, tuple[str, ...]]:
    """Follow the awaits inwards, up to the first function of a library that is known to wait.

    Return the last awaitable of user code, what is known of its function, the role (kind and words) of the
    one that waits, and that one; if there is none, None and the last awaitable of a library below. Last, the
    names of the user's async generators on the way, from the outermost.
    """
    user = users = library = None
    within: tuple[str, ...] = ()
    code: CodeType | None
    while True:  # no chain of awaits is deeper than the recursion limit
        if type(awaited) is CoroutineType:
            code = awaited.cr_code
            inner = awaited.cr_await
        elif awaited is None or type(awaited) in _ends:
            return user, users, None, library, within
        else:
            code, inner = _open(awaited)
            if type(awaited) is AsyncGeneratorType and _is_named(awaited):
                within = (*within, awaited.__name__)
        if code is not None:
            try:
                known = _codes[id(code)]
            except KeyError:
                known = _learn(code)
            if known.role is _USER:
                user = awaited
                users = known
                library = None
            elif known.role is not _LIBRARY:
                return user, users, known.role, awaited, within
            else:
                library = awaited
        awaited = inner


def _open(awaited: Any) -> tuple[CodeType | None, Any]:
    """Return the code of an awaitable that is no coroutine, and what that one awaits."""
    if type(awaited) is GeneratorType:
        return awaited.gi_code, awaited.gi_yieldfrom
    if type(awaited) is AsyncGeneratorType:
        return awaited.ag_code, awaited.ag_await
    name = type(awaited).__name__
    if name in _WRAPPERS:
        return None, next((held for held in gc.get_referents(awaited) if _drives(held)), None)
    if name == "FutureIter":  # Modules/_asynciomodule.c: what awaiting a future drives
        _ends.add(type(awaited))
    return getattr(awaited, "cr_code", None), getattr(awaited, "cr_await", None)  # Cython's coroutines


def _is_named(generator: Any) -> bool:
    """Return whether an async generator is a function of the user's, not an expression."""
    return is_user_file(generator.ag_code.co_filename) and generator.__name__ != "<genexpr>"


def _drives(held: Any) -> bool:
    return (
        isinstance(held, CoroutineType | GeneratorType | AsyncGeneratorType)
        or type(held).__name__ in _WRAPPERS
    )


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
_Known = tuple[str, str, int | None, None, tuple[str, ...]]  # a wait without an alarm
_shared: dict[_Known, _Known] = {}
_PLAIN = ("future", "futuro")
_futures: dict[int | None, _Known] = {}  # by line, as `_yields`
_yields: dict[int | None, _Known] = {}  # by line: the commonest waits


class Wait(NamedTuple):
    """One wait of a task.

    kind: "timer", "sync", "task", "thread", "io", "future", "yield" or "service"; what: the words shown
    ("sleep 1 s", "queue.get", the name of a task ...); line: the user's line of the await, if there is one;
    due: the alarm time of a sleep in seconds of the loop's clock, else None; within: the user's async
    generators that it waits in, from the outermost.
    """

    kind: str
    what: str
    line: int | None
    due: float | None
    within: tuple[str, ...] = ()


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


def read(task: Any) -> tuple[str, str, int | None, float | None, tuple[str, ...]]:
    """Return the fields of a Wait of a task that is known to be suspended: `describe` without questions.

    The recorder asks this after every step, so it is written for speed: frames, which are made on demand, are
    asked for only where a line or a local is wanted.
    """
    # `_fut_waiter` (Modules/_asynciomodule.c, Task getset): the future whose end wakes the task.
    waiter = task._fut_waiter
    try:
        user, users, found, last, within = follow(task.get_coro())
    except Exception:  # somebody's awaitable does not like to be looked at: the program shall not notice
        return (*_PLAIN, None, None, ())
    line = None
    if users is not None:
        frame: Any = user.cr_frame if type(user) is CoroutineType else _frame(user)
        line = users.lines.get(frame.f_lasti) or users.learn_line(frame)
    if waiter is None:
        known = _yields.get(line) if not within else _share(("yield", "sleep(0)", line, None, within))
        return known or _yields.setdefault(line, ("yield", "sleep(0)", line, None, within))
    if found is None:
        what = _of_future(waiter, last)
        if what is _PLAIN and not within:
            return _futures.get(line) or _futures.setdefault(line, (*_PLAIN, line, None, within))
        return _share((*what, line, None, within))
    if found is TIMER:
        return _sleep(last, line, within)
    if found is SERVICE:  # `label`: a local of Service._answer in grader/checks/services.py
        return "service", str(_frame(last).f_locals.get("label", "")), line, None, within
    return _share((*found, line, None, within))


def file_of(task: asyncio.Task[Any]) -> str:
    """Return the file of the line that `describe` names, "" if there is none."""
    user, *_ = follow(task.get_coro())
    return "" if user is None else str(_frame(user).f_code.co_filename)


def _share(wait: _Known) -> _Known:
    # Equal waits are one object: thousands of equal tuples would keep the garbage collector busy.
    if len(_shared) > _MOST_SHARED:
        _shared.clear()
    return _shared.setdefault(wait, wait)


def _frame(awaited: Any) -> Any:
    names = ("cr_frame", "gi_frame", "ag_frame")
    return next(frame for name in names if (frame := getattr(awaited, name, None)))


def _sleep(
    outer: Any, line: int | None, within: tuple[str, ...]
) -> tuple[str, str, int | None, float | None, tuple[str, ...]]:
    inner = outer
    while type(inner.cr_await) is CoroutineType:  # anyio.sleep awaits asyncio.sleep
        inner = inner.cr_await
    # `delay` and `h` are locals of asyncio.sleep (Lib/asyncio/tasks.py): the argument and its TimerHandle.
    names = inner.cr_frame.f_locals
    delay, timer = names.get("delay"), names.get("h")
    what = f"sleep {three_digits(delay)} s" if isinstance(delay, _NUMBERS) else "sleep"
    due = timer.when() if isinstance(timer, asyncio.TimerHandle) else math.inf
    return "timer", what, line, due if math.isfinite(due) else None, within


def three_digits(number: float) -> str:
    """Return a number with at most three significant digits; from 1000 on, as an integer."""
    return f"{number:.3g}" if abs(number) < 999.5 else f"{number:.0f}"


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
