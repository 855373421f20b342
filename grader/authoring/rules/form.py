"""Rules on the form of a source notebook: normal form, ids, sizes, points, stored outputs.

A rule takes a section and yields one sentence per fault; none means that the rule holds.
"""

from __future__ import annotations

import copy
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader.authoring import notebook_format
from grader.authoring.section import Exercise, Section
from grader.judge.roles import exercise_of, role

WORDS, CODE_LINES = 120, 12
TAGS = {"setup", "raises-exception", "nbval-ignore-output"}
CORE, RETO, PROJECT = 10, 2, 20

_RECAP = re.compile(r"^#+ Recapitulación", re.MULTILINE)
_HINT = re.compile(r"<details>.*?</details>", re.DOTALL)
_NOT_PROSE = re.compile(r"^```.*?^```|^ *[>|].*?$|<[^>]+>", re.DOTALL | re.MULTILINE)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|usr|opt|var|Users|private|mnt)/[\w./-]*|[A-Z]:\\[\w\\.]+")
_PASSING = re.compile(r"\bTask-\d+|\b0x[0-9a-f]{6,}|\b(?:127\.0\.0\.1|localhost):\d+")

_PROMISE = re.compile(r"(?m)^### (?:Ejercicio|Reto) .*· (\d+) puntos(?: extra)? \((\d+(?: \+ \d+)*)\)")


def form(section: Section) -> Iterator[str]:
    """The file is a valid notebook in normal form: sorted keys, indent 1, nothing that an editor added."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of ids, which have their own rule
            nbformat.validate(copy.deepcopy(section.source))
    except nbformat.ValidationError as error:
        yield f"it is no valid notebook: {error.message.splitlines()[0]}"
    stored = section.source_path.read_text(encoding="utf-8").splitlines(keepends=True)
    wanted = notebook_format.text(section.source).splitlines(keepends=True)
    if stored != wanted:
        pairs = zip([*stored, ""], [*wanted, ""], strict=False)
        number, line = next((i, left) for i, (left, right) in enumerate(pairs, 1) if left != right)
        yield f"line {number} is not in normal form ({line.strip()[:60]}): run python3 -m grader release"


def ids(section: Section) -> Iterator[str]:
    """Cell ids and grade ids follow the course's pattern, and each names one cell."""
    slug = re.compile(rf"c{section.number}-[a-z0-9]+(-[a-z0-9]+)*")
    for cell in section.source.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade") or marks.get("solution"):
            if cell.id != marks.grade_id.replace("_", "-"):
                yield f"cell {cell.id}: its id is not its grade_id {marks.grade_id} with dashes"
        elif not slug.fullmatch(cell.id):
            yield f"cell {cell.id}: an id is c{section.number}-<slug>"
    grade_ids = [
        cell.metadata.nbgrader.grade_id for cell in section.source.cells if "nbgrader" in cell.metadata
    ]
    for kind, names in (("id", [cell.id for cell in section.source.cells]), ("grade_id", grade_ids)):
        yield from (
            f"{kind} {name} stands {count} times" for name, count in Counter(names).items() if count > 1
        )
    exercises = {exercise.grade_id for exercise in section.exercises}
    for cell in section.source.cells:
        if role(cell) == "test" and exercise_of(cell) not in exercises:
            yield f"test {cell.metadata.nbgrader.grade_id}: a test is named test_<exercise>_<letter>"


def tags(section: Section) -> Iterator[str]:
    """A cell has no tag but the course's own; others would make nbval skip cells or compare less."""
    for cell in section.source.cells:
        foreign = [tag for tag in cell.metadata.get("tags", []) if tag not in TAGS]
        yield from (
            f"cell {cell.id}: tag {tag}, which is none of {', '.join(sorted(TAGS))}" for tag in foreign
        )


def points(section: Section) -> Iterator[str]:
    """The points add up: 10 for exercises, a reto of 2 as bonus, a project of 20 in section 11 alone."""
    sums: Counter[str] = Counter()
    for exercise in section.exercises:
        kind = _kind(exercise, section)
        if not exercise.number or not kind:
            yield f"exercise {exercise.grade_id}: its grader.exercise is no number of this section"
        if not exercise.tests:
            yield f"exercise {exercise.grade_id} has no test cell"
        sums[kind] += int(exercise.points)
    for cell in section.source.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade"):
            sums["project"] += int(cell.metadata.nbgrader.points)  # a person marks it
    wanted = {"core": CORE, "reto": RETO, "project": PROJECT if section.number == "11" else 0}
    for kind, total in wanted.items():
        if sums[kind] != total:
            yield f"the {kind} points are {sums[kind]}, not {total}"
    yield from _promises(section)


def _promises(section: Section) -> Iterator[str]:
    tests = {exercise.grade_id: exercise.tests for exercise in section.exercises}
    promised: list[tuple[str, str]] = []
    for cell in section.source.cells:
        promised = _PROMISE.findall(cell.source) or promised if cell.cell_type == "markdown" else promised
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if promised and name in tests:
            total, each = promised.pop()
            given = " + ".join(f"{test.metadata.nbgrader.points:g}" for test in tests[name])
            if (total, each) != (str(sum(map(int, each.split(" + ")))), given):
                yield f"exercise {name}: its statement says {total} ({each}), its tests give {given}"


def _kind(exercise: Exercise, section: Section) -> str:
    if exercise.reto:
        return "reto"
    if "proyecto" in exercise.number.lower():
        return "project"
    return "core" if re.fullmatch(rf"{int(section.number)}\.\d+", exercise.number) else ""


def sizes(section: Section) -> Iterator[str]:
    """No cell is long.

    Markdown: 120 words, and so each folded hint; code blocks, quotations, tables and the recap are exempt.
    Code: 12 lines; solutions, tests and cells with a reason in grader.long are exempt.
    """
    for cell in section.source.cells:
        if cell.cell_type == "markdown":
            yield from _long_prose(cell)
        elif role(cell) not in ("solution", "test") and not cell.metadata.get("grader", {}).get("long"):
            lines = len(cell.source.splitlines())
            if lines > CODE_LINES:
                yield f"cell {cell.id}: {lines} lines of code, at most {CODE_LINES}"


def _long_prose(cell: NotebookNode) -> Iterator[str]:
    if _RECAP.search(cell.source):
        return
    for text in (_HINT.sub("", cell.source), *_HINT.findall(cell.source)):
        words = re.findall(r"\w[\w'’.-]*", _NOT_PROSE.sub(" ", text))
        if len(words) > WORDS:
            yield f"cell {cell.id}: {len(words)} words, at most {WORDS}"


def outputs(section: Section) -> Iterator[str]:
    """Every code cell was run in order, and what it stored is the same on every machine."""
    codes = [cell for cell in section.source.cells if cell.cell_type == "code"]
    counts = [cell.execution_count for cell in codes]
    if counts != list(range(1, len(codes) + 1)):
        wrong = next(cell for i, cell in enumerate(codes, 1) if cell.execution_count != i)
        yield f"cell {wrong.id}: restart the kernel, run all cells in order and save"
    for cell in codes:
        tags = cell.metadata.get("tags", [])
        texts = [ANSI.sub("", text) for output in cell.outputs for text in strings(output)]
        patterns = [_MACHINE] if "nbval-ignore-output" in tags else [_MACHINE, _PASSING]
        found = [match[0] for text in texts for pattern in patterns for match in pattern.finditer(text)]
        yield from (f"cell {cell.id}: its output holds {what}" for what in dict.fromkeys(found))
        if any("widget-view" in text for text in texts):
            yield f"cell {cell.id}: its output is a widget"
        if any(output.output_type == "error" for output in cell.outputs) and "raises-exception" not in tags:
            yield f"cell {cell.id}: it stored an error without the tag raises-exception"


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
