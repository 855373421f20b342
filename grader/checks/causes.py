"""Why a check does not hold: comparison, and the probable cause when it is recognised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.checks.findings import Finding
from grader.checks.result import Result
from grader.checks.service import Request
from grader.loop.wording import recognise

_SLIPS = (
    ("no such name", "el nombre `{}` no existe: ¿una errata, o una celda sin ejecutar?"),
    ("no value yet", "usas `{}` antes de darle un valor en esa función"),
    ("nothing of that name in a module", "`{}` no tiene `{}`: ¿una errata?"),
)
# Raised on a line of the student's own: a mistake of that line, and what is missing is its consequence.
_BLUNDERS = re.compile(
    r"(Attribute|Import|Index|Key|ModuleNotFound|Name|Type|UnboundLocal|ZeroDivision)Error\b"
)
_MISCONCEPTION = re.compile(r"((?:M|E)\d\d?): (.+)", re.DOTALL)


def same(actual: Any, expected: Any) -> bool:
    """Compare exactly, types included; an int may stand for an equal float, floats agree to 1e-6."""
    if type(actual) is float and type(expected) in (int, float):
        return bool(actual == expected or abs(actual - expected) <= 1e-6)
    if type(actual) is not type(expected):
        return False
    if isinstance(expected, list | tuple):
        return len(actual) == len(expected) and all(map(same, actual, expected))
    if isinstance(expected, dict):
        keys = [sorted(map(repr, mapping)) for mapping in (actual, expected)]
        return keys[0] == keys[1] and all(same(actual[key], value) for key, value in expected.items())
    if isinstance(expected, set):
        found = {item: item for item in actual}  # {True} equals {1}, and its item is no int
        return bool(actual == expected) and all(same(found[item], item) for item in expected)
    return bool(actual == expected)


@dataclass(frozen=True)
class Miss:
    """One field that is not as expected."""

    field: str
    expected: Any
    actual: Any


def durations(requests: list[Request]) -> list[float]:
    """Return how long the requests took that were answered, in seconds."""
    return [
        round(r.end - r.start, 9)
        for r in requests
        if r.end is not None and r.end > r.start and r.state != "cancelled"
    ]


def probable_cause(
    outcome: Result, miss: Miss | None, causes: Mapping[Any, str], faults: list[Finding]
) -> str:
    """Return the line of the probable cause: first the exercise's own; or "" if unknown."""
    text = next(_candidates(outcome, miss, causes, faults), "")
    return worded(text) if text else ""


def worded(text: str) -> str:
    """Return a cause as the line of a message."""
    text = text if text.endswith((".", "?", "!")) else text + "."
    found = _MISCONCEPTION.fullmatch(text)
    return f"Causa probable ({found[1]}): {found[2]}" if found else f"Causa probable: {text}"


def _candidates(
    outcome: Result, miss: Miss | None, causes: Mapping[Any, str], faults: list[Finding]
) -> Iterator[str]:
    observed = getattr(miss, "actual", None)
    observed = tuple(observed) if isinstance(observed, list) else observed
    ended = miss is not None and miss.field == "error" and outcome.error is not None
    if ended and (slip := _slip(outcome)):  # whatever else is missing is its consequence
        yield slip
    held = [
        (asked, text) for key, text in causes.items() if callable(key) and (asked := _asked(key, outcome))
    ]
    if ended:  # where an error ends the run, what is missing is its consequence
        yield from (text for asked, text in held if "error" in asked)
        yield from _of_the_error(outcome)
        if outcome.details.get("line") and _BLUNDERS.match(outcome.error or ""):
            return
    yield from (text for _, text in held)
    # What the error itself tells comes before its consequences: asyncio.run leaves a coroutine unawaited.
    yield from _of_the_error(outcome)
    yield from map(_labelled, faults)
    yield from (text for key, text in causes.items() if not callable(key) and same(observed, key))
    yield from (_labelled(finding) for finding in outcome.findings if not finding.fault)
    if general := _general(miss, outcome):
        yield general


def _slip(outcome: Result) -> str | None:
    """Return what a name that is not there tells, on a line of the student's own."""
    if not outcome.error or not outcome.details.get("line"):
        return None
    found = ((recognise(wording, outcome.error), text) for wording, text in _SLIPS)
    return next((text.format(*match.groups()) for match, text in found if match), None)


def _labelled(finding: Finding) -> str:
    return f"{finding.label}: {finding.text}" if finding.label else finding.text


def _of_the_error(outcome: Result) -> Iterator[str]:
    no_line = not outcome.details.get("line")
    if outcome.error and no_line and recognise("awaits no awaitable", outcome.error):
        yield "M07: lo que da tu función no se puede esperar: ¿falta `async` delante de `def`?"
    yield from (_labelled(finding) for finding in outcome.findings if finding.kind == "error")


class _Witness:
    """An outcome that knows what of it was asked for."""

    def __init__(self, outcome: Result) -> None:
        self.outcome, self.asked = outcome, {"true"}

    def __getattr__(self, name: str) -> Any:
        self.asked.add(name)
        return getattr(self.outcome, name)


def _asked(predicate: Any, outcome: Result) -> set[str]:
    """Return which attributes of the outcome a predicate asked for to hold; empty if it does not hold."""
    witness = _Witness(outcome)
    try:
        return witness.asked if predicate(witness) else set()
    except Exception:  # a predicate may ask a value for what this attempt does not have
        return set()


def _general(miss: Miss | None, outcome: Result) -> str | None:
    if miss is None:
        return None
    spans = durations(outcome.requests)
    if miss.field == "elapsed" and len(spans) > 1 and same(float(sum(spans)), miss.actual):
        return "M08: esperas cada petición antes de iniciar la siguiente"
    if miss.field == "elapsed" and not outcome.requests and outcome.value is None and not miss.actual:
        return "la función termina al momento, sin hacer nada ni devolver nada"
    if _are_shuffled(miss):
        return "M16: están todos, pero en otro orden: ¿el de llegada o el que te piden?"
    if miss.field == "value" and miss.actual is None:
        return "la función no devuelve nada: ¿falta un `return`?"
    if miss.field == "refused" and miss.actual.startswith(("una tarea", "un futuro", "una corrutina")):
        return f"devuelves {miss.actual}, no su resultado"
    return None


def _are_shuffled(miss: Miss) -> bool:
    both = isinstance(miss.actual, list) and isinstance(miss.expected, list)
    return both and Counter(map(repr, miss.actual)) == Counter(map(repr, miss.expected))
