"""The lanes of a picture: one row per task."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from grader.timeline.model import ENDINGS, Bar, Model, Row, cells, short_label, ticks, unstarted_label
from grader.timeline.scene import (
    BASE,
    INK,
    LOOKS,
    RED,
    Axis,
    Scene,
    circle,
    filled,
    width_of,
)

INDENT = 12.0
LEAST = 0.4  # a shorter stretch is not seen, so not drawn
_MOST_BARS = 1200  # with their own text in one picture
_MOST_STEPS = 6000
_CANCEL = "#a8327a"


def row_size(model: Model) -> float:
    """Return the height of a row."""
    count = len(model.rows) + len(model.unstarted)
    return 28.0 if count <= 14 else 24.0 if count <= 30 else 20.0


def draw_unstarted(scene: Scene, model: Model, axis: Axis, top: float) -> None:
    """Draw a hollow bar for each coroutine that nobody awaited; the first lane begins at `top`."""
    size = row_size(model)
    for index, (name, times) in enumerate(model.unstarted):
        middle = top + size * (index + 0.5)
        left, right = axis.x(0), axis.x(axis.span)
        scene.text(6, middle + BASE * 12, unstarted_label(name, times))
        scene.bars("unstarted", [(left, right)], middle, size)
        _write_in(scene, "unstarted", ("creada, nunca iniciada",), left, right, middle, size)


def draw_each(scene: Scene, model: Model, axis: Axis, top: float) -> None:
    """Draw a lane for every task, with its name and its end; the first lane begins at `top`."""
    size = row_size(model)
    middles = [top + size * (index + 0.5) for index in range(len(model.rows))]
    for row, middle in zip(model.rows, middles, strict=True):
        if row.parent is not None:
            _branch(scene, axis.x(row.born), middles[row.parent], middle)
    for row, middle in zip(model.rows, middles, strict=True):
        draw_row(scene, row, model, axis, middle, size)


def draw_row(scene: Scene, row: Row, model: Model, axis: Axis, middle: float, size: float) -> None:
    """Draw one lane of the height `size`."""
    scene.text(6 + INDENT * min(row.depth, 5), middle + BASE * 12, short_label(row.label))
    _bars(scene, row, model, axis, middle, size)
    _end(scene, row, axis.x(row.stop), middle, size)


def _branch(scene: Scene, x: float, above: float, middle: float) -> None:
    scene.line([(x - 4, above), (x - 4, middle), (x, middle)], INK, 1.0, 0.4)


def _bars(scene: Scene, row: Row, model: Model, axis: Axis, middle: float, size: float) -> None:
    _waits(scene, row, model, axis, middle, size)
    half = LOOKS["run"].height * size / 2
    steps = [(axis.x(bar.start), axis.x(bar.end)) for bar in row.bars if bar.state == "run"]
    room = 3.0 if len(model.runs) <= _MOST_STEPS else max(3.0, len(model.rows) * 0.12)
    drawn = ticks(steps, 2.4, room)
    scene.boxes([(left, middle - half, right, middle + half) for left, right in drawn], INK)
    for bar in row.bars:
        if bar.state == "blocked":
            left, right = axis.x(bar.start), axis.x(bar.end)
            scene.bars("blocked", [(left, max(right, left + 2))], middle, size, _tip(row, bar, model))
    for instant in pins(row, axis):
        draw_pin(scene, axis.x(instant), middle, size)


def pins(row: Row, axis: Axis) -> list[float]:
    """Return the instants of the cancellations that are drawn: those that the end does not tell."""
    end = axis.x(row.stop) - 4 if row.state == "cancelled" else math.inf
    return [instant for instant in row.cancels if axis.x(instant) < end]


def _waits(scene: Scene, row: Row, model: Model, axis: Axis, middle: float, size: float) -> None:
    waits = [bar for bar in row.bars if bar.state not in ("run", "blocked")]
    if len(waits) > _MOST_BARS // len(model.rows):
        _many(scene, waits, model, axis, middle, size)
        return
    for bar in waits:
        left, right = axis.x(bar.start), axis.x(bar.end)
        if right - left > LEAST:
            scene.bars(bar.state, [(left, right)], middle, size, _tip(row, bar, model))
            _write_in(scene, bar.state, _words(bar), left, right, middle, size)


def _many(scene: Scene, waits: list[Bar], model: Model, axis: Axis, middle: float, size: float) -> None:
    """Draw a row of too many bars: all of a state as one shape, sampled if even that would be large."""
    share = max(60, 2 * _MOST_BARS // len(model.rows))
    if len(waits) > share:
        waits = _sampled(waits, axis.span, share)
    spans: dict[str, list[tuple[float, float]]] = {}
    for bar in waits:
        spans.setdefault(bar.state, []).append((axis.x(bar.start), axis.x(bar.end)))
    for state, found in spans.items():
        scene.bars(state, [span for span in found if span[1] - span[0] > LEAST], middle, size)


def _sampled(bars: Iterable[Bar], span: float, count: int) -> list[Bar]:
    states = cells(bars, span, count)
    edges = [index for index in range(count) if not index or states[index] != states[index - 1]]
    return [
        Bar(span * first / count, span * last / count, states[first])
        for first, last in zip(edges, [*edges[1:], count], strict=True)
        if states[first]
    ]


def _words(bar: Bar) -> tuple[str, ...]:
    if bar.state == "cleanup":
        return (f"limpieza: {bar.what}", "limpieza")
    return (bar.what, bar.what.removeprefix("sleep ")) if bar.state == "sleep" else (bar.what,)


def _tip(row: Row, bar: Bar, model: Model) -> str:
    if not bar.what and bar.state != "blocked":
        return ""
    line = f", línea {bar.line}" if bar.line else ""
    span = f"{model.duration(bar.start)} a {model.duration(bar.end)}"
    return f"{row.label}: {bar.what or 'bloquea el loop'}, de {span}{line}"


def _write_in(
    scene: Scene, state: str, words: Sequence[str], left: float, right: float, middle: float, size: float
) -> None:
    """Write the first of `words` that fits into the bar; above it if the bar is only a line."""
    look, points = LOOKS[state], size / 28 * 2 + 9
    text = next((word for word in words if word and width_of(word, points) + 8 <= right - left), "")
    if not text:
        return
    center, baseline = (left + right) / 2, middle + BASE * points
    if state == "task":
        scene.text(center, middle - 4, text, size=points, alpha=0.62, anchor="middle")
        return
    if look.hatch:
        half, high = width_of(text, points) / 2 + 3, look.height * size / 2
        scene.boxes([(center - half, middle - high, center + half, middle + high)], look.fill)
    scene.text(center, baseline, text, size=points, color=look.text, anchor="middle")


def draw_pin(scene: Scene, x: float, middle: float, size: float) -> None:
    """Mark the instant at which the cancellation was asked for: a pin from above."""
    top = middle - 0.5 * size
    scene.boxes([(x - 0.9, top, x + 0.9, middle + 0.39 * size)], _CANCEL)
    scene.items.append(filled([(x - 4.5, top), (x + 4.5, top), (x, top + 7)], _CANCEL))


def end_label(row: Row) -> str:
    """Return what stands beside the end of a task."""
    if row.state == "failed":
        return row.error or ENDINGS["failed"]
    if row.state in ("pending", "stuck") and (wait := row.last_wait):
        return f"{ENDINGS[row.state]}: {wait.what[:24]}"
    return ENDINGS.get(row.state, "")


def _end(scene: Scene, row: Row, x: float, middle: float, size: float) -> None:
    r = 4.2 if size > 22 else 3.6
    color = RED if row.state in ("failed", "stuck") else INK
    if row.state == "done":
        scene.items.append(filled(circle(x, middle, r), INK))
    elif row.state == "failed":
        scene.line([(x - r, middle - r), (x + r, middle + r)], color, 3.0)
        scene.line([(x - r, middle + r), (x + r, middle - r)], color, 3.0)
    elif row.state == "cancelled":
        diamond = [(x - r - 1.4, middle), (x, middle - r - 1.4), (x + r + 1.4, middle), (x, middle + r + 1.4)]
        scene.items.append(filled(diamond, "#dfe3e6"))
        scene.line([*diamond, diamond[0], diamond[1]], INK, 1.6)
    else:
        scene.items.append(
            filled([(x - r, middle - r - 1), (x + r + 1, middle), (x - r, middle + r + 1)], color)
        )
    scene.text(x + r + 6, middle + BASE * 12, end_label(row))
