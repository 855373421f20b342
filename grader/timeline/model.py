"""The lanes of a timeline: one a task, or one for a crowd of equal tasks, in the order of the families."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from grader.loop.awaits import three_digits

Data = dict[str, Any]

_DEFAULT_NAME = re.compile(r"Task-\d+")
_NUMBERED = re.compile(r"[\W_]*\d+\W*$")


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


def times_label(name: str, times: int) -> str:
    """Return "send_mail × 2"."""
    return short_label(name) if times == 1 else f"{short_label(name)} × {times}"


Span = tuple[float, float]

STATES = {  # in the order of the legend
    "run": "ejecuta",
    "ready": "lista, espera turno",
    "sleep": "espera: sleep",
    "net": "espera: E/S",
    "thread": "espera: hilo",
    "pool": "espera: hilo libre",
    "process": "espera: proceso",
    "process-pool": "espera: proceso libre",
    "sync": "espera: cerrojo / cola / semáforo",
    "task": "espera a otra tarea",
    "generator": "espera al generador",
    "future": "espera: futuro",
    "promise": "promesa pendiente",
    "cleanup": "limpieza tras cancelar",
    "blocked": "bucle bloqueado",
    "unstarted": "creada, nunca iniciada",
}
# Waits that something outside the loop ends.
IN_FLIGHT = {"sleep", "net", "thread", "process", "promise", "cleanup"}
ENDINGS = {
    "done": "",
    "failed": "falla",
    "cancelled": "cancelada",
    "pending": "sigue",
    "stuck": "atascada",
    "collected": "desaparece",
}
UNITS = (("s", 1.0, 0.1), ("ms", 1e3, 1e-3), ("µs", 1e6, 1e-6))  # with the least that is told in each
CROWD = 60  # more tasks than this are drawn as groups of lanes without gaps
_EQUAL = 5  # so many equal rows below each other become one
_MOST_SCOPES, _MOST_CANCELS = 8, 50  # of a task
_MOST_UNSTARTED = 30  # names
_TAIL = 0.07  # of a run that got stuck is drawn beyond its end, so that what is waited for there is seen

_STATE_OF_WAIT = {"timer": "sleep", "io": "net", "service": "net", "yield": "ready"}
_STATE_OF_WAIT |= {kind: kind for kind in ("thread", "sync", "task")}
_QUEUES = {"thread": ("pool", "hilo libre"), "process": ("process-pool", "proceso libre")}


class Bar(NamedTuple):  # made by the hundred thousand: twice as fast as a dataclass
    """A stretch of a task's life in one state.

    line: the user's line of the await; open: whether it still lasted when the task was last seen.
    """

    start: float
    end: float
    state: str
    what: str = ""
    line: int | None = None
    open: bool = False


class Limit(NamedTuple):
    """A timeout scope: entered, due, its seconds, left (or the end of the recording), whether it expired."""

    start: float
    due: float
    seconds: float
    end: float
    expired: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A task as it is shown: in depth-first order, with its bars and its end.

    Or, without a state, an async generator of the task above, with what is awaited in it.
    """

    label: str
    coro: str
    depth: int
    parent: int | None  # index of the parent's row
    born: float
    stop: float  # end of the task, or of the recording while it is open
    state: str
    error: str | None
    bars: tuple[Bar, ...]
    cancels: tuple[float, ...] = ()  # when it was asked to stop, unless its end tells it
    limits: tuple[Limit, ...] = ()
    last_wait: Bar | None = None  # what an unfinished task waits for
    times: int = 1  # how many equal tasks it stands for

    @property
    def stays(self) -> list[Span]:
        """The times without a break that a generator waits."""
        stays: list[Span] = []
        for bar in sorted(bar for bar in self.bars if bar.end > bar.start):
            if stays and bar.start <= stays[-1][1]:
                stays[-1] = (stays[-1][0], max(bar.end, stays[-1][1]))
            else:
                stays.append((bar.start, bar.end))
        return stays


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
    def tasks(self) -> int:
        """How many tasks the rows stand for."""
        return sum(row.times for row in self.rows if row.state)

    @property
    def crowded(self) -> bool:
        """Whether there are too many tasks for a row each."""
        return len(self.rows) > CROWD

    @property
    def tail(self) -> float:
        """For how many seconds beyond its end stuck tasks are drawn."""
        stuck = any(row.state == "stuck" for row in self.rows)
        return (_TAIL * self.end or 1.0) if stuck else 0.0

    @property
    def budgets(self) -> list[float]:
        """The deadlines that several scopes share which were entered one after the other."""
        entered: dict[float, set[float]] = {}
        for limit in (limit for row in self.rows for limit in row.limits):
            entered.setdefault(round(limit.due, 6), set()).add(round(limit.start, 6))
        return sorted(due for due, starts in entered.items() if len(starts) > 1)

    @property
    def noise(self) -> float:
        """The difference of two ends that means nothing: 5 % on real clocks, Node's too."""
        return 0.05 * self.end if self.clock != "virtual" else 1e-6

    def headline(self, expected_end: float | None = None) -> str:
        """Return the numbers of the run in one line."""
        total = f"total {duration(self.end)}"
        if expected_end is not None:
            more = self.end - expected_end
            sign = "" if abs(more) <= self.noise else f": {'+' if more > 0 else '−'}{duration(abs(more))}"
            total += f" (esperado {duration(expected_end)}{sign})"
        tasks = "1 tarea" if self.tasks == 1 else f"{self.tasks} tareas"
        at_once = self.waited > self.end + self.noise
        together = f" · esperan {duration(self.waited)} entre todas" if at_once and self.tasks > 1 else ""
        return f"{total} · {tasks}{together}"


def duration(seconds: float) -> str:
    """Return a time with its unit and at most three significant digits, "1.5 s" or "250 ms"."""
    value = float(three_digits(seconds))
    for unit, scale, least in UNITS:
        if abs(value) >= least:
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
    rows = list(_rows(data, jobs, with_generators=len(tasks) <= CROWD))
    if len(tasks) <= CROWD < len(rows):
        rows = list(_rows(data, jobs, with_generators=False))
    busy = [(start, stop) for start, stop in data.get("busy", ())]
    return Model(
        clock=data["clock"],
        end=data["end"],
        waited=sum(bar.end - bar.start for row in rows for bar in row.bars if bar.state in IN_FLIGHT),
        rows=tuple(rows if len(rows) > CROWD else _without_repeats(rows)),
        runs=tuple(sorted([(start, stop) for task in tasks for _, start, stop in task["slices"]] + busy)),
        blocked=tuple(_blocked(item) for item in data.get("blocked", ())),
        jobs=tuple(sorted(_jobs(jobs, data["end"]), key=lambda bar: bar.start)),
        unstarted=tuple(_unstarted(data.get("unstarted", ()))),
    )


def _unstarted(names: Iterable[str]) -> list[tuple[str, int]]:
    found = list(Counter(plain(name, 60) for name in names).items())
    if len(found) <= _MOST_UNSTARTED:
        return found
    rest = sum(times for _, times in found[_MOST_UNSTARTED - 1 :])
    return [*found[: _MOST_UNSTARTED - 1], ("otras", rest)]


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


def _rows(data: Data, jobs: list[Data], *, with_generators: bool) -> Iterator[Row]:
    labels, exact = labels_of(data["tasks"]), data["clock"] == "virtual"
    look_up = _LookUp(data, jobs, {task["name"]: labels[task["id"]] for task in data["tasks"]})
    place: dict[int, int] = {}
    index = 0
    for task, depth, parent in depth_first(data["tasks"]):
        place[task["id"]] = index
        stop = data["end"] if task["end"] is None else task["end"]
        lanes: dict[str, list[Bar]] = {}
        bars = tuple(_bars(task, stop, look_up, lanes if with_generators else None))
        waits = [*bars, *(bar for lane in lanes.values() for bar in lane)]
        last_waits = [bar for bar in waits if bar.what and bar.end >= stop and bar.state != "generator"]
        yield Row(
            label=labels[task["id"]],
            coro=short(task["coro"]),
            depth=depth,
            parent=None if parent is None else place[parent],
            born=task["created"],
            stop=stop,
            state=task["state"],
            error=task["error"] and plain(task["error"], 40),
            bars=bars,
            cancels=tuple(_cancels(task, stop - (0 if exact else 0.01 * data["end"]))),
            limits=tuple(_limits(task, stop, exact)),
            last_wait=last_waits[-1] if last_waits else None,
        )
        for name, lane in lanes.items():
            label = plain(name, 60)
            first, last = lane[0].start, max(bar.end for bar in lane)
            yield Row(label, label, depth + 1, place[task["id"]], first, last, "", None, tuple(lane))
        index += 1 + len(lanes)


def _cancels(task: Data, stopping: float) -> list[float]:
    """Return when the reader asked a task to stop; when asyncio did, only if it did not stop at once."""
    aborts = [at for at in task.get("aborts", ()) if task["state"] != "cancelled" or at < stopping]
    return sorted([*task.get("cancels", ()), *aborts])[:_MOST_CANCELS]


def _limits(task: Data, stop: float, exact: bool) -> Iterator[Limit]:
    for limit in task.get("limits", ())[:_MOST_SCOPES]:
        start, due, end = limit["start"], limit["due"], limit["end"]
        # On a real clock the scope is entered a moment after its deadline was computed.
        seconds = due - start if exact else float(f"{due - start:.2g}")
        yield Limit(start, due, seconds, stop if end is None else end, limit["expired"])


def _without_repeats(rows: list[Row]) -> Iterator[Row]:
    """Yield the rows; many equal ones below each other, without children, as one."""
    parents = {row.parent for row in rows}
    place: dict[int | None, int] = {}
    index = 0
    keys = [_likeness(row) if number not in parents else number for number, row in enumerate(rows)]
    for _, run in groupby(range(len(rows)), key=keys.__getitem__):
        members = list(run)
        shown = members if len(members) < _EQUAL else members[:1]
        for number in shown:
            place[number] = index
            row = rows[number]
            parent = None if row.parent is None else place[row.parent]
            if len(shown) < len(members):
                row = replace(row, label=_NUMBERED.sub("", row.label) or row.label, times=len(members))
            yield replace(row, parent=parent)
            index += 1


def _likeness(row: Row) -> Row:
    return replace(row, label=_NUMBERED.sub("", row.label), coro="")


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


def _bars(task: Data, stop: float, look_up: _LookUp, lanes: dict[str, list[Bar]] | None) -> Iterator[Bar]:
    """Yield waits, then queued time, then steps, then blocked time: the later covers the earlier.

    lanes: takes, by the name of an async generator, what is awaited in it; None: there are no such lanes.
    """
    cleaning = task.get("cleaning") if task["state"] != "done" else None  # an ended timeout goes on normally
    jobs = look_up.jobs.get(task["id"], ())
    for wait in task["waits"]:
        start, end, lasts = wait["start"], wait["end"], wait["end"] is None
        if lasts:
            end = stop
        elif end <= start:
            continue  # it went on at once
        state = _STATE_OF_WAIT.get(wait["kind"], look_up.other)
        if cleaning is not None and start >= cleaning:
            state = "cleanup"
        what = look_up.labels.get(wait["what"]) or plain(wait["what"], 60)
        found = _split(Bar(start, end, state, what, wait["line"], lasts), wait, jobs)
        if lanes is None or not (within := wait.get("within")):
            yield from found
            continue
        yield Bar(start, end, "generator", plain(within[0], 60), None, lasts)
        for outer, inner in pairwise(within):
            lanes.setdefault(outer, []).append(Bar(start, end, "generator", plain(inner, 60), None, lasts))
        lanes.setdefault(within[-1], []).extend(found)
        for name in within:
            lanes[name] += [Bar(start, start, "run"), Bar(end, end, "run")]
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


_MOST_GROUPS = 10
_PLURALS = {"failed": "n", "cancelled": "s", "pending": "n", "stuck": "s"}


def groups(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Group tasks by name without its number, else by coroutine; what is still too varied goes to "otras"."""
    found = _grouped((_NUMBERED.sub("", row.label) or row.label, row) for row in rows)
    if len(found) > _MOST_GROUPS:
        found = _grouped((row.coro, row) for row in rows)
    if len(found) > _MOST_GROUPS:
        large = sorted(found, key=lambda name: -len(found[name]))[: _MOST_GROUPS - 1]
        rest = [row for name, members in found.items() if name not in large for row in members]
        found = {name: members for name, members in found.items() if name in large} | {"otras": rest}
    return list(found.items())


def _grouped(named: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for name, row in named:
        found.setdefault(name, []).append(row)
    return found


def in_flight(rows: Iterable[Row]) -> list[tuple[float, int]]:
    """Return steps (instant, tasks that wait for what is outside the loop)."""
    return alive((bar.start, bar.end) for row in rows for bar in row.bars if bar.state in IN_FLIGHT)


def alive(spans: Iterable[Span]) -> list[tuple[float, int]]:
    """Return steps (instant, open spans); one that ends where another begins makes no dip."""
    change: Counter[float] = Counter()
    for start, end in spans:
        if end > start:
            change[round(start, 9)] += 1
            change[round(end, 9)] -= 1
    level = 0
    steps: list[tuple[float, int]] = []
    for instant in sorted(change):
        if change[instant]:
            level += change[instant]
            steps.append((instant, level))
    return steps


def workers(jobs: Sequence[Bar]) -> Iterator[tuple[str, list[list[Bar]]]]:
    """Yield name and lanes of the threads ("2 hilos"), then of the processes that did these calls.

    jobs: by their start. There are as many lanes as worked at once.
    """
    for place, word in (("thread", "hilo"), ("process", "proceso")):
        lanes: list[list[Bar]] = []
        for job in (job for job in jobs if job.state == place):
            free = next((lane for lane in lanes if lane[-1].end <= job.start), None)
            if free is None:
                lanes.append([job])
            else:
                free.append(job)
        if lanes:
            yield word if len(lanes) == 1 else f"{len(lanes)} {word}s", lanes


def peaks(steps: list[tuple[float, int]], span: float, cells: int) -> list[int]:
    """Return the highest level within each of `cells` equal parts of the span."""
    instants = [instant for instant, _ in steps]
    levels = [0] + [level for _, level in steps]
    out = []
    for cell in range(cells):
        first = bisect_right(instants, span * cell / cells + 1e-9)
        last = bisect_right(instants, span * (cell + 1) / cells - 1e-9)
        out.append(max(levels[first : max(first, last) + 1]))
    return out


def cells(bars: Iterable[Bar], span: float, count: int) -> list[str]:
    """Return the state at the middle of each of `count` equal parts of the span, "" where there is none."""
    out = [""] * count
    scale = count / span
    for bar in bars:
        first, last = cell(bar.start * scale), min(count, cell(bar.end * scale))
        if 0 <= first < last:
            out[first:last] = [bar.state] * (last - first)
    return out


def cell(place: float) -> int:
    """Return the cell whose edge is nearest."""
    return int(place + 0.5)


def ticks(steps: Iterable[tuple[float, float]], least: float, room: float = 3.0) -> list[list[float]]:
    """Return what to draw of many steps, sorted, in pixels: each at least `least` wide, one per `room`.

    A step that finds no room widens the tick before it: an idle loop stays a fence, a busy one turns solid.
    """
    drawn: list[list[float]] = []
    for start, end in steps:
        if drawn and start < drawn[-1][1]:
            drawn[-1][1] = max(drawn[-1][1], end)
        elif drawn and start - drawn[-1][0] < room and end - start < room:
            drawn[-1][1] = min(drawn[-1][0] + room, drawn[-1][1] + end - start)
        else:
            drawn.append([start, max(end, start + least)])
    return drawn


def group_ends(rows: Iterable[Row]) -> str:
    """Return how many did not simply end, as "3 ValueError · 2 canceladas"; empty when all did."""
    ends = Counter(row.error or row.state for row in rows if row.state != "done")
    return " · ".join(f"{times} {_counted(end, times)}" for end, times in ends.most_common(3))


def _counted(end: str, times: int) -> str:
    word = ENDINGS.get(end, end)
    return word if times == 1 or end not in _PLURALS else word + _PLURALS[end]
