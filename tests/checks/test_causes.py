"""The causes that the package names for every exercise: each is provoked in the shapes of several of them."""

import asyncio
import contextlib
import threading
import time

import pytest

from grader import Cause, answer, run_real, run_virtual, service
from grader.checks import mistakes
from grader.checks.message import CheckFailed
from grader.judge.cells import compile_cell, file_name

NAMES = {"asyncio": asyncio, "time": time, "threading": threading, "contextlib": contextlib}


def cell(source, name, cell_id="respuesta", **names):
    """Define what an answer's cell defines; the test cell is this file."""
    namespace = NAMES | names
    exec(compile_cell(source, cell_id, whole=True), namespace)
    return namespace[name]


def message(outcome, value=1, **expected):
    with pytest.raises(CheckFailed) as caught:
        outcome.expect("1.1 f", "lo que se pide", value=value, **expected)
    return str(caught.value)


def verdict(outcome, **expected):
    with pytest.raises(CheckFailed) as caught:
        outcome.expect("1.1 f", "lo que se pide", **expected)
    return caught.value


def cause(text):
    """Return the cause that a message names."""
    lines = [line.strip() for line in text.splitlines()]
    found = [line.partition(": ")[2] for line in lines if line.startswith("Causa probable")]
    return found[0] if found else ""


def line(text):
    return next((part.strip() for part in text.splitlines() if part.strip().startswith("Dónde:")), "")


MISLEADING = [
    Cause("M01: nadie espera", lambda o: True),
    Cause("M08: una a una", lambda o: o.peak < 2),
    Cause("no llamas a `fn`", lambda o: not o.requests),
]


# 1. The stub


STUBS = {
    "below finished code": "async def f(ids, fetch):\n    rows = [await fetch(i) for i in ids]\n    raise NotImplementedError()",
    "above finished code": "async def f(ids, fetch):\n    raise NotImplementedError()\n    return [await fetch(i) for i in ids]",
    "in a nested function": "async def f(ids, fetch):\n    async def one():\n        raise NotImplementedError()\n    await one()",
    "in a plain function": "def f(ids, fetch):\n    n = len(ids)\n    raise NotImplementedError",
}


@pytest.mark.parametrize("source", STUBS.values(), ids=STUBS)
def test_the_stubs_error_left_beside_finished_code_is_told_with_its_line(source):
    text = message(run_virtual(cell(source, "f"), [1], service()), causes=MISLEADING)

    assert cause(text).startswith("tu código llega al `raise NotImplementedError` del esqueleto, en `f")
    where = 1 + [part.strip() for part in source.split("\n")].index(
        next(part.strip() for part in source.split("\n") if "NotImpl" in part)
    )
    assert line(text).startswith(f"Dónde:     tu celda, línea {where}: raise NotImplementedError")


HALF = """class Loop:
    "Un bucle."
    def __init__(self):
        self.ready = []
    def call_soon(self, fn):
        "Encola."
        raise NotImplementedError()
    @property
    def done(self):
        raise NotImplementedError
"""


@pytest.mark.parametrize(("use", "method"), [("call_soon(1)", "call_soon"), ("done", "done")])
def test_one_method_of_several_that_is_still_the_stub_is_told_as_that_one(use, method):
    def scenario(made):
        return eval(f"made().{use}")

    text = message(run_virtual(scenario, cell(HALF, "Loop")), causes=MISLEADING)

    assert cause(text) == f"te falta `Loop.{method}`: aún es el esqueleto."


UNTOUCHED = {
    "a function": (
        "async def f():\n    '''Hace algo.'''\n    # YOUR CODE HERE\n    raise NotImplementedError()",
        "f",
    ),
    "a class": (
        "class f:\n    def __init__(self):\n        raise NotImplementedError()\n    def g(self):\n        raise NotImplementedError()",
        "f",
    ),
}


@pytest.mark.parametrize(("source", "name"), UNTOUCHED.values(), ids=UNTOUCHED)
def test_an_untouched_stub_stays_untried(source, name):
    assert verdict(run_virtual(cell(source, name)), value=1).state == "untried"


def test_what_a_test_itself_calls_untried_is_so():
    def scenario(predictions):
        if predictions() is None:
            raise NotImplementedError

    predictions = cell("def predictions():\n    x = 1", "predictions")

    assert verdict(run_virtual(scenario, predictions), value=1).state == "untried"


# 2. Errors before there is an answer


def call_with(fn, *args, **kwargs):
    return fn(*args, **kwargs)


def method_of(made, *args):
    return made().spawn(*args)


CALLS = {
    "too few parameters": (
        lambda: run_virtual(cell("async def f(ids): pass", "f"), [1], 2),
        "el enunciado llama a `f` con 2 argumentos, y tu definición recibe 1.",
    ),
    "between two numbers": (
        lambda: run_virtual(cell("async def f(a, b=1): pass", "f"), 1, 2, 3),
        "el enunciado llama a `f` con 3 argumentos, y tu definición recibe de 1 a 2.",
    ),
    "too many parameters": (
        lambda: run_virtual(cell("async def f(ids, fetch, limit, x): pass", "f"), [1], 2),
        "el enunciado llama a `f` sin `limit` y `x`, que tu definición exige.",
    ),
    "a keyword that is not there": (
        lambda: run_virtual(lambda f: call_with(f, attempts=3), cell("def f(tries=1): pass", "f")),
        "el enunciado llama a `f` con `attempts=`, y tu definición no tiene ese parámetro.",
    ),
    "a method without self": (
        lambda: run_virtual(method_of, cell("class B:\n    def spawn(coro): pass", "B"), 1),
        "al método `B.spawn` le falta `self`, su primer parámetro.",
    ),
    "a constructor without self": (
        lambda: run_virtual(cell("class B:\n    def __init__(clock): pass", "B"), 1),
        "al método `B.__init__` le falta `self`, su primer parámetro.",
    ),
    "a call of the answer's own": (
        lambda: run_virtual(cell("async def f(fn): return await fn(1)", "f"), given),
        "llamas a `given` sin `y`, que la función exige.",
    ),
}


async def given(x, y):
    return x


@pytest.mark.parametrize(("run", "told"), CALLS.values(), ids=CALLS)
def test_a_call_that_does_not_fit_is_told_as_that(run, told):
    assert cause(message(run(), causes=MISLEADING)) == told


NAMELESS = {
    "a module": ("contextvar.x", "el nombre `contextvar` no existe", {}),
    "a standard module": ("heapq.heappush([], 1)", "el nombre `heapq` no existe: falta `import heapq`.", {}),
    "a name of a module": (
        "deque()",
        "el nombre `deque` no existe: falta `from collections import deque`.",
        {},
    ),
    "a name of asyncio": (
        "gather()",
        "el nombre `gather` no existe: `gather` está en asyncio: escribe `asyncio.gather`.",
        {},
    ),
    "a local that is written otherwise": (
        "reslts",
        "el nombre `reslts` no existe: ¿querías decir `results`?",
        {},
    ),
    "in the manner of JavaScript": (
        "fetchUser",
        "el nombre `fetchUser` no existe: ¿querías decir `fetch_user`?",
        {"fetch_user": 1},
    ),
    "an attribute": (
        "asyncio.create_tsk",
        "`asyncio` no tiene `create_tsk`: ¿querías decir `create_task`?",
        {},
    ),
    "an attribute of an object": (
        "results.apend(1)",
        "una lista no tiene `apend`: ¿querías decir `append`?",
        {},
    ),
}


@pytest.mark.parametrize(("use", "told", "names"), NAMELESS.values(), ids=NAMELESS)
def test_a_name_that_does_not_exist_is_told_with_what_is_meant(use, told, names):
    source = f"async def f():\n    results = []\n    return {use}"

    assert cause(message(run_virtual(cell(source, "f", **names)), causes=MISLEADING)).startswith(told)


# 3. gather, create_task, await


async def one(x=1):
    return x


AWAITS = {
    "results": (
        "asyncio.gather(*[await fetch(i) for i in ids])",
        "sobra `await`: `gather` quiere la corrutina y recibe un entero, que ya es su resultado.",
    ),
    "one result": (
        "asyncio.gather(await fetch(1), fetch(2))",
        "sobra `await`: `gather` quiere la corrutina y recibe un entero",
    ),
    "nothing": ("asyncio.gather(*[print(end='') for i in ids])", "das a `gather` `None`, no una corrutina"),
    "a list": (
        "asyncio.gather([fetch(i) for i in ids])",
        "falta `*`: `gather(*...)` quiere las corrutinas una a una y recibe una lista.",
    ),
    "a tuple": (
        "asyncio.gather((fetch(1), fetch(2)))",
        "falta `*`: `gather(*...)` quiere las corrutinas una a una y recibe una tupla.",
    ),
    "a generator": (
        "asyncio.gather(fetch(i) for i in ids)",
        "falta `*`: `gather(*...)` quiere las corrutinas una a una y recibe un generador.",
    ),
    "a map": (
        "asyncio.gather(map(fetch, ids))",
        "falta `*`: `gather(*...)` quiere las corrutinas una a una y recibe",
    ),
    "functions": (
        "asyncio.gather(*[fetch for i in ids])",
        "pasas a `gather` la función donde va su llamada: ¿faltan los paréntesis?",
    ),
    "an async generator": (
        "asyncio.gather(pages())",
        "das a `gather` un generador asíncrono, que no se espera",
    ),
    "a list to await": (
        "[fetch(i) for i in ids]",
        "esperas una lista: `await` espera una sola cosa; para varias, `asyncio.gather(*...)`.",
    ),
    "a generator to await": ("(fetch(i) for i in ids)", "esperas un generador: `await` espera una sola cosa"),
    "an async generator to await": (
        "pages()",
        "esperas un generador asíncrono, que no se espera: se recorre con `async for`.",
    ),
    "a function to await": ("fetch", "esperas la función, no su llamada: ¿faltan los paréntesis?"),
    "a task of a function": (
        "asyncio.create_task(fetch)",
        "pasas a `create_task` la función donde va su llamada",
    ),
    "a task of a function and arguments": (
        "asyncio.create_task(fetch, 1)",
        "pasas a `create_task` la función y sus argumentos",
    ),
    "a task of a result": (
        "asyncio.create_task(await fetch(1))",
        "sobra `await`: `create_task` quiere la corrutina y recibe un entero",
    ),
    "a task of a list": (
        "asyncio.create_task([fetch(1)])",
        "`create_task` quiere una sola corrutina y recibe una lista",
    ),
    "a task of a task": (
        "asyncio.create_task(asyncio.create_task(fetch(1)))",
        "lo que das a `create_task` ya es una tarea",
    ),
    "a time limit for a function": (
        "asyncio.wait_for(fetch, 1)",
        "pasas a `wait_for` la función donde va su llamada",
    ),
    "a shield of a result": ("asyncio.shield(await fetch(1))", "sobra `await`: `shield` quiere la corrutina"),
}


@pytest.mark.parametrize(("use", "told"), AWAITS.values(), ids=AWAITS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_awaited_or_gathered_wrongly_is_told(use, told):
    source = f"async def pages():\n    yield 1\nasync def f(ids, fetch):\n    return await {use}"

    text = message(run_virtual(cell(source, "f"), [1, 2], service(name="fetch")), causes=MISLEADING)

    assert cause(text).startswith(told)
    assert line(text).startswith("Dónde:     tu celda, línea 4")


def test_a_task_of_a_group_is_told_alike():
    source = "async def f(ids, fetch):\n    async with asyncio.TaskGroup() as g:\n        [g.create_task(fetch) for i in ids]"

    assert cause(message(run_virtual(cell(source, "f"), [1], service()))).startswith(
        "pasas a `create_task` la función donde va su llamada"
    )


UNAWAITED = {
    "returned": "return asyncio.gather(*map(fetch, ids))",
    "returned, with its tasks at work": "r = asyncio.gather(*map(fetch, ids))\n    await asyncio.sleep(0)\n    return r",
}


@pytest.mark.parametrize("body", UNAWAITED.values(), ids=UNAWAITED)
def test_a_gather_that_nobody_awaits_is_told(body):
    f = cell(f"async def f(ids, fetch):\n    {body}", "f")

    assert cause(message(run_virtual(f, [1, 2], service()), [1, 2])) == (
        "falta `await` delante de `gather`: das su futuro, no los resultados."
    )


@pytest.mark.parametrize(
    "use",
    [
        "asyncio.gather(fetch(1))[0]",
        "len(asyncio.gather(fetch(1)))",
        "asyncio.create_task(fetch(1)).upper()",
        "list(asyncio.gather(fetch(1)))",
    ],
)
def test_a_future_that_is_used_as_its_result_lacks_await(use):
    f = cell(f"async def f(fetch):\n    return {use}", "f")

    assert "falta `await`" in cause(message(run_virtual(f, service()), causes=MISLEADING))


def test_an_exercise_may_say_of_what_a_task_was_made():
    own = Cause(
        "creas una tarea de `fn`, no de `fn(x)`", lambda o: "coroutine was expected" in o.error, error=""
    )
    f = cell("def f(fn):\n    return asyncio.create_task(fn)", "f")

    assert cause(message(run_virtual(f, service()), causes=[*MISLEADING, own])) == (
        "creas una tarea de `fn`, no de `fn(x)`."
    )


# 4. A loop in the loop


LOOPS = {
    "asyncio.run": "return asyncio.run(fetch(1))",
    "the running loop": "return asyncio.get_running_loop().run_until_complete(fetch(1))",
    "a new loop": "return asyncio.new_event_loop().run_until_complete(fetch(1))",
    "a runner": "with asyncio.Runner() as runner:\n        return runner.run(fetch(1))",
    "in a task": "task = asyncio.create_task(inner(fetch))\n    await asyncio.sleep(1)\n    del task",
}


@pytest.mark.parametrize("body", LOOPS.values(), ids=LOOPS)
@pytest.mark.parametrize("head", ["async def f(fetch):", "def f(fetch):"])
def test_a_loop_inside_the_loop_is_told_whatever_it_leaves_unawaited(head, body):
    if "task" in body and head.startswith("def"):
        return
    source = f"async def inner(fetch):\n    return asyncio.run(fetch(1))\n{head}\n    {body}"

    text = message(run_virtual(cell(source, "f"), service()), causes=[Cause("M08: x", lambda o: o.peak < 2)])

    assert "(M06): el bucle de eventos ya está en marcha" in text


def test_an_error_about_the_loop_that_a_test_caught_is_told_too():
    async def scenario(start, fetch):
        try:
            start(fetch)
        except RuntimeError as error:
            return {"error": error}

    start = cell("def start(fetch):\n    return asyncio.run(fetch(1))", "start")

    assert "(M06)" in message(run_virtual(scenario, start, service()), {"error": None})


THREADS = {
    "to_thread": "return await asyncio.to_thread(asyncio.run, fetch(1))",
    "a thread": "t = threading.Thread(target=lambda: out.append(asyncio.run(fetch(1))))\n    t.start()\n    await asyncio.to_thread(t.join)\n    return out",
}


@pytest.mark.parametrize("run", [run_virtual, run_real])
@pytest.mark.parametrize("body", THREADS.values(), ids=THREADS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_of_a_thread_is_told_with_its_line(run, body):
    f = cell(f"async def f(fetch):\n    out = []\n    {body}", "f")

    text = message(run(f, service(name="fetch", delay=0)), causes=MISLEADING)

    assert "(M06): llamas a `fetch` en otro bucle de eventos (`asyncio.run` en un hilo crea el suyo)" in text


def test_outside_of_runs_a_service_works_on_any_loop():
    run_virtual(asyncio.sleep, 1)

    assert asyncio.run(service(delay=0)(7)) == 7


# 5. Busy waiting


SPINS = {
    "alone": "while True:\n        await asyncio.sleep(0)",
    "for a task": "task = asyncio.create_task(fetch(1))\n    while not task.done():\n        await asyncio.sleep(0)",
    "many at once": "async def one():\n        while True: await asyncio.sleep(0)\n    await asyncio.gather(*(one() for _ in range(20)))",
}


@pytest.mark.parametrize(
    ("limit", "value"), [("loop.virtual_loop._SPINNING", 10), ("checks.runner.CPU_LIMIT", 0.2)]
)
@pytest.mark.parametrize("body", SPINS.values(), ids=SPINS)
def test_busy_waiting_has_one_text_whatever_the_load(monkeypatch, body, limit, value):
    monkeypatch.setattr(f"grader.{limit}", value)
    monkeypatch.setattr("grader.checks.runner._GRACE", 0.0)  # the recording takes longer than that to close
    f = cell(f"async def f(fetch):\n    {body}", "f")

    assert cause(message(run_virtual(f, service()), causes=MISLEADING)).startswith(
        "preguntas sin parar: `sleep(0)` cede el turno, pero no deja pasar el tiempo."
    )


def test_an_exercise_may_say_what_to_wait_for():
    f = cell("async def f():\n    while True:\n        await asyncio.sleep(0)", "f")
    own = Cause("preguntas sin parar si hay ficha", lambda o: "Runaway" in o.error, error="")

    assert cause(message(run_virtual(f), causes=[*MISLEADING, own])) == "preguntas sin parar si hay ficha."


# 6. Blocking


BLOCKS = {
    "a sleep": "time.sleep(1)\n    return await fetch(1)",
    "sleeps between requests": "for i in (1, 2):\n        await fetch(i)\n        time.sleep(1)",
    "a sleep while others wait": "t = asyncio.create_task(fetch(1))\n    while not t.done(): time.sleep(0.5)",
    "a sleep in a task": "async def nap(): time.sleep(3)\n    await asyncio.gather(nap(), fetch(1))",
}


@pytest.mark.parametrize("body", BLOCKS.values(), ids=BLOCKS)
def test_a_sleep_that_blocks_is_the_cause_whatever_the_exercise_makes_of_it(body):
    f = cell(f"async def f(fetch):\n    {body}", "f")
    causes = [*MISLEADING, Cause("M18: te la tragas", lambda o: True)]

    text = message(run_virtual(f, service(), limit=20), causes=causes)

    assert "Causa probable (M10): `time.sleep` bloqueó" in text


def test_the_exercises_own_words_for_blocking_come_first():
    f = cell("async def f(fetch):\n    time.sleep(1)", "f")
    causes = [*MISLEADING, Cause("M10: el vigilante no late", lambda o: True)]

    assert "(M10): el vigilante no late." in message(run_virtual(f, service()), causes=causes)


@pytest.mark.parametrize("call", ["event.wait()", "lock.acquire()"])
def test_a_call_that_blocks_for_real_is_m10_whatever_the_exercise_makes_of_it(monkeypatch, call):
    monkeypatch.setattr("grader.checks.runner.STILL_LIMIT", 0.2)
    event, lock = threading.Event(), threading.Lock()
    lock.acquire()
    f = cell(f"async def f(event, lock):\n    {call}", "f")
    try:
        text = message(run_virtual(f, event, lock), causes=MISLEADING)
    finally:
        event.set()
        lock.release()
        for thread in threading.enumerate():
            if thread.name == "run":
                thread.join()

    assert "(M10): una llamada que bloquea detiene el bucle de eventos" in text


def test_a_sleep_that_a_test_wants_is_no_cause():
    f = cell("async def f():\n    time.sleep(1)\n    return 2", "f")

    assert "M10" not in message(run_virtual(f), 1, findings=["blocked"])


# 7. Kinds of functions


async def awaiting(f):
    return await f()


async def iterating(f):
    return [item async for item in f()]


async def entering(f):
    async with f() as thing:
        return thing


def entering_plain(f):
    with f() as thing:
        return thing


def calling(f):
    return [*f()]


def subscripting(f):
    return f()["p1"]


KINDS = {
    "def, awaited": (awaiting, "def f(): return 3", "¿falta `async` delante de `def`?"),
    "def with yield, awaited": (
        awaiting,
        "def f():\n    yield 3",
        "tu función es un `def` con `yield`, un generador normal",
    ),
    "async def with yield, awaited": (
        awaiting,
        "async def f():\n    yield 3",
        "es un generador asíncrono, y su resultado se espera con `await`: usa `return`",
    ),
    "def, iterated": (
        iterating,
        "def f(): return [3]",
        "tu función devuelve una lista: un generador asíncrono entrega con `yield`, no con `return`",
    ),
    "async def, iterated": (
        iterating,
        "async def f(): return [3]",
        "tu función no lleva `yield`: un generador asíncrono entrega con `yield`, no con `return`",
    ),
    "def with yield, iterated": (iterating, "def f():\n    yield 3", "para `async for`, falta `async`"),
    "no decorator": (entering, "async def f():\n    yield 3", "le falta el decorador `@asynccontextmanager`"),
    "no decorator, plain": (
        entering_plain,
        "def f():\n    yield 3",
        "le falta el decorador `@contextmanager`",
    ),
    "no decorator, no async": (
        entering,
        "def f():\n    yield 3",
        "se escribe con `async def` y el decorador `@asynccontextmanager`",
    ),
    "the plain decorator": (
        entering,
        "@contextlib.contextmanager\ndef f():\n    yield 3",
        "`async def` y el decorador `@asynccontextmanager`",
    ),
    "the async decorator": (
        entering_plain,
        "@contextlib.asynccontextmanager\nasync def f():\n    yield 3",
        "se escribe con `def` y el decorador `@contextmanager`",
    ),
    "a coroutine, entered": (
        entering,
        "async def f(): return 3",
        "no tiene `yield`, y para `async with` lo necesita",
    ),
    "async where none is wanted": (
        calling,
        "async def f(): return [3]",
        "tu función es `async def` y se pide un `def` normal",
    ),
    "async where a dict is wanted": (
        subscripting,
        "async def f(): return {}",
        "tu función es `async def` y se pide un `def` normal",
    ),
    "an async generator where none is wanted": (
        calling,
        "async def f():\n    yield 3",
        "y se pide un `def` normal",
    ),
}


@pytest.mark.parametrize(("use", "source", "told"), KINDS.values(), ids=KINDS)
def test_the_wrong_kind_of_function_is_told_as_that(use, source, told):
    text = message(run_virtual(use, cell(source, "f")), causes=MISLEADING)

    assert told in cause(text)
    assert line(text) == ""


def test_an_async_function_whose_result_a_test_does_not_await_is_told_as_the_answers():
    def scenario(made, fetch):
        made().spawn(fetch)
        return 0

    spawns = cell("class B:\n    async def spawn(self, fetch):\n        await fetch(1)", "B")

    assert cause(message(run_virtual(scenario, spawns, service()))) == (
        "`spawn` es `async def` y la prueba la llama sin `await`: así no se ejecuta nada; se pide un `def` normal."
    )


def test_a_coroutine_that_a_test_hands_over_and_nobody_runs_is_told_as_that():
    async def job():
        return 1

    def scenario(start):
        start(job())

    start = cell("def start(coro):\n    pass", "start")

    assert cause(message(run_virtual(scenario, start))).startswith("recibes la corrutina `job(...)` y nadie")


# 8. Types


TYPES = {
    "a tuple for a list": ((1, 2), [1, 2], "das una tupla donde se pide una lista."),
    "a list for a tuple": ([1, 2], (1, 2), "das una lista donde se pide una tupla."),
    "keys": ({1: 2}, [2], "das un diccionario donde se pide una lista."),
    "a text for a number": ("7", 7, "das un texto donde se pide un entero."),
    "inside": (
        {"id": 7, "x": 1},
        {"id": "7", "x": 1},
        "hay un entero donde se espera un texto (en `['id']`).",
    ),
    "deep inside": (
        [{"a": [1, None]}],
        [{"a": [1, "b"]}],
        "llega `None` donde se espera un texto (en `[0]['a'][1]`).",
    ),
    "another key": (
        [{"error": 1}],
        [{"reason": 1}],
        "hay una clave 'error' y falta la clave 'reason' (en `[0]`).",
    ),
    "a key that is missing": ({}, {"a": 1}, "falta la clave 'a'."),
    "a key too many": ({"a": 1, "b": 2}, {"a": 1}, "sobra la clave 'b'."),
    "too few": ([1, 2], [1, 2, 3], "hay 2 elementos y se esperan 3."),
    "an exception's text": (
        ["ValueError: x"],
        [ValueError("x")],
        "se pide la excepción, y das su texto (en `[0]`).",
    ),
    "something for an exception": (
        [3],
        [ValueError("x")],
        "se pide la excepción, y das un entero (en `[0]`).",
    ),
    "an exception for a text": (ValueError("x"), "x", "das una excepción donde se pide un texto."),
    "nothing inside": (
        {"v": None},
        {"v": "x"},
        "llega `None` donde se espera un texto (en `['v']`): ¿falta un `return`?",
    ),
    "one that is wanted": ([1, 2], [1], "hay 2 elementos y se espera 1."),
    "nothing": (None, [1], "la función no devuelve nada: ¿falta un `return`?"),
}


@pytest.mark.parametrize(("actual", "expected", "told"), TYPES.values(), ids=TYPES)
def test_a_wrong_type_is_told_with_the_one_that_is_wanted(actual, expected, told):
    assert cause(message(run_virtual(lambda: actual), expected)) == told


REFUSED = {
    "a task": ("asyncio.create_task(fetch(1))", "devuelves una tarea, no su resultado: falta `await`."),
    "tasks": ("[asyncio.create_task(fetch(1))]", "devuelves una tarea, no su resultado: falta `await`."),
    "a method": ("[''.upper]", "das un método sin llamar: ¿faltan los paréntesis?"),
    "a method of one's own": ("Own().done", "das un método sin llamar: ¿faltan los paréntesis?"),
    "a function": ("[fetch]", "das una función sin llamar: ¿faltan los paréntesis?"),
    "a generator": ("(i for i in (1, 2))", "das un generador sin recorrer donde se pide una lista"),
    "an async generator": (
        "(await fetch(i) for i in (1, 2))",
        "das un generador asíncrono sin recorrer donde se pide una lista",
    ),
    "values": ("{1: 2}.values()", "das un objeto de tipo dict_values donde se pide una lista."),
}


@pytest.mark.parametrize(("given", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_data_is_told_with_what_is_wanted_and_no_jargon(given, told):
    source = f"class Own:\n    def done(self): pass\nasync def f(fetch):\n    return {given}"

    text = message(run_virtual(cell(source, "f"), service(name="fetch")), [1, 2])

    assert cause(text).startswith(told)
    assert "dato simple" not in text


def test_a_test_that_stumbles_over_what_it_is_given_says_so():
    async def scenario(withdraw):
        return sorted([True, await withdraw()])

    withdraw = cell("async def withdraw(): pass", "withdraw")

    assert cause(message(run_virtual(scenario, withdraw))) == (
        "la prueba recibe `None` de tu código donde espera otra cosa: ¿falta un `return`?"
    )


# 9. Places


GIVEN = "async def visit(fetch, url):\n    rows = await fetch(url)\n    return rows['x']\n\n\ndef nap():\n    time.sleep(2)"


@pytest.fixture
def visit(monkeypatch):
    monkeypatch.setattr(mistakes, "GIVEN", {file_name("dada")})
    return lambda name: cell(GIVEN, name, "dada")


def test_a_line_of_a_given_cell_is_never_called_the_students(visit):
    calls = cell("async def f(visit, fetch):\n    n = 1\n    return await visit(fetch, 'a')", "f")

    text = message(run_virtual(calls, visit("visit"), service()))

    assert line(text) == "Dónde:     tu celda, línea 3: return await visit(fetch, 'a')"
    assert "Dónde" not in message(run_virtual(visit("visit"), service(), "a"))


def test_what_a_given_function_blocks_is_told_at_the_students_call(visit):
    calls = cell("async def f(nap):\n    n = 1\n    nap()", "f")

    assert line(message(run_virtual(calls, visit("nap")))) == "Dónde:     tu celda, línea 3"


def test_no_line_of_a_scenario_stands_in_the_list_of_those_that_wait():
    async def scenario(f):
        await asyncio.gather(f(), asyncio.Event().wait())

    f = cell("async def f():\n    n = 1\n    await asyncio.Event().wait()", "f")

    told = cause(message(run_virtual(scenario, f)))

    assert "f (event.wait, línea 3)" in told
    assert "main (gather)" in told


def test_the_module_of_scenarios_beside_a_notebook_is_not_the_students():
    is_own = mistakes.owner("<celda a>")

    assert not is_own("/curso/03_tasks/checks.py")
    assert not is_own("<celda a>")
    assert is_own("<celda b>")


# 10. M16, M08


async def by_arrival(ids, fetch):
    return [await each for each in asyncio.as_completed([fetch(i) for i in ids])]


async def shuffled(ids, fetch):
    return [*reversed(await asyncio.gather(*map(fetch, ids)))]


def test_only_the_order_of_arrival_is_called_so():
    delays = {1: 2, 2: 3, 3: 1}

    assert "(M16)" in message(run_virtual(by_arrival, [1, 2, 3], service(delay=delays)), [1, 2, 3])
    text = message(run_virtual(shuffled, [1, 2, 3], service(delay=delays)), [1, 2, 3])
    assert "M16" not in text
    assert cause(text) == "están todos, pero no en el orden que te piden."


@pytest.mark.parametrize("actual", [(1, 2), [(2, "b"), (1, "a")], [2, 1, 1]])
def test_what_is_not_in_another_order_is_not_called_so(actual):
    expected = [[1, "a"], [2, "b"]] if type(actual[0]) is tuple else [1, 2]

    assert "orden" not in message(run_virtual(lambda: actual), expected)


def test_a_leak_is_no_wrong_order():
    async def leaks(ids, fetch):
        leaks.kept = asyncio.create_task(asyncio.sleep(9))
        return await asyncio.gather(*map(fetch, ids))

    assert "M16" not in message(run_virtual(leaks, [1, 2], service()), [1, 2])


async def in_turn(ids, fetch):
    return [await fetch(i) for i in ids]


async def each_twice(ids, fetch):
    return [await fetch(i) for i in ids for _ in range(2)][::2]


def test_only_what_goes_in_turn_is_called_so():
    assert "(M08)" in str(verdict(run_virtual(in_turn, [1, 2], service()), elapsed=1))
    assert "M08" not in str(verdict(run_virtual(each_twice, [1, 2], service()), elapsed=1))
    assert "M08" not in str(verdict(run_virtual(in_turn, [1, 2], service()), elapsed=3))


def test_a_cancellation_that_is_passed_on_is_no_m18():
    async def cleans(fetch):
        task = asyncio.create_task(fetch(1))
        await asyncio.sleep(0.5)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert 1 > 2

    assert "M18" not in message(run_virtual(cleans, service()))


# 11. Times


def test_the_time_of_a_call_is_what_its_service_takes_however_it_ended():
    async def first(fetch):
        async with asyncio.timeout(1.5):
            await asyncio.gather(fetch("a"), fetch("b"))

    text = message(run_virtual(first, service(name="fetch", delay={"a": 1, "b": 9})))

    assert "(los fetch tardan 1 y 9 s)" in text


# 13. Differences


LONG = [f"elemento número {n}" for n in range(12)]
PAIRS = {
    "a list": (LONG, [*LONG[:10], "otro", LONG[11]]),
    "a longer list": (LONG, LONG[:11]),
    "a text": ("a" * 200 + "b", "a" * 200 + "c"),
    "dicts in a list": (
        [{"data": "x" * 60, "event": "message", "id": ""}],
        [{"data": "x" * 60, "event": "message", "id": None}],
    ),
    "a nested value": ({"filas": [*LONG, 1]}, {"filas": [*LONG, 2]}),
    "a set": ({*LONG}, {*LONG[:11], "otro"}),
    "a number in a set": ({1}, {True}),
}


@pytest.mark.parametrize(("expected", "actual"), PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("swapped", [False, True])
def test_what_is_expected_and_obtained_never_read_alike(expected, actual, swapped):
    old, new = (actual, expected) if swapped else (expected, actual)
    text = message(run_virtual(lambda: new), old)

    wanted, got = (
        [part.split()[1:] for part in text.splitlines() if part.split()[0] == head]
        for head in ("Esperaba:", "Obtuve:")
    )
    assert wanted[0] != got[0], text
    assert all(len(part) < 160 for part in text.splitlines())


# 12. Words


def test_an_answer_that_is_wrong_is_told_in_plain_words():
    text = message(answer({"sitio": "async"}), {"sitio": "hilo"})

    assert "Esperaba:  {'sitio': 'hilo'}" in text
