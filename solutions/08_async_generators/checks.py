"""Scenarios of the exercises on async generators, and the causes of what is wrong with an answer."""

import asyncio
import inspect
import re
from contextlib import aclosing
from itertools import chain, pairwise
from types import SimpleNamespace

import httpx
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from grader import Cause, Tokens, local_api, service
from grader.loop.stopwatch import patience

answers = Tokens()  # what services answer: nobody can guess it


def kinds(outcome):
    """Return the kinds of a run's findings."""
    return {finding.kind for finding in outcome.findings}


def counted(outcome, name):
    """Return how many calls a service had."""
    return sum(request.service == name for request in outcome.requests)


def no_generator(name):
    """Return the causes that are told where `name` does not give an async generator."""
    return [
        Cause(
            f"`{name}` es un `def` con `yield`, un generador normal: ¿falta `async`?",
            lambda o: "got generator" in o.error or "'generator'" in o.error,
            error="",
        ),
        Cause(
            f"`{name}` no es un generador asíncrono: entrega con `yield`, no con `return`",
            lambda o: (
                "__aiter__" in o.error or "async iterator" in o.error or "no attribute 'aclose'" in o.error
            ),
            error="",
        ),
        Cause(
            "un generador asíncrono se recorre con `async for`, no con `for`",
            error="'async_generator' object is not iterable",
        ),
        Cause("tu generador no termina nunca", error="de reloj virtual"),
    ]


async def begin(generator):
    """Return an async generator; await it first where a function without `yield` gave a coroutine."""
    return await generator if inspect.iscoroutine(generator) else generator


# 8.1 ticker


async def collect_marks(ticker, work, n, every):
    """Return what the work on each mark answered."""
    return [await work(i) async for i in await begin(ticker(n, every))]


async def follow_marks(ticker, work, n, every, late=0):
    """Return what the work on each mark answered, and the instant of the mark; ask late for the first."""
    marks = await begin(ticker(n, every))
    await asyncio.sleep(late)
    time = asyncio.get_running_loop().time
    start, seen = time(), []
    async for i in marks:
        at = time() - start
        seen.append([await work(i), at])
    return seen


def marks(n):
    """Return what is expected of `collect_marks`."""
    return [answers(i) for i in range(n)]


def marks_at(*instants):
    """Return what is expected of `follow_marks`."""
    return [[answers(i), at] for i, at in enumerate(instants)]


def begun(outcome):
    """Return when each call of a run began."""
    return [round(request.start, 6) for request in outcome.requests]


def numbered(outcome):
    """Return the marks of a run as the work was given them."""
    return [request.args[0] for request in outcome.requests]


def instants(outcome):
    """Return when each mark of `follow_marks` came."""
    return [round(at, 6) for _, at in outcome.value]


def works(outcome):
    """Return how long the work on each mark took."""
    return [round((request.end or request.start) - request.start, 6) for request in outcome.requests]


def played(outcome, every, *, origin=0.0, moved=False):
    """Return when marks come to who works that long, if they are due every so often.

    origin: when the first was due; moved: whether a late mark moves those that follow_marks.
    """
    now, due, seen = 0.0, origin, []
    for work in works(outcome):
        at = max(now, due)
        seen.append(round(at, 6))
        now, due = at + work, (max(due + every, at + work) if moved else due + every)
    return seen


def marks_causes(n):
    """Return the causes where `n` marks are asked for, whenever they come."""
    return [
        *no_generator("ticker"),
        Cause("no entregas ninguna marca", lambda o: n and not o.requests and not o.error),
        Cause("la primera marca es el 0", lambda o: numbered(o)[0] != 0),
        Cause(
            "las marcas son 0, 1, 2…: entregas el instante de cada una, no su número",
            lambda o: any(number != i and type(number) is float for i, number in enumerate(numbered(o))),
        ),
        Cause("entregas más de `n` marcas", lambda o: len(o.value) > n),
        Cause(
            "se pierden marcas: son `n`, aunque lleguen tarde",
            lambda o: len(o.value) < n or numbered(o) != [*range(n)],
        ),
    ]


def ticker_causes(n, every, late=0):
    """Return the causes of `n` marks, one every so often, that are asked for so late."""
    return [
        Cause(
            "M10: `time.sleep` bloquea el bucle de eventos: mientras duerme no avanza nadie más",
            lambda o: "blocked" in kinds(o),
        ),
        *marks_causes(n),
        Cause("la primera marca es inmediata, y la entregas después de dormir", lambda o: instants(o)[0] > 0),
        Cause(
            "no esperas entre marcas",
            lambda o: "never-awaited" not in kinds(o) and instants(o) == played(o, 0),
        ),
        Cause(
            "deriva: duermes `every` después de cada entrega y el trabajo de quien consume se suma",
            lambda o: all(
                round(b - a, 6) == round(work + every, 6)
                for (a, b), work in zip(pairwise(instants(o)), works(o), strict=False)
            ),
        ),
        Cause(
            "las marcas tocan cada `every` segundos, y aquí `every` no vale 1",
            lambda o: every != 1 and instants(o) == played(o, 1),
        ),
        Cause(
            "el tiempo cuenta desde que piden la primera marca, no desde que llaman a `ticker`",
            lambda o: late and instants(o) == played(o, every, origin=-late),
        ),
        Cause(
            "una marca que llega tarde se entrega al momento, y las siguientes conservan su instante",
            lambda o: any(at > due for at, due in zip(instants(o), played(o, every), strict=True)),
        ),
        Cause(
            "entregas alguna marca antes de su instante",
            lambda o: any(at < due for at, due in zip(instants(o), played(o, every), strict=True)),
        ),
    ]


# 8.2 take


def reply(item):
    """Answer for a source: an empty item is itself."""
    return answers(item) if item else item


async def collect(take, produce, items, n):
    """Take from a source of these items; tell what came, when, and the error."""

    async def source():
        for item in items:
            yield await produce(item)

    agen = source()
    time = asyncio.get_running_loop().time
    start, arrived, at, failure = time(), [], [], None
    first = await begin(take(agen, n))
    try:
        async for item in first:
            arrived.append(item)
            at.append(time() - start)
    except (ValueError, OSError) as error:
        failure = error
    await agen.aclose()  # nobody asks here whether the answer has done so
    return {"llegan": arrived, "en": at, "lanza": failure}


def taken(*items, error=None):
    """Return what is expected of `collect`, where the first item comes at once and each other takes 1 s."""
    return {"llegan": [*map(reply, items)], "en": [*range(len(items))], "lanza": error}


def take_causes(items, n):
    """Return the causes where `n` of these items are asked for."""
    return [
        *no_generator("take"),
        Cause("si `agen` acaba antes de `n`, su StopAsyncIteration se te escapa", error="StopAsyncIteration"),
        Cause(
            "cierras `agen` mientras avanza: ¿le has pedido un elemento por adelantado?",
            lambda o: "async generator ignored" in o.error or "already running" in o.error,
            error="",
        ),
        Cause("no le pides nada a `agen`", lambda o: n and not o.requests and not o.error),
        Cause("entregas más de `n` elementos", lambda o: len(o.value["llegan"]) > n),
        Cause(
            "ocultas el error de `agen`: déjalo pasar",
            lambda o: o.value["lanza"] is None and any(request.state == "failed" for request in o.requests),
        ),
        Cause(
            "guardas los elementos y los entregas todos juntos",
            lambda o: len(o.value["en"]) > 1 and len({*o.value["en"]}) == 1,
        ),
        Cause(
            "pierdes elementos: un `None` o un `0` también se entrega",
            lambda o: (
                [item for item in o.value["llegan"] if item] == o.value["llegan"]
                and any(not request.args[0] for request in o.requests)
            ),
        ),
        Cause(
            "pierdes elementos: uno repetido se entrega cada vez que llega",
            lambda o: len({*numbered(o)}) == len(o.value["llegan"]) < len(o.requests),
        ),
        Cause("faltan elementos", lambda o: len(o.value["llegan"]) < len(items[:n])),
        Cause(
            "entregas elementos de más: `agen` ya se había acabado",
            lambda o: len(o.value["llegan"]) > len(items[:n]),
        ),
        Cause(
            "lo que entregas no son los elementos de `agen`",
            lambda o: o.value["llegan"] != [*map(reply, items[:n])],
        ),
        Cause(
            "entregas cada elemento más tarde de lo que llega",
            lambda o: any(at > i for i, at in enumerate(o.value["en"])),
        ),
    ]


async def leave(take, produce, mark, items, n, early):
    """Take from a source and close; return the marks in their order. early: close after the first item."""
    log = []

    async def source():
        log.append(await mark("empieza"))
        try:
            for item in items:
                yield await produce(item)
        finally:
            log.append(await mark("finally"))

    agen = source()
    first = await begin(take(agen, n))
    if early:
        await anext(first)
        await asyncio.sleep(0.5)
        await first.aclose()
    else:
        async for _ in first:
            pass
    log.append(await mark("tras take"))
    for _ in range(5):  # whatever has been left to a task
        await asyncio.sleep(0)
    return [*log]


def closed(*names):
    """Return what is expected of `leave`: these marks."""
    return [*map(answers, names)]


def names_of(outcome):
    """Return the names of the marks of a run."""
    return [text.partition("·")[0] for text in outcome.value]


def leave_causes(n):
    """Return the causes where `n` items are taken and the source must be closed."""
    return [
        *no_generator("take"),
        Cause(
            "cierras `agen` mientras avanza: ¿le has pedido un elemento por adelantado?",
            lambda o: "async generator ignored" in o.error or "already running" in o.error,
            error="",
        ),
        Cause("con `n = 0` empiezas `agen`: no le pidas nada", lambda o: n == 0 and "empieza" in names_of(o)),
        Cause(
            "le pides a `agen` más elementos de los que entregas, aunque sea por adelantado",
            lambda o: counted(o, "produce") > n,
        ),
        Cause(
            "M23: dejas `agen` a medias: nadie ejecuta su `finally`", lambda o: "finally" not in names_of(o)
        ),
        Cause(
            "M23: el `finally` de `agen` llega tarde: quien te llamó ya sigue",
            lambda o: names_of(o).index("finally") > names_of(o).index("tras take"),
        ),
    ]


# 8.3 parse_sse

WORD = re.compile(r"{(\w+)}")


def fill(text):
    """Return a text with what the service says for each {word}."""
    return WORD.sub(lambda found: answers(found[1]), text)


def feed(text, error=None):
    """Return a service that gives a line of the text each second, and how many; the last may fail."""
    log = text.split("|")
    fail = {len(log) - 1: error}
    return service(name="receive", reply=lambda i: fill(log[i]), fail=fail), len(log)


async def parse(parse_sse, receive, count):
    """Return the messages of a log, each with its instant, and the error of the lines."""
    lines = (await receive(i) for i in range(count))
    time = asyncio.get_running_loop().time
    start, messages, at, failure = time(), [], [], None
    try:
        async for message in await begin(parse_sse(lines)):
            messages.append(message)
            at.append(time() - start)
    except (ValueError, OSError) as error:
        if str(error) != "corte":  # the error of the lines
            raise
        failure = error
    return {"mensajes": messages, "en": at, "lanza": failure}


def parsed(*messages, at, error=None):
    """Return what is expected of `parse`: for each message its data, event and id."""
    told = [{"data": fill(data), "event": fill(event), "id": id_} for data, event, id_ in messages]
    return {"mensajes": told, "en": [*at], "lanza": error}


def datas(log):
    """Return what stands after `data:` in each block of a log; the last block is not ended."""
    blocks = "".join(f"{fill(line)}\n" for line in log).split("\n\n")
    return [[line[5:] for line in block.split("\n") if line.startswith("data:")] for block in blocks]


def parts_of(outcome):
    """Return the lines of the data of all messages."""
    return [part for message in outcome.value["mensajes"] for part in message["data"].split("\n")]


def of_messages(holds):
    """Return a condition on a run: `holds` of any of its messages."""
    return lambda o: any(map(holds, o.value["mensajes"]))


def of_neighbours(holds):
    """Return a condition on a run: `holds` of any message and the next one."""
    return lambda o: any(holds(*pair) for pair in pairwise(o.value["mensajes"]))


sse_keys = [
    Cause(
        "un mensaje es un diccionario con `data`, `event` e `id`",
        of_messages(lambda m: type(m) is not dict or set(m) != {"data", "event", "id"}),
    ),
    Cause("`data` es un texto, no una lista", of_messages(lambda m: type(m["data"]) is list)),
    Cause(
        'sin ningún `id`, la clave vale `""` al principio, no `None`', of_messages(lambda m: m["id"] is None)
    ),
    Cause("el `id` es un texto, aunque parezca un número", of_messages(lambda m: type(m["id"]) is int)),
    Cause("el `id` es un texto, aunque parezca un número", error="invalid literal for int"),
    Cause('sin `event`, la clave vale `"message"`', of_messages(lambda m: not m["event"])),
]


def sse_causes(text):
    """Return the causes where the lines of this text are parsed."""
    log = text.split("|")
    return [
        *no_generator("parse_sse"),
        Cause(
            "el valor también puede llevar dos puntos: separa solo en los primeros", error="too many values"
        ),
        Cause(
            "una línea sin dos puntos es un campo con el valor vacío, y la tuya falla con ella",
            lambda o: any(line and ":" not in line for line in log),
            error="not enough values",
        ),
        Cause("no lees las líneas", lambda o: not o.requests and not o.error),
        Cause(
            "ocultas el error de `lines`: déjalo pasar",
            lambda o: o.value["lanza"] is None and o.requests[-1].state == "failed",
        ),
        *sse_keys,
        Cause(
            "cada mensaje necesita un diccionario nuevo: entregas siempre el mismo",
            lambda o: (
                len(o.value["mensajes"]) > 1
                and len({*map(repr, o.value["mensajes"])}) == 1
                and len({*map(repr, filter(None, datas(log)))}) > 1
            ),
        ),
        Cause(
            "entregas los mensajes todos juntos, al acabar las líneas",
            lambda o: len(o.value["en"]) > 1 and len({*o.value["en"]}) == 1,
        ),
        Cause(
            "una línea que empieza por `:` es un comentario",
            lambda o: any("comentario" in part for part in parts_of(o)),
        ),
        Cause(
            "el nombre del campo cuenta entero: `database` no es `data`",
            lambda o: any("otra base" in part for part in parts_of(o)),
        ),
        Cause(
            "quitas todos los espacios: solo sobra uno tras los dos puntos",
            lambda o: any(
                raw.startswith("  ") and raw.strip() in parts_of(o) for raw in chain.from_iterable(datas(log))
            ),
        ),
        Cause(
            "sobra el espacio que sigue a los dos puntos",
            lambda o: any(
                raw.startswith(" ") and raw in parts_of(o) for raw in chain.from_iterable(datas(log))
            ),
        ),
        Cause(
            "el valor también puede llevar dos puntos: separa solo en los primeros",
            lambda o: any(
                ":" in raw and {raw.strip().split(":")[0], raw.strip().rpartition(":")[2]} & {*parts_of(o)}
                for raw in chain.from_iterable(datas(log))
            ),
        ),
        Cause(
            "entregas un mensaje por cada línea `data`: el mensaje acaba en la línea vacía",
            lambda o: (
                any(len(raws) > 1 for raws in datas(log))
                and len(o.value["mensajes"]) > len([*filter(None, datas(log)[:-1])])
                and all("\n" not in m["data"] for m in o.value["mensajes"])
            ),
        ),
        Cause(
            "entregas un mensaje que no acaba en una línea vacía",
            lambda o: any(raw.strip() in parts_of(o) for raw in datas(log)[-1]),
        ),
        Cause(
            "sin líneas `data` no hay mensaje",
            lambda o: (
                "data:" not in log and "data" not in log and any(not m["data"] for m in o.value["mensajes"])
            ),
        ),
        Cause(
            "al final de `data` sobra un salto de línea",
            of_messages(lambda m: m["data"].strip() and m["data"].endswith("\n")),
        ),
        Cause(
            "al acabar un mensaje no olvidas sus líneas `data`",
            of_neighbours(lambda a, b: a["data"] and b["data"].startswith(a["data"] + "\n")),
        ),
        Cause(
            "solo guardas la última línea `data` de cada mensaje: se unen con un salto de línea",
            lambda o: (
                any(len(raws) > 1 for raws in datas(log))
                and [m["data"].strip() for m in o.value["mensajes"]]
                == [raws[-1].strip() for raws in datas(log)[:-1] if raws]
            ),
        ),
        Cause(
            "las líneas `data` se unen con un salto de línea",
            lambda o: any(
                m["data"].replace(" ", "") == "".join(raws).replace(" ", "")
                for m in o.value["mensajes"]
                for raws in datas(log)
                if len(raws) > 1 and "".join(raws).strip()
            ),
        ),
        Cause(
            "una línea `data` vacía también es una línea de datos: su mensaje se entrega",
            lambda o: "data:" in log and len(o.value["mensajes"]) < len([*filter(None, datas(log)[:-1])]),
        ),
        Cause(
            "una línea sin dos puntos es un campo con el valor vacío: `data` equivale a `data:`",
            lambda o: "data" in log and not any(m["data"].startswith("\n") for m in o.value["mensajes"]),
        ),
        Cause(
            "el `event` de un mensaje no pasa al siguiente",
            lambda o: any(
                m["event"] not in ("message", *events_of(block)) for m, block in with_blocks(o, log)
            ),
        ),
        Cause(
            "el `id` se conserva hasta que llega otro",
            lambda o: any(
                before["id"] and not m["id"] and not {"id", "id:"} & {*block}
                for before, (m, block) in zip(o.value["mensajes"], [*with_blocks(o, log)][1:], strict=False)
            ),
        ),
        Cause(
            'un `id` vacío también cuenta: deja `""` hasta que llega otro',
            lambda o: ("id" in log or "id:" in log) and o.value["mensajes"][-1]["id"] != "",
        ),
        Cause("falta un mensaje", lambda o: len(o.value["mensajes"]) < len([*filter(None, datas(log)[:-1])])),
    ]


def with_blocks(outcome, log):
    """Return each message with the lines of its own block."""
    blocks = [block.split("\n") for block in "".join(f"{fill(line)}\n" for line in log).split("\n\n")]
    full = [block for block in blocks if {"data"} & {line.partition(":")[0] for line in block}]
    return zip(outcome.value["mensajes"], full, strict=False)


def events_of(block):
    """Return the events of a block, as they are written."""
    return [line[6:].strip() for line in block if line.startswith("event:")]


async def call_server(parse_sse, wanted):
    """Read messages of a real server, leave, and look whether it has noticed."""
    app, state = FastAPI(), {"enviados": 0, "cortado": True, "vivos": 0}

    async def events():
        state["vivos"] += 1
        try:
            for _ in patience(3):
                state["enviados"] += 1
                yield f"id: {state['enviados']}\nevent: tick\ndata: uno\ndata: dos\n\n"
                await asyncio.sleep(0.05)
            state["cortado"] = False
        finally:
            state["vivos"] -= 1

    async def stream():
        return StreamingResponse(events(), media_type="text/event-stream")

    app.get("/ticks")(stream)
    got = []
    with local_api(app) as api:
        async with (
            httpx.AsyncClient(timeout=60) as client,
            client.stream("GET", f"{api.url}/ticks") as response,
        ):
            messages = await begin(parse_sse(response.aiter_lines()))
            async with aclosing(messages):
                async for message in messages:
                    got.append(message)
                    if len(got) == wanted:
                        break
        for _ in patience(5):  # the server lives in another thread
            await asyncio.sleep(0.01)
            if state["vivos"] == 0:
                break
    return {"mensajes": got, "cortado": state["cortado"], "vivos": state["vivos"]}


def seen_ticks(n):
    """Return what is expected of `call_server`."""
    messages = [{"data": "uno\ndos", "event": "tick", "id": str(i)} for i in range(1, n + 1)]
    return {"mensajes": messages, "cortado": True, "vivos": 0}


server_causes = [
    *no_generator("parse_sse"),
    Cause("la excepción sale de tu función al leer del servidor", lambda o: o.details.get("line"), error=""),
    Cause(
        "entregas los mensajes cuando el servidor ya ha terminado de enviar",
        lambda o: o.value["cortado"] is False,
    ),
    *sse_keys,
    Cause(
        "cada mensaje necesita un diccionario nuevo: entregas siempre el mismo",
        lambda o: len(o.value["mensajes"]) > 1 and len({*map(repr, o.value["mensajes"])}) == 1,
    ),
    Cause("cada mensaje tiene dos líneas `data`", of_messages(lambda m: "\n" not in m["data"])),
    Cause("`data` no es «uno», salto de línea y «dos»", of_messages(lambda m: m["data"] != "uno\ndos")),
    Cause("cada mensaje lleva su `event`", of_messages(lambda m: m["event"] != "tick")),
    Cause(
        "cada mensaje lleva su `id`",
        lambda o: any(m["id"] != str(i) for i, m in enumerate(o.value["mensajes"], 1)),
    ),
    Cause(
        "el generador del servidor sigue vivo: algo mantiene abierta la conexión", lambda o: o.value["vivos"]
    ),
]


# Reto connection


def came_of(error, origin):
    """Tell whether an exception is the origin, or was raised because of it."""
    while error is not None and error is not origin:
        error = error.__cause__ or error.__context__
    return error is origin


def lender(fail=None):
    """Return a service that gives one connection after another."""
    names = iter(("conn-1", "conn-2"))
    return service(name="acquire", reply=lambda: answers(next(names)), fail=fail)


def pool_of(acquire, release):
    """Return a pool, and the list of what was given back to it."""
    freed = []

    async def give_back(conn):
        await release(conn)
        freed.append(conn)

    return SimpleNamespace(acquire=acquire, release=give_back), freed


async def made(connection, pool):
    """Return a manager; await a function without `yield`, so that its own error is told."""
    manager = connection(pool)
    if inspect.iscoroutine(coroutine := getattr(manager, "gen", manager)):
        await coroutine
    return manager


async def occupy(connection, acquire, release, block, fails=None, twice=False):
    """Borrow a connection for a block of work, some time after the manager was made; tell what came of it."""
    pool, freed = pool_of(acquire, release)
    manager = await made(connection, pool)
    lent, failure = [], None
    await asyncio.sleep(1)
    try:
        async with manager as conn:
            lent.append(conn)
            if twice:
                async with await made(connection, pool) as other:
                    lent.append(other)
            await block()
            if fails:
                raise fails
    except Exception as error:
        if fails is None and not isinstance(error, OSError | LookupError):
            raise
        if fails is not None and not came_of(error, fails):
            raise
        failure = error
    return {"presta": lent, "falla": fails, "lanza": failure, "libera": [*freed]}


def lent(*names, fails=None, error=None):
    """Return what is expected of `occupy`: the connections in their order, each given back."""
    tokens = [*map(answers, names)]
    return {"presta": tokens, "falla": fails, "lanza": error or fails, "libera": tokens[::-1]}


async def interrupt(connection, acquire, release, mark, seconds):
    """Cancel a task that uses a connection; tell how it ended and what was given back by then."""
    pool, freed = pool_of(acquire, release)
    manager = await made(connection, pool)

    async def use():
        async with manager:
            await asyncio.sleep(60)

    task = asyncio.create_task(use(), name="use")
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.wait([task])
    given, ending = [*freed], asyncio.CancelledError() if task.cancelled() else task.exception()
    if isinstance(ending, TypeError | AttributeError | NameError):
        raise ending
    return {"acaba": ending, "libera": given, "marca": await mark("tras el bloque")}


def interrupted(*names):
    """Return what is expected of `interrupt`."""
    return {
        "acaba": asyncio.CancelledError(),
        "libera": [*map(answers, names)],
        "marca": answers("tras el bloque"),
    }


connection_causes = [
    Cause(
        "`pool.acquire()` solo crea la corrutina: ¿quién la espera?",
        lambda o: any(f.kind == "never-awaited" and f.text and "acquire" in f.text for f in o.findings),
    ),
    Cause("`pool.acquire()` solo crea la corrutina: ¿quién la espera?", lambda o: "corrutina" in o.refused),
    Cause(
        "M01: `pool.release(conn)` solo crea la corrutina: ¿quién la espera?",
        lambda o: "never-awaited" in kinds(o),
    ),
    Cause("`release` necesita la conexión: `pool.release(conn)`", error="argument: 'conn'"),
    Cause("falta `yield`: entrega la conexión con él", error="async iterator"),
    Cause("falta `yield`: entrega la conexión con él", error="__anext__"),
    Cause("un gestor de contexto hace un solo `yield`", error="didn't stop"),
    Cause("un gestor de contexto hace un solo `yield`", lambda o: "didn't stop" in str(o.value["lanza"])),
    Cause("un gestor de contexto hace un solo `yield`", lambda o: "didn't stop" in str(o.value["acaba"])),
    Cause(
        "`connection` no es un gestor asíncrono: ¿`@asynccontextmanager` sobre un `async def`, "
        "o una clase con `__aenter__` y `__aexit__`?",
        error="asynchronous context manager",
    ),
    Cause("no pides ninguna conexión a `pool`", lambda o: not o.requests and not o.error),
    Cause("no entregas la conexión: `yield conn`", lambda o: None in o.value["presta"]),
    Cause(
        "si no llegas a tener conexión, no hay nada que liberar: el `try` empieza después de `acquire`",
        lambda o: (
            counted(o, "release") and all(r.state != "done" for r in o.requests if r.service == "acquire")
        ),
    ),
    Cause("entregas otra cosa en lugar de la conexión: `yield conn`", lambda o: "objeto" in o.refused),
    Cause(
        "cada bloque libera su conexión: guardas la de los dos en el mismo sitio",
        lambda o: len(o.value["presta"]) == 2 and {*o.value["libera"]} != {*o.value["presta"]},
    ),
    Cause("liberas la conexión más de una vez", lambda o: len({*o.value["libera"]}) < len(o.value["libera"])),
    Cause(
        "sales del bloque sin esperar a `release`: la conexión aún no ha vuelto",
        lambda o: counted(o, "release") and not o.value["libera"],
    ),
    Cause(
        "M18: al cancelar, la conexión no vuelve: `CancelledError` no es una `Exception`",
        lambda o: (
            "acaba" in o.value and not o.value["libera"] and any(r.state == "done" for r in o.requests[:1])
        ),
    ),
    Cause(
        "la conexión no vuelve: ¿qué bloque se ejecuta pase lo que pase?",
        lambda o: o.value["presta"] and not o.value["libera"],
    ),
    Cause("M18: te tragas la cancelación del bloque: déjala pasar", lambda o: o.value["acaba"] is None),
    Cause(
        "M18: cambias la cancelación por otra excepción",
        lambda o: o.value["acaba"].type != "CancelledError",
    ),
    Cause(
        "ocultas el error: déjalo pasar",
        lambda o: (
            o.value["lanza"] is None
            and (o.value["falla"] is not None or any(r.state == "failed" for r in o.requests))
        ),
    ),
    Cause(
        "cambias el error del bloque por otro: deja pasar el mismo",
        lambda o: o.value["lanza"] != o.value["falla"],
    ),
    Cause(
        "pides la conexión al llamar a `connection`, y se pide al entrar en el bloque",
        lambda o: any(r.service == "acquire" and r.start < 1 for r in o.requests) and "falla" in o.value,
    ),
]
