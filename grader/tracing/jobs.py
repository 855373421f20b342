"""The executor calls of a recording: who does them, and when each begins."""

from __future__ import annotations

import functools
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import Context
from typing import Any

from grader.tracing.record import Seconds
from grader.tracing.steps import MARK, Log

Method = Callable[..., Any]
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
