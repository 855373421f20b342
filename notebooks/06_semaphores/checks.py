"""What the test cells of section 6 run, and the probable causes that they know."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from grader import Cause, Tokens, local_api, service

answers = Tokens()
mark = service(name="mark", delay=0, reply=answers)
DELAYS = {"a": 3, "b": 2.75} | dict.fromkeys("cdefghij", 0.25)  # how long the pages of `download` take


# ── what is run ──────────────────────────────────────────────────────────────────────────────────────────


async def timed_grants(limiter_class, mark, limits: list, calls: list) -> dict:
    """Let a call at each of the instants `calls` ask each limiter, made with (rate, burst), for a permit."""
    limiters, loop = [limiter_class(*limit) for limit in limits], asyncio.get_running_loop()

    async def one(limiter, number: int, at: float) -> tuple:
        await asyncio.sleep(at)
        await limiter.acquire()
        return round(loop.time(), 6), await mark(number)

    asked = [(limiter, at) for limiter in limiters for at in calls]
    grants = await asyncio.gather(*(one(limiter, n, at) for n, (limiter, at) in enumerate(asked)))
    return {"permisos": [at for at, _ in grants], "marcas": [text for _, text in grants]}


async def cancel_waiter(limiter_class, mark, rate: float, who: int, cancel_at: float) -> dict:
    """Let four ask for a permit, of whom one is cancelled; tell who got one, and whether in time."""
    limiter, loop = limiter_class(rate, 1), asyncio.get_running_loop()
    granted, names = [], ["ana", "leo", "eva", "luz"]

    async def one(name: str) -> None:
        await limiter.acquire()
        at = loop.time()
        granted.append((at, await mark(name)))

    tasks = [asyncio.create_task(one(name), name=name) for name in names]
    await asyncio.sleep(cancel_at)
    tasks[who].cancel()
    for task in tasks:
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()
    return {"permisos": [text for _, text in granted], **in_bounds([at for at, _ in granted], rate, who)}


def in_bounds(instants: list[float], rate: float, who: int) -> dict:
    """Compare the instants of all but `who` with what was due had nobody been cancelled, and the rate."""
    due = [number / rate for number in range(4) if number != who]
    pairs = itertools.pairwise(instants)
    return {
        "como tarde, cuando les tocaba": all(
            at <= limit + 1e-6 for at, limit in zip(instants, due, strict=False)
        ),
        "sin exceso": all(later - sooner >= 1 / rate - 1e-6 for sooner, later in pairs),
    }


async def withdrawn_at_once(account_class, records, balance: int, amounts: list) -> dict:
    """Withdraw all `amounts` at once from one account."""
    receipts: list = []

    async def record(n: int) -> None:
        receipts.append(await records(n))

    account = account_class(balance, record)
    replies = await asyncio.gather(*(account.withdraw(n) for n in amounts))
    return {"respuestas": sorted(replies, key=repr), "saldo": account.balance, "recibos": sorted(receipts)}


async def withdrawn_again(account_class, records, cancel_at: float | None) -> dict:
    """Withdraw 80 of 100, which fails or is cancelled, and then 80 again."""
    receipts: list = []

    async def record(n: int) -> None:
        receipts.append(await records(n))

    account = account_class(100, record)
    task = asyncio.create_task(account.withdraw(80), name="withdraw")
    if cancel_at is not None:
        await asyncio.sleep(cancel_at)
        task.cancel()
    await asyncio.wait([task])
    error = None if task.cancelled() else task.exception()
    expected = isinstance(error, OSError | ValueError)
    first = "cancelada" if task.cancelled() else error if expected else task.result()
    between = account.balance
    second = await account.withdraw(80)
    return {"primera": first, "saldo": between, "segunda": second, "recibos": receipts}


async def withdrawn_from_each(account_class, records, amounts: list) -> dict:
    """Withdraw at once each of `amounts` from an account of its own, of 100."""
    receipts: list = []

    async def record(n: int) -> None:
        receipts.append(await records(n))

    accounts = [account_class(100, record) for _ in amounts]
    replies = await asyncio.gather(*(a.withdraw(n) for a, n in zip(accounts, amounts, strict=True)))
    balances = [account.balance for account in accounts]
    return {"respuestas": replies, "saldos": balances, "recibos": sorted(receipts)}


async def call_real_server(download, count: int):
    """Download `count` pages and a dead one from a server that limits the rate."""
    with local_api(rate=4, burst=2) as api:
        async with httpx.AsyncClient(timeout=60) as client:
            since = asyncio.get_running_loop().time()

            async def get(url: str) -> int:
                sent = asyncio.get_running_loop().time()  # counts when it leaves, not when it arrives
                return (await client.get(url, params={"sent": sent, "since": since})).status_code

            urls = [f"{api.url}/limited"] * count
            urls.insert(3, f"{api.url}/dead")
            given = await download(urls, get, 4, 2, 10)
            if not isinstance(given, list):
                return given
    return {
        "respuestas": dict(Counter(str(answer) for answer in given if isinstance(answer, int))),
        "en el n.º 4": type(given[3]).__name__ if len(given) > 3 else "nada",
        "el servidor contestó 429": sum(hit.status == 429 for hit in api.hits),
    }


# ── what is expected ─────────────────────────────────────────────────────────────────────────────────────


def replies(urls: Sequence[str], fail: Mapping[str, Exception] | None = None) -> list:
    """Return what services answered for each of `urls`, or the exception with which they failed."""
    return [(fail or {}).get(url) or answers(url) for url in urls]


def packed(outcome, took: Mapping[str, float], limit: int, rate: float = 1e9, burst: int = 9999) -> float:
    """Return when the requests would have ended had they begun in the same order, each as soon as it may.

    took: how long each lasts. At most `limit` at once, and `rate * t + burst` in any t seconds.
    """
    ends: list[float] = []
    tokens, now, last = float(burst), 0.0, 0.0
    for request in outcome.requests:
        if len(ends) == limit:
            now = max(now, heapq.heappop(ends))
        tokens, last = min(burst, tokens + (now - last) * rate), now
        if tokens < 1 - 1e-9:
            now += (1 - tokens) / rate
            tokens, last = 1.0, now
        tokens -= 1
        heapq.heappush(ends, now + took[request.args[0]])
    return round(max(ends, default=0.0), 6)


def paced(outcome, rate: float, burst: int, limit: int) -> float:
    """Return `packed`, with the pages and the order of `download`."""
    return packed(outcome, DELAYS, limit, rate, burst)


def granted(instants: Sequence[float]) -> dict:
    """Return what `timed_grants` tells of permits at these instants, in the order of the calls."""
    return {"permisos": list(instants), "marcas": [answers(n) for n in range(len(instants))]}


def proves(outcome, instants: Sequence[float]) -> bool:
    """Tell whether the log of `mark` shows the permits at these instants."""
    seen = sorted(request.start for request in outcome.requests)
    pairs = zip(seen, sorted(instants), strict=False)
    return len(seen) == len(instants) and all(abs(at - due) < 1e-6 for at, due in pairs)


def fair(names: Sequence[str]) -> dict:
    """Return what `cancel_waiter` tells when these have got their permits, in this order."""
    permits = [answers(name) for name in names]
    return {"permisos": permits, "como tarde, cuando les tocaba": True, "sin exceso": True}


def proves_fair(outcome, rate: float, who: int) -> bool:
    """Tell whether the log of `mark` shows the permits in time, and no more than the rate."""
    return all(in_bounds([request.start for request in outcome.requests], rate, who).values())


def again(first: object) -> dict:
    """Return what `withdrawn_again` tells when the first withdrawal ended so and the second is done."""
    return {"primera": first, "saldo": 100, "segunda": True, "recibos": [answers(80)]}


def settled(taken: Sequence[int], refused: int, balance: int) -> dict:
    """Return what `withdrawn_at_once` tells when these amounts were taken and so many refused."""
    receipts = sorted(answers(n) for n in taken)
    return {"respuestas": [False] * refused + [True] * len(taken), "saldo": balance, "recibos": receipts}


# ── why it is not as expected ────────────────────────────────────────────────────────────────────────────

Check = Callable[[Any], object]
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


def raises(text: str, when: Check = bool) -> Cause:
    """Return a cause about an exception of the program's own choice that ended the run."""

    def chosen(outcome) -> bool:
        return "raise" in outcome.details["source"] or outcome.details["source"].startswith("assert")

    return Cause(text, lambda o: chosen(o) and when(o), error="")


def found(outcome, kind: str) -> bool:
    return any(finding.kind == kind for finding in outcome.findings)


def asked(name: str, urls: Sequence[str]) -> list[Cause]:
    """Return the causes of a service `name` that is not asked once for each of `urls`."""

    def count(outcome) -> Counter:
        return Counter(request.args[0] for request in outcome.requests)

    return [
        *FIRST,
        Cause(
            "alguien espera una plaza que nadie suelta: `async with` la suelta siempre",
            lambda o: any(f.kind == "deadlock" and "semáforo" in f.text for f in o.findings),
            error="Deadlock",
        ),
        forgotten("M01: `acquire()` sin `await` no espera a que haya plaza", "acquire"),
        forgotten(f"M01: `{name}(url)` sin `await` solo crea la corrutina", name),
        cause(f"no llamas a `{name}`", lambda o: urls and not o.requests and not found(o, "never-awaited")),
        cause(
            "una URL repetida se pide tantas veces como aparece",
            lambda o: (
                count(o) != Counter(urls) and set(count(o)) == set(urls) and len(o.requests) < len(urls)
            ),
        ),
        cause("pides alguna URL más veces de las que aparece", lambda o: count(o) - Counter(urls)),
        cause("se quedan URL sin pedir", lambda o: len(o.requests) < len(urls)),
        cause("devuelves una tupla, y se pide una lista", lambda o: type(o.value) is tuple),
        cause(
            "devuelves un diccionario, y se pide una lista con una respuesta para cada elemento de `urls`",
            lambda o: type(o.value) is dict,
        ),
        cause(
            "se pierden las respuestas: ¿falta un `return` en la función que pide cada URL?",
            lambda o: len(o.value) > 2 and set(map(repr, o.value)) == {"None"},
        ),
        cause(
            f"devuelves las URL, no lo que contesta `{name}`",
            lambda o: len(urls) > 0 and [*map(str, o.value)] == [*urls],
        ),
        cause(
            "una respuesta falsa (None, 0, una cadena vacía) también es una respuesta",
            lambda o: len(o.value) < len(urls) and not any(r.token for r in o.requests),
        ),
        cause(
            "cada respuesta va sola en la lista: tú devuelves parejas",
            lambda o: any(type(answer) is tuple for answer in o.value),
        ),
        cause("faltan respuestas: tiene que haber una para cada elemento de `urls`", _short(urls)),
        cause(
            "ordenas las respuestas: se piden en el orden de `urls`",
            lambda o: len(o.value) == len(urls) > 2 and all(o.value) and o.value == sorted(o.value),
        ),
    ]


def _short(urls: Sequence[str]) -> Check:
    return lambda o: isinstance(o.value, list) and len(o.value) < len(urls)


def in_batches(outcome, limit: int) -> bool:
    """Tell whether requests began `limit` at a time, after the slowest of those before."""
    requests = outcome.requests
    groups = [requests[start : start + limit] for start in range(0, len(requests), limit)]
    gaps = [
        min(r.start for r in later) - max(r.end for r in sooner)
        for sooner, later in itertools.pairwise(groups)
    ]
    return bool(gaps) and abs(gaps[0]) < 1e-6 and min(gaps) > -1e-6


def crowded(limit: int, urls: Sequence[str]) -> list[Cause]:
    """Return the causes of more or fewer requests at once than `limit`."""
    most = min(limit, len(urls))
    return [
        cause(
            "M21: nadie limita cuántas hay a la vez: ¿hay un semáforo, y es el mismo para todas?",
            lambda o: o.peak == len(urls) > limit,
        ),
        cause("pasan más peticiones a la vez que `limit`: ¿usas ese parámetro?", lambda o: o.peak > limit),
        cause("M08: pides de una en una, y caben más a la vez", lambda o: o.peak == 1 < most),
        cause(
            "dejas plazas sin usar: caben `limit` a la vez. ¿Usas ese parámetro?", lambda o: 0 < o.peak < most
        ),
    ]


def fetch_causes(urls: Sequence[str], took: Mapping[str, float], limit: int) -> list[Cause]:
    """Why `fetch_all` has not asked for all of `urls`, `limit` at once."""

    def idle(outcome) -> bool:
        return outcome.elapsed > packed(outcome, took, limit) + 1e-6

    return [
        *asked("fetch", urls),
        *crowded(limit, urls),
        cause(
            "M21: el lote espera a su petición más lenta; mientras, queda una plaza libre",
            lambda o: idle(o) and in_batches(o, limit),
        ),
        cause("queda una plaza libre y hay URL por pedir: la siguiente empieza en cuanto termina una", idle),
    ]


def exceeds(instants: Sequence[float], rate: float, burst: int) -> bool:
    """Tell whether in some interval there were more than `rate * t + burst`."""
    return any(
        later - sooner + 1 > rate * (instants[later] - instants[sooner]) + burst + 1e-6
        for sooner in range(len(instants))
        for later in range(sooner, len(instants))
    )


def download_causes(urls: Sequence[str], rate: float, burst: int, limit: int) -> list[Cause]:
    """Why `download` has not asked for all of `urls` within both limits."""

    def starts(outcome) -> list[float]:
        return [request.start for request in outcome.requests]

    def hoarded(outcome) -> bool:
        """Tell whether each call began as soon as it had first its token, and then its place."""
        ends: list[float] = []
        for number, request in enumerate(outcome.requests):
            at = max(0.0, (number + 1 - burst) / rate)
            if len(ends) == limit:
                at = max(at, heapq.heappop(ends))
            if abs(request.start - at) > 1e-6:
                return False
            heapq.heappush(ends, request.end)
        return True

    def idle(outcome) -> bool:
        return outcome.elapsed > paced(outcome, rate, burst, limit) + 1e-6

    def failures(outcome) -> int:
        return [request.state for request in outcome.requests].count("failed")

    def raised(outcome) -> int:
        return [type(answer).__name__ for answer in outcome.value].count("Raised")

    return [
        Cause(
            "una URL muerta pierde todas las respuestas: deja su excepción en su lugar",
            lambda o: any(request.state == "failed" for request in o.requests),
            error="",
        ),
        cause(
            "falta la excepción de la URL muerta: su lugar también cuenta",
            lambda o: 0 < len(urls) - len(o.value) == failures(o),
        ),
        *asked("get", urls),
        cause(
            "devuelves las URL, no lo que contesta `get`",
            lambda o: (
                {*map(type, o.value)} & {str}
                and all(a == url for url, a in zip(urls, o.value, strict=True) if type(a) is str)
            ),
        ),
        cause(
            "donde `get` falla va la excepción misma, no su texto",
            lambda o: (
                raised(o) < failures(o)
                and {a for a in o.value if type(a) is str} - {r.token for r in o.requests}
            ),
        ),
        cause(
            "donde `get` falla va su excepción: tú dejas otra cosa",
            lambda o: raised(o) < failures(o),
        ),
        *crowded(limit, urls),
        cause(
            "pides la ficha antes que la plaza: mientras esperan plaza se acumulan fichas, y después salen "
            "muchas llamadas seguidas",
            lambda o: exceeds(starts(o), rate, burst) and hoarded(o),
        ),
        cause(
            "M21: superas la tasa: un semáforo no la limita, y el cubo del capítulo concede el doble",
            lambda o: exceeds(starts(o), rate, burst),
        ),
        cause(
            "M21: el lote espera a su petición más lenta; mientras, queda una plaza libre",
            lambda o: idle(o) and in_batches(o, limit),
        ),
        cause("esperas de más: con plaza y ficha, la llamada sale al momento", idle),
    ]


real_causes = [
    Cause(
        "una URL muerta pierde todas las respuestas: deja su excepción en su lugar", error="RemoteProtocol"
    ),
    Cause(
        "M21: el servidor contesta 429: limita cuántas por segundo, no solo cuántas a la vez",
        lambda o: o.value["el servidor contestó 429"],
    ),
    Cause(
        "la URL n.º 4 está muerta: falta su excepción",
        lambda o: o.value["en el n.º 4"] != "RemoteProtocolError",
    ),
]

_endless = [
    Cause(
        "preguntas sin parar si hay ficha: calcula cuánto falta y duerme ese tiempo",
        lambda o: o.error.startswith("Runaway") or found(o, "spinning"),
        error="",
    ),
    Cause(
        "M10: `time.sleep` bloquea el bucle: mientras duermes no avanza nadie",
        lambda o: found(o, "blocked"),
        error="TooLong",
    ),
    Cause(
        "pasan las horas y quien espera no recibe su ficha: ¿mides el tiempo con el reloj del bucle, "
        "`loop.time()`, y rellenas el cubo?",
        error="TooLong",
    ),
]


def bucket_causes(limits: Sequence[tuple], calls: Sequence[float], due: Sequence[float]) -> list[Cause]:
    """Why the permits of buckets with these (rate, burst) were not given at the instants `due`."""
    rate, burst = limits[0]
    alone = len(limits) == 1

    def permits(outcome) -> list[float]:
        return [round(at, 6) for at in outcome.value["permisos"]]

    def at_once(outcome) -> int:
        return permits(outcome).count(0)

    def doubled(outcome) -> bool:
        waited = [at for at in permits(outcome) if at not in calls]
        return (
            len(waited) > 1
            and exceeds(sorted(permits(outcome)), rate, burst)
            and max(Counter(waited).values()) == 2
        )

    def late(outcome) -> list[float]:
        return sorted(at for at in permits(outcome) if at not in calls)

    def waking(outcome) -> list[int]:
        return [*Counter(late(outcome)).values()]

    return [
        *_endless,
        Cause("gastas fichas y nadie rellena el cubo", lambda o: o.error.startswith("Deadlock"), error=""),
        forgotten("`acquire()` es una corrutina que nadie espera: ¿falta un `await`?", "acquire"),
        cause(
            "dos limitadores se estorban: el cubo y su cerrojo son de cada objeto, no de la clase",
            lambda o: not alone and permits(o) != [*due],
        ),
        cause(
            "los permisos se conceden sin esperar a que haya ficha: `acquire` no espera",
            lambda o: permits(o) == [*calls] != [*due] and len(set(calls)) == 1,
        ),
        cause(
            "los permisos salen a su hora, pero no por orden de llegada",
            lambda o: sorted(permits(o)) == sorted(due) and permits(o) != [*due],
        ),
        cause(
            "los `burst` primeros esperan y no deberían: ¿empieza lleno el cubo de cada limitador?",
            lambda o: alone and at_once(o) < min(burst, calls.count(0)),
        ),
        cause(
            "de golpe concedes más de `burst` permisos: el cubo lleno no guarda ni uno más",
            lambda o: alone and at_once(o) > burst,
        ),
        cause("E34: durante el `sleep` también se rellenó el cubo, y `last_refill` no lo sabe", doubled),
        cause(
            "los permisos caen en instantes irregulares: ¿mides el tiempo con el reloj del bucle, "
            "`loop.time()`?",
            lambda o: any(abs(at * 1000 - round(at * 1000)) > 1e-3 for at in permits(o)),
        ),
        cause(
            "cada permiso devuelve su ficha por su cuenta: el cubo recupera `rate` por segundo en total",
            lambda o: 2 < waking(o)[0] == burst < sum(waking(o)),
        ),
        cause(
            "confundes `rate` con el intervalo: son permisos por segundo, uno cada `1 / rate`",
            lambda o: rate != 1 and {round(b - a - rate, 6) for a, b in itertools.pairwise(late(o))} == {0},
        ),
        cause(
            "quienes esperan despiertan a la vez y gastan todos la misma ficha: falta un turno",
            lambda o: Counter(at for at in permits(o) if at not in calls).most_common(1)[0][1] > 2,
        ),
        cause(
            "tras la pausa el cubo guarda más de `burst` fichas, o nadie las cuenta",
            lambda o: (
                alone
                and len(set(calls)) > 1
                and permits(o).count(max(calls)) > max(burst, [*due].count(max(calls)))
            ),
        ),
        cause(
            "tras la pausa el cubo no está lleno: ¿cuentas los segundos que han pasado?",
            lambda o: alone and max(calls) > 1 and permits(o).count(max(calls)) < [*due].count(max(calls)),
        ),
        cause(
            "concedes un permiso cuando aún falta parte de la ficha",
            lambda o: any(at < limit - 1e-6 for at, limit in zip(permits(o), due, strict=True)),
        ),
        cause(
            "alguien espera de más: cuando falta una fracción de ficha, se duerme lo que tarda esa fracción",
            lambda o: (
                len(set(calls)) > 1
                and any(at > limit + 1e-6 for at, limit in zip(permits(o), due, strict=True))
            ),
        ),
        cause(
            "alguien espera de más: se vuelve en el instante en que hay una ficha entera",
            lambda o: permits(o) != [*due],
        ),
    ]


waiter_causes = [
    *_endless,
    Cause(
        "quien fue cancelado se llevó el turno: nadie despierta al siguiente",
        lambda o: o.error.startswith("Deadlock"),
        error="",
    ),
    cause("M18: cancelan a quien espera y aun así recibe su permiso", lambda o: len(o.value["permisos"]) > 3),
    cause(
        "concedes de más: ¿cuentas dos veces el `sleep`, o devuelve el cancelado una ficha que no tenía?",
        lambda o: not o.value["sin exceso"],
    ),
    cause(
        "quien fue cancelado se llevó una ficha: los demás esperan más que si no lo hubieran cancelado",
        lambda o: not o.value["como tarde, cuando les tocaba"],
    ),
    cause("los permisos no salen por orden de llegada", lambda o: len(o.value["permisos"]) == 3),
]


def account_causes(amounts: Sequence[int], taken: int) -> list[Cause]:
    """Why of these `amounts`, withdrawn at once from 100, not `taken` were given and recorded."""

    def accepted(outcome) -> int:
        return outcome.value["respuestas"].count(True)

    def recorded(outcome) -> int:
        return sum(request.args[0] for request in outcome.requests)

    return [
        *FIRST,
        raises(
            "sin saldo, `withdraw` devuelve `False`: no lanza una excepción", lambda o: taken < len(amounts)
        ),
        forgotten("M01: `record(n)` sin `await` no apunta nada", "record"),
        cause("no llamas a `record`", lambda o: not o.requests and not found(o, "never-awaited")),
        cause(
            "`withdraw` devuelve `True` o `False`: tú devuelves otra cosa",
            lambda o: {*map(type, o.value["respuestas"])} - {bool, type(None)},
        ),
        cause(
            "sin saldo, `withdraw` devuelve `False`: la tuya no devuelve nada",
            lambda o: None in o.value["respuestas"] and True in o.value["respuestas"],
        ),
        cause(
            "cuando hay saldo, `withdraw` no devuelve `True`: ¿falta un `return`?",
            lambda o: None in o.value["respuestas"],
        ),
        cause(
            "M11: las dos comprueban el saldo antes de que ninguna reste: en medio hay un `await`",
            lambda o: o.value["saldo"] < 0 or (accepted(o) == len(o.requests) > taken and o.peak > 1),
        ),
        cause(
            "has apuntado la retirada y devuelves `False`: lo que devuelva `record` no importa",
            lambda o: not accepted(o) and o.requests and o.value["saldo"] == 100,
        ),
        cause("apuntas una retirada más de una vez", lambda o: len(o.requests) > len(amounts) >= accepted(o)),
        cause(
            "apuntas retiradas que rechazas: comprueba antes de apuntar",
            lambda o: accepted(o) < len(o.requests) and len(o.requests) > taken,
        ),
        cause(
            "M11: restas de un saldo que leíste antes del `await`: la otra retirada se pierde",
            lambda o: accepted(o) > 1 and o.value["saldo"] in [100 - n for n in amounts],
        ),
        cause("hay saldo para otra y la rechazas", lambda o: accepted(o) < taken),
        cause("apuntas y no restas", lambda o: o.value["saldo"] == 100),
        cause(
            "el saldo no es el de antes menos lo retirado", lambda o: o.value["saldo"] != 100 - recorded(o)
        ),
        cause("apuntas otra cantidad, o más de una vez", lambda o: len(o.requests) != taken),
    ]


again_causes = [
    *FIRST,
    Cause(
        "tras el error nadie suelta el cerrojo: `async with` lo suelta siempre",
        lambda o: o.error.startswith("Deadlock"),
        error="",
    ),
    raises("en lugar del error de `record` lanzas otro: tiene que salir tal cual"),
    forgotten("M01: `record(n)` sin `await` no apunta nada", "record"),
    cause("no llamas a `record`", lambda o: not o.requests and not found(o, "never-awaited")),
    cause("M18: te tragas la cancelación: falta propagarla", lambda o: found(o, "swallowed")),
    cause(
        "ocultas el error de `record`: tiene que salir tal cual",
        lambda o: o.requests[0].state == "failed" and type(o.value["primera"]).__name__ != "Raised",
    ),
    cause(
        "`record` no llegó a apuntar, y el saldo ha cambiado: pase lo que pase, vuelve al de antes "
        "(CancelledError no es una `Exception`)",
        lambda o: o.value["saldo"] != 100,
    ),
    cause(
        "tras el error la cuenta rechaza una retirada para la que hay saldo",
        lambda o: o.value["segunda"] is False,
    ),
    cause(
        "cuando hay saldo, `withdraw` no devuelve `True`: ¿falta un `return`?",
        lambda o: o.value["segunda"] is None,
    ),
]
each_causes = [
    *FIRST,
    forgotten("M01: `record(n)` sin `await` no apunta nada", "record"),
    cause("no llamas a `record`", lambda o: not o.requests and not found(o, "never-awaited")),
    cause(
        "un cerrojo para todas las cuentas: cada una solo tiene que esperarse a sí misma",
        lambda o: o.peak == 1 < len(o.requests),
    ),
    cause(
        "las cuentas comparten algo: el saldo y lo demás son de cada objeto",
        lambda o: False in o.value["respuestas"] or min(o.value["saldos"]) < 0,
    ),
    cause(
        "cuando hay saldo, `withdraw` no devuelve `True`: ¿falta un `return`?",
        lambda o: None in o.value["respuestas"],
    ),
]
