"""Stored answers to exercises, right and wrong, and what each must get: tests/answers."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from nbformat import NotebookNode

from grader.authoring.section import Section
from grader.judge.roles import role

_NOTE = re.compile(r"# (cause|fails): (.+)")


class Marked(Protocol):
    """What a graded cell got, from the judge or in a kernel: `full` is its message, all of it."""

    @property
    def grade_id(self) -> str: ...
    @property
    def points(self) -> float: ...
    @property
    def earned(self) -> float | None: ...
    @property
    def full(self) -> str: ...


class Misplaced(Exception):
    """A file of tests/answers that answers no exercise; the text says why."""


@dataclass(frozen=True)
class Answer:
    """An answer to the exercise `name`. A wrong one has `# cause: ...` lines, and may have `# fails: ...`."""

    section: Section
    name: str
    right: bool
    text: str

    @staticmethod
    def at(root: Path, path: Path) -> Answer:
        """Read the answer at tests/answers/NN_slug/EXERCISE/{right,wrong}/NAME.py. Raises Misplaced."""
        parts = path.relative_to(root / "tests" / "answers").parts
        if len(parts) != 4 or parts[2] not in ("right", "wrong"):
            raise Misplaced("an answer lies at tests/answers/NN_slug/EXERCISE/{right,wrong}/NAME.py")
        section, name = section_at(root, parts[0]), parts[1]
        if name not in {exercise.grade_id for exercise in section.exercises}:
            raise Misplaced(f"solutions/{section.name} has no exercise {name}")
        return Answer(section, name, parts[2] == "right", path.read_text(encoding="utf-8"))

    @property
    def fails(self) -> frozenset[str]:
        """The graded cells that it is said to fail; empty where it does not say so."""
        return frozenset(_noted(self.text, "fails"))

    def submission(self) -> NotebookNode:
        """Return the solved notebook with this answer as the solution of its exercise."""
        changed = copy.deepcopy(self.section.source)
        for cell in changed.cells:
            if role(cell) == "solution" and cell.metadata.nbgrader.grade_id == self.name:
                cell.source = self.text
        return changed

    def complaints(self, marks: Sequence[Marked], *, causes: Callable[..., bool] = all) -> Iterator[str]:
        """Yield what is not as due: a right one gets all points, a wrong one loses some, with its causes.

        causes: `all`, or `any` where one of several is enough.
        """
        if faults := [f"{mark.grade_id}: {mark.full}" for mark in marks if mark.earned is None]:
            yield from faults
        yield from self._accepted(marks) if self.right else self._refused(marks, causes)

    def _accepted(self, marks: Sequence[Marked]) -> Iterator[str]:
        for mark in marks:
            if mark.earned != mark.points:
                yield f"{mark.grade_id}: it gets {points_of(mark)}\n{mark.full}"

    def _refused(self, marks: Sequence[Marked], enough: Callable[..., bool]) -> Iterator[str]:
        causes, listed = _noted(self.text, "cause"), self.fails
        failing = [mark for mark in marks if mark.earned == 0]
        failed = {mark.grade_id for mark in failing}
        if not causes:
            yield "a wrong answer begins with a line `# cause: ...`"
        if not failed:
            yield "a wrong answer gets all points"
        elif listed and failed != listed:
            yield f"it fails {', '.join(sorted(failed))}, not {', '.join(sorted(listed))}"
        said = "\n".join(mark.full for mark in failing)
        named = [cause in said for cause in causes]
        if failed and causes and not enough(named):
            missing = "», «".join(itertools.compress(causes, (not there for there in named)))
            yield f"the cause «{missing}» is not named:\n{said}"


def _noted(text: str, kind: str) -> list[str]:
    """Return what the notes of a kind at the head of an answer say; one on `fails` lists names."""
    notes = (_NOTE.fullmatch(line.rstrip()) for line in text.splitlines())
    found = [note[2] for note in notes if note and note[1] == kind]
    return [name.strip() for line in found for name in line.split(",")] if kind == "fails" else found


def is_example(path: Path) -> bool:
    """Tell whether a stored answer stands for others in the slower of its tests, which run a kernel.

    Every right one does, and the first of the wrong ones that are said to fail the same graded cells.
    """
    if path.parent.name == "right":
        return True
    fails = frozenset(_noted(path.read_text(encoding="utf-8"), "fails"))
    others = (other.read_text(encoding="utf-8") for other in sorted(path.parent.glob("*.py")) if other < path)
    return not fails or all(frozenset(_noted(text, "fails")) != fails for text in others)


def points_of(mark: Marked) -> str:
    """Return "2 of 4", or "no mark"."""
    return "no mark" if mark.earned is None else f"{mark.earned:g} of {mark.points:g}"


@cache
def section_at(root: Path, name: str) -> Section:
    """Return a section, read once."""
    return Section(root, name)
