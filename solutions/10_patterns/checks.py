"""Scenarios, services and probable causes of the tests of section 10."""

import asyncio
import inspect
from collections import Counter
from itertools import pairwise

from grader import Cause, Tokens, service

noted = Tokens()
note = service(delay=0, name="note", reply=noted)


BLUNDERS = ("Attribute", "Import", "Index", "Key", "Name", "Type", "UnboundLocal", "ZeroDivision")


def ended(text, when):
    """Return a cause of a run that ended without an error and forgot no coroutine: that would explain all."""
    return Cause(
        text,
        lambda outcome: outcome.error is None and not has(outcome, "never-awaited") and when(outcome),
    )


def failed(text, words, when=lambda outcome: True):
    """Return a cause of a run that ended in an error, alone or in a group, of which the text has `words`."""
    return Cause(text, lambda outcome: words in str(dict(outcome.details)) and when(outcome), error="")


def has(outcome, kind):
    return any(finding.kind == kind for finding in outcome.findings)


def leaves(error):
    """Return an exception, or those of a group, as a list."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in leaves(inner)]
    return [error]


def calls(outcome, *names):
    """Return the calls of some services, in the order in which they began."""
    return [request for request in outcome.requests if request.service in names]


def most(outcome, *names):
    """Return how many calls of some services were in flight at once."""
    spans = [(call.start, float("inf") if call.end is None else call.end) for call in calls(outcome, *names)]
    return max((sum(start <= at < end for start, end in spans) for at, _ in spans), default=0)


async def treat(fn, items, *others):
    """Return what `fn` gives, unless it has changed the list that it was given."""
    before = repr(items)
    found = await fn(items, *others)
    return found if repr(items) == before else "modifica la lista"


async def break_down(fn, kind, clean, items, *others):
    """Return the exceptions of a `kind` that `fn` raises, where a cancelled call has to `clean` up."""

    def careful(work):
        async def call(value):
            try:
                return await work(value)
            except asyncio.CancelledError:
                await clean(value)
                raise

        return call

    try:
        await fn(items, *(careful(other) if callable(other) else other for other in others))
    except Exception as error:
        if not all(isinstance(leaf, kind) for leaf in leaves(error)):
            raise
        return leaves(error)
    return "termina sin error"


async def call_off(fn, seconds, note, *args):
    """Return what `note` answers about the end of `fn`, which is cancelled after some seconds."""
    task = asyncio.create_task(fn(*args), name="cancelada")
    await asyncio.sleep(seconds)
    if task.done():
        task.result()
        return await note("ya había terminado")
    task.cancel()
    await asyncio.wait([task])
    return await note("se cancela" if task.cancelled() else "no se cancela")


def broken_causes(error_at, names):
    """Return the causes where a call of one of the services `names` fails, or the caller is cancelled.

    error_at: when that call fails.
    """
    return [
        failed(
            "se propaga otro error: el que lanza el servicio llega a quien llama, solo o en un grupo",
            "Error",
            lambda o: (
                any(call.state == "failed" for call in calls(o, *names))
                and not any(leaf.startswith(BLUNDERS) for leaf in o.details["leaves"] or [o.error])
            ),
        ),
        ended(
            "tratas algún elemento más de una vez",
            lambda o: any(
                max(Counter(repr(call.args) for call in calls(o, name)).values()) > 1 for name in names
            ),
        ),
        ended(
            "ocultas el error: quien llama cree que todo fue bien", lambda o: o.value == "termina sin error"
        ),
        ended(
            "M18: te tragas la cancelación: también debe propagarse",
            lambda o: o.value == noted("no se cancela"),
        ),
        ended(
            "terminas antes de que acabe el trabajo: nadie espera a las tareas",
            lambda o: o.value == noted("ya había terminado"),
        ),
        ended(
            "quien llama se va, pero alguien sigue trabajando: cancela también a los demás y espéralos",
            lambda o: o.value == noted("se cancela") and has(o, "leaked"),
        ),
        ended(
            "el error se propaga tarde: en cuanto algo falla, los demás se cancelan",
            lambda o: o.elapsed > error_at and not any(call.state == "cancelled" for call in o.requests),
        ),
        ended(
            "cancelas a los demás, pero no esperas a que terminen de cancelarse",
            lambda o: (
                type(o.value) is list
                and any(call.state == "cancelled" for call in calls(o, *names))
                and o.elapsed <= error_at
            ),
        ),
        ended(
            "M14: el error se propaga y alguien sigue trabajando: `gather` no cancela; un grupo, sí",
            lambda o: has(o, "leaked"),
        ),
    ]


# 10.1 pipeline

drawn = Tokens()
MIXED = [3, None, "END", 0, False, "", [1], (), "END", -1, 2]
OTHERS = ["fin", 4, None, {"id": 1}, 0, "", False, 1, "fin"]
FALSY = {1: None, 2: 0, 3: "", 4: False}


def replied(item):
    """Return what `work` answers to an item: something nobody can guess, or a falsy value."""
    return FALSY[item] if type(item) is int and item in FALSY else drawn(item)


def results(items, reply=replied):
    """Return what `work` answers to each of `items`."""
    return [*map(reply, items)]


async def treat_repeated(pipeline, items, n, work):
    """Return the items of which the results tell, and how many calls these come from."""
    numbers = iter(range(len(items) * 2))

    async def numbered(item):
        number = next(numbers)
        await work(item)
        return [item, number]

    found = await pipeline(items, n, numbered)
    if not all(type(each) is list and len(each) == 2 for each in found):
        return found
    return {
        "de": [item for item, _ in found],
        "llamadas": len({number for _, number in found}),
    }


def missing(outcome, items):
    """Return the items for which nobody called `work`."""
    lost = Counter(map(repr, items))
    lost.subtract(repr(call.args[0]) for call in calls(outcome, "work"))
    return [item for item in items if lost[repr(item)] > 0]


def pipeline_causes(items, reply=replied):
    """Return the causes where what `reply` gives of each of `items` is expected, in their order."""

    def wrong(text, when):
        return ended(text, lambda o: repr(o.value) != repr(results(items, reply)) and when(o))

    def repeats(outcome):
        """Tell whether all that is missing equals what was treated."""
        lost, treated = missing(outcome, items), [call.args[0] for call in calls(outcome, "work")]
        return lost and all(any(each == other for other in treated) for each in lost)

    return [
        failed(
            "cualquier valor puede ser un elemento, también una lista, que no sirve de clave: usa su lugar",
            "unhashable type",
            lambda o: "gather(" not in o.details["source"],
        ),
        wrong(
            "vacías o cambias la lista `items`, que es de quien llama",
            lambda o: o.value == "modifica la lista",
        ),
        wrong(
            "sin elementos, devuelve la lista vacía",
            lambda o: not items and o.value is None and not o.refused,
        ),
        wrong(
            "`pipeline` no devuelve nada: ¿falta un `return`?", lambda o: o.value is None and not o.refused
        ),
        wrong("devuelves una tupla, y el enunciado pide una lista", lambda o: type(o.value) is tuple),
        wrong(
            "devuelves un diccionario, y el enunciado pide una lista",
            lambda o: type(o.value) is dict and "llamadas" not in o.value,
        ),
        wrong(
            "`pipeline` devuelve una lista con los resultados",
            lambda o: type(o.value) not in (list, dict) and not o.refused,
        ),
        wrong(
            "devuelves parejas, y el enunciado pide solo los resultados",
            lambda o: o.value and all(type(each) in (tuple, list) and len(each) == 2 for each in o.value),
        ),
        ended(
            "cancelas a los consumidores antes de que acaben su elemento: falta esperar a `join()`",
            lambda o: any(call.state == "cancelled" for call in o.requests),
        ),
        ended("tratas algún elemento más de una vez", lambda o: len(calls(o, "work")) > len(items)),
        ended("los elementos repetidos también se tratan: dos iguales son dos", repeats),
        ended(
            "M24: un elemento como `None`, `0` o `END` no es un centinela: también se trata",
            lambda o: (
                {*map(repr, missing(o, items))} & {"None", "0", "'END'", "'fin'", "''", "False", "-1", "()"}
            ),
        ),
        ended(
            "se pierden elementos: un consumidor se va porque la cola está vacía en ese instante",
            lambda o: missing(o, items) and not has(o, "leaked"),
        ),
        wrong(
            "dos elementos iguales son dos: guarda cada resultado por su lugar, no por su valor",
            lambda o: o.value["llamadas"] < len(items),
        ),
        wrong(
            "un resultado como `None`, `0` o un texto vacío también cuenta: no lo quites",
            lambda o: type(o.value) is list and len(o.value) < len(items),
        ),
        wrong(
            "M16: están todos, pero en el orden de llegada; el enunciado pide el de `items`",
            lambda o: (
                o.value
                == [reply(call.args[0]) for call in sorted(calls(o, "work"), key=lambda call: call.end)]
            ),
        ),
        wrong(
            "están todos los resultados, pero no en el orden de `items`",
            lambda o: sorted(map(repr, o.value)) == sorted(map(repr, results(items, reply))),
        ),
        wrong(
            "dos elementos iguales son dos: guarda cada resultado por su lugar, no por su valor",
            lambda o: len({*map(repr, items)}) < len(items) == len(o.value),
        ),
        wrong("lo que devuelves no es lo que da `work`", lambda o: type(o.value) is list),
    ]


def pace_causes(n, items):
    """Return the causes where `n` consumers treat `items` in a given time."""
    return [
        *crowd_causes(n, items),
        ended(
            "quien acaba antes espera a los demás: ¿lotes, o elementos repartidos de antemano?",
            lambda o: (
                o.value == results(items, drawn) and o.elapsed == max(call.end for call in calls(o, "work"))
            ),
        ),
        ended(
            "todo el trabajo está hecho y `pipeline` sigue esperando: sobra una espera",
            lambda o: (
                o.value == results(items, drawn) and o.elapsed > max(call.end for call in calls(o, "work"))
            ),
        ),
        *pipeline_causes(items, drawn),
    ]


def crowd_causes(n, items):
    """Return the causes where too many treat `items` at once, or too few."""
    return [
        ended(
            "nadie llama a `work`: los consumidores se van enseguida",
            lambda o: not calls(o, "work") and not o.findings,
        ),
        ended(
            "M21: trabajan demasiados a la vez: el enunciado pide `n` como máximo",
            lambda o: most(o, "work") > n,
        ),
        ended(
            "M08: tratas cada elemento cuando ha acabado el anterior",
            lambda o: min(n, len(items)) > 1 == most(o, "work"),
        ),
        ended(
            "los consumidores tardan en empezar: sobra una espera", lambda o: calls(o, "work")[0].start > 0
        ),
        ended(
            "trabajan menos de `n` a la vez, y aún quedan elementos",
            lambda o: most(o, "work") < min(n, len(items)),
        ),
    ]


def pipeline_broken(n, items, error_at):
    """Return the causes where the work of `n` fails at `error_at`, or their caller is cancelled."""
    return [
        Cause(
            "M24: murió un consumidor sin su `task_done`, y `join` espera para siempre",
            lambda o: any(each.kind == "deadlock" and "queue.join" in each.text for each in o.findings),
            error="",
        ),
        *crowd_causes(n, items),
        *broken_causes(error_at, ["work"]),
    ]


# 10.2 async_retry

CASES = {  # on, max_attempts, the failures in their order, how many calls are due
    "un error que no está en `on`": ((OSError,), 5, [KeyError("nmae")], 1),
    "el último error de tres": ((OSError,), 3, [OSError("uno"), OSError("dos"), OSError("tres")], 3),
    "una subclase, la segunda clase y otra": (
        (LookupError, OSError),
        4,
        [ConnectionError("uno"), IndexError("dos"), ValueError("tres")],
        3,
    ),
}
MORE = {
    "primero uno de `on` y después otro": ((OSError,), 4, [TimeoutError("uno"), TypeError("dos")], 2),
    "el último error de cuatro": ((ArithmeticError,), 4, [OverflowError(f"n.º {k}") for k in range(4)], 4),
    "ninguno en `on`": ((), 3, [OSError("uno")], 1),
}


async def timed_calls(async_retry, numbers, lucks, api, note):
    """Return the answer of a decorated function and its waits between the calls, as `note` answers."""
    spans, time, given = [], asyncio.get_running_loop().time, iter(lucks)

    async def call(*args, **kwargs):
        began = time()
        try:
            return await api(*args, **kwargs)
        finally:
            spans.append((began, time()))

    retrying = async_retry(*numbers, (OSError,), lambda: next(given, lucks[-1]))(call)
    answer = await retrying("/users", page=2)
    waits = [round(later[0] - earlier[1], 6) for earlier, later in pairwise(spans)]
    return {"respuesta": await note(answer), "esperas": [await note(f"{wait:g} s") for wait in waits]}


def backoff(numbers, lucks, formula):
    """Return the waits between the calls, by a formula of the number of the failure and the luck."""
    return [
        f"{round(formula(k, luck), 6):g} s" for k, luck in zip(range(numbers[0] - 1), lucks, strict=False)
    ]


def due_waits(numbers, lucks):
    _, base, top = numbers
    return backoff(numbers, lucks, lambda k, luck: min(base * 2**k * (0.5 + luck), top))


def waits_of(outcome):
    """Return how long was waited between the calls of the service."""
    made = calls(outcome, "api")
    return [f"{round(later.start - earlier.end, 6):g} s" for earlier, later in pairwise(made)]


_NORMAL = "`async_retry` y su decorador son funciones normales: solo es asíncrona la función decorada"
_NOTHING = "falta un `return`: `async_retry` devuelve el decorador, y este, la función decorada"
SHAPES = [
    Cause(_NORMAL, error="'coroutine' object is not callable"),
    Cause(_NORMAL, error="'coroutine' object has no attribute '__name__'"),
    Cause(_NOTHING, error="'NoneType' object is not callable"),
    Cause(_NOTHING, error="'NoneType' object has no attribute '__name__'"),
    Cause("la potencia se escribe `2**k`: `^` es otra operación", error="unsupported operand type(s) for ^"),
    Cause(
        "la función decorada acepta cualquier argumento, también con nombre: `*args, **kwargs`",
        lambda o: "wrapper" in o.error or "unexpected keyword" in o.error or "positional argument" in o.error,
        error="argument",
    ),
    Cause(
        "`rng` es una función: la dispersión es `0.5 + rng()`, con paréntesis",
        lambda o: "function" in o.error,
        error="unsupported operand type(s) for +: 'float' and ",
    ),
    Cause(
        "la función decorada se espera con `await`: ¿falta `async` delante de su `def`?",
        error="can't be used in 'await'",
    ),
]


def backoff_causes(numbers, lucks):
    """Return the causes where the waits of a decorated function are expected to follow the formula."""
    attempts, base, top = numbers
    wrong = {
        "E53: dispersas después de aplicar el tope, y la espera lo supera": lambda k, u: (
            min(base * 2**k, top) * (0.5 + u)
        ),
        "la espera tiene un tope: `min(..., max_delay)`": lambda k, u: base * 2**k * (0.5 + u),
        "`max_delay` es un tope: quédate con el menor, `min`, y no con el mayor": lambda k, u: max(
            base * 2**k * (0.5 + u), top
        ),
        "falta la dispersión: el factor `0.5 + rng()`": lambda k, u: min(base * 2**k, top),
        "el factor de la dispersión es `0.5 + rng()`, no `rng()`": lambda k, u: min(base * 2**k * u, top),
        "el factor de la dispersión es `0.5 + rng()`, no `1 + rng()`": lambda k, u: min(
            base * 2**k * (1 + u), top
        ),
        "la dispersión multiplica la espera, no se suma": lambda k, u: min(base * 2**k + 0.5 + u, top),
        "el primer fallo es k = 0: empiezas en k = 1": lambda k, u: min(base * 2 ** (k + 1) * (0.5 + u), top),
        "`rng()` se llama en cada espera: un número nuevo cada vez": lambda k, u: min(
            base * 2**k * (0.5 + lucks[0]), top
        ),
        "la espera se dobla tras cada fallo: crece como 2ᵏ, y la tuya no crece": lambda k, u: min(
            base * (0.5 + u), top
        ),
        "la espera se dobla tras cada fallo: crece como 2ᵏ, y la tuya crece en línea recta": lambda k, u: min(
            base * (k + 1) * (0.5 + u), top
        ),
        "la espera se dobla tras cada fallo: crece como 2ᵏ, no como k²": lambda k, u: min(
            base * k**2 * (0.5 + u), top
        ),
        "2ᵏ se escribe `2**k`: `2^k` es otra operación": lambda k, u: min(base * (2 ^ k) * (0.5 + u), top),
    }
    due = due_waits(numbers, lucks)

    def plausible(outcome):
        found = [float(wait.removesuffix(" s")) for wait in waits_of(outcome)]
        return len(found) == len(due) and all(
            min(0.5 * base * 2**k, top) <= wait <= min(1.5 * base * 2**k, top) for k, wait in enumerate(found)
        )

    return [
        *SHAPES,
        Cause(
            "te rindes antes de tiempo: `max_attempts` cuenta las llamadas, también la primera",
            lambda o: len(calls(o, "api")) < attempts,
            error="OSError",
        ),
        Cause(
            "pierdes argumentos: la función original los recibe todos, también los que llevan nombre",
            lambda o: any(call.args != ("/users", 2) for call in calls(o, "api")),
        ),
        ended("sigues llamando después de acertar", lambda o: len(calls(o, "api")) > attempts),
        *(
            ended(text, lambda o, formula=formula: waits_of(o) == backoff(numbers, lucks, formula) != due)
            for text, formula in wrong.items()
        ),
        ended(
            "la dispersión usa `rng()`, el parámetro, y no otra fuente de azar",
            lambda o: waits_of(o) != due and plausible(o),
        ),
        ended(
            "la función decorada no devuelve la respuesta de la original",
            lambda o: o.value["respuesta"] != noted(drawn("/users", 2)),
        ),
    ]


async def fail_calls(async_retry, on, attempts, api, note):
    """Return how many calls there were, what the decorated function raises, and whether it is the last."""
    raised = []

    async def call():
        try:
            return await api()
        except Exception as error:
            raised.append(error)
            raise

    retrying = async_retry(attempts, 1, 60, on, lambda: 0.5)(call)
    try:
        answer = await retrying()
    except Exception as error:
        slip = (
            raised and isinstance(error, NameError | TypeError | AttributeError) and error is not raised[-1]
        )
        if not raised or slip:
            raise
        told, same = f"{type(error).__name__}: {error}", error is raised[-1]
    else:
        return {"llamadas": await note(len(raised)), "devuelve": await note(repr(answer))}
    return {"llamadas": await note(len(raised)), "lanza": await note(told), "la misma": await note(same)}


def as_raised(errors, due):
    """Return what `fail_calls` gives where `due` calls raise `errors`, and the last one is passed on."""
    last = errors[due - 1]
    told = f"{type(last).__name__}: {last}"
    return {"llamadas": noted(due), "lanza": noted(told), "la misma": noted(True)}


def fail_causes(on, attempts, errors, due):
    """Return the causes where `due` calls raise `errors` and the last one is expected."""
    stops = not isinstance(errors[due - 1], on)
    last = errors[due - 1]

    def made(outcome):
        return len(calls(outcome, "api"))

    def told(outcome):
        return [call.args[0] for call in calls(outcome, "note")]

    return [
        *SHAPES,
        ended(
            "devuelves la excepción, y debe lanzarse: `raise`",
            lambda o: "devuelve" in o.value and "Error(" in told(o)[1],
        ),
        ended(
            "ocultas el error: tras la última llamada, su excepción se propaga",
            lambda o: "devuelve" in o.value,
        ),
        ended("E55: reintentas un error que no está en `on`", lambda o: stops and made(o) > due),
        ended("una llamada de más: `max_attempts` es el total, no los reintentos", lambda o: made(o) > due),
        ended(
            "te rindes con un error de `on`: cuentan todas sus clases, y también sus subclases",
            lambda o: made(o) < due and len({*map(type, errors)}) > 1,
        ),
        ended(
            "te rindes con un error de `on`: reintenta las clases de `on`, sean cuales sean",
            lambda o: made(o) == 1 and OSError not in on,
        ),
        ended(
            "te rindes antes de tiempo: `max_attempts` cuenta las llamadas, también la primera",
            lambda o: made(o) < due,
        ),
        ended(
            "se propaga otra excepción, y debe ser la misma que lanzó la última llamada",
            lambda o: told(o)[1] != f"{type(last).__name__}: {last}" or told(o)[2] is not True,
        ),
        ended(
            "duermes también después del último fallo, cuando ya no hay otra llamada",
            lambda o: o.elapsed > max(call.end for call in calls(o, "api")) + 1e-6,
        ),
        ended(
            "el primer fallo es k = 0: empiezas en k = 1",
            lambda o: o.elapsed == sum(2**k for k in range(1, due)),
        ),
        ended("las esperas no siguen la fórmula del enunciado", lambda o: o.elapsed != 2 ** (due - 1) - 1),
    ]


async def call_again(async_retry, api, note):
    """Return the answers of a decorated function that is called twice in turn, then twice at once."""

    async def call():
        return await api()

    retrying = async_retry(2, 1, 60, (OSError,), lambda: 0.5)(call)
    answers = [await retrying(), await retrying()]
    return [await note(answer) for answer in [*answers, *await asyncio.gather(retrying(), retrying())]]


def pairs(error, reply):
    """Return a service that fails and answers in turn, then fails twice and answers."""
    return service(name="api", delay=0, fail=[error, None, error, None, error, error, None], reply=reply)


AGAIN = [
    *SHAPES,
    Cause(
        "cada llamada empieza de cero: los intentos de una no cuentan para la siguiente",
        lambda o: len(calls(o, "api")) > 2,
        error="OSError",
    ),
    Cause(
        "una respuesta vacía (`None`, `0`, un texto vacío) no es un fallo: devuélvela",
        lambda o: len(calls(o, "api")) == 2,
        error="",
    ),
    ended(
        "una respuesta vacía (`None`, `0`, un texto vacío) no es un fallo: devuélvela",
        lambda o: len(calls(o, "api")) != 8,
    ),
    ended("las esperas de una llamada no dependen de las anteriores", lambda o: o.elapsed != 3),
    ended("la función decorada no devuelve la respuesta de la original", lambda o: o.value),
]


async def decorate(async_retry, attempts, api, note):
    """Return how decorating ends, or the name of the decorated function and how its call ends."""

    async def charge():
        return await api()

    try:
        retrying = async_retry(attempts, 1, 60, (OSError,), lambda: 0.5)(charge)
    except ValueError:
        return await note("ValueError al decorar")
    try:
        end = f"devuelve {await retrying()!r}"
    except (OSError, TypeError, ValueError) as error:
        end = f"{type(error).__name__}: {error}"
    return {"nombre": await note(retrying.__name__), "al llamar": await note(end)}


async def cancel_retry(async_retry, seconds, api, note):
    """Return how a decorated function ends that is cancelled after some seconds."""

    async def call():
        return await api()

    task = asyncio.create_task(async_retry(5, 1, 60, (OSError,), lambda: 0.5)(call)(), name="retry")
    await asyncio.sleep(seconds)
    if task.done():
        return await note(f"ya había terminado: {task.result()!r}")
    task.cancel()
    await asyncio.wait([task])
    return await note("cancelada" if task.cancelled() else f"terminó: {task.exception()!r}")


def charged(end):
    """Return what `decorate` gives where the name is kept and the call ends so."""
    return {"nombre": noted("charge"), "al llamar": noted(end)}


ONCE = [
    *SHAPES,
    failed(
        "se propaga otra excepción, y debe ser la misma que lanzó la última llamada",
        "Error",
        lambda o: calls(o, "api") and not o.error.startswith(BLUNDERS),
    ),
    ended(
        "la función decorada pierde su nombre: ¿qué falta encima de ella?",
        lambda o: o.value["nombre"] != noted("charge"),
    ),
    ended("con `max_attempts=1` hay una llamada, y no la haces", lambda o: not calls(o, "api")),
    ended("con `max_attempts=1` hay una sola llamada", lambda o: len(calls(o, "api")) > 1),
    ended("con `max_attempts=1` no hay otra llamada: no esperes", lambda o: o.elapsed > 0),
    ended(
        "ocultas el error: se propaga la misma excepción de la última llamada",
        lambda o: o.value["al llamar"] != noted("OSError: 503"),
    ),
]
NEVER = [
    *SHAPES,
    Cause("con `max_attempts` menor que 1 se pide un `ValueError`, no un `assert`", error="AssertionError"),
    ended(
        "E54: con cero llamadas llegas a un `raise` de algo que vale `None`",
        lambda o: "BaseException" in str(calls(o, "note")[-1].args[0]),
    ),
    ended(
        "el `ValueError` se lanza al decorar, no al llamar: compruébalo antes de crear la función decorada",
        lambda o: "ValueError" in str(calls(o, "note")[-1].args[0]),
    ),
    ended(
        "con `max_attempts` menor que 1, también negativo, se lanza `ValueError` al decorar", lambda o: True
    ),
]
CANCELLED = [
    *SHAPES,
    ended(
        "M18: te tragas la cancelación: no está en `on`, y se propaga",
        lambda o: o.value != noted("cancelada") and not o.findings,
    ),
    ended(
        "las esperas no siguen la fórmula del enunciado",
        lambda o: o.value == noted("cancelada") and not o.findings,
    ),
]


# 10.3 retryable


async def decide(retryable, letters, note):
    """Return what `note` answers to the decision on each letter, or what the table is instead."""
    table = retryable()
    if inspect.iscoroutine(table):
        table.close()
    if not isinstance(table, dict):
        return f"no es un dict, sino {type(table).__name__}"
    try:
        table = {letter: table[letter] for letter in letters}
    except KeyError:
        return "faltan letras"
    if all(table[letter] is None for letter in letters):
        raise NotImplementedError
    return {letter: await note(table[letter], letter) for letter in letters}


def chosen(letter, decision):
    return lambda o: any(call.args == (decision, letter) for call in o.requests)


RETRYABLE = [
    ended("`retryable` es una función normal: sobra `async`", lambda o: o.value.endswith("sino coroutine")),
    ended("`retryable` no devuelve nada: ¿falta un `return`?", lambda o: o.value.endswith("sino NoneType")),
    ended(
        "`retryable()` no devuelve un diccionario, como pide el enunciado",
        lambda o: o.value.startswith("no es"),
    ),
    ended(
        "a tu diccionario le falta alguna letra: las claves son de `a` a `f`, en minúscula",
        lambda o: o.value.startswith("faltan"),
    ),
    ended(
        "cada valor es `True` o `False`", lambda o: any(type(call.args[0]) is not bool for call in o.requests)
    ),
    ended("c: podrías cobrar dos veces: el primer POST puede haber llegado", chosen("c", True)),
    ended("a: un 503 es pasajero y repetir un GET no cambia nada", chosen("a", False)),
    ended("b: un 429 invita a volver cuando dice `Retry-After`", chosen("b", False)),
    ended("E55: f: un `KeyError` es nuestro: fallará igual la próxima vez", chosen("f", True)),
    ended("d: un 404 no mejora por insistir: lo que pides no está", chosen("d", True)),
    ended("e: un GET que tarda se puede repetir: no cambia nada", chosen("e", False)),
]


# Reto two_stages

fetched, stored = Tokens(), Tokens()
VALUES = [None, "END", 0, "END", False, ""]
OTHER_VALUES = ["", None, "fin", 0, 0, [], False]
RESULTS = {"None": 0, "0": None, "''": False}


def staged(item):
    """Return what `store` answers to what `fetch` answers to an item."""
    return stored(fetched(item))


def paces(*table):
    """Return of each pair of delays a `fetch`, a `store`, and how long four items take, and the peak."""
    return [
        (
            service(name="fetch", delay=one, reply=fetched),
            service(name="store", delay=two, reply=stored),
            seconds,
            2 if one and two else 1,
        )
        for one, two, seconds in table
    ]


PACES = paces((1, 2, 9), (3, 1, 13), (1, 0, 4), (0, 2, 8))
OTHER_PACES = paces((2, 3, 38), (5, 1, 61), (0.5, 0, 6), (0, 3, 36))  # of twelve items
clean = service(name="clean")
fetching = service(name="fetch", delay=[1, 9])
storing = service(name="store", delay=9)
full = service(name="store", delay=2, fail=ValueError("sin sitio"))
offline = service(name="fetch", fail=[None, OSError("sin red")])


def kept(value):
    """Return what `store` answers to a value: something nobody can guess, or a falsy value."""
    return RESULTS.get(repr(value), stored(value))


def stage_causes(items):
    """Return the causes where both stages treat `items`."""

    def count(outcome, name):
        return len(calls(outcome, name))

    return [
        Cause(
            "`Queue.shutdown` llega con Python 3.13: hace falta otro final",
            lambda o: "no attribute 'shutdown'" in str(o.details) or "QueueShutDown" in str(o.details),
            error="",
        ),
        ended(
            "vacías o cambias la lista `items`, que es de quien llama",
            lambda o: o.value == "modifica la lista",
        ),
        ended(
            "sin elementos, devuelve la lista vacía",
            lambda o: not items and o.value is None and o.refused is None and not o.findings,
        ),
        ended(
            "`two_stages` no devuelve nada: ¿falta un `return`?",
            lambda o: o.value is None and o.refused is None,
        ),
        ended("devuelves una tupla, y el enunciado pide una lista", lambda o: type(o.value) is tuple),
        ended(
            "M21: cada etapa trata un elemento cada vez",
            lambda o: most(o, "fetch") > 1 or most(o, "store") > 1,
        ),
        ended(
            "los elementos repetidos también se tratan: dos iguales son dos",
            lambda o: count(o, "fetch") == len({*map(repr, items)}) < len(items),
        ),
        ended(
            "M24: un valor como `None`, `0` o `END` no es un centinela: también se guarda",
            lambda o: (
                items
                and not o.findings
                and count(o, "store") < count(o, "fetch")
                and set(map(repr, items)) & {"None", "0", "''"}
            ),
        ),
        ended(
            "un resultado como `None` o `0` también cuenta: no lo quites",
            lambda o: count(o, "store") == len(items) > len(o.value),
        ),
        ended(
            "devuelves lo que da `fetch`, no lo que da `store`",
            lambda o: o.value == [fetched(item) for item in items],
        ),
        ended(
            "`store` recibe lo que da `fetch`, y el tuyo recibe el elemento",
            lambda o: (
                sorted(repr(call.args[0]) for call in calls(o, "store"))
                == sorted(map(repr, items))
                != sorted(repr(fetched(item)) for item in items)
                and any(call.token for call in calls(o, "fetch"))
            ),
        ),
        ended(
            "pierdes el último elemento: la segunda etapa acaba antes de tiempo",
            lambda o: (
                not any(call.state == "cancelled" for call in o.requests)
                and count(o, "store") == len(items) - 1
            ),
        ),
        ended(
            "cierras la segunda etapa cuando aún quedan elementos en la cola",
            lambda o: count(o, "store") < len(items) or any(call.state == "cancelled" for call in o.requests),
        ),
        ended(
            "devuelves parejas, y el enunciado pide lo que da `store`",
            lambda o: o.value and all(type(each) in (tuple, list) and len(each) == 2 for each in o.value),
        ),
        ended(
            "están todos los resultados, pero no en el orden de `items`",
            lambda o: (
                len(items) > 1
                and type(o.value) is list
                and sorted(map(repr, o.value)) == sorted(repr(stored(fetched(item))) for item in items)
            ),
        ),
        ended(
            "lo que devuelves no es lo que da `store`",
            lambda o: (
                type(o.value) is list
                and items
                and o.value != [stored(fetched(item)) for item in items]
                and not o.findings
                and any(call.token for call in calls(o, "fetch"))
            ),
        ),
        ended(
            "M08: las etapas no se solapan: una espera a que acabe la otra",
            lambda o: o.peak == 1 and o.elapsed == sum(call.end - call.start for call in o.requests),
        ),
        ended(
            "alguna etapa espera de más: en cuanto hay un elemento, se trata",
            lambda o: not o.findings and o.value,
        ),
    ]


def stages_broken(error_at):
    """Return the causes where a stage fails at `error_at`, or the caller is cancelled."""
    return [*STAGES_BROKEN, *broken_causes(error_at, ["fetch", "store"])]


STAGES_BROKEN = [
    Cause(
        "`Queue.shutdown` llega con Python 3.13: hace falta otro final",
        lambda o: "no attribute 'shutdown'" in str(o.details),
        error="",
    ),
    Cause("se propaga el final de la cola, no el error de la etapa", error="QueueShutDown"),
    Cause(
        "M24: una etapa falló y la otra espera para siempre en la cola",
        lambda o: any(finding.kind == "deadlock" for finding in o.findings),
        error="",
    ),
    ended(
        "M21: cada etapa trata un elemento cada vez", lambda o: most(o, "fetch") > 1 or most(o, "store") > 1
    ),
    ended(
        "M08: las etapas no se solapan: `fetch` no pide el siguiente mientras `store` guarda",
        lambda o: most(o, "fetch", "store") == 1,
    ),
]
