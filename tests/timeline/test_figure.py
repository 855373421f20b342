"""Pictures of timelines: what is drawn, as matplotlib's axes and as an SVG in a page of either theme."""

import asyncio
import inspect
import os
import re
import subprocess
import sys
import textwrap
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import make_figures
import matplotlib
import pytest
import samples
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from samples import EVERY, svg, words

from grader.checks.outcome import answer, run_virtual
from grader.loop.virtual_loop import VirtualLoop
from grader.timeline import canvas, text
from grader.timeline.model import STATES, model
from grader.timeline.timeline import Timeline, compare


def new_process(code: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    paths = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parents[2])])
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", **variables}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)


def shapes(picture: str) -> list[ET.Element]:
    """Return the painted paths of an SVG."""
    return [element for element in ET.fromstring(picture) if element.tag.endswith("path")]


def bars(ax, state):
    """Return the bars of a state that have a text under the pointer, as (start, end, middle, that text)."""
    color = matplotlib.colors.to_hex(canvas.LOOKS[state].fill)
    found = []
    for collection in ax.collections:
        if (
            isinstance(collection, canvas.Bars)
            and matplotlib.colors.to_hex(collection.get_facecolor()[0]) == color
        ):
            boxes = [path.get_extents() for path in collection.get_paths()]
            found += [
                (box.x0, box.x1, (box.y0 + box.y1) / 2, tip)
                for box, tip in zip(boxes, collection.tips, strict=True)
            ]
    return found


# --- data coordinates: seconds, and a row for each task


def test_bars_lie_at_their_seconds_in_the_row_of_their_task():
    ax = Timeline.from_dict(samples.concurrent()).plot()

    assert bars(ax, "sleep") == [
        (0, 1, pytest.approx(1), "fetch_user(1): sleep 1 s, de 0 s a 1 s, línea 3"),
        (0, 1, pytest.approx(2), "fetch_user(2): sleep 1 s, de 0 s a 1 s, línea 3"),
    ]


def test_the_rows_of_the_y_axis_have_the_names_of_the_tasks():
    ax = Timeline.from_dict(samples.concurrent()).plot()

    named = {
        label.get_text().strip(): at for at, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    }
    assert {name: named[name] for name in ("main", "fetch_user(1)", "fetch_user(2)")} == {
        "main": pytest.approx(0),
        "fetch_user(1)": pytest.approx(1),
        "fetch_user(2)": pytest.approx(2),
    }
    assert named["bucle"] < 0
    assert ax.yaxis_inverted()


def test_the_ends_of_tasks_are_marked():
    ax = Timeline.from_dict(samples.seven()).plot()

    marked = {line.get_marker(): sorted(line.get_xdata()) for line in ax.lines if line.get_marker() != "None"}
    assert marked["x"] == [0.551]
    assert marked["D"] == [0.552]
    assert len(marked["o"]) == 6


def test_a_timeline_is_drawn_on_the_axes_that_it_gets():
    figure = Figure()
    first, second = figure.subplots(2)

    drawn = Timeline.from_dict(samples.sequential()).plot(second)

    assert drawn is second
    assert len(bars(second, "sleep")) == 2
    assert not first.collections


def test_two_timelines_share_the_time_axis():
    picture = compare(Timeline.from_dict(samples.sequential()), Timeline.from_dict(samples.concurrent()))

    for one, two in (picture.plot(), picture.plot(Figure().subplots(2))):
        assert one.get_shared_x_axes().joined(one, two)
        assert one.get_xlim() == two.get_xlim()
        assert one.get_title("left") == "Tu solución"
        one.set_xlim(0, 0.5)
        assert two.get_xlim() == (0, 0.5)


def test_zooming_keeps_the_texts_that_fit():
    data = samples.timeline(samples.sleeper(0, "main", 0.01, 9.99))
    ax = Timeline.from_dict(data).plot()
    ax.set_xlim(0, 10)
    labels = [label for label in ax.texts if isinstance(label, canvas.BarLabel)]

    assert [label.choose() for label in labels] == ["sleep 9.99 s"]
    ax.set_xlim(0, 1000)
    assert [label.choose() for label in labels] == [""]


def test_without_a_legend_nothing_is_explained():
    figure = Figure()
    with_legend, without = figure.subplots(2)
    Timeline.from_dict(samples.sequential()).plot(with_legend)
    Timeline.from_dict(samples.sequential()).plot(without, legend=False)

    assert [len(ax.child_axes) for ax in (with_legend, without)] == [1, 0]


def test_ticks_name_round_instants_of_the_run_only():
    ax = Timeline.from_dict(samples.deadlock()).plot()

    assert [round(tick, 6) for tick in ax.get_xticks()] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    assert ax.get_xlim()[1] > 0.75


# --- deadlines, generators, what is stuck, what disappears


def test_a_timeout_scope_is_a_bracket_with_its_seconds():
    drawn = words(svg(samples.scopes()))

    assert {"límite 5 s", "límite 1 s", "tiempo límite", "vence el tiempo límite"} <= set(drawn)


def test_a_deadline_a_little_later_than_the_end_is_in_the_picture():
    data = samples.timeline(samples.sleeper(0, "main", 4.0))
    data["tasks"][0]["limits"] = [{"start": 0.0, "due": 5.0, "end": 4.0, "expired": False}]

    assert Timeline.from_dict(data).plot().get_xlim()[1] > 5


def test_a_deadline_that_scopes_share_is_a_line():
    data = samples.timeline(samples.sleeper(0, "main", 2.0, 1.0))
    scopes = [(0.0, 3.0, 2.0, False), (2.0, 3.0, 3.0, True)]
    data["tasks"][0]["limits"] = [
        dict(zip(("start", "due", "end", "expired"), scope, strict=True)) for scope in scopes
    ]

    assert "plazo común" in words(svg(data))
    data["tasks"][0]["limits"][1]["due"] = 3.5
    assert "plazo común" not in words(svg(data))


def test_what_is_awaited_in_a_generator_has_a_lane_of_its_own():
    ax = Timeline.from_dict(samples.scopes()).plot()

    main, pages = (
        at
        for at, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
        if label.get_text().strip() in ("main", "pages")
    )
    assert [(start, end, middle) for start, end, middle, _ in bars(ax, "net")] == [
        (0, 1, pytest.approx(pages))
    ]
    assert [middle for _, _, middle, _ in bars(ax, "sleep")] == [pytest.approx(main)]
    assert "espera al generador" in words(svg(samples.scopes()))


def test_what_a_stuck_task_waits_for_is_long_enough_to_be_seen():
    ax = Timeline.from_dict(samples.deadlock()).plot()

    queues = [end - start for start, end, _, tip in bars(ax, "sync") if "queue.get" in tip]
    assert queues == [pytest.approx(0.049)] * 2


def test_a_run_that_is_stuck_from_its_beginning_has_a_picture():
    data = samples.timeline(
        samples.task(0, "main", ("run", 0.0), ("open", "sync", "queue.get"), state="stuck")
    )

    assert {"atascada: queue.get", "atascada", "0 s"} <= set(words(svg(data)))


def test_a_collected_task_ends_with_its_own_mark():
    data = samples.timeline(
        samples.sleeper(0, "main", 2.0), samples.sleeper(1, "lost", 1.0, state="collected")
    )

    assert {"desaparece", "desaparece sin terminar"} <= set(words(svg(data)))


# --- the SVG as part of a page


def test_the_svg_is_an_image_labelled_with_the_events():
    root = ET.fromstring(svg(samples.concurrent()))

    assert root.get("role") == "img"
    assert root.get("aria-label") == text.summary(model(samples.concurrent()))
    assert "fetch_user(1): espera sleep 1 s de 0 s a 1 s; fin 1 s." in root.get("aria-label", "")


def test_a_narrow_page_scrolls_it():
    shown = Timeline.from_dict(samples.concurrent())._repr_mimebundle_()["text/html"]

    assert re.match(r'<div style="overflow-x:auto"><div style="min-width:\d+px">\n<svg ', shown)
    assert shown.endswith("</svg>\n</div></div>")


@pytest.mark.parametrize("name", EVERY)
def test_ink_is_the_colour_of_the_page_and_nothing_lies_behind_it(name):
    picture = svg(EVERY[name])

    assert 'fill="currentColor"' in picture
    assert not re.search(r"#0000|black|background|<rect|<image", picture, re.IGNORECASE)
    assert not [shape for shape in shapes(picture) if shape.get("fill") in ("#ffffff", "white")]
    assert ET.fromstring(picture).get("fill") == "none"  # of whatever has no other


@pytest.mark.parametrize("name", EVERY)
def test_two_pictures_in_a_page_cannot_disturb_each_other(name):
    assert not re.search(r"\sid=|url\(|href|<style|class=|<defs|<script|\son\w+=", svg(EVERY[name]))


def luminance(color):
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one, two):
    dark, light = sorted([luminance(one), luminance(two)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("page", "ink"), [("#ffffff", "#1b1b1f"), ("#111111", "#e0e0e0")])
@pytest.mark.parametrize(
    "state", [state for state in STATES if canvas.LOOKS[state].height > 0.2 and state != "run"]
)
def test_the_text_in_a_bar_is_legible_in_both_themes(state, page, ink):
    look = canvas.LOOKS[state]
    colors = [
        matplotlib.colors.to_rgb(color)
        for color in (look.fill or page, page, ink if look.text == canvas.INK else look.text)
    ]
    fill, under, written = colors
    shown = [alpha * a + (1 - alpha) * b for alpha, a, b in zip([look.alpha] * 3, fill, under, strict=True)]

    assert contrast(shown, written) >= 4.5


def test_no_two_states_look_alike():
    looks = [(look.fill, look.height, look.stripes, look.outline) for look in canvas.LOOKS.values()]

    assert len(set(looks)) == len(looks) == len(STATES)


def test_no_text_is_red():
    pictures = [svg(data, 0.1) for data in (samples.seven(), samples.deadlock())]
    texts = [
        element for picture in pictures for element in ET.fromstring(picture) if element.tag.endswith("text")
    ]

    assert {element.get("fill") for element in texts} <= {"currentColor", "#22303c", "#ffffff"}


def test_the_same_run_gives_the_same_bytes_in_another_process():
    code = "import samples; from grader.timeline.timeline import Timeline as T; " + "".join(
        f"print(T.from_dict(samples.{name}).expecting(None).svg());"
        for name in ("seven()", "everything_else()", "crowd(1000)", "crowd(200, 7, 'real')", "scopes()")
    )

    printed = [new_process(code, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")]

    assert printed[0]
    assert printed[0] == printed[1]


def test_a_picture_that_was_drawn_is_not_drawn_again(monkeypatch):
    monkeypatch.setattr("grader.timeline.timeline._drawn", {})
    before = svg(samples.seven())
    monkeypatch.setattr("grader.timeline.svg.inline", lambda *args: "drawn anew")

    assert svg(samples.seven()) == before
    assert svg(samples.seven(), expected_end=0.123) == "drawn anew"
    for end in range(1, 33):
        svg(samples.seven(), expected_end=end)
    assert svg(samples.seven()) == "drawn anew"


def test_what_a_notebook_has_set_does_not_change_the_picture(monkeypatch):
    before = svg(samples.seven())
    monkeypatch.setattr("grader.timeline.timeline._drawn", {})
    with matplotlib.rc_context(
        {"font.size": 30, "lines.linewidth": 9, "axes.grid": True, "text.color": "red"}
    ):
        assert svg(samples.seven()) == before


def recorded() -> Timeline:
    async def limited(semaphore: asyncio.Semaphore) -> None:
        async with semaphore:
            await asyncio.sleep(0.1)

    async def main() -> Timeline:
        semaphore = asyncio.Semaphore(2)
        with Timeline() as timeline:
            await asyncio.gather(*(limited(semaphore) for _ in range(5)), return_exceptions=True)
        return timeline

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


def test_a_recorded_run_is_drawn_with_what_its_tasks_waited_for():
    drawn = words(recorded().expecting(None).svg())

    assert {"main", "limited #5", "semáforo", "sleep 0.1 s", "gather"} <= set(drawn)
    assert "total 0.3 s · 6 tareas · esperan 0.5 s entre todas" in drawn


def test_what_a_stranger_wrote_is_text():
    data = samples.sequential()
    data["tasks"][0]["name"] = '"><script>alert(1)</script>$x^2$\x1b[31m\n'
    data["tasks"][0]["waits"][0]["what"] = "<b>&</b>"

    picture = svg(data)

    assert "<script" not in picture
    assert "<b>" in "".join(words(picture))
    assert "$x^2$" in "".join(words(picture))
    assert not set("\x1b\n") & set("".join(words(picture)))


def test_letters_that_no_font_has_are_drawn_in_silence(recwarn):
    data = samples.sequential()
    data["tasks"][0]["name"] = "任务\U0001f40d"

    assert "任务\U0001f40d" in words(svg(data))
    assert not recwarn.list


def forged(**changes):
    """A timeline as a stranger may write it: within the bytes that the judge draws, and nothing else."""
    long = samples.sleeper(0, "main", 10.0)
    many = [{"start": at / 1000, "end": at / 1000 + 0.001, "task": 0, "line": at} for at in range(8000)]
    jobs = [
        {"func": f"f{n}", "task": 0, "kind": "thread", "submitted": 0, "started": 0, "ended": 9}
        for n in range(4000)
    ]
    scopes = [{"start": at / 1000, "due": 9.0, "end": 9.0, "expired": True} for at in range(7000)]
    within = [wait | {"within": [f"g{n}"]} for n in range(4000) for wait in long["waits"]]
    return {
        "blocked": samples.timeline(long, blocked=many),
        "jobs": samples.timeline(long, threads=jobs),
        "unstarted": samples.timeline(long, unstarted=[f"f{n}" for n in range(40_000)]),
        "cancels": samples.timeline(long | {"cancels": [n / 9000 for n in range(80_000)]}),
        "scopes": samples.timeline(long | {"limits": scopes}),
        "generators": samples.timeline(long | {"waits": within}),
    }


@pytest.mark.parametrize("name", forged())
def test_whatever_a_stranger_writes_is_drawn_in_a_moment(name):
    data, start = forged()[name], time.process_time()

    assert len(svg(data)) < 1_000_000
    assert time.process_time() - start < 3


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_stays_small(name):
    assert len(svg(EVERY[name])) < 300_000


def test_even_thousands_of_steps_in_each_row_stay_small():
    tasks = [samples.sleeper(n, f"t-{n}", *[0.001] * 400, n / 1e5) for n in range(60)]

    assert len(svg(samples.timeline(*tasks))) < 300_000


def test_even_a_crowd_without_any_pattern_stays_small():
    tasks = [samples.sleeper(n, f"t-{n}", *[0.01 + n * k % 7 / 900 for k in range(40)]) for n in range(400)]
    for task in tasks:
        for wait in task["waits"][::2]:
            wait["kind"] = "sync"

    assert len(svg(samples.timeline(*tasks))) < 300_000


def test_a_state_is_one_artist_however_many_tasks_are_in_it():
    ax = Timeline.from_dict(samples.crowd(50)).plot()

    assert len([shape for shape in ax.collections if isinstance(shape, PolyCollection)]) <= 4
    assert len([line for line in ax.lines if isinstance(line, Line2D)]) <= 2


@pytest.mark.parametrize("name", EVERY)
def test_no_text_leaves_the_picture(name):
    root = ET.fromstring(svg(EVERY[name]))
    _, _, wide, high = map(float, root.get("viewBox").split())

    for element in (element for element in root if element.tag.endswith("text")):
        x, y, size = (float(element.get(key)) for key in ("x", "y", "font-size"))
        width = canvas.width_of(element.text or "", size, element.get("font-weight") == "bold")
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
        assert left >= 0, element.text
        assert left + width <= wide, element.text
        assert 0 < y < high, element.text


# --- what was expected, and two runs


def test_too_late_an_end_is_shaded_and_measured():
    drawn = svg(samples.sequential(), expected_end=1.0)

    assert {"+1 s", "esperado 1 s", "tiempo de más"} <= set(words(drawn))
    assert len([shape for shape in shapes(drawn) if "stroke-dasharray" in shape.attrib]) == 1


def test_an_end_as_expected_is_not_shaded():
    assert not [word for word in words(svg(samples.sequential(), expected_end=2.0)) if word.startswith("+")]


def test_two_runs_share_an_axis_and_the_longer_one_has_the_excess():
    left, right = Timeline.from_dict(samples.sequential()), Timeline.from_dict(samples.concurrent())

    drawn = compare(left, right).svg()

    assert {"Tu solución", "Esperado", "+1 s", "fin de la ejecución"} <= set(words(drawn))
    assert words(drawn).count("2 s") == 2
    assert words(drawn).count("+1 s") == 1


def test_two_runs_have_the_titles_they_are_given():
    node = samples.timeline(samples.sleeper(0, "main", 1.0), clock="node")
    pairs = [
        (name, Timeline.from_dict(data)) for name, data in (("Python", samples.concurrent()), ("JS", node))
    ]

    drawn = words(compare(*pairs).svg())

    assert {"Python", "JS", "Node", "bucle"} <= set(drawn)


def test_outcomes_can_be_compared():
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds)

    drawn = words(compare(run_virtual(sleep, 3), run_virtual(sleep, 1)).svg())

    assert "+2 s" in drawn


def test_an_answer_has_nothing_to_compare():
    with pytest.raises(TypeError, match="esto es Outcome"):
        compare(answer(3), answer(4))


def test_only_runs_can_be_compared():
    with pytest.raises(TypeError, match="compare dibuja un Timeline"):
        compare(Timeline.from_dict(samples.concurrent()), 3)


# --- matplotlib, and what a reader does with it


def test_drawing_leaves_pyplot_and_its_settings_alone():
    code = (
        "import sys, matplotlib, samples; from grader.timeline.timeline import Timeline; before = matplotlib.rcParams.copy();"
        "timeline = Timeline.from_dict(samples.seven()); timeline._repr_mimebundle_();"
        "timeline.figure().savefig(sys.stdout.buffer, format='png');"
        "assert 'matplotlib.pyplot' not in sys.modules; assert before == matplotlib.rcParams.copy()"
    )

    run = new_process(code)

    assert run.stdout.startswith(b"\x89PNG")
    assert run.stderr == b""


def test_matplotlib_is_imported_at_the_first_drawing():
    code = (
        "import sys, samples; from grader.timeline.timeline import Timeline, compare;"
        "timeline = Timeline.from_dict(samples.seven()); str(timeline); compare(timeline, timeline).summary();"
        "assert 'matplotlib' not in sys.modules; timeline._repr_mimebundle_(); assert 'matplotlib' in sys.modules"
    )

    new_process(code)


ROOT = Path(__file__).parents[2]
EXAMPLES = {
    "README.md": (ROOT / "README.md")
    .read_text(encoding="utf-8")
    .partition("```python\n")[2]
    .partition("```")[0],
    "README.es.md": (ROOT / "README.es.md")
    .read_text(encoding="utf-8")
    .partition("```python\n")[2]
    .partition("```")[0],
    "docstring": "import matplotlib" + inspect.getdoc(Timeline.plot).partition("import matplotlib")[2],
}


@pytest.mark.parametrize("place", EXAMPLES)
def test_the_documented_example_saves_two_plots_in_one_file(place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    matplotlib.use("agg")

    exec(textwrap.dedent(EXAMPLES[place].replace("\n    ", "\n")), {"timeline": recorded()})

    [saved] = tmp_path.iterdir()
    assert saved.read_bytes().startswith(b"%PDF")


def test_the_pictures_of_the_readme_are_those_that_the_command_draws():
    kept = {file.name: words(file.read_text("utf-8")) for file in make_figures.FOLDER.glob("*.svg")}

    assert kept == {name: words(picture) for name, picture in make_figures.draw().items()}


def test_a_run_in_which_no_time_passes_has_no_scale():
    data = samples.timeline(samples.sleeper(0, "main"))

    assert [text for text in words(svg(data)) if text.endswith(" s")] == ["0 s"]
    assert text.text(model(data)).splitlines()[1].split() == ["0", "s"]
