"""Draws timelines with matplotlib: seconds on the x axis, a row for each task on the y axis."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import IdentityTransform, ScaledTranslation

from grader.timeline.model import (
    ENDINGS,
    IN_FLIGHT,
    STATES,
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

DPI = 100.0
PX = 72 / DPI  # points of a pixel
WIDTH = 920.0  # pixels of a whole figure
INK = "#000001"  # text and lines: a black that nothing else has, so that svg.py can give it the page's colour
GREY = "#7f8b96"  # always translucent, so that it suits both themes
DARK = "#22303c"  # text on the bars, which have their colours in both themes
RED = "#d1350f"  # marks and areas: no red is legible as text on white and on #111 alike
PINK = "#a8327a"
FONT = "DejaVu Sans"  # comes with matplotlib

_TITLE, _STRIP, _GAP, _NOTES, _SCALE, _BETWEEN = 26.0, 22.0, 6.0, 18.0, 20.0, 8.0  # heights in pixels
_WORKERS = 90.0  # the most that all threads, or all processes, together may take
_CROWD, _CURVE, _BAND = 380.0, 70.0, 22.0  # all groups, the curve, the least of a group
_PAD = 8.0  # from the left edge of the axes to the first instant
_MUTED = 0.65
_LIMIT = 12.0  # pixels above a lane for the bracket of a timeout scope
_MOST_LIMITS = 3  # of one lane at once
_MUCH_LATER = 1.3
_LEAST = 0.4  # a shorter stretch is not seen, so not drawn
_MOST_BARS = 1200  # in one picture, each with its own text
_MOST_STEPS = 6000
_MOST_BOXES = 5000

Box = tuple[float, float, float, float]  # left, top, right, bottom
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is drawn: the height tells it without colour, stripes and the text in the bar too."""

    height: float
    fill: str
    alpha: float = 1.0
    text: str = DARK
    stripes: str = ""
    outline: str = ""


LOOKS = {
    "run": Look(0.78, INK),
    "ready": Look(0.40, "#e69f00"),
    "sleep": Look(0.52, "#8ec5ee"),
    "net": Look(0.52, "#3fa796"),
    "thread": Look(0.52, "#7c5fb5", text="#ffffff"),
    "pool": Look(0.40, "#7c5fb5", 0.4, INK, outline="#7c5fb5"),
    "process": Look(0.52, "#2f6690", text="#ffffff"),
    "process-pool": Look(0.40, "#2f6690", 0.4, INK, outline="#2f6690"),
    "sync": Look(0.52, "#f7e6a6", stripes="#c9a227"),
    "task": Look(0.10, GREY, 0.42, INK),
    "generator": Look(0.0, "", text=INK, outline=GREY),
    "future": Look(0.30, GREY, 0.42, INK),
    "promise": Look(0.52, "#b5cf6b"),
    "cleanup": Look(0.52, "#d98ab6"),
    "blocked": Look(0.78, RED, text="#ffffff"),
    "unstarted": Look(0.52, "", text=INK, outline=GREY),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How an instant is marked: matplotlib's marker, pixels, and what the legend says."""

    text: str
    marker: str
    size: float
    face: str
    edge: str = "none"
    width: float = 0.0


MARKS = {
    "done": Mark("termina", "o", 8.4, INK),
    "failed": Mark("falla", "x", 8.4, RED, RED, 3.0),
    "cancelled": Mark("cancelada", "D", 7.8, "#dfe3e6", INK, 1.6),
    "pending": Mark("sigue al acabar", ">", 9.4, INK),
    "stuck": Mark("atascada", ">", 9.4, RED),
    "collected": Mark("desaparece sin terminar", "o", 8.4, "none", INK, 1.6),
    "pin": Mark("piden cancelarla", "v", 8.0, PINK),
    "expired": Mark("vence el tiempo límite", "v", 8.0, PINK),
}
_LINES = {
    "limit": "tiempo límite",
    "budget": "plazo común",
    "end": "fin de la ejecución",
    "excess": "tiempo de más",
}


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
        model = sides[0][1]
        note = "" if expected_end is None else f"esperado {duration(expected_end)}"
        return [Panel(model, sides[0][0], expected_end, note, _excess(expected_end, model))]
    others = [other for _, other in reversed(sides)]
    return [
        Panel(own, title, own.end, "", _excess(other.end, own))
        for (title, own), other in zip(sides, others, strict=True)
    ]


def _excess(expected: float | None, shown: Model) -> Span | None:
    return (expected, shown.end) if expected is not None and shown.end - expected > shown.noise else None


def figure(panels: Sequence[Panel]) -> Figure:
    """Return a new figure with the panels below each other on one time axis, and one legend for all."""
    with _plain_style():
        drawing = Figure(figsize=(WIDTH / DPI, 1.0), dpi=DPI)
        left = max(map(_label_width, panels)) + 14
        wide = WIDTH - 12 - left
        plans = [_Plan(panel) for panel in panels]
        pixel = _pixel(panels, wide)
        seen: dict[str, str] = {}
        all_axes: list[Axes] = []
        for panel, plan in zip(panels, plans, strict=True):
            first = all_axes[0] if all_axes else None
            ax = drawing.add_axes((left / WIDTH, 0, wide / WIDTH, 1), sharex=first)
            all_axes.append(ax)
            _Sheet(ax, plan, left, wide, pixel, _last(panels), seen).draw(panel)
        lines = _flow(seen, WIDTH - 6)
        tops, y = [], 6.0
        for panel, plan in zip(panels, plans, strict=True):
            tops.append(y + _title_height(panel, left + wide))
            y = tops[-1] + plan.height + _SCALE + _BETWEEN
        height = y + 8 + 20 * len(lines)
        drawing.set_size_inches(WIDTH / DPI, height / DPI)
        for ax, top, plan in zip(all_axes, tops, plans, strict=True):
            bottom = 1 - (top + plan.height) / height
            ax.set_position((left / WIDTH, bottom, wide / WIDTH, plan.height / height))
            ax.patch.set_visible(False)
        _legend(all_axes[-1], lines, left, wide, plans[-1].height)
    return drawing


def plot(panels: Sequence[Panel], axes: Sequence[Axes], legend: bool) -> tuple[Axes, ...]:
    """Draw panels on given axes, which then share x, in their data coordinates: seconds, rows downwards."""
    for ax in axes[1:]:
        if not axes[0].get_shared_x_axes().joined(axes[0], ax):
            ax.sharex(axes[0])
    dot = DPI / axes[0].get_figure(root=True).dpi
    sizes = [(box.width * dot, box.height * dot) for box in (ax.get_window_extent() for ax in axes)]
    pixel = max(_pixel(panels, wide) for wide, _ in sizes)
    left = max(map(_label_width, panels)) + 14
    seen: dict[str, str] = {}
    with _quiet():
        for panel, ax, (wide, high) in zip(panels, axes, sizes, strict=True):
            plan = _Plan(panel)
            plan.row *= high / plan.height
            _Sheet(ax, plan, left, wide, pixel, _last(panels), seen).draw(panel)
        if legend:
            wide, high = sizes[-1]
            _legend(axes[-1], _flow(seen, left + wide), left, wide, high)
    return tuple(axes)


@contextlib.contextmanager
def _plain_style() -> Iterator[None]:
    """Let matplotlib draw by its own defaults, whatever the notebook has set, in our ink."""
    defaults = {key: value for key, value in matplotlib.rcParamsDefault.items() if "backend" not in key}
    with _quiet(), matplotlib.rc_context(defaults | {"text.color": INK, "font.sans-serif": [FONT]}):
        yield


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)  # a name in letters that FONT lacks
        yield


def _last(panels: Sequence[Panel]) -> float:
    """Return the last instant on the time axis: a deadline too, if it is not much later than the end."""
    last = max([panel.model.end for panel in panels] + [panel.dash or 0.0 for panel in panels])
    limits = [limit.due for panel in panels for row in panel.model.rows for limit in row.limits]
    return max([last, *(due for due in limits if due <= _MUCH_LATER * last)])


def _pixel(panels: Sequence[Panel], wide: float) -> float:
    """Return the seconds of a pixel at which everything fits on axes of this width, labels at ends too."""
    span = max([_last(panels), *(panel.model.end + panel.model.tail for panel in panels)]) or 1.0
    scales = [span / (wide - 2 * _PAD)]
    for panel in panels:
        for instant, label in _right_labels(panel.model):
            scales.append((instant + panel.model.tail) / max(240.0, wide - _PAD - 11 - width_of(label, 12)))
    return max(scales)


def _right_labels(model: Model) -> Iterator[tuple[float, str]]:
    if model.crowded:
        yield model.end, "máx. 10000"
    else:
        yield from ((row.stop, end_label(row)) for row in model.rows if end_label(row))


def end_label(row: Row) -> str:
    """Return what stands beside the end of a task."""
    if row.state == "failed":
        return row.error or ENDINGS["failed"]
    if row.state in ("pending", "stuck") and (wait := row.last_wait):
        return f"{ENDINGS[row.state]}: {wait.what[:24]}"
    return ENDINGS.get(row.state, "")


def _label_width(panel: Panel) -> float:
    model = panel.model
    widths = [width_of(label, 12) for _, label in _Plan(panel).labels()]
    if model.crowded:
        widths += [width_of(group_ends(rows), 10.5) for _, rows in groups(model.rows)]
    return max(widths) + 6


def _title_height(panel: Panel, wide: float) -> float:
    needed = width_of(panel.title, 15, bold=True) + width_of(panel.model.headline(), 12) + 24
    return _TITLE + (18 if panel.title and needed > wide else 0)


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a text in pixels, as its size; other sans-serif fonts of a page are narrower."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    width: float = text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
    return width


class _Plan:
    """Where the parts of a panel lie on the y axis, whose unit is a row; the first task is at 0."""

    def __init__(self, panel: Panel) -> None:
        model = panel.model
        count = len(model.rows) + len(model.unstarted)
        self.model = model
        self.row = 28.0 if count <= 14 else 24.0 if count <= 30 else 20.0  # pixels, as a figure is made
        self.workers: list[tuple[str, list[list[Bar]], float, float]] = []  # name, lanes, top, height of one
        y = _STRIP
        for label, lanes in workers(model.jobs):
            size = max(2.0, min(18.0, _WORKERS / len(lanes)))
            self.workers.append((label, lanes, y + 4, size))
            y += 4 + size * len(lanes)
        grid = y + _GAP
        y = grid + (_NOTES if panel.excess or panel.note else 0)
        zero = y + 0.5 * self.row
        self.bands: list[tuple[str, list[Row], float, float]] = []  # name, tasks, top, height
        self.rows: list[float] = []
        self.limits = [_levels(row.limits) for row in model.rows] if not model.crowded else []
        if model.crowded:
            for name, rows in groups(model.rows):
                least = self.row if len(rows) == 1 else _BAND * (1.5 if group_ends(rows) else 1.0)
                self.bands.append((name, rows, y, max(_CROWD * len(rows) / len(model.rows), least)))
                y += self.bands[-1][3]
            y += 2 * _GAP + _CURVE
        else:
            for levels in self.limits:
                y += _LIMIT * (max(levels, default=-1) + 1)
                self.rows.append((y + 0.5 * self.row - zero) / self.row)
                y += self.row
        self.curve = ((y - _CURVE - zero) / self.row, (y - zero) / self.row)
        self.unstarted = [(y + (n + 0.5) * self.row - zero) / self.row for n in range(len(model.unstarted))]
        self.height = y + len(model.unstarted) * self.row
        self.top, self.grid, self.bottom = -zero / self.row, (grid - zero) / self.row, (self.height - zero) / self.row
        self.strip = (self.top, (_STRIP - zero) / self.row)
        unit = 1 / self.row
        self.workers = [(name, lanes, (top - zero) * unit, size * unit) for name, lanes, top, size in self.workers]
        self.bands = [(name, rows, (top - zero) * unit, size * unit) for name, rows, top, size in self.bands]

    def labels(self) -> Iterator[tuple[float, str]]:
        """Yield the place and the text of each label of the y axis."""
        model = self.model
        yield sum(self.strip) / 2, "Node" if model.clock == "node" else "bucle"
        for label, lanes, top, size in self.workers:
            yield top + size * len(lanes) / 2, label
        for row, middle in zip(model.rows, self.rows, strict=False):
            yield middle, "\N{NO-BREAK SPACE}" * (3 * min(row.depth, 5)) + times_label(row.label, row.times)
        for name, rows, top, size in self.bands:
            yield top + size / 2 - (7 / self.row if group_ends(rows) else 0), times_label(name, len(rows))
        if model.crowded:
            yield sum(self.curve) / 2, "en vuelo"
        for middle, (name, times) in zip(self.unstarted, model.unstarted, strict=True):
            yield middle, times_label(name, times)


def _levels(limits: Sequence[Limit]) -> list[int]:
    """Return for each scope which line above its lane is free, 0 next to the lane: inner scopes lie lower."""
    levels = [0] * len(limits)
    for number in reversed(range(len(limits))):
        over = [levels[later] for later in range(number + 1, len(limits)) if limits[later].start < limits[number].due]
        levels[number] = min(max(over, default=-1) + 1, _MOST_LIMITS - 1)
    return levels


class Bars(PolyCollection):
    """Bars of one look, with the texts that show under the pointer where the picture is an SVG."""

    def __init__(self, boxes: Sequence[Box], tips: Sequence[str], **style: Any) -> None:
        super().__init__(_corners(boxes), **style)
        self.tips = tips


class Stripes(PolyCollection):
    """Rising diagonals within boxes, a fixed distance apart at any zoom.

    Drawn as lines, for what a hatch becomes in an SVG needs an id, which another picture may have too.
    """

    def draw(self, renderer: RendererBase) -> None:
        step = 8 * renderer.points_to_pixels(PX)
        lines: list[Point] = []
        for path in self.get_paths():
            (left, bottom), (right, top) = self.get_transform().transform_path(path).get_extents().get_points()
            for index in range(int((right - left + top - bottom) / step) + 1):
                foot = left - (top - bottom) + (index + 0.5) * step
                start, end = max(foot, left), min(foot + top - bottom, right)
                if end > start:
                    lines += [(start, bottom + start - foot), (end, bottom + end - foot)]
        if lines:
            context = renderer.new_gc()
            self._set_gc_clip(context)
            context.set_foreground(self.get_edgecolor()[0], isRGBA=True)
            context.set_linewidth(renderer.points_to_pixels(1.4 * PX))
            codes = [Path.MOVETO, Path.LINETO] * (len(lines) // 2)
            renderer.draw_path(context, Path(lines, codes), IdentityTransform())
            context.restore()


class BarLabel(Text):
    """The first of some texts that fits into its bar at the present zoom; else nothing."""

    def __init__(self, words: Sequence[str], bar: Span, y: float, pixels: float, **style: Any) -> None:
        super().__init__(
            sum(bar) / 2, y, "", ha="center", va="center_baseline", clip_on=True, parse_math=False,
            fontsize=pixels * PX, **style,
        )  # fmt: skip
        self._choice, self._bar, self._pixels = words, bar, pixels

    def choose(self) -> str:
        """Take the text that fits, and return it."""
        ends = self.axes.transData.transform([(instant, 0) for instant in self._bar])
        room = abs(ends[1][0] - ends[0][0]) / self.figure.dpi * DPI - 8
        bold = self.get_fontweight() == "bold"
        text = next((w for w in self._choice if w and width_of(w, self._pixels, bold) <= room), "")
        if text != self.get_text():
            self.set_text(text)
        return text

    def draw(self, renderer: RendererBase) -> None:
        if self.choose():
            super().draw(renderer)


def _backing(x: float, y: float, width: float, height: float, size: float) -> Path:
    """Return what hides the stripes behind a text."""
    return Path([(x - 3, y), (x + width + 3, y), (x + width + 3, y + height), (x - 3, y + height)], closed=False)


class _Brush:
    """Draws on axes, and notes in `seen` what the legend must explain. pixel: units of x of a pixel."""

    def __init__(self, ax: Axes, pixel: float, seen: dict[str, str]) -> None:
        self.ax, self.pixel, self.seen = ax, pixel, seen
        self.ink = matplotlib.rcParams["text.color"]

    def color(self, name: str) -> str:
        return self.ink if name == INK else name

    def fill(self, boxes: Sequence[Box], color: str, alpha: float = 1.0, z: float = 1.0, **more: Any) -> None:
        """Fill boxes, as one shape."""
        if len(boxes):
            corners = _corners(boxes)
            path = Path(
                np.concatenate([corners, corners[:, :1]], axis=1).reshape(-1, 2),
                np.tile([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], len(boxes)),
            )
            self._add(path, z, facecolor=self.color(color), edgecolor="none", linewidth=0, alpha=alpha, **more)

    def stroke(
        self, lines: Iterable[Sequence[Point]], color: str, width: float, alpha: float = 1.0, z: float = 1.0,
        dash: Point | None = None, **more: Any,
    ) -> None:  # fmt: skip
        """Draw lines, as one shape. width, dash: in pixels."""
        lines = list(lines)
        if lines:
            codes = [code for line in lines for code in [Path.MOVETO, *[Path.LINETO] * (len(line) - 1)]]
            path = Path([point for line in lines for point in line], codes)
            path.should_simplify = False
            style = (0, (dash[0] / width, dash[1] / width)) if dash else "-"
            self._add(
                path, z, facecolor="none", edgecolor=self.color(color), linewidth=width * PX, alpha=alpha,
                linestyle=style, capstyle="butt", joinstyle="miter", **more,
            )  # fmt: skip

    def _add(self, path: Path, z: float, **style: Any) -> None:
        self.ax.add_artist(PathPatch(path, zorder=z, snap=False, **style))

    def bars(self, state: str, boxes: Sequence[Box], tips: Sequence[str] = ()) -> None:
        """Draw bars of one state."""
        if not len(boxes):
            return
        look, z = LOOKS[state], 3.1 if state == "blocked" else 2 + list(LOOKS).index(state) / 100
        self.seen.setdefault(state, STATES[state])
        if tips and look.fill:
            style: dict[str, Any] = {"facecolors": self.color(look.fill), "edgecolors": "none", "linewidths": 0}
            self.ax.add_collection(Bars(boxes, tips, alpha=look.alpha, zorder=z, **style), autolim=False)
        elif look.fill:
            self.fill(boxes, look.fill, look.alpha, z)
        if look.stripes:
            stripes = Stripes(_corners(boxes), edgecolors=look.stripes, facecolors="none", zorder=z + 0.001)
            self.ax.add_collection(stripes, autolim=False)
        if look.outline:
            edges = [[(a, b), (c, b), (c, d), (a, d), (a, b)] if d > b else [(a, b), (c, b)] for a, b, c, d in boxes]
            self.stroke(edges, look.outline, 1.0 if look.height else 2.0, z=z, dash=(3, 2))

    def marks(self, kind: str, points: Sequence[Point], scale: float = 1.0) -> None:
        """Mark points."""
        if points:
            mark = MARKS[kind]
            self.seen.setdefault(kind, mark.text)
            xs, ys = zip(*points, strict=True)
            self.ax.add_artist(
                Line2D(
                    xs, ys, linestyle="none", marker=mark.marker, markersize=mark.size * scale * PX,
                    markerfacecolor=self.color(mark.face), markeredgecolor=self.color(mark.edge),
                    markeredgewidth=mark.width * PX, zorder=6,
                )
            )  # fmt: skip

    def text(
        self, x: float, y: float, text: str, pixels: float = 12.0, shift: Point = (0.0, 0.0),
        ha: Literal["left", "center", "right"] = "left", **style: Any,
    ) -> None:  # fmt: skip
        """Write a text, its middle at y. shift: pixels to the right and down."""
        if text:
            style = {"color": self.ink, "clip_on": True, "zorder": 7.0, **style}
            font = {"fontsize": pixels * PX, "ha": ha, "va": "center_baseline", "parse_math": False}
            self.ax.text(x, y, text, transform=self.ax.transData + self.shifted(*shift), **font, **style)

    def shifted(self, right: float, down: float) -> ScaledTranslation:
        return ScaledTranslation(right / DPI, -down / DPI, self.ax.get_figure(root=True).dpi_scale_trans)


def _corners(boxes: Sequence[Box]) -> np.ndarray:
    left, top, right, bottom = np.asarray(boxes, float).T
    return np.stack([np.stack(corner, 1) for corner in ((left, top), (right, top), (right, bottom), (left, bottom))], 1)


class _Sheet(_Brush):
    """The axes of one timeline. left, wide: pixels of its labels, and of the axes; last: instant on them."""

    def __init__(
        self, ax: Axes, plan: _Plan, left: float, wide: float, pixel: float, last: float, seen: dict[str, str]
    ) -> None:
        super().__init__(ax, pixel, seen)
        self.plan, self.left, self.wide, self.last = plan, left, wide, last
        self.label_size = min(11.0, plan.row / 28 * 2 + 9)

    def draw(self, panel: Panel) -> None:
        """Draw the whole timeline."""
        model, plan = panel.model, self.plan
        self._dress(panel)
        self._strip(model)
        self._workers(model)
        self._notes(panel)
        if model.crowded:
            self._crowd(model)
        else:
            self._each(list(zip(model.rows, plan.rows, strict=True)), model)
            self._limits(model)
        for middle, _ in zip(plan.unstarted, model.unstarted, strict=True):
            half, right = LOOKS["unstarted"].height / 2, self.last or (self.wide - 2 * _PAD) * self.pixel
            self.bars("unstarted", [(0, middle - half, right, middle + half)])
            self._label(("creada, nunca iniciada",), (0, right), middle, color=self.ink)

    def _dress(self, panel: Panel) -> None:
        ax, plan, model = self.ax, self.plan, panel.model
        ax.set_xlim(-_PAD * self.pixel, (self.wide - _PAD) * self.pixel)
        ax.set_ylim(plan.bottom, plan.top)
        ax.spines[:].set_visible(False)
        ax.set_axisbelow(True)
        ax.xaxis.set_major_locator(_Seconds(self.last))
        units = [(unit, scale) for unit, scale, least in UNITS if self.last >= least] or [("s", 1.0)]
        unit, scale = units[0]
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{number(x * scale)} {unit}"))
        # The lines of the grid are ticks that reach up to the strip.
        ax.tick_params(
            "x", direction="in", length=(plan.bottom - plan.grid) * plan.row * PX, width=PX, pad=5 * PX,
            color=(*matplotlib.colors.to_rgb(GREY), 0.3), labelsize=11.5 * PX, labelcolor=self.ink,
            labelbottom=True,
        )  # fmt: skip
        places, labels = zip(*plan.labels(), strict=True)
        ax.set_yticks(places, labels, ha="left", parse_math=False)
        ax.tick_params("y", length=0, pad=(self.left - 6) * PX, labelsize=12 * PX, labelcolor=self.ink)
        start = -(self.left - 6) / self.wide
        headline = {"fontsize": 12 * PX, "alpha": _MUTED, "color": self.ink, "parse_math": False, "y": 1.0}
        if panel.title:
            title = {"fontsize": 15 * PX, "weight": "bold", "color": self.ink, "parse_math": False, "y": 1.0}
            above = _title_height(panel, self.left + self.wide) - _TITLE
            ax.set_title(panel.title, loc="left", x=start, pad=(8 + above) * PX, **title)
            ax.set_title(model.headline(), loc="right", pad=8 * PX, **headline)
        else:
            ax.set_title(model.headline(), loc="left", x=start, pad=8 * PX, **headline)

    def _strip(self, model: Model) -> None:
        """Draw what the loop's one thread does: its steps, and in red what blocks it."""
        top, bottom = self.plan.strip
        self._background(top, bottom)
        self._steps(model.runs, top, bottom, 1.3, 3.0)
        unnamed = set()
        for bar in model.blocked:
            right = max(bar.end, bar.start + 2 * self.pixel)
            self.fill([(bar.start, top, right, bottom)], RED, z=3.2)
            time, line = duration(bar.end - bar.start), f"línea {bar.line}" if bar.line else ""
            words = [f"bucle bloqueado {time} · {line}", f"bloqueado {time} · {line}", f"{time} · {line}", line, time]
            words = [word.strip(" ·") for word in words]
            text = self._label(words, (bar.start, right), (top + bottom) / 2, 11, color="#ffffff", weight="bold")
            if bar.line and not text:
                unnamed.add(bar.line)
        if model.blocked:
            lines = ", ".join(map(str, sorted(unnamed)[:4]))
            where = f" (línea{'s' if len(unnamed) > 1 else ''} {lines})" if unnamed else ""
            self.seen["blocked"] = STATES["blocked"] + where

    def _background(self, top: float, bottom: float) -> None:
        self.fill([(0, top, 1, bottom)], GREY, 0.16, 0.9, transform=self.ax.get_yaxis_transform())

    def _steps(self, steps: Iterable[Span], top: float, bottom: float, least: float, room: float) -> None:
        """Draw steps; those of (nearly) no length as lines of `least` pixels."""
        drawn = ticks(steps, least * self.pixel, room * self.pixel)
        thin = [(a + b) / 2 for a, b in drawn if b - a < (least + 0.1) * self.pixel]
        self.stroke(([(x, top), (x, bottom)] for x in thin), INK, least, z=3)
        self.fill([(a, top, b, bottom) for a, b in drawn if b - a >= (least + 0.1) * self.pixel], INK, z=3)
        if drawn:
            self.seen.setdefault("run", STATES["run"])

    def _workers(self, model: Model) -> None:
        """Draw what executor threads and processes do, one lane for each that works at the same time."""
        for _, lanes, top, size in self.plan.workers:
            self._background(top, top + size * len(lanes))
            for index, lane in enumerate(lanes):
                middle = top + size * (index + 0.5)
                spans = [(job.start, max(job.end - 0.6 * self.pixel, job.start + self.pixel)) for job in lane]
                boxes = [(a, middle - size * 0.42, b, middle + size * 0.42) for a, b in spans]
                self.bars(lane[0].state, boxes, [job.what for job in lane])
                if size * self.plan.row >= 14:
                    for job, span in zip(lane, spans, strict=True):
                        self._label((job.what,), span, middle, 10.5, color=LOOKS[job.state].text)

    def _notes(self, panel: Panel) -> None:
        """Shade blocked time and the time that is too much, draw the dashed line and say what it is."""
        model, top, bottom = panel.model, self.plan.grid, self.plan.bottom
        self.fill([(bar.start, top, bar.end, bottom) for bar in model.blocked], RED, 0.13, 0.7)
        line = 11 / self.plan.row
        if panel.excess:
            start, end = panel.excess
            self.fill([(start, top, end, bottom)], RED, 0.08, 0.7)
            self.seen["excess"] = _LINES["excess"]
            text = f"+{duration(end - start)}"
            wide = width_of(text, 13, bold=True) * self.pixel
            left = max((start + end - wide) / 2, start + 4 * self.pixel)  # clear of the note
            left = min(left, self.ax.get_xlim()[1] - wide)
            self.text(left, top + line, text, 13, weight="bold")
        if panel.dash is not None:
            x = panel.dash
            self.stroke([[(x, top), (x, bottom + 3 / self.plan.row)]], INK, 1.4, z=5, dash=(4, 3), clip_on=False)
            room = x / self.pixel + _PAD - 6 > width_of(panel.note, 11)
            self.text(x, top + line, panel.note, 11, (-6 if room else 6, 0), "right" if room else "left", alpha=_MUTED)
            if not panel.note:
                self.seen["end"] = _LINES["end"]

    def _label(
        self, words: Sequence[str], bar: Span, y: float, pixels: float | None = None, *, up: float = 0.0, **style: Any
    ) -> str:  # fmt: skip
        """Write the first of the words that fits into a bar; return it. up: pixels above its middle."""
        if (bar[1] - bar[0]) < 10 * self.pixel:
            return ""
        label = BarLabel(words, bar, y, pixels or self.label_size, zorder=4, **style)
        self.ax.add_artist(label)
        label.set_transform(self.ax.transData + self.shifted(0, -up))
        return label.choose()

    def _each(self, rows: Sequence[tuple[Row, float]], model: Model) -> None:
        """Draw the lanes of tasks, each around its middle."""
        self._branches(rows)
        bars: dict[str, list[tuple[Box, str]]] = {}
        marks: dict[str, list[Point]] = {}
        pins: list[Point] = []
        half = LOOKS["run"].height / 2
        room = 3.0 if len(model.runs) <= _MOST_STEPS else max(3.0, len(model.rows) * 0.12)
        for row, middle in rows:
            for state, box, tip in self._waits(row, middle, model):
                bars.setdefault(state, []).append((box, tip))
            steps = sorted((bar.start, bar.end) for bar in row.bars if bar.state == "run")
            self._steps(steps, middle - half, middle + half, 2.4, room)
            for bar in row.bars:
                if bar.state == "blocked":
                    right = max(bar.end, bar.start + 2 * self.pixel)
                    box = (bar.start, middle - half, right, middle + half)
                    bars.setdefault("blocked", []).append((box, _tip(row, bar)))
            pins += [(at, middle) for at in row.cancels]
            stop = row.stop + (model.tail if row.state == "stuck" else 0.0)
            marks.setdefault(row.state, []).append((stop, middle))
            self.text(stop, middle, end_label(row), shift=(10.2, 0))
        for state, found in bars.items():
            self.bars(state, [box for box, _ in found], [tip for _, tip in found])
        self.stroke(([(x, y - 0.5), (x, y + 0.39)] for x, y in pins), PINK, 1.8, z=4)
        self.marks("pin", [(x, y - 0.5 + 3.5 / self.plan.row) for x, y in pins])
        for kind in MARKS:
            self.marks(kind, marks.get(kind, []), 1.0 if self.plan.row > 22 else 0.86)

    def _branches(self, rows: Sequence[tuple[Row, float]]) -> None:
        """Lead from each task to those that it makes, and to its generator whenever that takes over."""
        family: dict[tuple[float, float], list[float]] = {}
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

    def _limits(self, model: Model) -> None:
        """Draw a bracket above a lane for each timeout scope, and a line for a deadline that several share."""
        hook, pixels = 4 / self.plan.row, 1 / self.plan.row
        kept: list[list[Point]] = []
        late: list[list[Point]] = []
        expired: list[Point] = []
        for row, middle, levels in zip(model.rows, self.plan.rows, self.plan.limits, strict=True):
            for limit, level in zip(row.limits, levels, strict=True):
                y = middle - 0.5 - (level + 0.5) * _LIMIT * pixels
                right = min(limit.due, self.ax.get_xlim()[1] - 4 * self.pixel)
                words = [f"límite {duration(limit.due - limit.start)}", duration(limit.due - limit.start)]
                text = self._label(words, (limit.start, right), y, 10, color=self.ink, alpha=0.8)
                gap = (width_of(text, 10) / 2 + 4) * self.pixel if text else 0.0
                centre = (limit.start + right) / 2
                lines = [[(limit.start, y + hook), (limit.start, y), (centre - gap, y)], [(centre + gap, y), (right, y)]]
                if right == limit.due:
                    lines[1].append((right, y + hook))
                (late if limit.expired else kept).extend(lines)
                if limit.expired:
                    expired.append((limit.due, y + hook))
                self.seen["limit"] = _LINES["limit"]
        self.stroke(kept, INK, 1.2, 0.7, 3.5)
        self.stroke(late, PINK, 1.2, 1.0, 3.5)
        self.marks("expired", expired)
        for due in model.budgets:
            if due <= self.last:
                self.stroke([[(due, self.plan.grid), (due, self.plan.bottom)]], PINK, 1.2, 0.9, 1.5, (2, 3))
                self.seen["budget"] = _LINES["budget"]

    def _waits(self, row: Row, middle: float, model: Model) -> Iterator[tuple[str, Box, str]]:
        """Yield state, box and text under the pointer of each wait, and write in it what is waited for."""
        waits = [bar for bar in row.bars if bar.state not in ("run", "blocked")]
        if row.state == "stuck":
            late = model.end + model.tail
            waits = [bar._replace(end=late) if bar.what and bar.end >= row.stop else bar for bar in waits]
        share = _MOST_BARS // len(model.rows)
        alone = len(waits) <= share
        if not alone and len(waits) > max(60, 2 * share):
            waits = _sampled(waits, model.end, max(60, 2 * share))
        for bar in waits:
            if bar.end - bar.start <= _LEAST * self.pixel:
                continue
            look = LOOKS[bar.state]
            box = (bar.start, middle - look.height / 2, bar.end, middle + look.height / 2)
            yield bar.state, box, _tip(row, bar) if alone else ""
            if alone:
                self._write(bar, middle, look)

    def _write(self, bar: Bar, middle: float, look: Look) -> None:
        span = (bar.start, bar.end)
        if bar.state in ("task", "generator"):
            self._label(_words(bar), span, middle, up=8, color=self.ink, alpha=0.62)
        elif look.stripes:
            backing = {"boxstyle": _backing, "facecolor": look.fill, "edgecolor": "none"}
            self._label(_words(bar), span, middle, color=self.color(look.text), bbox=backing)
        else:
            self._label(_words(bar), span, middle, color=self.color(look.text))

    def _crowd(self, model: Model) -> None:
        """Draw many tasks: lanes without gaps in groups, and the curve of what is in flight."""
        boxes: dict[str, list[Box]] = {}
        for size in (1.0, 2.0, 4.0, 8.0, 16.0):  # the finest sampling that keeps the file small
            boxes = self._lanes(model, size)
            if sum(map(len, boxes.values())) <= _MOST_BOXES:
                break
        for state in LOOKS:
            self.fill(boxes.get(state, []), LOOKS[state].fill, LOOKS[state].alpha, 2)
            if boxes.get(state):
                self.seen.setdefault(state, STATES[state])
        for _, rows, top, size in self.plan.bands:
            if len(rows) == 1:
                self._each([(rows[0], top + size / 2)], model)
            elif ends := group_ends(rows):
                bad = any(row.state in ("failed", "stuck") for row in rows)
                place = (-_PAD * self.pixel, top + size / 2 + 7 / self.plan.row)
                self.text(*place, ends, 10.5, (6 - self.left, 0), weight="bold" if bad else "normal", clip_on=False)
            edge = self.ax.get_yaxis_transform()
            self.stroke([[(0, top + size), (1, top + size)]], INK, 0.6, 0.25, transform=edge)
        self._curve(model)

    def _lanes(self, model: Model, size: float) -> dict[str, list[Box]]:
        """Return boxes by state, sampled in cells of so many pixels; equal ones of neighbours become one."""
        columns = int(model.end / self.pixel / size)
        edge = [model.end * column / columns for column in range(columns + 1)]
        boxes: dict[str, list[Box]] = {}
        for _, rows, top, height in self.plan.bands:
            if len(rows) == 1:
                continue
            lanes = max(1, min(len(rows), int(height * self.plan.row / size)))
            open_at: dict[tuple[int, int, str], float] = {}
            for lane in range(lanes + 1):
                y = top + height * lane / lanes
                found = set(_runs(rows[len(rows) * lane // lanes], model.end, columns)) if lane < lanes else set()
                for key in [key for key in open_at if key not in found]:
                    first, last, state = key
                    boxes.setdefault(state, []).append((edge[first], open_at.pop(key), edge[last], y))
                for key in found:
                    open_at.setdefault(key, y)
        return {state: sorted(found) for state, found in boxes.items()}

    def _curve(self, model: Model) -> None:
        steps = in_flight(model.rows)
        peak = max((level for _, level in steps), default=0)
        top, bottom = self.plan.curve
        if not peak:
            return
        columns = int(model.end / self.pixel)
        outline = [(0.0, bottom)]
        for column, level in enumerate(peaks(steps, model.end, columns)):
            y = bottom - (bottom - top) * level / peak
            if y != outline[-1][1]:
                x = model.end * column / columns
                outline += [(x, outline[-1][1]), (x, y)]
        outline += [(model.end, outline[-1][1]), (model.end, bottom)]
        self._add(Path(outline), 2, facecolor=LOOKS[_main_wait(model)].fill, edgecolor="none")
        self.stroke([outline], INK, 1.0, 0.8, 2.1)
        edge = self.ax.get_yaxis_transform()
        right = (model.end + 8 * self.pixel + _PAD * self.pixel) / (self.wide * self.pixel)
        self.stroke([[(0, top), (right, top)]], RED, 1.4, z=3, dash=(4, 3), transform=edge)
        self.text(model.end, top, f"máx. {peak}", shift=(14, 0))


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
    states = cells(bars, span, count)
    edges = [index for index in range(count) if not index or states[index] != states[index - 1]]
    return [
        Bar(span * first / count, span * last / count, states[first])
        for first, last in zip(edges, [*edges[1:], count], strict=True)
        if states[first]
    ]


def _runs(row: Row, span: float, columns: int) -> Iterator[tuple[int, int, str]]:
    least = span / columns  # a step shorter than a column would be there by chance
    bars = (bar for bar in row.bars if bar.state != "run" or bar.end - bar.start > least)
    first = 0
    for state, run in groupby(cells(bars, span, columns)):
        last = first + sum(1 for _ in run)
        if state:
            yield first, last, state
        first = last


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
        super().__init__(9, steps=[1, 2, 2.5, 5, 10])
        self._last = last

    def tick_values(self, vmin: float, vmax: float) -> Any:
        found = super().tick_values(vmin, vmax) if self._last else np.zeros(1)
        return found[(found >= 0) & (found <= self._last * 1.000001)]


Entry = tuple[float, str, str]  # x, what, text


def _flow(seen: dict[str, str], wide: float) -> list[list[Entry]]:
    """Return the entries of a legend in lines of at most so many pixels."""
    order = [*STATES, *MARKS, *_LINES]
    lines: list[list[Entry]] = [[]]
    x = 0.0
    for what in sorted(seen, key=order.index):
        room = 24 + width_of(seen[what], 11.5) + 18
        if x + room > wide and x:
            lines.append([])
            x = 0.0
        lines[-1].append((x, what, seen[what]))
        x += room
    return lines


def _legend(ax: Axes, lines: list[list[Entry]], left: float, wide: float, height: float) -> None:
    """Explain below the axes what was seen on them. left, wide, height: pixels of labels and axes."""
    high, across = 20.0 * len(lines), left + wide - 6
    below = (_SCALE + _BETWEEN + 4 + high) / height
    box = ax.inset_axes(((6 - left) / wide, -below, across / wide, high / height))
    box.set(xlim=(0, across), ylim=(high, 0))
    box.set_axis_off()
    brush = _Brush(box, 1.0, {})
    for index, line in enumerate(lines):
        y = 20.0 * index + 10
        for x, what, text in line:
            brush.text(x + 24, y, text, 11.5)
            if what in MARKS:
                if what == "pin":
                    brush.stroke([[(x + 8.5, y - 8), (x + 8.5, y + 6)]], PINK, 1.8, z=4)
                brush.marks(what, [(x + 8.5, y - 5 if what == "pin" else y)])
            elif what == "limit":
                brush.stroke([[(x, y + 3), (x, y - 2), (x + 17, y - 2), (x + 17, y + 3)]], INK, 1.2, 0.7)
            elif what == "budget":
                brush.stroke([[(x + 8.5, y - 8), (x + 8.5, y + 8)]], PINK, 1.2, 0.9, dash=(2, 3))
            elif what == "end":
                brush.stroke([[(x + 8.5, y - 8), (x + 8.5, y + 8)]], INK, 1.4, dash=(4, 3))
            elif what == "excess":
                brush.fill([(x, y - 7, x + 17, y + 7)], RED, 0.12)
            else:
                half = LOOKS[what].height * 8
                brush.bars(what, [(x, y - half, x + 17, y + half)])
