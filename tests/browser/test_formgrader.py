"""The formgrader as the instructor's guide walks it: autograde by its button, a note graded by hand, feedback.

Its pictures in grader/classroom/images are what this walk shows: pytest tests/browser --screenshots DIR
"""

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, TOKEN, copy_package, lab
from nbgrader.api import Gradebook
from notebook_page import HANG
from small_class import nbgrader

from grader.authoring.course import Course
from grader.classroom import demo, roster
from grader.judge import sandbox

try:
    sandbox.find()
except sandbox.NoSandbox as reason:
    pytest.skip(f"NOT TESTED: {reason}", allow_module_level=True)

SECTION, NOTE, RACE = "11_node_vs_python", "design_note", "race"
NAMES = {"ana": "Ana García", "bruno": "Bruno López", "carla": "Carla Ruiz"}
ANSWER = (
    "**D1.** Un `TaskGroup` con una tarea por URL y un `Semaphore(limit)` que comparten.\n\n"
    "**D2.** Reintento 429, 5xx y el tiempo límite: otra vez puede ir bien. Un 404, no.\n\n"
    "**D3.** En los `await`; `async with` suelta el hueco y cierra la respuesta.\n\n"
    "**D4.** En P1 acaba en t = 4."
)
COMMENT = "D4: falta decir qué tareas forman el camino crítico."
# The form of a submission is there before its grades: what is typed until they have come is never sent.
LISTENS = "typeof formgrader != 'undefined' && formgrader.grades?.loaded && formgrader.comments?.loaded"
WINDOW = {"width": 1200, "height": 640}
PAGE = {"width": 800, "height": 900}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course with a class: ana fails one exercise, bruno all but the note, carla handed in the stub."""
    root = tmp_path_factory.mktemp("formgrader") / "course"
    for part in (f"notebooks/{SECTION}", f"solutions/{SECTION}"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    copy_package(root)
    course = Course(root)
    people = "\n".join(f"{one},{name.replace(' ', ',')}" for one, name in NAMES.items())
    (root / "class.csv").write_text(f"id,first_name,last_name\n{people}\n", encoding="utf-8")
    roster.run(root, [str(root / "class.csv")])
    wrong = sorted((ROOT / "tests" / "answers" / SECTION / RACE / "wrong").glob("*.py"))[0]
    for student in NAMES:
        answers = {RACE: wrong.read_text(encoding="utf-8")} if student == "ana" else {}
        book = demo.solved(course.section(SECTION), answers)
        for cell in book.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == NOTE:
                cell.source = ANSWER
        folder = course.submitted(SECTION, student)
        folder.mkdir(parents=True)
        text = json.dumps(course.section(SECTION).release if student == "carla" else book)
        (folder / f"{SECTION}.ipynb").write_text(text, encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def page(course, browser):
    """A page of a browser that is signed in."""
    with (
        lab(course.root, "--instructor") as address,
        browser.new_context(viewport=WINDOW, base_url=address) as window,
    ):
        window.set_default_timeout(HANG * 1000)
        page = window.new_page()
        page.goto(f"/lab?token={TOKEN}")
        yield page


def row(page, kind, text):
    """The row of a table of the formgrader whose cell of class `kind` says `text`."""
    return page.locator("tr", has=page.locator(f"td.{kind}", has_text=re.compile(f"^{text}$")))


def press(page, button):
    """Press a button of a row; return what the dialogue says, which is closed again."""
    button.click()
    dialog = page.locator(".modal-dialog")
    said = dialog.locator(".modal-title").inner_text(), dialog.locator(".modal-body").inner_text()
    dialog.get_by_role("button", name="OK").click()
    page.locator(".modal-backdrop").wait_for(state="detached")
    return said


@pytest.fixture(scope="module")
def generated(page, shoot):
    """Generate tells the gradebook of the section; without it Autograde knows none."""
    page.goto("/formgrader/manage_assignments")
    said = press(page, row(page, "name", SECTION).locator("td.assign a"))
    shoot(page, "formgrader-assignments")
    return said


@pytest.fixture(scope="module")
def autograded(page, shoot, generated):
    page.goto(f"/formgrader/manage_submissions/{SECTION}")
    said = {
        student: press(page, row(page, "student-id", student).locator("td.autograde a")) for student in NAMES
    }
    shoot(page, "formgrader-submissions")
    return said


@pytest.fixture(scope="module")
def noted(page, shoot, autograded):
    """Three points and a comment for ana's note, typed as a person does."""
    page.goto(f"/formgrader/manage_submissions/{SECTION}")
    page.get_by_role("link", name="García, Ana").click()
    page.get_by_role("link", name=SECTION).last.click()
    page.wait_for_function(LISTENS)
    for field, text in ((f"#{NOTE}", "3"), (f"#{NOTE}-comment", COMMENT)):
        page.locator(field).fill(text)
        with page.expect_response(lambda response: response.request.method == "PUT") as answer:
            page.keyboard.press("Tab")
        assert answer.value.ok
    page.locator(f"#{NOTE}").evaluate("field => field.scrollIntoView({block: 'center'})")
    shoot(page, "formgrader-manual")


@pytest.fixture(scope="module")
def feedback(page, course, noted):
    page.goto(f"/formgrader/manage_submissions/{SECTION}")
    title, said = press(page, row(page, "student-id", "ana").locator("td.generate-feedback a"))
    assert title == "Success", said
    directory = course.directory
    folder = directory.format_path(directory.feedback_directory, "ana", SECTION)
    return Path(folder) / f"{SECTION}.html"


def grades(course, student):
    """What the gradebook says of each cell: {grade_id: (automatic points, manual points, whether a person must look)}."""
    with Gradebook(course.directory.db_url) as book:
        [notebook] = book.find_submission(SECTION, student).notebooks
        return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades}


def test_generate_leaves_what_release_made(generated, course):
    title, said = generated

    assert title == "Success", said
    for made in sorted((ROOT / "notebooks" / SECTION).glob("*.*")):
        assert (course.root / "notebooks" / SECTION / made.name).read_bytes() == made.read_bytes()


def test_the_button_grades_by_the_judge(autograded, course):
    assert {title for title, _ in autograded.values()} == {"Success"}
    assert all("JudgeExecute" in said for _, said in autograded.values())
    points = {student: [auto for auto, *_ in grades(course, student).values()] for student in NAMES}
    assert sum(filter(None, points["bruno"])) == 28
    assert 0 < sum(filter(None, points["ana"])) < 28
    assert sum(points["carla"]) == 0


def test_an_answer_in_words_waits_for_a_person(autograded, course):
    assert grades(course, "bruno")[NOTE] == (None, None, True)
    assert grades(course, "carla")[NOTE] == (0, None, False)  # the stub as it was


def test_points_and_a_comment_by_hand_reach_the_gradebook(noted, course):
    assert grades(course, "ana")[NOTE] == (None, 3, False)
    with Gradebook(course.directory.db_url) as book:
        assert book.find_comment(NOTE, SECTION, SECTION, "ana").comment == COMMENT


def test_grading_again_by_command_keeps_them(noted, course):
    code, said = nbgrader(course.root, "autograde", SECTION, "--student", "ana", "--force")

    assert code == 0, said
    assert grades(course, "ana")[NOTE][1] == 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_that_the_button_writes_shows_them(feedback, browser, shoot, theme):
    with browser.new_context(viewport=PAGE, color_scheme=theme, offline=True) as window:
        page = window.new_page()
        page.goto(feedback.as_uri())
        shoot(page, f"feedback-{theme}")

        assert "3 de 4" in page.locator("main").inner_text()
        assert COMMENT in page.locator("main").inner_text()
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 22, 26)"}[theme]
