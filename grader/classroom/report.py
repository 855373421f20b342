"""What `grade` shows: a line per submission, a bar, and in the end a table per section."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grader.classroom.result import FAULT, GRADED, UNGRADABLE, Mark, Result

WORDS = {GRADED: "corregida", UNGRADABLE: "no calificable", FAULT: "sin nota"}
MANY = {GRADED: "corregidas", UNGRADABLE: "no calificables", FAULT: "sin nota"}
STYLES = {GRADED: "", UNGRADABLE: "yellow", FAULT: "bold red"}
REMARKS = 3  # lines of remarks that a submission may take


@dataclass
class _Exercise:
    """The sums of one exercise. points: what it can give."""

    label: str
    points: float
    bonus: bool
    earned: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)


@dataclass
class _Section:
    statuses: Counter[str] = field(default_factory=Counter)
    exercises: dict[str, _Exercise] = field(default_factory=dict)
    core: float = 0.0
    seconds: float = 0.0
    sandboxed: bool = True


class Report:
    """Takes results as they come and keeps sums alone, so that a class of any size takes the same memory."""

    def __init__(self, total: int, console: Console) -> None:
        self._total, self._console = total, console
        self._began, self._done = time.monotonic(), 0
        self._sections: dict[str, _Section] = {}
        columns = (TextColumn("Corrijo"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=total)

    def bar(self) -> AbstractContextManager[object]:
        """Return the progress bar, shown within its block where there is a terminal."""
        return self._bar

    def take(self, graded: Result, *, kept: bool = False) -> None:
        """Count a result, and print its line unless it was `kept` from an earlier run."""
        self._done += 1
        self._bar.advance(self._task)
        self._count(graded)
        if not kept:
            for line in lines(graded, f"{self._done}/{self._total}"):
                self._console.print(line, soft_wrap=True)

    def _count(self, graded: Result) -> None:
        section = self._sections.setdefault(graded.section, _Section())
        section.statuses[graded.status] += 1
        section.seconds += graded.seconds
        section.sandboxed = section.sandboxed and graded.sandboxed
        if graded.status != GRADED:
            return
        section.core += graded.core
        for name, marks in by_exercise(graded).items():
            points = sum(mark.points for mark in marks)
            label = f"{marks[0].number} {name}".strip()
            exercise = section.exercises.setdefault(name, _Exercise(label, points, marks[0].bonus))
            earned = sum(mark.earned or 0.0 for mark in marks)
            exercise.earned += earned
            exercise.kinds[_kind(marks, earned, points)] += 1

    @property
    def complete(self) -> bool:
        """Whether every submission was graded."""
        graded = sum(section.statuses[GRADED] for section in self._sections.values())
        return graded == self._done == self._total

    def summary(self) -> None:
        """Print a table for each section, and what was done in how much time."""
        for name, section in sorted(self._sections.items()):
            self._console.print(_table(name, section))
        seconds = time.monotonic() - self._began
        statuses = sum((section.statuses for section in self._sections.values()), Counter[str]())
        words = ", ".join(_count(status, statuses[status]) for status in WORDS if statuses[status])
        self._console.print(f"{_submissions(self._done)} en {_duration(seconds)}: {words}.")
        if statuses[FAULT]:
            self._console.print(
                "Las que están «sin nota» fallaron por la corrección, no por el alumno: "
                "python3 -m grader grade --resume las repite.",
                style=STYLES[FAULT],
                soft_wrap=True,
            )


def lines(graded: Result, count: str) -> list[Text]:
    """Return what is printed of a submission: its line and some remarks."""
    points = "—"
    if graded.status == GRADED:
        most = sum(mark.points for mark in graded.marks if not mark.bonus)
        points = f"{graded.core:g}/{most:g}" + (f" +{graded.extra:g}" if graded.extra else "")
    parts = [count, graded.student, graded.section, points, WORDS[graded.status]]
    text = "  ".join(parts) + (f": {graded.reason}" if graded.reason else "")
    if not graded.sandboxed:
        text += "  (sin sandbox)"
    shown = [Text(_printable(text), STYLES[graded.status])]
    shown += [Text(f"    · {_printable(remark)}", "dim") for remark in graded.remarks[:REMARKS]]
    if len(graded.remarks) > REMARKS:
        shown.append(Text(f"    · y {len(graded.remarks) - REMARKS} avisos más, en results/", "dim"))
    return shown


def _printable(text: str) -> str:
    """Return a text that cannot command the terminal: names of files are the students' own."""
    return "".join(char if char.isprintable() else "�" for char in text)


def by_exercise(graded: Result) -> dict[str, list[Mark]]:
    """Return the marks of a result by exercise, in the order of the notebook."""
    found: dict[str, list[Mark]] = {}
    for mark in graded.marks:
        found.setdefault(mark.exercise or mark.grade_id, []).append(mark)
    return found


def _kind(marks: list[Mark], earned: float, points: float) -> str:
    if all(mark.state == "untried" for mark in marks):
        return "untried"
    return "full" if earned == points else "part" if earned else "none"


def _table(name: str, section: _Section) -> Table:
    count = section.statuses[GRADED]
    most = sum(each.points for each in section.exercises.values() if not each.bonus)
    mean = f", media {section.core / count:.2f} de {most:g}" if count else ""
    title = f"{name}: {_submissions(section.statuses.total())}{mean}, {_duration(section.seconds)} de proceso"
    table = Table(title=title + ("" if section.sandboxed else " — SIN SANDBOX"), title_justify="left")
    table.add_column("ejercicio")
    for heading in ("puntos", "media", "todo", "parte", "nada", "sin intentar"):
        table.add_column(heading, justify="right")
    for each in section.exercises.values():
        kinds = [str(each.kinds[kind]) for kind in ("full", "part", "none", "untried")]
        table.add_row(Text(each.label), f"{each.points:g}", f"{each.earned / count:.2f}", *kinds)
    return table


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def _submissions(count: int) -> str:
    return f"{count} entrega{'' if count == 1 else 's'}"


def _count(status: str, count: int) -> str:
    return f"{count} {WORDS[status] if count == 1 else MANY[status]}"
