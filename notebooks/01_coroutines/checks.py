"""Scenarios of the exercises on coroutines and tasks, and the causes of what is wrong with an answer."""

import asyncio
import inspect

from grader import Cause, Tokens, service

answers = Tokens()  # what services answer: nobody can guess it


def kinds(outcome):
    """Return the kinds of a run's findings."""
    return {finding.kind for finding in outcome.findings}


SECOND_LOOP = Cause(
    "M06: el bucle de eventos ya está en marcha: no arranques otro",
    lambda o: any(
        text in o.error
        for text in ("a running event loop", "already running", "loop is running", "different loop")
    ),
    error="RuntimeError",
)


# 1.1 send_all


async def mailing(send_all, deliver, *mailings):
    """Send mailings one after another; tell what had arrived when each returned, and the counts."""
    told = {"direcciones": [*mailings], "llegan": [], "devuelve": []}
    for emails in mailings:
        arrived = []

        async def send(to, arrived=arrived):
            arrived.append(await deliver(to))
            return len(arrived) - 1  # nobody should care: 0 first

        told["devuelve"].append(await send_all([*emails], send))
        told["llegan"].append(sorted(arrived))
    return told


def mailed(*mailings):
    """Return what is due of mailings."""
    arrived = [sorted(map(answers, emails)) for emails in mailings]
    return {"direcciones": [*mailings], "llegan": arrived, "devuelve": [*map(len, mailings)]}


def on_their_way(outcome):
    """Tell whether mails had begun and not arrived when the function returned."""
    return sum(map(len, outcome.value["llegan"])) < len(outcome.requests)


def of_any(holds):
    """Return a condition on a run: `holds` of addresses, arrivals and count of one of its mailings.

    It says nothing where somebody forgot an `await`.
    """
    return lambda o: "never-awaited" not in kinds(o) and any(map(holds, *o.value.values()))


def goes_on(outcome):
    """Tell whether each count is that of the mailing before, and its own mails."""
    sizes, counts = [*map(len, outcome.value["direcciones"])], outcome.value["devuelve"]
    return (
        len(sizes) > 1
        and counts != sizes
        and counts[0] >= sizes[0]
        and all(
            after == before + size for before, after, size in zip(counts, counts[1:], sizes[1:], strict=False)
        )
    )


mailing_causes = [
    Cause("`send_all` entrega con `yield`; aquí hace falta `return`", error="async_generator"),
    Cause(
        "`asyncio.wait` no admite una lista vacía: sin direcciones no hay nada que esperar", error="is empty"
    ),
    Cause(
        "cancelas algún correo antes de que llegue",
        lambda o: "cancelled" in {request.state for request in o.requests},
    ),
    Cause(
        "M02: devuelves la cuenta con correos aún en camino: una tarea también se espera",
        lambda o: "leaked" in kinds(o) or on_their_way(o),
    ),
    Cause(
        "M01: devuelves corrutinas sin esperar, no cuántos correos enviaste",
        lambda o: "corrutina" in o.refused,
    ),
    Cause(
        "`send` recibe una sola dirección en cada llamada, y tú le pasas la lista entera",
        lambda o: any(type(request.args[0]) is list for request in o.requests),
    ),
    Cause("`send_all` no devuelve nada: ¿falta un `return`?", of_any(lambda _, __, count: count is None)),
    Cause(
        "no devuelves un número: ¿cuántos correos enviaste?",
        of_any(lambda _, __, count: type(count) is not int),
    ),
    Cause(
        "una dirección repetida recibe un correo por cada vez, y aquí solo recibe uno",
        of_any(
            lambda emails, arrived, _: (
                [text.partition("·")[0] for text in arrived] == sorted({*emails})
                and len(arrived) < len(emails)
            )
        ),
    ),
    Cause(
        "alguna dirección se queda sin correo", of_any(lambda emails, arrived, _: len(arrived) < len(emails))
    ),
    Cause(
        "alguna dirección recibe correos de más",
        of_any(lambda emails, arrived, _: len(arrived) > len(emails)),
    ),
    Cause("la cuenta arrastra los correos de la llamada anterior", goes_on),
    Cause(
        "llegan todos los correos, pero la cuenta no es esa",
        of_any(lambda emails, _, count: count != len(emails)),
    ),
]


# 1.2 start


def name_what(start, promise):
    """Name what `start` returned."""
    kind = type(promise).__name__
    if isinstance(promise, asyncio.Task):
        return "una tarea"
    if promise is None:
        return "nada"
    if inspect.iscoroutine(promise):
        own = promise.__name__ == getattr(start, "__name__", "start")
        return "la corrutina de `start`" if own else "una corrutina"
    if asyncio.isfuture(promise):
        return "un futuro de `gather`" if kind == "_GatheringFuture" else "un futuro"
    return f"{'algo que se espera' if inspect.isawaitable(promise) else 'un objeto'} de tipo {kind}"


async def end_of(promise):
    """Await a promise; tell how it ends."""
    try:
        return {"devuelve": await promise}
    except (ValueError, KeyError, OSError) as error:
        return {"lanza": error}


async def beginning(start, mark, fetch, *args):
    """Call `start` and await nothing for a while; tell when the body began, then how the task ends."""
    begun = []

    async def body(*given):
        begun.append(await mark(*given))  # takes 0 s
        return await fetch(*given)

    promise, turns = start(body, *args), 0
    while not begun and turns < 9:
        await asyncio.sleep(0)
        turns += 1
    if not begun:
        await asyncio.sleep(60)
    when = "empieza tarde" if turns > 1 else "empieza a tiempo"
    told = {when if begun else "no empieza": [*begun]}
    if isinstance(promise, asyncio.Task):
        told |= await end_of(promise)
    return {name_what(start, promise): told}


async def awaiting(start, fetch, times, *args):
    """Await what `start` returned several times; tell how each ends."""

    async def body(*given):
        return await fetch(*given)

    promise = start(body, *args)
    if promise is None or inspect.iscoroutine(promise) or not inspect.isawaitable(promise):
        times = 0
    return {name_what(start, promise): [await end_of(promise) for _ in range(times)]}


async def starting(start, fetch, *calls):
    """Start calls at once; tell how each ends."""

    async def body(*given):
        return await fetch(*given)

    promises = [start(body, *args) for args in calls]
    names = {name_what(start, promise) for promise in promises}
    if names != {"una tarea"}:
        return dict.fromkeys(names, "")
    return {"tareas": [await end_of(promise) for promise in promises]}


async def cancelling(start, mark, fetch, *args):
    """Cancel a task after a second; tell how it ends."""

    async def body(*given):
        return await fetch(*given)

    promise = start(body, *args)
    await asyncio.sleep(1)
    if not isinstance(promise, asyncio.Task):
        return {name_what(start, promise): ""}
    promise.cancel()
    await asyncio.wait([promise])
    return {"cancelada" if promise.cancelled() else "no cancelada": await mark(*args)}


def replies(*calls):
    """Return what is due of calls that all succeed."""
    return {"tareas": [{"devuelve": answers(*args)} for args in calls]}


def returned(*names):
    """Return a condition on a run: `start` returned one of these."""
    return lambda outcome: any(key.startswith(names) for key in outcome.value)


def ends(outcome):
    """Return how the tasks of a run began and ended, as dicts."""
    [told] = outcome.value.values()
    return told if isinstance(told, list) else [told]


def fetches(outcome):
    """Return the requests that the body made."""
    return [request for request in outcome.requests if request.service == "fetch"]


def holds_error(end):
    """Tell whether something ended by returning an exception."""
    return type(end.get("devuelve")).__name__ == "Raised"


CALLS = {(21,), ("ana",), (1,), (2, 3), (), ("a",), ("b", 0)}  # the arguments of all calls in the tests

start_causes = [
    SECOND_LOOP,
    Cause(
        "creas una tarea de `fn`, no de la corrutina `fn(*args)`",
        lambda o: "expected, got <function" in o.error or "create_task() takes" in o.error,
        error="",
    ),
    Cause("`start` no devuelve la tarea: ¿falta un `return`?", returned("nada")),
    Cause(
        "M01: `start` es `async def`, así que su llamada da una corrutina y no la tarea",
        returned("la corrutina"),
    ),
    Cause(
        "M01: devuelves la corrutina de `fn`, que no empieza hasta que alguien la espera; una tarea, sí",
        returned("una corrutina"),
    ),
    Cause(
        "`asyncio.gather` no da una tarea: da un futuro, y su resultado es una lista",
        returned("un futuro de"),
    ),
    Cause("devuelves un futuro, no la tarea que ejecuta el cuerpo", returned("un futuro")),
    Cause(
        "`start` devuelve algo que no se puede esperar: ¿qué función crea una tarea?", returned("un objeto")
    ),
    Cause(
        "M04: el cuerpo se ejecuta otra vez en cada `await`",
        lambda o: returned("algo")(o) and len(fetches(o)) > 1,
    ),
    Cause("devuelves algo que se puede esperar, pero no es una tarea", returned("algo")),
    Cause(
        "M01: la tarea da una corrutina que nadie ha esperado, no su resultado",
        lambda o: "corrutina" in o.refused,
    ),
    Cause("la tarea da otra tarea, no el resultado del cuerpo", lambda o: "tarea" in o.refused),
    Cause(
        "`fn` no recibe sus argumentos tal cual: se llama con `fn(*args)`",
        lambda o: {r.args for r in o.requests} - (CALLS if "tareas" in o.value else CALLS - {()}),
    ),
    Cause(
        "dos llamadas iguales comparten la misma tarea: cada llamada a `start` ejecuta el cuerpo otra vez",
        lambda o: "tareas" in o.value and len(fetches(o)) < len(ends(o)),
    ),
    Cause(
        "`fn` se ejecuta más de una vez en la misma llamada a `start`",
        lambda o: len(fetches(o)) > (len(ends(o)) if "tareas" in o.value else 1),
    ),
    Cause("nada ha empezado: esa tarea no avanza sola", lambda o: "no empieza" in ends(o)[0]),
    Cause(
        "el cuerpo empieza una vuelta tarde, o más: algo se interpone entre tu tarea y `fn(*args)`",
        lambda o: "empieza tarde" in ends(o)[0],
    ),
    Cause(
        "devuelves la excepción como si fuera un resultado: cada `await` debe lanzarla",
        lambda o: any(map(holds_error, ends(o))),
    ),
    Cause(
        "el error del cuerpo se pierde: cada `await` debe lanzarlo",
        lambda o: "failed" in {request.state for request in o.requests} and "devuelve" in ends(o)[-1],
    ),
    Cause(
        "el cuerpo falla, y tu tarea lanza otra excepción en lugar de esa misma",
        lambda o: "failed" in {request.state for request in o.requests},
        error="",
    ),
    Cause(
        "al cancelar la tarea, el cuerpo sigue: quien lo ejecuta es otra tarea",
        lambda o: returned("cancelada", "no cancelada")(o) and fetches(o)[0].state != "cancelled",
    ),
]


# 1.3 predictions


async def spell(predictions, name, note):
    """Tell the letters of a prediction, in alphabetical order."""
    guess = predictions()[name]
    if guess is None:
        raise NotImplementedError
    guess = "".join(guess).replace(" ", "").upper()
    return {"tus letras, de la A a la Z": await note(guess)}


def guessed(outcome):
    """Return the letters of a prediction, in the order in which they were given."""
    return outcome.requests[0].args[0]


note = service(name="note", delay=0, reply=lambda guess: answers("".join(sorted(guess))))
prediction_causes = [
    Cause("`predictions` se llama sin argumentos", error="positional argument"),
    Cause("a tu diccionario le falta la clave de este programa", error="KeyError"),
    Cause(
        "M01: `predictions` no espera a nadie: sobra `async` delante de `def`",
        error="'coroutine' object is not subscriptable",
    ),
    Cause("`predictions` entrega con `yield`; aquí hace falta `return`", error="generator' object"),
    Cause("`predictions` no devuelve nada: ¿falta un `return`?", error="NoneType"),
    Cause("`predictions` es una función que devuelve el diccionario", error="not callable"),
    Cause(
        "`predictions()` no devuelve un diccionario de cadenas, como pide el enunciado",
        lambda o: "TypeError" in o.error or "AttributeError" in o.error,
        error="",
    ),
    Cause("hay algo que no es ninguna de las cinco letras", lambda o: set(guessed(o)) - set("ABCDE")),
    Cause("hay una letra repetida", lambda o: len(set(guessed(o))) < len(guessed(o))),
    Cause("falta alguna de las cinco letras", lambda o: len(guessed(o)) < 5),
]


# Reto Lazy


async def in_turns(lazy_class, fetch, times, *users):
    """Make lazies and, a second later, await them in turns; tell what each gave."""
    begun = []

    async def body(user):
        begun.append(user)
        return await fetch(user)

    lazies = [lazy_class(body(user)) for user in users]
    await asyncio.sleep(1)
    told = {"empezados antes del primer await": [*begun]} if begun else {}
    results = {user: [] for user in users}
    for _ in range(times):
        for user, lazy in zip(users, lazies, strict=True):
            results[user].append(await lazy)
    return told | results


async def readers(lazy_class, fetch, count, user):
    """Await a lazy from several tasks at once, and once more later; tell how each await ends."""

    async def read():
        try:
            return {"devuelve": await lazy}
        except (ValueError, KeyError, OSError) as error:
            return {"lanza": error}

    lazy = lazy_class(fetch(user))
    return [*await asyncio.gather(*(read() for _ in range(count))), await read()]


def repeated(times, *users):
    """Return what is due to each user who awaits several times."""
    return {user: [answers(user)] * times for user in users}


def reads(outcome):
    """Return how the awaits of readers ended."""
    return outcome.value if isinstance(outcome.value, list) else []


def given(outcome):
    """Return the lists of what the awaits in turns gave, by user."""
    return {name: gave for name, gave in outcome.value.items() if not name.startswith("empezados")}


def failed(outcome):
    """Tell whether a body failed."""
    return "failed" in {request.state for request in outcome.requests}


lazy_causes = [
    Cause(
        "`__await__` devuelve un iterador: no puede ser `async def`",
        lambda o: "__await__" in o.error and "coroutine" in o.error,
        error="",
    ),
    Cause(
        "`__await__` devuelve un iterador: el de una tarea es `task.__await__()`",
        lambda o: "iterator" in o.error or "not iterable" in o.error,
        error="",
    ),
    Cause(
        "`await` llama al método `__await__`, y tu clase `Lazy` no lo tiene",
        lambda o: "Lazy" in o.error and ("'await'" in o.error or "awaited" in o.error),
        error="TypeError",
    ),
    SECOND_LOOP,
    Cause(
        "M04: varios `await` esperan la misma corrutina, y se gasta con el primero: ¿qué guarda su valor?",
        lambda o: "awaited" in o.error,
        error="already",
    ),
    Cause(
        "el cuerpo empieza antes del primer `await`",
        lambda o: "empezados antes del primer await" in o.value,
    ),
    Cause(
        "dos instancias comparten el resultado: cada `Lazy` guarda el de su corrutina",
        lambda o: len(given(o)) > len(o.requests),
    ),
    Cause(
        "el cuerpo se ejecuta más de una vez", lambda o: len(o.requests) > len({r.args for r in o.requests})
    ),
    Cause(
        "devuelves la excepción como si fuera un resultado: cada `await` debe lanzarla",
        lambda o: any(map(holds_error, reads(o))),
    ),
    Cause(
        "el error también se guarda: algún `await` no lo lanza",
        lambda o: failed(o) and any("devuelve" in end for end in reads(o)),
    ),
    Cause(
        "algún `await` recibe `None` en lugar del resultado",
        lambda o: o.requests[0].token and any(None in gave for gave in given(o).values()),
    ),
    Cause(
        "el cuerpo falla, y tu `await` lanza otra excepción en lugar de esa misma",
        lambda o: failed(o),
        error="",
    ),
    Cause(
        "algún `await` recibe `None` en lugar del resultado",
        lambda o: not failed(o) and {"devuelve": None} in reads(o),
    ),
]
