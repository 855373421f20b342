"""The frame around the lanes: headline, loop strip, threads, time axis, excess, legend; one panel or two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from grader.timeline.dense import crowd_height, draw_crowd
from grader.timeline.model import (
    STATES,
    UNITS,
    Bar,
    Model,
    Span,
    group_ends,
    group_label,
    groups,
    number,
    short_label,
    ticks,
    unstarted_label,
    workers,
)
from grader.timeline.rows import INDENT, LEAST, draw_each, draw_pin, draw_unstarted, end_label, pins, row_size
from grader.timeline.scene import (
    BASE,
    GREY,
    INK,
    LOOKS,
    RED,
    WIDTH,
    Axis,
    Scene,
    width_of,
)

_TITLE, _STRIP, _GAP, _NOTES, _SCALE = 26.0, 22.0, 6.0, 18.0, 20.0
_WORKERS = 90.0  # the most that all threads, or all processes, together may take
_MUTED = 0.65
_PIN = "piden cancelarla"


@dataclass(frozen=True, slots=True)
class Panel:
    """One timeline with its title, a dashed line at `dash` with its note, and what is shaded as too much."""

    model: Model
    title: str
    dash: float | None = None
    note: str = ""
    excess: Span | None = None


def draw(panels: Sequence[Panel]) -> Scene:
    """Return the whole picture: panels below each other on one time axis, then the legend."""
    scene = Scene()
    axis = _axis(panels)
    y = 6.0
    for panel in panels:
        y = _panel(scene, panel, axis, y) + 8
    scene.height = _legend(scene, [panel.model for panel in panels], axis, y + 4)
    return scene


def _axis(panels: Sequence[Panel]) -> Axis:
    span = max([panel.model.end for panel in panels] + [panel.dash or 0.0 for panel in panels])
    left = max(_widths(panels)) + 14
    right = WIDTH - 12
    for panel in panels:
        for x, label in _right_labels(panel.model):
            share = x / (span or 1.0)  # a label ends inside the picture: left + share * plot + label <= width
            if share > 0.3:
                right = min(right, left + 8 + (WIDTH - 26 - left - width_of(label, 12)) / share)
    return Axis(left, max(right, left + 240), span or 1.0, timeless=not span)


def _widths(panels: Sequence[Panel]) -> Iterator[float]:
    yield width_of("event loop", 12) + 6
    for panel in panels:
        if panel.model.crowded:
            for name, rows in groups(panel.model.rows):
                yield max(width_of(group_label(name, rows), 12), width_of(group_ends(rows), 10.5)) + 6
        else:
            for row in panel.model.rows:
                yield width_of(short_label(row.label), 12) + 6 + INDENT * min(row.depth, 5)
        for name, times in panel.model.unstarted:
            yield width_of(unstarted_label(name, times), 12) + 6


def _right_labels(model: Model) -> Iterator[tuple[float, str]]:
    if model.crowded:
        yield model.end, "máx. 10000"
    else:
        yield from ((row.stop, end_label(row)) for row in model.rows if end_label(row))


def _panel(scene: Scene, panel: Panel, axis: Axis, top: float) -> float:
    model = panel.model
    y = _headline(scene, panel, axis, top)
    y = _strip(scene, model, axis, y)
    y = _workers(scene, model, axis, y) + _GAP
    lanes = y + (_NOTES if panel.excess or panel.note else 0)
    size = row_size(model)
    unstarted = lanes + (crowd_height(model) if model.crowded else size * len(model.rows))
    bottom = unstarted + size * len(model.unstarted)
    _grid(scene, axis, y, bottom)
    for bar in model.blocked:
        scene.boxes([(axis.x(bar.start), y, axis.x(bar.end), bottom)], RED, 0.13)
    _shade(scene, panel, axis, y, bottom)
    (draw_crowd if model.crowded else draw_each)(scene, model, axis, lanes)
    draw_unstarted(scene, model, axis, unstarted)
    if panel.dash is not None:
        scene.dashed([(axis.x(panel.dash), y), (axis.x(panel.dash), bottom + 3)], INK)
    return bottom + _SCALE


def _shade(scene: Scene, panel: Panel, axis: Axis, top: float, bottom: float) -> None:
    """Shade the time that is too much, and say how much; the note belongs to the dashed line."""
    if panel.excess:
        start, end = panel.excess
        scene.boxes([(axis.x(start), top, axis.x(end), bottom)], RED, 0.08)
        text = f"+{panel.model.duration(end - start)}"
        wide = width_of(text, 13, bold=True)
        left = max(axis.x((start + end) / 2) - wide / 2, axis.x(start) + 4)  # clear of the note
        scene.text(min(left, WIDTH - wide - 4), top + 14, text, size=13, bold=True)
    if panel.note and panel.dash is not None:
        x = axis.x(panel.dash)
        if x - width_of(panel.note, 11) - 6 > axis.left:
            scene.text(x - 6, top + 13, panel.note, size=11, alpha=_MUTED, anchor="end")
        else:
            scene.text(x + 6, top + 13, panel.note, size=11, alpha=_MUTED)


def _headline(scene: Scene, panel: Panel, axis: Axis, top: float) -> float:
    wide = width_of(panel.title, 15, bold=True) + width_of(panel.model.headline(), 12) + 24
    scene.text(6, top + 16, panel.title, size=15, bold=True)
    if wide > axis.right - 6:
        top += 18
    if panel.title:
        scene.text(axis.right, top + 16, panel.model.headline(), alpha=_MUTED, anchor="end")
    else:
        scene.text(6, top + 16, panel.model.headline(), alpha=_MUTED)
    return top + _TITLE


def _strip(scene: Scene, model: Model, axis: Axis, top: float) -> float:
    """Draw what the loop's one thread does: its steps, and in red what blocks it."""
    bottom = top + _STRIP
    label = "Node" if model.clock == "node" else "event loop"
    scene.text(6, (top + bottom) / 2 + BASE * 12, label)
    scene.boxes([(axis.left, top, axis.right, bottom)], GREY, 0.16)
    steps = ticks([(axis.x(start), axis.x(end)) for start, end in model.runs], 1.3)
    scene.boxes([(left, top, right, bottom) for left, right in steps], INK)
    for bar in model.blocked:
        left, right = axis.x(bar.start), max(axis.x(bar.end), axis.x(bar.start) + 2)
        scene.boxes([(left, top, right, bottom)], RED)
        text = _blocked_text(model, bar, right - left)
        baseline = (top + bottom) / 2 + BASE * 11
        scene.text((left + right) / 2, baseline, text, size=11, color="#ffffff", anchor="middle", bold=True)
    return bottom


def _blocked_text(model: Model, bar: Bar, room: float) -> str:
    time, line = model.duration(bar.end - bar.start), f"línea {bar.line}" if bar.line else ""
    texts = [f"loop bloqueado {time} · {line}", f"bloqueado {time} · {line}", f"{time} · {line}", line, time]
    return next(
        (text.strip(" ·") for text in texts if text and width_of(text, 11, bold=True) + 6 <= room), ""
    )


def _workers(scene: Scene, model: Model, axis: Axis, top: float) -> float:
    """Draw what executor threads and processes do, one lane for each that works at the same time."""
    for label, lanes in workers(model.jobs):
        top += 4
        size = max(2.0, min(18.0, _WORKERS / len(lanes)))
        bottom = top + size * len(lanes)
        scene.text(6, (top + bottom) / 2 + BASE * 12, label)
        scene.boxes([(axis.left, top, axis.right, bottom)], GREY, 0.16)
        for index, lane in enumerate(lanes):
            _worker(scene, lane, axis, top + size * (index + 0.5), size)
        top = bottom
    return top


def _worker(scene: Scene, lane: list[Bar], axis: Axis, middle: float, size: float) -> None:
    for job in lane:
        left, right = axis.x(job.start), max(axis.x(job.end), axis.x(job.start) + 1)
        scene.boxes([(left, middle - size * 0.42, right, middle + size * 0.42)], LOOKS[job.state].fill)
        if size >= 14 and width_of(job.what, 10.5) + 6 <= right - left:
            place = ((left + right) / 2, middle + BASE * 10.5)
            scene.text(*place, job.what, size=10.5, color=LOOKS[job.state].text, anchor="middle")


def _grid(scene: Scene, axis: Axis, top: float, bottom: float) -> None:
    """Draw a line and a time for round instants."""
    if axis.timeless:
        scene.text(axis.x(0), bottom + 15, "0 s", size=11.5, anchor="middle")
        return
    step = _round_step(axis.span / 8)
    unit, scale = next(((u, s) for u, s, least in UNITS if axis.span >= least), ("µs", 1e6))
    for index in range(int(axis.span / step + 1e-6) + 1):
        x = axis.x(step * index)
        scene.line([(x, top), (x, bottom)], GREY, 1.0, 0.3)
        scene.text(x, bottom + 15, f"{number(step * index * scale)} {unit}", size=11.5, anchor="middle")


def _round_step(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= least * 0.999999)


def _legend(scene: Scene, models: Sequence[Model], axis: Axis, top: float) -> float:
    """Write what each colour and height that occurs means; return the bottom of the picture."""
    least = LEAST * axis.span / (axis.x(axis.span) - axis.x(0))
    bars = [bar for model in models for row in model.rows for bar in row.bars]
    seen = {bar.state for bar in bars if bar.end - bar.start > least or bar.state == "run"}
    seen |= {"blocked" for model in models if model.blocked} | {
        "unstarted" for model in models if model.unstarted
    }
    x, y = 6.0, top + 10
    for state in (state for state in STATES if state in seen):
        label = STATES[state]
        if state == "blocked":
            label += _lines_not_shown(models, axis)
        wide = 24 + width_of(label, 11.5) + 18
        if x + wide > WIDTH and x > 6:
            x, y = 6.0, y + 20
        scene.bars(state, [(x, x + 17)], y, 16)
        scene.text(x + 24, y + BASE * 11.5, label, size=11.5)
        x += wide
    if any(pins(row, axis) for model in models if not model.crowded for row in model.rows):
        if x + 22 + width_of(_PIN, 11.5) > WIDTH:
            x, y = 6.0, y + 20
        draw_pin(scene, x + 6, y, 16)
        scene.text(x + 22, y + BASE * 11.5, _PIN, size=11.5)
    return y + 14


def _lines_not_shown(models: Sequence[Model], axis: Axis) -> str:
    lines = {
        bar.line
        for model in models
        for bar in model.blocked
        if bar.line and not _blocked_text(model, bar, axis.x(bar.end) - axis.x(bar.start))
    }
    word = "línea" if len(lines) == 1 else "líneas"
    return f" ({word} {', '.join(map(str, sorted(lines)[:4]))})" if lines else ""
