"""What grading says of one submission, as plain data that lies in .nbgrader/results/."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

GRADED, UNGRADABLE, FAULT = "graded", "ungradable", "fault"


@dataclass(frozen=True)
class Mark:
    """One graded cell. earned None: a fault of ours. bonus: a reto's, never part of the maximum.

    message is for the student, full (with what a hidden case expects) for the instructor.
    """

    grade_id: str
    exercise: str  # grade_id of the solution cell that it tests
    number: str  # "3.1", "Reto 3"; or ""
    points: float
    earned: float | None
    bonus: bool
    state: str  # "passed", "failed", "untried", "fault"
    message: str
    full: str
    hidden: bool  # it failed in a hidden case
    proven: bool  # a service was asked, whose log is the judge's own


@dataclass(frozen=True)
class Result:
    """What a submission got.

    status: GRADED; UNGRADABLE, the file is no submission, which is no 0; FAULT, something of ours failed,
    grade again. reason: one line, "" when graded. key: a hash of everything that the marks depend on.
    """

    student: str
    section: str
    status: str
    reason: str = ""
    sandboxed: bool = True
    seconds: float = 0.0
    key: str = ""
    remarks: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def core(self) -> float:
        """Points that count for the maximum."""
        return sum(mark.earned or 0.0 for mark in self.marks if not mark.bonus)

    @property
    def extra(self) -> float:
        """Points of retos."""
        return sum(mark.earned or 0.0 for mark in self.marks if mark.bonus)


def path_of(data: Path, section: str, student: str) -> Path:
    """Return where the result of a submission lies below the folder of work data."""
    return data / "results" / section / f"{student}.json"


def save(data: Path, result: Result) -> None:
    """Write a result in one step: whoever reads sees the old one or the new one."""
    path = path_of(data, result.section, result.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(fresh, path)


def load(path: Path) -> Result | None:
    """Return a stored result, or None if there is none that this version understands."""
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Result(**stored | {"marks": [Mark(**mark) for mark in stored["marks"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def stored(data: Path, section: str) -> Iterator[Result]:
    """Yield the stored results of a section, by student."""
    for path in sorted((data / "results" / section).glob("*.json")):
        if (result := load(path)) is not None:
            yield result
