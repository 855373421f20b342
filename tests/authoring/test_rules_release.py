"""The rules of released notebooks: fresh, empty, and silent about solutions and hidden tests."""

import pytest
from nbformat.v4 import new_markdown_cell, new_output
from tree import NAME, edit, lay, notebook, put

from grader.authoring.rules.release import clean, fresh, secret, sourced
from grader.authoring.section import Section

RULES = (clean, fresh, secret, sourced)
SOLUTION = "return await asyncio.gather(*(fetch(i) for i in ids))"


@pytest.fixture
def course(tmp_path, capsys):
    return lay(tmp_path / "course", notebook())


def section(root):
    return Section(root, NAME)


@pytest.mark.parametrize("rule", RULES)
def test_a_good_release_keeps_the_rules(course, rule):
    assert list(rule(section(course))) == []


def test_a_release_that_differs_by_one_byte_is_told(course):
    path = section(course).release_path
    put(path, path.read_text() + "\n")

    assert list(fresh(section(course))) == [
        f"notebooks/{NAME}/{NAME}.ipynb differs from a fresh release: run python3 -m grader release"
    ]


def test_a_missing_release_and_a_stray_file_are_told(course):
    section(course).release_path.unlink()
    put(course / "notebooks" / NAME / "notes.txt", "")

    said = list(fresh(section(course)))

    assert said == [
        f"notebooks/{NAME}/{NAME}.ipynb is missing: run python3 -m grader release",
        f"notebooks/{NAME}/notes.txt comes from no source: run python3 -m grader release",
    ]


def test_a_released_notebook_without_source_is_told(course):
    section(course).source_path.unlink()

    assert list(sourced(section(course))) == [
        f"there is no solutions/{NAME}/{NAME}.ipynb: delete notebooks/{NAME}"
    ]


def put_output(cells, release):
    cells["c01-example"].outputs = [new_output("stream", text="hola")]


def put_count(cells, release):
    cells["c01-example"].execution_count = 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put_output, "cell c01-example: has an output"),
        (put_count, "cell c01-example: has an execution count"),
    ],
)
def test_a_release_that_was_run_is_told(course, change, said):
    edit(section(course).release_path, change)

    assert list(clean(section(course))) == [said]


@pytest.mark.parametrize("key", ["execution", "collapsed", "trusted"])
def test_metadata_that_an_editor_added_is_told(course, key):
    release = section(course)
    next(cell for cell in release.release.cells if cell.id == "c01-example").metadata[key] = True

    assert list(clean(release)) == [f"cell c01-example: metadata {key}"]


def test_widget_state_is_told(course):
    release = section(course)
    release.release.metadata["widgets"] = {}

    assert list(clean(release)) == ["notebook metadata widgets"]


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        (SOLUTION, "fetch-all"),
        ("await asyncio.sleep(1)", "round-trip"),
        ('fetch).expect("1.1 fetch_all", "sin usuarios", value=[], elapsed=0)', ""),
    ],
)
def test_a_line_of_a_solution_is_told_wherever_it_stands(course, line, cell):
    def leak(cells, release):
        cells["c01-title"].source += f"\n    {line}  "

    edit(section(course).release_path, leak)

    assert list(secret(section(course))) == (
        [f"cell {cell}: the release shows its line «{line}»"] if cell else []
    )


def test_a_line_of_a_hidden_test_is_told(course):
    line = 'run_virtual(fetch_all, [], fetch).expect("1.1 fetch_all", "sin usuarios", value=[], elapsed=0)'
    put(course / "notebooks" / NAME / "helper.py", f"if True:\n    {line}\n")

    assert list(secret(section(course))) == [f"cell test-fetch-all-a: the release shows its line «{line}»"]


def test_a_line_hidden_in_metadata_is_told(course):
    def leak(cells, release):
        cells["fetch-all"].metadata["grader"]["note"] = SOLUTION

    edit(section(course).release_path, leak)

    assert list(secret(section(course))) == [f"cell fetch-all: the release shows its line «{SOLUTION}»"]


def test_a_line_that_the_source_shows_elsewhere_is_no_secret(course):
    def show(cells, notebook):
        notebook.cells.append(new_markdown_cell(f"Así: `{SOLUTION}`", id="c01-hint"))

    edit(section(course).source_path, show)
    edit(section(course).release_path, show)

    assert list(secret(section(course))) == []


def test_a_solution_cell_without_marks_is_a_secret_as_a_whole(course):
    def bare(cells, source):
        cells["round-trip"].source = "round_trip = 42"

    edit(section(course).source_path, bare)
    edit(section(course).release_path, bare)

    assert list(secret(section(course))) == ["cell round-trip: the release shows its line «round_trip = 42»"]


@pytest.mark.parametrize("mark", ["BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"])
def test_a_mark_is_told(course, mark):
    def leave(cells, release):
        cells["c01-title"].source += f"\n### {mark}"

    edit(section(course).release_path, leave)

    assert list(secret(section(course))) == [f"the mark {mark} is in the release"]
