"""One section of the course as it lies on disk: its source, its release, its exercises and their answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from grader.authoring import normal
from grader.judge.judge import role
from grader.judge.origin import Sections, sections

SERVER = "local_api("
TEST_ID = re.compile(r"test_(?P<exercise>.+)_[a-z]")


@dataclass(frozen=True)
class Exercise:
    """A solution cell and the test cells that belong to it; `number` is "3.1", "" if it has none."""

    grade_id: str
    number: str
    reto: bool
    tests: tuple[NotebookNode, ...]

    @property
    def points(self) -> float:
        return sum(float(cell.metadata.nbgrader.points) for cell in self.tests)


@dataclass(frozen=True)
class Section:
    """A section by its name, such as "03_tasks", in the course at `root`."""

    root: Path
    name: str

    @property
    def number(self) -> str:
        """The two digits of the section."""
        return self.name[:2]

    @property
    def source_path(self) -> Path:
        return self.root / "solutions" / self.name / f"{self.name}.ipynb"

    @property
    def release_path(self) -> Path:
        return self.root / "notebooks" / self.name / f"{self.name}.ipynb"

    @property
    def sections(self) -> Sections:
        """What tells the sections of the course apart."""
        return sections(self.release_path.parents[1])

    @property
    def answers(self) -> Path:
        """The folder of right and wrong answers to its exercises."""
        return self.root / "tests" / "answers" / self.name

    def serves(self, exercise: str = "") -> bool:
        """Tell whether one of its cells, or of the tests of `exercise`, starts a server on loopback."""
        tests = [cell for each in self.exercises if each.grade_id == exercise for cell in each.tests]
        return any(SERVER in cell.source for cell in (tests if exercise else self.source.cells))

    @cached_property
    def source(self) -> NotebookNode:
        """The notebook with the solutions. Not to be changed."""
        return normal.read(self.source_path)

    @cached_property
    def release(self) -> NotebookNode:
        """The notebook that students get. Not to be changed."""
        return normal.read(self.release_path)

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The exercises in the order of the notebook."""
        tests = [cell for cell in self.source.cells if role(cell) == "test"]
        found = []
        for cell in self.source.cells:
            if role(cell) != "solution":
                continue
            name = cell.metadata.nbgrader.grade_id
            own = tuple(test for test in tests if exercise_of(test) == name)
            found.append(Exercise(name, number_of(cell), is_reto(cell), own))
        return found


def number_of(solution: NotebookNode) -> str:
    """Return the number of the exercise that a solution cell solves, such as "3.1"; or ""."""
    return str(solution.metadata.get("grader", {}).get("exercise", ""))


def is_reto(solution: NotebookNode) -> bool:
    """Tell whether a solution cell is a reto's, whose points are a bonus."""
    return solution.metadata.get("grader", {}).get("bonus") is True or "reto" in number_of(solution).lower()


def exercise_of(test: NotebookNode) -> str:
    """Return the exercise that a test's grade_id names, "fetch_all" in "test_fetch_all_b"; or ""."""
    found = TEST_ID.fullmatch(test.metadata.nbgrader.grade_id)
    return found["exercise"] if found else ""
