"""Answers and helpers reach a copy of the release, and nothing else of a submission does."""

import sys
from copy import deepcopy

import pytest
from course import FETCH_ALL, ROUND_TRIP, course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.judge.submission import merge, remarks

STUB = "async def {}:\n    raise NotImplementedError()"
HELPER = "def helper():\n    return 1"
FETCH, TEST_FETCH, ROUND, TEST_ROUND = 3, 4, 5, 6  # where the cells stand in the course


@pytest.fixture
def release():
    """The course with stubs in the place of the solutions, and a question answered in words at its end."""
    notebook = course()
    notebook.cells[FETCH].source = STUB.format("fetch_all(ids, fetch)")
    notebook.cells[ROUND].source = STUB.format("round_trip(n)")
    marks = {"grade": True, "solution": True, "locked": False, "task": False, "points": 1}
    metadata = {"nbgrader": {"grade_id": "why", "schema_version": 3, **marks}}
    notebook.cells.append(new_markdown_cell("*Escribe aquí tu respuesta.*", id="why", metadata=metadata))
    return notebook


@pytest.fixture
def submitted(release):
    """A copy of the release with both exercises solved."""
    notebook = deepcopy(release)
    notebook.cells[FETCH].source, notebook.cells[ROUND].source = FETCH_ALL, ROUND_TRIP
    return notebook


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def twin(cell, source=None):
    """A copy of a cell as JupyterLab makes it: the same metadata, another id."""
    copy = deepcopy(cell)
    copy.id, copy.source = "copy", cell.source if source is None else source
    return copy


def solved(release):
    expected = sources(release)
    expected[FETCH], expected[ROUND] = FETCH_ALL, ROUND_TRIP
    return expected


def own(notebook):
    """The cells that carry the student's origin, with their position."""
    origin = {"grader": {"origin": "student"}}
    return [(at, cell.source) for at, cell in enumerate(notebook.cells) if cell.metadata == origin]


def test_answers_stand_in_a_copy_of_the_release(release, submitted):
    merged = merge(release, submitted)

    assert sources(merged) == solved(release)
    assert [cell.metadata for cell in merged.cells] == [cell.metadata for cell in release.cells]


def test_the_release_itself_stays_as_it_is(release, submitted):
    before = deepcopy(release)

    merge(release, submitted).cells[0].metadata["x"] = 1

    assert release == before


def test_an_answer_in_words_is_taken(release, submitted):
    submitted.cells[-1].source = "Porque esperan a la vez."

    assert merge(release, submitted).cells[-1].source == "Porque esperan a la vez."


def test_an_answer_in_words_that_only_gained_spaces_is_the_release_s(release, submitted):
    submitted.cells[-1].source += "\n"

    assert merge(release, submitted).cells[-1].source == release.cells[-1].source


def test_metadata_tags_and_outputs_of_the_submission_do_not_matter(release, submitted):
    for cell in submitted.cells:
        cell.metadata.setdefault("nbgrader", {}).update(points=1000, schema_version=99, solution=True)
        cell.metadata["tags"] = ["skip-execution", "setup"]
    submitted.cells[TEST_FETCH].outputs = ["forged"]
    submitted.metadata["kernelspec"] = {"name": "evil"}

    merged = merge(release, submitted)

    assert [cell.metadata for cell in merged.cells] == [cell.metadata for cell in release.cells]
    assert merged.cells[TEST_FETCH].outputs == []
    assert merged.metadata == release.metadata


def test_an_edited_test_is_the_release_s(release, submitted):
    submitted.cells[TEST_FETCH].source = "pass"

    assert sources(merge(release, submitted)) == solved(release)


@pytest.mark.parametrize("cell_type", ["markdown", "raw"])
def test_retyped_cells_count_as_what_they_were(release, submitted, cell_type):
    submitted.cells[FETCH].cell_type = submitted.cells[TEST_FETCH].cell_type = cell_type

    assert sources(merge(release, submitted)) == solved(release)


def test_deleted_cells_come_back(release, submitted):
    del submitted.cells[TEST_ROUND], submitted.cells[TEST_FETCH], submitted.cells[:3]

    assert sources(merge(release, submitted)) == solved(release)


def test_a_deleted_answer_is_the_stub(release, submitted):
    del submitted.cells[FETCH]

    assert merge(release, submitted).cells[FETCH].source == release.cells[FETCH].source


def test_moved_cells_return_to_their_place(release, submitted):
    submitted.cells.reverse()

    assert sources(merge(release, submitted)) == solved(release)


@pytest.mark.parametrize("at", [0, 2, 5])
def test_a_copied_test_is_left_out(release, submitted, at):
    submitted.cells.insert(at, twin(submitted.cells[TEST_FETCH]))

    assert sources(merge(release, submitted)) == solved(release)


@pytest.mark.parametrize("at", [FETCH, FETCH + 1, TEST_FETCH + 1])
def test_an_answer_counts_and_a_copied_stub_does_not(release, submitted, at):
    submitted.cells.insert(at, twin(release.cells[FETCH]))

    assert sources(merge(release, submitted)) == solved(release)


def test_of_two_answers_the_last_counts_and_the_first_is_kept_above_it(release, submitted):
    submitted.cells.insert(FETCH, twin(submitted.cells[FETCH], HELPER))

    merged = merge(release, submitted)

    assert own(merged) == [(FETCH, HELPER)]
    assert merged.cells[FETCH + 1].source == FETCH_ALL


def test_an_emptied_copy_of_an_answer_does_not_count(release, submitted):
    submitted.cells.insert(FETCH + 1, twin(submitted.cells[FETCH], "  "))

    assert sources(merge(release, submitted)) == solved(release)


@pytest.mark.parametrize("metadata", [{}, {"nbgrader": []}, {"nbgrader": {"grade_id": 7}}])
def test_without_its_marks_an_answer_is_known_by_the_cell_id(release, submitted, metadata):
    for cell in submitted.cells:
        cell.metadata = metadata

    assert sources(merge(release, submitted)) == solved(release)


def test_without_cell_ids_an_answer_is_known_by_its_marks(release, submitted):
    for cell in submitted.cells:
        del cell["id"]

    assert sources(merge(release, submitted)) == solved(release)


def test_an_answer_without_marks_and_id_stands_below_the_stub(release, submitted):
    for cell in submitted.cells:
        cell.metadata, cell.id = {}, ""

    merged = merge(release, submitted)

    assert own(merged) == [(FETCH + 1, FETCH_ALL), (ROUND + 2, ROUND_TRIP)]


@pytest.mark.parametrize("at", range(8))
def test_an_added_cell_keeps_its_place(release, submitted, at):
    submitted.cells.insert(at, new_code_cell(HELPER))

    assert own(merge(release, submitted)) == [(at, HELPER)]


def test_a_helper_below_an_answer_that_was_moved_goes_with_it(release, submitted):
    answer = submitted.cells.pop(FETCH)
    submitted.cells.insert(FETCH + 1, answer)  # now below its test
    submitted.cells.insert(FETCH + 2, new_code_cell(HELPER))

    assert own(merge(release, submitted)) == [(FETCH + 1, HELPER)]


def test_a_helper_above_an_answer_that_was_moved_goes_with_it(release, submitted):
    submitted.cells.insert(FETCH, submitted.cells.pop(TEST_FETCH))
    submitted.cells.insert(FETCH + 1, new_code_cell(HELPER))

    assert own(merge(release, submitted)) == [(FETCH, HELPER)]


def test_added_text_and_empty_cells_are_left_out(release, submitted):
    submitted.cells.insert(1, new_markdown_cell("<script>alert(1)</script>"))
    submitted.cells.insert(1, new_code_cell(" \n"))

    assert sources(merge(release, submitted)) == solved(release)


def test_a_changed_example_is_the_student_s(release, submitted):
    submitted.cells[2].source = HELPER

    merged = merge(release, submitted)

    assert own(merged) == [(2, HELPER)]
    assert merged.cells[2].id == release.cells[2].id
    assert len(merged.cells) == len(release.cells)


def test_a_changed_setup_cell_is_kept_below_the_release_s(release, submitted):
    more = submitted.cells[1].source + "\nimport functools"
    submitted.cells[1].source = more

    merged = merge(release, submitted)

    assert merged.cells[1] == release.cells[1]
    assert own(merged) == [(2, more)]


def test_a_copied_example_is_left_out(release, submitted):
    submitted.cells.insert(FETCH, twin(submitted.cells[2]))

    assert sources(merge(release, submitted)) == solved(release)


def test_all_cell_ids_of_the_result_differ(release, submitted):
    for _ in range(3):
        submitted.cells.insert(2, new_code_cell(HELPER, id="twice"))
    release.cells[0].id = "student-1"

    ids = [cell.id for cell in merge(release, submitted).cells]

    assert len(set(ids)) == len(ids)


def test_merging_twice_gives_the_same(release, submitted):
    submitted.cells.insert(2, new_code_cell(HELPER))

    assert merge(release, submitted) == merge(release, submitted)


def test_copies_and_missing_and_changed_cells_are_remarked(release, submitted):
    submitted.cells[TEST_FETCH].source = "pass"
    submitted.cells[TEST_ROUND] = deepcopy(submitted.cells[ROUND])

    assert remarks(release, submitted) == [
        "test_fetch_all_a: la prueba se cambió; cuenta la del curso",
        "round_trip: 2 copias; cuenta la última que se cambió",
        "test_round_trip_a: la celda falta en la entrega",
    ]


def work(function, *arguments):
    """How many instructions of the module under test a call executes: its work, whatever the machine's speed."""
    count = 0

    def local(frame, event, argument):
        nonlocal count
        count += event == "opcode"
        return local

    def trace(frame, event, argument):
        if not frame.f_code.co_filename.endswith("submission.py"):
            return None
        frame.f_trace_opcodes = True
        return local

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*arguments)
    finally:
        sys.settrace(before)
    return count


CROWDS = {
    "added": lambda cell, number: new_code_cell(f"x = {number}", id=f"added-{number}"),
    "copies": lambda cell, number: twin(cell, f"x = {number}"),
    "equal": lambda cell, number: twin(cell),
    "empty": lambda cell, number: new_code_cell("", id="empty"),
}


@pytest.mark.parametrize("crowd", CROWDS)
def test_twice_as_many_cells_are_twice_the_work(release, submitted, crowd):
    def crowded(count):
        notebook = deepcopy(submitted)
        notebook.cells += [CROWDS[crowd](submitted.cells[FETCH], number) for number in range(count)]
        return work(merge, release, notebook)

    few, some, many = crowded(0), crowded(200), crowded(400)

    assert few < some
    assert (many - few) / (some - few) < 2.02


def shuffled(draw, cells):
    """Cells of a submission as slips of the keyboard leave them: in any order, copied, deleted, retyped."""
    picked = draw(st.lists(st.integers(0, len(cells) - 1), max_size=20))
    found = [deepcopy(cells[at]) for at in picked]
    for cell in found:
        cell.cell_type = draw(st.sampled_from(["code", "markdown", "raw"]))
        cell.metadata = draw(st.sampled_from([cell.metadata, {}, {"nbgrader": {"grade_id": "nobody"}}]))
        cell.source = draw(st.sampled_from([cell.source, "", HELPER, FETCH_ALL]))
    return found


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_becomes_of_its_cells_the_release_s_are_all_there_in_order(release, submitted, data):
    notebook = deepcopy(submitted)
    notebook.cells = shuffled(data.draw, [*submitted.cells, new_code_cell(HELPER, id="helper")])

    merged = merge(release, notebook)
    given = [cell for cell in merged.cells if cell.id in {one.id for one in release.cells}]
    kept = [cell for cell in given if cell.metadata != {"grader": {"origin": "student"}}]

    assert [cell.id for cell in given] == [cell.id for cell in release.cells]
    assert [cell.metadata for cell in kept] == [
        one.metadata for one in release.cells if one.id in {cell.id for cell in kept}
    ]
    assert given[0] == release.cells[0]
    tests = [cell.source for cell in given if cell.id.startswith("test-")]
    assert tests == [release.cells[TEST_FETCH].source, release.cells[TEST_ROUND].source]
