"""From plain timeline data to rows of bars: the facts that both the picture and the text form show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grader.timeline.family import Data, depth_first, labels_of, plain, short

Span = tuple[float, float]

STATES = {  # in the order of the legend
    "run": "ejecuta",
    "ready": "lista, espera turno",
    "sleep": "espera: sleep",
    "net": "espera: red",
    "thread": "espera: hilo",
    "pool": "espera: hilo libre",
    "process": "espera: proceso",
    "process-pool": "espera: proceso libre",
    "sync": "espera: lock / cola / semáforo",
    "task": "espera a otra tarea",
    "future": "espera: future",
    "promise": "promesa pendiente",
    "cleanup": "limpieza tras cancelar",
    "blocked": "loop bloqueado",
    "unstarted": "creada, nunca iniciada",
}
# Waits that something outside the loop ends.
IN_FLIGHT = {"sleep", "net", "thread", "process", "promise", "cleanup"}
ENDINGS = {"done": "", "failed": "falla", "cancelled": "cancelada", "pending": "sigue", "stuck": "atascada"}
UNITS = (("s", 1.0, 0.1), ("ms", 1e3, 1e-3), ("µs", 1e6, 1e-6))  # with the least that is told in each
CROWD = 60  # more tasks than this are drawn as groups of lanes without gaps

_STATE_OF_WAIT = {"timer": "sleep", "io": "net", "service": "net", "yield": "ready"}
_STATE_OF_WAIT |= {kind: kind for kind in ("thread", "sync", "task")}
_QUEUES = {"thread": ("pool", "hilo libre"), "process": ("process-pool", "proceso libre")}


class Bar(NamedTuple):  # made by the hundred thousand: twice as fast as a dataclass
    """A stretch of a task's life in one state; `line` is the user's line of the await."""

    start: float
    end: float
    state: str
    what: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A task as it is shown: in depth-first order, with its bars and its end."""

    label: str
    coro: str
    depth: int
    parent: int | None  # index of the parent's row
    born: float
    stop: float  # end of the task, or of the recording while it is open
    state: str
    error: str | None
    bars: tuple[Bar, ...]
    cancels: tuple[float, ...] = ()

    @property
    def last_wait(self) -> Bar | None:
        """What an unfinished task waits for."""
        return next((bar for bar in reversed(self.bars) if bar.what and bar.end >= self.stop), None)


@dataclass(frozen=True, slots=True)
class Model:
    """A whole timeline, ready to be shown."""

    clock: str
    end: float
    waited: float  # seconds that tasks waited for what is outside the loop, added up
    rows: tuple[Row, ...]
    runs: tuple[Span, ...]  # every step of the loop, hidden tasks too
    blocked: tuple[Bar, ...]
    jobs: tuple[Bar, ...]  # work of executor threads and processes
    unstarted: tuple[tuple[str, int], ...]

    @property
    def crowded(self) -> bool:
        """Whether there are too many tasks for a row each."""
        return len(self.rows) > CROWD

    def duration(self, seconds: float) -> str:
        """Return the time as text: exact on a virtual clock, three digits on a real one."""
        return duration(seconds, exact=self.clock == "virtual")

    @property
    def noise(self) -> float:
        """The difference of two ends that means nothing: 5 % on real clocks, Node's too."""
        return 0.05 * self.end if self.clock != "virtual" else 1e-6

    def headline(self, expected_end: float | None = None) -> str:
        """Return the numbers of the run in one line."""
        total = f"total {self.duration(self.end)}"
        if expected_end is not None:
            more = self.end - expected_end
            sign = (
                "" if abs(more) <= self.noise else f": {'+' if more > 0 else '−'}{self.duration(abs(more))}"
            )
            total += f" (esperado {self.duration(expected_end)}{sign})"
        tasks = "1 tarea" if len(self.rows) == 1 else f"{len(self.rows)} tareas"
        ratio = f" (×{self.waited / self.end:.1f})" if self.end else ""
        return f"{total} · {tasks} · {self.duration(self.waited)} de espera{ratio}"


def duration(seconds: float, *, exact: bool) -> str:
    """Return a time with its unit, "1.5 s" or "250 ms"; exact to the microsecond, else with three digits."""
    value = round(seconds, 6) if exact else float(f"{seconds:.3g}")
    for unit, scale, least in UNITS:
        if abs(value) >= (least if value == round(value, 3) else 1 / scale):  # no digit is lost
            return f"{number(value * scale)} {unit}"
    return "0 s"


def number(value: float) -> str:
    """Return at most three decimals, without trailing zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def model(data: Data) -> Model:
    """Return what is to be shown of a recorded timeline. Hidden tasks keep their time in the loop, no row."""
    tasks = data["tasks"]
    hidden = {task["id"] for task in tasks if task.get("hidden")}
    jobs = [job for job in data.get("threads", ()) if job.get("task") not in hidden]
    rows = tuple(_rows(data, jobs))
    return Model(
        clock=data["clock"],
        end=data["end"],
        waited=sum(bar.end - bar.start for row in rows for bar in row.bars if bar.state in IN_FLIGHT),
        rows=rows,
        runs=tuple(sorted((start, stop) for task in tasks for _, start, stop in task["slices"])),
        blocked=tuple(_blocked(item) for item in data.get("blocked", ())),
        jobs=tuple(sorted(_jobs(jobs, data["end"]), key=lambda bar: bar.start)),
        unstarted=tuple(Counter(plain(name, 60) for name in data.get("unstarted", ())).items()),
    )


def _blocked(item: Data) -> Bar:
    return Bar(item["start"], item["end"], "blocked", "", item.get("line"))


def _jobs(jobs: Iterable[Data], end: float) -> Iterator[Bar]:
    for job in jobs:
        start = job["started"]
        if start is None:
            if job.get("kind") in _QUEUES:
                continue  # it never left the queue
            start = job["submitted"]  # an executor that does not tell
        yield Bar(start, end if job["ended"] is None else job["ended"], _place(job), plain(job["func"], 40))


def _place(job: Data) -> str:
    return "process" if job.get("kind") == "process" else "thread"


def _rows(data: Data, jobs: list[Data]) -> Iterator[Row]:
    labels = labels_of(data["tasks"])
    look_up = _LookUp(data, jobs, {task["name"]: labels[task["id"]] for task in data["tasks"]})
    place: dict[int, int] = {}
    for index, (task, depth, parent) in enumerate(depth_first(data["tasks"])):
        place[task["id"]] = index
        stop = data["end"] if task["end"] is None else task["end"]
        yield Row(
            label=labels[task["id"]],
            coro=short(task["coro"]),
            depth=depth,
            parent=None if parent is None else place[parent],
            born=task["created"],
            stop=stop,
            state=task["state"],
            error=task["error"] and plain(task["error"], 40),
            bars=tuple(_bars(task, stop, look_up)),
            cancels=tuple(task.get("cancels", ())),
        )


class _LookUp:
    """What the bars of a task need to know of the rest of the timeline."""

    def __init__(self, data: Data, jobs: list[Data], labels: dict[str, str]) -> None:
        self.other = "promise" if data["clock"] == "node" else "future"
        self.labels = labels
        self.jobs: dict[int | None, list[Data]] = {}
        for job in jobs:
            self.jobs.setdefault(job["task"], []).append(job)
        self.blocked: dict[int | None, list[Bar]] = {}
        for item in data.get("blocked", ()):
            self.blocked.setdefault(item["task"], []).append(_blocked(item))


def _bars(task: Data, stop: float, look_up: _LookUp) -> Iterator[Bar]:
    """Yield waits, then queued time, then steps, then blocked time: the later covers the earlier."""
    cleaning = task.get("cleaning") if task["state"] != "done" else None  # an ended timeout goes on normally
    jobs = look_up.jobs.get(task["id"], ())
    for wait in task["waits"]:
        start, end = wait["start"], wait["end"]
        if end is None:
            end = stop
        elif end <= start:
            continue  # it went on at once
        state = _STATE_OF_WAIT.get(wait["kind"], look_up.other)
        if cleaning is not None and start >= cleaning:
            state = "cleanup"
        what = look_up.labels.get(wait["what"]) or plain(wait["what"], 60)
        yield from _split(Bar(start, end, state, what, wait["line"]), wait, jobs)
    for ready, start, _ in task["slices"]:
        if start > ready:
            yield Bar(ready, start, "ready")
    before = -1.0
    for _, start, end in task["slices"]:
        if end > before:  # of many steps at one instant one is enough
            yield Bar(start, end, "run")
        before = end
    yield from look_up.blocked.get(task["id"], ())


def _split(bar: Bar, wait: Data, jobs: Sequence[Data]) -> Iterator[Bar]:
    """Split a sleep at its alarm (then it waits for its turn), a call's wait where its thread was free."""
    due = wait.get("due")
    if bar.state == "sleep" and due is not None and bar.start <= due < bar.end:
        yield bar._replace(end=due)
        yield Bar(due, bar.end, "ready")
    elif bar.state == "thread" and (sent := [job for job in jobs if job["submitted"] <= bar.start]):
        least = 0.01 * (bar.end - bar.start)  # a free thread takes a moment to begin, too
        begun = [job["started"] for job in sent if job["started"] is not None]
        free = next((at for at in begun if bar.start < at - least < bar.end), bar.start)
        place = _place(sent[-1])
        state, what = _QUEUES[place]
        if free > bar.start:
            yield bar._replace(end=free, state=state, what=what)
        yield bar._replace(start=free, state=place)
    else:
        yield bar
