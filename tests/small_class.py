"""A small course in a folder and the submissions of a class, for the tests of grading."""

import copy
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from course import FETCH_ALL, ROUND_TRIP
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader
from tree import NAME, ROOT, notebook, write

from grader.authoring.release import generate
from grader.authoring.section import Section

FETCH = "async def fetch_all(ids, fetch):\n    "
SEQUENTIAL = FETCH + "return [await fetch(i) for i in ids]"
NOT_EMPTY = FETCH + "return await asyncio.gather(*(fetch(i) for i in ids)) or None"
STUCK = FETCH + "await asyncio.Event().wait()"
PROGRAMS = sysconfig.get_path("scripts")


def course(root):
    """Write the course's source and release: an exercise of 10 points and a reto of 2."""
    source = notebook()
    source.metadata.kernelspec = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    write(root, source)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    generate(root, root / "notebooks", [NAME])
    return Section(root, NAME)


def answered(section, **answers):
    """The release with an answer of the course's own in each exercise that `answers` does not name."""
    answers = {"fetch_all": FETCH_ALL, "round_trip": ROUND_TRIP} | answers
    solved = copy.deepcopy(section.release)
    for cell in solved.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return solved


def cell(book, name):
    return next(cell for cell in book.cells if cell.id == name)


def save(path, book):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(book if isinstance(book, str) else json.dumps(book), encoding="utf-8")
    return path


def submit(root, student, book):
    return save(root / ".nbgrader" / "submitted" / student / NAME / f"{NAME}.ipynb", book)


def nbgrader(root, *arguments, path=None):
    """Run the plain command from the course's folder; return (exit code, what it printed).

    path: of its programs; without the environment's own, as when nobody activated it.
    """
    command = [sys.executable, "-m", "nbgrader", *arguments]
    inactive = os.environ["PATH"].replace(sysconfig.get_path("scripts"), "")
    done = subprocess.run(
        command, cwd=root, env=os.environ | {"PATH": path or inactive}, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def settings(root):
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    return config


def api(config):
    """nbgrader's own interface, in this process, with the gradebook made."""
    interface = NbGraderAPI(config=config)
    assert interface.generate_assignment(NAME)["success"]
    return interface


def marks(root, database=".nbgrader/gradebook.db"):
    """The points of each test of each student in the gradebook: {student: {test: points or None}}."""
    grades = grades_of(root, database)
    return {
        student: {name: points for name, (points, _) in tests.items()} for student, tests in grades.items()
    }


def grades_of(root, database=".nbgrader/gradebook.db"):
    """As `marks`, with (points, whether a person must look)."""
    with Gradebook(f"sqlite:///{root}/{database}") as gradebook:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade)
                for book in submission.notebooks
                for grade in book.grades
            }
            for submission in gradebook.assignment_submissions(NAME)
        }


def graded(root, student):
    """The notebook that grading left of a submission."""
    path = root / ".nbgrader" / "autograded" / student / NAME / f"{NAME}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def feedback(root, student):
    path = Path(root) / ".nbgrader" / "feedback" / student / NAME / f"{NAME}.html"
    return path.read_text(encoding="utf-8")
