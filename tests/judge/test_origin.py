"""A notebook of another section, or of no section, gets no mark and no zero; whatever is of this one is graded."""

import copy
import json
import shutil

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.apps.api import NbGraderAPI
from platforms import ANA, BETO, SECTION, enrol, handed_in, moodle, place, table, take
from platforms import OTHER as SIXTH
from platforms import course as empty_course
from small_class import answered, api, course, feedback, grades_of, nbgrader, save, settings, submit
from tree import NAME, ROOT

from grader.authoring.course import Course
from grader.classroom import export, grade
from grader.classroom import feedback as pages
from grader.classroom.result import UNGRADABLE, load, path_of
from grader.judge import check
from grader.judge.files import NotGradable
from grader.judge.origin import sections
from grader.judge.submission import parse

NAMES = sorted(path.parent.name for path in ROOT.glob("notebooks/*/*.ipynb"))
FORMS = ["as it is", "marks gone", "ids gone too", "only code left"]


def book(folder, name):
    return json.loads((ROOT / folder / name / f"{name}.ipynb").read_text(encoding="utf-8"))


def in_form(notebook, form):
    """A notebook as editors leave it."""
    changed = copy.deepcopy(notebook)
    for cell in changed["cells"]:
        if form != "as it is":
            cell["metadata"] = {}
        if form in FORMS[2:]:
            cell.pop("id")
    if form == "only code left":
        changed["cells"] = [cell for cell in changed["cells"] if cell["cell_type"] == "code"]
    return changed


def refusal(name, notebook):
    """Why a notebook is not one of the section `name`, "" if it is."""
    try:
        sections(ROOT / "notebooks").demand(name, parse(json.dumps(notebook).encode()))
    except NotGradable as reason:
        return str(reason)
    return ""


def answers(name):
    """What a student may hand in who wrote the answers into a notebook of their own: code, and nothing else."""
    marked = [cell for cell in book("solutions", name)["cells"] if "nbgrader" in cell["metadata"]]
    code = [
        cell for cell in marked if cell["cell_type"] == "code" and cell["metadata"]["nbgrader"]["solution"]
    ]
    return written(*("".join(cell["source"]).replace("    ### ", "    # ") for cell in code))


def written(*sources, **marks):
    """A notebook of somebody's own."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    for cell, name in zip(notebook.cells, marks.get("marks", ()), strict=False):
        cell.metadata["nbgrader"] = {"grade_id": name, "solution": True, "schema_version": 3}
    return notebook


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("folder", ["notebooks", "solutions"])
@pytest.mark.parametrize("name", NAMES)
def test_a_section_s_own_notebook_is_known_in_every_form(name, folder, form):
    assert refusal(name, in_form(book(folder, name), form)) == ""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_every_other_section_s_is_refused_by_its_name(name, form):
    for other in NAMES:
        if other != name:
            reason = refusal(name, in_form(book("solutions", other), form))
            assert reason == f"es el notebook de otra sección, {other}: busca el de {name}"


@pytest.mark.parametrize("name", NAMES)
def test_answers_in_a_notebook_of_one_s_own_are_known_by_what_they_define(name):
    assert refusal(name, answers(name)) == ""


def test_the_tests_may_be_deleted_and_every_text_rewritten():
    notebook = in_form(book("solutions", "03_tasks"), "as it is")
    notebook["cells"] = [
        cell for cell in notebook["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")
    ]
    for cell in notebook["cells"]:
        cell["source"] = "# ya lo he hecho\npass"

    assert refusal("03_tasks", notebook) == ""
    assert refusal("03_tasks", in_form(notebook, "ids gone too")).startswith("no tiene ninguna celda")


def test_one_cell_of_an_exercise_is_enough_whatever_else_there_is():
    notebook = book("solutions", "05_timeouts")
    [answer] = [cell for cell in book("notebooks", "03_tasks")["cells"] if cell["id"] == "dashboard"]

    assert refusal("03_tasks", notebook) != ""
    notebook["cells"].append(answer)
    assert refusal("03_tasks", notebook) == ""


def test_the_name_of_an_exercise_in_another_section_s_notebook_is_not():
    notebook = book("solutions", "05_timeouts")
    notebook["cells"].append(new_code_cell("async def dashboard(): ...\n\nasync def fetch_all(): ..."))

    assert (
        refusal("03_tasks", notebook) == "es el notebook de otra sección, 05_timeouts: busca el de 03_tasks"
    )


def test_exercises_of_one_name_in_two_sections_do_not_make_them_one():
    assert refusal("03_tasks", book("solutions", "06_semaphores")) != ""
    assert refusal("06_semaphores", book("solutions", "03_tasks")) != ""


def test_an_example_of_this_section_pasted_into_another_s_does_not_change_whose_it_is():
    notebook = book("solutions", "05_timeouts")
    example = next(cell for cell in book("notebooks", "03_tasks")["cells"] if cell["id"] == "c03-run-main")
    notebook["cells"].append(example)

    assert refusal("03_tasks", notebook).startswith("es el notebook de otra sección, 05_timeouts")


FOREIGN = {
    "of nobody": written("import pandas as pd", "df = pd.DataFrame()", "%progress", "await main()"),
    "empty cells": written("", "x = 1"),
    "another course": written("def squares(n):\n    raise NotImplementedError()", marks=["squares"]),
    "another course with a function of that name": written(
        "def helper():\n    return 1", "def fetch_all(urls):\n    return urls", marks=["problem1", "problem2"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FOREIGN)
def test_a_notebook_without_a_cell_of_the_section_is_refused(what):
    assert refusal("03_tasks", FOREIGN[what]) == (
        "no tiene ninguna celda de los ejercicios de 03_tasks: busca el notebook de esa sección"
    )


def test_it_is_told_by_its_heading_as_a_harmless_text():
    notebook = FOREIGN["of nobody"] | {
        "cells": [new_markdown_cell("texto\n# Práctica 2 \x1b[31m" + "a" * 99), *FOREIGN["of nobody"].cells]
    }

    reason = refusal("03_tasks", notebook)

    assert "(empieza por «Práctica 2 \ufffd[31maaa" in reason
    assert len(reason) < 180


def test_where_there_is_no_release_nobody_is_refused(tmp_path):
    (tmp_path / "03_tasks").mkdir()
    (tmp_path / "03_tasks" / "03_tasks.ipynb").touch()

    sections(tmp_path).demand("03_tasks", FOREIGN["of nobody"])


def test_a_release_that_changes_is_read_again(tmp_path):
    path = tmp_path / "03_tasks" / "03_tasks.ipynb"
    save(path, book("notebooks", "03_tasks"))
    sections(tmp_path).demand("03_tasks", parse(json.dumps(book("notebooks", "03_tasks")).encode()))
    save(path, book("notebooks", "05_timeouts"))

    with pytest.raises(NotGradable):
        sections(tmp_path).demand("03_tasks", parse(json.dumps(book("notebooks", "06_semaphores")).encode()))


# From the submission to the marks

STRANGE = {
    "otra": (lambda section: book("solutions", "05_timeouts"), "es el notebook de otra sección, 05_timeouts: busca"),
    "ajena": (lambda section: FOREIGN["another course"], "no tiene ninguna celda de los ejercicios de 01_mini"),
}  # fmt: skip


@pytest.fixture(scope="module")
def section(tmp_path_factory):
    """A course with a second section; a right submission, one of the other section, one of no course."""
    made = course(tmp_path_factory.mktemp("course"))
    shutil.copytree(ROOT / "notebooks" / "05_timeouts", made.root / "notebooks" / "05_timeouts")
    submit(made.root, "buena", answered(made))
    for student, (make, _) in STRANGE.items():
        submit(made.root, student, make(made))
    return made


@pytest.fixture(scope="module")
def graded(section):
    assert grade.run(section.root, ["--workers", "1"]) == 1
    return Course(section.root)


def test_grade_gives_a_reason_and_no_mark(graded):
    for student, (_, reason) in STRANGE.items():
        result = load(path_of(graded.data, NAME, student))
        assert (result.status, result.marks) == (UNGRADABLE, [])
        assert result.reason.startswith(reason)
    assert load(path_of(graded.data, NAME, "buena")).core == 10


@pytest.mark.parametrize(
    ("kind", "columns", "none"),
    [("nbgrader", slice(7, 10), ["", "", ""]), ("moodle", slice(4, 5), ["-"]), ("canvas", slice(4, 5), [""])],
)
def test_no_export_has_anything_of_it(graded, tmp_path, capsys, kind, columns, none):
    file = tmp_path / f"{kind}.csv"
    assert export.run(graded.root, ["1", "--to", kind, "--output", str(file)]) == 1

    rows = {name: row[columns] for row in table(file) for name in ("buena", *STRANGE) if name in row}
    assert rows.pop("buena") != none
    assert rows == dict.fromkeys(STRANGE, none)
    assert "no calificable (es el notebook de otra sección, 05_timeouts" in capsys.readouterr().err


def test_its_page_says_why_and_what_to_do(graded):
    pages.run(graded.root, ["1"])

    assert "Es el notebook de otra sección, 05_timeouts." in feedback(graded.root, "otra")
    assert "Busca el de 01_mini, y entrega otra vez." in feedback(graded.root, "otra")
    assert "Busca el notebook de esa sección, y entrega otra vez." in feedback(graded.root, "ajena")


def test_nbgrader_s_command_sets_it_aside(section, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(
        section.root, root, ignore=shutil.ignore_patterns("gradebook.db", "results", "autograded")
    )
    api(settings(root))

    code, said = nbgrader(root, "autograde", NAME)

    assert code == 1, said
    points = {student: {points for points, _ in tests.values()} for student, tests in grades_of(root).items()}
    assert points == {"buena": {10, 2}, "otra": {None}, "ajena": {None}}
    assert "otra: no calificable: es el notebook de otra sección, 05_timeouts: busca el de 01_mini" in said
    assert "ajena: no calificable: no tiene ninguna celda de los ejercicios de 01_mini" in said


def test_without_the_hook_the_first_step_refuses_it(section, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(
        section.root, root, ignore=shutil.ignore_patterns("gradebook.db", "results", "autograded")
    )
    config = settings(root)
    config.Autograde.pre_convert_hook = None
    api(config)

    result = NbGraderAPI(config=config).autograde(NAME, "otra")

    assert not result["success"]
    assert "NotGradable: es el notebook de otra sección, 05_timeouts" in result["log"]
    assert set(grades_of(root)["otra"].values()) <= {(None, False), (None, True)}


@pytest.mark.parametrize("student", STRANGE)
def test_check_says_what_it_read_and_gives_no_zero(section, tmp_path, capsys, student):
    shutil.copytree(section.root / "notebooks", tmp_path / "notebooks")
    shutil.copytree(section.root / "notebooks", tmp_path / "work")
    make, reason = STRANGE[student]
    save(tmp_path / "work" / NAME / f"{NAME}.ipynb", make(section))

    assert check.run(tmp_path, ["1"]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"{NAME}.ipynb no se puede comprobar: {reason}")


# From the platform's archive


@pytest.fixture
def root(tmp_path):
    """A class that takes sections 5 and 6."""
    enrol(empty_course(tmp_path))
    for name in (SECTION, SIXTH):
        save(tmp_path / "notebooks" / name / f"{name}.ipynb", book("notebooks", name))
    return tmp_path


def test_collect_refuses_another_section_s_notebook_and_keeps_the_rest(root, capsys):
    fifth, sixth = (json.dumps(book("solutions", name)) for name in (SECTION, SIXTH))

    assert take(root, {moodle(ANA, 101): sixth, moodle(BETO, 102): fifth}) == 1

    assert place("beto") in handed_in(root)
    assert place("ana") not in handed_in(root)
    told = capsys.readouterr()
    assert (
        told.err
        == f"✗ ana (Ana García López): entregó el notebook de {SIXTH}, no el de {SECTION}: pídele el suyo\n"
    )
    assert told.out.endswith("✗ 1 entregas (1 nuevas), 1 por resolver\n")


def test_what_was_handed_in_before_stays(root):
    fifth, sixth = (json.dumps(book("solutions", name)) for name in (SECTION, SIXTH))
    take(root, {moodle(ANA, 101): fifth})

    assert take(root, {moodle(ANA, 101): sixth}, "--force", date=(2026, 12, 1, 0, 0, 0)) == 1
    assert handed_in(root)[place("ana")] == fifth.encode()


def test_the_name_of_another_section_is_believed_where_nothing_inside_says_more(root, capsys):
    fifth = json.dumps(book("solutions", SECTION))

    assert take(root, {moodle(ANA, 101, f"{SIXTH} (2).ipynb"): "{"}) == 1
    assert "pasa a llamarse" not in capsys.readouterr().out
    assert take(root, {moodle(ANA, 101, f"{SIXTH}.ipynb"): fifth}) == 0
    assert handed_in(root)[place("ana")] == fifth.encode()


def test_a_whole_class_by_mistake_is_one_line(root, capsys):
    enrol(root, [(f"s{n}", f"Sol{n}", "Gil", f"s{n}@uni.es", f"9{n}") for n in range(40)])
    sixth = json.dumps(book("notebooks", SIXTH))

    assert take(root, {moodle(f"Sol{n} Gil", f"9{n}"): sixth for n in range(40)}) == 1

    assert handed_in(root) == {}
    told = capsys.readouterr()
    assert told.err == (
        f"✗ 40 entregaron el notebook de {SIXTH}, no el de {SECTION} (s0 (Sol0 Gil), s1 (Sol1 Gil), "
        "s10 (Sol10 Gil) y 37 más): si te equivocaste de sección, repite la orden con 06\n"
    )
    assert told.out == "✗ 0 entregas (ninguna), 40 por resolver\n"
