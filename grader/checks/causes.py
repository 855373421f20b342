"""Why a check does not hold: comparison, and the probable cause when it is recognised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.checks.findings import FIRST, SURE, Finding
from grader.checks.result import Result
from grader.checks.service import Request
from grader.checks.values import Raised, named_type
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
    yield from _told(outcome, SURE)
    if ended and (slip := _slip(outcome)):  # whatever else is missing is its consequence
        yield slip
    held = [cause for cause in causes if cause.fits(outcome, miss)]
    blunder = ended and _BLUNDERS.match(outcome.error or "") is not None
    if not blunder:
        yield from _stopped(outcome, held, faults)
    if ended:  # where an error ends the run, what is missing is its consequence
        yield from (cause.text for cause in held if cause.error is not None)
        yield from _told(outcome, ["slip"])
        yield from _of_the_error(outcome)
        if blunder:
            yield from _handed_over(outcome)
            return
    yield from (cause.text for cause in held)
    # What the error itself tells comes before its consequences: asyncio.run leaves a coroutine unawaited.
    yield from _of_the_error(outcome)
    if miss is not None and miss.field == "refused" and miss.actual.startswith(("un futuro", "una tarea")):
        yield _refused(miss)  # that it is still pending is the consequence
    yield from map(_labelled, faults)
    yield from _told(outcome, [f.kind for f in outcome.findings if not f.fault and f.kind not in SURE])
    yield from _general(miss, outcome)


def _told(outcome: Result, kinds: Sequence[str]) -> Iterator[str]:
    return (_labelled(finding) for finding in outcome.findings if finding.kind in kinds)


def _stopped(outcome: Result, held: list[Cause], faults: list[Finding]) -> Iterator[str]:
    """Tell what keeps the loop from its work, in the words of the exercise if it has some for that.

    time.sleep where a test wants it is no fault, and then no cause either.
    """
    for finding in outcome.findings:
        if finding.label == "M06" or (finding.kind in FIRST and (finding in faults or not finding.fault)):
            if finding.kind == "runaway":
                yield from (cause.text for cause in held if cause.error is not None)
            elif finding.label:
                yield from (cause.text for cause in held if cause.text.startswith(f"{finding.label}:"))
            yield _labelled(finding)


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
    yield from _told(outcome, ["error"])


def _handed_over(outcome: Result) -> Iterator[str]:
    """Tell of an error of the test's own code that it comes from what the test was given."""
    if outcome.details.get("line") or outcome.error is None:
        return
    if "NoneType" in outcome.error:
        yield "la prueba recibe `None` de tu código donde espera otra cosa: ¿falta un `return`?"
    else:
        yield "la prueba no sabe qué hacer con lo que le da tu código: ¿es del tipo que pide el enunciado?"


def _general(miss: Miss | None, outcome: Result) -> Iterator[str]:
    if miss is None:
        return
    if miss.field == "elapsed":
        if _is_in_turn(outcome, miss):
            yield "M08: esperas cada petición antes de iniciar la siguiente"
        if not outcome.requests and outcome.value is None and not miss.actual:
            yield "la función termina al momento, sin hacer nada ni devolver nada"
    if miss.field == "refused":
        yield _refused(miss)
    if miss.field == "value":
        if _are_shuffled(miss):
            yield _in_another_order(miss, outcome)
        yield from differences(miss.expected, miss.actual)


def _is_in_turn(outcome: Result, miss: Miss) -> bool:
    """Tell whether the requests went one by one, and nothing else took time."""
    spans = durations(outcome.requests)
    calls = [(request.service, repr(request.args)) for request in outcome.requests]
    in_turn = outcome.peak == 1 and len(spans) > 1 and same(float(sum(spans)), miss.actual)
    return in_turn and len(set(calls)) == len(calls) and miss.actual > miss.expected


def _in_another_order(miss: Miss, outcome: Result) -> str:
    """Tell of the order of arrival only where it is that, as the requests tell."""
    ended = [request for request in outcome.requests if request.state in ("done", "failed")]
    arrived = sorted(ended, key=lambda request: request.end or 0.0)
    if len(arrived) == len(miss.actual) and all(map(_answers, arrived, miss.actual)):
        return "M16: están todos, pero en el orden de llegada, no en el que te piden"
    return "están todos, pero no en el orden que te piden"


def _answers(request: Request, item: Any) -> bool:
    """Tell whether an item may be what a request was answered."""
    if request.state == "failed":
        return isinstance(item, Raised)
    told = str(item)
    return (request.token in told if request.token else False) or told in map(str, request.args[:1])


def _refused(miss: Miss) -> str:
    """Tell what is given in place of plain data, and what is wanted."""
    given, wanted = miss.actual, named_type(type(miss.expected))
    if given == "un futuro de `gather`":
        return "falta `await` delante de `gather`: das su futuro, no los resultados"
    if given in ("una tarea", "un futuro"):
        return f"devuelves {given}, no su resultado: falta `await`"
    if given == "una corrutina":
        return "devuelves una corrutina, no su resultado: falta `await`"
    if given in ("un método", "una función"):
        return f"das {given} sin llamar: ¿faltan los paréntesis?"
    if given in ("un generador", "un generador asíncrono"):
        async_ = "async " * given.endswith("asíncrono")
        walk = f"recórrelo con `[x {async_}for x in ...]`, o sobra el `yield`"
        return f"das {given} sin recorrer donde se pide {wanted}: {walk}"
    return f"das {given} donde se pide {wanted}"


def differences(expected: Any, actual: Any, where: str = "") -> Iterator[str]:
    """Yield what is wrong with a value's form at the first place where it differs: type, keys, number."""
    if isinstance(expected, BaseException):
        expected = Raised.by(expected)
    at = f" (en `{where}`)" if where else ""
    if type(actual) is not type(expected) and not (type(actual) is float and type(expected) is int):
        if isinstance(expected, Raised) and actual is not None:
            same_text = isinstance(actual, str) and expected.text and expected.text in actual
            told = "su texto" if same_text else _kind(actual)
            yield f"se pide la excepción, y das {told}{at}"
        elif actual is None and where:
            told = f"llega `None` donde se espera {_kind(expected)}{at}"
            yield told if where.count("[") > 1 else f"{told}: ¿falta un `return`?"
        elif actual is None:
            yield "la función no devuelve nada: ¿falta un `return`?"
        else:
            verbs = ("hay", "se espera") if where else ("das", "se pide")
            yield f"{verbs[0]} {_kind(actual)} donde {verbs[1]} {_kind(expected)}{at}"
    elif isinstance(expected, dict):
        lacking, extra = ([k for k in a if k not in b] for a, b in ((expected, actual), (actual, expected)))
        if lacking and extra:
            yield f"hay una clave {_brief(extra[0])} y falta la clave {_brief(lacking[0])}{at}"
        elif lacking or extra:
            told = f"falta la clave {_brief(lacking[0])}" if lacking else f"sobra la clave {_brief(extra[0])}"
            yield f"{told}{at}"
        for key in expected:
            if key in actual and not same(actual[key], expected[key]):
                yield from differences(expected[key], actual[key], f"{where}[{_brief(key)}]")
                return
    elif isinstance(expected, list | tuple):
        if len(actual) != len(expected):
            count = f"{len(actual)} elemento{'s' * (len(actual) != 1)}"
            yield f"hay {count} y se espera{'n' * (len(expected) != 1)} {len(expected)}{at}"
            return
        for index, (old, new) in enumerate(zip(expected, actual, strict=True)):
            if not same(new, old):
                yield from differences(old, new, f"{where}[{index}]")
                return


def _kind(value: Any) -> str:
    return "una excepción" if isinstance(value, Raised) else named_type(type(value))


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 30 else text[:27] + "..."


def _are_shuffled(miss: Miss) -> bool:
    if not (isinstance(miss.actual, list) and isinstance(miss.expected, list) and len(miss.actual) > 1):
        return False
    return Counter(map(repr, miss.actual)) == Counter(map(repr, miss.expected))
