"""Draws timelines: as inline SVG, which follows the page's theme, or as a matplotlib Figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from grader.timeline.model import Model
from grader.timeline.panel import Panel, draw
from grader.timeline.scene import INK, WIDTH, Point, Scene, Shape, Text

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

_FONTS = "'DejaVu Sans',Verdana,'Segoe UI',sans-serif"  # from the widest: text is measured in the first


def one(shown: Model, expected_end: float | None = None) -> Scene:
    """Return the picture of one timeline; a dashed line where it should have ended, the excess shaded."""
    note = "" if expected_end is None else f"esperado {shown.duration(expected_end)}"
    return draw([Panel(shown, "", expected_end, note, _excess(expected_end, shown))])


def two(left: tuple[str, Model], right: tuple[str, Model]) -> Scene:
    """Return the picture of two timelines on one axis, the excess of the longer one shaded."""
    pairs = ((*left, right[1]), (*right, left[1]))
    return draw([Panel(own, title, own.end, excess=_excess(other.end, own)) for title, own, other in pairs])


def _excess(expected: float | None, shown: Model) -> tuple[float, float] | None:
    return (expected, shown.end) if expected is not None and shown.end - expected > shown.noise else None


def svg(scene: Scene, label: str, ink: str = "currentColor") -> str:
    """Return an inline SVG without ids, styles or dates: equal scenes give equal bytes.

    label: the text that screen readers say. ink: for a file outside a page, whose colour is not inherited.
    """
    size = f'width="{WIDTH:.0f}" height="{scene.height:.0f}" viewBox="0 0 {WIDTH:.0f} {scene.height:.0f}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" {size} '
        f'style="max-width:100%;height:auto" font-family="{_FONTS}" fill="none" color="{ink}">'
    )
    if ink == "currentColor":
        head = head.replace(' color="currentColor"', "")
    return "\n".join([head, *(_element(item) for item in scene.items), "</svg>"])


def _element(item: Shape | Text) -> str:
    color = "currentColor" if item.color == INK else item.color
    faint = f' opacity="{item.alpha:g}"' if item.alpha < 1 else ""
    if isinstance(item, Text):
        anchor = f' text-anchor="{item.anchor}"' if item.anchor != "start" else ""
        bold = ' font-weight="bold"' if item.bold else ""
        place = f'x="{_short(item.x)}" y="{_short(item.y)}" font-size="{item.size:g}"'
        return f'<text {place} fill="{color}"{faint}{anchor}{bold}>{escape(item.text)}</text>'
    paint = f'fill="{color}"'
    if item.stroke:
        dash = f' stroke-dasharray="{item.dash[0]:g} {item.dash[1]:g}"' if item.dash else ""
        paint = f'stroke="{color}" stroke-width="{item.stroke:g}"{dash}'
    path = f'<path d="{_path(item.outlines, closed=not item.stroke)}" {paint}{faint}'
    return f"{path}><title>{escape(item.tip)}</title></path>" if item.tip else f"{path}/>"


def _short(value: float) -> str:
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _path(outlines: Iterable[Sequence[Point]], *, closed: bool) -> str:
    parts = []
    for outline in outlines:
        points = [(_short(x), _short(y)) for x, y in outline]
        parts.append(f"M{points[0][0]} {points[0][1]}")
        for (x0, y0), (x, y) in pairwise(points):
            parts.append(f"H{x}" if y == y0 else f"V{y}" if x == x0 else f"L{x} {y}")
        parts.append("z" if closed else "")
    return "".join(parts)


def figure(scene: Scene) -> Figure:
    """Return the same picture as a matplotlib Figure, 7 inches wide; no pyplot, no change of its settings."""
    from matplotlib.figure import Figure

    inch = WIDTH / 7
    drawing = Figure(figsize=(7, scene.height / inch), dpi=150, facecolor="white")
    axes = drawing.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, WIDTH), ylim=(scene.height, 0), autoscale_on=False)
    for order, item in enumerate(scene.items):
        artist = _lettering(item, 72 / inch) if isinstance(item, Text) else _patch(item, 72 / inch)
        artist.set_zorder(order)
        artist.set_clip_on(False)
        axes.add_artist(artist)
    return drawing


_ALIGN: dict[str, Literal["left", "center", "right"]] = {"start": "left", "middle": "center", "end": "right"}


def _lettering(item: Text, point: float) -> Artist:
    from matplotlib.text import Text as Lettering

    return Lettering(
        item.x,
        item.y,
        item.text,
        color=_solid(item.color),
        alpha=item.alpha,
        fontsize=item.size * point,
        fontfamily="DejaVu Sans",
        fontweight="bold" if item.bold else "normal",
        horizontalalignment=_ALIGN[item.anchor],
        verticalalignment="baseline",
        parse_math=False,
        usetex=False,
    )


def _patch(item: Shape, point: float) -> Artist:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    vertices: list[Point] = []
    codes: list[Any] = []
    for outline in item.outlines:
        closing = [outline[0]] if not item.stroke else []
        vertices += [*outline, *closing]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(outline) - 1), *[Path.CLOSEPOLY] * len(closing)]
    width = item.stroke * point
    return PathPatch(
        Path(vertices, codes),
        facecolor="none" if item.stroke else _solid(item.color),
        edgecolor=_solid(item.color) if item.stroke else "none",
        linewidth=width,
        linestyle=(0, [length / item.stroke for length in item.dash]) if item.dash else "-",
        alpha=item.alpha,
        capstyle="butt",
        joinstyle="miter",
        snap=False,
    )


def _solid(color: str) -> str:
    return "black" if color == INK else color
