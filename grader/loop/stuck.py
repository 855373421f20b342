"""The errors of a run that cannot go on, with the tasks that are stuck and the student's lines."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from typing import Any

from grader.loop.awaits import describe, file_of, task_name, user_frame

_NAMES_SHOWN = 5


class Stuck(BaseException):
    """A run that cannot or may not go on. Not an Exception: no `except Exception` of the program may hide it.

    tasks: dicts with name, coro, what (it waits for), file, line (the user's, or None); at: virtual seconds.
    """

    title = "el programa no puede seguir"
    one, several = "Queda esperando:", "Quedan esperando:"

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason, self.at = reason, 0.0
        self.tasks: list[dict[str, Any]] = []
        self.reported = False

    def report(self, loop: asyncio.AbstractEventLoop) -> None:
        """Note the instant, and the tasks as they are now."""
        self.reported, self.at = True, loop.time()
        self.tasks = stuck_tasks(loop, spinning=isinstance(self, Runaway))

    def __str__(self) -> str:
        head = f"{self.title} en t = {self.at:.10g} s" + (f": {self.reason}" if self.reason else "")
        return "\n".join([head, *self._waiting_lines()])

    def _waiting_lines(self) -> Iterator[str]:
        groups: dict[tuple[str, int | None], list[str]] = {}
        for task in self.tasks:
            groups.setdefault((task["what"], task["line"]), []).append(task["name"])
        label = self.one if len(self.tasks) == 1 else self.several
        for (what, line), names in groups.items():
            yield f"  {label}  {_listed(names)} en {what}" + (f" (línea {line})" if line else "")
            label = " " * len(label)


class Deadlock(Stuck):
    """Nothing is ready, no timer is set, no thread works: nobody can wake anybody."""

    title = "interbloqueo"


class Runaway(Stuck):
    """Very many steps at one instant: the program turns and never lets time pass."""

    title = "bucle activo"
    one, several = "Gira sin parar:", "Giran sin parar:"


class TooLong(Stuck):
    """The limit of virtual or of real seconds is used up."""

    title = "demasiado largo"
    one, several = "Sin terminar:", "Sin terminar:"


def _listed(names: list[str]) -> str:
    if len(names) > _NAMES_SHOWN:
        names = [*names[: _NAMES_SHOWN - 1], f"{len(names) - _NAMES_SHOWN + 1} más"]
    return " y ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def stuck_tasks(loop: asyncio.AbstractEventLoop, *, spinning: bool) -> list[dict[str, Any]]:
    """Return name, coro, what, file and line of every task that is not done, in order of their names.

    spinning: only those that could run at once, if there are any.
    """
    waits = [(task, describe(task)) for task in asyncio.all_tasks(loop)]
    if spinning:
        waits = [pair for pair in waits if pair[1].kind == "yield"] or waits
    running = asyncio.current_task(loop)  # one is, when it blocks the loop for too long
    tasks = []
    for task, wait in waits:
        file, line = file_of(task), wait.line
        if task is running:
            frame = user_frame(sys._getframe())
            file, line = (frame.f_code.co_filename, frame.f_lineno) if frame else ("", None)
        names = {"name": task_name(task), "coro": _coro_name(task)}
        tasks.append({**names, "what": wait.what, "file": file, "line": line})
    return sorted(tasks, key=_order)  # all_tasks is a set: its own order differs from run to run


def _coro_name(task: asyncio.Task[Any]) -> str:
    return str(getattr(task.get_coro(), "__name__", ""))


def _order(task: dict[str, Any]) -> tuple[Any, ...]:
    """Sort worker-2 before worker-10; of equal names the order is that of what is shown."""
    parts = re.split(r"(\d+)", task["name"])
    name = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return name, task["coro"], task["what"], task["line"] or 0
