"""Many tasks in one picture: lanes without gaps in groups, and the curve of what is in flight."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from grader.timeline.model import (
    IN_FLIGHT,
    Model,
    Row,
    cells,
    group_ends,
    group_label,
    groups,
    in_flight,
    peaks,
)
from grader.timeline.rows import draw_row, row_size
from grader.timeline.scene import BASE, INK, LOOKS, RED, Axis, Scene, Shape

_HEIGHT, _CURVE, _GAP = 380.0, 70.0, 16.0
_LEAST = 22.0  # the height of a group, so that its name fits
_MOST_BOXES = 5000
_Box = tuple[float, float, float, float]


def crowd_height(model: Model) -> float:
    """Return the height of all groups and the curve."""
    return sum(height for _, _, height in _bands(model)) + _GAP + _CURVE


def draw_crowd(scene: Scene, model: Model, axis: Axis, top: float) -> float:
    """Draw the groups and the curve; return where they end."""
    y = top
    boxes: dict[str, list[_Box]] = {}
    for size in (1.0, 2.0, 4.0, 8.0, 16.0):  # the finest sampling that keeps the file small
        boxes = _lanes(model, axis, top, size)
        if sum(map(len, boxes.values())) <= _MOST_BOXES:
            break
    for state in LOOKS:
        scene.boxes(boxes.get(state, []), LOOKS[state].fill, LOOKS[state].alpha)
    for name, rows, height in _bands(model):
        if len(rows) == 1:
            draw_row(scene, rows[0], model, axis, y + height / 2, height)
        else:
            _name(scene, name, rows, y + height / 2)
        y += height
        scene.line([(axis.left, y), (axis.right, y)], INK, 0.6, 0.25)
    return _curve(scene, model, axis, y + _GAP)


def _name(scene: Scene, name: str, rows: list[Row], middle: float) -> None:
    ends = group_ends(rows)
    baseline = middle + BASE * 12 - (7 if ends else 0)
    scene.text(6, baseline, group_label(name, rows))
    bad = any(row.state in ("failed", "stuck") for row in rows)
    scene.text(6, baseline + 14, ends, size=10.5, bold=bad)


def _bands(model: Model) -> Iterator[tuple[str, list[Row], float]]:
    for name, rows in groups(model.rows):
        share = _HEIGHT * len(rows) / len(model.rows)
        least = row_size(model) if len(rows) == 1 else _LEAST * (1.5 if group_ends(rows) else 1.0)
        yield name, rows, max(share, least)


def _lanes(model: Model, axis: Axis, top: float, size: float) -> dict[str, list[_Box]]:
    """Return boxes by state. Equal boxes of neighbouring lanes become one."""
    columns = int((axis.x(axis.span) - axis.x(0)) / size)
    edge = [axis.x(axis.span * column / columns) for column in range(columns + 1)]
    boxes: dict[str, list[_Box]] = {}
    for _, rows, height in _bands(model):
        if len(rows) == 1:
            top += height
            continue
        lanes = max(1, min(len(rows), int(height / size)))
        open_at: dict[tuple[int, int, str], float] = {}
        for lane in range(lanes + 1):
            y = top + height * lane / lanes
            found = set(_runs(rows[len(rows) * lane // lanes], axis.span, columns)) if lane < lanes else set()
            for key in [key for key in open_at if key not in found]:
                first, last, state = key
                boxes.setdefault(state, []).append((edge[first], open_at.pop(key), edge[last], y))
            for key in found:
                open_at.setdefault(key, y)
        top += height
    return {state: sorted(found) for state, found in boxes.items()}


def _runs(row: Row, span: float, columns: int) -> Iterator[tuple[int, int, str]]:
    least = span / columns  # a step shorter than a column would be there by chance
    bars = (bar for bar in row.bars if bar.state != "run" or bar.end - bar.start > least)
    first = 0
    for state, run in groupby(cells(bars, span, columns)):
        last = first + sum(1 for _ in run)
        if state:
            yield first, last, state
        first = last


def _curve(scene: Scene, model: Model, axis: Axis, top: float) -> float:
    steps = in_flight(model.rows)
    peak = max((level for _, level in steps), default=0)
    bottom = top + _CURVE
    scene.text(6, top + _CURVE / 2 + BASE * 12, "en vuelo")
    if peak:
        columns = int(axis.x(axis.span) - axis.x(0))
        outline = [(axis.x(0), bottom)]
        for column, level in enumerate(peaks(steps, axis.span, columns)):
            y = bottom - _CURVE * level / peak
            if y != outline[-1][1]:
                x = axis.x(axis.span * column / columns)
                outline += [(x, outline[-1][1]), (x, y)]
        outline += [(axis.x(axis.span), outline[-1][1]), (axis.x(axis.span), bottom)]
        scene.items.append(Shape([outline], LOOKS[_main_wait(model)].fill))
        scene.line(outline, INK, 1.0, 0.8)
        scene.dashed([(axis.left, top), (axis.right, top)], RED)
        scene.text(axis.right + 6, top + BASE * 12, f"máx. {peak}")
    return bottom


def _main_wait(model: Model) -> str:
    """Return what was waited for the longest: the curve has its colour."""
    seconds = dict.fromkeys(IN_FLIGHT, 0.0)
    for row in model.rows:
        for bar in row.bars:
            if bar.state in IN_FLIGHT:
                seconds[bar.state] += bar.end - bar.start
    return max(sorted(seconds), key=lambda state: seconds[state])
