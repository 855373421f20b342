"""What went wrong in a run, and the sentence that names its cause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.checks.service import Request
from grader.loop.wording import recognise

if TYPE_CHECKING:
    from grader.checks.outcome import Outcome


Fact = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """One diagnosis. `fault`: the run is wrong even if its value is right; `label`: "M01"... or ""."""

    kind: str
    label: str
    text: str
    line: int | None = None
    fault: bool = True


def seconds(value: float) -> str:
    """Return a duration for people: at most six decimals, no trailing zeros, in seconds."""
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".") + " s"


def _never_awaited(fact: Fact, count: int) -> str:
    name = fact["what"]
    if count > 1:
        return f"creaste {count} corrutinas `{name}` y nadie las esperó: `{name}(...)` sola no ejecuta nada"
    return f"`{name}(...)` solo crea la corrutina y nadie la esperó: falta algo delante"


def _leaked(fact: Fact, count: int) -> str:
    rest = f" y {count - 1} más" if count > 1 else ""
    where = fact.get("wait") or "su código"
    return f"al terminar seguía pendiente la tarea «{fact['what']}»{rest}, en {where}"


def _stuck_list(fact: Fact) -> str:
    names = [f"{task['name']} ({_where(task)})" for task in fact.get("tasks", [])][:6]
    return ", ".join(names)


def _where(task: Fact) -> str:
    line = f", línea {task['line']}" if task.get("line") else ""
    return f"{task.get('what') or 'su código'}{line}"


def _deadlock(fact: Fact, count: int) -> str:
    return f"nadie puede despertar a nadie. Quedan esperando: {_stuck_list(fact)}"


def _runaway(fact: Fact, count: int) -> str:
    return f"el programa da vueltas sin esperar a nada. Giran: {_stuck_list(fact)}"


def _spinning(fact: Fact, count: int) -> str:
    who = "el programa" if fact["what"] in ("", "main") else f"la tarea «{fact['what']}»"
    return f"{who} da vueltas sin llegar a ningún `await`: mientras tanto no avanza nadie más"


def _blocking(fact: Fact, count: int) -> str:
    return "una llamada que bloquea detiene el bucle de eventos: mientras espera no avanza ninguna tarea"


def _too_long(fact: Fact, count: int) -> str:
    return f"el programa no termina. Al pararlo seguían vivas: {_stuck_list(fact)}"


# kind: (label, is it a fault, text). One fact stands for all of the same kind, name and line.
_TEXTS: dict[str, tuple[str, bool, Callable[[Fact, int], str]]] = {
    "never-awaited": ("M01", True, _never_awaited),
    "lost-exception": (
        "M13",
        True,
        lambda fact, n: (
            f"{f'la tarea «{name}»' if (name := fact['what']) else 'algo'} falló con {fact['error']} "
            "y nadie recogió su excepción"
        ),
    ),
    "collected": (
        "M12",
        True,
        lambda fact, n: (
            f"la tarea «{fact['what']}» desapareció sin terminar: nadie guardaba una referencia "
            "y el recolector de basura se la llevó"
        ),
    ),
    "leaked": ("", True, _leaked),
    "swallowed": (
        "M18",
        True,
        lambda fact, n: (
            f"la tarea «{fact['what']}» se tragó la cancelación. "
            "¿Qué bloque se ejecuta pase lo que pase y no captura nada?"
        ),
    ),
    "ignores-cancellation": (
        "M18",
        True,
        lambda fact, n: f"la tarea «{fact['what']}» sigue viva aunque la cancelan una y otra vez",
    ),
    "blocked": (
        "M10",
        True,
        lambda fact, n: (
            f"`time.sleep` bloqueó el bucle de eventos {seconds(fact['seconds'])}: "
            "mientras duerme no avanza ninguna tarea"
        ),
    ),
    "blocked-real": (
        "M10",
        False,
        lambda fact, n: "el bucle de eventos estuvo bloqueado: mientras tanto no avanza ninguna tarea",
    ),
    "wall-clock": (
        "M10",
        False,
        lambda fact, n: f"usaste el reloj de pared (`{fact['what']}`); el del bucle es `loop.time()`",
    ),
    "loop-error": ("", True, lambda fact, n: f"falló una retrollamada (*callback*): {fact['error']}"),
    "deadlock": ("", True, _deadlock),
    "runaway": ("", True, _runaway),
    "toolong": ("", True, _too_long),
    "spinning": ("M09", True, _spinning),
    "blocking": ("M10", True, _blocking),
}

# What the text of an error tells: (wording, label, cause).
_OTHER_LOOP = "el objeto nació en otro bucle de eventos: créalo dentro de la corrutina"
BROKEN_POOL = (
    "murió un proceso y su grupo ya no sirve: crea otro. "
    "Si la función es de una celda, pásala a un módulo que el proceso pueda importar"
)
_CALL = "pasas la función donde va su llamada: ¿faltan los paréntesis?"
_ERRORS = [
    ("broken pool", "", BROKEN_POOL),
    ("other loop", "M22", _OTHER_LOOP),
    ("lock of another loop", "M22", _OTHER_LOOP),
    ("runs a second loop", "M06", "el bucle de eventos ya está en marcha: basta `await`"),
    ("awaits twice", "M04", "una corrutina se espera una sola vez; una tarea, muchas"),
    ("uses a coroutine", "M01", "usas la corrutina como si fuera su resultado: falta `await`"),
    ("iterates over a future", "M01", "recorres un futuro en lugar de su resultado: falta `await`"),
    ("awaits a function", "", _CALL),
    ("awaits no awaitable", "M07", "esperas algo que no es esperable: la función no es asíncrona"),
    ("with for async with", "", "¿falta `async` delante de `with`?"),
    ("for over an async generator", "", "un generador asíncrono se recorre con `async for`"),
    ("gathers no awaitable", "", _CALL),
    ("makes a task of a function", "", _CALL),
    ("waits for coroutines", "", "`asyncio.wait` quiere tareas, no corrutinas"),
    ("waits for one task", "", "`asyncio.wait` quiere una lista de tareas, también si solo hay una"),
    ("no context manager", "", "eso no sirve en este `with`: ¿falta `async`, o los paréntesis?"),
    ("changes what it iterates over", "", "recorres algo que cambia mientras lo recorres"),
    ("no attribute", "", "ese objeto no tiene ese atributo: ¿está bien escrito, y existe ya?"),
    ("no result yet", "", "pides el resultado de una tarea que aún no ha terminado"),
    ("exception group", "M15", "un TaskGroup lanza un grupo de excepciones, no la excepción original"),
]


KINDS = (*_TEXTS, "error")

_SLIP_TYPES = ("NameError", "TypeError", "AttributeError")  # in a group they, not the group, are the matter


def diagnose(facts: Iterable[Fact], errors: Sequence[str]) -> list[Finding]:
    """Return the findings of a run: its facts, each with its count, then what its errors tell."""
    groups: dict[tuple[Any, ...], list[Fact]] = {}
    for fact in facts:
        name = "" if fact["kind"] == "leaked" else fact.get("what")
        groups.setdefault((fact["kind"], name, fact.get("line")), []).append(fact)
    found = []
    for (kind, _, line), same in groups.items():
        if kind in _TEXTS:
            label, fault, text = _TEXTS[kind]
            found.append(Finding(kind, _label(kind, label, same[0]), text(same[0], len(same)), line, fault))
    slipped = any(error.startswith(_SLIP_TYPES) for error in errors)
    for wording, label, cause in _ERRORS:
        if label == "M15" and slipped:
            continue
        if any(recognise(wording, error) for error in errors):
            found.append(Finding("error", label, cause, None, False))
            break
    return found


def _label(kind: str, label: str, fact: Fact) -> str:
    waits = [task.get("what") or "" for task in fact.get("tasks", [])]
    return "M24" if kind == "deadlock" and any(what.startswith("queue.") for what in waits) else label


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
    outcome: Outcome, miss: Miss | None, causes: Mapping[Any, str], faults: list[Finding]
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
    outcome: Outcome, miss: Miss | None, causes: Mapping[Any, str], faults: list[Finding]
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


def _slip(outcome: Outcome) -> str | None:
    """Return what a name that is not there tells, on a line of the student's own."""
    if not outcome.error or not outcome.details.get("line"):
        return None
    found = ((recognise(wording, outcome.error), text) for wording, text in _SLIPS)
    return next((text.format(*match.groups()) for match, text in found if match), None)


def _labelled(finding: Finding) -> str:
    return f"{finding.label}: {finding.text}" if finding.label else finding.text


def _of_the_error(outcome: Outcome) -> Iterator[str]:
    no_line = not outcome.details.get("line")
    if outcome.error and no_line and recognise("awaits no awaitable", outcome.error):
        yield "M07: lo que da tu función no se puede esperar: ¿falta `async` delante de `def`?"
    yield from (_labelled(finding) for finding in outcome.findings if finding.kind == "error")


class _Witness:
    """An outcome that knows what of it was asked for."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, self.asked = outcome, {"true"}

    def __getattr__(self, name: str) -> Any:
        self.asked.add(name)
        return getattr(self.outcome, name)


def _asked(predicate: Any, outcome: Outcome) -> set[str]:
    """Return which attributes of the outcome a predicate asked for to hold; empty if it does not hold."""
    witness = _Witness(outcome)
    try:
        return witness.asked if predicate(witness) else set()
    except Exception:  # a predicate may ask a value for what this attempt does not have
        return set()


def _general(miss: Miss | None, outcome: Outcome) -> str | None:
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
