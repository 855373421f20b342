"""Made-up timelines for the tests of the picture and of its text form."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from grader.timeline.timeline import Timeline

Data = dict[str, Any]


def task(
    id: int, name: str, *story: tuple[Any, ...], parent: int | None = 0, at: float = 0.0, **changes: Any
) -> Data:
    """Tell a task as ("run", s), ("ready", s), ("wait", kind, what, s) and, last, ("open", kind, what)."""
    now = ready = at
    slices: list[list[float]] = []
    waits: list[Data] = []
    for event, *args in story:
        if event == "ready":
            now = round(now + args[0], 9)
        elif event == "run":
            slices.append([ready, now, round(now + args[0], 9)])
            now = ready = slices[-1][2]
        else:
            kind, what, *seconds = args
            end = round(now + seconds[0], 9) if event == "wait" else None
            due = end if kind == "timer" else None
            waits.append(
                {"start": now, "end": end, "kind": kind, "what": what, "line": 3 + len(waits), "due": due}
            )
            now = ready = end if end is not None else now
    open_ended = story[-1][0] == "open"
    return {
        "id": id,
        "name": name,
        "coro": name.partition("(")[0],
        "parent": None if id == 0 else parent,
        "created": at,
        "hidden": False,
        "end": None if open_ended else now,
        "state": "pending" if open_ended else "done",
        "error": None,
        "cancels": [],
        "cleaning": changes["cancels"][-1] if changes.get("cancels") else None,
        "slices": slices,
        "waits": waits,
        **changes,
    }


def timeline(*tasks: Data, clock: str = "virtual", **changes: Any) -> Data:
    """Put tasks into a timeline that ends with the last of them."""
    end = max([item["end"] or 0.0 for item in tasks], default=0.0)
    base: Data = {"clock": clock, "end": end, "frozen": False, "threads": [], "blocked": [], "unstarted": []}
    return {**base, "tasks": list(tasks), **changes}


def sleeper(id: int, name: str, *seconds: float, **changes: Any) -> Data:
    """A task that only sleeps."""
    story: list[tuple[Any, ...]] = [("run", 0.0)]
    for delay in seconds:
        story += [("wait", "timer", f"sleep {delay:g} s", delay), ("run", 0.0)]
    return task(id, name, *story, **changes)


def concurrent() -> Data:
    """Two sleeps of 1 s at once."""
    main = task(0, "main", ("run", 0.0), ("wait", "task", "TaskGroup", 1.0), ("run", 0.0))
    return timeline(main, sleeper(1, "fetch_user(1)", 1.0), sleeper(2, "fetch_user(2)", 1.0))


def sequential() -> Data:
    """Two sleeps of 1 s, one after the other."""
    return timeline(sleeper(0, "main", 1.0, 1.0))


def seven() -> Data:
    """Overslept timers, a blocked loop, a semaphore, a thread, a queue, an error, a cancellation."""
    run = ("run", 0.0005)

    def sleep(seconds: float) -> tuple[Any, ...]:
        return ("wait", "timer", f"sleep {seconds:g} s", seconds)

    tasks = [
        task(0, "main", run, ("wait", "task", "TaskGroup", 0.5515), run),
        task(1, "fetch_user(1)", run, sleep(0.3), ("ready", 0.053), run),
        task(2, "bloqueante", run, sleep(0.1), ("ready", 0.0015), ("run", 0.25)),
        task(3, "sem-a", run, sleep(0.2), ("ready", 0.153), run),
        task(4, "sem-b", run, ("wait", "sync", "semáforo", 0.3525), run, sleep(0.15), run),
        task(5, "to_thread", run, ("wait", "thread", "to_thread", 0.402), run),
        task(
            6,
            "consumidor",
            run,
            ("wait", "sync", "queue.get", 0.551),
            run,
            state="cancelled",
            cancels=[0.5515],
        ),
        task(7, "falla", run, sleep(0.55), run, state="failed", error="ValueError"),
    ]
    thread = {"func": "leer_disco", "task": 5, "submitted": 0.0005, "started": 0.001, "ended": 0.402}
    blocked = {"start": 0.102, "end": 0.352, "task": 2, "line": 8}
    return timeline(*tasks, clock="real", threads=[thread], blocked=[blocked])


def deadlock() -> Data:
    """Two consumers wait for a queue that nobody fills any more."""
    run, put = ("run", 0.0), ("wait", "sync", "queue.put", 0.1)
    sleep = ("wait", "timer", "sleep 0.1 s", 0.1)
    consumer = [item for _ in range(7) for item in (run, sleep)]
    return timeline(
        task(0, "main", run, ("open", "task", "TaskGroup"), state="stuck"),
        task(1, "producer", run, put, run, put, run, put, run),
        task(2, "consumer-0", *consumer, run, ("open", "sync", "queue.get"), state="stuck"),
        task(3, "consumer-1", *consumer, run, ("open", "sync", "queue.get"), state="stuck"),
        task(4, "consumer-2", *consumer[:-2], run),
        end=0.7,
        frozen=True,
    )


def crowd(count: int, limit: int = 10, clock: str = "virtual") -> Data:
    """`count` requests of 0.1 s or a little more through a semaphore."""
    jitter = 0.0 if clock == "virtual" else 0.013
    free = [0.0] * limit
    tasks = []
    for index in range(1, count + 1):
        lane = free.index(min(free))
        start, free[lane] = free[lane], round(free[lane] + 0.1 + index * 7 % 5 * jitter, 9)
        story = [("run", 0.0), ("wait", "sync", "semáforo", start)] if start else []
        seconds = round(free[lane] - start, 9)
        story += [("run", jitter / 50), ("wait", "service", f"fetch({index})", seconds), ("run", 0.0)]
        tasks.append(task(index, f"request-{index}", *story))
    end = max(free)
    return timeline(
        task(0, "main", ("run", 0.0), ("wait", "task", "TaskGroup", end), ("run", 0.0)), *tasks, clock=clock
    )


def everything_else() -> Data:
    """Clean-up after a cancellation, threads that queue, services, futures, hidden and unstarted ones."""
    run, coro = ("run", 0.0), "load.<locals>.fetch_one"
    sleeps = ("wait", "timer", "sleep 10 s", 0.7), run, ("wait", "timer", "sleep 0.6 s", 0.6)
    tasks = [
        task(0, "main", run, ("wait", "future", "futuro", 0.8), run, ("wait", "task", "gather", 1.2), run),
        task(1, "Task-12", run, ("wait", "service", "fetch(1)", 1.5), run, coro=coro),
        task(
            2,
            "Task-13",
            run,
            ("wait", "io", "socket", 0.9),
            run,
            coro=coro,
            parent=1,
            at=0.4,
        ),
        task(3, "limpia", run, *sleeps, run),
        task(4, "resize(a)", run, ("wait", "thread", "to_thread", 1.0), run),
        task(5, "resize(b)", run, ("wait", "thread", "to_thread", 1.8), run),
        task(6, "connect", run, ("wait", "io", "socket", 0.9), run, hidden=True, parent=2),
        task(7, "vigila", run, ("open", "sync", "event.wait")),
    ]
    tasks[3].update(state="cancelled", cancels=[0.7], cleaning=0.7)
    tasks[3]["waits"][0]["due"] = 10.0
    thread = {"func": "resize", "submitted": 0.0}
    threads = [
        {**thread, "task": 4, "started": 0.0, "ended": 1.0},
        {**thread, "task": 5, "started": 1.0, "ended": 1.8},
    ]
    return timeline(*tasks, threads=threads, unstarted=["send_mail", "send_mail"], end=2.0)


def scopes() -> Data:
    """A generator within one timeout scope, and an inner one that expires."""
    story = [
        ("wait", "service", "fetch(1)", 1.0),
        ("run", 0.0),
        ("wait", "timer", "sleep 1 s", 1.0),
        ("run", 0.0),
    ]
    main = task(0, "main", ("run", 0.0), *story, ("wait", "task", "wait", 1.0), ("run", 0.0))
    main["waits"][0]["within"] = ["pages"]
    main["limits"] = [
        {"start": 0.0, "due": 5.0, "end": 3.0, "expired": False},
        {"start": 2.0, "due": 3.0, "end": 3.0, "expired": True},
    ]
    return timeline(main)


EVERY = {
    "empty": timeline(),
    "instant": timeline(task(0, "main", ("run", 0.0))),
    "concurrent": concurrent(),
    "sequential": sequential(),
    "seven": seven(),
    "deadlock": deadlock(),
    "everything_else": everything_else(),
    "scopes": scopes(),
    "forty": crowd(40, 5, "real"),
    "thousand": crowd(1000),
    "long_names": timeline(sleeper(0, "n" * 90, *[0.125] * 9)),
    "many_steps": timeline(*(sleeper(n, f"t-{n}", *[0.01] * 119, 0.01 + n / 1e5) for n in range(60))),
}


def svg(data: Data, expected_end: float | None = None) -> str:
    """Draw a timeline."""
    return Timeline.from_dict(data).expecting(expected_end).svg()


def words(picture: str) -> list[str]:
    """Return the texts of an SVG in order."""
    texts = (element for element in ET.fromstring(picture).iter() if element.tag.endswith("text"))
    return [(text.text or "").strip() for text in texts]  # names are indented
