"""Draws timelines with matplotlib: seconds on the x axis, a row for each task on the y axis."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
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
from grader.timeline.layout import (
    BETWEEN,
    CROWD,
    LIMIT,
    PAD,
    SCALE,
    TITLE,
    Layout,
    Panel,
    end_label,
    last_instant,
    pixel_of,
)
from grader.timeline.model import (
    IN_FLIGHT,
    UNITS,
    Bar,
    Model,
    Row,
    Span,
    cells,
    duration,
    group_ends,
    in_flight,
    number,
    peaks,
    ticks,
)

WIDTH = 920.0  # pixels of a whole figure, as all sizes here, unless they say that they are seconds or rows
_LEAST = 0.4  # a shorter stretch is not seen, so not drawn
_MUTED = 0.65
_MOST_BARS = 1200  # in one picture, each with its own text
_MOST_STEPS = 6000
_MOST_BOXES = 8000  # of a crowd
_WORK = {"thread": "trabaja un hilo", "process": "trabaja un proceso"}


def figure(shown: Sequence[Panel]) -> Figure:
    """Return a new figure with the panels below each other on one time axis, and one legend for all."""
    with _plain_style():
        drawing = Figure(figsize=(WIDTH / DPI, 1.0), dpi=DPI)
        layouts = [Layout(panel) for panel in shown]
        left = max(layout.label_width for layout in layouts)
        wide = WIDTH - 12 - left
        axes: list[Axes] = []
        for _ in shown:
            shared = axes[0] if axes else None
            axes.append(drawing.add_axes((left / WIDTH, 0, wide / WIDTH, 1), sharex=shared))
            axes[-1].patch.set_visible(False)
        seen = _draw(shown, layouts, axes, left, wide)
        tops, y = [], 6.0
        for layout in layouts:
            tops.append(y + layout.title_height(left + wide))
            y = tops[-1] + layout.height + SCALE + BETWEEN
        height = y + LINE * len(legend_lines(seen, left + wide - 6)) + 8
        drawing.set_size_inches(WIDTH / DPI, height / DPI)
        for ax, top, layout in zip(axes, tops, layouts, strict=True):
            bottom = 1 - (top + layout.height) / height
            ax.set_position((left / WIDTH, bottom, wide / WIDTH, layout.height / height))
        legend(axes[-1], seen, left - 6, wide, SCALE + BETWEEN + 4, layouts[-1].height)
    return drawing


def plot(shown: Sequence[Panel], axes: Sequence[Axes], with_legend: bool) -> tuple[Axes, ...]:
    """Draw panels on given axes, which then share x, in their data coordinates: seconds, rows downwards."""
    for ax in axes[1:]:
        if not axes[0].get_shared_x_axes().joined(axes[0], ax):
            ax.sharex(axes[0])
    layouts = [Layout(panel) for panel in shown]
    left = max(layout.label_width for layout in layouts)
    root: Any = axes[0].get_figure(root=True)
    dot = DPI / root.dpi
    sizes = [(box.width * dot, box.height * dot) for box in (ax.get_window_extent() for ax in axes)]
    wide = min(wide for wide, _ in sizes)
    for layout, (_, high) in zip(layouts, sizes, strict=True):
        layout.row *= high / layout.height
    with quiet():
        seen = _draw(shown, layouts, axes, left, wide)
        if with_legend:
            wide, high = sizes[-1]
            legend(axes[-1], seen, left - 6, wide, SCALE + BETWEEN + 4, high)
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
    shown: Sequence[Panel], layouts: Sequence[Layout], axes: Sequence[Axes], left: float, wide: float
) -> dict[str, str]:
    """Draw panels on axes of that width, `left` beside them for their labels; return what was drawn."""
    pixel, last = pixel_of(shown, wide), max(map(last_instant, shown))
    seen: dict[str, str] = {}
    for panel, layout, ax in zip(shown, layouts, axes, strict=True):
        _Sheet(ax, layout, left, wide, pixel, last, seen).draw(panel)
    return seen


class _Sheet(Canvas):
    """The axes of one timeline.

    left, wide: pixels of its labels, and of the axes; pixel: seconds of one; last: the last instant to name.
    """

    def __init__(
        self,
        ax: Axes,
        layout: Layout,
        left: float,
        wide: float,
        pixel: float,
        last: float,
        seen: dict[str, str],
    ) -> None:
        super().__init__(ax, pixel, seen)
        self.layout, self.model, self.left, self.wide, self.last = layout, layout.model, left, wide, last
        self.right = (wide - PAD) * pixel
        self.label_size = min(11.0, layout.row / 28 * 2 + 9)

    def draw(self, panel: Panel) -> None:
        """Draw the whole timeline."""
        self._dress(panel)
        self._strip()
        self._workers()
        self._notes(panel)
        if self.model.crowded:
            self._crowd()
        else:
            self._tasks(list(zip(self.model.rows, self.layout.rows, strict=True)))
            self._limits()
        half, end = LOOKS["unstarted"].height / 2, self.last or self.right
        self.bars("unstarted", [(0, middle - half, end, middle + half) for middle in self.layout.unstarted])
        for middle in self.layout.unstarted:
            self.write("unstarted", (NAMES["unstarted"],), (0, end), middle, self.label_size)

    def _dress(self, panel: Panel) -> None:
        ax, layout = self.ax, self.layout
        ax.set(xlim=(-PAD * self.pixel, self.right), ylim=(layout.bottom, layout.top))
        ax.spines[:].set_visible(False)
        ax.set_axisbelow(True)
        unit, scale = next(
            ((unit, scale) for unit, scale, least in UNITS if self.last >= least), UNITS[0][:2]
        )
        ax.xaxis.set_major_locator(_Seconds(self.last))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{number(x * scale)} {unit}"))
        # The lines of the grid are ticks that reach up to the strip.
        grid: Style = {
            "length": (layout.bottom - layout.grid) * layout.row * PX,
            "width": PX,
            "direction": "in",
        }
        grid["color"] = (*matplotlib.colors.to_rgb(GREY), 0.3)
        ax.tick_params("x", pad=5 * PX, labelsize=11.5 * PX, labelcolor=self.ink, labelbottom=True, **grid)
        places, labels = zip(*layout.labels(), strict=True)
        ax.set_yticks(places, labels, ha="left", parse_math=False)
        ax.tick_params("y", length=0, pad=(self.left - 6) * PX, labelsize=12 * PX, labelcolor=self.ink)
        start = -(self.left - 6) / self.wide
        text: Style = {"color": self.ink, "parse_math": False, "y": 1.0}
        if panel.title:
            above = layout.title_height(self.left + self.wide) - TITLE
            look: Style = {"fontsize": 15 * PX, "weight": "bold", "pad": (8 + above) * PX}
            ax.set_title(panel.title, loc="left", x=start, **look, **text)
        place: Style = {"loc": "right"} if panel.title else {"loc": "left", "x": start}
        ax.set_title(self.model.headline(), fontsize=12 * PX, alpha=_MUTED, pad=8 * PX, **place, **text)

    def _strip(self) -> None:
        """Draw what the loop's one thread does: its steps, and in red what blocks it."""
        top, bottom = self.layout.top, self.layout.strip
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
        for _, lanes, top, size in self.layout.workers:
            self._background(top, top + size * len(lanes))
            for index, lane in enumerate(lanes):
                middle = top + size * (index + 0.5)
                for job in lane:
                    end = max(job.end - 0.6 * self.pixel, job.start + self.pixel)
                    box = (job.start, middle - size * 0.42, end, middle + size * 0.42)
                    bars.setdefault(job.state, []).append((box, job.what))
                    if size * self.layout.row >= 14:
                        self.write(job.state, (job.what,), (job.start, end), middle, 10.5)
        for state, found in bars.items():
            self.seen[state] = _WORK[state]
            tips = [what for _, what in found] if len(found) <= _MOST_BARS else ()
            self.bars(state, [box for box, _ in found], tips)

    def _notes(self, panel: Panel) -> None:
        """Shade blocked time and the time that is too much, draw the dashed line and say what it is."""
        top, bottom, line = self.layout.grid, self.layout.bottom, self.layout.grid + 11 / self.layout.row
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
            upright(self, "end", panel.dash, top, bottom + 3 / self.layout.row)
            fits = panel.dash / self.pixel + PAD - 6 > width_of(panel.note, 11)
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
        self.pins([(at, middle) for row, middle in rows for at in row.cancels], 1, 1 / self.layout.row)
        for kind in MARKS:
            ends = [(self._stop(row), middle) for row, middle in rows if row.state == kind]
            self.marks(kind, ends, 1.0 if self.layout.row > 22 else 0.86)

    def _stop(self, row: Row) -> float:
        return row.stop + (self.model.tail if row.state == "stuck" else 0.0)

    def _branches(self, rows: Sequence[tuple[Row, float]]) -> None:
        """Lead from each task to those that it makes, and to its generator whenever that takes over."""
        family: dict[Point, list[float]] = {}
        lines: list[list[Point]] = []
        for row, middle in rows:
            if row.parent is not None and row.state:
                family.setdefault((self.layout.rows[row.parent], row.born), []).append(middle)
            elif row.parent is not None:
                above = self.layout.rows[row.parent]
                lines += [[(x, above), (x, middle)] for stay in row.stays for x in stay]
        for (above, born), middles in family.items():
            x = born - 4 * self.pixel
            lines += [[(x, above), (x, max(middles))], *([(x, y), (born, y)] for y in middles)]
        self.stroke(lines, INK, 1.0, 0.4)

    def _limits(self) -> None:
        """Draw a bracket above a lane for each timeout scope, a line for a deadline that several share."""
        unit = 1 / self.layout.row
        lines: dict[bool, list[list[Point]]] = {True: [], False: []}  # by whether the scope expired
        expired: list[Point] = []
        for middle, limits in zip(self.layout.rows, self.layout.limits, strict=True):
            for limit, level in limits:
                y = middle - 0.5 - (level + 0.5) * LIMIT * unit
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
                upright(self, "budget", due, self.layout.grid, self.layout.bottom)
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
                    marked = row.state and bar.end >= self._stop(
                        row
                    )  # there the text keeps clear of the mark
                    last = bar.end - (6 * self.pixel if marked else 0)
                    self.write(bar.state, _words(bar), (bar.start, last), middle, self.label_size)

    def _crowd(self) -> None:
        """Draw many tasks: lanes without gaps in groups, and the curve of what is in flight."""

        def seen(row: Row) -> list[Bar]:
            long = (bar for bar in row.bars if bar.end - bar.start > self.pixel)
            return [bar for bar in long if LOOKS[bar.state].fill]

        most = max(len(seen(row)) for row in self.model.rows)
        coarse = max(
            1.0, (most * CROWD / _MOST_BOXES) ** 0.5
        )  # pixels of a lane, so that the file stays small
        most /= coarse
        boxes: dict[str, list[Box]] = {}
        across = self.ax.get_yaxis_transform()
        for _, rows, top, bottom in self.layout.bands:
            self.stroke([[(0, bottom), (1, bottom)]], INK, 0.6, 0.25, transform=across)
            if len(rows) == 1:
                self._tasks([(rows[0], (top + bottom) / 2)])
                continue
            lanes = max(1, min(len(rows), int((bottom - top) * self.layout.row / coarse)))
            edges = [top + (bottom - top) * lane / lanes for lane in range(lanes + 1)]
            for lane in range(lanes):
                bars = seen(rows[len(rows) * lane // lanes])
                for bar in bars if len(bars) <= most else _sampled(bars, self.model.end, int(most)):
                    boxes.setdefault(bar.state, []).append((bar.start, edges[lane], bar.end, edges[lane + 1]))
            if ends := group_ends(rows):
                bad = any(row.state in ("failed", "stuck") for row in rows)
                look: Style = {"weight": "bold" if bad else "normal", "clip_on": False}
                place = (-PAD * self.pixel, (top + bottom + 14 / self.layout.row) / 2)
                self.text(*place, ends, 10.5, (6 - self.left, 0), **look)
        for state, found in boxes.items():
            self.seen.setdefault(state, NAMES[state])
            self.fill(found, LOOKS[state].fill, LOOKS[state].alpha, 2)
        self._curve()

    def _curve(self) -> None:
        steps = in_flight(self.model.rows)
        peak = max((level for _, level in steps), default=0)
        top, bottom = self.layout.curve
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
        left, right = -PAD * self.pixel, self.model.end + PAD * self.pixel
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
