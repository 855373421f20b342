"""How a timeline looks on matplotlib's axes: states, marks, texts that fit into their bars, the legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import IdentityTransform, ScaledTranslation

from grader.timeline.model import STATES, Span

DPI = 100.0
PX = 72 / DPI  # points of a pixel: all sizes here are pixels
FONT = "DejaVu Sans"  # comes with matplotlib
INK = "#000001"  # text and lines: a black that nothing else has, so that svg.py can give it the page's colour
GREY = "#7f8b96"  # always translucent, so that it suits both themes
DARK = "#22303c"  # text on the bars, which have their colours in both themes
RED = "#d1350f"  # marks and areas: no red is legible as text on white and on #111 alike
PINK = "#a8327a"
LINE = 20.0  # height of a line of the legend

Style = dict[str, Any]
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


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
MARKS = {  # matplotlib's marker, its size, face and edge, width of the edge
    "done": ("o", 8.4, INK, "none", 0.0),
    "failed": ("x", 8.4, RED, RED, 3.0),
    "cancelled": ("D", 7.8, "#dfe3e6", INK, 1.6),
    "pending": (">", 9.4, INK, "none", 0.0),
    "stuck": (">", 9.4, RED, "none", 0.0),
    "collected": ("o", 8.4, "none", INK, 1.6),
    "pin": ("v", 8.0, PINK, "none", 0.0),
    "expired": ("v", 8.0, PINK, "none", 0.0),
}
NAMES = {  # of all that is drawn, in the order of the legend
    **STATES,
    "done": "termina",
    "failed": "falla",
    "cancelled": "cancelada",
    "pending": "sigue al acabar",
    "stuck": "atascada",
    "collected": "desaparece sin terminar",
    "pin": "piden cancelarla",
    "limit": "tiempo límite",
    "expired": "vence el tiempo límite",
    "budget": "plazo común",
    "end": "fin de la ejecución",
    "excess": "tiempo de más",
}


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a text; in the other sans-serif fonts that a page may have, it is narrower."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    width: float = text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
    return width


def _corners(boxes: Sequence[Box]) -> Any:
    left, top, right, bottom = np.asarray(boxes, float).T
    return np.stack([left, top, right, top, right, bottom, left, bottom], 1).reshape(-1, 4, 2)


class Bars(PolyCollection):
    """Bars of one look, with the texts that show under the pointer where the picture is an SVG."""

    def __init__(self, boxes: Sequence[Box], tips: Sequence[str], **style: Any) -> None:
        super().__init__(_corners(boxes), **style)
        self.tips = tips


class Stripes(PolyCollection):
    """Rising diagonals within boxes, the same distance apart at any zoom.

    Not a hatch: in an SVG that needs an id, which another picture of the page may have too.
    """

    def draw(self, renderer: Any) -> None:
        step = renderer.points_to_pixels(8 * PX)
        lines: list[Point] = []
        for path in self.get_paths():
            (left, low), (right, high) = self.get_transform().transform_path(path).get_extents().get_points()
            for foot in np.arange(left - (high - low) + step / 2, right, step):
                start, end = max(foot, left), min(foot + high - low, right)
                lines += [(start, low + start - foot), (end, low + end - foot)]
        if lines:
            context, color = renderer.new_gc(), self.get_edgecolor()
            context.set_clip_rectangle(self.get_clip_box())
            context.set_clip_path(self.get_clip_path())
            context.set_foreground(color[0], isRGBA=True)
            context.set_linewidth(renderer.points_to_pixels(1.4 * PX))
            codes = [Path.MOVETO, Path.LINETO] * (len(lines) // 2)
            renderer.draw_path(context, Path(lines, codes), IdentityTransform())
            context.restore()


class BarLabel(Text):
    """The first of some texts that fits into its bar at the present zoom; else nothing."""

    def __init__(self, words: Sequence[str], bar: Span, y: float, size: float, **style: Any) -> None:
        place: Style = {"ha": "center", "va": "center_baseline", "clip_on": True, "parse_math": False}
        super().__init__(sum(bar) / 2, y, "", fontsize=size * PX, zorder=4, **place, **style)
        self._words, self._bar, self._size = words, bar, size

    def choose(self) -> str:
        """Take the text that fits, and return it."""
        axes: Any = self.axes
        (left, _), (right, _) = axes.transData.transform([(instant, 0) for instant in self._bar])
        room = (right - left) / axes.get_figure(root=True).dpi * DPI - 8
        bold = self.get_fontweight() == "bold"
        text = next((word for word in self._words if width_of(word, self._size, bold) <= room), "")
        if text != self.get_text():
            self.set_text(text)
        return text

    def draw(self, renderer: Any) -> None:
        if self.choose():
            super().draw(renderer)


def _backing(x: float, y: float, width: float, height: float, size: float) -> Path:
    """Return what hides the stripes behind a text."""
    return Path([(x - 3, y), (x + width + 3, y), (x + width + 3, y + height), (x - 3, y + height)])


class Canvas:
    """Draws on axes, many shapes of one look as one artist.

    pixel: its width on the x axis; seen: collects what the legend must explain.
    """

    def __init__(self, ax: Axes, pixel: float, seen: dict[str, str]) -> None:
        self.ax, self.pixel, self.seen = ax, pixel, seen
        self.ink = matplotlib.rcParams["text.color"]

    def color(self, name: str) -> Any:
        """Return a colour; ink is that of the figure's other texts."""
        return self.ink if name == INK else name

    def fill(self, boxes: Sequence[Box], color: str, alpha: float = 1.0, z: float = 1.0, **more: Any) -> None:
        """Fill boxes."""
        if len(boxes):
            corners = _corners(boxes)
            points = np.concatenate([corners, corners[:, :1]], axis=1).reshape(-1, 2)
            codes = np.tile([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], len(boxes))
            look = {"facecolor": self.color(color), "edgecolor": "none", "alpha": alpha, "zorder": z}
            self.ax.add_artist(PathPatch(Path(points, codes), snap=False, **look, **more))

    def stroke(
        self,
        lines: Iterable[Sequence[Point]],
        color: str,
        width: float,
        alpha: float = 1.0,
        z: float = 1.0,
        dash: Point | None = None,
        **more: Any,
    ) -> None:
        """Draw lines."""
        lines = list(lines)
        if lines:
            codes = [code for line in lines for code in [Path.MOVETO, *[Path.LINETO] * (len(line) - 1)]]
            path = Path([point for line in lines for point in line], codes)
            path.should_simplify = False
            style = (0, (dash[0] / width, dash[1] / width)) if dash else "-"
            look = {"facecolor": "none", "edgecolor": self.color(color), "alpha": alpha, "linestyle": style}
            shape = {"linewidth": width * PX, "capstyle": "butt", "joinstyle": "miter", "snap": False}
            self.ax.add_artist(PathPatch(path, zorder=z, **look, **shape, **more))

    def bars(self, state: str, boxes: Sequence[Box], tips: Sequence[str] = ()) -> None:
        """Draw bars of one state."""
        if not len(boxes):
            return
        look, z = LOOKS[state], 3.1 if state == "blocked" else 2.0
        self.seen.setdefault(state, NAMES[state])
        if any(tips) and look.fill:
            style = {"facecolor": self.color(look.fill), "edgecolor": "none", "alpha": look.alpha}
            self.ax.add_collection(Bars(boxes, tips, zorder=z, **style), autolim=False)
        elif look.fill:
            self.fill(boxes, look.fill, look.alpha, z)
        if look.stripes:
            stripes = Stripes(_corners(boxes), edgecolors=look.stripes, facecolors="none", zorder=z + 0.1)
            self.ax.add_collection(stripes, autolim=False)
        if look.outline:
            around = [
                [(a, b), (c, b), (c, d), (a, d), (a, b)][: 5 if look.height else 2] for a, b, c, d in boxes
            ]
            self.stroke(around, look.outline, 1.0 if look.height else 2.0, z=z, dash=(3, 2))

    def marks(self, kind: str, points: Sequence[Point], scale: float = 1.0) -> None:
        """Mark points."""
        if points:
            marker, size, face, edge, width = MARKS[kind]
            self.seen.setdefault(kind, NAMES[kind])
            look: Style = {"marker": marker, "markersize": size * scale * PX, "markeredgewidth": width * PX}
            look |= {"markerfacecolor": self.color(face), "markeredgecolor": self.color(edge)}
            self.ax.add_artist(Line2D(*zip(*points, strict=True), linestyle="none", zorder=6, **look))

    def pins(self, points: Sequence[Point], size: float, pixel: float) -> None:
        """Mark where a cancellation is asked for, in lanes of that size. pixel: its height on the y axis."""
        self.stroke(([(x, y - 0.5 * size), (x, y + 0.39 * size)] for x, y in points), PINK, 1.8, z=4)
        self.marks("pin", [(x, y - 0.5 * size + 3.5 * pixel) for x, y in points])

    def text(
        self, x: float, y: float, text: str, size: float = 12.0, shift: Point = (0, 0), **style: Any
    ) -> None:
        """Write a text, its middle at y. shift: to the right and down."""
        style = {"color": self.ink, "va": "center_baseline", "clip_on": True, "zorder": 7, **style}
        place = self.ax.transData + self.shifted(*shift)
        self.ax.text(x, y, text, fontsize=size * PX, transform=place, parse_math=False, **style)

    def label(
        self, words: Sequence[str], bar: Span, y: float, size: float, up: float = 0.0, **style: Any
    ) -> str:
        """Write the first of the words that fits into a bar; return it. up: above its middle."""
        if bar[1] - bar[0] < 10 * self.pixel:
            return ""
        label = BarLabel([word for word in words if word], bar, y, size, **style)
        self.ax.add_artist(label)
        label.set_transform(self.ax.transData + self.shifted(0, -up))
        return label.choose()

    def write(self, state: str, words: Sequence[str], bar: Span, y: float, size: float) -> None:
        """Write what a bar of some state stands for: into it, or above it where it is only a line."""
        look = LOOKS[state]
        if look.height < 0.2:
            self.label(words, bar, y, size, up=8, color=self.ink, alpha=0.62)
        else:
            more: Style = {}
            if look.stripes:
                more["bbox"] = {"boxstyle": _backing, "facecolor": look.fill, "edgecolor": "none"}
            self.label(words, bar, y, size, color=self.color(look.text), **more)

    def shifted(self, right: float, down: float) -> ScaledTranslation:
        """Return a shift that no zoom changes."""
        figure: Any = self.ax.get_figure(root=True)
        return ScaledTranslation(right / DPI, -down / DPI, figure.dpi_scale_trans)


def legend_lines(seen: dict[str, str], wide: float) -> list[list[tuple[float, str]]]:
    """Return in lines what a legend of that width explains, each with its place from the left."""
    lines: list[list[tuple[float, str]]] = [[]]
    x = 0.0
    for what in sorted(seen, key=list(NAMES).index):
        room = 24 + width_of(seen[what], 11.5)
        if x + room > wide and x:
            lines.append([])
            x = 0.0
        lines[-1].append((x, what))
        x += room + 15
    return lines


def legend(ax: Axes, seen: dict[str, str], left: float, wide: float, below: float, height: float) -> None:
    """Explain `seen`, so much below axes of that size. left: from the axes to the left edge of the legend."""
    lines = legend_lines(seen, left + wide)
    high = LINE * len(lines)
    box = ax.inset_axes((-left / wide, -(below + high) / height, (left + wide) / wide, high / height))
    box.set(xlim=(0, left + wide), ylim=(high, 0))
    box.set_axis_off()
    canvas = Canvas(box, 1.0, {})
    for y, line in ((LINE * (number + 0.5), line) for number, line in enumerate(lines)):
        for x, what in line:
            middle = x + 8.5
            canvas.text(x + 24, y, seen[what], 11.5)
            if what in LOOKS:
                half = LOOKS[what].height * 8
                canvas.bars(what, [(x, y - half, x + 17, y + half)])
            elif what == "pin":
                canvas.pins([(middle, y)], 16, 1)
            elif what in MARKS:
                canvas.marks(what, [(middle, y)])
            elif what == "limit":
                canvas.stroke([[(x, y + 3), (x, y - 2), (x + 17, y - 2), (x + 17, y + 3)]], INK, 1.2, 0.7)
            elif what == "excess":
                canvas.fill([(x, y - 7, x + 17, y + 7)], RED, 0.12)
                around = [(x, y + 7), (x, y - 7), (x + 17, y - 7), (x + 17, y + 7), (x, y + 7)]
                canvas.stroke([around], RED, 1.0, 0.4)
            else:
                upright(canvas, what, middle, y - 8, y + 8)


def upright(canvas: Canvas, what: str, x: float, top: float, bottom: float) -> None:
    """Draw the line of an end, or of a deadline that several scopes share."""
    if what == "end":
        canvas.stroke([[(x, top), (x, bottom)]], INK, 1.4, z=5, dash=(4, 3), clip_on=False)
    else:
        canvas.stroke([[(x, top), (x, bottom)]], PINK, 1.2, 0.9, 1.5, dash=(2, 3))
