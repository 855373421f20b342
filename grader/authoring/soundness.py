"""Whether a test cell is sound: a mistake in it is the teacher's, and never a student's mark.

Some can be seen before anybody answers. Others (a name that does not exist, a scenario that fails before it
calls anything, a wrong expectation) look like a wrong answer of everybody: only the section's own solution
tells them apart, and no submission can influence what the solution gets.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from grader.authoring.section import Section
from grader.checks.findings import KINDS
from grader.checks.message import concealed
from grader.checks.outcome import Outcome
from grader.judge import judge
from grader.judge.judge import Verdict
from grader.judge.sandbox import Launch
from grader.judge.submission import merge

_ASKED = inspect.signature(Outcome.expect).parameters.values()
FIELDS = tuple(each.name for each in _ASKED if each.kind is each.KEYWORD_ONLY)


def slips(source: str) -> Iterator[str]:
    """Yield what is wrong with a test cell, each with its line: "line 3: ..."."""
    try:
        # Not as a notebook's other cells: with an await at its top level it would be a coroutine, which
        # checks nothing where nobody awaits it.
        compile(source, "<celda>", "exec", dont_inherit=True)
    except SyntaxError as error:
        yield (
            f"line {error.lineno}: {error.msg}; a test cell is plain Python, without magics, "
            "and awaits only inside functions"
        )
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "expect":
            yield from (f"line {node.lineno}: {fault}" for fault in _of_check(node))


def _of_check(call: ast.Call) -> Iterator[str]:
    if not 1 <= len(call.args) <= 2:
        yield "expect takes the exercise and the case, and the rest by name"
    for given in call.keywords:
        if given.arg is not None and given.arg not in FIELDS:
            yield f"expect has no {given.arg}: it takes {', '.join(FIELDS)}"
        if given.arg == "findings" and isinstance(given.value, ast.List | ast.Tuple):
            kinds = [each.value for each in given.value.elts if isinstance(each, ast.Constant)]
            yield from (
                f"there are no findings {kind!r}: there are {', '.join(KINDS)}"
                for kind in kinds
                if kind not in KINDS
            )


MAX_REASON = 300  # characters
NOT_YOURS = "sin nota: la prueba tiene un fallo, no tu respuesta; se corregirá de nuevo"
TRIES = 3  # a solution that passes once can pass: what talks to a server may fail on a busy machine


@dataclass(frozen=True)
class Solved:
    """The test cells that a section's own solution passes, and those that it does not, with the reason."""

    passed: frozenset[str]
    failed: dict[str, str]


def grade_solution(source: NotebookNode, release: NotebookNode, beside: Path, launch: Launch) -> Solved:
    """Grade the solutions of a source notebook until they have passed each of its tests once.

    beside: the source's folder. Raises NoSandbox.
    """
    merged = merge(release, source)
    passed: set[str] = set()
    failed: dict[str, str] = {}
    for _ in range(TRIES):
        for verdict in judge.grade(source, merged, beside=beside, launch=launch, draws=False):
            if verdict.state == "passed":
                passed.add(verdict.grade_id)
            elif verdict.state != "fault" or verdict.slip:
                failed[verdict.grade_id] = verdict.full
        failed = {name: why for name, why in failed.items() if name not in passed}
        if not failed:
            break
    return Solved(frozenset(passed), failed)


@lru_cache(maxsize=8)
def solved(section: Section, course: str, launch: Launch) -> Solved:
    """Do as `grade_solution` with a section as it is now; course: its fingerprint."""
    fresh = Section(section.root, section.name)  # which reads its notebooks again
    return grade_solution(fresh.source, fresh.release, fresh.source_path.parent, launch)


def settle(verdicts: Iterable[Verdict], ask: Callable[[], Solved]) -> list[Verdict]:
    """Return verdicts in which no mistake of a test cell costs a point.

    ask: gives what the solution gets; it is asked only if points are missing. Where the solution fails too
    there is no mark. Where it passes, a test cell that failed by itself did so by the values of the answer:
    that is a zero, or whoever has one could trade it for no mark.
    """
    found = [*verdicts]
    if not any(verdict.slip or verdict.state not in ("passed", "fault") for verdict in found):
        return found
    solution = ask()
    return [_settled(verdict, solution) for verdict in found]


def _settled(verdict: Verdict, solution: Solved) -> Verdict:
    name = verdict.grade_id
    if name in solution.failed and verdict.state != "passed":
        why = " ".join(solution.failed[name].removeprefix("sin nota: ").split())[:MAX_REASON]
        full = f"sin nota: la solución del curso tampoco pasa {name} ({why}); arréglalo y corrige de nuevo"
        return Verdict(name, verdict.points, None, "fault", NOT_YOURS, full)
    return _lost(verdict) if verdict.slip and name in solution.passed else verdict


def _lost(verdict: Verdict) -> Verdict:
    """Return the verdict of an answer with whose values a test cell does not know what to do."""
    head = f"✗ {verdict.grade_id}\n  "
    full = f"{head}La prueba se interrumpe con lo que devuelves o pides.\n  Obtuve:    {verdict.slip}"
    message = concealed(verdict.grade_id) if verdict.hidden else full
    failure = new_output("error", ename="CheckFailed", evalue=message, traceback=message.splitlines())
    lost = replace(verdict, earned=0.0, state="failed", message=message, full=full, slip="")
    return replace(lost, outputs=[failure])
