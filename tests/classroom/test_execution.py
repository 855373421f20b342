"""nbgrader with the judge in the place of the kernel: a class graded by the plain commands."""

import copy
import csv
import os

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

from grader.authoring.release import differences
from grader.authoring.section import Section
from grader.judge.sandbox import NO_SANDBOX

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
    "beside": (answered, FULL),
    "linked": (answered, NONE),
    "waiting": (answered, NONE),
    "renamed": (answered, NONE),
}
BESIDE = [
    "grader.py",
    "asyncio.py",
    "sitecustomize.py",
    "x.pth",
    f"{NAME}-Copy1.ipynb",
    ".ipython/startup/00.py",
]
BESIDE += ["a/timestamp.txt"]


def lay_traps(root):
    """What a hostile folder holds beside and in the place of the notebook: safe-grading's cases 27, 28, 30."""
    folders = {student: root / ".nbgrader" / "submitted" / student / NAME for student in CLASS}
    for name in BESIDE:
        path = folders["beside"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("raise SystemExit")
        path.chmod(0o400)
    (folders["beside"] / "secret.txt").symlink_to(root / "nbgrader_config.py")
    (folders["beside"] / "course").symlink_to(root / "solutions")
    (folders["beside"] / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
    notebooks = {student: folder / f"{NAME}.ipynb" for student, folder in folders.items()}
    notebooks["linked"].unlink()
    notebooks["linked"].symlink_to(Section(root, NAME).source_path)
    notebooks["waiting"].unlink()
    os.mkfifo(notebooks["waiting"])
    notebooks["renamed"].rename(folders["renamed"] / "mini.ipynb")


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """The course's folder after the plain commands, and of each command (exit code, what it printed)."""
    root = tmp_path_factory.mktemp("course")
    section = course(root)
    for student, (make, _) in CLASS.items():
        submit(root, student, make(section))
    lay_traps(root)
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


def test_no_file_beside_a_notebook_reaches_the_graded_folder_or_the_feedback(term):
    for step, name in (("autograded", f"{NAME}.ipynb"), ("feedback", f"{NAME}.html")):
        folder = term[0] / ".nbgrader" / step / "beside" / NAME

        assert sorted(path.name for path in folder.iterdir()) == [name, "timestamp.txt"]


def test_files_beside_a_notebook_are_listed(term):
    listed = (
        f".ipython/, {NAME}-Copy1.ipynb, a/, asyncio.py, course (enlace), grader.py, secret.txt (enlace), "
    )

    assert f"beside: no cuentan: {listed}sitecustomize.py, x.pth" in term[1]["autograde"][1]


@pytest.mark.parametrize(
    ("student", "reason"),
    [
        ("broken", "no es JSON válido en UTF-8 (línea 1): recupera una copia"),
        ("old", "no es un notebook de formato 4, sino 3: ábrelo en JupyterLab"),
        ("linked", f"{NAME}.ipynb es un enlace: entrega un archivo normal"),
        ("waiting", f"{NAME}.ipynb no es un archivo normal: quítalo"),
        ("renamed", f"se llama «mini.ipynb»; debe llamarse {NAME}.ipynb: cámbiale el nombre"),
    ],
)
def test_what_is_no_submission_is_said_so_and_leaves_nothing(term, student, reason):
    assert f"{student}: no calificable: {reason}" in term[1]["autograde"][1]
    assert not (term[0] / ".nbgrader" / "autograded" / student / NAME).exists()
    assert not (term[0] / ".nbgrader" / "feedback" / student).exists()


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
