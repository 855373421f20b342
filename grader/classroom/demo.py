"""`python3 -m grader demo`: a made-up class, from submissions to marks and feedback, in its own folder."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from grader.classroom import made_up
from grader.classroom.report import WORDS
from grader.classroom.result import GRADED, UNGRADABLE, Result
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, Unable
from grader.judge.check import quicken

if TYPE_CHECKING:
    from rich.table import Table

    from grader.authoring.course import Course

SECTION = "03"
EVERY = "todas"


def main(argv: list[str]) -> int:
    """Grade made-up classes in a new temporary folder, print marks and where the feedback is.

    argv: sections, "todas" for all; by default one. 0 when all went as it should. Raises Unable.
    """
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("sections", nargs="*", default=[SECTION])
    return run(ROOT, parser.parse_args(argv).sections, Path(tempfile.mkdtemp(prefix="grader-demo-")))


def run(root: Path, wanted: list[str], folder: Path) -> int:
    """Do as `main` with sections of the course at `root`, in the empty `folder`."""
    quicken()
    from rich.console import Console

    from grader.authoring.course import Course
    from grader.classroom import feedback, grade
    from grader.classroom.result import stored
    from grader.judge import sandbox

    sandbox.find()  # or nothing begins: some of the class are hostile
    course = Course(root)
    every = course.sections()
    names = every if wanted == [EVERY] else [grade.section_named(text, every) for text in wanted]
    _copy_course(root, names, folder)
    own = Course(folder)
    for name in names:
        _hand_in(own, name)
    grade.run(folder, names)
    feedback.run(folder, names)
    results = [result for name in names for result in stored(own.data, name)]
    console = Console()
    for name in names if len(names) == 1 else []:
        console.print(_table(results, name))
    console.print(f"Comentarios para cada alumno: {own.data / 'feedback'}", soft_wrap=True)
    return _verdict(results)


def _hand_in(course: Course, name: str) -> None:
    for student, make in made_up.submissions(course.section(name)):
        folder = course.submitted(name, student)
        folder.mkdir(parents=True)
        make(folder)


def _verdict(results: list[Result]) -> int:
    """Say whether everybody got what is due; a class whose marks are known shows whether grading works."""
    wrong = [f"{result.section} {result.student}" for result in results if not _is_due(result)]
    if wrong:
        print(f"✗ No tienen lo que les toca: {', '.join(wrong)}. Es un fallo del curso: cuéntalo.")
        return 1
    print(f"✓ Las {len(results)} entregas tienen lo que les toca.")
    return 0


def _is_due(result: Result) -> bool:
    kind = result.student.rstrip("-0123456789")
    if kind in made_up.REFUSED:
        return result.status == UNGRADABLE
    most = sum(mark.points for mark in result.marks)
    points = result.core + result.extra
    if kind in made_up.HONEST:
        return result.status == GRADED and points == most
    if kind in made_up.UNSOLVED:
        return result.status == GRADED and points == 0
    return result.status == GRADED and points < most


def _copy_course(root: Path, names: list[str], folder: Path) -> None:
    """Copy what a class needs to `folder`, so that it never touches the real gradebook. Raises Unable."""
    for name in names:
        parts = [f"solutions/{name}", f"notebooks/{name}", f"tests/answers/{name}"]
        if not all((root / part).is_dir() for part in parts):
            raise Unable(f"Faltan {', '.join(parts)}: usa el repositorio entero.")
        for part in parts:
            shutil.copytree(root / part, folder / part)
    shutil.copy(root / "nbgrader_config.py", folder)


def _table(results: list[Result], name: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{name}: {len(results)} entregas", show_lines=True)
    for heading in ("entrega", "puntos", "extra"):
        table.add_column(heading, no_wrap=True)
    table.add_column("por qué", ratio=1)
    for result in results:
        points = f"{result.core:g}" if result.status == GRADED else "—"
        extra = f"{result.extra:g}" if result.extra else ""
        table.add_row(result.student, points, extra, Text("\n".join(_reasons(result))))
    return table


def _reasons(result: Result) -> list[str]:
    """Return why points are missing, a line for each exercise and cause: "3.1 fetch_all, −2 p: M08: ..."."""
    lost: dict[tuple[str, str], float] = {}
    for mark in result.marks:
        if mark.earned != mark.points:
            reason = _reason(mark.message)
            lost[reason] = lost.get(reason, 0) + mark.points
    lines = [f"{exercise}, −{points:g} p: {cause}".rstrip(": ") for (exercise, cause), points in lost.items()]
    return [f"{WORDS[result.status]}: {result.reason}"] if result.reason else lines


def _reason(message: str) -> tuple[str, str]:
    """Return the exercise and the cause that a message names; else the error, or what its title says."""
    title, *lines = (line.strip() for line in message.splitlines())
    exercise, _, rest = title.lstrip("✗○ ").partition(" — ")
    if title.startswith("○"):
        return exercise, "sin intentar"
    cause = next((line for line in lines if line.startswith("Causa probable")), "")
    if cause:
        named = re.compile(r"Causa probable(?: \((\w+)\))?: ")
        return exercise, named.sub(lambda found: f"{found[1]}: " if found[1] else "", cause)
    ended = next((line for line in lines if line.startswith("Obtuve:")), "")
    if any(line.endswith("que terminara sin error") for line in lines):
        return exercise, ended.partition(":")[2].strip()
    return exercise, f"{rest} (caso oculto)" if "caso oculto" in message else rest
