"""Scenarios and causes of the tests of section 3, tasks and concurrency."""

import asyncio
import gc
import inspect
import weakref
from collections import Counter
from typing import Any

from grader import Cause, Tokens

answers = Tokens()  # each answer holds something drawn at random: nobody can guess it
FALSY = {"ninguno": None, "cero": 0, "nada": "", "no": False, "nunca": False, "vacía": []}


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


def typed(kind, name, wanted="lista"):
    """Return a cause of a value of another type than the one that is wanted."""
    return ended(
        f"devuelves {name} y el enunciado pide una {wanted}", lambda outcome: type(outcome.value) is kind
    )


def texts(values):
    return sorted(map(repr, values))


def lacks(values, due, of):
    """Tell whether `values` is `due` without some for which `of` is true, in any order."""
    missing = Counter(texts(due))
    missing.subtract(texts(values))
    lost = [value for value in due if missing[repr(value)] > 0]
    return bool(lost) and min(missing.values()) >= 0 and all(map(of, lost))


def goes_on(outcome):
    """Tell whether all requests were answered and the run went on waiting."""
    calls = outcome.requests
    return all(call.state == "done" for call in calls) and outcome.elapsed > max(call.end for call in calls)


LATE = timed("ya han llegado todas las respuestas y tu función sigue esperando: ¿sobra un `sleep`?", goes_on)
FUTURE = "devuelves un futuro, no su resultado: ¿quién lo espera?"
TASK = "devuelves tareas, no sus resultados: ¿quién las espera?"
RUNNING = Cause("el bucle ya está en marcha: aquí basta `await`", error="already running")
UNCALLED = Cause(
    "`create_task` recibe la corrutina que da la llamada: ¿faltan los paréntesis?",
    error="a coroutine was expected",
)
PENDING = ended(
    "tu función termina sin esperar todas las respuestas",
    lambda o: any(call.state == "pending" for call in o.requests),
)
EARLY = Cause("esa tarea aún no ha terminado: ¿quién la espera?", error="InvalidState")
NOTHING = ended(
    "la función no devuelve nada: ¿falta un `return`?", lambda o: o.value is None and not o.refused
)


# 3.1 fetch_all


async def unordered(fetch_all, ids, fetch):
    """Return the answers in an order of their own: type and order are judged in another test."""
    found = await fetch_all(ids, fetch)
    return sorted(found, key=str) if isinstance(found, list | tuple | set) else found


def unsorted(*items):
    """Return what a service answers to `items`, as `unordered` returns it."""
    return sorted(replies(*items), key=str)


def why_ids(*ids):
    """Return the causes of a wrong `fetch_all` that was asked for `ids`."""
    due = replies(*ids)
    stream = "eso es un generador asíncrono: la lista se devuelve con `return`, sin `yield`"

    def by_arrival(outcome):
        calls = sorted(outcome.requests, key=lambda call: call.end)
        return outcome.value == [replied(*call.args) for call in calls] != due

    def are_all(outcome):
        return texts(outcome.value) == texts(due) and outcome.value != due

    return [
        Cause(stream, error="async_generator"),
        refused(stream, "un generador asíncrono"),
        RUNNING,
        UNCALLED,
        EARLY,
        Cause(
            "`gather` recibe corrutinas y ahí las esperas antes, una por una: sobra un `await`",
            lambda o: bool(o.requests),
            error="awaitable is required",
        ),
        Cause(
            "`gather` recibe las corrutinas por separado: ¿falta un `*`, o los paréntesis de una llamada?",
            error="awaitable is required",
        ),
        Cause("`asyncio.wait` no admite una lista vacía: sin ids se devuelve `[]`", error="is empty"),
        ended("llamas a `fetch` más de una vez por cada id", lambda o: len(o.requests) > len(ids)),
        Cause(FUTURE, error="with future"),
        refused(FUTURE, "futuro"),
        refused(TASK, "una tarea"),
        refused("devuelves el método, no lo que da: a `.result` le faltan los paréntesis", "method"),
        NOTHING,
        Cause(
            "al ordenar comparas unas respuestas con otras, y pueden ser de cualquier tipo: "
            "el orden que se pide es el de `ids`",
            error="'<' not supported",
        ),
        Cause(
            "`create_task` recibe una corrutina, que es lo que da la llamada: `fetch(id_)`",
            error="create_task() takes",
        ),
        Cause(
            "`gather` recibe las corrutinas por separado: ¿falta un `*` delante de la lista?",
            lambda o: not o.requests,
            error="unhashable type: 'list'",
        ),
        PENDING,
        ended(
            "devuelves parejas `(id, respuesta)` y el enunciado pide solo las respuestas",
            lambda o: bool(ids) and [*map(tuple, o.value)] == [*zip(ids, due, strict=True)],
        ),
        typed(tuple, "una tupla"),
        typed(dict, "un diccionario"),
        typed(set, "un conjunto"),
        ended(
            "devuelves los ids, no lo que responde `fetch`",
            lambda o: bool(ids) and texts(o.value) == texts(ids),
        ),
        ended(
            "esos son los datos del ejemplo, no lo que responde `fetch`",
            lambda o: o.value == ["User 1", "User 2", "User 3"],
        ),
        ended(
            "si un id se repite, su respuesta también: te falta alguna",
            lambda o: set(texts(o.value)) == set(texts(due)) and len(o.value) < len(due),
        ),
        ended(
            'descartas las respuestas que cuentan como falsas: `None`, `0`, `""` y `False` también responden',
            lambda o: lacks(o.value, due, lambda value: not value),
        ),
        ended("M16: ese es el orden de llegada; el enunciado pide el de `ids`", by_arrival),
        ended(
            "ordenas las respuestas por su valor; el enunciado pide el orden de `ids`",
            lambda o: (
                are_all(o)
                and o.value == sorted(due, key=str)
                and o.value != sorted(due, key=str, reverse=True)
            ),
        ),
        ended("están todas las respuestas, pero no en el orden de `ids`", are_all),
        timed(
            "M08: esperas cada petición antes de iniciar la siguiente; "
            "`await create_task(f())` en un bucle también es secuencial",
            lambda o: o.peak == 1 and len(ids) > 1,
        ),
        timed(
            "no todas las peticiones están en curso a la vez, y aquí no hay un máximo",
            lambda o: 1 < o.peak < len(ids) == len(o.requests),
        ),
        LATE,
    ]


# 3.2 dashboard


async def page(dashboard, user, posts, ads):
    """Return what `dashboard` gives; any tuple will do, one whose parts have names as well."""
    found = await dashboard(user, posts, ads)
    return tuple(found) if isinstance(found, tuple) else found


async def page_parts(dashboard, user, posts, ads):
    """Return the same in an order of its own: type and order are judged in another test."""
    found = await dashboard(user, posts, ads)
    return parts(*found) if isinstance(found, tuple | list) else found


def parts(*values):
    return sorted(values, key=str)


def shown(user="ana"):
    """Return the page of a user whom `user` answers as `answers(name)` does."""
    return answers(user), answers(answers(user)), answers("anuncios")


def span(outcome, name):
    """Return when the call of a service began and ended."""
    return next((call.start, call.end) for call in outcome.requests if call.service == name)


def given(outcome):
    """Return what `posts` was called with, and the user: its token, or None for one that is falsy."""
    posts, user = (next(c for c in outcome.requests if c.service == name) for name in ("posts", "user"))
    return posts.args, user.token or None


def uncalled(name):
    return lambda o: not o.findings and name not in {call.service for call in o.requests}


def is_falsy_user(outcome):
    return next(call for call in outcome.requests if call.service == "user").token == ""


_CALLS = [
    RUNNING,
    UNCALLED,
    EARLY,
    ended("llamas dos veces a la misma función: guarda su respuesta", lambda o: len(o.requests) > 3),
    ended("llamas a `posts` sin darle el usuario", lambda o: given(o)[0] == ()),
    ended(
        "cambias un usuario que cuenta como falso (`None`, `0`) por otra cosa: es el que `posts` necesita",
        lambda o: is_falsy_user(o) and any(given(o)[0]) and span(o, "posts")[0] >= span(o, "user")[1],
    ),
    ended(
        "`posts` no recibió el usuario, sino otra cosa: ¿una tarea sin esperar?",
        lambda o: any(arg for arg in given(o)[0]) and given(o)[0] != (given(o)[1],),
    ),
    ended(
        "no llamas a `posts` porque el usuario cuenta como falso (`None`, `0`): también es una respuesta",
        lambda o: uncalled("posts")(o) and is_falsy_user(o),
    ),
    ended("no llamas a `user`", uncalled("user")),
    ended("no llamas a `posts`", uncalled("posts")),
    ended("no llamas a `ads`", uncalled("ads")),
    NOTHING,
    refused(FUTURE, "futuro"),
    refused(TASK, "una tarea"),
    ended(
        "tu función termina sin esperar la respuesta de `ads`",
        lambda o: any(call.service == "ads" and call.state == "pending" for call in o.requests),
    ),
    typed(dict, "un diccionario", "tupla"),
    ended(
        "esos son los datos del ejemplo, no lo que responden las funciones",
        lambda o: sorted(o.value) == ["ana", "anuncios", "posts de ana"],
    ),
]


def told(outcome):
    """Return what user, posts and ads answered: their tokens, "" for a falsy value."""
    return [next(c.token for c in outcome.requests if c.service == name) for name in ("user", "posts", "ads")]


DASHBOARD = [
    *_CALLS,
    typed(list, "una lista", "tupla"),
    ended(
        "están los tres, pero en otro orden: la tupla es `(usuario, posts, anuncios)`",
        lambda o: texts(o.value) == texts(told(o)),
    ),
    ended(
        'cambias o descartas una respuesta que cuenta como falsa (`None`, `0`, `""`): es una más',
        lambda o: "" in told(o) and all(token in o.value for token in told(o) if token),
    ),
]


DASHBOARD_TIMES = [
    *_CALLS,
    timed("M08: esperas cada llamada antes de iniciar la siguiente", lambda o: o.peak == 1),
    ended(
        "llamas a `posts` antes de tener el usuario",
        lambda o: span(o, "posts")[0] < span(o, "user")[1],
    ),
    timed(
        "`posts` no necesita esperar a `ads`",
        lambda o: span(o, "posts")[0] == span(o, "ads")[1] > span(o, "user")[1],
    ),
    timed(
        "ya tienes el usuario y aún no llamas a `posts`: ¿qué esperas?",
        lambda o: span(o, "posts")[0] > span(o, "user")[1],
    ),
    timed("`ads` no necesita a nadie: ¿por qué no empieza en t = 0?", lambda o: span(o, "ads")[0] > 0),
    timed("`user` no necesita a nadie: ¿por qué no empieza en t = 0?", lambda o: span(o, "user")[0] > 0),
    LATE,
]


# 3.3 Background


async def survivors(background_class, save, count):
    """Spawn tasks whom nobody but the background holds; return what became of them."""
    background, replies, saved = background_class(), [], []

    async def job(number):
        reply = asyncio.get_running_loop().create_future()
        replies.append(weakref.ref(reply))  # whoever will answer does not hold the answer
        saved.append(await save(await reply + number))

    for number in range(count):
        background.spawn(job(number))
    await asyncio.sleep(1)
    gc.collect()
    alive = [reply for reference in replies if (reply := reference())]
    for reply in alive:
        reply.set_result(10)
    await asyncio.sleep(2)
    return {"lanzados": len(replies), "vivos": len(alive), "guardados": sorted(saved)}


async def alive(background_class, work, names, cancelled=()):
    """Return how many tasks there were at once, after 1.2 s and at the end, and what was done.

    cancelled: the numbers of those that are cancelled after 0.2 s.
    """
    background, other, finished = background_class(), background_class(), []

    async def job(name):
        finished.append(await work(name))

    tasks = [background.spawn(job(name)) for name in names]
    counts = [len(background.tasks)]
    others = len(other.tasks)
    await asyncio.sleep(0.2)
    for number in cancelled:
        tasks[number].cancel()
    for seconds in (1, 8):
        await asyncio.sleep(seconds)
        counts.append(len(background.tasks))
    await asyncio.gather(*tasks, return_exceptions=True)
    return {"len(tasks)": counts, "de otro Background": others, "hechos": finished}


async def failures(background_class, charge, kinds, cancelled=()):
    """Return the errors of tasks that fail as `kinds` says for each user, and those of another background.

    cancelled: the numbers of those that are cancelled after 0.5 s.
    """
    background, other = background_class(), background_class()

    async def pay(user, kind):
        reply = await charge(user)
        if kind is not None:
            raise kind(reply)

    tasks = [background.spawn(pay(user, kind)) for user, kind in kinds.items()]
    await asyncio.sleep(0.5)
    for number in cancelled:
        tasks[number].cancel()
    await asyncio.sleep(8)
    errors = background.errors
    if isinstance(errors, list):
        errors = sorted(errors, key=lambda error: type(error).__name__)  # any order will do
    return {"errors": errors, "de otro Background": other.errors}


def has_finding(outcome, text):
    return any(text in finding.text for finding in outcome.findings)


BACKGROUND = [
    Cause(
        "`spawn` es una función normal, que nadie espera: le sobra `async`",
        lambda o: any(f.kind == "never-awaited" and "`spawn" in f.text for f in o.findings),
    ),
    Cause(
        "`spawn` no devuelve la tarea",
        lambda o: not o.details.get("line"),
        error="awaitable is required",
    ),
    Cause(
        "`task.exception()` de una tarea cancelada lanza CancelledError dentro de tu retrollamada",
        lambda o: has_finding(o, "CancelledError"),
    ),
    Cause(
        "`spawn` no devuelve la tarea",
        lambda o: not o.details.get("line"),
        error="NoneType",
    ),
    Cause(
        "preguntas por el error de una tarea que no ha terminado: "
        "a `add_done_callback` se le pasa la función, sin llamarla",
        error="InvalidState",
    ),
    Cause(
        "el bucle ya está en marcha: `spawn` no ejecuta la corrutina, solo crea su tarea",
        error="already running",
    ),
    Cause(
        "un `TaskGroup` solo sirve dentro de su `async with`, que espera a todas; aquí nadie espera",
        error="has not been entered",
    ),
    Cause("`tasks` tiene que ser una colección, de la que `len` dice cuántas hay", error="has no len"),
    ended(
        "todos los objetos comparten la misma lista: créala en `__init__`, no en la clase",
        lambda o: o.value["de otro Background"],
    ),
]


def count(outcome, *states):
    return sum(call.state in states for call in outcome.requests)


TASKS = [
    *BACKGROUND,
    ended("`tasks` no contiene las tareas que acabas de lanzar", lambda o: o.value["len(tasks)"][0] == 0),
    ended(
        "`tasks` no contiene todas las tareas que acabas de lanzar: ¿borra cada `spawn` las anteriores?",
        lambda o: o.value["len(tasks)"][0] < len(o.requests),
    ),
    ended(
        "de `tasks` desaparecen tareas que aún no han terminado",
        lambda o: o.value["len(tasks)"][1] < sum(call.end > 1.2 for call in o.requests),
    ),
    ended(
        "las tareas que fallan siguen en `tasks`, que crece sin parar",
        lambda o: o.value["len(tasks)"][-1] == count(o, "failed") > 0,
    ),
    ended(
        "las tareas canceladas siguen en `tasks`, que crece sin parar",
        lambda o: o.value["len(tasks)"][-1] == count(o, "cancelled") > 0,
    ),
    ended(
        "las tareas terminadas siguen en `tasks`, que crece sin parar",
        lambda o: o.value["len(tasks)"][-1] > 0,
    ),
]


def living(counts, *names):
    """Return what `alive` returns: how many tasks there were, and the names of those that were done."""
    return {"len(tasks)": counts, "de otro Background": 0, "hechos": replies(*names)}


class Declined(Exception):
    """An error of a type that no answer knows."""


KINDS: dict[str, Any] = {
    "ana": None,
    "leo": ValueError,
    "eva": KeyError,
    "luz": Declined,
    "ivo": OSError,
    "noa": ZeroDivisionError,
    "sol": TimeoutError,
    "pau": None,
}


def payments(*users):
    """Return how the payment of each user fails: the type of its exception, or None."""
    return {user: KINDS[user] for user in users}


def failed(*users):
    """Return what `failures` returns where the payments of `users` have failed."""
    users = sorted(users, key=lambda user: KINDS[user].__name__)
    return {"errors": [KINDS[user](answers(user)) for user in users], "de otro Background": []}


def due_errors(outcome):
    """Return how many of the payments that were made fail."""
    return sum(call.state == "done" and KINDS[call.args[0]] is not None for call in outcome.requests)


def errors(outcome):
    return outcome.value["errors"]


def is_cancellation(error):
    return getattr(error, "type", "") == "CancelledError"


ERRORS = [
    *BACKGROUND,
    refused("`errors` guarda tareas; el enunciado pide sus excepciones", "una tarea"),
    ended("`errors` tiene que ser una lista", lambda o: type(errors(o)) is not list),
    ended("guardas la cancelación como si fuera un error", lambda o: any(map(is_cancellation, errors(o)))),
    ended("guardas `None` por las tareas que terminan bien", lambda o: None in errors(o)),
    ended(
        "`errors` guarda textos; el enunciado pide las excepciones",
        lambda o: any(isinstance(error, str) for error in errors(o)),
    ),
    ended("guardas una excepción más de una vez", lambda o: len(errors(o)) > due_errors(o)),
    ended(
        "recoges las excepciones de unos tipos y pierdes las de los demás",
        lambda o: bool(errors(o)) and has_finding(o, "nadie recogió"),
    ),
    ended(
        "`errors` guarda solo una excepción: ¿borra cada fallo los anteriores?",
        lambda o: len(errors(o)) == 1 < due_errors(o) and not o.findings,
    ),
    ended(
        "pierdes excepciones: `errors` guarda las de todas las que fallan, sean del tipo que sean",
        lambda o: len(errors(o)) < due_errors(o) and not o.findings,
    ),
]


# Reto as_finished


async def arrived(as_finished, fn, items):
    """Return each pair and when it came, sorted where several came at once; any tuple will do."""
    pairs = as_finished(fn, items)
    if inspect.iscoroutine(pairs):  # a function without `yield`
        pairs = await pairs
    time = asyncio.get_running_loop().time
    start = time()
    found = [(tuple(pair) if isinstance(pair, tuple) else pair, time() - start) async for pair in pairs]
    return sorted(found, key=lambda each: (each[1], str(each[0])))


async def close_early(as_finished, fn, items):
    """Close the generator after its first pair; return that pair."""
    pairs = as_finished(fn, items)
    if inspect.iscoroutine(pairs):  # a function without `yield`
        pairs = await pairs
    first = await anext(pairs)
    await pairs.aclose()
    await asyncio.sleep(0.1)  # whatever goes on is seen at the end
    return tuple(first) if isinstance(first, tuple) else first


def due(delay, *items):
    """Return what `arrived` returns of `items`; delay: seconds by item, 1 where it says nothing."""
    found = [((item, replied(item)), delay.get(item, 1)) for item in items]
    return sorted(found, key=lambda each: (each[1], str(each[0])))


def why_pairs(*items):
    """Return the causes of wrong pairs of `items`."""
    due = [(item, replied(item)) for item in items]

    def pairs(outcome):
        """Return the pairs; `close_early` gives one alone."""
        if type(outcome.value) is list and all(type(each) is tuple for each in outcome.value):
            return [pair for pair, _ in outcome.value]
        return [outcome.value]

    def times(outcome):
        return [at for _, at in outcome.value]

    def strange(pair):
        return repr(pair) not in texts(due)

    def is_slow(outcome):
        ends = sorted(call.end for call in outcome.requests)
        return any(at > end for at, end in zip(times(outcome), ends, strict=False))

    return [
        Cause("eso es un generador síncrono: le falta `async` delante de `def`", error="got generator"),
        Cause(
            "al cerrar el generador, tu `TaskGroup` envuelve GeneratorExit en un grupo: saca de él `yield`",
            lambda o: any("GeneratorExit" in leaf for leaf in o.details["leaves"]),
            error="",
        ),
        UNCALLED,
        Cause("`as_finished` no entrega nada: un generador asíncrono lleva `yield`", error="__aiter__"),
        Cause("`as_finished` no entrega nada: un generador asíncrono lleva `yield`", error="async iterator"),
        Cause("`asyncio.wait` no admite una lista vacía: sin elementos no se entrega nada", error="is empty"),
        refused("lo que da `as_completed` hay que esperarlo: falta `await`", "una corrutina"),
        refused("entregas tareas; el enunciado pide parejas `(item, resultado)`", "una tarea"),
        ended(
            "entregas listas y el enunciado pide tuplas `(item, resultado)`",
            lambda o: any(type(pair) is list for pair in pairs(o)),
        ),
        ended(
            "entregas resultados sin su `item`",
            lambda o: bool(pairs(o)) and all(repr(pair) in texts(replies(*items)) for pair in pairs(o)),
        ),
        ended(
            "entregas otra cosa; el enunciado pide tuplas `(item, resultado)`",
            lambda o: any(type(pair) is not tuple or len(pair) != 2 for pair in pairs(o)),
        ),
        ended(
            "la pareja está al revés: es `(item, resultado)`",
            lambda o: bool(pairs(o)) and all(strange(pair) and not strange(pair[::-1]) for pair in pairs(o)),
        ),
        ended("M16: la pareja lleva el resultado de otro `item`", lambda o: any(map(strange, pairs(o)))),
        ended("llamas a `fn` más de una vez por cada `item`", lambda o: len(o.requests) > len(items)),
        ended(
            "se pierde un `item` repetido: cada vez que aparece es una llamada y una pareja",
            lambda o: len(o.requests) < len(items) and {r.args for r in o.requests} == {(i,) for i in items},
        ),
        ended(
            "un `item` que se repite tiene otras tantas parejas: falta alguna",
            lambda o: set(texts(pairs(o))) == set(texts(due)) and len(pairs(o)) < len(due),
        ),
        ended(
            'descartas los resultados que cuentan como falsos: `None`, `0`, `""` y `False` también lo son',
            lambda o: (
                type(o.value) is list and lacks(pairs(o), due, lambda pair: not pair[1]) and not o.findings
            ),
        ),
        ended(
            "faltan parejas: hay una por cada `item`, también si varias terminan a la vez",
            lambda o: type(o.value) is list and lacks(pairs(o), due, lambda pair: True),
        ),
        ended(
            "una pareja sale dos veces y otra falta: dos items pueden tener el mismo resultado",
            lambda o: type(o.value) is list and len(pairs(o)) == len(due) and texts(pairs(o)) != texts(due),
        ),
        timed(
            "M08: llamas a `fn` para un item cuando ya ha terminado el anterior",
            lambda o: o.peak == 1 and len(items) > 1,
        ),
        timed(
            "no todas las llamadas están en curso a la vez, y aquí no hay un máximo",
            lambda o: 1 < o.peak < len(items),
        ),
        timed(
            "esperas a todas antes de entregar la primera: la más lenta retiene a las demás",
            lambda o: len(set(times(o))) == 1 and is_slow(o),
        ),
        timed(
            "M16: entregas en el orden de `items`; una lenta retiene a las que ya han llegado",
            lambda o: texts(pairs(o)) == texts(due) and is_slow(o) and [p[0] for p in pairs(o)] == [*items],
        ),
        ended("entregas parejas más tarde de lo que llegan: ¿qué las retiene?", is_slow),
        ended(
            "la primera pareja que entregas no es la primera que llega",
            lambda o: (
                type(o.value) is tuple
                and o.elapsed > 0.1 + min(call.end for call in o.requests if call.state == "done")
            ),
        ),
        ended(
            "al cerrarse el generador quedan llamadas en marcha: nadie cancela sus tareas",
            lambda o: any(call.state == "pending" for call in o.requests),
        ),
    ]
