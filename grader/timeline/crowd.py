"""Many tasks at once: groups by name, how many are in flight, and rows sampled into cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from grader.timeline.family import short_label
from grader.timeline.lanes import ENDINGS, IN_FLIGHT, Bar, Row, Span

_NUMBERED = re.compile(r"[\W_]*\d+\W*$")
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


def group_label(name: str, rows: Sequence[Row]) -> str:
    """Return "request × 1000"."""
    return short_label(name) if len(rows) == 1 else f"{short_label(name)} × {len(rows)}"


def group_ends(rows: Iterable[Row]) -> str:
    """Return how many did not simply end, as "3 ValueError · 2 canceladas"; empty when all did."""
    ends = Counter(row.error or row.state for row in rows if row.state != "done")
    return " · ".join(f"{times} {_counted(end, times)}" for end, times in ends.most_common(3))


def _counted(end: str, times: int) -> str:
    word = ENDINGS.get(end, end)
    return word if times == 1 or end not in _PLURALS else word + _PLURALS[end]
