"""Scenarios and causes of the tests of section 4, groups of tasks."""

import asyncio
from collections import Counter

from grader import Cause, Tokens

answers = Tokens()  # each answer holds something drawn at random: nobody can guess it
FALSY = {"ninguno": None, "cero": 0, "nada": "", "no": False, "nunca": False, "vacía": []}


class Declined(Exception):
    """An error of a type that no answer knows."""


def replied(item):
    """Return what a service answers to `item`: something nobody can guess, or a falsy value."""
    return FALSY[item] if isinstance(item, str) and item in FALSY else answers(item)


def replies(*items):
    """Return what a service answers to each of `items`, in their order."""
    return [replied(item) for item in items]


def ended(text, when):
    """Return a cause of a run that ended without an error."""
    return Cause(text, lambda outcome: outcome.error is None and when(outcome))


def timed(text, when):
    """Return a cause of a run that took its time, and not because something blocks the loop."""
    blocks = ("blocked", "blocking", "spinning")
    return ended(text, lambda o: not any(each.kind in blocks for each in o.findings) and when(o))


def refused(text, *kinds):
    """Return a cause of a value that holds an object of one of `kinds`, which no test can compare."""
    return ended(text, lambda outcome: any(kind in (outcome.refused or "") for kind in kinds))


def typed(kind, name, wanted="una lista"):
    """Return a cause of a value of another type than the one that is wanted."""
    return ended(
        f"devuelves {name} y el enunciado pide {wanted}", lambda outcome: type(outcome.value) is kind
    )


def texts(values):
    return sorted(map(repr, values))


def lacks(values, due, of):
    """Tell whether `values` is `due` without some for which `of` is true, in any order."""
    missing = Counter(texts(due))
    missing.subtract(texts(values))
    lost = [value for value in due if missing[repr(value)] > 0]
    return bool(lost) and min(missing.values()) >= 0 and all(map(of, lost))


def asked(outcome, *states):
    """Return the calls of `fetch`, those in one of `states` if any is named."""
    calls = [call for call in outcome.requests if call.service == "fetch"]
    return [call for call in calls if not states or call.state in states]


def goes_on(outcome):
    """Tell whether all requests were answered and the run went on waiting."""
    calls = outcome.requests
    return all(call.state == "done" for call in calls) and outcome.elapsed > max(call.end for call in calls)


FUTURE = refused("devuelves un futuro, no su resultado: ¿quién lo espera?", "futuro")
TASK = refused("devuelves tareas, no sus resultados: ¿quién las espera?", "una tarea")
METHOD = refused("devuelves el método, no lo que da: a `.result` le faltan los paréntesis", "method")
NOTHING = ended(
    "la función no devuelve nada: ¿falta un `return`?", lambda o: o.value is None and not o.refused
)
SEQUENTIAL = timed(
    "M08: esperas cada corrutina antes de iniciar la siguiente",
    lambda o: o.peak == 1 and len(asked(o)) != 1,
)
EMPTY = Cause("`asyncio.wait` no admite una lista vacía", error="is empty")
APART = Cause(
    "`gather` recibe las corrutinas por separado: ¿falta un `*` delante de `coros`?",
    error="awaitable is required",
)
RUNNING = Cause("el bucle ya está en marcha: aquí basta `await`", error="already running")
CHILD = Cause(
    "esa tarea aún no ha terminado: pide su resultado al salir del bloque, no dentro", error="InvalidState"
)


def limited(count):
    return timed(
        "no todas las corrutinas están en curso a la vez, y aquí no hay un máximo",
        lambda o: 1 < o.peak < count,
    )


# 4.1 all_


async def call_all(function, fetch, items):
    """Call `all_` or `all_settled` with a coroutine for each of `items`."""
    return await function(*map(fetch, items))


def why_all(*items):
    """Return the causes of a wrong list of results of `items`."""
    due = replies(*items)

    def by_arrival(outcome):
        calls = sorted(outcome.requests, key=lambda call: call.end)
        return outcome.value == [replied(*call.args) for call in calls] != due

    return [
        RUNNING,
        APART,
        CHILD,
        EMPTY,
        FUTURE,
        TASK,
        METHOD,
        NOTHING,
        typed(tuple, "una tupla"),
        typed(dict, "un diccionario"),
        typed(set, "un conjunto"),
        Cause(
            "al ordenar comparas unos resultados con otros, y pueden ser de cualquier tipo: "
            "el orden que se pide es el de los argumentos",
            error="'<' not supported",
        ),
        ended(
            "dos resultados iguales son dos resultados: te falta alguno",
            lambda o: set(texts(o.value)) == set(texts(due)) and len(o.value) < len(due),
        ),
        ended(
            'descartas los resultados que cuentan como falsos: `None`, `0`, `""` y `False` también lo son',
            lambda o: lacks(o.value, due, lambda value: not value),
        ),
        ended("M16: ese es el orden de llegada; el enunciado pide el de los argumentos", by_arrival),
        ended(
            "están todos los resultados, pero no en el orden de los argumentos",
            lambda o: texts(o.value) == texts(due) and o.value != due,
        ),
        ended("faltan resultados: cada corrutina da uno", lambda o: lacks(o.value, due, lambda value: True)),
        SEQUENTIAL,
        limited(len(items)),
        timed("ya han terminado todas y `all_` sigue esperando: ¿sobra un `sleep`?", goes_on),
    ]


async def call_failing(all_, fetch, fails, work):
    """Call `all_` with a coroutine for each key of `fails`, then `work`; return what came of both.

    fails: how to make the exception of each coroutine from what `fetch` answers, or None.
    """
    raised = []

    async def ask(item, make):
        reply = await fetch(item)
        if make is None:
            return reply
        raised.append(make(reply))
        raise raised[-1]

    try:
        given = {"devuelve": await all_(*(ask(item, make) for item, make in fails.items()))}
    except Exception as error:
        if not any(error is each for each in raised):
            raise
        given = {"lanza": error}
    return given | {"después": await work()}  # 10 s: what goes on ends


def parcel(reply):
    """Make an exception that is itself a group."""
    return ExceptionGroup(reply, [ValueError("código postal"), KeyError("peso")])


def starts_late(outcome, state):
    """Tell whether `work` began after the first call of `fetch` had come to `state`."""
    work = next(call for call in outcome.requests if call.service == "work")
    return work.start > min(call.end for call in asked(outcome, state))


FAILING = [
    FUTURE,
    CHILD,
    Cause(
        "lanzas la lista `exceptions`; el enunciado pide una excepción, la original",
        error="exceptions must derive from BaseException",
    ),
    Cause(
        "si una corrutina lanza su propio grupo, la excepción original es ese grupo entero",
        error="código postal",
    ),
    Cause(
        "M15: sale el grupo del `TaskGroup` y el enunciado pide la excepción original, sea del tipo que sea",
        error="ExceptionGroup",
    ),
    Cause(
        "sale otra excepción; el enunciado pide la original, el mismo objeto",
        lambda o: any(call.token and call.token in o.error for call in o.requests),
        error="",
    ),
    ended(
        "la excepción se pierde dentro de `all_`: quien llama no se entera", lambda o: "devuelve" in o.value
    ),
    SEQUENTIAL,
    timed(
        "lanzas tarde: esperas a las que tendrías que cancelar",
        lambda o: o.elapsed - 10 > min(call.end for call in asked(o, "done")),
    ),
]


async def call_with_losers(all_, fetch, names, clean, broken=False):
    """Call `all_` with `names` and one that fails; return who had ended then, and 10 s later.

    broken: whether those that are cancelled fail when they have cleaned up.
    """
    log, tasks = [], []

    async def loser(name):
        tasks.append(asyncio.current_task())
        try:
            await fetch(name)
            log.append(f"{name} termina")
        except asyncio.CancelledError:
            log.append(f"{await clean(name)} cancelada")
            if broken:
                raise RuntimeError("falla la limpieza") from None
            raise

    try:
        await all_(*map(loser, names), fetch("mal"))
    except (ValueError, ExceptionGroup) as error:
        if "mal" not in str(error) and not isinstance(error, ExceptionGroup):
            raise  # which of the two it is is judged in another test
    before = sorted(log)
    await asyncio.sleep(10)
    for task in tasks:  # whether their errors are retrieved is not asked
        if task.done() and not task.cancelled():
            task.exception()
    return {"al salir": before, "10 s después": sorted(log)}


def cleaned(*names):
    """Return what `call_with_losers` returns where all were cancelled and had cleaned up in time."""
    lines = [f"{answers(name)} cancelada" for name in names]
    return {"al salir": lines, "10 s después": lines}


LOSERS = [
    FUTURE,
    CHILD,
    Cause(
        "si otra falla mientras la cancelas, su error se descarta: lanza el de la primera que falló",
        error="falla la limpieza",
    ),
    Cause(
        "sale otra excepción; el enunciado pide la original",
        lambda o: o.error.endswith("mal") or "ValueError('mal')" in o.error,
        error="",
    ),
    SEQUENTIAL,
    ended(
        "M14: cancelas a unas y no a otras, que siguen hasta el final",
        lambda o: len({"termina" in line for line in o.value["10 s después"]}) == 2,
    ),
    ended(
        "M14: nadie cancela a las demás: siguen hasta el final",
        lambda o: any("termina" in line for line in o.value["10 s después"]),
    ),
    ended(
        "las cancelas y no esperas a que terminen: su limpieza aún está en marcha cuando `all_` lanza",
        lambda o: len(o.value["al salir"]) < len(o.value["10 s después"]),
    ),
]


# 4.2 all_settled


async def settle(all_settled, fetch, fails):
    """Call `all_settled` with a coroutine for each of the pairs `fails`.

    fails: an item, and how to make its exception from what `fetch` answers, or None.
    """

    async def ask(item, make):
        reply = await fetch(item)
        if make is not None:
            raise make(reply)
        return reply

    return await all_settled(*(ask(item, make) for item, make in fails))


def settled(*fails):
    """Return what `all_settled` is due to return of `fails`."""
    return [
        {"status": "fulfilled", "value": replied(item)}
        if make is None
        else {"status": "rejected", "reason": make(answers(item))}
        for item, make in fails
    ]


def is_error(value):
    """Tell whether a value that came by wire is an exception."""
    return hasattr(value, "type")


def why_settled(*fails):
    """Return the causes of a wrong account of `fails`."""
    due = settled(*fails)

    def pairs(outcome):
        return [*zip(outcome.value, due, strict=True)]

    def mistaken(status, wanted, of):
        """Return whether a coroutine is told to be of another status; of: what is true of its own dict."""
        return lambda o: any(
            each["status"] == status and own["status"] == wanted and of(own) for each, own in pairs(o)
        )

    def by_arrival(outcome):
        ranks = sorted(range(len(due)), key=lambda place: asked(outcome)[place].end)
        arrived = [repr(due[place]) for place in ranks]
        return [*map(repr, outcome.value)] == arrived != [*map(repr, due)]

    def reasons(outcome):
        return [each["reason"] for each in outcome.value if each["status"] == "rejected"]

    return [
        RUNNING,
        APART,
        FUTURE,
        TASK,
        EMPTY,
        NOTHING,
        Cause(
            "M15: si el error sale de una tarea, su grupo cancela a las demás y lanza un `ExceptionGroup`",
            error="ExceptionGroup",
        ),
        Cause(
            "el primer error sale de `all_settled`; debe quedar en su diccionario",
            lambda o: any(call.token and call.token in o.error for call in o.requests),
            error="",
        ),
        typed(tuple, "una tupla"),
        typed(dict, "un diccionario"),
        ended(
            "M16: ese es el orden de llegada; el enunciado pide el de los argumentos",
            by_arrival,
        ),
        ended(
            "están todos los diccionarios, pero no en el orden de los argumentos",
            lambda o: texts(o.value) == texts(due) and [*map(repr, o.value)] != [*map(repr, due)],
        ),
        ended(
            "falta un diccionario por corrutina: ¿cómo acabó cada una?",
            lambda o: any(type(each) is not dict for each in o.value),
        ),
        ended("faltan diccionarios: hay uno por corrutina", lambda o: len(o.value) < len(due)),
        ended("falta la clave `status`", lambda o: any("status" not in each for each in o.value)),
        ended(
            "`status` solo puede ser `fulfilled` o `rejected`",
            lambda o: {each["status"] for each in o.value} - {"fulfilled", "rejected"},
        ),
        ended(
            "un error ha cancelado a las demás, y deben terminar",
            lambda o: any(is_error(each) and each.type == "CancelledError" for each in reasons(o)),
        ),
        ended(
            'das por fallida una corrutina que devuelve un valor falso (`None`, `0`, `""`, `False`)',
            mistaken("rejected", "fulfilled", lambda own: not own["value"]),
        ),
        ended(
            "das por buena una excepción: con `return_exceptions=True` los errores llegan como resultados",
            lambda o: not reasons(o) and any(is_error(each.get("value")) for each in o.value),
        ),
        ended(
            "das por buenas unas excepciones y otras no: pueden ser de cualquier tipo",
            lambda o: any(is_error(each.get("value")) for each in o.value),
        ),
        ended(
            "das por buena una corrutina que ha fallado",
            mistaken("fulfilled", "rejected", lambda own: True),
        ),
        ended(
            "das por fallida una corrutina que ha terminado bien",
            mistaken("rejected", "fulfilled", lambda own: True),
        ),
        ended(
            "cada diccionario lleva dos claves: `status` y, además, `value` o `reason`",
            lambda o: any(each.keys() != own.keys() for each, own in pairs(o)),
        ),
        ended(
            "`reason` es la excepción, no su texto",
            lambda o: any(isinstance(reason, str) for reason in reasons(o)),
        ),
        ended(
            "`reason` es la excepción que lanzó la corrutina, no otra cosa",
            lambda o: any(repr(each) != repr(own) for each, own in pairs(o) if own["status"] == "rejected"),
        ),
        ended(
            "`value` es el resultado de la corrutina tal cual",
            lambda o: any(repr(each) != repr(own) for each, own in pairs(o) if own["status"] == "fulfilled"),
        ),
        SEQUENTIAL,
        limited(len(fails)),
        timed("ya han terminado todas y `all_settled` sigue esperando: ¿sobra un `sleep`?", goes_on),
    ]


async def cancel_settled(all_settled, fetch, items, work):
    """Cancel `all_settled` after a second, then call `work`; return what came of both."""
    task = asyncio.create_task(all_settled(*map(fetch, items)), name="all_settled")
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.wait([task])
    given = {} if task.cancelled() else {"devuelve": task.result()}
    return given | {"tras la cancelación": await work()}  # 0.5 s: what goes on is seen at the end


CANCELLED = [
    ended(
        "M18: algo captura CancelledError (¿un `except BaseException`?) y la cancelación se pierde",
        lambda o: any(finding.kind == "swallowed" for finding in o.findings),
    ),
    ended("M18: la cancelación no sale de `all_settled`", lambda o: "devuelve" in o.value),
    ended(
        "M08: esperas cada corrutina antes de iniciar la siguiente",
        lambda o: len(asked(o)) == 1,
    ),
    ended(
        "cancelan a `all_settled` y sus corrutinas siguen: huérfanas",
        lambda o: asked(o, "pending", "done"),
    ),
    ended(
        "tras la cancelación, `all_settled` sigue esperando a que sus corrutinas terminen por sí solas",
        lambda o: o.elapsed > 1.5,
    ),
]


# 4.3 classify


async def count_raised(classify, fetch, make):
    """Return what `classify` says of a function that raises what `make` makes of a reply of `fetch`."""

    async def fn():
        raise make(await fetch())

    return plain(await classify(fn))


async def count_returned(classify, fetch):
    """Return what `classify` says of a function that returns what `fetch` answers, and that answer."""
    replies = []

    async def fn():
        replies.append(await fetch())
        return replies[-1]

    return {"cuenta": plain(await classify(fn)), "fn recibe": replies}


def plain(value):
    """Return a dict of any kind, such as a Counter, as a dict."""
    return dict(value) if isinstance(value, dict) else value


def tree(*errors):
    return ExceptionGroup("varios", list(errors))


def pair(reply):
    """Make a group with a group in it."""
    return tree(tree(ValueError(reply), ValueError(2)), TypeError(3), ValueError(4))


def deep(reply):
    """Make a group three levels deep, with errors of many types and one that occurs twice."""
    same, keys = KeyError(reply), (KeyError("k"), KeyError("z"))
    return tree(same, tree(ConnectionResetError(), Declined(reply), tree(same, ValueError("v"), *keys)))


def broad(reply):
    """Make another group, four levels deep, with errors whose type has the name `reply`."""
    same, kind = ZeroDivisionError(reply), type(reply, (Exception,), {})
    inner = tree(same, same, tree(FileNotFoundError("a"), tree(LookupError(), tree(kind(1), kind(2)))))
    return tree(inner, ValueError(reply), LookupError())


def leaves(error):
    """Return the names of the types of the leaves of a group."""
    if not isinstance(error, ExceptionGroup):
        return [type(error).__name__]
    return [name for inner in error.exceptions for name in leaves(inner)]


def why_count(make):
    """Return the causes of a wrong count of what `make` makes."""
    error = make(answers())
    names = leaves(error)
    due = Counter(names)
    first = [type(each).__name__ for each in getattr(error, "exceptions", [error])]

    def counts(outcome):
        return outcome.value

    return [
        ended(
            "M01: `fn()` solo crea la corrutina: falta `await`",
            lambda o: "never-awaited" in {finding.kind for finding in o.findings},
        ),
        ended("llamas a `fn` más de una vez", lambda o: len(o.requests) > 1),
        ended("no llamas a `fn`: recibes la función, y la corrutina es `fn()`", lambda o: not o.requests),
        Cause("un error suelto no tiene `exceptions`: no es un grupo", error="no attribute 'exceptions'"),
        Cause(
            "lo que ningún `except*` toma se vuelve a lanzar: puede haber otros tipos",
            lambda o: isinstance(error, ExceptionGroup),
            error="ExceptionGroup",
        ),
        Cause(
            "un error suelto, sin grupo, sale de `classify`; también cuenta",
            lambda o: not isinstance(error, ExceptionGroup) and o.error.startswith(type(error).__name__),
            error="",
        ),
        NOTHING,
        typed(list, "una lista", "un diccionario: cuántas hojas hay de cada tipo"),
        typed(int, "un número", "un diccionario: cuántas hojas hay de cada tipo"),
        refused("las claves son los tipos; el enunciado pide su nombre, `type(error).__name__`", "type"),
        ended(
            "pierdes los errores: `classify` devuelve un diccionario vacío",
            lambda o: counts(o) == {},
        ),
        ended(
            "M15: cuentas un grupo como si fuera un error; `eg.exceptions` da solo el primer nivel",
            lambda o: any("ExceptionGroup" in str(name) and "(" not in str(name) for name in counts(o)),
        ),
        ended(
            "una misma excepción puede aparecer dos veces, y entonces son dos hojas",
            lambda o: counts(o) == Counter(unique_leaves(error)) != due,
        ),
        ended(
            "M15: `len(eg.exceptions)` cuenta solo el primer nivel; ahí un grupo cuenta como uno",
            lambda o: set(counts(o)) <= due.keys() and counts(o) == shallow(error, due),
        ),
        ended(
            "esos son los errores del ejemplo, no los de `fn`",
            lambda o: counts(o) == {"ValueError": 2, "KeyError": 1, "TypeError": 1},
        ),
        ended(
            "las claves son el nombre del tipo, `type(error).__name__`, y nada más",
            lambda o: any(not str(name).isidentifier() for name in set(counts(o)) - due.keys()),
        ),
        ended(
            "cuentas tipos, no hojas: dos errores del mismo tipo son dos",
            lambda o: counts(o) == dict.fromkeys(due, 1) != due,
        ),
        ended(
            "una clave con 0 sobra: el diccionario solo lleva los tipos que aparecen",
            lambda o: 0 in counts(o).values(),
        ),
        ended(
            "cuentas un error por el tipo del que deriva: cuenta el suyo, `type(error).__name__`",
            lambda o: sum(counts(o).values()) == len(names) and set(counts(o)) != due.keys(),
        ),
        ended(
            "pierdes las hojas de algunos tipos: pueden ser de cualquiera",
            lambda o: counts(o) == {name: due[name] for name in counts(o)} != due,
        ),
        ended(
            "M15: pierdes hojas de los niveles más hondos: un grupo puede llevar otros dentro",
            lambda o: sum(counts(o).values()) < len(names) and set(first) & set(counts(o)),
        ),
        ended("pierdes hojas", lambda o: sum(counts(o).values()) < len(names)),
    ]


def shallow(error, due):
    """Return the counts that `len(eg.exceptions)` in an `except*` for each type gives."""

    def count(name):
        return len(error.split(lambda leaf: type(leaf).__name__ == name)[0].exceptions)

    return {name: count(name) for name in due}


def unique_leaves(error, seen=None):
    """Return the names of the types of the leaves, each object counted once."""
    seen = set() if seen is None else seen
    if isinstance(error, ExceptionGroup):
        return [name for inner in error.exceptions for name in unique_leaves(inner, seen)]
    if id(error) in seen:
        return []
    seen.add(id(error))
    return [type(error).__name__]


RETURNED = [
    ended(
        "M01: `fn()` solo crea la corrutina: falta `await`",
        lambda o: "never-awaited" in {finding.kind for finding in o.findings},
    ),
    ended("llamas a `fn` más de una vez", lambda o: len(o.requests) > 1),
    ended(
        "si `fn` no falla, `classify` no devuelve nada: ¿falta un `return`?",
        lambda o: o.value["cuenta"] is None,
    ),
    ended(
        "devuelves una lista y el enunciado pide un diccionario", lambda o: type(o.value["cuenta"]) is list
    ),
    ended(
        "cuentas como error lo que `fn` devuelve: sin errores, `{}`",
        lambda o: bool(o.value["cuenta"]) and sum(o.value["cuenta"].values()) > 0,
    ),
    ended(
        "una clave con 0 sobra: sin errores, `{}`",
        lambda o: bool(o.value["cuenta"]),
    ),
]


# Reto any_


async def call_any(any_, fetch, items):
    """Return what `any_` gives of a coroutine for each of `items`."""
    value = await any_(*map(fetch, items))
    await asyncio.sleep(0.5)  # what goes on is seen at the end
    return value


def winner(outcome):
    """Return when the first call ended well."""
    return min(call.end for call in asked(outcome, "done"))


def is_raised(outcome):
    """Tell whether the run ended in an error of one of its coroutines, or in a group."""
    return "falla" in outcome.error or "ExceptionGroup" in outcome.error


def is_falsy(outcome):
    """Tell whether the first call that ended well gave something falsy."""
    return not min(asked(outcome, "done"), key=lambda call: call.end).token


def why_any(count):
    """Return the causes of a wrong winner among `count` coroutines."""
    return [
        refused("M01: devuelves una corrutina de `as_completed`: falta `await`", "corrutina"),
        RUNNING,
        APART,
        TASK,
        FUTURE,
        timed(
            "M08: esperas cada corrutina antes de iniciar la siguiente", lambda o: o.peak == 1 and count > 1
        ),
        Cause("la primera que termina no gana si ha fallado: espera a las demás", is_raised, error=""),
        limited(count),
        ended("devuelves una excepción: gana la primera que termina bien", lambda o: is_error(o.value)),
        ended(
            "devuelves varios resultados; el enunciado pide el de la primera que termina bien",
            lambda o: type(o.value) in (list, tuple, set, dict),
        ),
        ended(
            'un resultado que cuenta como falso (`None`, `0`, `""`, `False`) también gana: devuélvelo',
            lambda o: is_falsy(o) and (bool(o.value) or o.value is None or o.elapsed > winner(o) + 0.5),
        ),
        NOTHING,
        timed(
            "devuelves tarde: esperas a las que tendrías que cancelar", lambda o: o.elapsed > winner(o) + 0.5
        ),
        ended(
            "M14: ya hay ganadora y otras siguen: cancela todas las que quedan",
            lambda o: asked(o, "pending") or any(call.end > winner(o) for call in asked(o)),
        ),
    ]


async def call_any_failing(any_, fetch, kinds, mark):
    """Call `any_` with a coroutine for each of `kinds` that raises its type; return its errors.

    They are sorted by type: any order will do. mark: a service that takes no time.
    """

    async def ask(item, kind):
        raise kind(await fetch(item))

    try:
        given = {"devuelve": await any_(*(ask(item, kind) for item, kind in kinds.items()))}
    except ExceptionGroup as group:
        given = {"errores": sorted(group.exceptions, key=lambda error: type(error).__name__)}
    return given | {"después": await mark()}


def raised(kinds):
    """Return the errors that `call_any_failing` is due to return."""
    errors = [kind(answers(item)) for item, kind in kinds.items()]
    return sorted(errors, key=lambda error: type(error).__name__)


def why_errors(kinds):
    """Return the causes of a wrong end where all fail as `kinds` says."""

    def errors(outcome):
        return outcome.value["errores"]

    def own():
        return [f"{type(error).__name__}: {error}" for error in raised(kinds)]

    return [
        refused("M01: devuelves una corrutina de `as_completed`: falta `await`", "corrutina"),
        SEQUENTIAL,
        Cause("un `ExceptionGroup` lleva excepciones, no sus textos", error="is not an exception"),
        Cause(
            "el segundo argumento de `ExceptionGroup` es una lista de excepciones", error="must be a sequence"
        ),
        Cause(
            "el grupo se queda sin errores: guarda cada uno cuando llega",
            error="must be a non-empty sequence",
        ),
        Cause(
            "lanzas un solo error; un `ExceptionGroup` los lleva todos", lambda o: o.error in own(), error=""
        ),
        Cause(
            "lanzas otro error; el enunciado pide un `ExceptionGroup` con los de todas las corrutinas",
            lambda o: o.details["source"].startswith("raise"),
            error="",
        ),
        ended(
            "fallan todas y `any_` no lanza nada: devuelve el grupo, y hay que lanzarlo con `raise`",
            lambda o: is_error(o.value["devuelve"]) and "ExceptionGroup" in o.value["devuelve"].type,
        ),
        ended("fallan todas y `any_` no lanza nada", lambda o: "devuelve" in o.value),
        ended(
            "al grupo le faltan errores: espera a que fallen todas y guárdalos todos",
            lambda o: len(errors(o)) < len(kinds),
        ),
        ended(
            "dentro del grupo hay otro grupo: lleva los errores de las corrutinas, sin agrupar",
            lambda o: any("ExceptionGroup" in error.type for error in errors(o)),
        ),
        ended(
            "el grupo lleva otros errores: guarda las excepciones que lanzaron las corrutinas, las mismas",
            lambda o: texts(errors(o)) != texts(raised(kinds)),
        ),
        timed(
            "ya han fallado todas y `any_` sigue esperando",
            lambda o: o.elapsed > max(c.end for c in o.requests if c.service == "fetch"),
        ),
    ]
