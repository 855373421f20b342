"""Scenarios of the exercises on executors, and the causes of what is wrong with an answer."""

import asyncio
import os
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import cpu_work

from grader import Cause, Tokens

answers, numbers = Tokens(), Tokens(int)  # what services answer: nobody can guess it


def kinds(outcome):
    """Return the kinds of a run's findings."""
    return {finding.kind for finding in outcome.findings}


def came_of(error, origin):
    """Tell whether an exception is the origin, or was raised because of it."""
    while error is not None and error is not origin:
        error = error.__cause__ or error.__context__
    return error is origin


def both(*results):
    """Return what is expected where a function must end as the one that it was given."""
    return {"fn": [*results], "tu función": [*results]}


async def end_of(call, result):
    """Return what a call gives whose function gives `result`; an exception that is not raised is wrapped.

    What the call fails of by itself is raised.
    """
    try:
        given = await call
    except Exception as error:
        if not came_of(error, result):
            raise
        return error
    return {"devuelve": given} if isinstance(given, Exception) else given


def of_any(holds):
    """Return a condition on a run: `holds` of what one of the functions gave, and of what the answer did."""

    def condition(outcome):
        return any(map(holds, outcome.value["fn"], outcome.value["tu función"]))

    return condition


def raised(given):
    """Tell whether something is an exception that was raised."""
    return type(given).__name__ == "Raised"


ending_causes = [
    Cause(
        "la excepción se pierde dentro de tu función, que termina como si nada",
        of_any(lambda given, got: raised(given) and got is None),
    ),
    Cause(
        "devuelves la excepción en vez de lanzarla",
        of_any(lambda given, got: raised(given) and not raised(got) and given.text in str(got)),
    ),
    Cause(
        "la excepción llega cambiada: debe propagarse la misma",
        of_any(lambda given, got: raised(given) and raised(got) and given != got),
    ),
    Cause(
        "no devuelves el resultado: ¿falta `return`?",
        lambda o: (
            {*map(repr, o.value["tu función"])} <= {"None", *map(repr, filter(raised, o.value["fn"]))}
            and any(not raised(given) and given is not None for given in o.value["fn"])
        ),
    ),
    Cause(
        'un resultado vacío, como `None`, `0` o `""`, también es un resultado',
        lambda o: all(given == got for given, got in zip(*o.value.values(), strict=True) if given),
    ),
    Cause(
        "das el resultado de otra llamada: cada una ejecuta su función",
        lambda o: any(
            got != given and got in o.value["fn"]
            for given, got in zip(o.value["fn"], o.value["tu función"], strict=False)
        ),
    ),
]


# 7.1 offload


async def visit(offload, porter, name):
    """Let `fn` wait behind a door that only the loop can open."""
    loop_thread, opened, keys, runs = threading.get_ident(), threading.Event(), [], []

    def visitor():
        runs.append(threading.get_ident() != loop_thread)
        inside = any(opened.wait(0.05) for _ in cpu_work.patience(2))
        return keys[0] if inside else "nadie"

    async def open_up():
        keys.append(await porter(name))
        opened.set()

    opening = asyncio.create_task(open_up(), name="porter")
    opens = await offload(visitor)
    await opening
    return {"en otro hilo": runs, "abre": opens}


def opened(name):
    """Return what is expected of `visit`."""
    return {"en otro hilo": [True], "abre": answers(name)}


async def meet_in_threads(offload, porter, count):
    """Call `offload` several times at once, with a function that waits for the other calls."""
    arrivals, everybody = iter(range(1, count + 1)), threading.Event()

    def arrive():
        if next(arrivals) == count:
            everybody.set()
        return together if any(everybody.wait(0.05) for _ in cpu_work.patience(2)) else "sola"

    together = await porter("juntas")
    return await asyncio.gather(*(offload(arrive) for _ in range(count)))


async def ask_one_by_one(offload, bank, results):
    """Call `offload` once for each result; a text is asked of the bank, an exception is raised."""
    told = {"fn": [], "tu función": []}
    for result in results:
        if type(result) is str and result:
            result = await bank(result)

        def give(result=result):
            if isinstance(result, Exception):
                raise result
            return result

        told["fn"].append(result)
        told["tu función"].append(await end_of(offload(give), result))
    return told


offload_causes = [
    Cause("llamas a `fn` tú: dale al hilo la función sin paréntesis, y él la llamará", error="not callable"),
    Cause(
        "una función local no viaja a otro proceso: el enunciado pide un hilo",
        lambda o: "local object" in o.error or "pickle" in o.error,
        error="",
    ),
    Cause("devuelves un futuro, no su resultado: ¿quién lo espera?", lambda o: "futuro" in o.refused),
    Cause("ejecutas `fn` más de una vez en la misma llamada", lambda o: len(o.value["en otro hilo"]) > 1),
    Cause(
        "M10: llamas a `fn` en el hilo del bucle de eventos, que estuvo bloqueado mientras corría",
        lambda o: o.value["en otro hilo"] == [False],
    ),
    Cause("devuelves una lista con el resultado, y no el resultado", lambda o: type(o.value["abre"]) is list),
    Cause(
        "no devuelves el resultado: ¿falta `return`?",
        lambda o: o.value["abre"] is None and "never-awaited" not in kinds(o),
    ),
    Cause(
        "E39: `fn` corre en otro hilo, pero el bucle queda bloqueado hasta que acaba: "
        "¿por la salida de un `with`, un `result()`, un `join()`?",
        lambda o: o.value["abre"] == "nadie",
    ),
    Cause(
        "das el resultado de otra llamada: cada una ejecuta su función",
        lambda o: any(text.startswith("juntas") and text != answers("juntas") for text in o.value),
    ),
    Cause("tus llamadas hacen cola: ¿cuántos hilos tiene tu pool?", lambda o: "sola" in o.value),
    *ending_causes,
]


# 7.2 cpu_map


async def finish_in_order(cpu_map, orders, day):
    """Let items finish in another order than theirs: each waits for the one that it names."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(2) as pool:
        tickets = [(folder, name, other) for name, other in await orders(day)]
        return await cpu_map(pool, cpu_work.finish_after, tickets)


def waiting(*names):
    """Return items of `finish_in_order`: the first waits for the second, the others for nobody."""
    tokens = [*map(answers, names)]
    return [(token, tokens[1] if token == tokens[0] else "") for token in tokens]


async def meet_in_processes(cpu_map, porter, name, size, count):
    """Map a function whose calls wait for one another, `size` at a time, and then for the loop."""
    loop = asyncio.get_running_loop()
    with (
        tempfile.TemporaryDirectory() as lobby,
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(size) as pool,
    ):
        known = [loop.run_in_executor(pool, cpu_work.meet, (lobby, str(i), size)) for i in range(size)]
        workers = {process for process, _ in await asyncio.gather(*known)}

        async def open_up():
            cpu_work.open_door(folder, await porter(name))

        opening = asyncio.create_task(open_up(), name="porter")
        visits = await cpu_map(pool, cpu_work.visit, [(folder, str(i), size) for i in range(count)])
        await opening
    processes = {process for process, _, _ in visits}
    return {
        "visitas": len(visits),
        "en tu proceso": os.getpid() in processes,
        "en los de pool": processes <= workers,
        "coinciden": all(met for _, met, _ in visits),
        "abre": sorted({text for _, _, text in visits}),
    }


def met(name, count):
    """Return what is expected of `meet_in_processes`."""
    return {
        "visitas": count,
        "en tu proceso": False,
        "en los de pool": True,
        "coinciden": True,
        "abre": [answers(name)],
    }


async def convert(cpu_map, shop, texts):
    """Make numbers of texts, those that the shop gives for some names among them; use the pool again."""
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2) as pool:
        items = [str(await shop(text)) if text.isalpha() else text for text in texts]
        given = list(items)
        try:
            result = await cpu_map(pool, int, given)
        except* ValueError as group:
            result = group.exceptions[0]
        after = await loop.run_in_executor(pool, abs, -1)
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)  # `gather` leaves those that did not fail to go on
    return {"items": items, "resultado": result, "pool abierto": after == 1, "cambias items": given != items}


def converted(*texts):
    """Return what is expected of `convert`."""
    items = [str(numbers(text)) if text.isalpha() else text for text in texts]
    return {
        "items": items,
        "resultado": [*map(int, items)],
        "pool abierto": True,
        "cambias items": False,
    }


def refused(error, *texts):
    """Return what is expected of `convert` where a text is no number."""
    return converted() | {"items": [*texts], "resultado": error}


def numbers_of(outcome):
    """Return the items of a run as numbers."""
    return [*map(int, outcome.value["items"])]


cpu_map_causes = [
    Cause(
        "llamas a `fn` tú, en tu propio proceso: pásale al pool la función y el elemento por separado",
        error="not callable",
    ),
    Cause(
        "una `lambda` o una función local no viaja a otro proceso: pasa `fn` y `item` por separado",
        lambda o: "local object" in o.error or "pickle" in o.error,
        error="",
    ),
    Cause("cierras un pool que no es tuyo: quien llama ya no puede usarlo", error="shutdown"),
    Cause(
        "`asyncio.wait` no admite una lista vacía: sin elementos no hay nada que esperar", error="is empty"
    ),
    Cause("devuelves futuros, no sus resultados: ¿quién los espera?", lambda o: "futuro" in o.refused),
    Cause("devuelves futuros, no sus resultados: ¿quién los espera?", error="with future"),
    Cause(
        "`fn` recibe la lista entera: envías un solo trabajo en vez de uno por elemento",
        lambda o: "unpack" in o.error or "'list'" in o.error,
        error="",
    ),
    Cause(
        "`fn` recibe un solo elemento en cada llamada, y tú le pasas más", error="1 positional argument but"
    ),
    Cause(
        "`asyncio.wait` no admite una lista vacía: sin elementos no hay nada que esperar",
        lambda o: "is empty" in o.value["resultado"].text,
    ),
    Cause(
        "devuelves un iterador, como el de `pool.map`, y el enunciado pide una lista",
        lambda o: "generator" in o.refused or "map" in o.refused or "itera" in o.refused,
    ),
    Cause("devuelves una tupla y el enunciado pide una lista", lambda o: type(o.value) is tuple),
    Cause("devuelves una tupla y el enunciado pide una lista", lambda o: type(o.value["resultado"]) is tuple),
    # meet_in_processes
    Cause(
        "M09: `fn` corre en tu propio proceso: ahí los cálculos se turnan", lambda o: o.value["en tu proceso"]
    ),
    Cause(
        "E39: creas otro pool en cada llamada; usa el que recibes", lambda o: not o.value["en los de pool"]
    ),
    Cause(
        "M08: los trabajos no corren a la vez: ¿esperas alguno antes de entregar el siguiente?",
        lambda o: not o.value["coinciden"],
    ),
    Cause(
        "M10: esperas a los procesos sin `await`: el bucle queda bloqueado", lambda o: o.value["abre"] == [""]
    ),
    # convert
    Cause("cambias la lista que recibes: es de quien llama", lambda o: o.value["cambias items"]),
    Cause(
        "la excepción de un elemento no sale de `cpu_map`",
        lambda o: not all(map(is_number, o.value["items"])) and type(o.value["resultado"]) is list,
    ),
    Cause(
        "un elemento repetido se calcula, y da su resultado, cada vez que aparece",
        lambda o: (
            len(o.value["resultado"]) < len(o.value["items"]) and {*numbers_of(o)} == {*o.value["resultado"]}
        ),
    ),
    Cause(
        "pierdes resultados: un `0` cuenta como cualquier otro",
        lambda o: [number for number in numbers_of(o) if number] == o.value["resultado"],
    ),
]


def is_number(text):
    """Tell whether a text is a number."""
    return text.lstrip("-").isdecimal()


def in_arrival(*names):
    """Return the cause that is told where the results of `finish_in_order` come as they arrive."""
    return Cause(
        "M16: están todos, pero en el orden de llegada: el enunciado pide el de `items`",
        lambda o: o.value in [[*map(answers, arrival)] for arrival in names],
    )


# 7.3 choices


PLACES = ("hilo", "proceso", "async")


def row_of(table, name, *places):
    """Return what is asked of a row: one of the places, and a reason of five words; None if it is empty."""
    if table is None or (isinstance(table, dict) and name in table and table[name] is None):
        return None
    if not isinstance(table, dict) or name not in table:
        return {"sitio": "falta", "razón": False}
    row = table[name]
    place, reason = row if isinstance(row, tuple | list) and len(row) == 2 else (row, "")
    if reason in PLACES and place not in PLACES:
        place = "al revés"
    if place in PLACES:
        place = "correcto" if place in places else place
    return {"sitio": place, "razón": len(str(reason).split()) >= 5}


good_row = {"sitio": "correcto", "razón": True}
row_causes = [
    Cause(
        "falta esa fila: ¿está escrita su clave como en el enunciado?", lambda o: o.value["sitio"] == "falta"
    ),
    Cause(
        "la razón va en segundo lugar: cada fila es (sitio, razón)",
        lambda o: o.value["sitio"] == "al revés",
    ),
    Cause(
        'cada fila es una pareja (sitio, razón), y el sitio es "hilo", "proceso" o "async"',
        lambda o: o.value["sitio"] not in ("correcto", *PLACES),
    ),
    Cause("falta la razón: la fila es (sitio, cinco palabras o más)", lambda o: o.value["razón"] is False),
]


def misplaced(**texts):
    """Return the causes of a row whose place is wrong, by that place."""
    return [
        *row_causes[:-1],
        *(Cause(text, lambda o, place=place: o.value["sitio"] == place) for place, text in texts.items()),
        row_causes[-1],
    ]


csv_causes = misplaced(
    **{
        "async": "E65: asyncio no tiene ficheros asíncronos: `read_text` bloquearía el bucle 200 veces",
        "proceso": "leer es esperar, y quien espera suelta el GIL: un proceso solo añade copias",
    }
)
bcrypt_causes = misplaced(
    **{"async": "M09: `bcrypt` calcula sin ningún `await`: en el bucle bloquea a todos mientras dura"}
)
api_causes = misplaced(
    hilo="`AsyncClient` ya espera con `await`: 50 peticiones caben en el hilo del bucle, sin ningún otro",
    proceso="esperar a la red no gasta CPU: un proceso no acelera nada y `AsyncClient` ya espera con `await`",
)


# Reto cancellable


async def cancel_download(cancellable, clock, block, error=None):
    """Cancel the wait for a thread that stores blocks until it sees `stop`, and look at it later."""
    log, starts, saw = [], [], []
    here = threading.get_ident()
    if error is not None:  # whether somebody looks at it after the cancellation does not matter
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)

    def work(stop):
        starts.append([threading.get_ident() != here, isinstance(stop, threading.Event), stop.is_set()])
        for _ in range(20):
            if stop.is_set():
                saw.append(True)
                if error is not None:
                    raise error
                return log
            time.sleep(block)
            log.append("bloque")

    task = asyncio.create_task(cancellable(work), name="cancellable")
    cancels = await clock("cancela")
    task.cancel()
    await asyncio.wait([task])
    before = len(log)
    looks = await clock("mira")
    ending = asyncio.CancelledError() if task.cancelled() else task.exception()
    if isinstance(ending, TypeError | AttributeError | NameError | ImportError | RuntimeError):
        raise ending
    return {
        "empieza": starts,
        "work lanza": error,
        "ve stop": bool(saw),
        "bloques": before,
        "después": len(log) - before,
        "acaba": task.result() if ending is None else ending,
        "reloj": [cancels, looks],
    }


def stopped(blocks, error=None):
    """Return what is expected of `cancel_download`."""
    return {
        "empieza": [[True, True, False]],
        "work lanza": error,
        "ve stop": True,
        "bloques": blocks,
        "después": 0,
        "acaba": asyncio.CancelledError(),
        "reloj": [answers("cancela"), answers("mira")],
    }


async def call_one_by_one(cancellable, bank, results):
    """Cancel a call; then call once for each result: a text is asked of the bank, an exception is raised."""
    told = {"fn": [], "tu función": []}

    def nap(stop):
        while not stop.is_set():
            time.sleep(0.1)

    first = asyncio.create_task(cancellable(nap), name="cancelada")
    await bank("antes")
    first.cancel()
    await asyncio.wait([first])
    for result in results:
        if type(result) is str and result:
            result = await bank(result)

        def work(stop, result=result):
            if stop.is_set():
                return "stop ya activado"
            if isinstance(result, Exception):
                raise result
            return result

        told["fn"].append(result)
        told["tu función"].append(await end_of(cancellable(work), result))
    return told


cancellable_causes = [
    Cause("llamas a `work` sin su argumento: es `work(stop)`", error="argument: 'stop'"),
    Cause(
        "llamas a `work` tú, en el hilo del bucle: dale al hilo la función y `stop` por separado",
        error="not callable",
    ),
    Cause(
        "llamas a `work` en el hilo del bucle: el enunciado pide otro hilo",
        lambda o: o.value["empieza"][0][0] is False,
    ),
    Cause(
        "`stop` no es un `threading.Event`: el de asyncio no sirve para avisar a un hilo",
        lambda o: o.value["empieza"][0][1] is False,
    ),
    Cause(
        "activas `stop` aunque nadie ha cancelado, o es el de otra llamada: crea uno nuevo en cada una",
        lambda o: o.value["empieza"][0][2],
    ),
    Cause("no ejecutas `work`", lambda o: o.value["empieza"] == []),
    Cause("ejecutas `work` más de una vez", lambda o: len(o.value["empieza"]) > 1),
    Cause(
        "M20: el hilo sigue trabajando: nadie activa `stop`",
        lambda o: o.value["después"] and not o.value["ve stop"],
    ),
    Cause("esperas a que el trabajo acabe entero: nadie activa `stop`", lambda o: o.value["bloques"] == 20),
    Cause("M20: activas `stop`, pero no esperas a que el hilo termine", lambda o: o.value["después"] > 0),
    Cause(
        "si te cancelan, gana la cancelación: la excepción de `work` no ocupa su lugar",
        lambda o: o.value["acaba"] is not None and o.value["acaba"] == o.value["work lanza"],
    ),
    Cause(
        "M18: tu función captura la cancelación y no la deja pasar: ¿falta un `raise`?",
        lambda o: type(o.value["acaba"]) in (type(None), list),
    ),
    Cause("M18: cambias la cancelación por otra excepción", lambda o: not is_cancelled(o.value["acaba"])),
    Cause(
        "terminas más tarde que `work`: ¿preguntas cada poco, o duermes un tiempo fijo?",
        lambda o: o.value["ve stop"] and is_cancelled(o.value["acaba"]),
    ),
    Cause(
        "activas `stop` aunque nadie ha cancelado, o es el de otra llamada: crea uno nuevo en cada una",
        of_any(lambda given, got: got == "stop ya activado"),
    ),
    *ending_causes,
]


def is_cancelled(ending):
    """Tell whether a task ended with a cancellation."""
    return getattr(ending, "type", "") == "CancelledError"
