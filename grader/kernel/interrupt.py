"""The interrupt cure: the stop button ends a cell that awaits, at once and with its clean-up."""

from __future__ import annotations

import _thread
import asyncio
import contextlib
import inspect
import os
import signal
import threading
from collections.abc import Iterator
from time import sleep
from types import CodeType, FrameType
from typing import Any

GRACE = 0.1  # seconds the loop has to cancel the cell by itself before what holds the loop is broken off
MESSAGE = "celda interrumpida"  # argument of the CancelledError or KeyboardInterrupt that ends the cell
_HOOK = "_cancel_on_sigint"
_KERNELS = {"ipykernel", "tornado", "zmq"}


@contextlib.contextmanager
def curing(shell: Any) -> Iterator[str]:
    """Make cells that await interruptible in the block; gives the way found: "hook", "wakeup" or "none".

    shell: an IPython shell; without a kernel there is nothing to cure ("none").
    """
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        yield "none"
    elif fits(type(kernel)):
        with _hooked(kernel, type(shell).run_code.__code__):
            yield "hook"
    else:
        with woken() as worked:
            yield "wakeup" if worked else "none"


def fits(kernel_class: type) -> bool:
    """Return whether this kernel asks the private hook for each cell that awaits, as ipykernel 7.4 does.

    There: ipkernel.py, IPythonKernel.do_execute, `with cm(coro_future)`, where cm is self._cancel_on_sigint.
    """
    hook, execute = getattr(kernel_class, _HOOK, None), getattr(kernel_class, "do_execute", None)
    code = getattr(execute, "__code__", None)
    if hook is None or code is None or _HOOK not in code.co_names:
        return False
    return list(inspect.signature(hook).parameters) == ["self", "future"]


@contextlib.contextmanager
def _hooked(kernel: Any, run_code: CodeType) -> Iterator[None]:
    attributes = vars(kernel)
    before = attributes.get(_HOOK)
    setattr(kernel, _HOOK, lambda cell: interruptible(cell, run_code))
    try:
        yield
    finally:
        delattr(kernel, _HOOK)
        if before is not None:
            setattr(kernel, _HOOK, before)


@contextlib.contextmanager
def woken() -> Iterator[bool]:
    """Have every signal wake the running loop's selector in the block; gives whether that is possible.

    Without it a signal that arrives just before the selector waits is handled when the wait ends. Any signal
    handler of asyncio does it, because it sets signal.set_wakeup_fd. (Windows: its loop has set it already.)
    """
    try:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGURG, lambda: None)  # a signal that nobody sends
    except (AttributeError, NotImplementedError, RuntimeError):
        yield False
        return
    try:
        yield True
    finally:
        if not loop.is_closed():
            loop.remove_signal_handler(signal.SIGURG)


@contextlib.contextmanager
def interruptible(cell: asyncio.Task[Any], run_code: CodeType) -> Iterator[None]:
    """Give SIGINT to `cell` in the block: cancel it, and after GRACE break off what holds the loop.

    run_code: the code of the shell's function that runs a cell and catches whatever comes out of it.
    """
    interrupt = _Interrupt(cell, run_code)
    before = signal.signal(signal.SIGINT, interrupt.on_sigint)
    try:
        with woken():
            yield
    finally:
        interrupt.close()
        signal.signal(signal.SIGINT, before)


class _Interrupt:
    """What SIGINT does while one cell awaits."""

    def __init__(self, cell: asyncio.Task[Any], run_code: CodeType) -> None:
        self._cell, self._run_code = cell, run_code
        self._loop = cell.get_loop()
        self._lock = threading.Lock()  # never taken by on_sigint, which may interrupt its holder
        self._request: asyncio.Handle | None = None  # the cancellation on its way through the loop

    def on_sigint(self, signum: int, frame: FrameType | None) -> None:
        if self._request is not None:
            self._break_off(frame)
            return
        # Also wakes the selector, which a handler alone does not: Python resumes the wait (PEP 475).
        self._request = self._loop.call_soon_threadsafe(self._cancel)
        # Not threading.Thread: its start takes locks which the interrupted frame may hold.
        _thread.start_new_thread(self._insist, (self._request,))

    def _cancel(self) -> None:
        self._request = None
        self._cell.cancel(MESSAGE)

    def _insist(self, request: asyncio.Handle) -> None:
        sleep(GRACE)
        with self._lock:
            if self._request is request:
                _interrupt_main_thread()

    def _break_off(self, frame: FrameType | None) -> None:
        """Raise in the code that holds the loop; the kernel's own work is left to end by itself."""
        if _runs(frame, self._run_code):
            self._withdraw()  # or it would interrupt the cell's clean-up
            raise KeyboardInterrupt(MESSAGE)
        task = asyncio.current_task(self._loop)
        if task is None or _is_kernels(task):
            return
        self._withdraw()
        task.add_done_callback(lambda _: self._cell.cancel(MESSAGE))
        # KeyboardInterrupt would leave the task's step and stop the loop, and the kernel with it.
        raise asyncio.CancelledError(MESSAGE)

    def _withdraw(self) -> None:
        if self._request is not None:
            self._request.cancel()
            self._request = None

    def close(self) -> None:
        """Let no late signal of ours come after the cell."""
        with self._lock:
            self._withdraw()


def _interrupt_main_thread() -> None:
    if os.name == "posix":  # a real signal, which also ends a time.sleep
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _runs(frame: FrameType | None, code: CodeType) -> bool:
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return frame is not None


def _is_kernels(task: asyncio.Task[Any]) -> bool:
    frame = getattr(task.get_coro(), "cr_frame", None)
    return frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _KERNELS
