"""A timeline as text of at most 100 columns for terminals, and as sentences for screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from grader.timeline.model import (
    ENDINGS,
    STATES,
    Bar,
    Limit,
    Model,
    Row,
    alive,
    cell,
    cells,
    duration,
    group_ends,
    groups,
    in_flight,
    peaks,
    times_label,
    workers,
)

_COLUMNS = 100
_CELLS = 40
_MOST_ROWS = 24  # more tasks are told as groups
_MOST_SENTENCES, _MOST_WAITS = 12, 4
_GLYPHS = {
    "run": "█",
    "ready": "▒",
    "sleep": "░",
    "net": "≈",
    "thread": "═",
    "pool": "┄",
    "process": "≡",
    "process-pool": "┄",
    "sync": "/",
    "task": "─",
    "generator": "╌",
    "future": "·",
    "promise": "░",
    "cleanup": "~",
    "blocked": "X",
}
_MARKS = {
    "done": "●",
    "failed": "✗",
    "cancelled": "◇",
    "pending": "▷",
    "stuck": "►",
    "collected": "○",
    "": " ",
}
_OPEN = ("pending", "stuck")
_LEVELS = " ▁▂▃▄▅▆▇█"
_STEP = "│"


def text(shown: Model, expected_end: float | None = None) -> str:
    """Return the timeline as lines: headline, loop, a row for each task with its end and waits, legend."""
    span = max(shown.end, expected_end or 0.0)
    rows = list(_rows(shown, span or 1.0))
    wide = max(len(label) for label, _, _ in rows)
    return "\n".join([shown.headline(expected_end), *_block(rows, shown, span, wide), *_legend([shown])])


def text_of_two(left: tuple[str, Model], right: tuple[str, Model]) -> str:
    """Return two timelines below each other on one time axis, and how much longer one takes."""
    span = max(left[1].end, right[1].end)
    rows = [list(_rows(shown, span or 1.0)) for _, shown in (left, right)]
    wide = max(len(label) for label, _, _ in rows[0] + rows[1])
    lines: list[str] = []
    for (title, shown), own in zip((left, right), rows, strict=True):
        lines += [f"{title}: {shown.headline()}", *_block(own, shown, span, wide), ""]
    return "\n".join([*lines, *_legend([left[1], right[1]]), _difference(left, right)])


def summary(shown: Model, expected_end: float | None = None) -> str:
    """Return the timeline as sentences, for whoever cannot see the picture."""
    return " ".join(_sentences(shown, "Línea de tiempo", expected_end))


def summary_of_two(left: tuple[str, Model], right: tuple[str, Model]) -> str:
    """Return two timelines as sentences."""
    told = [" ".join(_sentences(shown, title)) for title, shown in (left, right)]
    return " ".join([*told, _difference(left, right)])


def _difference(left: tuple[str, Model], right: tuple[str, Model]) -> str:
    (first, one), (second, two) = left, right
    more = one.end - two.end
    if abs(more) <= max(one.noise, two.noise):
        return f"{first} y {second} tardan lo mismo."
    longer, shorter = (first, second) if more > 0 else (second, first)
    return f"{longer} tarda {duration(abs(more))} más que {shorter}."


def _block(rows: list[tuple[str, str, str]], shown: Model, span: float, wide: int) -> Iterator[str]:
    yield f"{'':{wide}} 0 s" + (f"{duration(span):>{_CELLS - 2}}" if span else "")
    for label, bar, tail in rows:
        line = f"{label:{wide}} {bar:{_CELLS + 1}} {tail}".rstrip()
        yield line if len(line) <= _COLUMNS else line[: _COLUMNS - 1] + "…"


def _rows(shown: Model, span: float) -> Iterator[tuple[str, str, str]]:
    """Yield name, bar and remark of each line."""
    loop = [Bar(start, end, "run") for start, end in shown.runs]
    name = "Node" if shown.clock == "node" else "bucle"
    yield name, _bar([*loop, *shown.blocked], span), _blocked(shown)
    for label, lanes in workers(shown.jobs):
        jobs = [job for lane in lanes for job in lane]
        yield label, _bar(jobs, span), _tally(jobs)
    if len(shown.rows) <= _MOST_ROWS:
        for row in shown.rows:
            yield _task(row, span)
    else:
        for label, members in groups(shown.rows):
            yield _task(members[0], span) if len(members) == 1 else _group(label, members, span)
    for what, times in shown.unstarted:
        yield times_label(what, times), "", STATES["unstarted"]


def _task(row: Row, span: float) -> tuple[str, str, str]:
    waits = [bar for bar in row.bars if bar.what and bar.state not in ("ready", "generator")]
    if row.state in _OPEN and row.last_wait in waits:
        waits.remove(row.last_wait)  # named in the ending
    place = cell(row.stop / span * _CELLS)
    bar = _bar(row.bars, span)[:place].ljust(place) + _MARKS.get(row.state, "?")
    told = (_ending(row), *map(_limit, row.limits), _tally(waits))
    return "  " * min(row.depth, 4) + times_label(row.label, row.times), bar, " · ".join(filter(None, told))


def _limit(limit: Limit) -> str:
    return f"límite {duration(limit.seconds)}{' vencido' if limit.expired else ''}"


def _bar(bars: Iterable[Bar], span: float) -> str:
    """Return a glyph for each cell; a step of less than half a cell is a line, if there is room for it."""
    bars = list(bars)
    steps = [bar for bar in bars if bar.state == "run" and bar.end - bar.start < span / _CELLS / 2]
    long = [bar for bar in bars if bar.state != "run" or bar.end - bar.start >= span / _CELLS / 2]
    drawn = [_GLYPHS.get(state, " ") for state in cells(long, span, _CELLS)] + [" "]
    last = -3
    for step in steps:
        place = cell(step.start / span * _CELLS)
        if place - last >= 3:
            drawn[place] = _STEP
            last = place
    return "".join(drawn)


def _ending(row: Row) -> str:
    if not row.state:
        return ""
    if row.state in _OPEN:
        wait = row.last_wait
        line = f", línea {wait.line}" if wait and wait.line else ""
        return f"{ENDINGS[row.state]}: {wait.what}{line}" if wait else ENDINGS[row.state]
    how = {"done": "fin", "failed": row.error or "falla"}.get(row.state) or ENDINGS.get(row.state, row.state)
    return f"{how} {duration(row.stop)}"


def _tally(waits: Iterable[Bar]) -> str:
    """Return what was waited for, each once: "sleep 0.1 s ×7, semaphore 352 ms"."""
    found: dict[str, list[Bar]] = {}
    for bar in waits:
        found.setdefault(_what(bar), []).append(bar)
    texts = []
    for what, bars in found.items():
        times = f" ×{len(bars)}" if len(bars) > 1 else ""
        plain = bars[0].state in ("sleep", "task", "cleanup")
        time = "" if plain else f" {duration(sum(bar.end - bar.start for bar in bars))}"
        texts.append(f"{what}{times}{time}")
    return ", ".join(texts)


def _what(bar: Bar) -> str:
    return f"limpieza: {bar.what}" if bar.state == "cleanup" else bar.what


def _blocked(shown: Model) -> str:
    if not shown.blocked:
        return ""
    lines = sorted({bar.line for bar in shown.blocked if bar.line})
    where = f" · línea {', '.join(map(str, lines[:3]))}" if lines else ""
    times = f" en {len(shown.blocked)} veces" if len(shown.blocked) > 1 else ""
    return f"bloqueado {duration(sum(bar.end - bar.start for bar in shown.blocked))}{times}{where}"


def _group(label: str, rows: list[Row], span: float) -> tuple[str, str, str]:
    """Return how many of a group are in flight; of a group that never is, how many are there."""
    steps, word = in_flight(rows), "en vuelo"
    if not steps:
        steps, word = alive((row.born, row.stop) for row in rows), "a la vez"
    peak = max((level for _, level in steps), default=0)
    levels = [-(-8 * level // peak) if peak else 0 for level in peaks(steps, span, _CELLS)]
    ends = group_ends(rows) or "todas terminan"
    last = duration(max(row.stop for row in rows))
    return (
        times_label(label, len(rows)),
        "".join(_LEVELS[level] for level in levels),
        f"máx. {peak} {word} · {ends} · {last}",
    )


def _legend(models: Sequence[Model]) -> Iterator[str]:
    """Yield what the glyphs mean that can occur, in lines of at most 100 columns."""
    rows = [row for shown in models if len(shown.rows) <= _MOST_ROWS for row in shown.rows]
    seen = {bar.state for row in rows for bar in row.bars if bar.end > bar.start}
    seen |= {bar.state for shown in models for bar in (*shown.blocked, *shown.jobs)}
    entries = [f"{_STEP} █ {STATES['run']}"]
    entries += [f"{_GLYPHS[state]} {STATES[state]}" for state in STATES if state in seen - {"run"}]
    if any(len(shown.rows) > _MOST_ROWS for shown in models):
        entries.append("▁▄█ cuántas a la vez")
    line = ""
    for entry in entries:
        if line and len(line) + 3 + len(entry) > _COLUMNS:
            yield line
            line = ""
        line += f"   {entry}" if line else entry
    yield line


def _sentences(shown: Model, title: str, expected_end: float | None = None) -> Iterator[str]:
    yield f"{title}: {shown.headline(expected_end)}."
    for bar in shown.blocked[:_MOST_WAITS]:
        line = f", línea {bar.line}" if bar.line else ""
        yield f"Bucle bloqueado de {duration(bar.start)} a {duration(bar.end)}{line}."
    if len(shown.rows) <= _MOST_ROWS:
        for row in shown.rows[:_MOST_SENTENCES]:
            yield _sentence(row, shown)
        if len(shown.rows) > _MOST_SENTENCES:
            yield f"Y {len(shown.rows) - _MOST_SENTENCES} tareas más."
    else:
        for label, members in groups(shown.rows):
            name, _, tail = _group(label, members, shown.end or 1.0)
            yield _sentence(members[0], shown) if len(members) == 1 else f"{name}: {tail}."
    for what, times in shown.unstarted:
        yield f"{times_label(what, times)}: {STATES['unstarted']}."


def _sentence(row: Row, shown: Model) -> str:
    """Return "fetch(1): espera sleep 3 s de 0 s a 3 s; fin 3 s."."""
    waits: list[tuple[str, int, float, float]] = []  # what, how often in a row, from, to
    for bar in row.bars:
        if not bar.what or bar.end == bar.start or bar.state in ("ready", "generator"):
            continue
        if waits and waits[-1][0] == _what(bar):
            what, times, start, _ = waits.pop()
            waits.append((what, times + 1, start, bar.end))
        else:
            waits.append((_what(bar), 1, bar.start, bar.end))
    told = [
        f"{what}{f' ×{times}' if times > 1 else ''} de {duration(start)} a {duration(end)}"
        for what, times, start, end in waits[:_MOST_WAITS]
    ]
    if len(waits) > _MOST_WAITS:
        told.append(f"{len(waits) - _MOST_WAITS} esperas más")
    asked = [duration(at) for at in row.cancels]
    parts = [f"espera {', '.join(told)}"] if told else []
    parts += [f"{_limit(limit)} desde {duration(limit.start)}" for limit in row.limits[:_MOST_WAITS]]
    parts += [f"piden cancelarla en {', '.join(asked)}"] if asked else []
    name = (
        times_label(row.label, row.times)
        if row.times > 1
        else row.label
        if row.state
        else f"{row.label} (generador)"
    )
    return f"{name}: {'; '.join(filter(None, [*parts, _ending(row)]))}."
