"""Rules on a released notebook: equal to a fresh release, empty, and without what students must find out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from grader.authoring import notebook_format
from grader.authoring.rules.form import strings
from grader.authoring.section import Section
from grader.judge.roles import role

MARKS = {"solution": ("BEGIN SOLUTION", "END SOLUTION"), "test": ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")}


def fresh(section: Section) -> Iterator[str]:
    """The folder in notebooks/ equals, byte by byte, what nbgrader makes of the source now."""
    from grader.authoring.release import COMMAND, differences, generate

    words = {
        "falta": "is missing",
        "difiere": "differs from a fresh release",
        "sobra": "comes from no source",
    }
    with tempfile.TemporaryDirectory() as folder:
        generate(section.root, Path(folder), [section.name])
        found = differences(Path(folder) / section.name, section.root / "notebooks" / section.name)
    for name, word in found.items():
        yield f"notebooks/{section.name}/{name} {words[word]}: run {COMMAND}"


def sourced(section: Section) -> Iterator[str]:
    """A released notebook has a source."""
    if not section.source_path.is_file():
        yield f"there is no solutions/{section.name}/{section.name}.ipynb: delete notebooks/{section.name}"


def clean(section: Section) -> Iterator[str]:
    """No output, no execution count, no metadata of widgets, timing or folding."""
    yield from (
        f"notebook metadata {key}"
        for key in section.release.metadata
        if key not in notebook_format.NOTEBOOK_KEYS
    )
    for cell in section.release.cells:
        foreign = set(cell.metadata) - notebook_format.CELL_KEYS - {"deletable", "editable"}
        yield from (f"cell {cell.id}: metadata {key}" for key in sorted(foreign))
        if cell.get("outputs"):
            yield f"cell {cell.id}: has an output"
        if cell.get("execution_count") is not None:
            yield f"cell {cell.id}: has an execution count"


def secret(section: Section) -> Iterator[str]:
    """No mark, and no line of a solution or a hidden test that the source does not show elsewhere."""
    released = "\n".join([*strings(section.release), *_files(section.release_path.parent)])
    for mark in (mark for pair in MARKS.values() for mark in pair):
        if mark in released:
            yield f"the mark {mark} is in the release"
    shown: list[str] = _files(section.source_path.parent)
    hidden: list[tuple[str, str]] = []
    for cell in section.source.cells:
        outside, inside = _parted(cell)
        shown += outside
        hidden += [(cell.id, line) for line in inside]
    public = "\n".join(shown)
    for name, line in hidden:
        if line in released and line not in public:
            yield f"cell {name}: the release shows its line «{line}»"


def _parted(cell: NotebookNode) -> tuple[list[str], list[str]]:
    """Return the lines of a cell that students see, and those they do not."""
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    kind = role(cell)
    if kind not in MARKS:
        return lines, []
    begin, end = MARKS[kind]
    if kind == "solution" and not any(begin in line for line in lines):
        return [], lines
    parts: tuple[list[str], list[str]] = ([], [])
    within = False
    for line in lines:
        if begin in line or end in line:
            within = begin in line
        else:
            parts[within].append(line)
    return parts


def _files(folder: Path) -> list[str]:
    """Return the texts of a section's other files, which travel with it."""
    paths = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix in (".py", ".md", ".txt", ".js")
    )
    return [path.read_text(encoding="utf-8") for path in paths]
