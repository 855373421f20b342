"""What the tests of section 11 run, and the mistakes that they recognise."""

import asyncio
import inspect
import json
import random
import re
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

from grader import Cause, Tokens, service

answers, numbers, reasons, closed = Tokens(), Tokens(int), Tokens(), Tokens()
CANCELLED = ("lanza", asyncio.CancelledError())
NOBODY = ("lanza", "ValueError")


def failing(kind, names):
    """Return what a service fails with for each of `names`: a `kind` whose text nobody can guess."""
    return lambda name: kind(reasons(name)) if name in names else None


def raises(kind, name):
    """Return the error that `failing` gives for a name, as `expect` asks for it."""
    return f"{kind.__name__}: {kind(reasons(name))}"


def lost(kind, name):
    """Return the error that `failing` gives for a name, as `ending` tells it."""
    return "lanza", kind(reasons(name))


def all_but(names, value):
    """Return what a service replies: `value` to each of `names`, to others what nobody can guess."""
    return lambda name: value if name in names else answers(name)


def sent(outcome, name="fetch"):
    """Return the requests that the service `name` got."""
    return [request for request in outcome.requests if request.service == name]


def ongoing(outcome):
    """Return whether a request of `fetch` was still on its way when the run ended."""
    return any(request.state == "pending" for request in sent(outcome))


def first_answer(outcome):
    """Return the request of `fetch` that was answered first."""
    return min((r for r in sent(outcome) if r.state == "done"), key=lambda r: r.end)


def is_found(outcome, kind, text=""):
    """Return whether the run has a finding of `kind` that says `text`."""
    return any(finding.kind == kind and text in finding.text for finding in outcome.findings)


def raised(outcome, text):
    """Return whether `text` stands in the error that ended the run, or in one of its group."""
    return text in " ".join([outcome.error or "", *outcome.details.get("leaves", [])])


BLOCKED = Cause(
    "M10: `time.sleep` detiene el bucle de eventos: espera con `await asyncio.sleep(...)`",
    lambda o: is_found(o, "blocked"),
)


async def ending(running, *kinds):
    """Return what it returns, or ("lanza", error) for an error of `kinds`; any other goes on.

    kinds: types, or names of types; of these only the name is told.
    """
    try:
        return await running
    except BaseException as error:
        names = [kind.__name__ for kind in type(error).__mro__]
        for kind in kinds:
            if isinstance(kind, str) and kind in names:
                return "lanza", kind
            if isinstance(kind, type) and isinstance(error, kind):
                return "lanza", error
        raise


def has_returned(end):
    """Return whether an end that `ending` told is no error."""
    return not (isinstance(end, tuple) and end[:1] == ("lanza",))


def leaves(error):
    """Return the errors of a group and of the groups in it, by their texts; of any other error itself."""
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    return sorted((leaf for inner in error.exceptions for leaf in leaves(inner)), key=str)


async def clean_up(start, fetch, close, names, seconds, *kinds):
    """Run start(runner, names), whose runners `close` when they are cancelled; cancel it after `seconds`.

    Return how it ended, and who had closed by then.
    """
    cleaned = []

    async def runner(name):
        try:
            return await fetch(name)
        except asyncio.CancelledError:
            try:
                cleaned.append(await close(name))
            except RuntimeError:  # this is how the task answers its cancellation: it does not swallow it
                if (task := asyncio.current_task()) is not None:
                    task.uncancel()
                raise
            raise

    running = asyncio.create_task(start(runner, names), name="main")
    await asyncio.wait([running], timeout=seconds)
    if seconds is not None:
        running.cancel()
        kinds = (*kinds, asyncio.CancelledError)
    return await ending(running, *kinds), sorted(cleaned)


# 11.1 race


async def call_race(race, fetch, names):
    return await race(*map(fetch, names))


async def call_none(race):
    return await ending(race(), "ValueError")


async def clean_race(race, fetch, close, names, seconds=None):
    async def start(runner, names):
        return await race(*map(runner, names))

    end, cleaned = await clean_up(start, fetch, close, names, seconds, OSError)
    return {"race": end, "han limpiado": cleaned}


runners = service(
    name="fetch",
    delay={"a": 1, "falla": 1, "b": 5, "c": 6, "d": 4},
    reply=answers,
    fail=failing(OSError, ["falla"]),
)
close = service(name="close", delay=0.2, reply=closed)
breaking = service(name="close", delay=0.2, fail=failing(RuntimeError, "abcd"))


def ends(name, names):
    """Return what `clean_race` gives if `name` wins, "" if it is cancelled, and `names` had closed."""
    failed, told = lost(OSError, name), answers(name)
    end = CANCELLED if not name else failed if name == "falla" else told
    return {"race": end, "han limpiado": [closed(name) for name in names]}


TASKS = Cause(
    "E58: `asyncio.wait` solo acepta tareas: crea una por corrutina", error="coroutines is forbidden"
)
SETS = Cause(
    "M25: `asyncio.wait` devuelve conjuntos de tareas: falta `task.result()`",
    lambda o: "tarea" in o.refused or "futuro" in o.refused,
)
IN_TURN = Cause(
    "M08: no están en marcha a la vez: crea todas las tareas antes de esperar",
    lambda o: o.peak == 1 and (len(o.requests) > 1 or is_found(o, "never-awaited")),
)
SLOWEST = Cause(
    "esperas a la más lenta: gana la primera que acaba, y a las demás se las cancela",
    lambda o: len(sent(o)) > 1 and all(request.state in ("done", "failed") for request in sent(o)),
)
LOSERS = Cause(
    "M25: nadie cancela a las perdedoras: siguen en marcha; ni `asyncio.wait` ni `as_completed` lo hacen",
    ongoing,
)
SOME_LOSER = Cause(
    "a alguna perdedora no la cancelas: la esperas hasta el final",
    lambda o: any(r.state == "done" and r.end > first_answer(o).end for r in sent(o)),
)
TOO_LATE = Cause(
    "vuelves más tarde de lo que hace falta: ¿duermes un tiempo fijo en vez de esperar a las canceladas?",
    lambda o: o.error is None and o.elapsed > max(r.end for r in o.requests),
)
UNWAITED = Cause(
    "M17: cancelas y no esperas: vuelves antes de que limpien",
    lambda o: is_found(o, "leaked") or any(r.state == "pending" for r in sent(o, "close")),
)

winner = [
    TASKS,
    IN_TURN,
    SETS,
    Cause(
        "descartas un resultado vacío: `None`, `0` o una cadena vacía también ganan",
        lambda o: not first_answer(o).token,
        error="",
    ),
    Cause(
        "descartas un resultado vacío: `None`, `0` o una cadena vacía también ganan",
        lambda o: not first_answer(o).token,
    ),
    SLOWEST,
    LOSERS,
    SOME_LOSER,
    TOO_LATE,
]
alone = [
    Cause(
        "con una sola corrutina también hay ganadora: `ValueError` es para cuando no recibes ninguna",
        lambda o: not o.requests,
        error="ValueError",
    ),
    *winner,
]
empty = [
    Cause("sin corrutinas no hay ganadora: lanza `ValueError` antes de esperar", error=""),
    Cause("sin corrutinas no hay ganadora: lanza `ValueError`, no devuelvas nada"),
]
loser_error = [
    Cause(
        "el error con que limpia una perdedora no cuenta: `race` termina como la ganadora",
        lambda o: raised(o, "RuntimeError"),
        error="",
    ),
    Cause(
        "nadie recoge el error con que limpia una perdedora: lo hace `gather(..., return_exceptions=True)`",
        lambda o: is_found(o, "lost-exception"),
    ),
    TASKS,
    SETS,
    SLOWEST,
    LOSERS,
    UNWAITED,
]
fallen = [
    TASKS,
    Cause(
        "M15: la excepción de la ganadora llega dentro de un grupo: tiene que llegar tal cual",
        error="Group",
    ),
    IN_TURN,
    Cause(
        "esperas al primer éxito: eso es `Promise.any`; aquí cuenta la primera que acabe",
        lambda o: o.value in [request.token for request in sent(o) if request.state == "done"],
    ),
    SETS,
    Cause(
        "M25: ocultas el error de la ganadora, que se lanza sea del tipo que sea: `task.result()` lo hace",
        lambda o: o.error is None and o.value is None,
    ),
    Cause(
        "la ganadora ha fallado, y devuelves un valor: su excepción se lanza, sea del tipo que sea",
        lambda o: o.error is None,
    ),
    SLOWEST,
    LOSERS,
]
cleaning = [
    TASKS,
    Cause(
        "esperas a la más lenta: a las perdedoras hay que cancelarlas en cuanto hay ganadora",
        lambda o: all(request.state in ("done", "failed") for request in sent(o)),
    ),
    Cause(
        "si la ganadora falla, también hay que cancelar a las demás y esperarlas",
        lambda o: o.value["han limpiado"] == [] and any(r.state == "failed" for r in sent(o)),
    ),
    LOSERS,
    UNWAITED,
    Cause(
        "M17: cancelas y no esperas a todas: vuelves antes de que limpien",
        lambda o: len(o.value["han limpiado"]) < sum(r.state == "cancelled" for r in sent(o)),
    ),
    SOME_LOSER,
    TOO_LATE,
]
outside = [
    Cause(
        "cancelan a `race` y sus tareas siguen vivas: el `finally` también es para eso",
        lambda o: ongoing(o) or o.value["han limpiado"] == [],
    ),
    Cause(
        "M18: te tragas la cancelación: cancelan a `race`, y termina como si nada",
        lambda o: has_returned(o.value["race"]),
    ),
    UNWAITED,
]


# 11.2 AbortController


async def call_runs(controller_class, fetch, names):
    controller, other = controller_class(), controller_class()
    before = controller.signal.aborted
    values = [await controller.run(fetch(name)) for name in names]
    controller.abort()
    controller.abort()
    aborted = controller.signal.aborted
    return {"al empezar": before, "run": values, "tras abort": aborted, "en otro": other.signal.aborted}


async def call_failing_run(controller_class, fetch, name):
    return await controller_class().run(fetch(name))


async def cancel_itself(controller_class, fetch, name):
    async def work():
        await fetch(name)
        raise asyncio.CancelledError

    running = asyncio.create_task(controller_class().run(work()), name="caller")
    return await ending(running, asyncio.CancelledError, "AbortError")


async def abort_runs(controller_class, fetch, stop, names, seconds):
    """Abort after `seconds`, and again while the works stop; another controller has a work of its own."""
    clock, stopped = asyncio.get_running_loop().time, []
    controller, other = controller_class(), controller_class()

    async def work(name):
        try:
            return await fetch(name)
        except asyncio.CancelledError:
            stopped.append(await stop(name))
            raise

    async def caller(name):
        end = await ending(controller.run(work(name)), "AbortError", asyncio.CancelledError)
        return end, round(clock() - start, 6)

    start = clock()
    tasks = [asyncio.create_task(caller(name), name=f"caller({name})") for name in names]
    apart = other.run(fetch("otro"))
    free = asyncio.create_task(ending(apart, "AbortError", asyncio.CancelledError), name="otro")
    await asyncio.sleep(seconds)
    controller.abort()
    await asyncio.sleep(0.25)
    controller.abort()
    await asyncio.wait([*tasks, free], timeout=20)
    ends = [task.result() if task.done() else "sigue" for task in [*tasks, free]]
    return {"run": ends[:-1], "parados": sorted(stopped), "otro": ends[-1]}


async def call_aborted(controller_class, fetch, names):
    controller = controller_class()
    controller.abort()
    return [await ending(controller.run(fetch(name)), "AbortError") for name in names]


async def cancel_callers(controller_class, fetch, stop, seconds):
    """Cancel two callers after `seconds`: one whose controller nobody aborts, and one after the abort."""
    alone, aborted, stopped = controller_class(), controller_class(), []

    async def work(name):
        try:
            return await fetch(name)
        except asyncio.CancelledError:
            answer = await stop(name)
            if name == "a":
                stopped.append(answer)
            raise

    runs = {"sin abortar": alone.run(work("a")), "tras abortar": aborted.run(work("b"))}
    tasks = {name: asyncio.create_task(run, name=name) for name, run in runs.items()}
    await asyncio.sleep(seconds)
    tasks["sin abortar"].cancel()
    aborted.abort()
    await asyncio.sleep(0.25)
    tasks["tras abortar"].cancel()
    await asyncio.wait(tasks.values(), timeout=20)
    had = list(stopped)
    ends = [(name, await ending(task, "AbortError", asyncio.CancelledError)) for name, task in tasks.items()]
    return {**dict(ends), "parado": had}


works = service(name="fetch", delay={"a": 5, "b": 6, "c": 7, "d": 8, "otro": 1.5}, reply=answers)
stops = Tokens()
stop = service(name="stop", delay=0.5, reply=stops)
ABORTED = ("lanza", "AbortError")


def after_abort(names, blank):
    """Return what `call_runs` gives if the run of "b" gives `blank`."""
    values = [blank if name == "b" else answers(name) for name in names]
    return {"al empezar": False, "run": values, "tras abort": True, "en otro": False}


def aborted(names, at):
    """Return what `abort_runs` gives: each run ends at that instant, and the work apart goes on."""
    parts = [(ABORTED, at) for _ in names], [stops(name) for name in names]
    return {"run": parts[0], "parados": parts[1], "otro": answers("otro")}


def both_cancelled():
    """Return what `cancel_callers` gives."""
    return {"sin abortar": CANCELLED, "tras abortar": CANCELLED, "parado": [stops("a")]}


ASYNC_ABORT = Cause(
    "`abort()` es una función normal, sin `async`", lambda o: is_found(o, "never-awaited", "abort(")
)
METHOD = Cause(
    "`signal.aborted` es un valor, no un método: se lee sin paréntesis",
    lambda o: "method" in o.refused or "function" in o.refused,
)
IN_ABORT = Cause(
    "`abort()` falla: no lanza nada, tampoco si los trabajos ya han acabado o si lo repites",
    lambda o: "abort" in o.details["function"] and "AbortError" not in o.error,
    error="",
)
ABORT_RAISES = Cause(
    "`abort()` no lanza nada: quien lanza `AbortError` es `run`",
    lambda o: ".abort" in o.details["function"],
    error="AbortError",
)
shape = [ASYNC_ABORT, METHOD, ABORT_RAISES, IN_ABORT]
after_all = [
    *shape,
    Cause("nadie ha abortado: `run` ejecuta la corrutina, no lanza `AbortError`", error="AbortError"),
    Cause("`run` no ejecuta la corrutina", lambda o: not o.requests),
    Cause(
        "un resultado vacío también es un resultado: devuélvelo tal cual",
        lambda o: first_answer(o).token in o.value["run"] and None in o.value["run"],
    ),
    Cause("`run` no devuelve el resultado de la corrutina", lambda o: None in o.value["run"]),
    Cause("`signal.aborted` empieza en `False`", lambda o: o.value["al empezar"] is not False),
    Cause("cada controlador tiene su `signal`: abortar uno no aborta otro", lambda o: o.value["en otro"]),
    Cause("tras `abort()`, `signal.aborted` es `True`", lambda o: o.value["tras abort"] is not True),
]
work_error = [
    Cause(
        "un error del trabajo no es un `AbortError`: se propaga tal cual",
        lambda o: raised(o, "AbortError"),
        error="",
    ),
    Cause("M15: el error del trabajo llega dentro de un grupo: tiene que llegar tal cual", error="Group"),
    Cause("el trabajo falla y `run` no lanza su error", lambda o: o.error is None),
]
itself = [
    Cause(
        "nadie abortó: si el trabajo se cancela por su cuenta, se propaga `CancelledError`, no `AbortError`",
        lambda o: o.value == ABORTED,
    ),
    Cause(
        "M18: el trabajo se cancela por su cuenta y `run` lo calla: se propaga `CancelledError`",
        lambda o: has_returned(o.value),
    ),
]
aborting = [
    *shape,
    Cause(
        "cuando abortan, `run` lanza `AbortError`, y no otra excepción",
        lambda o: o.details["source"].startswith("raise "),
        error="",
    ),
    Cause(
        "cada controlador tiene sus trabajos: abortar uno no toca los de otro",
        lambda o: not has_returned(o.value["otro"]),
    ),
    Cause(
        "el `CancelledError` del trabajo llega a quien llamó a `run`: conviértelo en `AbortError`",
        lambda o: "CancelledError" in repr(o.value["run"]),
    ),
    Cause(
        "el trabajo sigue después de `abort()`: nadie lo cancela",
        lambda o: not any(request.state == "cancelled" for request in sent(o)),
    ),
    Cause(
        "abortas solo algunos `run`: guarda todos los que están en marcha",
        lambda o: any(
            request.state in ("done", "pending") for request in sent(o) if request.args != ("otro",)
        ),
    ),
    Cause(
        "`abort()` repetido no hace nada: la segunda vez cortas la limpieza de los trabajos",
        lambda o: any(request.state == "cancelled" for request in sent(o, "stop")),
    ),
    Cause(
        "`run` tiene que lanzar `AbortError`, no devolver nada",
        lambda o: any(has_returned(end) for end, _ in o.value["run"]),
    ),
    Cause(
        "M17: `run` lanza `AbortError` sin esperar a que el trabajo termine de limpiar",
        lambda o: any(at < request.end for _, at in o.value["run"] for request in sent(o, "stop")),
    ),
]
aborted_before = [
    *shape,
    Cause("ya estaba abortado, y empiezas el trabajo de todas formas", lambda o: o.requests),
    Cause("M01: la corrutina que no empieza se queda sin cerrar: `coro.close()`", lambda o: o.findings),
    Cause(
        "ya estaba abortado: `run` lanza `AbortError`, no lo devuelve",
        lambda o: any(map(has_returned, o.value)),
    ),
]
callers = [
    *shape,
    Cause(
        "M18: te cancelan a ti y lo conviertes en `AbortError`: nadie abortó",
        lambda o: o.value["sin abortar"] == ABORTED,
    ),
    Cause(
        "M18: te cancelan a ti después del `abort()`: se propaga `CancelledError`, no `AbortError`",
        lambda o: o.value["tras abortar"] == ABORTED,
    ),
    Cause(
        "M18: te cancelan a ti y `run` lo calla: se propaga `CancelledError`",
        lambda o: any(has_returned(o.value[name]) for name in ("sin abortar", "tras abortar")),
    ),
    Cause(
        "cancelan a quien espera y el trabajo sigue vivo: cancélalo y espéralo",
        lambda o: ongoing(o) or o.value["parado"] == [],
    ),
]


# 11.3 load_page, first_mirror, with_deadline


async def timed_page(load_page, fetch):
    log = []

    async def logged(name):
        log.append(f"pide {name}")
        answer = await fetch(name)
        log.append(f"llega {name}")
        return answer

    return {"página": await load_page(logged), "orden": log}


async def failing_page(load_page, fetch):
    """Return what a page ends with of which a part fails; let the other part end."""
    try:
        return await ending(load_page(fetch), OSError, KeyError)
    except ExceptionGroup as group:
        return "lanza", leaves(group)[0]
    finally:
        await asyncio.sleep(10)


async def timed_mirrors(first_mirror, fetch, close, mirrors, seconds=None):
    log = []

    async def start(runner, mirrors):
        async def logged(name):
            log.append(f"pide {name}")
            end = await ending(runner(name), OSError, ValueError, LookupError)
            log.append(f"llega {name}" if has_returned(end) else f"falla {name}")
            if has_returned(end):
                return end
            raise end[1]

        return await first_mirror(logged, mirrors)

    end, cleaned = await clean_up(start, fetch, close, mirrors, seconds)
    return {"gana": end, "orden": log, "han limpiado": cleaned}


async def ask_each(first_mirror, fetch, *lists):
    ends = []
    for mirrors in lists:
        end = await ending(first_mirror(fetch, mirrors), ExceptionGroup)
        ends.append(end if has_returned(end) else ("lanza", leaves(end[1])))
    return ends


async def call_deadline(with_deadline, fetch, seconds):
    return await with_deadline(fetch, seconds)


async def meet_deadlines(with_deadline, fetch, close, seconds, cancel_at):
    """Call with_deadline for each case in turn; return how each ended, and when."""
    clock, cases = asyncio.get_running_loop().time, {}

    for case in ("vence", "vacía", "falla", "cancelada"):

        async def start(runner, case):
            return await with_deadline(lambda name: runner((name, case)), seconds)

        began, at = clock(), cancel_at if case == "cancelada" else None
        end, _ = await clean_up(start, fetch, close, case, at, "TimeoutError", OSError)
        cases[case] = end, round(clock() - began, 6)
    return cases


reports = service(
    name="fetch",
    delay=lambda pair: {"vence": 9, "cancelada": 9}.get(pair[1], 1),
    reply=lambda pair: "" if pair == ("report", "vacía") else answers(*pair),
    fail=lambda pair: OSError(reasons(*pair)) if pair[1] == "falla" else None,
)
KINDS = {"m1": OSError, "m4": ValueError, "m5": KeyError}
mirrors = service(
    name="fetch",
    delay={"m1": 1, "m2": 2, "m3": 4, "m4": 3, "m5": 1.5, "vacío": 2, "nulo": 2.5},
    reply=lambda name: {"vacío": "", "nulo": None}[name] if name in ("vacío", "nulo") else answers(name),
    fail=lambda name: KINDS[name](reasons(name)) if name in KINDS else None,
)


def paged(order):
    """Return what `timed_page` gives for an order of events."""
    return {"página": [answers("profile"), answers("posts")], "orden": order}


def mirrored(name, order, numbers):
    """Return what `timed_mirrors` gives if `name` wins, "" if it is cancelled, and which had closed."""
    end = answers(name) if name else CANCELLED
    return {"gana": end, "orden": order, "han limpiado": [closed(f"m{number}") for number in numbers]}


def all_lost(numbers):
    """Return how a call of `ask_each` ends of which all mirrors fail."""
    names = [f"m{number}" for number in numbers]
    return "lanza", sorted((KINDS[name](reasons(name)) for name in names), key=str)


def deadlines(late, cancelled):
    """Return what `meet_deadlines` gives: when the deadline and the cancellation have been carried out."""
    return {
        "vence": (("lanza", "TimeoutError"), late),
        "vacía": ("", 1),
        "falla": (("lanza", OSError(reasons("report", "falla"))), 1),
        "cancelada": (CANCELLED, cancelled),
    }


page = [
    Cause("`gather(...)` da un futuro: falta `await` delante", lambda o: "futuro" in o.refused),
    Cause("M08: pides la segunda cuando ya ha llegado la primera", lambda o: o.peak == 1 and o.requests),
    Cause("devuelve una lista con las dos respuestas", lambda o: type(o.value["página"]) is not list),
    Cause(
        "devuelves lo que pides, no lo que responde `fetch`",
        lambda o: o.value["página"] == ["profile", "posts"],
    ),
    Cause(
        "la primera petición es la de `profile`, como en el código de TypeScript",
        lambda o: o.value["orden"][0] != "pide profile",
    ),
    Cause(
        "M16: la lista va en el orden en que pides, no en el de llegada",
        lambda o: o.value["página"] == [request.token for request in reversed(sent(o))],
    ),
]
page_error = [
    Cause(
        "`return_exceptions=True` es `Promise.allSettled`: si una petición falla, `load_page` lanza su error",
        lambda o: type(o.value) is list and len(o.value) == 2,
    ),
    Cause("si una petición falla, `load_page` lanza su error", lambda o: has_returned(o.value)),
]
mirror = [
    Cause("M08: pruebas los espejos uno tras otro", lambda o: o.peak == 1 and o.requests),
    Cause(
        "el primero en acabar falla y lo lanzas: eso es `Promise.race`; `any` espera al primer éxito",
        lambda o: raised(o, "m1"),
        error="",
    ),
    Cause("M25: los espejos que sobran siguen en marcha: cancélalos y espéralos", lambda o: ongoing(o)),
    Cause(
        "esperas al más lento: con el primer éxito basta",
        lambda o: all(request.state in ("done", "failed") for request in sent(o)),
    ),
    UNWAITED,
    Cause(
        "M17: cancelas y no esperas: vuelves antes de que limpien",
        lambda o: o.value["han limpiado"] == [] and any(r.state == "cancelled" for r in sent(o)),
    ),
]
each_mirror = [
    Cause(
        "si fallan todos, lanza un `ExceptionGroup`: con `raise`, no con `return`",
        lambda o: any(type(end).__name__ == "Raised" for end in o.value),
    ),
    Cause(
        "si fallan todos, lanza un `ExceptionGroup` con el error de cada uno, sea cual sea su tipo",
        lambda o: any(raised(o, name) for name in KINDS) or o.details["source"].startswith("raise "),
        error="",
    ),
    Cause(
        "un éxito vacío también es un éxito: `None`, `0` o una cadena vacía son la respuesta",
        lambda o: not has_returned(o.value[0]),
    ),
    Cause(
        "si fallan todos, lanza un `ExceptionGroup`: no devuelvas nada",
        lambda o: has_returned(o.value[1]),
    ),
    Cause(
        "en el `ExceptionGroup` va el error de cada espejo, ni uno más ni uno menos",
        lambda o: not has_returned(o.value[1]),
    ),
]
outer = [
    Cause(
        "M18: te tragas la cancelación: `CancelledError` no es el error de un espejo",
        lambda o: has_returned(o.value["gana"]) or raised(o, "Group"),
    ),
    Cause("M18: te tragas la cancelación: `CancelledError` no es el error de un espejo", error="Group"),
    Cause(
        "cancelan a `first_mirror` y sus peticiones siguen vivas: cancélalas y espéralas",
        lambda o: ongoing(o) or o.value["han limpiado"] == [],
    ),
    UNWAITED,
]
in_time = [
    Cause("vence antes de tiempo: `seconds` son segundos", error="TimeoutError"),
    Cause("pide `report`, escrito así", lambda o: any(r.args != ("report",) for r in sent(o))),
    Cause("llega a tiempo: se devuelve la respuesta", lambda o: o.error is None),
]


def deadline_case(case, is_wrong):
    """Return a predicate: whether what a case of meet_deadlines ended with, and when, is wrong."""
    return lambda o: is_wrong(o.value[case][0], o.value[case][1])


deadline = [
    Cause("pide `report`, escrito así", lambda o: any(r.args[0][0] != "report" for r in sent(o))),
    Cause("nadie interrumpe a `fetch`: falta el límite", deadline_case("vence", lambda end, at: at >= 9)),
    Cause(
        "M20: dejas de esperar a `fetch` y sigue viva: el límite tiene que cancelarla y esperarla",
        lambda o: ongoing(o) or is_found(o, "leaked") or o.value["vence"][1] < 2.2,
    ),
    Cause(
        "M18: te tragas la cancelación dentro del bloque: ya no puede salir `TimeoutError`",
        lambda o: has_returned(o.value["vence"][0]) and has_returned(o.value["cancelada"][0]),
    ),
    Cause(
        "al vencer se lanza `TimeoutError`: quien llama tiene que enterarse",
        deadline_case("vence", lambda end, at: has_returned(end)),
    ),
    Cause(
        "una respuesta vacía que llega a tiempo también es la respuesta",
        deadline_case("vacía", lambda end, at: end != ""),
    ),
    Cause(
        "un error de `fetch` no es un plazo vencido: se propaga tal cual",
        deadline_case("falla", lambda end, at: has_returned(end) or end[1] == "TimeoutError"),
    ),
    Cause(
        "M18: te cancelan desde fuera, y eso no es un plazo vencido: se propaga `CancelledError`",
        deadline_case("cancelada", lambda end, at: has_returned(end) or end[1] == "TimeoutError"),
    ),
    Cause(
        "te cancelan y `fetch` sigue viva: cancélala y espérala",
        deadline_case("cancelada", lambda end, at: True),
    ),
]


# Reto: the rows of the table


async def call_row(row, fetch):
    return await row(fetch)


async def call_rows(fetches, *rows):
    return [await row(fetch) for row, fetch in zip(rows, fetches, strict=True)]


async def limited_and_late(two_at_once, late_value, fetch, mark):
    rows = {"two_at_once": await two_at_once(fetch)}
    return rows | {"late_value": await mark(await late_value())}


async def call_queued(row, fetch):
    """Return the answers, and how many items the row got from an asyncio.Queue that another task had put."""
    put, get, givers, passed = asyncio.Queue.put_nowait, asyncio.Queue.get_nowait, {}, []

    def put_nowait(self, item):
        givers.setdefault(id(self), []).append(asyncio.current_task())
        return put(self, item)

    def get_nowait(self):
        item = get(self)
        giver = givers[id(self)].pop(0)
        if giver is not asyncio.current_task():
            passed.append(item)
        return item

    asyncio.Queue.put_nowait, asyncio.Queue.get_nowait = put_nowait, get_nowait
    try:
        got = await row(fetch)
    finally:
        asyncio.Queue.put_nowait, asyncio.Queue.get_nowait = put, get
    return {"respuestas": got, "por la cola": min(len(passed), 2)}


class Pool(ThreadPoolExecutor):
    """A pool whose own futures may be awaited too: of its thread the virtual clock would know nothing."""

    def __init__(self, seconds):
        super().__init__(1, thread_name_prefix="pool")
        self.seconds, self.inline, self.loop = seconds, False, asyncio.get_running_loop()

    def submit(self, fn, /, *args, **kwargs):
        if (getattr(fn, "__module__", None) or "").startswith("grader"):  # it comes from run_in_executor
            return super().submit(fn, *args, **kwargs)
        future, self.inline = Future(), True
        try:
            result = fn(*args, **kwargs)
        finally:
            self.inline = False
        self.loop.call_soon_threadsafe(self.loop.call_later, self.seconds, future.set_result, result)
        return future


async def call_elsewhere(row, fetch, seconds, number):
    loop_thread, places = threading.get_ident(), []

    def crunch():
        in_pool = pool.inline or threading.current_thread().name.startswith("pool")
        apart = "otro hilo" if threading.get_ident() != loop_thread else "el bucle"
        places.append("el pool" if in_pool else apart)
        if not pool.inline:
            time.sleep(seconds)
        return number

    with Pool(seconds) as pool:
        return {"respuestas": list(await row(fetch, pool, crunch)), "crunch corre en": places}


def fetches(*delays):
    """Return a service for each of the rows 1, 2, 4 and 5, named by its number: `fetch_1`."""
    pairs = zip((1, 2, 4, 5), delays, strict=True)
    return [service(name=f"fetch_{number}", delay=delay, reply=answers) for number, delay in pairs]


def first_rows(fastest):
    """Return what `call_rows` gives if the answer to `fastest` wins."""
    return [[answers("a")] * 2, answers("a"), answers(fastest), answers("a")]


def texts(names, kind=OSError):
    """Return what `all_settled` gives if `names` fail with an error of `kind`."""
    return [str(kind(reasons(name)) if name in names else numbers(name)) for name in "abc"]


mark = service(name="mark", delay=0, reply=answers)


def six():
    """Return what `limited_and_late` gives."""
    return {"two_at_once": [answers(name) for name in "abcdef"], "late_value": answers("valor")}


def queue_of(*names):
    """Return what `call_queued` gives."""
    return {"respuestas": [answers(name) for name in names], "por la cola": 2}


def in_pool(number):
    """Return what `call_elsewhere` gives."""
    return {"respuestas": [number, answers("a")], "crunch corre en": ["el pool"]}


def began(outcome, row):
    """Return when a row made its first request."""
    return sent(outcome, f"fetch_{row}")[0].start


NAMES = Cause("devuelves lo que pides, no lo que responde `fetch`", lambda o: names_in(o.value))


def names_in(value):
    """Return whether there is a name that was asked for among values."""
    if isinstance(value, dict):
        return any(map(names_in, value.values()))
    return value in tuple("abcdef") or (isinstance(value, list) and any(map(names_in, value)))


rows = [
    BLOCKED,
    Cause(
        "E57: dos peticiones; una tarea se espera dos veces, y pide una",
        lambda o: len(sent(o, "fetch_1")) > 1,
    ),
    NAMES,
    Cause(
        "M08: `meanwhile` pide cuando ya ha dormido: crea la tarea antes y déjala empezar",
        lambda o: began(o, 2) > sent(o, "fetch_1")[0].end,
    ),
    Cause(
        "M08: `meanwhile` espera la respuesta antes de dormir, y no mientras duerme",
        lambda o: began(o, 4) - began(o, 2) > max(1, sent(o, "fetch_2")[0].end - began(o, 2)),
    ),
    Cause("`meanwhile` no duerme 1 s mientras llega la respuesta", lambda o: began(o, 4) - began(o, 2) < 1),
    Cause(
        "M25: `asyncio.wait` devuelve conjuntos de tareas, no la respuesta", lambda o: "tarea" in o.refused
    ),
    Cause("`fastest` pide las dos, y gana la que llegue antes", lambda o: len(sent(o, "fetch_4")) == 1),
    Cause(
        "M25: `fastest` deja en marcha la otra petición: cancélala",
        lambda o: all(r.state != "cancelled" for r in sent(o, "fetch_4")) and began(o, 5) < max_end(o, 4),
    ),
    Cause(
        "`fastest` espera a las dos: con la primera basta, y la otra se cancela",
        lambda o: all(request.state == "done" for request in sent(o, "fetch_4")),
    ),
    Cause("`on_time` no devuelve la respuesta que llega a tiempo", lambda o: o.value[3] is None),
    Cause("`on_time` llega a tiempo y dice «tarde»: el límite es de 2 s", lambda o: o.value[3] == "tarde"),
]


def max_end(outcome, row):
    """Return when the last request of a row ended, infinity if it had not."""
    return max(float("inf") if r.end is None else r.end for r in sent(outcome, f"fetch_{row}"))


settled = [
    Cause(
        "un error se lleva las demás respuestas: falta `return_exceptions=True`",
        lambda o: raised(o, "OSError"),
        error="",
    ),
    Cause("M08: pides una cuando ya ha llegado la anterior: van las tres a la vez", lambda o: o.peak == 1),
    Cause("el error también va en la lista, en su sitio: su texto, `str(error)`", lambda o: len(o.value) < 3),
    Cause(
        "cada elemento es un texto: el `str` de la respuesta o del error",
        lambda o: any(type(item) is not str for item in o.value),
    ),
    Cause("`str(error)` es su texto; `repr` le añade el tipo", lambda o: any("Error(" in x for x in o.value)),
    NAMES,
]
too_late = [
    Cause("al vencer, `on_time` devuelve «tarde»: no lanza nada", error="TimeoutError"),
    Cause(
        "nadie interrumpe la espera a los 2 s: ¿falta el límite, o no está en segundos?",
        lambda o: o.elapsed >= 9,
    ),
    Cause("el límite es de 2 s", lambda o: o.elapsed != 2),
    Cause("M20: devuelves «tarde» y la petición sigue en marcha: cancélala", ongoing),
    Cause("si no llega en 2 s, `on_time` devuelve el texto «tarde»"),
]
limited = [
    BLOCKED,
    Cause(
        'M16: están todas, pero en el orden de llegada: van de la "a" a la "f"',
        lambda o: o.value["two_at_once"] != sorted(o.value["two_at_once"]),
    ),
    Cause("M21: nadie limita: el semáforo se crea una vez y se comparte", lambda o: o.peak > 2),
    Cause("M08: una petición tras otra; caben dos a la vez", lambda o: o.peak == 1),
    Cause(
        "no esperas: `asyncio.sleep(1, valor)` espera y devuelve",
        lambda o: sent(o, "mark")[0].start == max(request.end for request in sent(o)),
    ),
    Cause("`late_value` no devuelve nada: ¿falta un `return`?", lambda o: sent(o, "mark")[0].args == (None,)),
    Cause(
        "M21: vas por lotes: en cuanto una petición acaba, empieza la siguiente",
        lambda o: sorted(request.start for request in sent(o))[4] >= min_slow(o),
    ),
]


def min_slow(outcome):
    """Return when the slowest request ended."""
    return max(sent(outcome), key=lambda request: request.end - request.start).end


queued = [
    Cause(
        "las respuestas no pasan por la cola: otra tarea las pone, y tú las recibes con `get`",
        lambda o: o.value["por la cola"] < 2,
    ),
    NAMES,
]
apart = [
    Cause("pasas el resultado de `crunch()` donde va la función: sin paréntesis", error="is not callable"),
    Cause(
        "M09: `crunch()` corre en el bucle y lo bloquea: llévalo al `pool`",
        lambda o: "el bucle" in o.value["crunch corre en"],
    ),
    Cause(
        "`crunch` corre en otro hilo, pero no en el `pool` que recibes",
        lambda o: "otro hilo" in o.value["crunch corre en"],
    ),
    Cause("llamas a `crunch` más de una vez", lambda o: len(o.value["crunch corre en"]) > 1),
    Cause("no llamas a `crunch`", lambda o: not o.value["crunch corre en"]),
    Cause(
        "M08: una cosa después de otra: el `pool` y `fetch` trabajan a la vez",
        lambda o: o.elapsed in (3, 5),
    ),
]


# The project: a made-up site, and what is seen of a check of its pages

BROKEN = {
    0: httpx.ReadError,
    -1: httpx.ConnectError,
    -2: httpx.RemoteProtocolError,
    -3: httpx.ConnectTimeout,
    -4: httpx.PoolTimeout,
}


class Site(httpx.AsyncBaseTransport):
    """Un sitio inventado: `fetch(path)` contesta un código, o la clave de un error de `BROKEN`."""

    def __init__(self, fetch, close=None):
        self.fetch, self.close = fetch, close

    async def handle_async_request(self, request):
        path = request.url.path
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("read")):
                status = await self.fetch(path)
        except TimeoutError:
            raise httpx.ReadTimeout("sin respuesta", request=request) from None
        except asyncio.CancelledError:
            if self.close:
                await self.close(path)
            raise
        if status in BROKEN:
            raise BROKEN[status]("conexión rota", request=request)
        return httpx.Response(status, headers={"location": "/loop"}, request=request)


def open_site(fetch, close=None):
    """Un cliente de `httpx` para el sitio inventado; no tiene un tiempo límite propio."""
    return httpx.AsyncClient(
        transport=Site(fetch, close),
        base_url="http://site",
        timeout=None,
        follow_redirects=True,
        max_redirects=2,
    )


def told(row):
    """Return a row in a line: "/a 200 ×1", "/b timeout ×3"."""
    try:
        parts = [row["url"], row["status"], row["error"], f"×{row['attempts']}"]
    except (TypeError, KeyError, IndexError):
        return repr(row)
    return " ".join(str(part) for part in parts if part is not None)


async def visit(check_links, fetch, paths, options):
    """Comprueba `paths` en el sitio inventado; cuenta filas, eventos y peticiones."""
    loop = asyncio.get_running_loop()
    start, events, starts = loop.time(), [], []

    async def timed(path):
        starts.append(round(loop.time() - start, 6))
        return await fetch(path)

    def on_event(row):
        events.append((round(loop.time() - start, 6), told(row)))

    async with open_site(timed) as client:
        rows = await check_links(paths, client, on_event=on_event, **options)
    timed_events = [f"{row} en {at:g} s" for at, row in sorted(events)]
    return {"filas": [*map(told, rows)], "eventos": timed_events, "inicios": starts}


async def visit_pages(check_links, pages, fetch, names, options):
    """Return the rows and the events, each with its instant."""
    seen = await visit(check_links, fetch, await pages(names), options)
    return {"filas": seen["filas"], "eventos": seen["eventos"]}


async def visit_urls(check_links, pages, fetch, names, options):
    """Return which URLs the rows are of, whatever their order."""
    return sorted(
        row.split()[0] for row in (await visit_pages(check_links, pages, fetch, names, options))["filas"]
    )


async def visit_starts(check_links, pages, fetch, names, options):
    """Return the rows, and the instants at which requests began."""
    seen = await visit(check_links, fetch, await pages(names), options)
    return {"filas": seen["filas"], "inicios": seen["inicios"]}


async def visit_all(check_links, pages, fetch, names, *all_options):
    """Visit once with each options; return the last rows, and how many requests began too soon.

    Too soon is what `rate` and `burst` do not allow yet.
    """
    early, rows = 0, []
    for options in all_options:
        seen = await visit(check_links, fetch, await pages(names), options)
        rows, rate, burst = seen["filas"], options["rate"], options["burst"]
        for last, end in enumerate(starts := seen["inicios"]):
            counts = [(last - first + 1, end - begin) for first, begin in enumerate(starts[: last + 1])]
            early += any(count > rate * time + burst + 1e-6 for count, time in counts)
    return {"filas": rows, "antes de tiempo": early}


async def visit_plain(check_links, pages, fetch, names, options):
    """Return the rows and the events just as they come; the events by their URLs."""
    seen, paths = [], await pages(names)
    async with open_site(fetch) as client:
        rows = await check_links(paths, client, on_event=seen.append, **options)
    return {"filas": rows, "eventos": sorted(seen, key=told)}


async def cancel_check(check_links, pages, fetch, close, names, seconds, options):
    """Cancel a check after `seconds`, whose requests take their time to `close`."""
    seen, paths = [], await pages(names)
    async with open_site(fetch, close) as client:
        check = check_links(paths, client, on_event=seen.append, **options)
        task = asyncio.create_task(check, name="check_links")
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.wait([task], timeout=1)
        pending = len(asyncio.all_tasks()) - 1
        if task.done() and not task.cancelled():
            task.result()  # si falló, sale su error
        await asyncio.sleep(30)
    return {"cancelada": task.cancelled(), "pendientes": pending, "eventos": len(seen)}


secret = Tokens()
free = {"limit": 9, "rate": 10**9, "burst": 99, "timeout": 9, "retries": 2}
waits = free | {"limit": 1, "rate": 0.25, "burst": 1}
status = random.choice((200, 201, 202, 204))
pages = service(name="pages", delay=0, reply=lambda names: [link(name) for name in names])


def at_once(limit):
    """Return options of which only the limit counts."""
    return free | {"limit": limit}


def link(name):
    """Return the path of the page `name`, which nobody can guess."""
    return f"/{name}-{secret()}"


def page_of(path):
    """Return the name of the page at `path`."""
    return path[1:].split("-")[0]


def site(delays=None, replies=None):
    """Return the service of a made-up site. Its page "bug" fails with what is no error of a page.

    delays: seconds by page, else 1. replies: by page a code, or a list of them, one a call; else `status`.
    """
    coming = {name: iter(codes) for name, codes in (replies or {}).items() if isinstance(codes, list)}

    def reply(path):
        name = page_of(path)
        return next(coming[name], 200) if name in coming else (replies or {}).get(name, status)

    def fail(path):
        return LookupError(reasons("bug")) if page_of(path) == "bug" else None

    return service(
        name="fetch", delay=lambda path: (delays or {}).get(page_of(path), 1), reply=reply, fail=fail
    )


def links(names):
    """Return the paths of pages."""
    return [link(name) for name in names]


def started(names, starts):
    """Return what `visit_starts` gives for pages that answer `status`, and for instants of requests."""
    return {"filas": [linked(f"{name} ok ×1") for name in names], "inicios": starts}


def unhurried(*lines):
    """Return what `visit_all` gives for rows such as "a ok ×1"."""
    return {"filas": [*map(linked, lines)], "antes de tiempo": 0}


def stopped(count):
    """Return what `cancel_check` gives after so many events."""
    return {"cancelada": True, "pendientes": 0, "eventos": count}


def linked(line):
    """Return a line such as "a ok ×1" as `told` gives it: with the path of its page, and `status` for ok."""
    name, _, rest = line.partition(" ")
    return " ".join([link(name), rest.replace("ok", str(status))])


def seen(*lines):
    """Return what `visit_pages` gives for rows and instants such as "a ok ×1 2.5", in order."""
    pairs = [(linked(line.rpartition(" ")[0]), float(line.rpartition(" ")[2])) for line in lines]
    events = sorted((at, row) for row, at in dict.fromkeys(pairs))
    return {"filas": [row for row, _ in pairs], "eventos": [f"{row} en {at:g} s" for at, row in events]}


def streamed(*lines):
    """Return what `time_progress` gives for rows and instants such as "a ok ×1 2.5"."""
    return seen(*lines)["eventos"]


def plain(*lines):
    """Return what `visit_plain` gives for pages that answer `status`, or "dead connection"."""
    rows = []
    for line in lines:
        name, _, error = line.partition(" ")
        got = None if error else status
        rows.append({"url": link(name), "status": got, "attempts": 1, "error": error or None})
    return {"filas": rows, "eventos": sorted({told(row): row for row in rows}.values(), key=told)}


def row_lines(outcome, name):
    """Return the rows of the page `name`, as lines."""
    return [line for line in outcome.value["filas"] if line.startswith(f"/{name}-")]


def event_of(outcome, name):
    """Return the instant of the event of the page `name`."""
    [line] = [line for line in outcome.value["eventos"] if line.startswith(f"/{name}-")]
    return float(line.split()[-2])


def tries(outcome, name):
    """Return how many attempts the page `name` had, by its row."""
    return int(row_lines(outcome, name)[0].rpartition("×")[2])


def last_start(outcome, name):
    """Return when the last request for the page `name` began."""
    return max(request.start for request in sent(outcome) if page_of(request.args[0]) == name)


NO_CLIENT = Cause("no pides nada con el `client` que recibes", lambda o: not sent(o))
AWAITED_EVENT = Cause(
    "`on_event` es una función normal: llámala sin `await`",
    lambda o: raised(o, "'await' expression") and "on_event" in o.details["source"],
    error="",
)
KEYS = Cause(
    "cada fila es un `dict` con las claves `url`, `status`, `attempts` y `error`",
    lambda o: any(line.startswith("{") for line in rows_of(o)),
)
ZERO = Cause(
    "`attempts` cuenta los intentos que hubo, también el primero",
    lambda o: any(line.endswith("×0") for line in rows_of(o)),
)
EVENTS = [
    Cause(
        "`on_event` recibe la fila entera, el `dict`",
        lambda o: any(not line.startswith("/") for line in o.value["eventos"]),
    ),
    Cause(
        "un evento por URL distinta, también si la página falla",
        lambda o: len(o.value["eventos"]) < len({*o.value["filas"]}),
    ),
    Cause("un evento por URL distinta, no más", lambda o: len(o.value["eventos"]) > len({*o.value["filas"]})),
    Cause(
        "avisas de todo al final: `on_event` se llama en cuanto acaba cada URL",
        lambda o: len({line.partition(" en ")[2] for line in o.value["eventos"]}) == 1 < len(rows_of(o)),
    ),
]


def rows_of(outcome):
    """Return the rows of an outcome, or its URLs."""
    return outcome.value["filas"] if isinstance(outcome.value, dict) else outcome.value


def in_order(names):
    """Return the cause for rows that are all there, but not in the order of the pages `names`."""

    def is_shuffled(outcome):
        found = [page_of(line.split()[0]) for line in outcome.value["filas"]]
        return found != [*names] and sorted(found) == sorted(names)

    return Cause("M16: las filas van en el orden de `urls`, no en el de llegada", is_shuffled)


def limits(limit):
    """Return the causes of P1 for a limit."""
    return [
        NO_CLIENT,
        BLOCKED,
        AWAITED_EVENT,
        KEYS,
        ZERO,
        Cause(
            "M21: nadie limita: van todas a la vez; el semáforo se crea una vez y se comparte",
            lambda o: o.peak == len(sent(o)) > limit,
        ),
        Cause("M21: hay una petición de más en curso: `limit` es el máximo", lambda o: o.peak == limit + 1),
        Cause("M21: hay más de `limit` peticiones en curso", lambda o: o.peak > limit),
        Cause("M08: compruebas las páginas una tras otra", lambda o: o.peak == 1),
        Cause("nunca llegas a `limit` peticiones en curso: hay huecos que no usas", lambda o: o.peak < limit),
        Cause(
            "M21: un hueco libre se queda sin usar: ¿vas por lotes? Un semáforo lo da en cuanto queda libre",
            lambda o: len(sent(o)) == len(o.value),
        ),
    ]


def paces(rate, burst):
    """Return the causes of P2 for a rate and a burst."""

    def early(starts):
        pairs = [(i, j) for j in range(len(starts)) for i in range(j)]
        return any(j - i + 1 > rate * (starts[j] - starts[i]) + burst + 1e-6 for i, j in pairs)

    return [
        NO_CLIENT,
        BLOCKED,
        AWAITED_EVENT,
        KEYS,
        ZERO,
        Cause("nadie limita la tasa: empiezan todas a la vez", lambda o: {*o.value["inicios"]} == {0}),
        Cause(
            "un `sleep(1 / rate)` por petición ignora `burst`: las primeras salen de golpe",
            lambda o: burst > 1 and o.value["inicios"][:3] == [0, 1 / rate, 2 / rate],
        ),
        Cause(
            "el cubo empieza lleno: las primeras `burst` peticiones salen de golpe",
            lambda o: any(o.value["inicios"][:burst]),
        ),
        Cause(
            "E34: concedes permisos de más: ¿cuentas dos veces lo que el cubo se llena mientras esperas?",
            lambda o: early(o.value["inicios"]),
        ),
        Cause(
            "concedes los permisos demasiado despacio: el cubo recupera uno cada `1 / rate` s",
            lambda o: o.error is None,
        ),
    ]


def pause(at, burst):
    """Return the causes of P2 for pages that wait until `at`, when all slots get free."""
    return [
        NO_CLIENT,
        Cause(
            "tras una pausa empiezan más de `burst` de golpe: o el cubo guarda de más, "
            "o das permisos a quien aún no tiene hueco",
            lambda o: o.value["inicios"].count(at) > burst,
        ),
        Cause(
            "en una pausa el cubo se vuelve a llenar, hasta `burst` permisos",
            lambda o: o.value["inicios"].count(at) < burst,
        ),
    ]


def attempts_of(name, due):
    """Return the causes for a page that had more or fewer attempts than it is due."""
    return [
        Cause(
            "hay `retries + 1` intentos: el primero y `retries` reintentos; haces de más",
            lambda o: tries(o, name) > due,
        ),
        Cause(
            "hay `retries + 1` intentos: el primero y `retries` reintentos; te quedas corto",
            lambda o: tries(o, name) < due,
        ),
    ]


TIMEOUT_ESCAPES = Cause(
    '`httpx` lanza `TimeoutException` cuando vence un límite suyo: también es "timeout"',
    lambda o: raised(o, "ConnectTimeout") or raised(o, "PoolTimeout") or raised(o, "ReadTimeout"),
    error="",
)
ASYNCIO_ESCAPES = Cause(
    'el `TimeoutError` de un intento se te escapa: es el resultado "timeout" de esa página',
    lambda o: raised(o, "TimeoutError"),
    error="",
)


def slow(names, due, seconds):
    """Return the causes of P3: pages in the order of `names`, "hang" with `due` attempts of `seconds`."""
    return [
        NO_CLIENT,
        BLOCKED,
        AWAITED_EVENT,
        KEYS,
        ZERO,
        TIMEOUT_ESCAPES,
        ASYNCIO_ESCAPES,
        Cause("nadie pone límite a la página que no contesta", lambda o: round(o.elapsed, 3) >= 100),
        Cause(
            "`TimeoutException` es también un `TransportError`: captúrala antes",
            lambda o: "connection" in row_lines(o, "cut")[0],
        ),
        Cause(
            "el límite es del intento entero, con cada redirección; el de `httpx` empieza de nuevo en cada una",
            lambda o: "timeout" not in row_lines(o, "far")[0],
        ),
        Cause(
            "un tiempo límite es pasajero: se reintenta",
            lambda o: tries(o, "hang") == 1 and tries(o, "cut") == 1 and event_of(o, "cut") < seconds,
        ),
        Cause(
            "el límite es por intento, y lo has puesto alrededor de todo: no quedan reintentos",
            lambda o: event_of(o, "hang") == seconds,
        ),
        *EVENTS,
        *attempts_of("hang", due),
        in_order(names),
        Cause(
            "entre intentos faltan las esperas: 0.5 s y 1 s",
            lambda o: event_of(o, "hang") == due * seconds,
        ),
        Cause(
            "duermes también después del último intento",
            lambda o: event_of(o, "hang") > last_start(o, "hang") + seconds,
        ),
        Cause(
            "antes del reintento k (0, 1, 2…) se esperan `min(0.5 * 2**k, 4)` s",
            lambda o: event_of(o, "hang") != due * seconds + sum(0.5 * 2**k for k in range(due - 1)),
        ),
    ]


waiting = [
    NO_CLIENT,
    ASYNCIO_ESCAPES,
    Cause(
        "esperar el hueco o el permiso no cuenta en `timeout`: el límite rodea solo la petición",
        lambda o: any("timeout" in line for line in o.value["filas"]),
    ),
]


def passing(retries):
    """Return the causes of P4; the page "500" always fails, and each request takes 1 s."""
    waits = [min(0.5 * 2**k, 4) for k in range(retries)]
    began = retries + sum(waits)  # when the last attempt of "500" begins
    return [
        NO_CLIENT,
        BLOCKED,
        AWAITED_EVENT,
        KEYS,
        ZERO,
        Cause(
            "un `TooManyRedirects` se te escapa y pierdes todo lo demás",
            lambda o: raised(o, "TooManyRedirects"),
            error="",
        ),
        TIMEOUT_ESCAPES,
        Cause(
            "valen el `status` y el `error` del último intento: no guardes los de antes",
            lambda o: any(re.search(r" \d+ (timeout|redirects) ", line) for line in o.value["filas"]),
        ),
        Cause(
            "`TimeoutException` es también un `TransportError`: captúrala antes",
            lambda o: "connection" in row_lines(o, "mix")[0],
        ),
        Cause(
            "una redirección sin fin es el error `redirects`",
            lambda o: "redirects" not in row_lines(o, "loop")[0],
        ),
        Cause("E55: reintentas un 404: mañana seguirá siendo un 404", lambda o: tries(o, "404") > 1),
        Cause(
            "un 404 es una respuesta: su `error` es `None`", lambda o: " 404 ×" not in row_lines(o, "404")[0]
        ),
        Cause("reintentas una redirección sin fin: no es un fallo pasajero", lambda o: tries(o, "loop") > 1),
        Cause("un 429 es pasajero: se reintenta", lambda o: " 429 ×1" in row_lines(o, "429")[0]),
        Cause("un 5xx es pasajero: se reintenta", lambda o: " 500 ×1" in row_lines(o, "500")[0]),
        *EVENTS,
        *attempts_of("500", retries + 1),
        Cause("un tiempo límite es pasajero: se reintenta", lambda o: tries(o, "mix") == 2),
        Cause(
            "M16: las filas van en el orden de `urls`, no en el de llegada",
            lambda o: page_of(o.value["filas"][0].split()[0]) != "404",
        ),
        Cause(
            "entre intentos faltan las esperas: 0.5 s, 1 s, 2 s…", lambda o: last_start(o, "500") == retries
        ),
        Cause(
            "E53: la espera crece sin tope: nunca pasa de 4 s", lambda o: last_start(o, "500") > began > 10
        ),
        Cause(
            "antes del reintento k (0, 1, 2…) se esperan `min(0.5 * 2**k, 4)` s",
            lambda o: last_start(o, "500") != began,
        ),
        Cause("duermes también después del último intento", lambda o: event_of(o, "500") > began + 1),
    ]


again = [
    NO_CLIENT,
    Cause("un 5xx es pasajero: se reintenta", lambda o: any("×1" in line for line in o.value["filas"])),
    Cause("M21: un reintento también necesita un hueco: hay más de `limit` en curso", lambda o: o.peak > 1),
    Cause("cada intento gasta un permiso, también los reintentos", lambda o: o.value["antes de tiempo"]),
]


def partial(names):
    """Return the causes of P5 for pages in the order of `names`."""
    distinct = len({*names})

    def bare(event):
        return not isinstance(event, dict)

    return [
        NO_CLIENT,
        BLOCKED,
        AWAITED_EVENT,
        Cause(
            "E33: la excepción de una página muerta se lleva los resultados de las demás",
            lambda o: raised(o, "conexión rota"),
            error="",
        ),
        Cause(
            "una conexión rota no se reintenta",
            lambda o: any(row["error"] == "connection" and row["attempts"] > 1 for row in o.value["filas"]),
        ),
        Cause("pides de más: cada URL distinta, una vez", lambda o: len(sent(o)) > distinct),
        Cause(
            "faltan filas: también las repetidas tienen la suya", lambda o: len(o.value["filas"]) < len(names)
        ),
        Cause(
            "M16: las filas van en el orden de `urls`, no en el de llegada",
            lambda o: [page_of(row["url"]) for row in o.value["filas"]] != [*names],
        ),
        Cause("`on_event` recibe la fila entera, el `dict`", lambda o: any(map(bare, o.value["eventos"]))),
        Cause(
            "un evento por URL distinta, también si la página está muerta",
            lambda o: len(o.value["eventos"]) != distinct,
        ),
        Cause(
            "una conexión rota es el error `connection`, con `status` en `None`",
            lambda o: (
                any(row["error"] != "connection" for row in o.value["filas"] if row["status"] is None)
                or any(row["error"] and row["status"] for row in o.value["filas"])
            ),
        ),
        Cause(
            "cada fila es un `dict` con las claves `url`, `status`, `attempts` y `error`",
            lambda o: any({*row} != {"url", "status", "attempts", "error"} for row in o.value["filas"]),
        ),
    ]


def cancelled(limit, seconds):
    """Return the causes of P6 for a check with a limit that is cancelled after `seconds`."""
    return [
        NO_CLIENT,
        Cause("M21: hay más de `limit` peticiones en curso", lambda o: o.peak > limit),
        Cause(
            "M18: te tragas la cancelación: `check_links` tiene que acabar cancelada",
            lambda o: not o.value["cancelada"] and not o.value["pendientes"],
        ),
        Cause(
            "sigues usando el cliente después de cancelada: quedan tareas huérfanas",
            lambda o: any(request.start > seconds for request in sent(o)),
        ),
        Cause(
            "M17: al volver quedan tareas pendientes: cancélalas y espéralas", lambda o: o.value["pendientes"]
        ),
    ]


# The project on a real server; `served` is the notebook's


async def visit_real(served, check_links, paths, options):
    """Return how many pages answered, and how many requests or connections were more than the limit."""
    seen = []
    async with served() as api, httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=60) as client:
        rows = await check_links(paths, client, on_event=seen.append, **options)
    answered = sum(row["status"] == 200 for row in rows)
    over = {"a la vez": api.peak, "conexiones": api.connections}
    return answered, {what: max(0, number - options["limit"]) for what, number in over.items()}


async def count_busy(served, check_links, paths, options):
    answered, over = await visit_real(served, check_links, paths, options)
    return {"contestan": answered, "sobran a la vez": over["a la vez"]}


async def count_connections(served, check_links, paths, options):
    answered, over = await visit_real(served, check_links, paths, options)
    return {"contestan": answered, "sobran conexiones": over["conexiones"]}


async def count_early(served, check_links, paths, options):
    seen = []
    async with served() as api, httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=60) as client:
        await client.get("/users/1?delay=0")  # el servidor apunta cuándo empieza todo
        rows = await check_links(paths, client, on_event=seen.append, **options)
    begin, *starts = [hit.start for hit in api.hits]
    rate, burst = options["rate"], options["burst"]
    # Una máquina ocupada retrasa peticiones, nunca las adelanta.
    early = sum(start - begin < (count - burst) / rate - 0.01 for count, start in enumerate(starts, 1))
    answered = sum(row["status"] == 200 for row in rows)
    return {"contestan": answered, "llegan antes de tiempo": early}


async def opened(progress, urls, client, options):
    """Return the stream of `progress`; a stub is a coroutine as yet, which says so when it is awaited."""
    stream = progress(urls, client, **options)
    return await stream if inspect.iscoroutine(stream) else stream


def events_in(text):
    """Return the rows of a text of Server-Sent Events, told in lines; of an incomplete event nothing."""
    *events, _ = text.split("\n\n")
    return [told(json.loads(event.removeprefix("data:"))) for event in events if event.startswith("data:")]


async def read_progress(served, progress, paths, options):
    """Return what a browser gets of `progress`, served as a page."""
    await opened(progress, [], None, options)

    async def page(request):
        return StreamingResponse(events(), media_type="text/event-stream")

    async def events():
        try:
            async with httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=60) as client:
                async for text in await opened(progress, paths, client, options):
                    yield text
        except Exception as error:
            broken.append(error)
            raise

    broken, text = [], ""
    async with served() as api, served(Starlette(routes=[Route("/progress", page)])) as front:
        url = f"{front.url}/progress"
        async with (
            httpx.AsyncClient(trust_env=False, timeout=60) as client,
            client.stream("GET", url) as response,
        ):
            try:
                async for part in response.aiter_text():
                    text += part
            except httpx.RemoteProtocolError as cut:  # `progress` falló a mitad del flujo
                raise (broken or [cut])[0] from None
    return sorted(events_in(text))


async def time_progress(progress, pages, fetch, names, options):
    """Return the texts of `progress`, as the lines of their events, each with its instant."""
    clock, got = asyncio.get_running_loop().time, []
    paths, start = await pages(names), clock()
    async with open_site(fetch) as client:
        async for text in await opened(progress, paths, client, options):
            got += [f"{line} en {round(clock() - start, 6):g} s" for line in events_in(text) or [repr(text)]]
    return got


async def end_progress(progress, pages, fetch, close, names, options):
    """Close `progress` after its first event; then let a check of the page "bug" fail."""
    paths, [bug] = await pages(names), await pages(["bug"])
    async with open_site(fetch, close) as client:
        stream = await opened(progress, paths, client, options)
        first = events_in(await anext(stream))
        await stream.aclose()
        pending = len(asyncio.all_tasks()) - 1

        async def read():
            return [events_in(text) async for text in await opened(progress, [bug], client, options)]

        end = await ending(read(), LookupError, ExceptionGroup)
    failure = end if has_returned(end) else ("lanza", leaves(end[1])[0])
    return {"primero": first, "pendientes": pending, "falla": failure}


async def leave_real(served, progress, paths, options):
    """Close `progress` after its first event, on a real server."""
    async with served() as api, httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=60) as client:
        stream = await opened(progress, paths, client, options)
        first = events_in(await anext(stream))
        await stream.aclose()
        pending = len(asyncio.all_tasks()) - 1
    return {"primero": first, "pendientes": pending}


def ended(line):
    """Return what `end_progress` gives if the first event is that of the row `line`, such as "a ok ×1"."""
    return {"primero": [linked(line)], "pendientes": 0, "falla": lost(LookupError, "bug")}


BUSY = [
    Cause(
        "M21: el servidor ve más de `limit` peticiones a la vez: ¿un semáforo por llamada?",
        lambda o: o.value["sobran a la vez"],
    ),
]
EARLY = [
    Cause(
        "al servidor llegan peticiones antes de lo que permite la tasa",
        lambda o: o.value["llegan antes de tiempo"],
    ),
]
WIRES = [
    Cause(
        "E32: abres más conexiones que huecos: ¿un cliente por petición?",
        lambda o: o.value["sobran conexiones"],
    ),
    Cause("no llega ninguna respuesta: usa el `client` que recibes", lambda o: o.value["contestan"] == 0),
]
NO_STREAM = Cause("`progress` es un generador asíncrono: entrega cada evento con `yield`", error="__aiter__")
stream = [
    NO_STREAM,
    Cause(
        "no llega ningún evento completo: cada uno empieza por `data: ` y acaba en una línea en blanco",
        lambda o: o.value == [],
    ),
    Cause("el evento lleva el `dict` en JSON: `json.dumps(row)`", error="JSONDecodeError"),
    Cause("faltan eventos: uno por URL distinta", lambda o: len(o.value) < 2),
    Cause("sobran eventos: uno por URL distinta", lambda o: len(o.value) > 2),
]
steps = [
    NO_STREAM,
    Cause("el evento lleva el `dict` en JSON: `json.dumps(row)`", error="JSONDecodeError"),
    Cause(
        "entregas todos los eventos al final: cada uno, en cuanto acaba su URL",
        lambda o: len({line.partition(" en ")[2] for line in o.value}) == 1,
    ),
    Cause(
        "un evento por URL distinta: cuentas también las repetidas, y esperas uno que no llega",
        error="Deadlock",
    ),
    Cause("un evento por URL distinta", lambda o: len(o.value) != 2),
]
left = [
    NO_STREAM,
    Cause(
        "M23: cierran `progress` y la comprobación sigue: cancélala y espérala en un `finally`",
        lambda o: o.value["pendientes"],
    ),
    Cause(
        "el primer evento no es el de la página que acaba antes, o no está completo",
        lambda o: len(o.value["primero"]) != 1,
    ),
    Cause(
        "ocultas el error: si `check_links` falla, `progress` lanza su error",
        lambda o: has_returned(o.value["falla"]),
    ),
    Cause("si `check_links` falla, `progress` no termina: espera un evento que no llegará", error="Deadlock"),
]
