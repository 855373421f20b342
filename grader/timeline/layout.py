"""Where the parts of a timeline lie: seconds on the x axis, rows on the y axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.timeline.canvas import width_of
from grader.timeline.model import (
    ENDINGS,
    Bar,
    Limit,
    Model,
    Row,
    Span,
    duration,
    group_ends,
    groups,
    times_label,
    workers,
)

# Sizes are pixels, unless they say that they are seconds or rows.
TITLE, SCALE, BETWEEN = 26.0, 20.0, 8.0  # heights of what lies above, below and between panels
CROWD = 380.0  # height of all groups of a crowd
LIMIT = 14.0  # above a lane, for the bracket of a timeout scope
PAD = 8.0  # from the left edge of the axes to the first instant
_STRIP, _GAP, _NOTES, _CURVE = 22.0, 6.0, 18.0, 70.0  # heights
_WORKERS = 90.0  # the most that all threads, or all processes, together may take
_BAND = 22.0  # the least height of a group
_MOST_LIMITS = 3  # brackets above one lane
_MOST_BEYOND = 3  # tasks with deadlines that are told though they lie beyond the picture
_MUCH_LATER = 1.3


@dataclass(frozen=True, slots=True)
class Panel:
    """One timeline: its title, a dashed line at `dash` with its note, and what is shaded as too much."""

    model: Model
    title: str = ""
    dash: float | None = None
    note: str = ""
    excess: Span | None = None


def panels(sides: Sequence[tuple[str, Model]], expected_end: float | None = None) -> list[Panel]:
    """Return what is drawn of one or two timelines with their titles; what lasts too long is shaded."""
    if len(sides) == 1:
        title, model = sides[0]
        note = "" if expected_end is None else f"esperado {duration(expected_end)}"
        return [Panel(model, title, expected_end, note, _excess(expected_end, model))]
    (left, one), (right, two) = sides
    return [
        Panel(one, left, one.end, "", _excess(two.end, one)),
        Panel(two, right, two.end, "", _excess(one.end, two)),
    ]


def _excess(expected: float | None, shown: Model) -> Span | None:
    return (expected, shown.end) if expected is not None and shown.end - expected > shown.noise else None


def pixel_of(shown: Sequence[Panel], wide: float) -> float:
    """Return the seconds of a pixel at which everything fits on axes of that width, labels at ends too."""
    ends = [panel.model.end + panel.model.tail for panel in shown]
    pixel = (max([*map(last_instant, shown), *ends]) or 1.0) / (wide - 2 * PAD)
    for panel in shown:
        for instant, label in _right_labels(panel.model):
            room = max(240.0, wide - PAD - 11 - width_of(label, 12))
            pixel = max(pixel, (instant + panel.model.tail) / room)
    return pixel


def last_instant(panel: Panel) -> float:
    """Return the last instant on the time axis: a deadline too, if it is not much later than the end."""
    last = max(panel.model.end, panel.dash or 0.0)
    limits = [limit.due for row in panel.model.rows for limit in row.limits]
    return max([last, *(due for due in limits if due <= _MUCH_LATER * last)])


def _right_labels(model: Model) -> Iterator[tuple[float, str]]:
    if model.crowded:
        yield model.end, "máx. 10000"
    else:
        yield from ((row.stop, end_label(row)) for row in model.rows if end_label(row))


def end_label(row: Row) -> str:
    """Return what stands beside the end of a task."""
    if row.state == "failed":
        return row.error or ENDINGS["failed"]
    if row.state in ("pending", "stuck") and row.last_wait:
        return f"{ENDINGS[row.state]}: {row.last_wait.what[:24]}"
    return ENDINGS.get(row.state, "")


class Layout:
    """Where the parts of a panel lie on the y axis, whose unit is a row; the first task is at 0."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.model = panel, panel.model
        count = len(self.model.rows) + len(self.model.unstarted)
        self.row = 28.0 if count <= 14 else 24.0 if count <= 30 else 20.0  # pixels
        self.limits = [] if self.model.crowded else _limits(panel)  # with their lines above each lane
        jobs = [(*job, max(2.0, min(18.0, _WORKERS / len(job[1])))) for job in workers(self.model.jobs)]
        grid = _STRIP + sum(4 + size * len(lanes) for _, lanes, size in jobs) + _GAP
        first = grid + (_NOTES if panel.excess or panel.note else 0)

        def at(pixels: float) -> float:
            return (pixels - first) / self.row - 0.5

        self.workers: list[tuple[str, list[list[Bar]], float, float]] = []  # name, lanes, top, height of one
        y = _STRIP
        for name, lanes, size in jobs:
            self.workers.append((name, lanes, at(y + 4), size / self.row))
            y += 4 + size * len(lanes)
        y = first
        self.rows: list[float] = []
        for limits in self.limits:
            y += LIMIT * (max((level for _, level in limits), default=-1) + 1)
            self.rows.append(at(y) + 0.5)
            y += self.row
        self.bands: list[tuple[str, list[Row], float, float]] = []  # name, tasks, top, bottom
        for name, rows in groups(self.model.rows) if self.model.crowded else []:
            least = self.row if len(rows) == 1 else _BAND * (1.5 if group_ends(rows) else 1.0)
            high = max(CROWD * len(rows) / len(self.model.rows), least)
            self.bands.append((name, rows, at(y), at(y + high)))
            y += high
        if self.bands:
            self.curve = at(y + 2 * BETWEEN), at(y + 2 * BETWEEN + _CURVE)
            y += 2 * BETWEEN + _CURVE
        self.unstarted = [at(y) + 0.5 + index for index in range(len(self.model.unstarted))]
        self.height = y + self.row * len(self.unstarted)
        self.top, self.strip, self.grid, self.bottom = at(0), at(_STRIP), at(grid), at(self.height)

    def labels(self) -> Iterator[tuple[float, str]]:
        """Yield the place and the text of each label of the y axis."""
        yield (self.top + self.strip) / 2, "Node" if self.model.clock == "node" else "bucle"
        for name, lanes, top, size in self.workers:
            yield top + size * len(lanes) / 2, name
        for row, middle in zip(self.model.rows, self.rows, strict=False):
            indent = "\N{NO-BREAK SPACE}" * (3 * min(row.depth, 5))
            yield middle, indent + times_label(row.label, row.times)
        for name, rows, top, bottom in self.bands:
            yield (
                (top + bottom - (14 / self.row if group_ends(rows) else 0)) / 2,
                times_label(name, len(rows)),
            )
        if self.bands:
            yield sum(self.curve) / 2, "en vuelo"
        for middle, (name, times) in zip(self.unstarted, self.model.unstarted, strict=True):
            yield middle, times_label(name, times)

    @property
    def label_width(self) -> float:
        """The pixels that the labels need."""
        ends = [width_of(group_ends(rows), 10.5) for _, rows, _, _ in self.bands]
        return max([*(width_of(label, 12) for _, label in self.labels()), *ends]) + 20

    def title_height(self, wide: float) -> float:
        """Return the pixels above the axes: two lines if title and numbers do not fit into one."""
        title, headline = self.panel.title, self.model.headline()
        fits = width_of(title, 15, bold=True) + width_of(headline, 12) + 24 <= wide
        return TITLE if fits or not title else TITLE + 18


def _limits(panel: Panel) -> list[list[tuple[Limit, int]]]:
    """Return for each row its timeout scopes, each with its line above the lane, 0 next to it."""
    latest = last_instant(panel)
    beyond = sum(any(limit.due > latest for limit in row.limits) for row in panel.model.rows)
    return [
        _levels([limit for limit in row.limits if limit.due <= latest or beyond <= _MOST_BEYOND])
        for row in panel.model.rows
    ]


def _levels(limits: Sequence[Limit]) -> list[tuple[Limit, int]]:
    """Return each scope with a line of its own where it overlaps later ones: inner scopes lie lower."""
    found: list[tuple[Limit, int]] = []
    for limit in reversed(limits):
        over = [level for later, level in found if later.start < limit.due]
        found.append((limit, min(max(over, default=-1) + 1, _MOST_LIMITS - 1)))
    return found
