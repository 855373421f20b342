"""The methods that a recording puts in front of its loop's own, as attributes of that one loop."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from types import BuiltinFunctionType
from typing import Any

from grader.steps import BLOCKED_AFTER, MARK, Log, Seconds

_MISSING = object()
_STEP_NAMES = {
    "__step",
    "task_wakeup",
    "__wakeup",
}  # CPython Modules/_asynciomodule.c and Lib/asyncio/tasks.py


class Shadows:
    """The shadowing methods of one loop while they are in place; `remove` puts everything back."""

    def __init__(self, log: Log) -> None:
        loop = log.loop
        self._loop, self._step = loop, _step_class(log)
        self._call, self._timer = _timed_class(log, asyncio.Handle), _timed_class(log, asyncio.TimerHandle)
        made: dict[str, Callable[..., Any]] = {
            # BaseEventLoop.call_soon (Lib/asyncio/base_events.py) passes every step of every task through here.
            "_call_soon": _call_soon(log, loop._call_soon, self._step, self._call),
            "create_task": _create_task(log, loop.create_task),
            "run_in_executor": _run_in_executor(log, loop.run_in_executor),
        }
        if not log.virtual:
            made["call_at"] = _call_at(loop.call_at, self._timer)
        self._made = made
        self._before = {name: loop.__dict__.get(name, _MISSING) for name in made}
        loop.__dict__.update(made)

    def remove(self) -> None:
        """Put back what each attribute held before, and give waiting handles their class back."""
        loop = self._loop
        for name, method in self._made.items():
            if loop.__dict__.get(name) is not method:
                continue  # somebody shadowed it in turn: he calls ours, which only passes on by now
            if self._before[name] is _MISSING:
                del loop.__dict__[name]
            else:
                loop.__dict__[name] = self._before[name]
        # `_ready`, `_scheduled` (Lib/asyncio/base_events.py): the queue of handles and the heap of timers.
        for handle in [*loop._ready, *loop._scheduled]:
            if type(handle) in (self._step, self._call):
                handle.__class__ = asyncio.Handle
            elif type(handle) is self._timer:
                handle.__class__ = asyncio.TimerHandle


def _step_class(log: Log) -> type[asyncio.Handle]:
    """Return a Handle of the same memory layout that notes the step which it runs."""
    run, known, clock = asyncio.Handle._run, log.open, log.clock

    class Handle(asyncio.Handle):
        __slots__ = ()

        def _run(self) -> None:
            task = self._callback.__self__  # type: ignore[attr-defined]
            record = known.get(id(task))
            if record is None:
                run(self)
                return
            start = clock()
            ready, record.ready = record.ready, None
            if ready is None:
                ready = start
            log.ready, log.begun, log.since, log.running = ready, start, start, record
            try:
                run(self)
            finally:
                if log.running is record:  # not left or frozen in the middle of this step
                    log.finish(record, task, ready, start)

    return Handle


def _timed_class(log: Log, base: Any) -> Any:
    """Return a subclass of a handle class, of the same memory layout, that notes a callback which blocks the loop."""
    run, clock = asyncio.Handle._run, log.clock

    def _run(self: Any) -> None:
        start = log.since = clock()
        try:
            run(self)
        finally:
            log.since = None
            stop = clock()
            if stop - start >= BLOCKED_AFTER and log.live and self._context.get(MARK) is log.token:
                log.note_blocked(None, start, stop)

    return type(base.__name__, (base,), {"__slots__": (), "_run": _run})


def _call_soon(
    log: Log, original: Callable[..., Any], step: type[asyncio.Handle], call: type[asyncio.Handle]
) -> Callable[..., Any]:
    loop, ready, known, clock, future = log.loop, log.loop._ready, log.open, log.clock, asyncio.Future
    plain = getattr(original, "__func__", None) is asyncio.BaseEventLoop._call_soon  # type: ignore[attr-defined]
    timed = not log.virtual  # a virtual loop notes itself what blocks it
    stepper: type | None = None  # TaskStepMethWrapper (Modules/_asynciomodule.c), once it was seen

    def _call_soon(callback: Any, args: tuple[Any, ...], context: Context | None) -> Any:
        nonlocal stepper
        kind = type(callback)
        if kind is not stepper and (kind is not BuiltinFunctionType or callback.__name__ != "task_wakeup"):
            if kind.__name__ == "TaskStepMethWrapper":
                stepper = kind
            elif getattr(callback, "__name__", "") not in _STEP_NAMES:
                handle = original(callback, args, context)
                if (
                    type(handle) is asyncio.Handle
                    and not log.virtual
                    and log.live
                    and not _is_asyncio(callback)
                ):
                    handle.__class__ = call
                return handle
        task = callback.__self__
        record = known.get(id(task)) or log.adopt(task, callback, context)
        if record is None:
            return original(callback, args, context)
        record.ready = clock()
        # Task.cancel cancels the future and so comes here before it returns: this is its instant.
        if args and type(args[0]) is future and args[0].cancelled():
            log.note_cancel(record, task, record.ready)
        if plain:  # as BaseEventLoop._call_soon (Lib/asyncio/base_events.py), with our class
            handle = step(callback, args, loop, context)
            if handle._source_traceback:
                del handle._source_traceback[-1]
            ready.append(handle)
            return handle
        handle = original(callback, args, context)
        if type(handle) is asyncio.Handle:
            handle.__class__ = step
        return handle

    return _call_soon


def _call_at(original: Callable[..., Any], timer: type[asyncio.TimerHandle]) -> Callable[..., Any]:
    def call_at(when: float, callback: Any, *args: Any, context: Context | None = None) -> Any:
        handle = original(when, callback, *args, context=context)
        if type(handle) is asyncio.TimerHandle and getattr(callback, "__module__", "") != "asyncio.futures":
            handle.__class__ = timer
        return handle

    return call_at


def _create_task(log: Log, original: Callable[..., Any]) -> Callable[..., Any]:
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
        birth = log.conceive(coro)
        try:
            task = original(coro, **options)
        except BaseException:
            log.births.remove(birth)
            log.records.remove(birth.record)
            raise
        log.give_birth(birth, task)
        return task

    return create_task


def _run_in_executor(log: Log, original: Callable[..., Any]) -> Callable[..., Any]:
    def run_in_executor(executor: Any, func: Any, *args: Any) -> Any:
        if not log.live or MARK.get() is not log.token:
            return original(executor, func, *args)
        asking = log.current()
        job: dict[str, Any] = {
            "func": _name_of(func, args),
            "task": asking.id if asking else None,
            "submitted": log.clock(),
            "started": None,
            "ended": None,
        }
        log.jobs.append(job)
        if executor is None or isinstance(executor, ThreadPoolExecutor):
            return original(executor, _noting(job, log.clock, func), *args)
        future = original(executor, func, *args)  # another process could not load the wrapper
        clock = log.clock
        future.add_done_callback(lambda _: job.update(ended=clock()))
        return future

    return run_in_executor


def _noting(
    job: dict[str, Any], clock: Callable[[], Seconds], func: Callable[..., Any]
) -> Callable[..., Any]:
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
        elif isinstance(getattr(func, "__self__", None), Context) and args:  # what to_thread submits
            func, args = args[0], args[1:]
        else:
            return str(getattr(func, "__name__", type(func).__name__))
