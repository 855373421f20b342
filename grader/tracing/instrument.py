"""Puts what the program calls (asyncio's functions, executors) behind shadows that report the calls."""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import Context
from types import BuiltinFunctionType
from typing import Any

from grader.tracing.log import MARK, Log, Seconds

_MISSING = object()
Method = Callable[..., Any]


class Shadows:
    """The shadowing methods of one loop, in place from the beginning; `remove` puts everything back."""

    def __init__(self, log: Log) -> None:
        loop = self._loop = log.loop
        self._step = _step_class(log)
        self._call, self._timer = _timed_class(log, asyncio.Handle), _timed_class(log, asyncio.TimerHandle)
        self._made: dict[str, Method] = {
            # BaseEventLoop.call_soon (Lib/asyncio/base_events.py): each step of each task comes through here.
            "_call_soon": _call_soon(log, loop._call_soon, self._step, self._call),
            "create_task": _create_task(log, loop.create_task),
            "run_in_executor": recording(log, loop.run_in_executor),
            "call_at": _call_at(log, loop.call_at, self._timer),
        }
        self._before = {name: vars(loop).get(name, _MISSING) for name in self._made}
        vars(loop).update(self._made)

    def remove(self) -> None:
        """Put back what each attribute held before, and give waiting handles their class back."""
        attributes = vars(self._loop)
        for name, method in self._made.items():
            if attributes.get(name) is not method:
                continue  # shadowed by somebody else in turn, who calls ours: from now on it only passes on
            if self._before[name] is _MISSING:
                del attributes[name]
            else:
                attributes[name] = self._before[name]
        # `_ready`, `_scheduled` (Lib/asyncio/base_events.py): the queue of handles and the heap of timers.
        for handle in [*self._loop._ready, *self._loop._scheduled]:
            if type(handle) in (self._step, self._call):
                handle.__class__ = asyncio.Handle
            elif type(handle) is self._timer:
                handle.__class__ = asyncio.TimerHandle


def _step_class(log: Log) -> Any:
    """Return a Handle of the same memory layout that notes the step which it runs."""
    run, known, clock = asyncio.Handle._run, log.open, log.clock

    def _run(self: Any) -> None:
        task = self._callback.__self__
        record = known.get(id(task))
        if record is None:
            run(self)
            return
        log.begun = log.since = start = clock()
        log.ready = ready = start if record.ready is None else record.ready
        record.ready = None
        log.running = record
        try:
            run(self)
        finally:
            if log.running is record:  # neither left nor frozen in the middle of this step
                log.finish(record, task, ready, start)

    return type("Handle", (asyncio.Handle,), {"__slots__": (), "_run": _run})


def _timed_class(log: Log, base: Any) -> Any:
    """Return a handle class of the same memory layout as base that notes a callback which blocks the loop."""
    run, clock = asyncio.Handle._run, log.clock

    def _run(self: Any) -> None:
        start = log.since = clock()
        try:
            run(self)
        finally:
            log.since = None
            stop = clock()
            if stop - start >= log.limit and log.live and self._context.get(MARK) is log.token:
                log.note_blocked(None, start, stop)

    return type(base.__name__, (base,), {"__slots__": (), "_run": _run})


def _call_soon(log: Log, original: Method, step: Any, call: Any) -> Method:
    queue, known, clock, future = _queue(log, original), log.open, log.clock, asyncio.Future
    stepper: type | None = None  # TaskStepMethWrapper (Modules/_asynciomodule.c), once one was seen

    def _call_soon(callback: Any, args: tuple[Any, ...], context: Any) -> Any:
        nonlocal stepper
        kind = type(callback)
        if kind is not stepper and (kind is not BuiltinFunctionType or callback.__name__ != "task_wakeup"):
            if kind.__name__ == "TaskStepMethWrapper":
                stepper = kind
            elif not _is_step(callback):
                quick = log.virtual or _is_harmless(callback)
                return queue(asyncio.Handle if quick else call, callback, args, context)
        task = callback.__self__
        record = known.get(id(task)) or log.adopt(task, callback, context)
        if record is None:
            return queue(asyncio.Handle, callback, args, context)
        record.ready = clock()
        # Task.cancel cancels the future and so comes here before it returns: this is its instant.
        if args and type(args[0]) is future and args[0].cancelled():
            log.note_cancel(record, task, record.ready)
        return queue(step, callback, args, context)

    return _call_soon


def _queue(log: Log, original: Method) -> Method:
    """Return what puts a handle of a given class into the queue of the loop."""
    loop, ready = log.loop, log.loop._ready

    def make(kind: Any, callback: Any, args: tuple[Any, ...], context: Any) -> Any:
        # As BaseEventLoop._call_soon (Lib/asyncio/base_events.py), in another class and one frame deeper.
        handle = kind(callback, args, loop, context)
        if handle._source_traceback:
            del handle._source_traceback[-2:]
        ready.append(handle)
        return handle

    def mark(kind: Any, callback: Any, args: tuple[Any, ...], context: Any) -> Any:
        return _marked(original(callback, args, context), kind)

    plain = getattr(original, "__func__", None) is asyncio.BaseEventLoop._call_soon  # type: ignore[attr-defined]
    return make if plain else mark


def _is_step(callback: Any) -> bool:
    # Task.__step, Task.__wakeup (Lib/asyncio/tasks.py): tasks that are not written in C.
    named = getattr(callback, "__name__", "") in ("__step", "__wakeup")
    return named and asyncio.isfuture(getattr(callback, "__self__", None))


def _is_harmless(callback: Any) -> bool:
    """Return whether a callback is asyncio's own, which blocks nothing: most are, and to time them costs."""
    if type(getattr(callback, "__self__", None)) is asyncio.Future:
        return True
    return str(getattr(callback, "__module__", "")).startswith("asyncio.")


def _marked(handle: Any, kind: Any) -> Any:
    if type(handle) is kind.__base__:
        handle.__class__ = kind
    return handle


# What a timeout scope hangs on its timer: `Timeout.reschedule` (Lib/asyncio/timeouts.py); `wait_for` up to
# 3.11 and `_wait` (Lib/asyncio/tasks.py).
_ON_TIMEOUT = getattr(asyncio.Timeout, "_on_timeout", _MISSING)
_RELEASE = getattr(asyncio.tasks, "_release_waiter", _MISSING)


def _call_at(log: Log, original: Method, timer: Any) -> Method:
    def call_at(when: float, callback: Any, *args: Any, context: Any = None) -> Any:
        handle = original(when, callback, *args, context=context)
        function = getattr(callback, "__func__", callback)
        ends_a_scope = function is _ON_TIMEOUT or function is _RELEASE
        if ends_a_scope and log.live and MARK.get() is log.token:
            log.note_limit(when, handle, args[0] if args else callback.__self__)
        if log.virtual or _is_harmless(callback):  # a virtual loop notes by itself what blocks it
            return handle
        return _marked(handle, timer)

    return call_at


def _create_task(log: Log, original: Method) -> Method:
    loop = log.loop

    def create_task(coro: Any, **options: Any) -> Any:
        if not log.live or MARK.get() is not log.token:
            return original(coro, **options)
        if loop.get_task_factory() is None and not options.get("eager_start"):
            log.making += 1
            try:
                return original(coro, **options)
            finally:
                log.making -= 1
        birth = log.conceive(coro, sys._getframe(1))
        try:
            task = original(coro, **options)
        except BaseException:
            log.abandon(birth)
            raise
        log.deliver(birth, task)
        return task

    return create_task


Job = dict[str, Any]


def recording(log: Log, original: Method) -> Method:
    """Return a `run_in_executor` that notes its calls in `log.jobs` and leaves the rest to `original`."""
    clock, lines = log.clock, dict[Executor, _Line]()

    def run_in_executor(executor: Any, func: Any, *args: Any) -> Any:
        if not log.live or MARK.get() is not log.token:
            return original(executor, func, *args)
        asking = log.current()
        job: Job = {"func": _name_of(func, args), "task": asking.id if asking else None, "kind": "other"}
        job |= {"submitted": clock(), "started": None, "ended": None}
        log.jobs.append(job)
        if executor is None or isinstance(executor, ThreadPoolExecutor):
            job["kind"] = "thread"
            return original(executor, _noting(job, clock, func), *args)
        if _is_process_pool(executor):
            job["kind"] = "process"
            line = lines.get(executor) or lines.setdefault(executor, _Line(executor, clock))
            return original(_Passing(executor, functools.partial(line.join, job)), func, *args)
        future = original(executor, func, *args)
        if future.done():  # from 3.14 an outcome that is there already does not take the way through the loop
            job["ended"] = clock()
        else:
            future.add_done_callback(lambda _: job.update(ended=clock()))
        return future

    return run_in_executor


def _is_process_pool(executor: Any) -> bool:
    module = sys.modules.get("concurrent.futures.process")  # whoever has no such pool shall not load it
    return module is not None and isinstance(executor, module.ProcessPoolExecutor)


class _Passing(Executor):
    """Passes one call on to an executor and hands out its future, which asyncio keeps to itself."""

    def __init__(self, executor: Executor, tell: Callable[[Future[Any]], None]) -> None:
        self._executor, self._tell = executor, tell

    def submit(self, func: Method, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit the function itself: another process could not load a wrapper."""
        future = self._executor.submit(func, *args, **kwargs)
        self._tell(future)
        return future


class _Line:
    """The calls of one pool: as many at work as it has processes, the others in the order they came.

    The pool itself calls one more "running" than are (EXTRA_QUEUED_CALLS, Lib/concurrent/futures/process.py).
    """

    def __init__(self, pool: Any, clock: Callable[[], Seconds]) -> None:
        # ProcessPoolExecutor._max_workers (Lib/concurrent/futures/process.py, `__init__`)
        self._free: int = pool._max_workers
        self._clock, self._lock, self._queue = clock, threading.Lock(), deque[Job]()

    def join(self, job: Job, future: Future[Any]) -> None:
        """Let a call begin, or queue."""
        with self._lock:
            self._queue.append(job)
            self._begin()
        future.add_done_callback(functools.partial(self._leave, job))

    def _leave(self, job: Job, future: Future[Any]) -> None:
        with self._lock:
            job["ended"] = self._clock()
            if job in self._queue:  # cancelled, or its pool broke: it never ran
                self._queue.remove(job)
            else:
                self._free += 1
            self._begin()

    def _begin(self) -> None:
        while self._queue and self._free:
            self._queue.popleft()["started"] = self._clock()
            self._free -= 1


def _noting(job: Job, clock: Callable[[], Seconds], func: Method) -> Method:
    def work(*args: Any) -> Any:
        job["started"] = clock()
        try:
            return func(*args)
        except BaseException as error:
            if error.__traceback__ is not None:
                error.__traceback__ = error.__traceback__.tb_next  # the traceback shall not show this frame
            raise
        finally:
            job["ended"] = clock()

    return work


def _name_of(func: Any, args: tuple[Any, ...]) -> str:
    while True:
        if isinstance(func, functools.partial):
            func, args = func.func, func.args + args
        elif isinstance(getattr(func, "__self__", None), Context) and args:  # what to_thread hands over
            func, args = args[0], args[1:]
        else:
            return str(getattr(func, "__name__", type(func).__name__))
