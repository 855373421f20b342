"""Grades one submission, from bytes to a result: pure, so that any process of any machine can do it."""

from __future__ import annotations

import contextlib
import hashlib
import platform
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from nbformat import v4

import grader
from grader.authoring.section import Section
from grader.authoring.soundness import settle, solved
from grader.classroom import graded_notebook
from grader.classroom.result import FAULT, GRADED, UNGRADABLE, Mark, Result
from grader.cli.bootstrap import ROOT
from grader.judge import judge, submission
from grader.judge.files import NotGradable
from grader.judge.judge import Verdict
from grader.judge.sandbox import Launch

ALL = "*"  # in the place of graded cells

_one_at_a_time = threading.Lock()  # the judge imports a section's modules: a process grades one submission


@dataclass(frozen=True)
class Job:
    """A submission to grade. data: the notebook's file. course: `fingerprint` of its section.

    key: a hash of everything that the marks depend on. launch: how its child is started. given_up: graded
    cells at which a worker came to its limits, or ALL.
    """

    root: str
    section: str
    student: str
    data: bytes
    remarks: tuple[str, ...]
    course: str
    key: str
    launch: Launch
    given_up: tuple[str, ...] = ()


def fingerprint(section: Section) -> str:
    """Return a hash of what decides the marks of a section: its files, the judge's code, Python's version."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {_code()}".encode())
    beside = (path for path in sorted(section.source_path.parent.iterdir()) if path.is_file())
    for path in (*beside, section.release_path):
        digest.update(f"\n{path.name} ".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def key_of(data: bytes, course: str, sandboxed: bool, stamp: object) -> str:
    """Return a hash of all that the marks of a submission depend on; stamp: when it was handed in."""
    return hashlib.sha256(f"{course} {sandboxed} {stamp} ".encode() + data).hexdigest()


@cache
def _code() -> str:
    """Return a hash of the package as it is when this process first asks."""
    folder = Path(grader.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".js"):
            digest.update(f"\n{path.relative_to(folder).as_posix()} ".encode() + path.read_bytes())
    return digest.hexdigest()


def grade_one(job: Job, began: Callable[[str], object] = str) -> tuple[Result, str]:
    """Return what a submission gets and the notebook with its outputs as JSON, "" if there is none.

    began: is told each graded cell before it begins.

    Whatever fails that is not the student's becomes a result without marks, FAULT, and never a 0.
    """
    start = time.perf_counter()
    try:
        result, notebook = _grade(job, began)
    except NotGradable as why:
        result, notebook = refused(job, UNGRADABLE, str(why)), ""
    except Exception as error:
        reason = f"fallo de la corrección ({type(error).__name__}: {error})".replace("\n", " ")
        result, notebook = refused(job, FAULT, reason), ""
    return replace(result, seconds=round(time.perf_counter() - start, 3)), notebook


def refused(job: Job, status: str, reason: str) -> Result:
    """Return the result of a submission that got no marks."""
    return Result(
        job.student, job.section, status, reason, job.launch.sandboxed, key=job.key, remarks=[*job.remarks]
    )


def _grade(job: Job, began: Callable[[str], object]) -> tuple[Result, str]:
    section = _section(job)
    submitted = submission.parse(job.data)
    section.sections.demand(job.section, submitted)
    remarks = [*job.remarks, *submission.remarks(section.release, submitted)]
    merged = submission.merge(section.release, submitted)
    with _one_at_a_time:
        given_up = _tests(section) if ALL in job.given_up else job.given_up
        verdicts = judge.grade(
            section.source,
            merged,
            beside=section.source_path.parent,
            launch=job.launch,
            given_up=given_up,
            began=began,
        )
        verdicts = settle(verdicts, lambda: solved(section, job.course, job.launch))
    marks = _marks(section, verdicts)
    lost = next((mark.full for mark in marks if mark.earned is None), "")
    result = Result(
        job.student,
        job.section,
        FAULT if lost else GRADED,
        lost.partition("\n")[0],
        job.launch.sandboxed,
        key=job.key,
        remarks=remarks,
        marks=marks,
    )
    return result, v4.writes(graded_notebook.mark(merged, section.source, verdicts))


def _section(job: Job) -> Section:
    """Return the section that the job was made for, from this machine's files, if they still are the same."""
    for root in dict.fromkeys((job.root, str(ROOT))):
        with contextlib.suppress(OSError):
            section = _loaded(root, job.section, job.course)
            if fingerprint(section) == job.course:  # after it was read, so that it was this one
                return section
            _loaded.cache_clear()
    raise RuntimeError(
        f"en {platform.node()} el curso no es el mismo que al empezar: iguala las copias y corrige de nuevo"
    )


@lru_cache(maxsize=4)
def _loaded(root: str, name: str, course: str) -> Section:
    """Return a section that has read its notebooks, and keeps them as long as jobs ask for this `course`."""
    section = Section(Path(root), name)
    _ = section.source, section.release
    return section


def _tests(section: Section) -> tuple[str, ...]:
    return tuple(test.metadata.nbgrader.grade_id for each in section.exercises for test in each.tests)


def _marks(section: Section, verdicts: list[Verdict]) -> list[Mark]:
    of = {test.metadata.nbgrader.grade_id: each for each in section.exercises for test in each.tests}
    marks = []
    for verdict in verdicts:
        exercise = of.get(verdict.grade_id)
        marks.append(
            Mark(
                verdict.grade_id,
                exercise.grade_id if exercise else "",
                exercise.number if exercise else "",
                verdict.points,
                verdict.earned,
                exercise is not None and exercise.reto,
                verdict.state,
                verdict.message,
                verdict.full,
                verdict.hidden,
                verdict.proven,
            )
        )
    return marks
