"""Scenarios, services and probable causes of the tests of section 9."""

import asyncio
import contextlib
import copy
import inspect
import logging
import random
import re
import time
from itertools import combinations, pairwise

from grader import Cause, Tokens, run_virtual, service


def ended(text, when):
    """Return a cause of a run that ended without an error."""
    return Cause(text, lambda outcome: outcome.error is None and when(outcome))


# 9.1 diagnose

RULES = ("nunca-iniciada", "bloquea-el-bucle", "excepción-sin-recoger", "perdida", "nunca-cede")
SINGLES = [*((name,) for name in RULES), ("excepción-sin-recoger", "nombre-parecido")]
SOUND = [("recogida",), ("cancelada",), ("falla-y-se-recoge",)]  # of these, no rule holds
# Where several rules hold, the first one counts.
MIXES = [*SOUND, *SINGLES, *pairwise(RULES)]
OTHER_MIXES = [*SOUND, *SINGLES, *combinations(RULES, 3)]

heard = Tokens()
say = service(delay=0, name="say", reply=heard)


async def step(seconds):
    await asyncio.sleep(seconds)


async def fail(seconds):
    await asyncio.sleep(seconds)
    raise ValueError("sin existencias")


async def fail_at_once():
    raise ValueError("sin existencias")


async def end_at_once():
    return "sin una sola espera"


async def collect(seconds):
    payment = asyncio.create_task(fail(seconds / 2), name="pago")
    with contextlib.suppress(ValueError):
        await payment


async def mixture(kinds, seconds):
    """Do what each of `kinds` says, between two sound tasks."""
    kept = [asyncio.create_task(step(seconds), name="antes")]
    if "nunca-iniciada" in kinds:
        _ = step(seconds)
    if "excepción-sin-recoger" in kinds:
        kept.append(asyncio.create_task(fail(seconds / 2), name="stock"))
    if "perdida" in kinds:
        kept.append(asyncio.create_task(step(10 * seconds), name="lenta"))
    if "nunca-cede" in kinds:
        kept.append(asyncio.create_task(end_at_once(), name="directa"))
    if "recogida" in kinds:
        kept.append(asyncio.create_task(collect(seconds), name="recoge"))
    if "falla-y-se-recoge" in kinds:
        with contextlib.suppress(ValueError):
            await asyncio.create_task(fail_at_once(), name="caja")
    if "cancelada" in kinds:
        for name in ("anulada", "anulada-antes"):
            kept.append(asyncio.create_task(step(seconds), name=name))
            await asyncio.sleep(0 if name == "anulada" else seconds / 10)
            kept[-1].cancel()
        kept.append(asyncio.create_task(step(seconds), name="sin-empezar"))
        kept[-1].cancel()
    if "bloquea-el-bucle" in kinds:
        time.sleep(seconds)  # noqa: ASYNC251  the section looks for it
    name = "stock-2" if "nombre-parecido" in kinds else "después"
    after = asyncio.create_task(step(2 * seconds), name=name)
    await kept[0]
    await after


def recording_of(kinds, seconds):
    """Return the recording of a program with what `kinds` says."""
    return run_virtual(mixture, kinds, seconds, limit=10**6).timeline.to_dict()


def first_rule(kinds):
    """Return the name of the first rule that holds of a program of `kinds`."""
    return next((name for name in RULES if name in kinds), "sana")


async def call_diagnose(diagnose, recordings, say):
    """Return what is told of each recording, as `say` answers."""
    answers = []
    for run in recordings:
        before = copy.deepcopy(run)
        told = diagnose(run)
        if inspect.iscoroutine(told):
            told.close()
            told = ["una corrutina"]
        answers.append(await say(told if run == before else ["otra grabación"]))
    return answers


_UNSEEN = {
    "nunca-iniciada": '`run["unstarted"]` no está vacía, y tu respuesta no lo tiene en cuenta',
    "bloquea-el-bucle": 'el bucle estuvo bloqueado, y `run["blocked"]` lo dice',
    "excepción-sin-recoger": "una tarea está `failed` y nadie la esperó: mira todas las tareas",
    "perdida": "una tarea quedó `pending`, aunque las demás terminaran",
    "nunca-cede": "la tarea «directa» está `done` y su lista `waits` está vacía, aunque las demás esperen",
}


def diagnose_causes(mixes):
    """Return the causes for recordings of `mixes`, in their order."""

    def wrong(outcome):
        told = [request.args[0] for request in outcome.requests]
        return [(kinds, said) for kinds, said in zip(mixes, told, strict=False) if said != first_rule(kinds)]

    def says(*kinds, of):
        return lambda outcome: any(mix == kinds and of(said) for mix, said in wrong(outcome))

    def any_says(of):
        return lambda outcome: any(of(said) for _, said in wrong(outcome))

    def all_singles_right(outcome):
        return not any(mix in SINGLES for mix, _ in wrong(outcome))

    return [
        Cause("la grabación es un `dict`: sus campos se leen con `run[...]`", error="'dict' object has no"),
        Cause("la grabación no tiene esa clave: imprime `recording` y mira cómo se llaman", error="KeyError"),
        ended(
            "`diagnose` es una función normal: sobra `async`",
            any_says(lambda said: said == ["una corrutina"]),
        ),
        ended(
            "modificas la grabación que recibes: `diagnose` solo la lee",
            any_says(lambda said: said == ["otra grabación"]),
        ),
        ended(
            "en algún caso `diagnose` no devuelve nada: ¿falta un `return`?",
            any_says(lambda said: said is None),
        ),
        ended("`diagnose` devuelve un solo nombre, un texto", any_says(lambda said: type(said) is not str)),
        ended(
            "devuelves un nombre que no está en la tabla: así se escribe cada uno, con guiones y tildes",
            any_says(lambda said: said not in (*RULES, "sana")),
        ),
        ended(
            "contestas lo mismo a todos los programas: ¿qué parte de `run` miras?",
            lambda o: len(o.requests) > 2 and len({request.args[0] for request in o.requests}) == 1,
        ),
        ended(
            "M01: confundes una corrutina que nadie inició con una tarea que sigue viva al final",
            lambda o: (
                says("nunca-iniciada", of=lambda said: said == "perdida")(o)
                or says("perdida", of=lambda said: said == "nunca-iniciada")(o)
            ),
        ),
        ended(
            "M10: una espera larga no bloquea el bucle; lo bloquea quien no lo suelta",
            lambda o: any(mix in SOUND and said == "bloquea-el-bucle" for mix, said in wrong(o)),
        ),
        ended(
            "alguien recogió la excepción: otra tarea esperó a la que falló, y no tiene que ser `main`",
            lambda o: any(mix in SOUND and said == "excepción-sin-recoger" for mix, said in wrong(o)),
        ),
        ended(
            "una tarea cancelada no está `pending` ni perdida",
            says("cancelada", of=lambda said: said == "perdida"),
        ),
        ended(
            "`nunca-cede` es una tarea `done` sin esperas: una tarea que falla o se cancela no está `done`",
            lambda o: any(mix in SOUND and said == "nunca-cede" for mix, said in wrong(o)),
        ),
        ended(
            "esa grabación está sana: no se cumple ninguna regla",
            lambda o: any(mix in SOUND for mix, _ in wrong(o)),
        ),
        *(ended(text, says(name, of=bool)) for name, text in _UNSEEN.items()),
        ended(
            "quien espera a «stock-2» no espera a «stock»: `what` lleva exactamente el nombre",
            says("excepción-sin-recoger", "nombre-parecido", of=bool),
        ),
        ended(
            "cuando se cumplen varias reglas, la respuesta es la primera de la tabla",
            lambda o: (
                all_singles_right(o) and all(said in mix and first_rule(mix) in mix for mix, said in wrong(o))
            ),
        ),
    ]


# 9.2 fixed_a, fixed_b, fixed_c

marked, answered, reasons = Tokens(), Tokens(), Tokens()
mark = service(delay=0, name="mark", reply=marked)


def leaves(error):
    """Return an exception, or those of a group, as a list."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in leaves(inner)]
    return [error]


async def call_fixed(program, remote, mark):
    """Return what `mark` answers to the program's result."""
    return await mark(await program(remote))


async def disturb(program, broken, kind, remote, seconds):
    """Return what the program does when its service fails with a `kind`, and when it is cancelled."""
    try:
        first = f"devuelve {await program(broken)!r}"
    except Exception as error:
        if not all(isinstance(leaf, kind) for leaf in leaves(error)):
            raise
        [first] = leaves(error)
    task = asyncio.create_task(program(remote), name="cancelada")
    await asyncio.sleep(seconds)
    if task.done():
        second = "ya había terminado"
    else:
        task.cancel()
        await asyncio.wait([task])
        second = "se propaga" if task.cancelled() else "no se propaga"
    await asyncio.sleep(100)  # what the program may have left has time to end
    return {"error": first, "cancelación": second}


def passed_on(error):
    """Return what `disturb` finds in a program that passes on an error and a cancellation."""
    return {"error": error, "cancelación": "se propaga"}


def told(outcome):
    """Return what the program gave."""
    return next(request.args[0] for request in outcome.requests if request.service == "mark")


def asked(outcome):
    """Return the calls of the program's own service."""
    return [request for request in outcome.requests if request.service != "mark"]


DISTURBED = [
    ended(
        "no esperas a la tarea con `await`: si falla, su error se pierde",
        lambda o: o.value["error"] is not None and any(each.kind == "lost-exception" for each in o.findings),
    ),
    ended(
        "ocultas un error del servicio: quien llama no se entera",
        lambda o: str(o.value["error"]).startswith("devuelve "),
    ),
    ended("terminas sin esperar al servicio", lambda o: o.value["cancelación"] == "ya había terminado"),
    ended(
        "M18: te tragas la cancelación: `CancelledError` también debe propagarse",
        lambda o: o.value["cancelación"] == "no se propaga",
    ),
]
RETURNED = [
    ended("la función no devuelve nada: ¿falta un `return`?", lambda o: told(o) is None),
    ended(
        "devuelves una tarea, no su resultado: falta `await`",
        lambda o: str(told(o)).startswith(("<Task", "<_")),
    ),
    ended(
        "devuelves una corrutina, no su resultado: falta `await`",
        lambda o: str(told(o)).startswith("<coroutine"),
    ),
]
ONCE = [
    ended('la llamada lleva `"ana"`, y la tuya lleva otra cosa', lambda o: asked(o)[0].args != ("ana",)),
    ended("llamas al servicio más de una vez", lambda o: len(asked(o)) > 1 and "error" not in str(o.value)),
]
FIXED_A = [
    *DISTURBED,
    *ONCE,
    ended(
        "callas el aviso de `findings`, pero a la clienta no le llega nada",
        lambda o: not asked(o) and not o.findings,
    ),
    ended("cancelas el aviso antes de que llegue", lambda o: asked(o)[0].state == "cancelled"),
    ended("terminas sin esperar a que el aviso llegue", lambda o: asked(o)[0].state == "pending"),
    *RETURNED,
    ended(
        'devuelves lo que contesta `send`; el enunciado pide `"avisada"`',
        lambda o: told(o) == answered(*asked(o)[0].args),
    ),
    ended('el enunciado pide `"avisada"`, con ese texto exacto', lambda o: told(o) != "avisada"),
]

FIXED_B = [
    Cause(
        "pides el resultado antes de que `fetch` responda: espera la tarea con `await`", error="InvalidState"
    ),
    Cause(
        "M10: `time.sleep` sigue bloqueando el bucle, y `fetch` no avanza",
        lambda o: "blocked" in [finding.kind for finding in o.findings],
    ),
    *DISTURBED,
    *ONCE,
    ended("cancelas `fetch` antes de que responda", lambda o: asked(o)[0].state == "cancelled"),
    ended("M08: `fetch` no empieza hasta que acaba el otro paso", lambda o: asked(o)[0].start > 0),
    *RETURNED[1:],
    ended(
        "devuelve la respuesta de `fetch` tal cual, aunque sea `None`, `0` o un texto vacío",
        lambda o: not asked(o)[0].token and told(o),
    ),
    *RETURNED[:1],
    ended(
        "acabas en cuanto responde `fetch`: el otro paso dura 2 s",
        lambda o: not o.findings and o.elapsed == asked(o)[0].end,
    ),
    ended(
        "M08: el otro paso no empieza hasta que `fetch` responde", lambda o: o.elapsed == 2 + asked(o)[0].end
    ),
]


def fixed_c_causes(due):
    """Return the causes for a charge of which the program should return `due`."""
    return [
        Cause(
            "M15: un TaskGroup lanza un grupo de excepciones: captúralo con `except*`", error="ExceptionGroup"
        ),
        Cause("preguntas por el resultado antes de que el cobro termine", error="InvalidState"),
        Cause(
            "el `ValueError` del cobro se propaga: captúralo y devuelve su texto",
            lambda o: o.error.startswith("ValueError: "),
            error="ValueError",
        ),
        DISTURBED[0],
        ended(
            "solo un `ValueError` se convierte en respuesta: los demás errores se propagan",
            lambda o: str(o.value["error"]).startswith("devuelve "),
        ),
        *DISTURBED[2:],
        *ONCE,
        ended(
            "confirmas sin esperar el cobro",
            lambda o: told(o) == "confirmado" and asked(o)[0].state in ("pending", "cancelled"),
        ),
        *RETURNED,
        ended(
            "un `ValueError` sin texto también es un rechazo: devuelve su texto, que está vacío",
            lambda o: not due and told(o) == "confirmado",
        ),
        ended(
            "M13: el cobro falló y devuelves «confirmado»: callar una excepción no es recogerla",
            lambda o: told(o) == "confirmado" and asked(o)[0].state == "failed",
        ),
        ended(
            "devuelves la excepción, y el enunciado pide su texto: `str(error)`",
            lambda o: isinstance(told(o), BaseException) or type(told(o)).__name__ == "Raised",
        ),
        ended(
            "si el cobro lanza `ValueError`, devuelve su texto exacto: `str(error)`",
            lambda o: asked(o)[0].state == "failed",
        ),
        ended(
            'devuelves lo que contesta `charge`; el enunciado pide `"confirmado"`',
            lambda o: asked(o)[0].state == "done" and told(o) == 0,
        ),
        ended(
            'un cobro que no falla está aceptado, conteste lo que conteste: devuelve `"confirmado"`',
            lambda o: asked(o)[0].state == "done",
        ),
    ]


CHARGES = {
    "sin saldo": service(name="charge", fail=ValueError("sin saldo")),
    "": service(name="charge", delay=5, fail=ValueError("")),
    "confirmado": service(name="charge", delay=1800, reply=0),
}
OTHER_CHARGES = {
    "tarjeta caducada": service(name="charge", delay=1800, fail=ValueError("tarjeta caducada")),
    "límite superado": service(name="charge", delay=0.5, fail=ValueError("límite superado")),
    "confirmado": service(name="charge", reply=False),
}


# 9.3 report

names = Tokens()
christen = service(delay=0, name="christen", reply=names)


async def pack(seconds):
    await asyncio.sleep(seconds)


async def ship(seconds):
    await pack(seconds)


async def call_report(report, christen, work, new):
    """Return the photo after 2 s of `work`, when one task turns without end and `new` has just been created.

    work, new: of each task its name, its function and the seconds that it takes.
    """

    async def turn():
        for _ in range(5):
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(fn(seconds), name=await christen(name)) for name, fn, seconds in work]
    await asyncio.sleep(2)
    tasks.append(asyncio.create_task(turn(), name=await christen("giro")))
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(fn(seconds), name=await christen(name)) for name, fn, seconds in new]
    rows = report()
    await asyncio.gather(*tasks)
    return rows


def picked(rows):
    """Return the names of rows that are rows; anything else as it is."""
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return [row.get("name") for row in rows]
    return rows


async def call_around(report, christen, letters):
    """Return the names in the photos before the tasks exist, while they live, from another one, and after."""

    async def ask():
        return picked(report())

    before = picked(report())
    tasks = [asyncio.create_task(pack(3), name=await christen(letter)) for letter in letters]
    await asyncio.sleep(1)
    during = picked(report())
    inside = await asyncio.create_task(ask(), name="ask")
    await asyncio.gather(*tasks)
    return {"antes": before, "durante": during, "desde otra tarea": inside, "después": picked(report())}


def around(*due):
    """Return what `call_around` gives of tasks of these names."""
    return {
        "antes": [],
        "durante": [*due],
        "desde otra tarea": sorted([*due, "main"]),
        "después": [],
    }


async def call_20_times(report, christen, letters):
    """Return the names in the first of 20 photos, and how many photos differ."""
    photos, named = [], [await christen(letter) for letter in letters]
    for turn in range(20):
        random.Random(turn).shuffle(named)
        tasks = [asyncio.create_task(pack(1), name=name) for name in named]
        await asyncio.sleep(0)
        photos.append(picked(report()))
        await asyncio.gather(*tasks)
    return {"primera": photos[0], "distintas": len({*map(repr, photos)})}


def report_row(letter, state, where):
    """Return the row of the task that was christened by `letter`."""
    return {"name": names(letter), "state": state, "where": where}


def rows(when):
    """Return a condition on a value whose rows are all dicts with the three keys."""
    return lambda o: all({"name", "state", "where"} <= row.keys() for row in o.value) and when(o.value)


def is_started(row):
    """Tell whether the task of a row had started when the photo of `call_report` was taken."""
    return row["name"].partition("·")[0] not in ("Z", "p", "A", "a-3", "a-20")


def naturally(name):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name.partition("·")[0])]


def sorted_by(key):
    """Return a condition: the names are not in order, but they would be by `key`."""
    return rows(
        lambda found: (
            (called := [row["name"] for row in found]) != sorted(called) and called == sorted(called, key=key)
        )
    )


def photos_of(outcome):
    """Return what the photos of `call_around` or `call_20_times` hold: names, if they are as they should."""
    return [photo for key, photo in outcome.value.items() if key != "distintas"]


SHAPES = [
    ended(
        "`report` es una función normal: sobra `async`",
        lambda o: (o.refused or "").startswith("una corrutina"),
    ),
    ended(
        "`report` devuelve una lista, y la tuya es un generador o un iterador",
        lambda o: any(kind in (o.refused or "") for kind in ("generador", "generator", "iterator")),
    ),
    ended(
        "`name` es el nombre de la tarea, un texto, y no la propia tarea",
        lambda o: "una tarea" in (o.refused or ""),
    ),
    ended(
        "`where` es el nombre de la función, un texto",
        lambda o: any(kind in (o.refused or "") for kind in ("code", "frame", "función", "function")),
    ),
    Cause("`name` es el nombre de la tarea, un texto, y no la propia tarea", error="instances of 'Task'"),
    Cause(
        "Python no sabe comparar dos `dict`: di a `sorted` por qué clave ordena, con `key=`",
        error="'<' not supported between instances of 'dict'",
    ),
]
NOTHING = ended(
    "`report` no devuelve nada: ¿falta un `return`?",
    lambda o: o.refused is None and (o.value is None or (type(o.value) is dict and None in o.value.values())),
)
NO_LIST = ended(
    "`report` devuelve una lista de filas, y cada fila es un `dict`",
    lambda o: not all(type(names) is list and {*map(type, names)} <= {str} for names in photos_of(o)),
)
OTHER_CALL = "la foto es de otra llamada: hay que hacerla cada vez que se llama a `report`"
REPORT_A = [
    *SHAPES,
    NOTHING,
    ended("`report` devuelve una lista de filas", lambda o: type(o.value) is not list),
    ended("cada fila es un `dict` con tres claves", lambda o: any(type(row) is not dict for row in o.value)),
    ended(
        "a las filas les falta alguna de las claves `name`, `state` y `where`",
        lambda o: any({"name", "state", "where"} - row.keys() for row in o.value),
    ),
    ended(
        "las filas llevan `name`, `state` y `where`, y nada más",
        rows(lambda found: any(len(row) > 3 for row in found)),
    ),
    ended(
        f"E50: {OTHER_CALL}",
        lambda o: not {row["name"] for row in o.value} & {*map(names, "agps"), "main"},
    ),
    ended(
        "incluyes la tarea que llama a `report`", rows(lambda found: "main" in [row["name"] for row in found])
    ),
    ended(
        "si dos tareas se llaman igual, salen las dos",
        rows(lambda found: len(found) == len({row["name"] for row in found})),
    ),
    ended(
        "E50: en una tarea viva `done()` siempre es False: no dice si ha empezado",
        rows(lambda found: any(type(row["state"]) is bool for row in found)),
    ),
    ended(
        "`state` es `lista` o `esperando`, con esas palabras",
        rows(lambda found: any(row["state"] not in ("lista", "esperando") for row in found)),
    ),
    ended(
        "no distingues la que aún no ha empezado",
        rows(lambda found: len({row["state"] for row in found}) == 1),
    ),
    ended(
        "tienes los estados al revés: `lista` es la que todavía no ha ejecutado nada",
        rows(lambda found: all((row["state"] == "lista") == is_started(row) for row in found)),
    ),
    ended(
        "una tarea suspendida en `asyncio.sleep(0)` ya ha empezado: está `esperando`",
        rows(lambda found: any(row["state"] == "lista" for row in found if row["name"].startswith("giro"))),
    ),
    ended(
        "`lista` es la que todavía no ha ejecutado nada; las demás están `esperando`",
        rows(lambda found: any((row["state"] == "lista") == is_started(row) for row in found)),
    ),
    ended("E50: las mayúsculas van antes que las minúsculas, como las ordena `sorted`", sorted_by(str.lower)),
    ended("los nombres se ordenan como textos: «a-10» va antes que «a-2»", sorted_by(naturally)),
    ended(
        "E50: `all_tasks()` es un conjunto y no tiene orden: ordena las filas por nombre",
        rows(lambda found: (called := [row["name"] for row in found]) != sorted(called)),
    ),
    ended(
        "`where` es la función de la tarea, no la más interior",
        rows(lambda found: any(row["where"] == "sleep" for row in found)),
    ),
    ended(
        "`where` es el nombre de la función sin lo de delante: `__name__`, no `__qualname__`",
        rows(lambda found: any("<locals>" in str(row["where"]) for row in found)),
    ),
    ended(
        "`where` es el nombre de la función, y nada más",
        rows(lambda found: any(row["where"] not in ("pack", "ship", "turn") for row in found)),
    ),
]
REPORT_B = [
    *SHAPES,
    NOTHING,
    NO_LIST,
    ended(
        "E50: la segunda foto es la primera: hay que hacerla cada vez que se llama a `report`",
        lambda o: o.value["antes"] == o.value["durante"],
    ),
    ended("incluyes la tarea que llama a `report`", lambda o: "main" in o.value["antes"]),
    ended("incluyes la tarea que llama a `report`", lambda o: "ask" in o.value["desde otra tarea"]),
    ended(
        "quitas a `main` por su nombre, y esta vez no es ella quien llama",
        lambda o: "main" not in o.value["desde otra tarea"],
    ),
    ended(
        "E50: `all_tasks()` es un conjunto y no tiene orden: ordena las filas por nombre",
        lambda o: any(photo != sorted(photo) for photo in photos_of(o)),
    ),
]
REPORT_C = [
    *SHAPES,
    NOTHING,
    NO_LIST,
    ended("incluyes la tarea que llama a `report`", lambda o: "main" in o.value["primera"]),
    ended(
        f"E50: {OTHER_CALL}",
        lambda o: (
            o.value["primera"] and not {request.token for request in o.requests} & {*o.value["primera"]}
        ),
    ),
    ended(
        "E50: `all_tasks()` es un conjunto: el orden cambia de una vez a otra",
        lambda o: o.value["distintas"] > 1,
    ),
    ended("el orden es siempre el mismo, pero no es el de los nombres", lambda o: o.value["primera"]),
]


# Reto slow_callbacks

noted = Tokens()
note = service(delay=0, name="note", reply=noted)
ENDINGS = (None, ValueError("dentro"), asyncio.CancelledError("desde fuera"))
OTHER_ENDINGS = (None, LookupError("sin pedido"), asyncio.CancelledError("al cerrar"))


async def block(seconds, note):
    await note("empieza")
    time.sleep(seconds)  # noqa: ASYNC251  the section looks for it
    await note("termina")


def understood(messages, known):
    """Return of which of `known` tasks the messages tell, and what is no message of asyncio's."""
    if not isinstance(messages, list):
        return f"no es una lista, sino {type(messages).__name__}"
    found = []
    for message in messages:
        if not isinstance(message, str):
            found.append(f"no es un texto, sino {type(message).__name__}")
        elif "%s" in message:
            found.append(message)
        else:
            found += [name for name in known if f"name={name!r}" in message and " took " in message]
    return found


def quiet_logger():
    """Return the logger of asyncio as at first, whatever an attempt has left; the root hears it too."""
    logger = logging.getLogger("asyncio")
    logger.disabled, logger.propagate = False, True
    logger.setLevel(logging.NOTSET)
    return logger


def listeners():
    """Return how many handlers and filters there are."""
    return sum(
        len(each.handlers + each.filters) for each in (logging.getLogger("asyncio"), logging.getLogger())
    )


async def timed_steps(slow_callbacks, threshold, steps, note):
    """Return the tasks of which the list tells, in its order, once others have blocked after the `with`.

    Where it is empty, return what was missing while it should have been filled.
    """
    loop, _ = asyncio.get_running_loop(), quiet_logger()
    named = {await note(name): seconds for name, seconds in steps.items()}
    before = listeners()
    with slow_callbacks(threshold) as messages:
        missing = [
            *["sin depuración"] * (not loop.get_debug()),
            *["sin manejador"] * (listeners() == before),
            *["otro umbral"] * (loop.slow_callback_duration != threshold),
        ]
        for name, seconds in named.items():
            await asyncio.create_task(block(seconds, note), name=name)
        await asyncio.create_task(asyncio.sleep(5), name="espera")
    await asyncio.create_task(block(2 * threshold, note), name="después")
    return understood(messages, [*named, "espera", "después"]) or " y ".join(missing)


async def hold(seconds):
    time.sleep(seconds)  # noqa: ASYNC251  the section looks for it


def standing(logger):
    return {
        "nivel": logger.level,
        "propagate": logger.propagate,
        "disabled": logger.disabled,
        "filtros": [*logger.filters],
    }


async def timed_exit(slow_callbacks, ending, duration, note):
    """Return what a `with` that ends by `ending` leaves behind, and what two of them have collected."""
    loop, loggers = asyncio.get_running_loop(), [quiet_logger(), logging.getLogger()]
    loop.slow_callback_duration = duration
    loggers[0].addHandler(logging.NullHandler())
    stood, handlers = [*map(standing, loggers)], [[*logger.handlers] for logger in loggers]
    raised = None
    try:
        with slow_callbacks(0.5) as messages:
            await asyncio.create_task(hold(1), name="lenta")
            if ending is not None:
                raise ending
    except BaseException as error:
        if error is not ending:
            raise
        raised = error
    changed = [
        name
        for old, logger in zip(stood, loggers, strict=True)
        for name in old
        if standing(logger)[name] != old[name]
    ]
    for old, logger in zip(handlers, loggers, strict=True):
        changed += ["queda un manejador"] * (not {*logger.handlers} <= {*old})
        changed += ["falta un manejador"] * (not {*old} <= {*logger.handlers})
        logger.handlers, logger.disabled = old, False
    state = {"sale": raised, "depuración": loop.get_debug(), "umbral": loop.slow_callback_duration}
    loop.set_debug(False)
    with slow_callbacks(0.5) as again:
        await asyncio.create_task(hold(1), name="otra")
    found = [understood(each, ["lenta", "otra"]) for each in (messages, again)]
    return state | {"registro": changed, "listas": [await note(f"{each}") for each in found]}


def as_left(ending, duration):
    """Return what `timed_exit` gives where a `with` that ends by `ending` leaves all as it was."""
    lists = [noted("['lenta']"), noted("['otra']")]
    return {"sale": ending, "depuración": False, "umbral": duration, "registro": [], "listas": lists}


SLOW_SHAPES = [
    Cause(
        "falta `@contextmanager` encima de `slow_callbacks`",
        error="'generator' object does not support the context manager",
    ),
    Cause(
        "`slow_callbacks` se usa con `with`, no con `async with`: sobra `async`",
        lambda o: re.search("'(coroutine|_AsyncGeneratorContextManager|async_generator)' object", o.error),
        error="context manager protocol",
    ),
    Cause(
        "`slow_callbacks` no devuelve nada que sirva en un `with`", error="'NoneType' object does not support"
    ),
    Cause("`slow_callbacks` termina sin llegar a ningún `yield`", error="generator didn't yield"),
    Cause("después del error del bloque sigues con otro `yield`", error="generator didn't stop"),
]
_NO_LIST = "`with ... as messages` no entrega una lista"
_NO_TEXT = "la lista lleva el texto de cada aviso: `record.getMessage()`"
_NO_NAME = "la lista guarda el formato sin rellenar: el texto entero lo da `record.getMessage()`"
_EMPTY = "la lista se queda vacía: revisa la depuración, el umbral, el manejador y qué lista llena este"


def named(prefix):
    """Return a condition: the list tells of a task whose name begins so."""
    return lambda o: any(name.startswith(prefix) for name in o.value)


SLOW_A = [
    *SLOW_SHAPES,
    ended(_NO_LIST, lambda o: o.value.startswith("no es una lista")),
    ended("la lista se queda vacía: no activas el modo depuración", lambda o: "sin depuración" in o.value),
    ended(
        "la lista se queda vacía: no hay ningún manejador que la llene", lambda o: "sin manejador" in o.value
    ),
    ended(
        "la lista se queda vacía: `slow_callback_duration` no es `threshold`",
        lambda o: "otro umbral" in o.value,
    ),
    ended("tu manejador no llena la lista que entregas", lambda o: o.value == ""),
    ended(_NO_TEXT, named("no es un texto")),
    ended(_NO_NAME, lambda o: any("%s" in name for name in o.value)),
    ended("mides la tarea entera; esperar no bloquea: mide cada paso", named("espera")),
    ended("la lista sigue creciendo después de salir del `with`", named("después")),
    ended("apuntas dos veces el mismo paso", lambda o: len({*o.value}) < len(o.value)),
    ended("apuntas pasos más cortos que `threshold`", named("breve")),
    ended(
        "un paso que dura justo `threshold` segundos también cuenta",
        lambda o: len(o.value) == 2 and not named("justa")(o),
    ),
    ended("falta algún paso lento: la lista lleva un aviso por cada uno", lambda o: True),
]


def slow_exit_causes(ending):
    """Return the causes of a `with` that ends by `ending`."""
    cancelled = isinstance(ending, asyncio.CancelledError)
    how = "" if ending is None else f" por {'una cancelación' if cancelled else 'un error'}"

    def heard(index, when):
        return lambda o: when([request.args[0] for request in o.requests][index])

    return [
        *SLOW_SHAPES,
        ended(_NO_LIST, heard(0, lambda found: found.startswith("no es una lista"))),
        ended(_NO_TEXT, heard(0, lambda found: "no es un texto" in found)),
        ended(_NO_NAME, heard(0, lambda found: "%s" in found)),
        ended(
            "M18: te tragas la cancelación que sale del bloque"
            if cancelled
            else "ocultas el error del bloque",
            lambda o: ending is not None and o.value["sale"] is None,
        ),
        ended(f"al salir{how} queda activado el modo depuración", lambda o: o.value["depuración"]),
        ended(
            "devuelve `slow_callback_duration` al valor que tenía, que no siempre es 0.1",
            lambda o: o.value["umbral"] == 0.1,
        ),
        ended(
            f"al salir{how} no devuelves `slow_callback_duration` al valor que tenía",
            lambda o: o.value["umbral"] == 0.5,
        ),
        ended(
            f"al salir{how} queda tu manejador en el registro",
            lambda o: "queda un manejador" in o.value["registro"],
        ),
        ended(
            "quitas del registro también los manejadores que no son tuyos",
            lambda o: "falta un manejador" in o.value["registro"],
        ),
        ended(
            "cambias el registro (nivel, `propagate`, `disabled` o filtros) y no lo dejas como estaba",
            lambda o: o.value["registro"],
        ),
        ended(
            "dos `with` comparten la misma lista: cada uno entrega una nueva",
            heard(0, lambda found: "otra" in found),
        ),
        ended(_EMPTY, heard(0, lambda found: found == "[]")),
        ended(
            "la lista lleva un aviso por cada paso lento, ni más ni menos",
            heard(0, lambda found: found != "['lenta']"),
        ),
    ]
