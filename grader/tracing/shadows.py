"""The methods that a recording puts in front of its loop's own, as attributes of that one loop."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from types import BuiltinFunctionType
from typing import Any

from grader.tracing import jobs
from grader.tracing.steps import MARK, Log

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
            "run_in_executor": jobs.recording(log, loop.run_in_executor),
        }
        if not log.virtual:  # a virtual loop notes by itself what blocks it
            self._made["call_at"] = _call_at(loop.call_at, self._timer)
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


def _call_at(original: Method, timer: Any) -> Method:
    def call_at(when: float, callback: Any, *args: Any, context: Any = None) -> Any:
        handle = original(when, callback, *args, context=context)
        return handle if _is_harmless(callback) else _marked(handle, timer)

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
