"""The promises that a %%node cell gives to track() become a timeline like Python's tasks."""

import json

import pytest
from live_kernel import live_kernel

from grader.kernel.node import read_notes, timeline_data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def kernel(folder):
    with live_kernel(folder) as running:
        running.load()
        yield running


def recorded(kernel, code):
    """Run a cell that calls track(); return its run and the data of its timeline."""
    run = kernel.node(code, "--timeline js")
    kernel.run("import json\nopen('js.json', 'w').write(json.dumps(js.to_dict()))")
    return run


def data(kernel, folder, code):
    recorded(kernel, code)
    return json.loads((folder / "js.json").read_text())


def test_tracked_promises_become_a_timeline(kernel, folder):
    timeline = data(
        kernel,
        folder,
        "const f = async (n) => { await sleep(100 * n); return n };\n"
        "const [p, q] = [track('f(1)', f(1)), track('f(2)', () => f(2))];\nawait p;\nawait q;",
    )
    main, first, second = timeline["tasks"]

    assert (timeline["clock"], timeline["frozen"], main["name"]) == ("node", False, "main")
    assert [(task["name"], task["state"], task["parent"]) for task in (first, second)] == [
        ("f(1)", "done", 0),
        ("f(2)", "done", 0),
    ]
    assert first["end"] <= second["end"] == main["end"] == timeline["end"]
    assert [(wait["kind"], wait["what"], wait["line"]) for wait in first["waits"]] == [
        ("future", "pendiente", 3)
    ]
    assert first["slices"][-1] == [first["end"]] * 3


def test_callbacks_that_no_promise_tells_of_keep_node_busy(kernel, folder):
    timeline = data(
        kernel,
        folder,
        "const until = performance.now() + 400;\n"
        "await track('serve', new Promise((done) => {\n"
        "  const turn = () => (performance.now() < until ? setImmediate(turn) : done());\n"
        "  setImmediate(turn);\n"
        "}));",
    )

    assert sum(stop - start for start, stop in timeline["busy"]) > 0.2


def test_while_node_only_waits_it_is_idle(kernel, folder):
    assert data(kernel, folder, "await track('a', sleep(300));")["busy"] == []


def test_times_are_calm_multiples_of_10_milliseconds(kernel, folder):
    timeline = data(kernel, folder, "await track('a', sleep(37));")
    times = [
        timeline["end"],
        *(time for task in timeline["tasks"] for slice_ in task["slices"] for time in slice_),
    ]

    assert all(round(time * 100) / 100 == time for time in times)


def test_a_rejected_promise_is_a_failed_task(kernel, folder):
    timeline = data(kernel, folder, "await track('a', Promise.reject(new RangeError('x'))).catch(() => {});")

    assert [(task["state"], task["error"]) for task in timeline["tasks"]] == [
        ("done", None),
        ("failed", "RangeError"),
    ]


def test_a_timeline_shows_itself_and_can_be_compared(kernel):
    run = recorded(kernel, "await track('a', sleep(10));")
    again = kernel.run("from grader import compare\ncompare(('JavaScript', js), ('otra vez', js))")

    assert "text/html" in run.data[0]
    assert "a" in run.data[0]["text/plain"]
    assert "JavaScript" in again.data[0]["text/plain"]


def test_the_latest_timeline_is_kept(kernel):
    kernel.node("await track('la última', sleep(1));")
    run = kernel.run(
        "from grader.kernel.extension import last_node_timeline\nlast_node_timeline().to_dict()['tasks'][1]['name']"
    )

    assert run.data[0]["text/plain"] == "'la última'"


def test_track_gives_the_value_and_the_error_of_its_promise(kernel):
    run = kernel.node(
        "console.log(await track('a', sleep(1, 5)), await track('b', () => 6), await track('c', 7));\n"
        "await track('d', () => { throw new Error('directo') }).catch((error) => console.log(error.message));",
    )

    assert run.stdout == "5 6 7\ndirecto\n"


def test_a_tracked_rejection_that_nobody_handles_ends_node_and_is_still_drawn(kernel):
    run = kernel.node("track('a', Promise.reject(new Error('boom')));\nawait sleep(100);")

    assert run.error["evalue"] == "Error: boom (línea 2, código de salida 1)"
    assert "text/html" in run.data[0]


def test_track_without_a_name_says_so(kernel):
    assert "track(nombre, promesa)" in kernel.node("track(sleep(1));").error["evalue"]


def test_a_timeline_that_nothing_was_tracked_for_is_an_error(kernel):
    assert (
        kernel.node("1", "--timeline nada").error["evalue"] == "--timeline nada: la celda no llama a track()"
    )


def test_what_blocks_node_is_drawn_as_what_blocks_asyncio(kernel, folder):
    timeline = data(
        kernel,
        folder,
        "const busy = async (ms) => { for (const t = performance.now(); performance.now() - t < ms; ); };\n"
        "await Promise.all([track('a', () => busy(150)), track('b', () => busy(20))]);",
    )

    assert [(step["task"], step["line"]) for step in timeline["blocked"]] == [(1, 3)]


def test_the_first_turn_of_a_cell_can_block_node_too():
    notes = [["track", 1, "a", 0.1, 0.1, 2], ["turn", 100.4], ["settle", 1, 200.0, None]]

    assert timeline_data(notes, 0.3, False)["blocked"] == [
        {"start": 0.0, "end": 0.1, "task": 0, "line": None}
    ]


def test_promises_that_nobody_can_settle_are_stuck():
    notes = [["track", 1, "a", 0.4, 0.6, 2], ["exit", 31.0]]
    timeline = timeline_data(notes, ended=0.2, frozen=True)

    assert timeline["end"] == 0.03
    assert [(task["state"], task["end"], task["waits"][0]["end"]) for task in timeline["tasks"]] == [
        ("stuck", None, None)
    ] * 2


def test_promises_that_the_program_did_not_wait_for_are_pending():
    notes = [
        ["track", 1, "a", 0, 0, 2],
        ["track", 2, "b", 0, 0, 3],
        ["settle", 1, 20.3, None],
        ["exit", 31.0],
    ]
    timeline = timeline_data(notes, ended=0.2, frozen=False)

    assert [task["state"] for task in timeline["tasks"]] == ["done", "done", "pending"]


def test_a_killed_run_ends_when_it_was_killed():
    assert timeline_data([["track", 1, "a", 0, 0, 2]], ended=2.504, frozen=True)["end"] == 2.5


def test_notes_cut_off_in_the_middle_are_read_to_there(tmp_path):
    file = tmp_path / "notes"
    file.write_text('["track",1,"a\u2028b",0,0,2]\n["settle",1,2')

    assert read_notes(file) == [["track", 1, "a\u2028b", 0, 0, 2]]


def test_what_runs_before_the_first_await_of_the_cell_is_a_step_of_main(kernel, folder):
    busy = "for (const start = performance.now(); performance.now() - start < 50; );"
    timeline = data(kernel, folder, f"const p = track('p', sleep(60));\n{busy}\nawait p;\n{busy}")
    main, promise = timeline["tasks"]

    ready, start, stop = main["slices"][0]
    assert (ready, start) == (0, 0)
    assert 0.04 <= stop == main["waits"][0]["start"] <= promise["end"]
