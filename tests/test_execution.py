"""nbgrader with the judge in the place of the kernel: a class graded by the plain commands."""

import copy
import csv

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from small_class import (
    FETCH,
    NOT_EMPTY,
    PROGRAMS,
    SEQUENTIAL,
    STUCK,
    answered,
    cell,
    course,
    feedback,
    graded,
    marks,
    nbgrader,
    submit,
)
from tree import NAME

from grader.classroom.release import differences
from grader.classroom.sandbox import NO_SANDBOX
from grader.classroom.section import Section

CORE, RETO = "test_fetch_all_a", "test_round_trip_a"
FULL, CORE_LOST, NONE = {CORE: 10, RETO: 2}, {CORE: 0, RETO: 2}, {CORE: None, RETO: None}


def helped(section):
    book = answered(section, fetch_all=FETCH + "return await all_of(ids, fetch)")
    helper = "async def all_of(ids, fetch):\n    return await asyncio.gather(*(fetch(i) for i in ids))"
    book.cells.insert(2, new_code_cell(helper))
    return book


def copied(section):
    book = answered(section)
    at = book.cells.index(cell(book, "test-fetch-all-a"))
    book.cells.insert(at, copy.deepcopy(book.cells[at]))
    book.cells[at].id = "copy"
    return book


def deleted(section):
    book = answered(section)
    book.cells = [cell(book, "fetch-all"), cell(book, "round-trip")]
    return book


def moved_and_retyped(section):
    book = answered(section)
    book.cells.reverse()
    cell(book, "test-fetch-all-a").cell_type = cell(book, "round-trip").cell_type = "raw"
    return book


def stripped(section):
    book = answered(section)
    for each in book.cells:
        each.metadata = {"nbgrader": []}
    return book


def foreign(section):
    book = answered(section)
    for each in book.cells:
        each.metadata.setdefault("nbgrader", NotebookNode(grade_id=each.id)).schema_version = 99
    return book


def tampered(section):
    book = answered(section, fetch_all=SEQUENTIAL)
    test = cell(book, "test-fetch-all-a")
    test.source, test.metadata.tags = "pass", ["skip-execution"]
    test.metadata.nbgrader.points = 1000
    return book


def old_format(section):
    cells = [{"cell_type": "code", "input": "", "outputs": [], "language": "python", "metadata": {}}]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


CLASS = {
    "right": (answered, FULL),
    "helped": (helped, FULL),
    "sequential": (lambda section: answered(section, fetch_all=SEQUENTIAL), CORE_LOST),
    "not_empty": (lambda section: answered(section, fetch_all=NOT_EMPTY), CORE_LOST),
    "unsolved": (lambda section: section.release, {CORE: 0, RETO: 0}),
    "stuck": (lambda section: answered(section, fetch_all=STUCK), CORE_LOST),
    "gone": (lambda section: answered(section, fetch_all=FETCH + "import os; os._exit(0)"), CORE_LOST),
    "copied": (copied, FULL),
    "deleted": (deleted, FULL),
    "moved": (moved_and_retyped, FULL),
    "stripped": (stripped, FULL),
    "foreign": (foreign, FULL),
    "tampered": (tampered, CORE_LOST),
    "broken": (lambda section: "{", NONE),
    "old": (old_format, NONE),
}


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """The course's folder after the plain commands, and of each command (exit code, what it printed)."""
    root = tmp_path_factory.mktemp("course")
    section = course(root)
    for student, (make, _) in CLASS.items():
        submit(root, student, make(section))
    beside = root / ".nbgrader" / "submitted" / "right" / NAME
    (beside / "grader.py").write_text("raise SystemExit")
    (beside / "secret.txt").symlink_to(root / "nbgrader_config.py")
    (root / "notebooks").rename(root / "ours")
    commands = {
        "generate_assignment": [NAME],
        "autograde": [NAME],
        "generate_feedback": [NAME],
        "export": [],
    }
    return root, {command: nbgrader(root, command, *rest) for command, rest in commands.items()}


@pytest.fixture(scope="module")
def earned(term):
    return marks(term[0])


def outputs(root, student):
    return [output for cell in graded(root, student)["cells"] for output in cell.get("outputs", [])]


@pytest.mark.parametrize("student", CLASS)
def test_a_submission_gets_what_it_earned(earned, student):
    assert earned[student] == CLASS[student][1]


def test_the_plain_release_is_the_course_s_own(term):
    assert differences(term[0] / "ours", term[0] / "notebooks") == {}


def test_the_reto_counts_in_no_maximum(term):
    rows = csv.DictReader((term[0] / ".nbgrader" / "grades.csv").open(encoding="utf-8"))
    scores = {row["student_id"]: (row["score"], row["max_score"]) for row in rows}

    assert scores["right"] == ("12.0", "10.0")
    assert scores["sequential"] == ("2.0", "10.0")


def test_only_what_is_no_notebook_makes_a_command_fail(term):
    codes = {command: code for command, (code, _) in term[1].items()}

    assert codes == {"generate_assignment": 0, "autograde": 1, "generate_feedback": 0, "export": 0}
    assert "no es un notebook de formato 4" in term[1]["autograde"][1]


def test_without_a_sandbox_nothing_runs_and_nobody_is_marked(term):
    section = Section(term[0], NAME)
    submit(term[0], "unshut", answered(section))
    code, said = nbgrader(term[0], "autograde", NAME, "--student=unshut", path=PROGRAMS)

    assert code == 1
    assert "Falta el sandbox de las entregas: instala bubblewrap" in said
    assert marks(term[0])["unshut"] == NONE


def test_who_asks_for_it_by_name_grades_without_a_sandbox_and_is_warned_once(term):
    section = Section(term[0], NAME)
    for student in ("bare-1", "bare-2"):
        submit(term[0], student, answered(section))
    unsafe = "--JudgeExecute.unsafe_no_sandbox=True"
    code, said = nbgrader(term[0], "autograde", NAME, "--student=bare-*", unsafe, path=PROGRAMS)

    assert (code, said.count(NO_SANDBOX)) == (0, 1)
    assert marks(term[0])["bare-2"] == FULL


def test_nbgrader_finds_no_changed_cell_where_nobody_changed_one(term):
    assert "has changed" not in term[1]["autograde"][1]


def test_copies_and_changed_tests_are_remarked(term):
    assert f"tampered: {CORE}: la prueba se cambió" in term[1]["autograde"][1]


@pytest.mark.parametrize("student", ["right", "sequential", "not_empty", "unsolved", "stuck", "gone"])
def test_no_output_means_something_else_to_nbgrader(term, student):
    kinds = {output.get("name", output["output_type"]) for output in outputs(term[0], student)}

    assert kinds <= {"stdout", "display_data", "error"}


def test_full_points_are_told_by_the_line_of_the_check(term):
    texts = ["".join(output["text"]) for output in outputs(term[0], "right")]

    assert texts[0].startswith("✓ 1.1 fetch_all — las tres peticiones se solapan")


def test_no_file_beside_a_notebook_reaches_the_graded_folder(term):
    folder = term[0] / ".nbgrader" / "autograded" / "right" / NAME

    assert [path.name for path in folder.iterdir()] == [f"{NAME}.ipynb"]


def test_feedback_shows_the_message_and_the_timeline_of_a_failed_check(term):
    page = feedback(term[0], "sequential")

    assert "Obtuve:    6 s   (la suma: 3 + 2 + 1)" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "total 6 s (esperado 3 s: +3 s)" in page
    assert "&lt;svg" not in page


@pytest.mark.parametrize("student", ["right", "not_empty"])
def test_feedback_hides_the_hidden_tests(term, student):
    page = feedback(term[0], student)

    assert "HIDDEN" not in page
    assert 'elapsed</span><span class="o">=</span><span class="mi">0' not in page


def test_feedback_of_a_hidden_case_names_the_case_and_not_its_data(term):
    page = feedback(term[0], "not_empty")

    assert "Falla un caso oculto" in page
    assert "Esperaba:  []" not in page
