"""Runs a student's function on a clock of its own, and reports what happened."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import ctypes
import gc
import inspect
import io
import linecache
import logging
import sys
import threading
import time
import traceback
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import CodeType, FrameType
from typing import Any

from grader.checks import values
from grader.checks.mistakes import Owner, mistakes, owner
from grader.checks.service import BOOK, RUNNING, Book
from grader.checks.values import error_text
from grader.loop import patched_time, stopwatch
from grader.loop.awaits import describe, file_of, is_finalizer, is_user_file, task_name
from grader.loop.patched_time import real_monotonic
from grader.loop.stopwatch import LOOK, Stopwatch
from grader.loop.stuck import Stuck, TooLong
from grader.loop.virtual_loop import VirtualLoop
from grader.loop.wording import recognise
from grader.tracing.recorder import Recorder


def error_info(error: BaseException, is_own: Owner = is_user_file) -> dict[str, Any]:
    """Return an exception as plain data: type, text, the leaves of a group, and the student's last line.

    is_own: tells whether the lines of a file are the student's.
    """
    leaves = _leaves(error)
    steps = [(step.f_code, line) for step, line in traceback.walk_tb(leaves[0].__traceback__)]
    own = [step for step in steps if is_own(step[0].co_filename)]
    info = plain_error(type(error).__name__, values.error_text(error))
    if isinstance(error, BaseExceptionGroup):
        info["leaves"] = [values.error_text(leaf) for leaf in leaves]
    if own:
        info |= _place(*own[-1])
    return info


def plain_error(kind: str, text: str) -> dict[str, Any]:
    """Return the plain form of an error of which no line is known."""
    return {"type": kind, "text": text, "leaves": [], "line": None, "source": "", "function": ""}


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def running_at(frame: FrameType | None, is_own: Owner) -> dict[str, Any]:
    """Return the student's innermost line below a running frame, as `error_info` tells it; {} if none."""
    while frame is not None:
        if is_own(frame.f_code.co_filename):
            return _place(frame.f_code, frame.f_lineno)
        frame = frame.f_back
    return {}


def _place(code: CodeType, line: int) -> dict[str, Any]:
    source = linecache.getline(code.co_filename, line).strip()
    return {"line": line, "source": source, "function": code.co_qualname}


Fact = dict[str, Any]

# CPython Lib/asyncio: the code by which a TaskGroup interrupts its parent and a timeout its task; both
# take it back with uncancel (before 3.13 a TaskGroup forgets to). TaskGroup.cancel is there from 3.15.
_OWN_CANCELS: list[CodeType] = [
    getattr(owner, name).__code__
    for owner, name in (
        (asyncio.TaskGroup, "_on_task_done"),
        (asyncio.TaskGroup, "cancel"),
        (asyncio.Timeout, "_on_timeout"),
    )
    if hasattr(owner, name)
]


class WatchedTask(asyncio.Task[Any]):
    """A Task that notices when it swallows a cancellation which somebody else asked for."""

    asked = 0
    on_swallow: Callable[[asyncio.Task[Any]], None]

    def cancel(self, msg: Any | None = None) -> bool:
        accepted = super().cancel(msg)
        if accepted and not _is_own(sys._getframe(1).f_code):
            if not self.asked:
                self.add_done_callback(WatchedTask._look)
            self.asked += 1
        return accepted

    def set_name(self, value: object) -> None:
        # CPython 3.13.0 Lib/asyncio/base_events.py, create_task: with a task factory all are named "None".
        if value is not None:
            super().set_name(value)

    def uncancel(self) -> int:
        if not _is_own(sys._getframe(1).f_code):
            self.asked = max(0, self.asked - 1)
        return super().uncancel()

    def _look(self) -> None:
        # `_exception` (Modules/_asynciomodule.c, Task getset): exception() would count as retrieving it.
        if self.asked and self.cancelling() and not self.cancelled() and self._exception is None:
            self.on_swallow(self)


WatchedTask.__name__ = WatchedTask.__qualname__ = "Task"  # what students see of it


def watching(on_swallow: Callable[[asyncio.Task[Any]], None]) -> Callable[..., WatchedTask]:
    """Return a task factory of WatchedTasks that report to `on_swallow`."""

    def make(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> WatchedTask:
        task = WatchedTask(coro, loop=loop, **options)
        task.on_swallow = on_swallow
        return task

    return make


def _is_own(code: CodeType) -> bool:
    return any(code is own for own in _OWN_CANCELS)


class Capture(logging.Handler):
    """Collects warnings, stderr, asyncio's log, loop errors and unraisable errors of a run as facts."""

    def __init__(self, is_own: Owner = is_user_file) -> None:
        """is_own: tells whether the lines of a file are the student's."""
        super().__init__()
        self.facts: list[Fact] = []
        self._is_own = is_own

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """Divert the process's stderr, warnings, asyncio logger and unraisable hook while in the block."""
        logger, hook = logging.getLogger("asyncio"), sys.unraisablehook
        before = logger.handlers, logger.propagate
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stderr(io.StringIO()) as stderr,
        ):
            warnings.simplefilter("always")
            logger.handlers, logger.propagate = [self], False
            sys.unraisablehook = self._unraisable
            try:
                yield
            finally:
                sys.unraisablehook = hook
                logger.handlers, logger.propagate = before
                while caught:  # to forget one coroutine may be to lose another, which warns in its turn
                    self._warning(caught.pop(0))
                if text := stderr.getvalue().strip():
                    self.facts.append({"kind": "stderr", "what": text[:500], "line": None})

    def loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Note what a loop would log; for `loop.set_exception_handler`."""
        message, error = str(context.get("message", "")), context.get("exception")
        source = context.get("task") or context.get("future")
        name = task_name(source) if isinstance(source, asyncio.Task) else ""
        if recognise("exception forgotten", message):
            kind = "lost-exception"
        elif recognise("task collected", message):
            kind = "collected"
        else:
            kind = "loop-error"
        self.facts.append({"kind": kind, "what": name, "error": _name_error(error) or message, "line": None})
        if error is not None:
            self.facts += mistakes(error, self._is_own)

    def emit(self, record: logging.LogRecord) -> None:
        self.facts.append({"kind": "log", "what": record.getMessage()[:500], "line": None})

    def _warning(self, message: warnings.WarningMessage) -> None:
        found = recognise("coroutine forgotten", str(message.message))
        if not found:
            self.facts.append({"kind": "warning", "what": str(message.message)[:500], "line": None})
            return
        self.facts.append(
            {"kind": "never-awaited", "what": found[1].rpartition(".")[2], **self._origin(message.source)}
        )

    def _origin(self, coroutine: Any) -> Fact:
        """Return on which of the student's lines a coroutine was made; or, made by the test, whose it is.

        How deep asyncio looks is limited: a coroutine of which nobody knows the maker is nobody's.
        """
        files = [(file, line) for file, line, _ in getattr(coroutine, "cr_origin", None) or ()]
        made = next((step for step in files if is_user_file(step[0])), None)
        line = next((line for file, line in files if self._is_own(file)), None)
        if made is None or self._is_own(made[0]):
            return {"line": line}
        code = getattr(coroutine, "cr_code", None)
        own = code is not None and self._is_own(code.co_filename)
        return {"line": None, "wait": "own" if own else "given"}

    def _unraisable(self, args: Any) -> None:
        self.facts.append(
            {"kind": "loop-error", "what": "", "error": _name_error(args.exc_value), "line": None}
        )


def _name_error(error: BaseException | None) -> str:
    return "" if error is None else error_text(error)


CPU_LIMIT = 3.0  # seconds of a processor that the thread of a virtual run may use
# Seconds of its own in which a virtual run may wait for what is real: a thread's work, a blocking call.
STILL_LIMIT = 3.0 if stopwatch.EXACT else 15.0
GUARD = 60.0  # real seconds after which a run that has not had its own seconds yet is given up
BUSY = "Busy"  # the type of the error of a run that was given up so
GONE = "Parada"  # and of one whose process has ended, or was ended
UNDEFINED = "SinDefinir"  # and of one that had nothing to call: its text is all that is to be told
_GRACE = 0.5  # of its own seconds, for a loop that was told to stop to do so
_LAST = 1.0  # and for a thread to end after an exception was thrown into it
_REAL_GRACE = 0.2  # and for the cancelled tasks of a real run to end
_TURNS = 100  # of cancelling what is left, as long as each finds generators alone that the one before let go
_ORIGIN_DEPTH = 4  # frames kept of where a coroutine was created: enough to reach the student's line

Report = dict[str, Any]
Advance = Callable[[float | None], float | None]


class Run:
    """One run of `fn(*args)`; `execute` does it and returns the report.

    cell: the file name of the test cell that asks for the run.
    kind "virtual": on a VirtualLoop, `limit` in virtual seconds; "real": on asyncio's own loop, `limit` in
    seconds. make_book gets the run's clock (seconds since its start) and returns the book of its services.

    How busy the machine is ends no run: what is limited is the processor's time of its thread, and the time
    that passes while nothing of this process waits for a processor (Stopwatch.own) or for the book. A run
    that has had neither after GUARD seconds ends with the error BUSY, which says nothing of the program.
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
        self._began = time.process_time()
        self._clock: int | None = None  # of the thread, where the system has one
        self._limit = CPU_LIMIT if kind == "virtual" else limit
        self._answers = _Answers()
        self._loop: asyncio.AbstractEventLoop = (
            VirtualLoop(
                limit=limit,
                cpu_limit=CPU_LIMIT,
                advance=None if advance is None else self._answers.timed(advance),
            )
            if kind == "virtual"
            else _made_in_a_thread(asyncio.new_event_loop)
        )
        self._start = self._loop.time()
        self._book = make_book(lambda: round(self._loop.time() - self._start, 9))
        self._answers.watch(self._book)
        self._is_own = owner(cell)
        self._capture, self._recorder = Capture(self._is_own), Recorder(is_own=self._is_own)
        self._ended = threading.Event()
        self._ending = threading.Lock()  # held while an exception is thrown into the thread, and at its end
        self._thrown = False
        self._expired = self._over = False
        self._late = TooLong()  # with the tasks of a real run that waits for too long
        # What is told of a program that never came back to its loop: its error's details and the fact.
        self._hung: tuple[dict[str, Any], Fact] | None = None
        self._report: Report = {"value": None, "refused": None, "error": None, "elapsed": 0.0}

    def execute(self) -> Report:
        """Return value (encoded), error, elapsed, timeline, facts. Raises only what interrupts the caller."""
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(self._thread,), name="run", daemon=True)
        watch = Stopwatch()
        thread.start()
        try:
            while not self._ended.wait(LOOK):
                watch.look()
                if reason := self._overdue(watch):
                    return self._stop(thread.ident or 0, watch, reason)
        except BaseException:
            self._stop(thread.ident or 0, watch, "interrupted")  # or its run would be left behind
            raise
        finally:
            RUNNING.pop(self._loop, None)
        return self._report

    def _overdue(self, watch: Stopwatch) -> str:
        """Return why the run ends now, or ""."""
        own, cpu = watch.own - self._answers.seconds(), self._cpu()
        if self._kind == "real" and own >= self._limit:
            return "late"
        # Its loop would have seen it at CPU_LIMIT; and then there is a long recording to be closed.
        noticed = isinstance(self._loop, VirtualLoop) and self._loop.stopped
        if self._kind == "virtual" and cpu >= CPU_LIMIT * (1 + noticed) + _GRACE:
            return "spinning"
        if self._kind == "virtual" and own - cpu >= STILL_LIMIT:
            return "still"
        return BUSY if watch.wall >= GUARD + (self._limit if self._kind == "real" else 0.0) else ""

    def _stop(self, ident: int, watch: Stopwatch, reason: str) -> Report:
        """End the run, by its loop if that still turns, else by an exception in its thread."""
        self._expired = True
        own, cpu = watch.own, self._cpu()
        # Of a thread without a clock of its own nobody knows whether it, or another one, has used so much.
        sure = reason == "interrupted" or (reason == "spinning" and self._clock is not None)
        if not sure and self._ask_to_stop(watch):
            report = self._report
        else:
            spinning = reason == "spinning" or self._cpu() - cpu > (watch.own - own) / 2
            report = self._break_off(ident, watch, spinning)
        error = report["error"]
        if reason == BUSY and error is not None and error["type"] == "TooLong":
            text = f"{BUSY}: la máquina está demasiado ocupada y el programa no ha podido terminar"
            return report | {"error": plain_error(BUSY, text), "timeline": None, "facts": []}
        return report

    def _ask_to_stop(self, watch: Stopwatch) -> bool:
        """Tell the loop to stop; return whether the run has ended."""
        if isinstance(self._loop, VirtualLoop):
            reason = f"tras {STILL_LIMIT:g} s de espera real el programa no termina"
            self._loop.stop_with(TooLong(reason))
            return self._ends_within(_GRACE, watch)
        with contextlib.suppress(RuntimeError):  # it is closed
            self._loop.call_soon_threadsafe(self._stop_loop)
        return self._ends_within(_GRACE + 3 * _REAL_GRACE, watch)

    def _ends_within(self, seconds: float, watch: Stopwatch, turn: Callable[[], None] = lambda: None) -> bool:
        """Wait for the end, calling `turn` again and again; seconds: the run's own."""
        own, wall = watch.own + seconds, watch.wall + GUARD / 2
        turn()
        while not self._ended.wait(LOOK):
            watch.look()
            if watch.own >= own or watch.wall >= wall:
                return False
            turn()
        return True

    def _break_off(self, ident: int, watch: Stopwatch, spinning: bool) -> Report:
        """Throw TooLong into the thread. A call that blocks in C does not notice, and is left behind."""
        task = asyncio.current_task(self._loop)
        place = running_at(sys._current_frames().get(ident), self._is_own)
        text = f"TooLong: tras {self._limit:g} s " + (
            "de cálculo el programa no devuelve el control al bucle"
            if spinning
            else "el programa sigue en una llamada que bloquea el bucle"
        )
        fact = {"kind": "spinning" if spinning else "blocking", "what": task_name(task) if task else ""}
        self._hung = place | {"text": text}, fact | {"line": place.get("line")}

        def throw() -> None:  # more than once: the program may catch it
            with self._ending:
                if not self._ended.is_set():
                    self._thrown = True
                    _throw(ident, TooLong)

        if self._ends_within(_LAST, watch, throw):
            return self._report
        # Not the report itself, into which the thread writes, should it ever come back.
        return self._report | {
            "error": plain_error("TooLong", text) | self._hung[0],
            "timeline": None,
            "facts": [self._hung[1]],
        }

    def _cpu(self) -> float:
        """Return the processor's seconds of the run's thread; where nobody tells them, of this process."""
        try:
            return (
                time.process_time() - self._began if self._clock is None else time.clock_gettime(self._clock)
            )
        except OSError:  # the thread has ended
            return 0.0

    def _stop_loop(self) -> None:
        self._recorder.freeze()
        self._late.report(self._loop)
        self._late.at = round(self._loop.time() - self._start, 1)
        self._loop.stop()

    def _thread(self) -> None:
        if hasattr(time, "pthread_getcpuclockid"):  # not on Windows and macOS
            self._clock = time.pthread_getcpuclockid(threading.get_ident())
        gc.freeze()  # what was there before can neither be blamed on this run nor cost its time
        sys.set_coroutine_origin_tracking_depth(_ORIGIN_DEPTH)
        BOOK.set(self._book)
        facts: list[Fact] = []
        try:
            with self._capture.collecting(), self._faking():
                facts += self._on_loop()
                gc.collect()
        except BaseException as error:  # an exception thrown into this thread can arrive anywhere
            self._report["error"] = self._report["error"] or error_info(error, self._is_own)
        while not self._ended.is_set():
            with contextlib.suppress(TooLong):
                self._end(facts + self._capture.facts)

    def _end(self, facts: list[Fact]) -> None:
        gc.unfreeze()
        timeline = self._recorder.to_dict()
        timeline["unstarted"] = [fact["what"] for fact in facts if fact["kind"] == "never-awaited"]
        at = dict.fromkeys(("start", "end"), timeline["end"])
        hung = [fact["line"] for fact in facts if fact["kind"] in ("spinning", "blocking")]
        timeline["blocked"] += [at | {"task": None, "line": line} for line in hung]
        self._report |= {"timeline": timeline, "facts": facts}
        with self._ending:
            if self._thrown:
                _receive()  # what has not arrived yet: nobody would catch it later
            self._ended.set()

    @contextlib.contextmanager
    def _faking(self) -> Iterator[None]:
        """Let what the student's modules took by `from time import sleep` see the run's clock."""
        with contextlib.ExitStack() as stack:
            if self._kind == "virtual":
                for namespace in _namespaces((self._fn, *self._args)):
                    stack.callback(patched_time.rebind(namespace))
            yield

    def _on_loop(self) -> list[Fact]:
        loop = self._loop
        loop.set_exception_handler(self._capture.loop_error)
        loop.set_task_factory(watching(self._swallowed))
        if isinstance(loop, VirtualLoop):
            loop.freeze_hooks.append(self._recorder.freeze)
            loop.is_own = self._is_own
        asyncio.set_event_loop(loop)
        RUNNING[loop] = self._called_elsewhere
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
        for error in _errors_in(value, 3):
            self._capture.facts += mistakes(error, self._is_own, (self._fn, *self._args))
        try:
            self._report["value"] = values.encode(value)
        except values.NotPlain as reason:
            self._report["refused"] = str(reason)

    def _failed(self, error: BaseException) -> list[Fact]:
        if self._expired and not isinstance(error, Stuck):
            error = self._late
        self._report["error"] = info = error_info(error, self._is_own)
        found = mistakes(error, self._is_own, (self._fn, *self._args))
        traceback.clear_frames(
            error.__traceback__
        )  # or its frames keep coroutines alive that were never awaited
        if self._hung:
            info |= self._hung[0]
            return [self._hung[1]]
        if isinstance(error, Stuck):
            tasks = [
                {name: value for name, value in task.items() if name != "file"}
                | ({} if self._is_own(task["file"]) else {"line": None})
                for task in error.tasks
            ]
            return [{"kind": type(error).__name__.lower(), "tasks": tasks, "at": error.at, "line": None}]
        return found

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
        line = wait.line if self._is_own(file_of(task)) else None
        return {"kind": kind, "what": task_name(task), "wait": wait.what, "line": line}

    def _called_elsewhere(self, service: str) -> None:
        """Note that a service was called on another loop than the run's, as in `asyncio.run` in a thread."""
        place = running_at(sys._getframe(1), self._is_own)
        self._capture.facts.append({"kind": "second-loop", "what": service, "line": place.get("line")})

    def _swallowed(self, task: asyncio.Task[Any]) -> None:
        if not self._over:
            self._capture.facts.append({"kind": "swallowed", "what": task_name(task), "line": None})

    def _clean_up(self) -> list[Fact]:
        """Cancel what is left, three times at most; then close. What still runs ignores cancellation."""
        loop, facts = self._loop, []
        if isinstance(loop, VirtualLoop):
            loop.lift_limits()
        asked = weakref.WeakSet[asyncio.Task[Any]]()
        try:
            for turn in range(_TURNS):
                left = _others(loop)
                # A generator that is closed lets go of one inside it, whose closing is a new task.
                if not left or (turn >= 3 and any(task in asked or not is_finalizer(task) for task in left)):
                    break
                for task in left:
                    asked.add(task)
                    task.cancel()
                loop.run_until_complete(self._leave(left))
                del left, task
            ignoring = [task for task in _others(loop) if task in asked]
            facts = [self._pending_fact("ignores-cancellation", task) for task in ignoring]
            loop.run_until_complete(loop.shutdown_asyncgens())
        except BaseException as error:
            if not isinstance(error, Stuck | RuntimeError):
                raise
        finally:
            asyncio.set_event_loop(None)
            loop.close()
        return facts

    async def _leave(self, left: list[asyncio.Task[Any]]) -> None:
        """Wait for tasks that were cancelled, a second of virtual time or a moment of this program's own."""
        if self._kind == "virtual":
            await asyncio.wait(left, timeout=1.0)
            return
        watch = Stopwatch()
        while watch.own < _REAL_GRACE and (await asyncio.wait(left, timeout=_REAL_GRACE / 4))[1]:
            watch.look()


class _Answers:
    """The real time in which a run waits for the answers of its book: the judge may be kept waiting too."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._since: float | None = None

    def watch(self, book: Book) -> None:
        """Time all that the book is asked from now on."""
        for name in ("begin", "cancel", "finish", "close"):
            setattr(book, name, self.timed(getattr(book, name)))

    def timed(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does as `ask` and is timed."""

        def asking(*args: Any) -> Any:
            self._since = since = real_monotonic()
            try:
                return ask(*args)
            finally:
                self._since = None
                self._sum += real_monotonic() - since

        return asking

    def seconds(self) -> float:
        """Return the sum until now."""
        since = self._since
        return self._sum + (0.0 if since is None else real_monotonic() - since)


def _errors_in(value: Any, depth: int) -> Iterator[BaseException]:
    """Yield the exceptions in a value: what a test has caught tells as much as what ends a run."""
    if isinstance(value, BaseException):
        yield value
    elif depth and type(value) in (list, tuple, dict):
        for item in [*(value.values() if type(value) is dict else value)][:20]:
            yield from _errors_in(item, depth - 1)


def _throw(ident: int, error: type[BaseException]) -> None:
    """Throw an exception into a thread, in place of one that has not arrived yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error))


def _receive() -> None:
    """Let an exception that was thrown into this thread arrive, here and now.

    PyThreadState_SetAsyncExc could take it back. Until 3.12 (Python/ceval_gil.c, `async_exc`) the interpreter
    would look for it at every jump and call; on 3.11 a profiler (`%%prun`) would not get past the first one.
    """
    with contextlib.suppress(TooLong):
        _throw(threading.get_ident(), TooLong)
        while True:
            pass


def _made_in_a_thread(make: Callable[[], asyncio.AbstractEventLoop]) -> asyncio.AbstractEventLoop:
    """Make the loop of a run outside the main thread, as it runs outside.

    ProactorEventLoop (Lib/asyncio/proactor_events.py, `__init__`) takes the process's signal.set_wakeup_fd if
    it is made in the main thread: the kernel's own loop would no longer wake up for an interruption.
    """
    with ThreadPoolExecutor(1) as maker:
        return maker.submit(make).result()


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
