"""A picture as plain shapes in pixels, and how each state looks; figure.py makes SVG or matplotlib of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 920.0
INK = "ink"  # the colour of the text around the picture: black on white, white in a dark theme
GREY = "#7f8b96"  # always translucent, so that it suits both themes
DARK = "#22303c"  # text on the bars, which have their colours in both themes
RED = "#d1350f"  # of marks and areas: no red is legible as text on white and on #111 alike
BASE = 0.35  # from the middle of a text down to its baseline, in font sizes

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is drawn: the height tells it without colour, a hatch and the text in the bar too."""

    height: float
    fill: str
    alpha: float = 1.0
    text: str = DARK
    hatch: str = ""
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
    "sync": Look(0.52, "#f7e6a6", hatch="#c9a227"),
    "task": Look(0.10, GREY, 0.42, INK),
    "future": Look(0.30, GREY, 0.42, INK),
    "promise": Look(0.52, "#8ec5ee"),
    "cleanup": Look(0.52, "#d98ab6"),
    "blocked": Look(0.78, RED, text="#ffffff"),
    "unstarted": Look(0.52, "", text=INK, outline=GREY),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One or more outlines: filled areas, or lines if `stroke` is a width. `tip` shows under the pointer."""

    outlines: Sequence[Sequence[Point]]
    color: str
    alpha: float = 1.0
    stroke: float = 0.0
    dash: tuple[float, float] | None = None
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; x is its start, middle or end, y its baseline."""

    x: float
    y: float
    text: str
    size: float = 12.0
    color: str = INK
    alpha: float = 1.0
    anchor: str = "start"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the times of the span lie between left and right, in pixels. `timeless`: all is at 0."""

    left: float
    right: float
    span: float
    timeless: bool = False

    def x(self, instant: float) -> float:
        """Return the place of an instant."""
        return self.left + 8 + (self.right - self.left - 16) * instant / self.span


@dataclass
class Scene:
    """Shapes in the order in which they are painted."""

    height: float = 0.0
    items: list[Shape | Text] = field(default_factory=list)

    def boxes(
        self, boxes: Sequence[tuple[float, float, float, float]], color: str, alpha: float = 1.0
    ) -> None:
        """Fill boxes given as (left, top, right, bottom)."""
        if boxes:
            self.items.append(Shape([_corners(*box) for box in boxes], color, alpha))

    def line(self, points: Sequence[Point], color: str, width: float = 1.0, alpha: float = 1.0) -> None:
        """Draw a line through points."""
        self.items.append(Shape([points], color, alpha, width))

    def dashed(self, points: Sequence[Point], color: str, alpha: float = 1.0) -> None:
        """Draw a dashed line through points."""
        self.items.append(Shape([points], color, alpha, 1.4, (4.0, 3.0)))

    def text(self, x: float, y: float, text: str, **style: float | str | bool) -> None:
        """Write one line of text with its baseline at y."""
        if text:
            self.items.append(Text(x, y, text, **style))  # type: ignore[arg-type]

    def bars(
        self, state: str, spans: Sequence[tuple[float, float]], middle: float, size: float, tip: str = ""
    ) -> None:
        """Draw stretches of one state from left to right; `size` is the height of their row."""
        look = LOOKS[state]
        half = look.height * size / 2
        boxes = [(left, middle - half, right, middle + half) for left, right in spans]
        if look.fill and boxes:
            self.items.append(Shape([_corners(*box) for box in boxes], look.fill, look.alpha, tip=tip))
        if look.hatch and boxes:
            self.items.append(Shape([line for box in boxes for line in _stripes(*box)], look.hatch, 1.0, 1.4))
        if look.outline and boxes:
            edges = [(*_corners(*box), (box[0], box[1])) for box in boxes]
            self.items.append(Shape(edges, look.outline, 1.0, 1.0, (3.0, 2.0)))


def _corners(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _stripes(
    left: float, top: float, right: float, bottom: float, step: float = 8.0
) -> list[tuple[Point, Point]]:
    """Return rising diagonals cut at the edges of the box: no pattern or clip path, so no id in the SVG."""
    height = bottom - top
    lines = []
    for index in range(int((right - left + height) / step) + 1):
        foot = left - height + (index + 0.5) * step
        start, end = max(foot, left), min(foot + height, right)
        if end > start:
            lines.append(((start, bottom - (start - foot)), (end, bottom - (end - foot))))
    return lines


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is in DejaVu Sans or Verdana; other sans-serif fonts are narrower."""
    units = 0.0
    for char in text:
        if char in "iljI.,:;'|! ":
            units += 0.32
        elif char in 'frt()[]-/"':
            units += 0.41
        elif char in "mwMW@%…×":
            units += 0.93
        else:
            units += 0.71 if char.isupper() else 0.62
    return units * size * (1.1 if bold else 1.0)


def circle(x: float, y: float, radius: float) -> tuple[Point, ...]:
    """Return a small disc as an outline."""
    wheel = ((1.0, 0.0), (0.866, 0.5), (0.5, 0.866))
    quarter = [(radius * a, radius * b) for a, b in wheel]
    turns = [
        *quarter,
        *((-b, a) for a, b in quarter),
        *((-a, -b) for a, b in quarter),
        *((b, -a) for a, b in quarter),
    ]
    return tuple((x + a, y + b) for a, b in turns)


def filled(points: Sequence[Point], color: str) -> Shape:
    """Return a filled outline."""
    return Shape([tuple(points)], color)
