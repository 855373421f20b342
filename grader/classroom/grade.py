"""`python3 -m grader grade`: a class graded in parallel, its marks in nbgrader's gradebook."""

from __future__ import annotations

import argparse
import asyncio
import difflib
import warnings
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, Unable, say
from grader.judge.check import quicken
from grader.judge.files import NotGradable

if TYPE_CHECKING:
    from grader.authoring.course import Course
    from grader.classroom.autograde import Job
    from grader.classroom.report import Report
    from grader.classroom.result import Result
    from grader.classroom.workers import Engine
    from grader.judge.sandbox import Launch

COMMAND = "python3 -m grader grade"
SPARE = 2  # submissions beyond those being graded: read already, or being saved


def main(argv: list[str]) -> int:
    """Grade the submissions of the course; 0 only if each was graded, 2 if stopped. Raises Unable."""
    return run(ROOT, argv)


def run(root: Path, argv: list[str]) -> int:
    """Do as `main` in the course at `root`."""
    options = parse(argv)
    quicken()
    from grader.authoring.course import Course
    from grader.judge import sandbox

    launch = sandbox.find(unsafe=options.unsafe_no_sandbox)
    if not launch.sandboxed:
        say(sandbox.NO_SANDBOX)
    course = Course(root)
    plan = choose(course, options.sections, options.student)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SQLAlchemy's remarks on nbgrader
            return asyncio.run(_run(course, plan, launch, options))
    except BaseExceptionGroup as group:
        raise _first(group) from None
    except KeyboardInterrupt:
        again = " ".join([COMMAND, *argv, *([] if options.resume else ["--resume"])])
        say(f"\nInterrumpido. Lo que ya tiene línea está guardado; para seguir: {again}")
        return 2


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the options. Raises Unable."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("sections", nargs="*")
    parser.add_argument("--student", action="append", default=[])
    parser.add_argument("--workers", type=_positive)
    parser.add_argument("--dask")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--unsafe-no-sandbox", action="store_true")
    return parser.parse_args(argv)


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"«{text}» no es un número de procesos")
    return int(text)


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def choose(course: Course, wanted: list[str], students: list[str]) -> dict[str, list[str]]:
    """Return who is graded in which section: all, or those that are named. Raises Unable."""
    names = course.sections()
    chosen = [section_named(text, names) for text in wanted] or names
    found = {name: [*course.students(name)] for name in dict.fromkeys(chosen)}
    everybody = {student for some in found.values() for student in some}
    empty = next((name for name in found if wanted and not found[name]), None)
    if empty or not everybody:
        where = course.submitted(empty or "SECCIÓN", "ALUMNO") / f"{empty or 'SECCIÓN'}.ipynb"
        raise Unable(f"No hay entregas{f' de {empty}' if empty else ''}: ponlas en {where}.")
    for student in students:
        if student not in everybody:
            near = _near(student, everybody)
            raise Unable(f"No hay entregas de «{student}»: prueba con --student {near}.")
    return {
        name: [student for student in some if not students or student in students]
        for name, some in found.items()
    }


def section_named(text: str, names: list[str]) -> str:
    """Return the section that `text` calls by its name or number. Raises Unable."""
    for name in names:
        if text == name or text.zfill(2) == name[:2]:
            return name
    raise Unable(f"No hay sección «{text}»: prueba con {_near(text, names)}.")


def _near(text: str, names: Any) -> str:
    every = sorted(names)
    return " o ".join(difflib.get_close_matches(text, every, 3, 0.5) or every[:3])


async def _run(
    course: Course, plan: dict[str, list[str]], launch: Launch, options: argparse.Namespace
) -> int:
    from rich.console import Console

    from grader.classroom.report import Report
    from grader.classroom.workers import Cluster, Workers, cores

    report = Report(sum(map(len, plan.values())), Console(highlight=False))
    engine = Cluster(options.dask) if options.dask else Workers(options.workers or cores())
    async with engine, _writer(course) as write:
        with report.bar():
            batch = _Batch(course, launch, engine, write, report, options.resume)
            for name, students in plan.items():
                if students:
                    await batch.grade(name, students)
    report.summary()
    return 0 if report.complete else 1


@asynccontextmanager
async def _writer(course: Course) -> AsyncIterator[Callable[..., Any]]:
    """Yield a function that lets the one writer's thread do something: `await write(Writer.save, ...)`."""
    from grader.classroom.gradebook import Writer

    writer = Writer(course)
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "grader-gradebook") as thread:

        async def write(method: Callable[..., Any], *args: Any) -> Any:
            return await loop.run_in_executor(thread, method, writer, *args)

        await write(Writer.__enter__)
        try:
            yield write
        finally:
            await write(Writer.__exit__)


class _Batch:
    """Submissions on their way through reading, grading and saving, a bounded number at a time."""

    def __init__(
        self,
        course: Course,
        launch: Launch,
        engine: Engine,
        write: Callable[..., Any],
        report: Report,
        resume: bool,
    ) -> None:
        self._course, self._launch, self._engine = course, launch, engine
        self._write, self._report, self._resume = write, report, resume
        self._slots = asyncio.Semaphore(engine.width + SPARE)

    async def grade(self, name: str, students: list[str]) -> None:
        """Grade the submissions of a section."""
        from grader.classroom.autograde import fingerprint
        from grader.classroom.gradebook import Writer

        course = fingerprint(self._course.section(name))
        await self._write(Writer.prepare, name)
        saved = await self._write(Writer.saved, name) if self._resume else set()
        async with asyncio.TaskGroup() as group:
            for student in students:
                await self._slots.acquire()
                task = group.create_task(self._one(name, student, course, student in saved))
                task.add_done_callback(lambda _: self._slots.release())

    async def _one(self, name: str, student: str, course: str, saved: bool) -> None:
        from grader.classroom.autograde import refused
        from grader.classroom.gradebook import Writer
        from grader.classroom.result import UNGRADABLE

        job, stamp, refusal = await asyncio.to_thread(self._read, name, student, course)
        if saved and (kept := self._kept(job)):
            self._report.take(kept, kept=True)
            return
        if refusal:
            graded, notebook = refused(job, UNGRADABLE, refusal), ""
        else:
            graded, notebook = await self._engine.grade(job)
        await self._write(Writer.save, graded, notebook, stamp)
        self._report.take(graded)

    def _read(self, name: str, student: str, course: str) -> tuple[Job, datetime | None, str]:
        """Return a submission as a job, when it was handed in, and why it is no submission, or ""."""
        from grader.classroom.autograde import Job, key_of
        from grader.judge import submission

        data, remarks, stamp, refusal = b"", [], None, ""
        try:
            stamp = self._course.timestamp(name, student)
        except ValueError:
            remarks.append("timestamp.txt no dice una fecha: no cuenta como tardía")
        try:
            taken = submission.take(self._course.submitted(name, student), name)
            data, remarks = taken.data, remarks + _ignored(taken.ignored)
        except NotGradable as why:
            refusal = str(why)
        key = key_of(data, course, self._launch.sandboxed, stamp)
        root = str(self._course.root.resolve())
        job = Job(root, name, student, data, tuple(remarks), course, key, self._launch)
        return job, stamp, refusal

    def _kept(self, job: Job) -> Result | None:
        """Return the stored result of a submission, if nothing that its marks depend on has changed."""
        from grader.classroom.result import GRADED, load, path_of

        stored = load(path_of(self._course.data, job.section, job.student))
        return stored if stored and stored.key == job.key and stored.status == GRADED else None


def _ignored(names: list[str]) -> list[str]:
    shown = ", ".join(names[:5]) + (f" y {len(names) - 5} más" if len(names) > 5 else "")
    return [f"archivos que no cuentan: {shown}"] if names else []
