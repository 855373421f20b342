"""nbgrader's own steps with the judge in the place of the kernel; nbgrader_config.py names these classes.

A reto's points are extra: in the release and in the gradebook its test cells are worth 0, so that no maximum
counts them, and what they earn is saved as a score all the same (12 of 10). In the release the metadata
{"grader": {"bonus": 2}} of such a test cell keeps its points. A solution cell is a reto's when its metadata
"grader" has "bonus": true or calls its "exercise" a reto.
"""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, List

from grader.authoring.section import Section
from grader.authoring.soundness import settle, slips, solved
from grader.classroom.autograde import fingerprint
from grader.classroom.graded_notebook import outputs, restore_tests
from grader.judge import judge, sandbox, submission
from grader.judge.judge import HIDDEN, Verdict
from grader.judge.origin import sections
from grader.judge.roles import exercise_of, is_reto, role

Converted = tuple[NotebookNode, dict[str, Any]]

_warned: weakref.WeakSet[Any] = weakref.WeakSet()  # the grading runs that have said so


class RefuseSlips(NbGraderPreprocessor):  # type: ignore[misc]
    """First step of generate_assignment: a test cell that would give everybody the same makes no release."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict[str, Any], index: int) -> Converted:
        found = [*slips(cell.source)] if role(cell) == "test" else []
        if found:
            raise ValueError(f"{cell.metadata.nbgrader.grade_id}, {found[0]}")
        return cell, resources


class SetBonusAside(NbGraderPreprocessor):  # type: ignore[misc]
    """Step of generate_assignment: takes a reto's points out of the maximum."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        retos = {c.metadata.nbgrader.grade_id for c in nb.cells if role(c) == "solution" and is_reto(c)}
        for cell in nb.cells:
            if role(cell) == "test" and exercise_of(cell) in retos:
                own = cell.metadata.setdefault("grader", NotebookNode())
                own.bonus = cell.metadata.nbgrader.points
                cell.metadata.nbgrader.points = 0
        return nb, resources


class Sanitise(NbGraderPreprocessor):  # type: ignore[misc]
    """First step of autograde: of the submission only the student's sources, in a fresh copy of the release.

    Raises NotGradable, which fails this submission alone.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        names = resources["nbgrader"]
        course = _Course(self)
        path = course.path("release", names)
        release = _trusted(path)
        submitted = submission.read(course.path("submitted", names))
        sections(path.parents[1]).demand(names["assignment"], submitted)
        for remark in submission.remarks(release, submitted):
            self.log.warning("%s: %s", names["student"], remark)
        merged = submission.merge(release, submitted)
        restore_tests(merged, _trusted(course.path("source", names)))
        _remove_strangers(course.path("autograded", names).parent, course.path("source", names).parent)
        return merged, resources


class JudgeExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """In the place of Execute: the judge's verdicts become the outputs of the graded cells.

    Raises NoSandbox, which fails the submission before anything of it runs.
    """

    unsafe_no_sandbox = Bool(False, help="Run submissions as plain processes where there is no sandbox.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        names = resources["nbgrader"]
        course = _Course(self)
        launch = sandbox.find(unsafe=self.unsafe_no_sandbox)
        if not launch.sandboxed and course.converter not in _warned:
            _warned.add(course.converter)
            self.log.warning(sandbox.NO_SANDBOX)
        path = course.path("source", names)
        reference = _trusted(path)
        section = Section(path.parents[2], names["assignment"])

        def judged() -> list[Verdict]:
            found = judge.grade(reference, nb, beside=path.parent, launch=launch)
            return settle(found, lambda: solved(section, fingerprint(section), launch))

        # A thread of its own: formgrader calls this inside a running event loop.
        with ThreadPoolExecutor(1) as thread:
            verdicts = thread.submit(judged).result()
        names["verdicts"] = {verdict.grade_id: verdict for verdict in verdicts}
        for cell in nb.cells:
            if role(cell) == "test":
                cell.outputs = outputs(names["verdicts"][cell.metadata.nbgrader.grade_id])
        for verdict in verdicts:
            if verdict.earned is None:
                self.log.error("%s, %s: %s", names["student"], verdict.grade_id, verdict.full)
        return nb, resources


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """Saves the judge's points, not what outputs look like; without a mark the cell waits for a person."""

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        if role(cell) != "test":
            super()._add_score(cell, resources)
            return
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = resources["nbgrader"]["verdicts"][name].earned
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()


class HideTests(NbGraderPreprocessor):  # type: ignore[misc]
    """First step of generate_feedback: cuts the hidden tests, which nbgrader shows to students otherwise."""

    display_data_priority: Any = List(config=True)  # set by the exporter, which warns else

    def preprocess_cell(self, cell: NotebookNode, resources: dict[str, Any], index: int) -> Converted:
        if role(cell) == "test":
            cell.source = without_hidden(cell.source)
        return cell, resources


def without_hidden(source: str) -> str:
    """Return a test cell without its hidden regions; one that does not end is cut to the end."""
    begin, end = HIDDEN
    lines, hidden = [], False
    for line in source.split("\n"):
        hidden = hidden or begin in line
        lines += [] if hidden else [line]
        hidden = hidden and end not in line
    return "\n".join(lines)


class _Course:
    """Where the files of the course lie for the converter that a preprocessor works for."""

    def __init__(self, preprocessor: NbGraderPreprocessor) -> None:
        self.converter = preprocessor.parent.parent  # preprocessor < exporter < converter

    def path(self, step: str, names: dict[str, Any]) -> Path:
        """Return the notebook of a step: "source", "release", "submitted" or "autograded"."""
        directory = self.converter.coursedir
        student = names["student"] if step in ("submitted", "autograded") else "."
        folder = directory.format_path(getattr(directory, f"{step}_directory"), student, names["assignment"])
        return Path(folder) / f"{names['notebook']}.ipynb"


def _trusted(path: Path) -> NotebookNode:
    """Read a notebook of the course itself."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def _remove_strangers(folder: Path, source: Path) -> None:
    """Delete what nbgrader copied from a submission and the course does not have: it may be anything."""
    for path in sorted(folder.rglob("*"), reverse=True):  # what lies in a folder comes before it
        own = source / path.relative_to(folder)
        if path.is_dir() and not path.is_symlink():
            if not own.is_dir():
                path.rmdir()
        elif path != folder / "timestamp.txt" and not own.is_file():
            if not path.is_symlink():
                path.chmod(0o600)  # Windows deletes nothing that is read-only
            path.unlink()
