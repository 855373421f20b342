"""What node_track.js noted of a %%node cell, as data: the error that ended it and its timeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.tracing.steps import BLOCKED_AFTER

Note = list[Any]


def read_notes(file: Path) -> list[Note]:
    """Return the notes in order; the last one may be cut off where Node was killed."""
    notes: list[Note] = []
    for line in file.read_text("utf-8", "replace").split("\n") if file.exists() else ():
        try:
            notes.append(json.loads(line))
        except ValueError:
            break
    return notes


def error_noted(notes: list[Note]) -> dict[str, Any] | None:
    """Return name, message and line of the JavaScript error that ended the cell, None without one."""
    return next((note[1] for note in notes if note[0] == "error"), None)


def timeline_data(notes: list[Note], ended: float, frozen: bool) -> dict[str, Any] | None:
    """Return the timeline of the promises given to track(), None when there are none.

    ended: seconds after which Node was gone, for a run that could not note its end itself.
    frozen: Node was stopped, or nobody can settle what is pending: open promises are stuck.
    """
    tracked = [note for note in notes if note[0] == "track"]
    if not tracked:
        return None
    settled = {note[1]: (_calm(note[2]), note[3]) for note in notes if note[0] == "settle"}
    exits = [_calm(note[1]) for note in notes if note[0] == "exit"]
    if len(settled) == len(tracked):  # Node takes a moment more to end, which means nothing
        end = max(time for time, _ in settled.values())
    else:
        end = exits[0] if exits else _calm(ended * 1000)
    left = "stuck" if frozen else "pending"
    tasks = [_main(end, notes, left if frozen else "done")]
    tasks += [_promise(note, settled.get(note[1]), left) for note in tracked]
    empty: dict[str, Any] = {"threads": [], "unstarted": []}
    return {
        "clock": "node", "end": end, "frozen": frozen, "tasks": tasks, "blocked": _blocked(tasks), **empty
    }  # fmt: skip


def _blocked(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the long steps, those that Python's timelines show as blocked too, each once."""
    steps = [
        {"start": start, "end": stop, "task": task["id"], "line": task["waits"][0]["line"]}
        for task in tasks
        for _, start, stop in task["slices"]
        if round(stop - start, 2) >= BLOCKED_AFTER
    ]
    inner = [step for step in steps if step["task"]]  # the cell's own first step holds those of its calls
    return inner or steps


def _main(end: float, notes: list[Note], state: str) -> dict[str, Any]:
    error, ended = error_noted(notes), None if state == "stuck" else end
    ran = min(next((_calm(note[1]) for note in notes if note[0] == "turn"), 0.0), end)
    wait = {"start": ran, "end": ended, "kind": "task", "what": "promesas", "line": None, "due": None}
    return _task(0, "main", None, 0.0) | {
        "end": ended,
        "state": "failed" if error else state,
        "error": error["name"] if error else None,
        "slices": [[0.0, 0.0, ran]] + ([[end, end, end]] if ended is not None else []),
        "waits": [wait],
    }


def _promise(note: Note, settled: tuple[float, str | None] | None, left: str) -> dict[str, Any]:
    """Return one promise as a task; `left` is its state when it was never settled."""
    _, number, name, start, ran, line = note
    start, ran = _calm(start), _calm(ran)
    end, error = settled or (None, None)
    state = left if end is None else "failed" if error else "done"
    wait = {"start": ran, "end": end, "kind": "future", "what": "pendiente", "line": line, "due": None}
    return _task(number, name, 0, start) | {
        "end": end,
        "state": state,
        "error": error,
        "slices": [[start, start, ran]] + ([] if end is None else [[end, end, end]]),
        "waits": [wait],
    }


def _task(number: int, name: str, parent: int | None, created: float) -> dict[str, Any]:
    fixed: dict[str, Any] = {"coro": "", "hidden": False, "cancels": []}
    return {"id": number, "name": name, "parent": parent, "created": created, **fixed}


def _calm(milliseconds: float) -> float:
    """Return seconds in steps of 10 ms, rounded down: by what timers are late is no part of the picture."""
    early = 2  # milliseconds by which Node's clock can see a timer before its time
    return int((milliseconds + early) // 10) / 100
