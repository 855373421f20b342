"""Each rule on the form of a source notebook holds on a good one and names the fault of a bad one."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from tree import section

from grader.authoring.rules.form import form, ids, points, sizes, tags
from grader.authoring.section import Section

WORDS = "palabra " * 121


def prose(text):
    return lambda cells, source: source.cells.append(new_markdown_cell(text, id="c01-prose"))


def code(text, **metadata):
    return lambda cells, source: source.cells.append(new_code_cell(text, id="c01-code", metadata=metadata))


def numbered(number):
    def change(cells, source):
        cells["fetch-all"].metadata["grader"] = {"exercise": number}

    return change


def pointed(grade_id, count):
    def change(cells, source):
        cells[grade_id].metadata.nbgrader.points = count

    return change


def faults(rule, tmp_path, change=lambda cells, source: None):
    return list(rule(section(tmp_path, change)))


def renamed(old, new):
    def change(cells, source):
        cells[old].id = new

    return change


@pytest.mark.parametrize("rule", [form, ids, points, sizes, tags])
def test_a_good_notebook_keeps_the_rules(rule, tmp_path):
    assert faults(rule, tmp_path) == []


def test_a_file_that_an_editor_saved_is_not_in_normal_form(tmp_path):
    good = section(tmp_path)
    data = json.loads(good.source_path.read_text())
    data["metadata"]["language_info"]["version"] = "3.12.1"
    good.source_path.write_text(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n")

    [said] = form(good)

    assert said.endswith('is not in normal form ("name": "python",): run python3 -m grader release')


@pytest.mark.parametrize(
    ("place", "key"), [("cell", "execution"), ("cell", "collapsed"), ("notebook", "widgets")]
)
def test_timing_folding_and_widgets_are_not_in_normal_form(place, key, tmp_path):
    good = section(tmp_path)
    data = json.loads(good.source_path.read_text())
    (data if place == "notebook" else data["cells"][0])["metadata"][key] = {"some": "thing"}
    good.source_path.write_text(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n")

    [said] = form(good)

    assert "is not in normal form" in said


@pytest.mark.parametrize("bytes_", ["indent", "no newline at the end", "order of keys"])
def test_the_bytes_of_a_file_are_fixed(bytes_, tmp_path):
    good = section(tmp_path)
    text = good.source_path.read_text()
    data = json.loads(text)
    data = dict(reversed(data.items())) if bytes_ == "order of keys" else data
    written = json.dumps(data, indent=2 if bytes_ == "indent" else 1, ensure_ascii=False) + "\n"
    good.source_path.write_text(text.rstrip("\n") if bytes_ == "no newline at the end" else written)

    assert len(list(form(good))) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (renamed("c01-example", "c02-example"), "cell c02-example: an id is c01-<slug>"),
        (renamed("c01-example", "c01-Example"), "cell c01-Example: an id is c01-<slug>"),
        (renamed("fetch-all", "c01-all"), "cell c01-all: its id is not its grade_id fetch_all with dashes"),
        (renamed("c01-example", "c01-title"), "id c01-title stands 2 times"),
    ],
)
def test_an_id_out_of_pattern_is_named(change, said, tmp_path):
    assert faults(ids, tmp_path, change) == [said]


def test_a_notebook_against_the_schema_is_told(tmp_path):
    def change(cells, source):
        cells["c01-title"]["outputs"] = []

    assert faults(form, tmp_path, change)[0].startswith("it is no valid notebook: Additional properties")


def stated(promise):
    def change(cells, source):
        at = source.cells.index(cells["fetch-all"])
        text = f"### Ejercicio 1.1 ★ · `fetch_all` · {promise} · ≈ 4 líneas"
        source.cells.insert(at, new_markdown_cell(text, id="c01-statement"))

    return change


@pytest.mark.parametrize("promise", ["9 puntos (9)", "10 puntos (5 + 5)", "9 puntos (10)"])
def test_a_statement_that_promises_other_points_is_told(promise, tmp_path):
    total, _, each = promise.partition(" puntos ")

    assert faults(points, tmp_path, stated(promise)) == [
        f"exercise fetch_all: its statement says {total} {each}, its tests give 10"
    ]


def test_a_statement_that_promises_the_points_of_its_tests_is_good(tmp_path):
    assert faults(points, tmp_path, stated("10 puntos (10)")) == []


def test_two_cells_with_one_grade_id_are_told(tmp_path):
    def change(cells, source):
        cells["test-fetch-all-a"].metadata.nbgrader.grade_id = "test_round_trip_a"

    assert "grade_id test_round_trip_a stands 2 times" in faults(ids, tmp_path, change)


def test_a_test_names_its_exercise_and_one_letter(tmp_path):
    def change(cells, source):
        cells["test-round-trip-a"].metadata.nbgrader.grade_id = "test_round_trip_ab"

    said = faults(ids, tmp_path, change)

    assert "test test_round_trip_ab: a test is named test_<exercise>_<letter>" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (pointed("test-fetch-all-a", 9), ["the core points are 9, not 10"]),
        (pointed("test-round-trip-a", 3), ["the reto points are 3, not 2"]),
        (
            numbered("2.1"),
            [
                "exercise fetch_all: its grader.exercise is no number of this section",
                "the core points are 0, not 10",
            ],
        ),
    ],
)
def test_points_that_do_not_add_up_are_told(change, said, tmp_path):
    assert faults(points, tmp_path, change) == said


def test_an_exercise_without_test_is_told(tmp_path):
    def change(cells, source):
        source.cells.remove(cells["test-fetch-all-a"])

    assert "exercise fetch_all has no test cell" in faults(points, tmp_path, change)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (prose(WORDS), ["cell c01-prose: 121 words, at most 120"]),
        (prose(WORDS[:-8]), []),
        (prose("> " + WORDS), []),
        (prose("| " + WORDS + "|"), []),
        (prose("## Recapitulación\n" + WORDS), []),
        (prose("```python\n" + WORDS + "\n```"), []),
        (prose("<details><summary>Pista</summary>\n" + WORDS[:400] + "</details>\n" * 1 + WORDS[:400]), []),
        (prose(f"<details>{WORDS}</details>"), ["cell c01-prose: 121 words, at most 120"]),
        (code("x = 1\n" * 13), ["cell c01-code: 13 lines of code, at most 12"]),
        (code("x = 1\n" * 12), []),
        (code("x = 1\n" * 13, grader={"long": "a loop in one piece"}), []),
    ],
)
def test_a_long_cell_is_told_and_what_may_be_long_is_not(change, said, tmp_path):
    assert faults(sizes, tmp_path, change) == said


@pytest.mark.parametrize("tag", ["nbval-skip", "nbval-check-output", "raises_exception"])
def test_a_tag_that_changes_what_is_checked_is_told(tag, tmp_path):
    [said] = faults(tags, tmp_path, code("x = 1", tags=["setup", tag]))

    assert said.startswith(
        f"cell c01-code: tag {tag}, which is none of nbval-ignore-output, raises-exception"
    )


def test_solutions_and_tests_may_be_long(tmp_path):
    def change(cells, source):
        for name in ("fetch-all", "test-fetch-all-a"):
            cells[name].source += "\n# más" * 20

    assert faults(sizes, tmp_path, change) == []


def test_section_11_has_a_project_of_20_points_besides(tmp_path):
    path = section(tmp_path).source_path
    eleven = Section(tmp_path, "11_mini")
    eleven.source_path.parent.mkdir()
    eleven.source_path.write_text(path.read_text().replace('"1.1"', '"11.1"'))

    assert list(points(eleven)) == ["the project points are 0, not 20"]


def test_a_part_of_the_project_that_a_person_marks_counts_too(tmp_path):
    def change(cells, source):
        marks = {"grade": True, "solution": True, "locked": False, "task": False, "points": 4}
        cell = new_markdown_cell("Tu nota de diseño.", id="design-note")
        cell.metadata["nbgrader"] = {"grade_id": "design_note", "schema_version": 3, **marks}
        source.cells.append(cell)

    assert faults(points, tmp_path, change) == ["the project points are 4, not 0"]
