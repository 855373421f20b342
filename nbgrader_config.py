"""nbgrader's settings. nbgrader and formgrader read them from the folder of the course.

Every class is named by a dotted string and nothing of ours is imported: an import that fails in this file
would be logged and skipped, and nbgrader would go on with its own settings, in its own kernel.
"""

import contextlib
import os
import sysconfig
from pathlib import Path

c = get_config()  # noqa: F821  nbgrader puts the name here

# nbgrader starts alembic by name to make a gradebook; it lies beside this Python, activated or not.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])

# Submissions and marks of people lie in one folder that git ignores; a real class's may lie anywhere else.
data = Path(__file__).resolve().parent / ".nbgrader"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = ".nbgrader/submitted"
c.CourseDirectory.autograded_directory = ".nbgrader/autograded"
c.CourseDirectory.feedback_directory = ".nbgrader/feedback"
c.CourseDirectory.db_url = f"sqlite:///{data.as_posix()}/gradebook.db"

c.CsvExportPlugin.to = f"{data.as_posix()}/grades.csv"  # marks of people, as the gradebook

c.ClearSolutions.code_stub = {"python": "# ESCRIBE TU CÓDIGO AQUÍ\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "*Escribe aquí tu respuesta.*"
c.GenerateAssignment.force = True  # notebooks/ is generated, and committed: it is always there already
c.GenerateAssignment.preprocessors = [
    "grader.classroom.nbgrader_steps.RefuseSlips",  # a mistake in a test cell is nobody's mark
    "nbgrader.preprocessors.LockCells",
    "grader.classroom.nbgrader_steps.SetBonusAside",  # a reto is never part of the maximum
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
    "grader.authoring.release.TagTests",  # "Run all" goes on past exercises that are not solved yet
]

c.Autograde.pre_convert_hook = "grader.judge.submission.set_aside"  # before nbgrader opens the notebook
c.Autograde.sanitize_preprocessors = [
    "grader.classroom.nbgrader_steps.Sanitise",  # first: the rest sees nothing but sources
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "grader.classroom.nbgrader_steps.JudgeExecute",  # in the place of Execute
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "grader.classroom.nbgrader_steps.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True

c.GenerateFeedback.exporter_class = "grader.classroom.feedback.Page"  # in the place of HTMLExporter
c.GenerateFeedback.preprocessors = ["grader.classroom.nbgrader_steps.HideTests"]
# The formgrader's page of a submission shows what students wrote, and nbgrader's own template would run it.
c.HTMLExporter.preprocessors = ["grader.classroom.formgrader.Plain"]
c.HTMLExporter.template_file = str(data.parent / "grader" / "classroom" / "formgrader.html.j2")
c.HTMLExporter.filters = {
    "markdown2html": "grader.classroom.formgrader.markdown",
    "highlight_code": "grader.classroom.formgrader.code",
    "guarded": "grader.classroom.formgrader.guarded",
}
c.HTMLExporter.sanitize_html = True

with contextlib.suppress(OSError):  # last, and never an error: nbgrader makes the file, not its folder
    data.mkdir(exist_ok=True)
