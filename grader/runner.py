"""Runs a function on a fresh loop in a fresh thread and reports the run as plain data."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import ctypes
import gc
import inspect
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from grader import faketime, wire
from grader.capture import Capture, Fact, watching
from grader.clock import Stuck, TooLong, VirtualLoop
from grader.raised import error_info, plain_error, running_at
from grader.recorder import Recorder
from grader.services import BOOK, Book
from grader.waits import describe, file_of, is_finalizer, task_name

WALL_LIMIT = 3.0
_GRACE = 0.5  # a virtual loop looks at the wall itself, unless the program never comes back to it
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
        self._capture, self._recorder = Capture(cell), Recorder(check=cell)
        self._ended = threading.Event()
        self._expired = self._over = False
        self._late = TooLong()  # with the tasks of a real run that waits for too long
        self._spinning: dict[str, Any] = {}  # where a program was that never came back to its loop
        self._report: Report = {"value": None, "refused": None, "error": None, "elapsed": 0.0}

    def execute(self) -> Report:
        """Return value (encoded), error, elapsed, timeline, facts. Raises only what interrupts the caller."""
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(self._thread,), name="run", daemon=True)
        thread.start()
        try:
            if not self._ended.wait(self._wall + (_GRACE if self._kind == "virtual" else 0.0)):
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
        ident = thread.ident or 0
        task = asyncio.current_task(self._loop)
        self._spinning = running_at(sys._current_frames().get(ident), self._cell)
        self._spinning["task"] = task_name(task) if task else ""
        for _ in range(10):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(TooLong))
            if self._ended.wait(0.5):
                return
        error = plain_error(
            "TooLong", "TooLong: el programa ni siquiera se detiene: ¿una llamada que bloquea?"
        )
        self._report |= {"error": error, "timeline": None, "facts": []}

    def _stop_loop(self) -> None:
        self._recorder.freeze()
        self._late.report(self._loop)
        self._late.at = round(self._loop.time() - self._start, 1)
        self._loop.stop()

    def _thread(self) -> None:
        gc.freeze()  # what was there before can neither be blamed on this run nor cost its time
        sys.set_coroutine_origin_tracking_depth(_ORIGIN_DEPTH)
        BOOK.set(self._book)
        facts: list[Fact] = []
        try:
            with self._capture.collecting(), self._faking():
                facts += self._on_loop()
                gc.collect()
        except BaseException as error:  # an exception thrown into this thread can arrive anywhere
            self._report["error"] = self._report["error"] or error_info(error, self._cell)
        finally:
            gc.unfreeze()
            facts += self._capture.facts
            timeline = self._recorder.to_dict()
            timeline["unstarted"] = [fact["what"] for fact in facts if fact["kind"] == "never-awaited"]
            at = dict.fromkeys(("start", "end"), timeline["end"])
            spun = [fact["line"] for fact in facts if fact["kind"] == "spinning"]
            timeline["blocked"] += [at | {"task": None, "line": line} for line in spun]
            self._report |= {"timeline": timeline, "facts": facts}
            self._ended.set()

    @contextlib.contextmanager
    def _faking(self) -> Iterator[None]:
        """Let what the student's modules took by `from time import sleep` see the run's clock."""
        with contextlib.ExitStack() as stack:
            if self._kind == "virtual":
                for namespace in _namespaces((self._fn, *self._args)):
                    stack.callback(faketime.rebind(namespace))
            yield

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
            facts += [self._pending_fact("leaked", task) for task in _others(loop, self._kind == "virtual")]
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
            error = self._late
        self._report["error"] = info = error_info(error, self._cell)
        traceback.clear_frames(
            error.__traceback__
        )  # or its frames keep coroutines alive that were never awaited
        if self._spinning:
            text = f"TooLong: tras {self._wall:g} s reales el programa no devuelve el control al bucle"
            info |= self._spinning | {"text": text}
            return [{"kind": "spinning", "what": info["task"], "line": info["line"]}]
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
        for span in (each for each in spans if each["line"] != 0):  # 0: the check itself, starting a server
            seconds[span["line"]] = seconds.get(span["line"], 0.0) + span["end"] - span["start"]
        facts: list[Fact] = [
            {"kind": kind, "seconds": round(t, 9), "line": line} for line, t in seconds.items()
        ]
        return facts + [{"kind": "wall-clock", "what": read["func"], "line": read["line"]} for read in reads]

    def _pending_fact(self, kind: str, task: asyncio.Task[Any]) -> Fact:
        wait = describe(task)
        line = None if file_of(task) == self._cell else wait.line
        return {"kind": kind, "what": task_name(task), "wait": wait.what, "line": line}

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
            facts = [self._pending_fact("ignores-cancellation", task) for task in _others(loop)]
            loop.run_until_complete(loop.shutdown_asyncgens())
        except BaseException as error:
            if not isinstance(error, Stuck | RuntimeError):
                raise
        finally:
            asyncio.set_event_loop(None)
            loop.close()
        return facts


def _namespaces(things: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the globals of functions, of coroutine functions and of the methods of classes, each once."""
    members = (
        m for thing in things for m in [thing, *(vars(thing).values() if isinstance(thing, type) else ())]
    )
    found = (getattr(member, "__globals__", None) for member in members)
    return list({id(names): names for names in found if isinstance(names, dict)}.values())


def _others(loop: asyncio.AbstractEventLoop, finalizers: bool = True) -> list[asyncio.Task[Any]]:
    tasks = [task for task in asyncio.all_tasks(loop) if finalizers or not is_finalizer(task)]
    return sorted(tasks, key=asyncio.Task.get_name)
