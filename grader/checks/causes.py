"""Why a check does not hold: comparison, and the probable cause when it is recognised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.checks.findings import Finding
from grader.checks.result import Result
from grader.checks.service import Request
from grader.checks.values import Raised
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
    """Compare exactly, types included; an int may stand for an equal float, floats agree to 1e-6.

    An exception is the same as another of its type with its text.
    """
    if isinstance(expected, BaseException):
        expected = Raised.by(expected)
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


_ANYTHING = object()


@dataclass(frozen=True)
class Cause:
    """Una causa probable: el mensaje la nombra si se cumple todo lo que pide; de una lista, la primera.

    text: lo que lee quien se equivoca. Puede empezar por el código de una idea errónea, "M08: ".
    when: una condición sobre el Outcome. Si no se puede evaluar en esta ejecución, no se cumple.
    got: lo que se obtuvo en lugar de lo esperado.
    error: un texto que contiene el error con el que acaba la ejecución.

    Cuando la ejecución acaba en un error de una línea propia, solo cuentan las causas que preguntan por él.
    """

    text: str
    when: Callable[[Any], object] | None = None
    got: Any = _ANYTHING
    error: str | None = None

    def fits(self, outcome: Result, miss: Miss | None) -> bool:
        """Return whether all that the cause asks holds of an outcome and its first field that is wrong."""
        if self.error is not None and (outcome.error is None or self.error not in outcome.error):
            return False
        if self.got is not _ANYTHING and not (miss and same(_as_tuple(miss.actual), _as_tuple(self.got))):
            return False
        try:
            return self.when is None or bool(self.when(outcome))
        except Exception:  # it may ask a value for what this attempt does not have
            return False


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def durations(requests: list[Request]) -> list[float]:
    """Return how long the requests took that were answered, in seconds."""
    return [
        round(r.end - r.start, 9)
        for r in requests
        if r.end is not None and r.end > r.start and r.state != "cancelled"
    ]


def probable_cause(outcome: Result, miss: Miss | None, causes: Sequence[Cause], faults: list[Finding]) -> str:
    """Return the line of the probable cause: first the exercise's own; or "" if unknown."""
    text = next(_candidates(outcome, miss, causes, faults), "")
    return worded(text) if text else ""


def worded(text: str) -> str:
    """Return a cause as the line of a message."""
    text = text if text.endswith((".", "?", "!")) else text + "."
    found = _MISCONCEPTION.fullmatch(text)
    return f"Causa probable ({found[1]}): {found[2]}" if found else f"Causa probable: {text}"


def _candidates(
    outcome: Result, miss: Miss | None, causes: Sequence[Cause], faults: list[Finding]
) -> Iterator[str]:
    ended = miss is not None and miss.field == "error" and outcome.error is not None
    if ended and (slip := _slip(outcome)):  # whatever else is missing is its consequence
        yield slip
    held = [cause for cause in causes if cause.fits(outcome, miss)]
    if ended:  # where an error ends the run, what is missing is its consequence
        yield from (cause.text for cause in held if cause.error is not None)
        yield from _of_the_error(outcome)
        if outcome.details.get("line") and _BLUNDERS.match(outcome.error or ""):
            return
    yield from (cause.text for cause in held)
    # What the error itself tells comes before its consequences: asyncio.run leaves a coroutine unawaited.
    yield from _of_the_error(outcome)
    yield from map(_labelled, faults)
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
