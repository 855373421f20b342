"""One section of the course as it lies on disk: its source, its release, its exercises and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from grader.authoring import notebook_format
from grader.judge.origin import Sections, sections
from grader.judge.roles import exercise_of, is_reto, number_of, role

SERVER = "local_api("


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
        return notebook_format.read(self.source_path)

    @cached_property
    def release(self) -> NotebookNode:
        """The notebook that students get. Not to be changed."""
        return notebook_format.read(self.release_path)

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
