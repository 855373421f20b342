"""The chain of awaits of a suspended task: which function of whose code waits, and where."""

from __future__ import annotations

import gc
import os
import site
import sysconfig
import weakref
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import Any

PACKAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")

_USER, _LIBRARY = ("user", ""), ("library", "")  # roles of functions that are in nobody's table
TIMER, SERVICE = ("timer", "sleep"), ("service", "")

# The outermost function of a library between the user's await and the future, by co_qualname. Whose library
# it is does not matter: anyio's Lock.acquire is a lock as well as asyncio's.
_KNOWN: dict[str, tuple[str, str]] = {
    "sleep": TIMER,
    "Service._answer": SERVICE,
    "Lock.acquire": ("sync", "lock"),
    "Semaphore.acquire": ("sync", "semaphore"),
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
    "Process.wait": ("io", "process"),
    "Process.communicate": ("io", "process"),
    "Server.serve_forever": ("io", "server"),
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


def follow(awaited: Any) -> tuple[Any, Code | None, tuple[str, str] | None, Any]:
    """Follow the awaits inwards, up to the first function of a library that is known to wait.

    Return the last awaitable of user code, what is known of its function, the role (kind and words) of the
    one that waits, and that one; if there is none, None and the last awaitable of a library below.
    """
    user = users = library = None
    code: CodeType | None
    while True:  # no chain of awaits is deeper than the recursion limit
        if type(awaited) is CoroutineType:
            code = awaited.cr_code
            inner = awaited.cr_await
        elif awaited is None or type(awaited) in _ends:
            return user, users, None, library
        else:
            code, inner = _open(awaited)
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
                return user, users, known.role, awaited
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


def _drives(held: Any) -> bool:
    return (
        isinstance(held, CoroutineType | GeneratorType | AsyncGeneratorType)
        or type(held).__name__ in _WRAPPERS
    )
