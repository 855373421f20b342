"""What a cell of a notebook is, by the marks that nbgrader and the course put on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.judge.cells import names_bound

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEST_ID = re.compile(r"test_(?P<exercise>.+)_[a-z]")


def role(cell: NotebookNode) -> str:
    """Return what a code cell is to the judge: "test", "solution", "student", "setup", "example"; else ""."""
    if cell.cell_type != "code":
        return ""
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("grade") and not marks.get("solution"):
        return "test"
    if marks.get("solution"):
        return "solution"
    if cell.metadata.get("grader", {}).get("origin") == "student":
        return "student"
    return "setup" if "setup" in cell.metadata.get("tags", []) else "example"


def exercise_of(test: NotebookNode) -> str:
    """Return the exercise that a test's grade_id names, "fetch_all" in "test_fetch_all_b"; or ""."""
    found = TEST_ID.fullmatch(test.metadata.nbgrader.grade_id)
    return found["exercise"] if found else ""


def number_of(solution: NotebookNode) -> str:
    """Return the number of the exercise that a solution cell solves, such as "3.1"; or ""."""
    return str(solution.metadata.get("grader", {}).get("exercise", ""))


def is_reto(solution: NotebookNode) -> bool:
    """Tell whether a solution cell is a reto's, whose points are a bonus."""
    return solution.metadata.get("grader", {}).get("bonus") is True or "reto" in number_of(solution).lower()


def label(solution: NotebookNode) -> str:
    """Return what people call an exercise, by its solution cell: "3.1 fetch_all"."""
    grade_id = solution.metadata.nbgrader.grade_id
    plain = grade_id.replace("_", "")  # abort_controller is AbortController
    bound = names_bound(solution.source)
    name = next((name for name in bound if name.lower().replace("_", "") == plain), grade_id)
    return f"{number_of(solution)} {name}".strip()
