import asyncio
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import make_figures
import pytest
import samples
from samples import EVERY, svg, words

from grader.checks.outcome import answer, run_virtual
from grader.loop.virtual_loop import VirtualLoop
from grader.timeline import figure, text
from grader.timeline.model import model
from grader.timeline.scene import WIDTH, Scene, Shape, Text, width_of
from grader.timeline.timeline import Timeline, compare


def new_process(code: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", **variables}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)


def texts(scene: Scene) -> list[Text]:
    return [item for item in scene.items if isinstance(item, Text)]


# --- the SVG as part of a page


def test_the_svg_is_an_image_labelled_with_the_events():
    root = ET.fromstring(svg(samples.concurrent()))

    assert root.get("role") == "img"
    assert root.get("aria-label") == text.summary(model(samples.concurrent()))
    assert "fetch_user(1): espera sleep 1 s de 0 s a 1 s; fin 1 s." in root.get("aria-label", "")


@pytest.mark.parametrize("name", EVERY)
def test_ink_is_the_colour_of_the_page_and_nothing_lies_behind_it(name):
    picture = svg(EVERY[name])

    assert 'fill="currentColor"' in picture
    assert not re.search(r"#000\b|#000000|black|background|<rect|<image", picture, re.IGNORECASE)
    paths = [element for element in ET.fromstring(picture).iter() if element.tag.endswith("path")]
    assert not [path for path in paths if path.get("fill") in ("#ffffff", "white")]


@pytest.mark.parametrize("name", EVERY)
def test_two_pictures_in_a_page_cannot_disturb_each_other(name):
    picture = svg(EVERY[name])

    assert not re.search(r"\sid=|url\(|href|<style|class=|<defs", picture)


def test_the_same_run_gives_the_same_bytes_in_another_process():
    code = "import samples; from grader.timeline.timeline import Timeline as T; " + "".join(
        f"print(T.from_dict(samples.{name}).expecting(None).svg());"
        for name in ("seven()", "everything_else()", "crowd(1000)", "crowd(200, 7, 'real')")
    )

    printed = [new_process(code, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")]

    assert printed[0]
    assert printed[0] == printed[1]


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


def test_a_virtual_run_recorded_twice_shows_itself_equally():
    first, second = recorded(), recorded()

    assert first._repr_mimebundle_() == second._repr_mimebundle_()


def test_a_recorded_run_is_drawn_with_what_its_tasks_waited_for():
    drawn = words(recorded().expecting(None).svg())

    assert {"main", "limited #5", "semaphore", "sleep 0.1 s", "gather"} <= set(drawn)
    assert "total 0.3 s · 6 tareas · 0.5 s de espera (×1.7)" in drawn


def test_what_a_stranger_wrote_is_text():
    data = samples.sequential()
    data["tasks"][0]["name"] = '"><script>alert(1)</script>\x1b[31m\n'
    data["tasks"][0]["waits"][0]["what"] = "<b>&</b>"

    picture = svg(data)

    assert "<script" not in picture
    assert "<b>" in "".join(words(picture))
    assert not set("\x1b\n") & set("".join(words(picture)))


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_stays_small(name):
    assert len(svg(EVERY[name])) < 300_000


def test_even_thousands_of_steps_in_each_row_stay_small():
    tasks = [samples.sleeper(n, f"t-{n}", *[0.001] * 400) for n in range(60)]

    assert len(svg(samples.timeline(*tasks))) < 300_000


def test_even_a_crowd_without_any_pattern_stays_small():
    tasks = [samples.sleeper(n, f"t-{n}", *[0.01 + n * k % 7 / 900 for k in range(40)]) for n in range(400)]
    for task in tasks:
        for wait in task["waits"][::2]:
            wait["kind"] = "sync"

    assert len(svg(samples.timeline(*tasks))) < 300_000


def test_the_lanes_of_a_semaphore_make_a_clean_diagonal():
    scene = figure.one(model(samples.crowd(300)))

    green = next(item for item in scene.items if isinstance(item, Shape) and item.color == "#3fa796")
    assert len(green.outlines) == 30  # one step for each ten requests


@pytest.mark.parametrize("name", EVERY)
def test_no_text_leaves_the_picture(name):
    scene = figure.one(model(EVERY[name]))

    for item in texts(scene):
        wide = width_of(item.text, item.size, bold=item.bold)
        left = item.x - {"start": 0.0, "middle": wide / 2, "end": wide}[item.anchor]
        assert left >= 0, item
        assert left + wide <= WIDTH, item
        assert 0 < item.y < scene.height, item


# --- what was expected, and two runs


def test_too_late_an_end_is_shaded_and_measured():
    drawn = svg(samples.sequential(), expected_end=1.0)

    assert {"+1 s", "esperado 1 s"} <= set(words(drawn))
    assert drawn.count("stroke-dasharray") == 1


def test_an_end_as_expected_is_not_shaded():
    assert not [word for word in words(svg(samples.sequential(), expected_end=2.0)) if word.startswith("+")]


def test_two_runs_share_an_axis_and_the_longer_one_has_the_excess():
    left, right = Timeline.from_dict(samples.sequential()), Timeline.from_dict(samples.concurrent())

    drawn = compare(left, right).svg()

    assert [word for word in words(drawn) if word in ("Tu solución", "Esperado", "+1 s")] == [
        "Tu solución",
        "+1 s",
        "Esperado",
    ]
    assert words(drawn).count("2 s") == 2
    assert drawn.count("stroke-dasharray") == 2


def test_two_runs_have_the_titles_they_are_given():
    node = samples.timeline(samples.sleeper(0, "main", 1.0), clock="node")
    pairs = [
        (name, Timeline.from_dict(data)) for name, data in (("Python", samples.concurrent()), ("JS", node))
    ]

    drawn = words(compare(*pairs).svg())

    assert {"Python", "JS", "Node", "event loop"} <= set(drawn)


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


# --- matplotlib


def test_the_matplotlib_figure_leaves_pyplot_and_its_settings_alone():
    code = (
        "import sys, matplotlib, samples; from grader.timeline.timeline import Timeline; before = matplotlib.rcParams.copy();"
        "drawing = Timeline.from_dict(samples.seven()).figure();"
        "drawing.savefig(sys.stdout.buffer, format='png');"
        "assert 'matplotlib.pyplot' not in sys.modules; assert before == matplotlib.rcParams.copy()"
    )

    run = new_process(code)

    assert run.stdout.startswith(b"\x89PNG")
    assert run.stderr == b""


def test_the_matplotlib_figure_shows_what_the_svg_shows():
    timeline = Timeline.from_dict(samples.seven())

    drawing = timeline.figure()

    assert drawing.get_size_inches()[0] == 7
    written = [text.get_text() for text in drawing.axes[0].texts]
    assert written == words(timeline.expecting(None).svg())


def test_the_svg_needs_no_matplotlib():
    code = (
        "import sys, samples; from grader.timeline.timeline import Timeline;"
        "Timeline.from_dict(samples.seven())._repr_mimebundle_();"
        "assert 'matplotlib' not in sys.modules"
    )

    new_process(code)


def test_the_pictures_of_the_readme_are_those_that_the_command_draws():
    kept = {file.name: file.read_text("utf-8") for file in make_figures.FOLDER.glob("*.svg")}

    assert kept == make_figures.draw()


def test_a_run_in_which_no_time_passes_has_no_scale():
    data = samples.timeline(samples.sleeper(0, "main"))

    drawn = [text.text for text in texts(figure.one(model(data)))]

    assert [text for text in drawn if text.endswith(" s")] == ["0 s"]
    assert text.text(model(data)).splitlines()[1].split() == ["0", "s"]


def test_no_text_is_red():
    scenes = [figure.one(model(data), 0.1) for data in (samples.seven(), samples.deadlock())]

    assert {text.color for scene in scenes for text in texts(scene)} <= {"ink", "#22303c", "#ffffff"}
