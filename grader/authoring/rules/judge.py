"""Rules that ask the judge: what the reference, the unsolved release and each stored answer get."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from nbformat import NotebookNode

from grader.authoring.answers import Answer, Misplaced, points_of
from grader.authoring.section import Section
from grader.judge import sandbox
from grader.judge.judge import Verdict, grade_again
from grader.judge.roles import exercise_of, role
from grader.judge.submission import merge

RIGHT, WRONG = 3, 5  # answers that each exercise has at least
REPORTED = "tests/reported.txt"


def solved(section: Section, repeat: int) -> Iterator[str]:
    """The reference solution gets all points in the judge."""
    rounds = _of_reference(section, repeat)
    yield from _changes(rounds)
    for verdict in rounds[0]:
        if verdict.earned != verdict.points:
            yield f"{verdict.grade_id}: it gets {points_of(verdict)}\n{verdict.full}"


def unsolved(section: Section, repeat: int) -> Iterator[str]:
    """The release as it is gets exactly 0 in the judge, as not attempted."""
    rounds = _grade(section, section.release, "", repeat)
    yield from _changes(rounds)
    for verdict in rounds[0]:
        if verdict.earned != 0:
            yield f"{verdict.grade_id}: the judge gives {points_of(verdict)} without a solution"
        elif verdict.state != "untried":
            yield f"{verdict.grade_id}: unsolved counts as {verdict.state}, not as untried\n{verdict.full}"


def told(section: Section) -> Iterator[str]:
    """Whoever makes a mistake in an answer reads its error, whatever the test's scenario catches."""
    broken, exercises = copy.deepcopy(section.source), set()
    for cell in broken.cells:
        if role(cell) == "solution" and (source := _mistaken(cell.source)):
            cell.source = source
            exercises.add(cell.metadata.nbgrader.grade_id)
    tests = {
        test.metadata.nbgrader.grade_id
        for e in section.exercises
        if e.grade_id in exercises
        for test in e.tests
    }
    for verdict in _grade(section, broken, "", 1)[0]:
        if verdict.grade_id in tests and "IndexError" not in verdict.full:
            yield f"{verdict.grade_id}: the error of an answer is not told\n{verdict.full}"


def _mistaken(source: str) -> str:
    """Return an answer whose functions fail with an IndexError as soon as they run; "" if it has none."""
    tree = ast.parse(source)
    members = [
        m for node in tree.body for m in [node, *(node.body if isinstance(node, ast.ClassDef) else ())]
    ]
    functions = [node for node in members if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        function.body.insert(0, ast.parse("[][0]").body[0])
    return ast.unparse(tree) if functions else ""


def proven(section: Section) -> Iterator[str]:
    """What of a section's marks rests on the child's word alone stands in tests/reported.txt."""
    path = section.root / REPORTED
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    listed = [line for line in lines if line.startswith(f"{section.name}/")]
    if listed != (found := reported(section)):
        changes = sorted(set(listed) ^ set(found))
        yield "\n".join(
            [f"{REPORTED} is not what the tests ask: run python tests/make_reported.py", *changes]
        )


def reported(section: Section) -> list[str]:
    """Return a line for each exercise with criteria that only the child's report decides, naming them."""
    sure = {verdict.grade_id for verdict in _of_reference(section, 1)[0] if verdict.proven}
    lines = []
    for exercise in section.exercises:
        names = [test.metadata.nbgrader.grade_id for test in exercise.tests]
        weak = [name for name in names if name not in sure]
        count = f"{len(weak)} of {len(names)}"
        lines += [f"{section.name}/{exercise.grade_id}: {count} reported: {', '.join(weak)}"] if weak else []
    return lines


def answered(section: Section) -> Iterator[str]:
    """Each exercise has at least 5 wrong and 3 right answers, and each folder of answers an exercise."""
    names = {exercise.grade_id for exercise in section.exercises}
    folders = {path.name for path in section.answers.glob("*") if path.is_dir()} - {"__pycache__"}
    yield from (f"{section.answers.name}/{name}: no such exercise" for name in sorted(folders - names))
    for name in sorted(names):
        for kind, least in (("right", RIGHT), ("wrong", WRONG)):
            count = len(list((section.answers / name / kind).glob("*.py")))
            if count < least:
                yield f"exercise {name}: {count} {kind} answers in tests/answers, at least {least}"


def answer(root: Path, path: Path, repeat: int) -> Iterator[str]:
    """A right answer gets all points of its exercise; a wrong one loses some, and its cause is named."""
    try:
        answer = Answer.at(root, path)
    except Misplaced as error:
        yield str(error)
        return
    rounds = judged(answer, repeat)
    yield from _changes(rounds)
    for turn, verdicts in enumerate(rounds, 1):
        if complaints := list(answer.complaints(verdicts)):
            yield from [*([f"run {turn} of {repeat}:"] if turn > 1 else []), *complaints]
            return


@lru_cache(maxsize=1)
def judged(answer: Answer, repeat: int) -> list[list[Verdict]]:
    """Ask the judge `repeat` times what the tests of its exercise give an answer."""
    return _grade(answer.section, answer.submission(), answer.name, repeat)


@cache
def _of_reference(section: Section, repeat: int) -> list[list[Verdict]]:
    return _grade(section, section.source, "", repeat)


def _grade(section: Section, submitted: NotebookNode, only: str, repeat: int) -> list[list[Verdict]]:
    """Grade a submission `repeat` times, by the tests of the exercise `only` if given."""
    reference = section.source
    if only:
        reference = copy.copy(reference)
        reference.cells = [c for c in section.source.cells if role(c) != "test" or exercise_of(c) == only]
    merged = merge(section.release, submitted)
    beside = section.source_path.parent
    return grade_again(reference, merged, repeat, beside=beside, launch=launch()[0], draws=False)


@cache
def launch() -> tuple[sandbox.Launch, str]:
    """Return how the course's own answers are run and, if not in a sandbox, why not."""
    try:
        return sandbox.find(), ""
    except sandbox.NoSandbox as reason:
        return sandbox.find(unsafe=True), str(reason)


def _changes(rounds: list[list[Verdict]]) -> Iterator[str]:
    """Yield the verdicts that differ from the first round's."""
    for turn, again in enumerate(rounds[1:], 2):
        for before, after in zip(rounds[0], again, strict=True):
            if _essence(before) != _essence(after):
                told = f"{_essence(before)}\n{_essence(after)}\n{after.full}".rstrip()
                yield f"run {turn} of {len(rounds)} differs from the first:\n{told}"


def _essence(verdict: Verdict) -> tuple[str, float | None, str, str]:
    """Return what must not change from run to run; inputs drawn at random and a real server's counts may."""
    return verdict.grade_id, verdict.earned, verdict.state, verdict.full.partition("\n")[0]
