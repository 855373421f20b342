"""Feedback from the gradebook and the graded notebook: the same page by every command, and one for each submission."""

import shutil

import pytest
from hostile_page import ATTACKS, strangers
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from small_class import FETCH, SEQUENTIAL, answered, course, feedback, nbgrader, submit
from tree import NAME

from grader.authoring.course import Course
from grader.classroom import grade
from grader.classroom.feedback import run, write
from grader.cli.trouble import Unable

CORE, RETO = "test_fetch_all_a", "test_round_trip_a"
HOSTILE = "async def fetch_all(ids, fetch):\n    '''{}'''\n    await asyncio.create_task(fetch(1), name={!r})"


def hostile(section):
    text = "\n".join(ATTACKS)
    book = answered(section, fetch_all=HOSTILE.format(text.replace("\\", ""), "".join(ATTACKS)))
    svg = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/svg+xml": "<svg onload='owned()'/>"},
    }
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = [svg]
        else:
            cell.source = text
    book.cells.append(new_code_cell(f"'''{text}'''"))
    return book


NEVER_PARSED = {  # answers that CPython's parser refuses, dies of or takes long for
    "typo": FETCH + "return [await fetch(i for i in ids]",
    "minus": "async def fetch_all(ids, fetch):\n    return " + "-" * 50_000 + "1",
    "digits": "async def fetch_all(ids, fetch):\n    return " + "7" * 5_000,
    "brackets": "(" * 100_000,
    "empty": "",
    "renamed": "fetch_alles = 1; <b>otra</b>",
}
CLASS = {
    "right": answered,
    "sequential": lambda section: answered(section, fetch_all=SEQUENTIAL),
    "hostile": hostile,
    "broken": lambda section: "{",
    **{
        student: lambda section, text=text: answered(section, fetch_all=text)
        for student, text in NEVER_PARSED.items()
    },
}


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """A graded class whose feedback is not written yet: its folder and the course in it."""
    root = tmp_path_factory.mktemp("course")
    section = course(root)
    for student, make in CLASS.items():
        submit(root, student, make(section))
    assert grade.run(root, []) == 1
    submit(root, "late", answered(section))  # nobody has graded it
    with Gradebook(f"sqlite:///{root}/.nbgrader/gradebook.db") as gradebook:
        gradebook.find_grade(RETO, NAME, NAME, "sequential").manual_score = 1
        gradebook.find_comment("fetch_all", NAME, NAME, "sequential").manual_comment = "Mira <b>gather</b>."
        gradebook.find_grade(CORE, NAME, NAME, "hostile").auto_score = None
        gradebook.db.commit()
    return root, Course(root)


@pytest.fixture(scope="module")
def written(term):
    """The class after the pages were written: its folder and what `write` returned."""
    return term[0], *write(term[1], NAME)


def test_every_submission_gets_a_page_and_who_waits_for_a_mark_is_named(written):
    root, pages, missing = written

    assert [page.parent.parent.name for page in pages] == sorted(CLASS)
    assert missing == {"late": f"sin corregir; usa python3 -m grader grade {NAME}"}
    assert not (root / ".nbgrader" / "feedback" / "late").exists()


@pytest.mark.parametrize("student", NEVER_PARSED)
def test_an_answer_that_is_no_python_gets_its_page_with_the_course_s_name(written, student):
    page = feedback(written[0], student)

    assert "1.1 fetch_all · 0 de 10</h2>" in page
    assert "fetch_alles ·" not in page
    assert len(page) < 200_000


@pytest.mark.parametrize("student", CLASS)
def test_no_page_holds_anything_but_text_and_our_pictures(written, student):
    assert strangers(feedback(written[0], student)) == []


@pytest.mark.parametrize("student", CLASS)
def test_no_page_holds_a_hidden_test_or_a_test_at_all(written, student):
    page = feedback(written[0], student)

    assert "HIDDEN" not in page
    assert ".expect(" not in page


def test_nbgrader_s_own_command_writes_the_same_page(written):
    root = written[0]
    ours = {student: feedback(root, student) for student in ("right", "sequential", "hostile")}
    for student in ours:
        shutil.rmtree(root / ".nbgrader" / "feedback" / student)

    code, _ = nbgrader(root, "generate_feedback", NAME)

    assert code == 0
    assert {student: feedback(root, student) for student in ours} == ours


def test_points_of_a_person_and_a_comment_are_shown(written):
    page = feedback(written[0], "sequential")

    assert "0 de 10 puntos</strong> y 1 extra" in page
    assert "Mira &lt;b&gt;gather&lt;/b&gt;." in page


def test_without_a_mark_it_is_no_zero(written):
    page = feedback(written[0], "hostile")

    assert "1.1 fetch_all · sin nota</h2>" in page
    assert "no tuyo</span> · sin nota</h3>" in page


def test_a_failed_check_has_its_message_and_its_timeline(written):
    page = feedback(written[0], "sequential")

    assert "Obtuve:    6 s   (la suma: 3 + 2 + 1)" in page
    assert "total 6 s (esperado 3 s: +3 s)" in page
    assert page.count("<img ") == 1


def test_the_student_s_own_code_and_added_cells_are_shown_as_text(written):
    assert "return [await fetch(i) for i in ids]" in feedback(written[0], "sequential")
    assert "&lt;script&gt;document.title" in feedback(written[0], "hostile")
    assert "Tus otras celdas" in feedback(written[0], "hostile")


def test_what_cannot_be_graded_is_told_why_under_the_section_s_title(written):
    page = feedback(written[0], "broken")

    assert "<h1>Sección 1</h1>" in page
    assert "No es JSON válido en UTF-8 (línea 1)." in page
    assert "Recupera una copia que se abra en JupyterLab, y entrega otra vez." in page


def test_only_the_students_named_get_a_new_page(written, term):
    root = written[0]
    for student in ("right", "sequential"):
        (root / ".nbgrader" / "feedback" / student / NAME / f"{NAME}.html").write_text("old")

    write(term[1], NAME, ["right"])

    assert feedback(root, "right") != "old"
    assert feedback(root, "sequential") == "old"


def test_the_command_says_what_it_wrote_and_what_is_missing(written, capsys):
    assert run(written[0], ["1", "--student", "right"]) == 0
    assert run(written[0], []) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"{NAME}: {len(CLASS)} páginas en {written[0]}/.nbgrader/feedback",
        f"  late: sin corregir; usa python3 -m grader grade {NAME}",
    ]
    with pytest.raises(Unable, match="No hay sección «07»"):
        run(written[0], ["07"])
    with pytest.raises(Unable, match="No hay entregas de «nadie»"):
        run(written[0], ["--student", "nadie"])


def test_a_page_that_cannot_be_written_is_no_missing_mark_and_stops_no_other(term, capsys):
    root = term[0]
    notebook = root / ".nbgrader" / "autograded" / "minus" / NAME / f"{NAME}.ipynb"
    whole = notebook.read_text(encoding="utf-8")
    notebook.chmod(0o644)
    notebook.write_text(whole[:-200], encoding="utf-8")  # as a full disk leaves it

    code = run(root, ["1"])

    told = capsys.readouterr().out.splitlines()
    assert code == 1
    assert told[0].startswith(f"{NAME}: {len(CLASS) - 1} páginas")
    assert told[1:] == [
        "  minus: corregida, pero no se pudo escribir su página; corrígela otra vez: "
        f"python3 -m grader grade {NAME} --student minus",
        f"  late: sin corregir; usa python3 -m grader grade {NAME}",
    ]
    assert not (root / ".nbgrader" / "feedback" / "minus" / NAME / f"{NAME}.html").exists()
    assert "1.1 fetch_all" in feedback(root, "typo")  # which comes after it
    notebook.write_text(whole, encoding="utf-8")
    assert run(root, ["1", "--student", "minus"]) == 0


@pytest.mark.parametrize("student", ["right", "broken"])
def test_a_page_that_the_file_system_refuses_is_told_and_stops_no_other(term, capsys, student):
    page = term[0] / ".nbgrader" / "feedback" / student / NAME / f"{NAME}.html"
    page.unlink(missing_ok=True)
    (page / "in the way").mkdir(parents=True)

    code = run(term[0], ["1", "--student", student, "--student", "typo"])

    told = capsys.readouterr().out.splitlines()
    shutil.rmtree(page)
    assert code == 1
    assert told[0].startswith(f"{NAME}: 1 página en")
    assert told[1].startswith(f"  {student}: no se pudo escribir su página (")
    assert len(told) == 2
