"""What students get back: a page for each submission, the same from every command that writes it.

nbgrader's GenerateFeedback and formgrader's button write it through `Page`, which nbgrader_config.py names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets import default

from grader.authoring.course import Course
from grader.authoring.section import Section
from grader.classroom.feedback_page import Check, Exercise, Picture, Report, graded, refused
from grader.classroom.grade import COMMAND, choose
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments
from grader.judge import submission
from grader.judge.merging import written
from grader.judge.roles import exercise_of, is_reto, label, role
from grader.judge.untrusted import printable

FAULT = "Falta la nota por un fallo de la corrección, no tuyo"  # whose details are for the instructor
Marks = dict[str, tuple[float | None, float]]  # grade_id: (points earned, None without a mark; the most)


class Page(Exporter):
    """In the place of nbgrader's HTMLExporter: a graded notebook and the gradebook's marks as one page.

    Its parent is nbgrader's converter, which knows where the course lies.
    """

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        prepared, resources = super().from_notebook_node(nb, resources, **kw)
        names = resources["nbgrader"]
        converter: Any = self.parent
        release = Section(Path(converter.coursedir.root), names["assignment"]).release
        return graded(report(prepared, release, names)), resources


def report(notebook: NotebookNode, release: NotebookNode, names: dict[str, Any]) -> Report:
    """Return what a page says of a graded notebook.

    Everything but answers and what the judge said of them comes from the release: a student's text is never
    parsed. names: nbgrader's, with db_url.
    """
    marks, comments, late = _from_gradebook(names)
    section = title(release, names["assignment"])
    own = [cell.source for cell in notebook.cells if role(cell) == "student"]
    return Report(section, names["student"], [*_exercises(notebook, release, marks, comments)], late, own)


def _from_gradebook(names: dict[str, Any]) -> tuple[Marks, dict[str, str], float]:
    with Gradebook(names["db_url"]) as gradebook:
        book = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
        marks = {grade.name: (_earned(grade), float(grade.max_score)) for grade in book.grades}
        comments = {comment.name: comment.manual_comment or "" for comment in book.comments}
        return marks, comments, float(book.late_submission_penalty or 0)


def _earned(grade: Any) -> float | None:
    unknown = grade.manual_score is None and (grade.auto_score is None or grade.needs_manual_grade)
    return None if unknown else float(grade.score)


def title(notebook: NotebookNode, otherwise: str) -> str:
    """Return the first heading of a notebook."""
    return next(_headings(notebook.cells), otherwise)


def _headings(cells: Sequence[NotebookNode]) -> Iterator[str]:
    for cell in cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution") is not True:
            yield from (found[1].strip() for found in re.finditer(r"(?m)^#+ (.+)$", cell.source))


def _exercises(
    notebook: NotebookNode, release: NotebookNode, marks: Marks, comments: dict[str, str]
) -> Iterator[Exercise]:
    tests = [cell for cell in notebook.cells if role(cell) == "test"]
    answers = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    for at, cell in enumerate(release.cells):
        own = cell.metadata.get("nbgrader", {})
        name = own.get("grade_id", "")
        answer = written(answers[name]) if name in answers else ""
        if (own.get("grade") and own.get("solution")) or own.get("task"):  # a person gives its points
            heading = ([*_headings(release.cells[:at])] or [name])[-1].partition(" · ")[0]
            earned, most = marks.get(name, (None, float(own.get("points") or 0)))
            code = cell.cell_type == "code"
            yield Exercise(heading, answer, [Check("", most, earned)], comments.get(name, ""), code=code)
        elif own.get("solution"):
            checks = [_check(test, marks) for test in tests if exercise_of(test) == name]
            yield Exercise(label(cell), answer, checks, comments.get(name, ""), _is_extra(cell, tests))


def _is_extra(solution: NotebookNode, tests: list[NotebookNode]) -> bool:
    name = solution.metadata.nbgrader.grade_id
    bonus = any("bonus" in test.metadata.get("grader", {}) for test in tests if exercise_of(test) == name)
    return bonus or is_reto(solution)


def _check(test: NotebookNode, marks: Marks) -> Check:
    name = test.metadata.nbgrader.grade_id
    earned, most = marks.get(name, (None, float(test.metadata.nbgrader.points)))
    said = [line for output in _outputs(test, "stream") for line in output.text.splitlines()]
    failures = [output.evalue for output in _outputs(test, "error")]
    lines = [FAULT] if earned is None else failures[0].splitlines() if failures else said[:1]
    return Check(
        lines[0].strip() if lines else name,
        float(test.metadata.get("grader", {}).get("bonus", most)),
        earned,
        "\n".join(lines[1:]),
        said if failures else said[1:],
        [*_pictures(_outputs(test, "display_data"))],
    )


def _outputs(test: NotebookNode, kind: str) -> list[NotebookNode]:
    return [output for output in test.get("outputs", []) if output.output_type == kind]


def _pictures(shown: list[NotebookNode]) -> Iterator[Picture]:
    """Yield the pictures of a check: a drawing and, in the output below it, its text."""
    drawing = ""
    for output in shown:
        if "image/svg+xml" in output.data:
            drawing = output.data["image/svg+xml"]
        elif "text/plain" in output.data:
            yield Picture(drawing, output.data["text/plain"])
            drawing = ""
    if drawing:
        yield Picture(drawing, "")


def main(argv: list[str]) -> int:
    """Write the pages of some sections or all; 0 if every submission got one, else 1. Raises Unable."""
    return run(ROOT, argv)


def run(root: Path, argv: list[str]) -> int:
    """Do as `main` in the course at `root`."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("sections", nargs="*")
    parser.add_argument("--student", action="append", default=[])
    options = parser.parse_args(argv)
    course = Course(root)
    plan = choose(course, options.sections, options.student)
    done = [_told(course, section, students) for section, students in plan.items() if students]
    return 0 if all(done) else 1


def _told(course: Course, section: str, students: list[str]) -> bool:
    """Write pages and say what became of them; tell whether everybody has one."""
    pages, missing = write(course, section, students)
    print(f"{section}: {len(pages)} página{'s' * (len(pages) != 1)} en {_page(course, '.', '.').parent}")
    for student, why in missing.items():
        print(f"  {printable(student)}: {why}")
    return not missing


def write(course: Course, section: str, students: Sequence[str] = ()) -> tuple[list[Path], dict[str, str]]:
    """Write the pages of a section: by nbgrader where there is a graded notebook, else with the reason.

    students: who gets one, of those who submitted; without, all of them. Returns the pages, and why a student
    has none: waits to be graded, or it could not be written. One that fails does not stop the others.
    """
    from nbgrader.apps.api import NbGraderAPI

    everybody = [*course.students(section)]
    chosen = [student for student in everybody if student in students] if students else everybody
    pages = {student: _page(course, section, student) for student in chosen}
    missing: dict[str, str] = {}
    ready: list[str] = []
    others: list[str] = []
    for student, page in pages.items():
        try:
            page.unlink(missing_ok=True)  # what fails leaves none, and no old one
        except OSError as error:
            missing[student] = _unwritable(page, error)
        else:
            notebook = course.autograded(section, student) / f"{section}.ipynb"
            (ready if notebook.is_file() else others).append(student)
    api = NbGraderAPI(config=course.config, log_level="CRITICAL")
    if ready and chosen == everybody:
        api.generate_feedback(section)  # all in one go, which is faster and may stop at one
    for student in ready:
        if not pages[student].is_file():
            api.generate_feedback(section, student)
            again = f"{COMMAND} {section} --student {printable(student)}"
            missing[student] = f"corregida, pero no se pudo escribir su página; corrígela otra vez: {again}"
    for student in others:
        try:
            _refuse(course, section, student, pages[student])
            missing[student] = f"sin corregir; usa {COMMAND} {section}"
        except OSError as error:
            missing[student] = _unwritable(pages[student], error)
    found = [page for page in pages.values() if page.is_file()]
    return found, {student: why for student, why in missing.items() if not pages[student].is_file()}


def _unwritable(page: Path, error: OSError) -> str:
    return f"no se pudo escribir su página ({error.strerror}); da permiso de escritura en {page.parent}"


def _refuse(course: Course, section: str, student: str, page: Path) -> None:
    """Write the page of a submission that cannot be graded; none if it can be and only waits for it."""
    try:
        taken = submission.take(course.submitted(section, student), section)
        course.section(section).sections.demand(section, taken.notebook)
    except submission.NotGradable as reason:
        page.parent.mkdir(parents=True, exist_ok=True)
        heading = title(course.section(section).release, section)
        page.write_text(refused(heading, student, str(reason)), encoding="utf-8")


def _page(course: Course, section: str, student: str) -> Path:
    directory = course.directory
    folder = directory.format_path(directory.feedback_directory, student, section)
    return Path(folder) / f"{section}.html"
