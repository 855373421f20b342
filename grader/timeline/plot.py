"""Draws timelines with matplotlib: seconds on the x axis, a row for each task on the y axis."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from grader.timeline.canvas import (
    DPI,
    FONT,
    GREY,
    INK,
    LINE,
    LOOKS,
    MARKS,
    NAMES,
    PINK,
    PX,
    RED,
    Box,
    Canvas,
    Point,
    Style,
    legend,
    legend_lines,
    upright,
    width_of,
)
from grader.timeline.model import (
    ENDINGS,
    IN_FLIGHT,
    UNITS,
    Bar,
    Limit,
    Model,
    Row,
    Span,
    cells,
    duration,
    group_ends,
    groups,
    in_flight,
    number,
    peaks,
    ticks,
    times_label,
    workers,
)

WIDTH = 920.0  # of a whole figure; sizes are pixels, unless they say that they are seconds or rows
_TITLE, _STRIP, _GAP, _NOTES, _SCALE, _BETWEEN = 26.0, 22.0, 6.0, 18.0, 20.0, 8.0  # heights
_WORKERS = 90.0  # the most that all threads, or all processes, together may take
_CROWD, _CURVE, _BAND = 380.0, 70.0, 22.0  # heights: all groups, their curve, the least of a group
_LIMIT = 14.0  # above a lane, for the bracket of a timeout scope
_PAD = 8.0  # from the left edge of the axes to the first instant
_LEAST = 0.4  # a shorter stretch is not seen, so not drawn
_MUTED = 0.65
_MOST_BARS = 1200  # in one picture, each with its own text
_MOST_STEPS = 6000
_MOST_BOXES = 8000  # of a crowd
_MOST_LIMITS = 3  # of one lane at once
_MOST_BEYOND = 3  # tasks with deadlines that are told though they lie beyond the picture
_MUCH_LATER = 1.3
_WORK = {"thread": "trabaja un hilo", "process": "trabaja un proceso"}


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


def figure(shown: Sequence[Panel]) -> Figure:
    """Return a new figure with the panels below each other on one time axis, and one legend for all."""
    with _plain_style():
        drawing = Figure(figsize=(WIDTH / DPI, 1.0), dpi=DPI)
        plans = [_Plan(panel) for panel in shown]
        left = max(plan.label_width for plan in plans)
        wide = WIDTH - 12 - left
        axes: list[Axes] = []
        for _ in shown:
            shared = axes[0] if axes else None
            axes.append(drawing.add_axes((left / WIDTH, 0, wide / WIDTH, 1), sharex=shared))
            axes[-1].patch.set_visible(False)
        seen = _draw(shown, plans, axes, left, wide)
        tops, y = [], 6.0
        for plan in plans:
            tops.append(y + plan.title_height(left + wide))
            y = tops[-1] + plan.height + _SCALE + _BETWEEN
        height = y + LINE * len(legend_lines(seen, left + wide - 6)) + 8
        drawing.set_size_inches(WIDTH / DPI, height / DPI)
        for ax, top, plan in zip(axes, tops, plans, strict=True):
            bottom = 1 - (top + plan.height) / height
            ax.set_position((left / WIDTH, bottom, wide / WIDTH, plan.height / height))
        legend(axes[-1], seen, left - 6, wide, _SCALE + _BETWEEN + 4, plans[-1].height)
    return drawing


def plot(shown: Sequence[Panel], axes: Sequence[Axes], with_legend: bool) -> tuple[Axes, ...]:
    """Draw panels on given axes, which then share x, in their data coordinates: seconds, rows downwards."""
    for ax in axes[1:]:
        if not axes[0].get_shared_x_axes().joined(axes[0], ax):
            ax.sharex(axes[0])
    plans = [_Plan(panel) for panel in shown]
    left = max(plan.label_width for plan in plans)
    root: Any = axes[0].get_figure(root=True)
    dot = DPI / root.dpi
    sizes = [(box.width * dot, box.height * dot) for box in (ax.get_window_extent() for ax in axes)]
    wide = min(wide for wide, _ in sizes)
    for plan, (_, high) in zip(plans, sizes, strict=True):
        plan.row *= high / plan.height
    with quiet():
        seen = _draw(shown, plans, axes, left, wide)
        if with_legend:
            wide, high = sizes[-1]
            legend(axes[-1], seen, left - 6, wide, _SCALE + _BETWEEN + 4, high)
    return tuple(axes)


@contextlib.contextmanager
def _plain_style() -> Iterator[None]:
    """Let matplotlib draw by its own defaults, whatever the notebook has set, in our ink."""
    defaults = {key: value for key, value in matplotlib.rcParamsDefault.items() if "backend" not in key}
    with quiet(), matplotlib.rc_context(defaults | {"text.color": INK, "font.sans-serif": [FONT]}):
        yield


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Say nothing of letters that our font lacks: a page has others."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        yield


def _draw(
    shown: Sequence[Panel], plans: Sequence[_Plan], axes: Sequence[Axes], left: float, wide: float
) -> dict[str, str]:
    """Draw panels on axes of that width, `left` beside them for their labels; return what was drawn."""
    last = max(map(_last, shown))
    span = max([last, *(panel.model.end + panel.model.tail for panel in shown)]) or 1.0
    pixel = span / (wide - 2 * _PAD)  # seconds at which everything fits, labels at ends too
    for panel in shown:
        for instant, label in _right_labels(panel.model):
            room = max(240.0, wide - _PAD - 11 - width_of(label, 12))
            pixel = max(pixel, (instant + panel.model.tail) / room)
    seen: dict[str, str] = {}
    for panel, plan, ax in zip(shown, plans, axes, strict=True):
        _Sheet(ax, plan, left, wide, pixel, last, seen).draw(panel)
    return seen


def _last(panel: Panel) -> float:
    """Return the last instant on the time axis: a deadline too, if it is not much later than the end."""
    last = max(panel.model.end, panel.dash or 0.0)
    limits = [limit.due for row in panel.model.rows for limit in row.limits]
    return max([last, *(due for due in limits if due <= _MUCH_LATER * last)])


def _right_labels(model: Model) -> Iterator[Any]:
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


class _Plan:
    """Where the parts of a panel lie on the y axis, whose unit is a row; the first task is at 0."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.model = panel, panel.model
        count = len(self.model.rows) + len(self.model.unstarted)
        self.row = 28.0 if count <= 14 else 24.0 if count <= 30 else 20.0  # pixels
        self.limits = [] if self.model.crowded else _shown_limits(panel)  # with their lines above each lane
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
            y += _LIMIT * (max((level for _, level in limits), default=-1) + 1)
            self.rows.append(at(y) + 0.5)
            y += self.row
        self.bands: list[tuple[str, list[Row], float, float]] = []  # name, tasks, top, bottom
        for name, rows in groups(self.model.rows) if self.model.crowded else []:
            least = self.row if len(rows) == 1 else _BAND * (1.5 if group_ends(rows) else 1.0)
            high = max(_CROWD * len(rows) / len(self.model.rows), least)
            self.bands.append((name, rows, at(y), at(y + high)))
            y += high
        if self.bands:
            self.curve = at(y + 2 * _BETWEEN), at(y + 2 * _BETWEEN + _CURVE)
            y += 2 * _BETWEEN + _CURVE
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
        return _TITLE if fits or not title else _TITLE + 18


def _shown_limits(panel: Panel) -> list[list[tuple[Limit, int]]]:
    """Return for each row its timeout scopes, each with its line above the lane, 0 next to it."""
    latest = _last(panel)
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


class _Sheet(Canvas):
    """The axes of one timeline.

    left, wide: pixels of its labels, and of the axes; pixel: seconds of one; last: the last instant to name.
    """

    def __init__(
        self, ax: Axes, plan: _Plan, left: float, wide: float, pixel: float, last: float, seen: dict[str, str]
    ) -> None:
        super().__init__(ax, pixel, seen)
        self.plan, self.model, self.left, self.wide, self.last = plan, plan.model, left, wide, last
        self.right = (wide - _PAD) * pixel
        self.label_size = min(11.0, plan.row / 28 * 2 + 9)

    def draw(self, panel: Panel) -> None:
        """Draw the whole timeline."""
        self._dress(panel)
        self._strip()
        self._workers()
        self._notes(panel)
        if self.model.crowded:
            self._crowd()
        else:
            self._tasks(list(zip(self.model.rows, self.plan.rows, strict=True)))
            self._limits()
        half, end = LOOKS["unstarted"].height / 2, self.last or self.right
        self.bars("unstarted", [(0, middle - half, end, middle + half) for middle in self.plan.unstarted])
        for middle in self.plan.unstarted:
            self.write("unstarted", (NAMES["unstarted"],), (0, end), middle, self.label_size)

    def _dress(self, panel: Panel) -> None:
        ax, plan = self.ax, self.plan
        ax.set(xlim=(-_PAD * self.pixel, self.right), ylim=(plan.bottom, plan.top))
        ax.spines[:].set_visible(False)
        ax.set_axisbelow(True)
        unit, scale = next(
            ((unit, scale) for unit, scale, least in UNITS if self.last >= least), UNITS[0][:2]
        )
        ax.xaxis.set_major_locator(_Seconds(self.last))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{number(x * scale)} {unit}"))
        # The lines of the grid are ticks that reach up to the strip.
        grid: Style = {"length": (plan.bottom - plan.grid) * plan.row * PX, "width": PX, "direction": "in"}
        grid["color"] = (*matplotlib.colors.to_rgb(GREY), 0.3)
        ax.tick_params("x", pad=5 * PX, labelsize=11.5 * PX, labelcolor=self.ink, labelbottom=True, **grid)
        places, labels = zip(*plan.labels(), strict=True)
        ax.set_yticks(places, labels, ha="left", parse_math=False)
        ax.tick_params("y", length=0, pad=(self.left - 6) * PX, labelsize=12 * PX, labelcolor=self.ink)
        start = -(self.left - 6) / self.wide
        text: Style = {"color": self.ink, "parse_math": False, "y": 1.0}
        if panel.title:
            above = plan.title_height(self.left + self.wide) - _TITLE
            look: Style = {"fontsize": 15 * PX, "weight": "bold", "pad": (8 + above) * PX}
            ax.set_title(panel.title, loc="left", x=start, **look, **text)
        place: Style = {"loc": "right"} if panel.title else {"loc": "left", "x": start}
        ax.set_title(self.model.headline(), fontsize=12 * PX, alpha=_MUTED, pad=8 * PX, **place, **text)

    def _strip(self) -> None:
        """Draw what the loop's one thread does: its steps, and in red what blocks it."""
        top, bottom = self.plan.top, self.plan.strip
        self._background(top, bottom)
        self._steps(self.model.runs, top, bottom, 1.3)
        spans = [(bar.start, max(bar.end, bar.start + 2 * self.pixel)) for bar in self.model.blocked]
        self.fill([(start, top, end, bottom) for start, end in spans], RED, z=3.2)
        unnamed = set()
        for bar, span in zip(self.model.blocked, spans, strict=True):
            time, line = duration(bar.end - bar.start), f"línea {bar.line}" if bar.line else ""
            words = [
                f"bucle bloqueado {time} · {line}",
                f"bloqueado {time} · {line}",
                f"{time} · {line}",
                line,
                time,
            ]
            words = [word.strip(" ·") for word in words]
            look: Style = {"color": "#ffffff", "weight": "bold"}
            if not self.label(words, span, (top + bottom) / 2, 11, **look) and bar.line:
                unnamed.add(bar.line)
        if self.model.blocked:
            lines = ", ".join(map(str, sorted(unnamed)[:4]))
            where = f" (línea{'s' if len(unnamed) > 1 else ''} {lines})" if unnamed else ""
            self.seen["blocked"] = NAMES["blocked"] + where

    def _background(self, top: float, bottom: float) -> None:
        self.fill([(0, top, 1, bottom)], GREY, 0.16, 0.9, transform=self.ax.get_yaxis_transform())

    def _steps(
        self, steps: Iterable[Span], top: float, bottom: float, least: float, room: float = 3.0
    ) -> None:
        """Draw steps; those of (nearly) no length as lines of `least` pixels, at least `room` apart."""
        drawn = ticks(steps, least * self.pixel, room * self.pixel)
        thick = [(a, top, b, bottom) for a, b in drawn if b - a >= (least + 0.1) * self.pixel]
        thin = [(a + b) / 2 for a, b in drawn if b - a < (least + 0.1) * self.pixel]
        self.fill(thick, INK, z=3)
        self.stroke(([(x, top), (x, bottom)] for x in thin), INK, least, z=3)
        if drawn:
            self.seen["run"] = NAMES["run"]

    def _workers(self) -> None:
        """Draw what executor threads and processes do, one lane for each that works at the same time."""
        bars: dict[str, list[tuple[Box, str]]] = {}
        for _, lanes, top, size in self.plan.workers:
            self._background(top, top + size * len(lanes))
            for index, lane in enumerate(lanes):
                middle = top + size * (index + 0.5)
                for job in lane:
                    end = max(job.end - 0.6 * self.pixel, job.start + self.pixel)
                    box = (job.start, middle - size * 0.42, end, middle + size * 0.42)
                    bars.setdefault(job.state, []).append((box, job.what))
                    if size * self.plan.row >= 14:
                        self.write(job.state, (job.what,), (job.start, end), middle, 10.5)
        for state, found in bars.items():
            self.seen[state] = _WORK[state]
            tips = [what for _, what in found] if len(found) <= _MOST_BARS else ()
            self.bars(state, [box for box, _ in found], tips)

    def _notes(self, panel: Panel) -> None:
        """Shade blocked time and the time that is too much, draw the dashed line and say what it is."""
        top, bottom, line = self.plan.grid, self.plan.bottom, self.plan.grid + 11 / self.plan.row
        self.fill([(bar.start, top, bar.end, bottom) for bar in self.model.blocked], RED, 0.13, 0.7)
        if panel.excess:
            start, end = panel.excess
            self.fill([(start, top, end, bottom)], RED, 0.08, 0.7)
            self.seen["excess"] = NAMES["excess"]
            text = f"+{duration(end - start)}"
            wide = width_of(text, 13, bold=True) * self.pixel
            left = max((start + end - wide) / 2, start + 4 * self.pixel)  # clear of the note
            if left + wide > end and not panel.note:
                left = start - wide - 4 * self.pixel
            self.text(min(left, self.right - wide), line, text, 13, weight="bold")
        if panel.dash is not None:
            upright(self, "end", panel.dash, top, bottom + 3 / self.plan.row)
            fits = panel.dash / self.pixel + _PAD - 6 > width_of(panel.note, 11)
            place: Style = {"shift": (-6, 0), "ha": "right"} if fits else {"shift": (6, 0), "ha": "left"}
            self.text(panel.dash, line, panel.note, 11, alpha=_MUTED, **place)
            if not panel.note:
                self.seen["end"] = NAMES["end"]

    def _tasks(self, rows: Sequence[tuple[Row, float]]) -> None:
        """Draw the lanes of tasks, each around its middle."""
        self._branches(rows)
        bars: dict[str, list[tuple[Box, str]]] = {}
        half = LOOKS["run"].height / 2
        room = 3.0 if len(self.model.runs) <= _MOST_STEPS else max(3.0, len(self.model.rows) * 0.12)
        for row, middle in rows:
            steps = sorted((bar.start, bar.end) for bar in row.bars if bar.state == "run")
            self._steps(steps, middle - half, middle + half, 2.4, room)
            for bar, tip in self._waits(row, middle):
                high = LOOKS[bar.state].height / 2
                bars.setdefault(bar.state, []).append(
                    ((bar.start, middle - high, bar.end, middle + high), tip)
                )
            self.text(self._stop(row), middle, end_label(row), shift=(10.2, 0))
        for state, found in bars.items():
            if state in _WORK:
                self.seen[state] = NAMES[state]
            self.bars(state, [box for box, _ in found], [tip for _, tip in found])
        self.pins([(at, middle) for row, middle in rows for at in row.cancels], 1, 1 / self.plan.row)
        for kind in MARKS:
            ends = [(self._stop(row), middle) for row, middle in rows if row.state == kind]
            self.marks(kind, ends, 1.0 if self.plan.row > 22 else 0.86)

    def _stop(self, row: Row) -> float:
        return row.stop + (self.model.tail if row.state == "stuck" else 0.0)

    def _branches(self, rows: Sequence[tuple[Row, float]]) -> None:
        """Lead from each task to those that it makes, and to its generator whenever that takes over."""
        family: dict[Point, list[float]] = {}
        lines: list[list[Point]] = []
        for row, middle in rows:
            if row.parent is not None and row.state:
                family.setdefault((self.plan.rows[row.parent], row.born), []).append(middle)
            elif row.parent is not None:
                above = self.plan.rows[row.parent]
                lines += [[(x, above), (x, middle)] for stay in row.stays for x in stay]
        for (above, born), middles in family.items():
            x = born - 4 * self.pixel
            lines += [[(x, above), (x, max(middles))], *([(x, y), (born, y)] for y in middles)]
        self.stroke(lines, INK, 1.0, 0.4)

    def _limits(self) -> None:
        """Draw a bracket above a lane for each timeout scope, a line for a deadline that several share."""
        unit = 1 / self.plan.row
        lines: dict[bool, list[list[Point]]] = {True: [], False: []}  # by whether the scope expired
        expired: list[Point] = []
        for middle, limits in zip(self.plan.rows, self.plan.limits, strict=True):
            for limit, level in limits:
                y = middle - 0.5 - (level + 0.5) * _LIMIT * unit
                start, right = limit.start, min(limit.due, self.right - 4 * self.pixel)
                words = [f"límite {duration(limit.seconds)}", duration(limit.seconds)]
                text = self.label(words, (start, right), y, 10, color=self.ink, alpha=0.8)
                gap = (width_of(text, 10) / 2 + 4) * self.pixel if text else 0.0
                centre, hook = (start + right) / 2, y + 4 * unit
                closed = [(right, hook)] if right == limit.due else []
                lines[limit.expired] += [
                    [(start, hook), (start, y), (centre - gap, y)],
                    [(centre + gap, y), (right, y), *closed],
                ]
                expired += closed if limit.expired else []
                self.seen["limit"] = NAMES["limit"]
        self.stroke(lines[False], INK, 1.2, 0.7, 3.5)
        self.stroke(lines[True], PINK, 1.2, 1.0, 3.5)
        self.marks("expired", expired)
        for due in self.model.budgets:
            if due <= self.last:
                upright(self, "budget", due, self.plan.grid, self.plan.bottom)
                self.seen["budget"] = NAMES["budget"]

    def _waits(self, row: Row, middle: float) -> Iterator[tuple[Bar, str]]:
        """Yield each wait with its text under the pointer, and write in it what is waited for."""
        share = _MOST_BARS // len(self.model.rows)
        waits = [bar for bar in row.bars if bar.state != "run"]
        alone = len(waits) <= share
        if len(waits) > max(60, 2 * share):
            waits = _sampled(waits, self.model.end, max(60, 2 * share))
        stuck = (row if row.state else self.model.rows[row.parent or 0]).state == "stuck"
        for bar in waits:
            if bar.state == "blocked":
                bar = bar._replace(end=max(bar.end, bar.start + 2 * self.pixel))
            elif bar.open and stuck:
                bar = bar._replace(end=self.model.end + self.model.tail)
            if bar.end - bar.start > _LEAST * self.pixel:
                yield bar, _tip(row, bar) if alone else ""
                if alone and bar.what:
                    last = bar.end - (
                        6 * self.pixel if bar.end >= self._stop(row) else 0
                    )  # clear of the mark
                    self.write(bar.state, _words(bar), (bar.start, last), middle, self.label_size)

    def _crowd(self) -> None:
        """Draw many tasks: lanes without gaps in groups, and the curve of what is in flight."""

        def seen(row: Row) -> list[Bar]:
            long = (bar for bar in row.bars if bar.end - bar.start > self.pixel)
            return [bar for bar in long if LOOKS[bar.state].fill]

        most = max(len(seen(row)) for row in self.model.rows)
        coarse = max(
            1.0, (most * _CROWD / _MOST_BOXES) ** 0.5
        )  # pixels of a lane, so that the file stays small
        most /= coarse
        boxes: dict[str, list[Box]] = {}
        across = self.ax.get_yaxis_transform()
        for _, rows, top, bottom in self.plan.bands:
            self.stroke([[(0, bottom), (1, bottom)]], INK, 0.6, 0.25, transform=across)
            if len(rows) == 1:
                self._tasks([(rows[0], (top + bottom) / 2)])
                continue
            lanes = max(1, min(len(rows), int((bottom - top) * self.plan.row / coarse)))
            edges = [top + (bottom - top) * lane / lanes for lane in range(lanes + 1)]
            for lane in range(lanes):
                bars = seen(rows[len(rows) * lane // lanes])
                for bar in bars if len(bars) <= most else _sampled(bars, self.model.end, int(most)):
                    boxes.setdefault(bar.state, []).append((bar.start, edges[lane], bar.end, edges[lane + 1]))
            if ends := group_ends(rows):
                bad = any(row.state in ("failed", "stuck") for row in rows)
                look: Style = {"weight": "bold" if bad else "normal", "clip_on": False}
                place = (-_PAD * self.pixel, (top + bottom + 14 / self.plan.row) / 2)
                self.text(*place, ends, 10.5, (6 - self.left, 0), **look)
        for state, found in boxes.items():
            self.seen.setdefault(state, NAMES[state])
            self.fill(found, LOOKS[state].fill, LOOKS[state].alpha, 2)
        self._curve()

    def _curve(self) -> None:
        steps = in_flight(self.model.rows)
        peak = max((level for _, level in steps), default=0)
        top, bottom = self.plan.curve
        if not peak:
            return
        columns = int(self.model.end / self.pixel)
        outline = [(0.0, bottom)]
        for column, level in enumerate([*peaks(steps, self.model.end, columns), 0]):
            y = bottom - (bottom - top) * level / peak
            if y != outline[-1][1]:
                x = self.model.end * column / columns
                outline += [(x, outline[-1][1]), (x, y)]
        self.ax.fill(*zip(*outline, strict=True), color=LOOKS[_main_wait(self.model)].fill, lw=0, zorder=2)
        self.stroke([outline], INK, 1.0, 0.8, 2.1)
        left, right = -_PAD * self.pixel, self.model.end + _PAD * self.pixel
        self.stroke([[(left, top), (right, top)]], RED, 1.4, z=3, dash=(4, 3))
        self.text(self.model.end, top, f"máx. {peak}", shift=(14, 0))


def _tip(row: Row, bar: Bar) -> str:
    if not bar.what and bar.state != "blocked":
        return ""
    line = f", línea {bar.line}" if bar.line else ""
    span = f"{duration(bar.start)} a {duration(bar.end)}"
    return f"{row.label}: {bar.what or 'bloquea el bucle'}, de {span}{line}"


def _words(bar: Bar) -> tuple[str, ...]:
    if bar.state == "cleanup":
        return (f"limpieza: {bar.what}", "limpieza")
    return (bar.what, bar.what.removeprefix("sleep ")) if bar.state == "sleep" else (bar.what,)


def _sampled(bars: Iterable[Bar], span: float, count: int) -> list[Bar]:
    """Return bars of so many equal parts of the span; equal neighbours are one."""
    states = [*cells(bars, span, count), ""]
    edges = [index for index in range(count + 1) if not index or states[index] != states[index - 1]]
    return [
        Bar(span * first / count, span * last / count, states[first])
        for first, last in pairwise([*edges, count])
        if states[first]
    ]


def _main_wait(model: Model) -> str:
    """Return what was waited for the longest: the curve has its colour."""
    seconds = dict.fromkeys(IN_FLIGHT, 0.0)
    for row in model.rows:
        for bar in row.bars:
            if bar.state in IN_FLIGHT:
                seconds[bar.state] += bar.end - bar.start
    return max(sorted(seconds), key=lambda state: seconds[state])


class _Seconds(MaxNLocator):
    """Round instants from 0 to the last one."""

    def __init__(self, last: float) -> None:
        super().__init__(8, steps=[1, 2, 2.5, 5, 10])
        self._last = last

    def tick_values(self, vmin: float, vmax: float) -> Any:
        first, last = max(vmin, 0.0), min(vmax, self._last)
        found = np.asarray(super().tick_values(first, last) if first < last else [0.0])
        return found[(found >= first) & (found <= last * 1.000001)]
