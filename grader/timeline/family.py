"""The family of tasks in a timeline: who is whose child, and how each is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Data = dict[str, Any]

_DEFAULT_NAME = re.compile(r"Task-\d+")


def plain(text: str, most: int) -> str:
    """Return at most `most` printable characters: a timeline may be the word of a stranger."""
    text = str(text)[: most + 1]
    if not text.isprintable():
        text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= most else text[: most - 1] + "…"


def depth_first(tasks: list[Data]) -> Iterator[tuple[Data, int, int | None]]:
    """Yield visible tasks with depth and visible parent's id; the children of a hidden task move up."""
    by_id = {task["id"]: task for task in tasks}
    children: dict[int | None, list[Data]] = {}
    for task in tasks:
        parent = _parent(task, by_id)
        while parent is not None and parent.get("hidden"):
            parent = _parent(parent, by_id)
        if not task.get("hidden"):
            children.setdefault(None if parent is None else parent["id"], []).append(task)
    stack: list[tuple[Data, int, int | None]] = [(task, 0, None) for task in reversed(children.get(None, []))]
    while stack:
        task, depth, above = stack.pop()
        yield task, depth, above
        stack += [(child, depth + 1, task["id"]) for child in reversed(children.get(task["id"], []))]


def _parent(task: Data, by_id: dict[int, Data]) -> Data | None:
    parent = by_id.get(task["parent"])
    return parent if parent is not None and parent["id"] < task["id"] else None  # never in a circle


def labels_of(tasks: list[Data]) -> dict[int, str]:
    """Name tasks; the default "Task-7" differs from run to run: the coroutine's name stands for it."""
    labels = {task["id"]: plain(task["name"], 60) for task in tasks}
    unnamed = [task for task in tasks if _DEFAULT_NAME.fullmatch(task["name"])]
    times = Counter(short(task["coro"]) for task in unnamed if task["id"])
    seen: Counter[str] = Counter()
    for task in unnamed:
        coro = short(task["coro"])
        seen[coro] += 1 if task["id"] else 0
        labels[task["id"]] = (
            "main" if not task["id"] else coro if times[coro] == 1 else f"{coro} #{seen[coro]}"
        )
    return labels


def short(coro: str) -> str:
    """Return the last part of a qualified name."""
    return plain(coro.rsplit(".", 1)[-1], 60)


def short_label(name: str) -> str:
    """Return at most 20 characters of a name: the end, which tells tasks apart."""
    return name if len(name) <= 20 else "…" + name[-19:]


def unstarted_label(name: str, times: int) -> str:
    """Return "send_mail × 2"."""
    return short_label(name) if times == 1 else f"{short_label(name)} × {times}"
