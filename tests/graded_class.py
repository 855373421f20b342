"""A class whose marks can go wrong in every way that nbgrader's gradebook knows, for the tests of `grade`."""

import copy
import shutil

from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from small_class import FETCH, SEQUENTIAL, answered, save, submit
from tree import NAME, ROOT, notebook, write

from grader.authoring.course import Course
from grader.authoring.release import generate
from grader.authoring.section import Section
from grader.classroom import grade
from grader.classroom.gradebook import Writer

LATE = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
NOTE = "note"  # grade_id of the answer that a person grades
PAID = "2026-03-01 12:00:00 UTC"
EXERCISES = ("fetch_all", "round_trip")


def course(root):
    """A course with an exercise of 10 points, a reto of 2, and a text of 4 that a person grades."""
    source = notebook()
    source.metadata.kernelspec = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    marks = {"grade": True, "solution": True, "locked": False, "task": False, "points": 4}
    marks |= {"grade_id": NOTE, "schema_version": 3}
    source.cells.append(new_markdown_cell("Porque sí.", id=NOTE, metadata={"nbgrader": marks}))
    write(root, source)
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(settings + LATE, encoding="utf-8")
    generate(root, root / "notebooks", [NAME])
    return Section(root, NAME)


def written(section, text="Mi respuesta.", **answers):
    """As `answered`, with a text in the place of the stub."""
    book = answered(section, **answers)
    next(cell for cell in book.cells if cell.id == NOTE).source = text
    return book


def doubled(section):
    """Each cell of the exercises twice, as a slip of the keyboard does."""
    book = written(section)
    book.cells = [
        copy.deepcopy(cell) for cell in book.cells for _ in range(1 + ("nbgrader" in cell.metadata))
    ]
    return book


CLASS = {
    "bea": lambda section: written(section),
    "ana": lambda section: written(section, fetch_all=SEQUENTIAL),
    "carla": lambda section: section.release,
    "dani": lambda section: answered(section),  # the code alone
    "elena": lambda section: written(section, fetch_all=FETCH + "import os; os._exit(0)"),
    "fran": doubled,
    "tarde": lambda section: written(section, round_trip="async def round_trip(n):\n    return n"),
    "roto": lambda section: "{",
}


def fill(section, students=CLASS):
    """Submit the class."""
    for student in students:
        submit(section.root, student, CLASS[student](section))
    if "tarde" in students:
        stamp(section.root, "tarde", PAID)


def stamp(root, student, text):
    save(root / ".nbgrader" / "submitted" / student / NAME / "timestamp.txt", text)


def grade_class(root, *arguments):
    """Run `grade` in this process; return its exit code."""
    return grade.run(root, [*arguments])


def rows(root):
    """All that the gradebook says of people, in plain data, without the random ids."""
    with Gradebook(f"sqlite:///{root}/.nbgrader/gradebook.db") as book:
        students = sorted((s.id, s.first_name, s.email) for s in book.students)
        return students, sorted(map(_submission, book.assignment_submissions(NAME)), key=str)


def _submission(submission):
    books = [
        (
            book.name,
            book.late_submission_penalty,
            book.score,
            book.needs_manual_grade,
            sorted(
                (g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                for g in book.grades
            ),
            sorted((c.name, c.auto_comment or "", c.manual_comment or "") for c in book.comments),
        )
        for book in submission.notebooks
    ]
    return submission.student.id, submission.timestamp, books


def edit(root, change):
    """Let `change(gradebook)` alter the gradebook as a person does."""
    with Gradebook(f"sqlite:///{root}/.nbgrader/gradebook.db") as book:
        change(book)
        book.db.commit()


def registered(section):
    """Make the gradebook, which knows the section and nobody."""
    with Writer(Course(section.root)) as writer:
        writer.prepare(NAME)
    return section


def twin(root, other):
    """Copy a course, its class and its gradebook."""
    shutil.copytree(root, other)
    return Section(other, NAME)
