"""What the test cells of section 5 run, and the probable causes that they know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from grader import Cause, Tokens, service

answers = Tokens()
mark = service(name="mark", delay={"limpieza": 0.5}, default=0, reply=answers)
close = service(name="close", delay=0.5)


def said(*arguments: object) -> list:
    """Return what services answered to these arguments."""
    return [answers(argument) for argument in arguments]


# ── what is run ──────────────────────────────────────────────────────────────────────────────────────────


async def ended(work, name: str, at: float, mark):
    """Cancel `work` at `at`; return a mark if it ends cancelled, else what it returns or raises."""

    async def run():
        return await work

    task = asyncio.create_task(run(), name=name)
    await asyncio.sleep(at)
    task.cancel()
    await asyncio.wait([task])
    return await mark("cancelada") if task.cancelled() else task.result()


def cleaning(fetch, mark, events: list):
    """Return an `fn` that waits for `fetch` and, when it is cancelled, cleans up with `mark`."""

    async def fn():
        try:
            return await fetch("informe")
        except asyncio.CancelledError:
            events.append(await mark("limpieza"))
            raise

    return fn


async def late(with_fallback, fetch, mark, seconds: float) -> list:
    """Give less time than `fetch` takes; return the value and what `fn` did until then."""
    events: list = []
    default = await mark("otro")
    value = await with_fallback(cleaning(fetch, mark, events), seconds, default)
    return [value, *events]


async def each(with_fallback, fetch, results: list) -> list:
    """Return what comes of functions that answer `results` in time."""
    return [await with_fallback(partial(fetch, result), 2, "nada") for result in results]


async def failing(with_fallback, fetch, error: Exception):
    """Let `fn` raise `error` in time, and let it through if it is the very same that comes out."""

    async def fn():
        await fetch("informe")
        raise error

    try:
        return await with_fallback(fn, 2, "nada")
    except type(error) as caught:
        if caught is error or str(caught) != str(error):
            raise
        return "una copia"


async def limited_inside(with_fallback, fetch, inner: float):
    """Let `fn` have a limit of its own, which expires before the other one."""

    async def fn():
        async with asyncio.timeout(inner):
            return await fetch("informe")

    return await with_fallback(fn, 9, "nada")


async def cancelled(with_fallback, fetch, mark, at: float) -> list:
    """Cancel `with_fallback` at `at`, long before its limit."""
    events: list = []
    work = with_fallback(cleaning(fetch, mark, events), 9, "nada")
    end = await ended(work, "with_fallback", at, mark)
    return [*events, end]


def noting(writes, closes, events: list) -> SimpleNamespace:
    """Return a `dest` that notes what it has done."""

    async def write(row):
        events.append(await writes(row))

    async def close():
        events.append(await closes("cerrado"))

    return SimpleNamespace(write=write, close=close)


async def copied(copy_rows, write, close, rows: list) -> list:
    """Copy undisturbed; return what `dest` has done until then."""
    events: list = []
    await copy_rows(list(rows), noting(write, close, events))
    return events


async def cancelled_copy(copy_rows, write, close, mark, rows: list, at: float) -> list:
    """Cancel `copy_rows` at `at`; return what `dest` has done until it ended, and how it ended."""
    events: list = []
    end = await ended(copy_rows(list(rows), noting(write, close, events)), "copy_rows", at, mark)
    return [*events, end]


async def cancelled_save(save_or_finish, saves, mark, at: float) -> list:
    """Cancel `save_or_finish` at `at`; return what was saved until it ended, and how it ended."""
    events: list = []

    async def save():
        events.append(await saves("guardado"))
        return events[-1]

    # Whoever lets an error of `save` go after the cancellation may do so in any way.
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    end = await ended(save_or_finish(save), "save_or_finish", at, mark)
    return [*events, end]


async def saved(save_or_finish, save, results: list) -> list:
    """Return what comes of saves that answer `results`, one after another."""
    return [await save_or_finish(partial(save, result)) for result in results]


def stepping(step, close, arguments: list) -> list:
    """Return a step for each argument; one that is cancelled cleans up with `close`."""

    def made(argument):
        async def go():
            try:
                return await step(argument)
            except asyncio.CancelledError:
                await close(argument)
                raise

        return go

    return [made(argument) for argument in arguments]


async def stepped(run_steps, step, close, arguments: list, budget: float):
    """Return what `run_steps` gives; a tuple with names counts as a tuple."""
    pair = await run_steps(stepping(step, close, arguments), budget)
    return tuple(pair) if isinstance(pair, tuple) else pair


async def cancelled_steps(run_steps, step, close, mark, arguments: list, at: float) -> list:
    """Cancel `run_steps` at `at`, long before its budget is spent; tell how it ended."""
    work = run_steps(stepping(step, close, arguments), 60)
    return [await ended(work, "run_steps", at, mark)]


# ── why it is not as expected ────────────────────────────────────────────────────────────────────────────

Check = Callable[[Any], object]
FAILURES = ("OSError", "TimeoutError", "ValueError")  # what services fail with


def cause(text: str, when: Check) -> Cause:
    """Return a cause that holds only of runs that have ended without an error, with plain data."""
    return Cause(text, lambda o: o.error is None and o.refused is None and when(o))


def forgotten(text: str, *names: str) -> Cause:
    """Return a cause about coroutines of one of these names that were never awaited."""
    return Cause(
        text,
        lambda o: (
            o.error is None
            and any(f.kind == "never-awaited" and f"`{name}" in f.text for f in o.findings for name in names)
        ),
    )


def raises(text: str, when: Check) -> Cause:
    """Return a cause about an exception of the program's own choice that ended the run."""

    def chosen(outcome) -> bool:
        return "raise" in outcome.details["source"] or outcome.details["source"].startswith("assert")

    return Cause(text, lambda o: chosen(o) and when(o), error="")


# What any exercise may meet; the others are looked at after these.
FIRST = [
    Cause(
        "preguntas sin parar, o das vueltas, y el reloj no avanza: espera de verdad, con `await`",
        lambda o: o.error.startswith("Runaway") or found(o, "spinning"),
        error="",
    ),
    Cause(
        "devuelves una tarea o un futuro, no su resultado: falta `await`",
        lambda o: o.error is None and o.refused.startswith(("una tarea", "un futuro")),
    ),
    Cause(
        "en lo que devuelves hay un método sin llamar: ¿faltan los paréntesis?",
        lambda o: o.error is None and "method" in o.refused,
    ),
]


def calls(outcome, name: str) -> list:
    """Return the requests that a service got."""
    return [request for request in outcome.requests if request.service == name]


def states(outcome, name: str) -> list[str]:
    return [request.state for request in calls(outcome, name)]


def found(outcome, kind: str) -> bool:
    return any(finding.kind == kind for finding in outcome.findings)


def started(name: str, what: str, service: str) -> list[Cause]:
    """Return the causes of a function that is not called as it must: `name`, which asks `service`."""
    return [
        *FIRST,
        forgotten(f"M01: `{what}` solo crea la corrutina: falta `await`", name, service),
        cause(f"no llamas a `{name}`", lambda o: not calls(o, service) and not found(o, "never-awaited")),
        cause(f"llamas a `{name}` más de una vez", lambda o: len(calls(o, service)) > 1),
    ]


_fn = started("fn", "fn()", "fetch")
_alive = cause(
    "cuando terminas, `fn` sigue viva: hay que cancelarla y esperar a que acabe",
    lambda o: states(o, "fetch") == ["pending"] or found(o, "leaked"),
)


def _at(outcome) -> float:
    """Return when `fn` was cancelled; fails if it was not."""
    request = calls(outcome, "fetch")[0]
    return request.end if request.state == "cancelled" else 1 / 0


def _only_falsy_differ(outcome) -> bool:
    """Tell whether what services answered was returned, unless it is falsy."""
    given = [call.args[0] for call in outcome.requests]
    pairs = list(zip(given, outcome.value, strict=True))
    return all(mine == its for its, mine in pairs if its) and any(mine != its for its, mine in pairs)


def late_causes(seconds: float) -> list[Cause]:
    """Why a limit of `seconds` has not given `default` after the clean-up of `fn`."""
    return [
        Cause(
            "E27: tu límite vence y su TimeoutError se te escapa: captúralo fuera del bloque que lo lanza",
            error="TimeoutError",
        ),
        Cause(
            "cancelas `fn` y su CancelledError se te escapa: al vencer el límite toca devolver `default`",
            error="CancelledError",
        ),
        *_fn,
        cause(
            "esperas a `fn` hasta el final: nadie le pone un límite", lambda o: states(o, "fetch") == ["done"]
        ),
        _alive,
        cause(
            "tu límite no vence a los `seconds` segundos: ¿usas ese parámetro?",
            lambda o: abs(_at(o) - seconds) > 1e-6,
        ),
        cause(
            "cancelas `fn` y terminas antes que su limpieza: espera a que acabe",
            lambda o: states(o, "fetch") == ["cancelled"] and states(o, "mark") != ["done", "done"],
        ),
        cause("vence el límite y devuelves None: ¿falta un `return`?", lambda o: o.value[0] is None),
        cause(
            "vence el límite y no devuelves el `default` que te dieron",
            lambda o: o.value[0] != answers("otro"),
        ),
        cause("tras la limpieza de `fn` sigues esperando", lambda o: o.elapsed > seconds + 0.5),
    ]


in_time_causes = [
    *_fn,
    cause("cancelas `fn` antes de tiempo: ¿usas `seconds`?", lambda o: states(o, "fetch") == ["cancelled"]),
    cause("devuelves `default` aunque `fn` llega a tiempo", lambda o: o.value == "nada"),
]
falsy_causes = [
    *FIRST,
    forgotten("M01: `fn()` solo crea la corrutina: falta `await`", "fn", "fetch"),
    cause("no llamas a `fn`", lambda o: not o.requests and not found(o, "never-awaited")),
    cause(
        "se pierde el resultado de `fn`: ¿falta un `return`?",
        lambda o: not any(o.value) and None in o.value[1:],
    ),
    cause(
        "devuelves `default` aunque `fn` llega a tiempo", lambda o: "fin" not in o.value and "nada" in o.value
    ),
    cause(
        "un resultado falso (None, 0, una cadena vacía) también es un resultado: no lo cambies por otro",
        lambda o: _only_falsy_differ(o),
    ),
    cause("no devuelves lo que da `fn`", lambda o: True),
]
hiding_causes = [
    *_fn,
    cause("cancelas `fn` antes de tiempo: ¿usas `seconds`?", lambda o: o.elapsed < 0.5),
    cause(
        "M19: ocultas una excepción que no es tuya: la lanza `fn`, no tu límite", lambda o: o.value == "nada"
    ),
    cause(
        "lanzas una copia de la excepción de `fn`: deja salir la misma, con un `raise` a secas",
        lambda o: o.value == "una copia",
    ),
    cause("la excepción de `fn` no sale: tu función termina como si nada", lambda o: True),
    raises("se pierde la excepción de `fn`: en su lugar lanzas otra", lambda o: o.requests),
]


def cut_causes(at: float) -> list[Cause]:
    """Why `with_fallback`, cancelled at `at`, has not ended cancelled after the clean-up of `fn`."""
    return [
        *_fn,
        cause("tu límite vence antes de tiempo: ¿usas `seconds`?", lambda o: _at(o) < at - 1e-6),
        _alive,
        cause(
            "M18: cancelan a `with_fallback`, te tragas la cancelación y devuelves `default`",
            lambda o: o.value[-1] == "nada",
        ),
        cause(
            "M18: cancelan a `with_fallback` y te tragas la cancelación: falta propagarla",
            lambda o: not str(o.value[-1]).startswith("cancelada"),
        ),
        cause(
            "cancelas `fn` y terminas antes que su limpieza: espera a que acabe", lambda o: len(o.value) == 1
        ),
        raises("en lugar de propagar la cancelación lanzas otra excepción", lambda o: _at(o) >= at),
    ]


def _written(outcome) -> list:
    return [call.args[0] for call in calls(outcome, "write")]


def copy_causes(rows: list) -> list[Cause]:
    """Why `rows` were not copied as they must."""
    return [
        *FIRST,
        forgotten("M01: `dest.write(row)` sin `await` no escribe nada", "write"),
        forgotten("M01: `dest.close()` sin `await` no cierra nada", "close"),
        cause(
            "no llamas ni a `dest.write` ni a `dest.close`",
            lambda o: not calls(o, "write") + calls(o, "close") and not found(o, "leaked") and rows,
        ),
        cause(
            "escribes varias filas a la vez: el enunciado pide una tras otra, en orden",
            lambda o: (
                any(
                    one.start < other.start < (one.end or 9e9)
                    for one in calls(o, "write")
                    for other in calls(o, "write")
                )
                or len({call.start for call in calls(o, "write")}) < len(calls(o, "write"))
            ),
        ),
        cause(
            "M18: te tragas la cancelación. ¿Qué bloque limpia y no captura nada?",
            lambda o: found(o, "swallowed"),
        ),
        cause(
            "no esperas a que `dest.close()` termine",
            lambda o: (
                "pending" in states(o, "close")
                or (found(o, "leaked") and not calls(o, "close") and "pending" not in states(o, "write"))
            ),
        ),
        cause("cierras más de una vez", lambda o: len(calls(o, "close")) > 1),
        raises(
            "en lugar de propagar la cancelación lanzas otra excepción",
            lambda o: "cancelled" in states(o, "write"),
        ),
        raises(
            "se pierde la excepción de `dest.write`: en su lugar lanzas otra",
            lambda o: "failed" in states(o, "write") and not o.error.startswith(FAILURES),
        ),
        Cause(
            "falla `dest.write` y `dest` queda abierto: tiene que cerrarse pase lo que pase",
            lambda o: not calls(o, "close") and "failed" in states(o, "write"),
            error="",
        ),
        cause(
            "ocultas la excepción de `dest.write`: déjala salir",
            lambda o: "failed" in states(o, "write"),
        ),
        cause(
            "te cancelan y `dest` queda abierto: CancelledError se salta tu cierre, y no es una `Exception`. "
            "¿Qué bloque se ejecuta pase lo que pase?",
            lambda o: not calls(o, "close") and "cancelled" in states(o, "write"),
        ),
        cause("sin filas también hay que cerrar `dest`", lambda o: not calls(o, "close") and not rows),
        cause(
            "acabas sin cerrar `dest`: tiene que cerrarse pase lo que pase", lambda o: not calls(o, "close")
        ),
    ]


def order_causes(rows: list) -> list[Cause]:
    """Why what was written is not the beginning of `rows`."""
    once, full = list(dict.fromkeys(rows)), [row for row in rows if row]

    def begins(outcome, wanted: list) -> bool:
        return _written(outcome) == wanted[: len(_written(outcome))]

    return [
        cause(
            "escribes alguna fila más de una vez",
            lambda o: any(_written(o).count(row) > rows.count(row) for row in rows),
        ),
        cause("una fila vacía también se escribe", lambda o: not begins(o, rows) and begins(o, full)),
        cause("una fila repetida también se escribe", lambda o: not begins(o, rows) and begins(o, once)),
        cause("no escribes las filas en el orden en que llegan", lambda o: not begins(o, rows)),
    ]


def whole_copy_causes(rows: list) -> list[Cause]:
    """Why not all of `rows` were copied in order."""
    return [
        *copy_causes(rows),
        *order_causes(rows),
        cause("se quedan filas sin escribir", lambda o: len(_written(o)) < len(rows)),
        cause(
            "cierras antes de terminar de escribir", lambda o: calls(o, "write")[-1].start > _closed(o).start
        ),
    ]


def cut_copy_causes(rows: list, at: float) -> list[Cause]:
    """Why a copy of `rows` that was cancelled at `at` has not ended at once, closed and cancelled."""
    return [
        *copy_causes(rows),
        cause(
            "después de la cancelación sigues escribiendo filas",
            lambda o: any(call.start >= at for call in calls(o, "write")),
        ),
        cause(
            "la escritura en curso no se interrumpe: te cancelan y la terminas",
            lambda o: any(call.state != "cancelled" and (call.end or 9e9) > at for call in calls(o, "write")),
        ),
        *order_causes(rows),
        cause("cierras cuando aún quedan filas por escribir", lambda o: _closed(o).start < at),
        cause(
            "M18: te tragas la cancelación: falta propagarla",
            lambda o: not str(o.value[-1]).startswith("cancelada"),
        ),
        cause("ya has cerrado y aún no terminas", lambda o: o.elapsed > _closed(o).end + 1e-6),
    ]


def _closed(outcome):
    return calls(outcome, "close")[0]


def finish_causes(at: float) -> list[Cause]:
    """Why `save_or_finish`, cancelled at `at`, has not ended cancelled as soon as `save` was done."""

    def end(outcome) -> float:
        return calls(outcome, "save")[0].end

    return [
        Cause(
            "el error de `save` ocupa el lugar de la cancelación: espera a `save` sin lanzar su error",
            lambda o: states(o, "save") == ["failed"] and o.error.startswith(FAILURES),
            error="",
        ),
        raises(
            "en lugar de propagar la cancelación lanzas otra excepción: basta un `raise` a secas",
            lambda o: o.requests,
        ),
        Cause(
            "M10: `time.sleep` bloquea el bucle: mientras duermes, `save` no avanza",
            lambda o: found(o, "blocked") or found(o, "blocking"),
            error="",
        ),
        Cause(
            "preguntas sin parar si `save` ha terminado: espera a su tarea",
            lambda o: o.error.startswith("Runaway") or found(o, "spinning"),
            error="",
        ),
        cause(
            "M10: `time.sleep` bloquea el bucle: mientras duermes, `save` no avanza",
            lambda o: found(o, "blocked") or found(o, "blocking"),
        ),
        *started("save", "save()", "save"),
        cause(
            "la cancelación llega hasta `save` y la interrumpe: `await` se la pasa a lo que espera",
            lambda o: states(o, "save") == ["cancelled"],
        ),
        cause(
            "M18: te tragas la cancelación: falta propagarla",
            lambda o: found(o, "swallowed") or not str(o.value[-1]).startswith("cancelada"),
        ),
        cause(
            "tras la cancelación esperas un tiempo fijo y te vas antes que `save`: espera a su tarea",
            lambda o: states(o, "save") == ["pending"] and o.elapsed > at + 1e-6,
        ),
        cause(
            "E30: `shield` protege a `save`, pero te vas antes de que termine y queda huérfana",
            lambda o: states(o, "save") == ["pending"],
        ),
        cause(
            "`save` ya ha terminado y tú sigues: espera a que acabe, no un tiempo fijo",
            lambda o: o.elapsed > end(o) + 1e-6,
        ),
        cause("`save` empieza tarde: llámala enseguida", lambda o: calls(o, "save")[0].start > 0),
    ]


save_causes = [
    *started("save", "save()", "save"),
    cause(
        "el error de `save` no sale: tu función termina como si nada", lambda o: "failed" in states(o, "save")
    ),
    raises("se pierde el error de `save`: en su lugar lanzas otro", lambda o: "failed" in states(o, "save")),
    cause(
        "`save` ya ha terminado y tú sigues esperando", lambda o: o.elapsed > calls(o, "save")[-1].end + 1e-6
    ),
]
saved_causes = [
    *FIRST,
    forgotten("M01: `save()` solo crea la corrutina: falta `await`", "save"),
    cause("no llamas a `save`", lambda o: not o.requests and not found(o, "never-awaited")),
    cause(
        "se pierde el resultado de `save`: ¿falta un `return`?",
        lambda o: not any(o.value) and None in o.value[2:],
    ),
    cause(
        "un resultado falso (None, 0, una cadena vacía) también es un resultado: devuélvelo tal cual",
        lambda o: _only_falsy_differ(o),
    ),
    cause("no devuelves lo que da `save`", lambda o: True),
]


def walking(count: int) -> list[Cause]:
    """Why `count` steps are not taken one after another, each to its end."""
    return [
        *FIRST,
        forgotten("M01: `step()` solo crea la corrutina: falta `await`", "go", "step"),
        cause(
            "no das ningún paso",
            lambda o: not calls(o, "step") and not found(o, "never-awaited") and count,
        ),
        cause(
            "das los pasos a la vez: el enunciado los pide uno tras otro",
            lambda o: any(
                later.start < sooner.end - 1e-6
                for sooner, later in zip(calls(o, "step"), calls(o, "step")[1:], strict=False)
            ),
        ),
        cause("das algún paso más de una vez", lambda o: len(calls(o, "step")) > count),
        cause(
            "cuando terminas, un paso sigue vivo: hay que cancelarlo y esperar a que acabe",
            lambda o: "pending" in states(o, "step") or found(o, "leaked"),
        ),
    ]


def step_causes(arguments: list, budget: float) -> list[Cause]:
    """Why the steps with these arguments did not give what fits in `budget`."""

    def late(outcome, state: str) -> bool:
        return any(call.state == state and call.end > budget + 1e-6 for call in calls(outcome, "step"))

    return [
        Cause(
            "tu límite vence y su TimeoutError se te escapa: ¿quién lo captura?",
            lambda o: "failed" not in states(o, "step"),
            error="TimeoutError",
        ),
        Cause(
            "cancelas un paso y su CancelledError se te escapa: el plazo vencido no es un error",
            error="CancelledError",
        ),
        *walking(len(arguments)),
        cause("devuelve una pareja, `(results, expired)`", lambda o: type(o.value) is not tuple),
        cause("devuelve una pareja, `(results, expired)`", lambda o: len(o.value) != 2),
        cause("`results` tiene que ser una lista", lambda o: type(o.value[0]) is not list),
        cause("cada paso estrena su límite: el plazo es uno para todos", lambda o: late(o, "cancelled")),
        cause("el plazo vence y el paso en curso no se interrumpe", lambda o: late(o, "done")),
        cause(
            "repartes el plazo en partes iguales; es común: lo que no gasta un paso es de los siguientes",
            lambda o: _cut(o) == [round(budget / len(arguments), 6)],
        ),
        cause(
            "interrumpes un paso antes de que venza el plazo: ¿usas `budget`?",
            lambda o: any(c.state == "cancelled" and c.end < budget - 1e-6 for c in calls(o, "step")),
        ),
        cause(
            "cancelas un paso y terminas antes que su limpieza: espera a que acabe",
            lambda o: states(o, "step").count("cancelled") > states(o, "close").count("done"),
        ),
        cause("al vencer pierdes los resultados que ya tenías", lambda o: _done(o) and o.value[0] == []),
        cause(
            "un resultado falso (None, 0, una cadena vacía) también es un resultado",
            lambda o: (
                o.value[0] != _given(o)
                and o.value[0] in ([x for x in _given(o) if x], [x for x in _given(o) if x is not None])
            ),
        ),
        cause("faltan resultados de pasos que terminaron a tiempo", lambda o: len(o.value[0]) < _done(o)),
        cause("`results` lleva algo de un paso que no terminó", lambda o: len(o.value[0]) > _done(o)),
        cause(
            "`results` no lleva lo que dieron los pasos, en su orden",
            lambda o: o.value[0] != _given(o),
        ),
        cause(
            "`expired` tiene que ser True o False: ¿falta llamar a un método?",
            lambda o: type(o.value[1]) is not bool,
        ),
        cause(
            "vence el plazo y `expired` dice que no",
            lambda o: o.value[1] is False and "cancelled" in states(o, "step"),
        ),
        cause(
            "todos los pasos terminan a tiempo y `expired` dice que el plazo venció",
            lambda o: o.value[1] is True and "cancelled" not in states(o, "step"),
        ),
    ]


def _done(outcome) -> int:
    return states(outcome, "step").count("done")


def _given(outcome) -> list:
    """Return what the steps have answered that came to their end."""
    return [call.token or call.args[0] for call in calls(outcome, "step") if call.state == "done"]


def _cut(outcome) -> list[float]:
    """Return how long the steps had run that were cancelled."""
    return [round(call.end - call.start, 6) for call in calls(outcome, "step") if call.state == "cancelled"]


failing_steps_causes = [
    *walking(9),
    cause("M19: ocultas una excepción que no es tuya: la lanza un paso, no tu plazo", lambda o: True),
    raises(
        "se pierde la excepción del paso: en su lugar lanzas otra", lambda o: "failed" in states(o, "step")
    ),
]


def cut_steps_causes(at: float) -> list[Cause]:
    """Why `run_steps`, cancelled at `at`, has not ended cancelled after the clean-up of its step."""
    return [
        *walking(9),
        cause(
            "interrumpes un paso antes de que venza el plazo: ¿usas `budget`?",
            lambda o: any(call.end < at - 1e-6 for call in calls(o, "step") if call.state == "cancelled"),
        ),
        cause(
            "M18: cancelan a `run_steps` y te tragas la cancelación: falta propagarla",
            lambda o: found(o, "swallowed") or not str(o.value[0]).startswith("cancelada"),
        ),
        cause(
            "cancelas el paso y terminas antes que su limpieza: espera a que acabe",
            lambda o: states(o, "step").count("cancelled") > states(o, "close").count("done"),
        ),
        raises(
            "en lugar de propagar la cancelación lanzas otra excepción",
            lambda o: "cancelled" in states(o, "step"),
        ),
    ]
