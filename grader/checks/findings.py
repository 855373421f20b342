"""Named diagnoses of a run, made from its facts: what happened, on which line, which misconception."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.loop.wording import recognise

if TYPE_CHECKING:
    pass


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
    if name in ("_wait_for_one", "_AsCompletedIterator"):  # Lib/asyncio/tasks.py, as_completed
        return "lo que `as_completed` da en cada vuelta es una corrutina, y nadie la esperó: falta `await`"
    if fact.get("wait") == "own":
        return (
            f"`{name}` es `async def` y la prueba la llama sin `await`: "
            "así no se ejecuta nada; se pide un `def` normal"
        )
    if fact.get("wait") == "given":
        return f"recibes la corrutina `{name}(...)` y nadie la espera ni hace una tarea de ella"
    if count > 1:
        return f"creaste {count} corrutinas `{name}` y nadie las esperó: `{name}(...)` sola no ejecuta nada"
    return f"`{name}(...)` solo crea la corrutina y nadie la esperó: sin `await`, o una tarea, no se ejecuta"


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
    return (
        "preguntas sin parar: `sleep(0)` cede el turno, pero no deja pasar el tiempo. Espera a lo que "
        f"tiene que ocurrir (una tarea, un `Event`, un plazo). Giran: {_stuck_list(fact)}"
    )


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
    "second-loop": (
        "M06",
        False,
        lambda fact, n: (
            f"llamas a `{fact['what']}` en otro bucle de eventos (`asyncio.run` en un hilo crea el suyo): "
            "basta `await` en el que ya está en marcha"
        ),
    ),
    "stub-left": (
        "",
        False,
        lambda fact, n: (
            f"tu código llega al `raise NotImplementedError` del esqueleto, en `{fact['what']}`: bórralo"
        ),
    ),
    "stub-method": ("", False, lambda fact, n: f"te falta `{fact['what']}`: aún es el esqueleto"),
    "mistake": ("", False, lambda fact, n: str(fact["what"])),
    "slip": ("", False, lambda fact, n: str(fact["what"])),
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
    ("runs a second loop", "M06", "el bucle de eventos ya está en marcha: basta `await`, sin arrancar otro"),
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
    ("waits for nothing", "", "`asyncio.wait` no acepta una lista vacía: sin tareas no hay nada que esperar"),
    ("waits for one task", "", "`asyncio.wait` quiere una lista de tareas, también si solo hay una"),
    ("no context manager", "", "eso no sirve en este `with`: ¿falta `async`, o los paréntesis?"),
    ("changes what it iterates over", "", "recorres algo que cambia mientras lo recorres"),
    ("no attribute", "", "ese objeto no tiene ese atributo: ¿está bien escrito, y existe ya?"),
    ("no result yet", "", "pides el resultado de una tarea que aún no ha terminado"),
    ("no exception yet", "", "pides la excepción de una tarea que aún no ha terminado"),
    ("calls no function", "", "llamas a algo que no es una función: ¿sobran unos paréntesis?"),
    ("raises no exception", "", "`raise` lanza una excepción, y le das otra cosa"),
    ("exception group", "M15", "un TaskGroup lanza un grupo de excepciones, no la excepción original"),
]


KINDS = (*_TEXTS, "error")
SURE = ("stub-left", "stub-method", "mistake")  # what the exception itself tells, with its frames
# What makes all the rest worthless to look at: nothing else can be said of a loop that stands still.
FIRST = ("blocked", "blocking", "runaway", "spinning", "second-loop")

_SLIP_TYPES = ("NameError", "TypeError", "AttributeError")  # in a group they, not the group, are the matter


def diagnose(facts: Iterable[Fact], errors: Sequence[str], caught: Sequence[str] = ()) -> list[Finding]:
    """Return the findings of a run: its facts, each with its count, then what its errors tell.

    errors: of its end; caught: those that a test has caught.
    """
    facts = [*facts]
    groups: dict[tuple[Any, ...], list[Fact]] = {}
    for fact in facts:
        name = "" if fact["kind"] == "leaked" else fact.get("what")
        groups.setdefault((fact["kind"], name, fact.get("line")), []).append(fact)
    found = []
    for (kind, _, line), same in groups.items():
        if kind in _TEXTS:
            label, fault, text = _TEXTS[kind]
            found.append(Finding(kind, _label(kind, label, same[0]), text(same[0], len(same)), line, fault))
    # What a test, a task or a callback has kept to itself counts as well, if it is about the loop.
    kept = [
        *caught,
        *(fact.get("error", "") for fact in facts if fact["kind"] in ("lost-exception", "loop-error")),
    ]
    errors = [*errors, *(error for error in kept if recognise("runs a second loop", error))]
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
