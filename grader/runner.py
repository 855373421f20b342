"""Runs a function on a fresh loop in a fresh thread and reports the run as plain data."""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import gc
import inspect
import linecache
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from grader import wire
from grader.capture import Capture, Fact, task_name, watching
from grader.clock import Stuck, TooLong, VirtualLoop
from grader.recorder import Recorder
from grader.services import BOOK, Book
from grader.waits import describe, is_user_file

WALL_LIMIT = 5.0
_ORIGIN_DEPTH = 4  # frames kept of where a coroutine was created: enough to reach the student's line

Report = dict[str, Any]
Advance = Callable[[float | None], float | None]


class Run:
    """One run of `fn(*args)`; `execute` does it and returns the report.

    cell: the file name of the test cell that asks for the run.
    kind "virtual": on a VirtualLoop, `limit` in virtual seconds; "real": on asyncio's own loop, `limit` in
    seconds. make_book gets the run's clock (seconds since its start) and returns the book of its services.
    """

    def __init__(
        self,
        kind: str,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        limit: float,
        make_book: Callable[[Callable[[], float]], Book],
        cell: str,
        advance: Advance | None = None,
    ) -> None:
        self._kind, self._fn, self._args, self._cell = kind, fn, args, cell
        self._wall = WALL_LIMIT if kind == "virtual" else limit
        self._loop: asyncio.AbstractEventLoop = (
            VirtualLoop(limit=limit, wall_limit=WALL_LIMIT, advance=advance)
            if kind == "virtual"
            else asyncio.new_event_loop()
        )
        self._start = self._loop.time()
        self._book = make_book(lambda: round(self._loop.time() - self._start, 9))
        self._capture, self._recorder = Capture(), Recorder()
        self._ended = threading.Event()
        self._expired = self._over = False
        self._report: Report = {"value": None, "refused": None, "error": None, "elapsed": 0.0}

    def execute(self) -> Report:
        """Return value (encoded), error, elapsed, timeline, facts. Raises only what interrupts the caller."""
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(self._thread,), name="run", daemon=True)
        thread.start()
        try:
            # A virtual loop looks at the wall itself: only a run that never comes back to it is stopped here.
            if not self._ended.wait(self._wall + (1.0 if self._kind == "virtual" else 0.0)):
                self._stop(thread)
        except BaseException:
            self._stop(thread)  # an interrupted cell must not leave its run behind
            raise
        return self._report

    def _stop(self, thread: threading.Thread) -> None:
        self._expired = True
        if self._kind == "real" and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop_loop)
            if self._ended.wait(0.5):
                return
        for _ in range(10):
            ident = ctypes.c_ulong(thread.ident or 0)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(TooLong))
            if self._ended.wait(0.5):
                return
        error = plain_error(
            "TooLong", "TooLong: el programa ni siquiera se detiene: ¿una llamada que bloquea?"
        )
        self._report |= {"error": error, "timeline": None, "facts": []}

    def _stop_loop(self) -> None:
        self._recorder.freeze()
        self._loop.stop()

    def _thread(self) -> None:
        gc.freeze()  # what was there before can neither be blamed on this run nor cost its time
        sys.set_coroutine_origin_tracking_depth(_ORIGIN_DEPTH)
        BOOK.set(self._book)
        facts: list[Fact] = []
        try:
            with self._capture.collecting():
                facts += self._on_loop()
                gc.collect()
        except BaseException as error:  # an exception thrown into this thread can arrive anywhere
            self._report["error"] = self._report["error"] or error_info(error, self._cell)
        finally:
            gc.unfreeze()
            facts += self._capture.facts
            timeline = self._recorder.to_dict()
            timeline["unstarted"] = [fact["what"] for fact in facts if fact["kind"] == "never-awaited"]
            self._report |= {"timeline": timeline, "facts": facts}
            self._ended.set()

    def _on_loop(self) -> list[Fact]:
        loop = self._loop
        loop.set_exception_handler(self._capture.loop_error)
        loop.set_task_factory(watching(self._swallowed))
        if isinstance(loop, VirtualLoop):
            loop.freeze_hooks.append(self._recorder.freeze)
        asyncio.set_event_loop(loop)
        main = loop.create_task(self._main(), name="main")
        facts: list[Fact] = []
        try:
            self._keep(loop.run_until_complete(main))
        except BaseException as error:
            self._recorder.freeze()
            # Stopped in the middle of a step, the main task knows the line; the loop only that it is late.
            thrown = main.exception() if main.done() and not main.cancelled() else None
            facts += self._failed(thrown if isinstance(thrown, TooLong) else error)
        self._report["elapsed"] = round(loop.time() - self._start, 9)
        self._over = True
        self._book.close()
        if self._report["error"] is None:
            facts += [_pending_fact("leaked", task) for task in _others(loop)]
        facts += self._clock_facts()
        del main
        facts += self._clean_up()
        return facts

    async def _main(self) -> Any:
        with self._recorder:
            result = self._fn(*self._args)
            return await result if inspect.isawaitable(result) else result

    def _keep(self, value: Any) -> None:
        try:
            self._report["value"] = wire.encode(value)
        except wire.NotPlain as reason:
            self._report["refused"] = str(reason)

    def _failed(self, error: BaseException) -> list[Fact]:
        if self._expired and not isinstance(error, Stuck):
            error = TooLong()
        self._report["error"] = error_info(error, self._cell)
        traceback.clear_frames(
            error.__traceback__
        )  # or its frames keep coroutines alive that were never awaited
        if isinstance(error, Stuck):
            return [
                {"kind": type(error).__name__.lower(), "tasks": error.tasks, "at": error.at, "line": None}
            ]
        return []

    def _clock_facts(self) -> list[Fact]:
        """Sum up what blocked the loop by line; on a real loop it is a hint only, the machine may be slow."""
        loop = self._loop
        if isinstance(loop, VirtualLoop):
            kind, spans, reads = "blocked", loop.blocked, loop.wall_reads
        else:
            kind, spans, reads = "blocked-real", self._recorder.to_dict()["blocked"], []
        seconds: dict[int | None, float] = {}
        for span in spans:
            seconds[span["line"]] = seconds.get(span["line"], 0.0) + span["end"] - span["start"]
        facts: list[Fact] = [
            {"kind": kind, "seconds": round(t, 9), "line": line} for line, t in seconds.items()
        ]
        return facts + [{"kind": "wall-clock", "what": read["func"], "line": read["line"]} for read in reads]

    def _swallowed(self, task: asyncio.Task[Any]) -> None:
        if not self._over:
            self._capture.facts.append({"kind": "swallowed", "what": task_name(task), "line": None})

    def _clean_up(self) -> list[Fact]:
        """Cancel what is left, three times at most; then close. What still runs ignores cancellation."""
        loop, facts = self._loop, []
        if isinstance(loop, VirtualLoop):
            loop.lift_limits()
        grace = 1.0 if isinstance(loop, VirtualLoop) else 0.2
        try:
            for _ in range(3):
                if not (left := _others(loop)):
                    break
                for task in left:
                    task.cancel()
                loop.run_until_complete(asyncio.wait(left, timeout=grace))
                del left
            facts = [_pending_fact("ignores-cancellation", task) for task in _others(loop)]
            loop.run_until_complete(loop.shutdown_asyncgens())
        except BaseException as error:
            if not isinstance(error, Stuck | RuntimeError):
                raise
        finally:
            asyncio.set_event_loop(None)
            loop.close()
        return facts


def _others(loop: asyncio.AbstractEventLoop) -> list[asyncio.Task[Any]]:
    return sorted(asyncio.all_tasks(loop), key=asyncio.Task.get_name)


def _pending_fact(kind: str, task: asyncio.Task[Any]) -> Fact:
    wait = describe(task)
    return {"kind": kind, "what": task_name(task), "wait": wait.what, "line": wait.line}


def error_info(error: BaseException, cell: str = "") -> dict[str, Any]:
    """Return an exception as plain data: type, text, the leaves of a group, and the student's last line.

    cell: the file name of the test cell, whose own lines are not the student's.
    """
    leaves = _leaves(error)
    frames = traceback.extract_tb(leaves[0].__traceback__)
    last = next((f for f in reversed(frames) if f.filename != cell and is_user_file(f.filename)), None)
    info = plain_error(type(error).__name__, wire.error_text(error))
    if isinstance(error, BaseExceptionGroup):
        info["leaves"] = [wire.error_text(leaf) for leaf in leaves]
    if last:
        source = linecache.getline(last.filename, last.lineno or 0).strip()
        info |= {"line": last.lineno, "source": source, "function": last.name}
    return info


def plain_error(kind: str, text: str) -> dict[str, Any]:
    """Return the plain form of an error of which no line is known."""
    return {"type": kind, "text": text, "leaves": [], "line": None, "source": "", "function": ""}


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]
