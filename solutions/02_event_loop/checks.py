"""Scenarios of the exercises on the event loop, and the causes of what is wrong with an answer."""

import asyncio
import heapq
import itertools
import time

from grader import Cause, Tokens, service

answers = Tokens()  # what services answer: nobody can guess it
label = service(name="label", delay=0, reply=answers)
instant = service(name="api", delay=0, reply=answers)


def kinds(outcome):
    """Return the kinds of a run's findings."""
    return {finding.kind for finding in outcome.findings}


def at_once(call):
    """Return what a service answers that takes no time, without a loop."""
    try:
        call.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("este servicio no contesta al instante")


class FakeClock:
    """A clock as the notebook's Clock, which tells when it sleeps and stops a loop that never ends."""

    def __init__(self, now=0, on_sleep=None):
        self.now, self.naps, self.on_sleep, self.asked = now, [], on_sleep, 0

    def time(self):
        self.count()
        return self.now

    def sleep(self, seconds):
        self.count()
        if seconds:
            self.naps.append(seconds)
            if self.on_sleep:
                self.on_sleep(self.now, seconds)
        self.work(seconds)

    def work(self, seconds):
        self.now += seconds

    def count(self):
        self.asked += 1
        if self.asked > 2000:
            raise RuntimeError("el bucle no termina: ha usado el reloj 2000 veces")


class RunClock(FakeClock):
    """The clock of the run itself: it goes on by itself, and sleeping on it takes time."""

    now = property(lambda self: asyncio.get_running_loop().time(), lambda self, now: None)

    def work(self, seconds):
        time.sleep(seconds)


def lines_of(program):
    """Return the lines of a program: who schedules whom, its delay (None: call_soon), the seconds it works.

    program: words. "a": the program puts `a` in the queue; "a@2": it calls it later, in 2 s; "a>b" and
    "a>b@2": `a` schedules `b` when it runs; "a/3": `a` works 3 s.
    """
    lines = []
    for word in program.split():
        parent, _, rest = word.rpartition(">")
        rest, _, work = rest.partition("/")
        name, _, delay = rest.partition("@")
        lines.append((parent, name, int(delay) if delay else None, int(work or 0)))
    return lines


# 2.1 MiniLoop


def play(loop_class, label, clock, program):
    """Run a program on a loop; tell what ran when, under "t = 2", and each thing that went wrong."""
    told, pending, numbers, running = {}, {}, itertools.count(), []
    lines = lines_of(program)

    def note(fact, name):
        told.setdefault(fact, []).append(name)

    def on_sleep(now, seconds):
        dues = [due for due, _ in pending.values()]
        if seconds < 0:
            note("duerme un tiempo negativo", seconds)
        elif not dues:
            note("duerme sin nada pendiente", seconds)
        elif any(due is None or due <= now for due in dues):
            note("duerme con algo por hacer", seconds)
        elif now + seconds > min(dues):
            note("duerme de más", seconds)
        elif now + seconds < min(dues):
            note("duerme a trozos", seconds)

    def schedule(parent):
        for scheduler, name, delay, _ in lines:
            if scheduler == parent:
                pending[name] = (None if delay is None else clock.now + delay, next(numbers))
                if delay is None:
                    loop.call_soon(callbacks[name])
                else:
                    loop.call_later(delay, callbacks[name])

    def run(name):
        if name not in pending:
            note("corre otra vez", name)
            return
        due, number = pending.pop(name)
        if not running:
            note("corre antes de run()", name)
        if due is not None and clock.now < due:
            note("corre antes de su plazo", name)
        for other, turn in pending.values():
            same = (due is None) == (other is None)
            if same and due is not None and other < due:
                note("adelanta a otro plazo", name)
            elif same and other == due and turn < number:
                note("adelanta en la cola" if due is None else "adelanta a igual plazo", name)
        told.setdefault(f"t = {clock.now:g}", []).append(at_once(label(name)))
        clock.work(sum(work for _, line, _, work in lines if line == name))
        schedule(name)

    def make():
        def callback():
            run(owners[id(callback)])

        return callback

    # Their ids go down as they come: who tells equal deadlines apart by id gets them wrong.
    made = sorted((make() for _ in lines), key=id, reverse=True)
    callbacks = {line[1]: callback for line, callback in zip(lines, made, strict=True)}
    owners = {id(callback): name for name, callback in callbacks.items()}
    clock.on_sleep = on_sleep
    loop, other = loop_class(clock), loop_class(FakeClock(clock.now))
    other.call_soon(lambda: note("corre de otro bucle" if running else "corre antes de run()", "ready"))
    other.call_later(1, lambda: note("corre de otro bucle" if running else "corre antes de run()", "later"))
    schedule("")
    running.append("first")
    loop.run()
    if pending:
        told["no corre"] = [*pending]
    loop.run()  # nothing to do
    loop.call_soon(lambda: running.append("second"))
    loop.run()
    if running[-1] == "first":
        told["la segunda vez no corre nada"] = True
    return told


def timetable(loop_class, label, now, program):
    """Run a program on a loop with a fake clock that starts at `now`; tell also how long it slept."""
    clock = FakeClock(now)
    told = play(loop_class, label, clock, program)
    return told | {"siestas": clock.naps}


def real_timetable(loop_class, label, program):
    """Run a program on a loop with the clock of the run."""
    return play(loop_class, label, RunClock(), program)


def ran(by_time, naps=None):
    """Return what is due of a program: the names that run, by instant, and what the clock sleeps."""
    told = {f"t = {at}": [answers(name) for name in names.split()] for at, names in by_time.items()}
    return told if naps is None else told | {"siestas": naps}


def noted(fact):
    """Return a condition on a run: the scenario noted this."""
    return lambda outcome: fact in outcome.value


def ran_nothing(outcome):
    """Tell whether no callback ran."""
    return not outcome.requests and "no corre" in outcome.value


loop_causes = [
    Cause(
        "M10: usas el reloj de pared (`time`), y este bucle solo conoce `clock`",
        lambda o: "wall-clock" in kinds(o) or ("blocked" in kinds(o) and o.value.get("siestas") == []),
    ),
    Cause(
        "E11: dos plazos iguales, y el montículo intenta comparar las retrollamadas: dale con qué desempatar",
        error="not supported between",
    ),
    Cause(
        "un método de `MiniLoop` no tiene los parámetros del enunciado: ¿falta `self`, o alguno más?",
        lambda o: "MiniLoop." in o.error,
        error="positional argument",
    ),
    Cause(
        "este bucle no usa el de asyncio: le bastan `clock`, una cola y los plazos",
        lambda o: "running" in o.error,
        error="loop",
    ),
    Cause("miras el primer elemento de una lista vacía", error="IndexError"),
    Cause(
        "`run()` da vueltas sin avanzar: ¿cuándo vuelve, y cuánto duerme cuando no hay nada listo?",
        lambda o: "no termina" in o.error or "no devuelve el control" in o.error,
        error="",
    ),
    Cause(
        "M01: los métodos de `MiniLoop` no son `async`: nadie espera lo que crean",
        lambda o: "never-awaited" in kinds(o),
    ),
    Cause(
        "dos `MiniLoop` comparten lo que guardan: créalo en `__init__`, en `self`, y no en la clase",
        noted("corre de otro bucle"),
    ),
    Cause("ejecutas la retrollamada al recibirla, y eso es cosa de `run()`", noted("corre antes de run()")),
    Cause(
        "`run()` no hace nada si se llama otra vez, y se puede llamar las veces que haga falta",
        lambda o: "la segunda vez no corre nada" in o.value and "no corre" not in o.value,
    ),
    Cause("no corre ninguna retrollamada: ¿las llama `run()`?", ran_nothing),
    Cause("una retrollamada corre más de una vez: sácala de donde la guardas", noted("corre otra vez")),
    Cause(
        "faltan retrollamadas: `run()` vuelve con algo pendiente, quizá lo que se programa mientras corre",
        noted("no corre"),
    ),
    Cause(
        "un temporizador corre antes de tiempo: su plazo es la hora de ahora más `delay`",
        noted("corre antes de su plazo"),
    ),
    Cause(
        "ejecutas primero la última que llegó: lo que está listo forma una cola, no una pila",
        noted("adelanta en la cola"),
    ),
    Cause(
        "los temporizadores no corren por plazo: uno adelanta a otro que vence antes",
        noted("adelanta a otro plazo"),
    ),
    Cause("a igual plazo adelantas a la que llegó antes", noted("adelanta a igual plazo")),
    Cause("duermes un tiempo negativo: ese plazo ya había vencido", noted("duerme un tiempo negativo")),
    Cause("duermes aunque queda algo listo en la cola o vencido", noted("duerme con algo por hacer")),
    Cause("duermes más de lo que falta para el próximo plazo", noted("duerme de más")),
    Cause("duermes a trozos: basta una siesta, hasta el próximo plazo", noted("duerme a trozos")),
    Cause("duermes sin nada pendiente: ya puedes volver", noted("duerme sin nada pendiente")),
    Cause(
        "faltan siestas: el tiempo solo pasa con `clock.sleep`",
        lambda o: o.value.get("siestas") == [],
    ),
]


# 2.2 run_once


async def turns(run_once, queues_class, label, waits, program):
    """Give a loop some turns, a second apart on the run's clock; tell what ran in each, and what went wrong.

    waits: by how much the loop's own clock goes on before each turn.
    """
    told, pending, numbers, lines, photo = {}, [], itertools.count(), lines_of(program), []
    clock = FakeClock()
    loop = queues_class(clock)

    def note(fact, name):
        told.setdefault(fact, []).append(name)

    clock.on_sleep = lambda now, seconds: note("duerme" if seconds > 0 else "duerme hacia atrás", seconds)

    def schedule(parent):
        for scheduler, name, delay, _ in lines:
            if scheduler == parent:
                due = None if delay is None else clock.now + delay
                pending.append((due is not None, due or 0, next(numbers), name))
                if delay is None:
                    loop.call_soon(callbacks[name])
                else:
                    loop.call_later(delay, callbacks[name])

    def run(name):
        photo.append(at_once(label(name)))
        if len(photo) > 50:
            raise RuntimeError("50 retrollamadas en una sola vuelta")
        mine = next((each for each in sorted(pending) if each[3] == name), None)
        if mine is None:
            note("corre otra vez", name)
            return
        pending.remove(mine)
        if mine in due_now:
            if any(other in due_now and other < mine for other in pending):
                note("adelanta a otra", name)
        elif mine[2] >= first_new:
            note("corre en la vuelta en que se programa", name)
        elif mine[1] > clock.now:
            note("corre antes de su plazo", name)
        else:
            note("vence durante la vuelta y corre en ella", name)
        clock.work(sum(work for _, line, _, work in lines if line == name))
        schedule(name)

    callbacks = {}
    for name in dict.fromkeys(line[1] for line in lines):
        callbacks[name] = lambda name=name: run(name)
    schedule("")
    for number, wait in enumerate(waits, 1):
        clock.work(wait)
        first_new, began = next(numbers), clock.now
        due_now = [each for each in pending if not each[0] or each[1] <= clock.now]
        photo = told[f"vuelta {number}"] = []
        run_once(loop)
        collected = {id(fn) for fn in loop.ready} if loop.ready else set()
        waiting = collected | {id(fn) for _, fn in loop.scheduled}
        due = [each for each in due_now if each[0]]
        left = [each for each in pending if each in due_now]
        behind = [each for each in left if each[0] and id(callbacks[each[3]]) not in collected]
        names = [each[3] for each in left]
        gone = [each[3] for each in pending if id(callbacks[each[3]]) not in waiting]
        twice = [
            name for name in gone if name in names and any(text.startswith(f"{name}·") for text in photo)
        ]
        if twice:
            note("solo corre una vez", twice)
        elif gone:
            note("se pierden", gone)
        elif any(not each[0] for each in left):
            note("se quedan sin correr", names)
        elif behind and all(each[1] == began for each in behind):
            note("no se recogen los de ahora mismo", names)
        elif behind:
            note("no se recogen" if behind == due else "solo se recoge una parte", names)
        elif left:
            note("se recogen tarde" if left == due else "se quedan sin correr", names)
        await asyncio.sleep(1)
    return told


def photos(*turns):
    """Return what is due of turns: each a text with the names that run in it."""
    return {
        f"vuelta {number}": [answers(name) for name in names.split()] for number, names in enumerate(turns, 1)
    }


turn_causes = [
    Cause(
        "M10: usas el reloj de pared (`time`); la hora es `loop.clock.time()`",
        lambda o: "wall-clock" in kinds(o),
    ),
    Cause("recorres la cola mientras crece: ¿qué había listo al empezar?", error="mutated"),
    Cause("sacas o miras un elemento de una lista vacía", error="IndexError"),
    Cause(
        "E8: tu vuelta no acaba mientras alguien vuelva a encolarse: ejecuta solo lo que ya estaba listo",
        error="50 retrollamadas",
    ),
    Cause("M01: `run_once` no es `async`: nadie espera su corrutina", lambda o: "never-awaited" in kinds(o)),
    Cause("no corre ninguna retrollamada: ¿las llamas?", lambda o: not o.requests),
    Cause("una `fn` que está dos veces en la cola corre dos veces", noted("solo corre una vez")),
    Cause(
        "pierdes lo que se programa durante la vuelta: desaparece de la cola sin haber corrido",
        noted("se pierden"),
    ),
    Cause("pides que el reloj duerma un tiempo negativo, y la hora retrocede", noted("duerme hacia atrás")),
    Cause("duermes, y ya hay algo listo o vencido: una vuelta no duerme", noted("duerme")),
    Cause("ejecutas un temporizador que aún no ha vencido", noted("corre antes de su plazo")),
    Cause(
        "el orden de la vuelta es otro: primero la cola, como llegó, y después los vencidos, por plazo",
        noted("adelanta a otra"),
    ),
    Cause(
        "E8: lo que se programa durante una vuelta espera a la siguiente",
        noted("corre en la vuelta en que se programa"),
    ),
    Cause(
        "un temporizador que vence durante la vuelta espera a la siguiente: se recogen al empezar",
        noted("vence durante la vuelta y corre en ella"),
    ),
    Cause("una retrollamada corre más de una vez: sácala de donde estaba", noted("corre otra vez")),
    Cause("cada vuelta recoge todos los vencidos, no solo una parte", noted("solo se recoge una parte")),
    Cause(
        "un plazo que vence justo ahora ya ha vencido: se compara con `<=`",
        noted("no se recogen los de ahora mismo"),
    ),
    Cause(
        "los vencidos se recogen en cada vuelta, también cuando la cola no está vacía", noted("no se recogen")
    ),
    Cause(
        "la foto se hace después de recoger los vencidos, que también corren en esta vuelta",
        noted("se recogen tarde"),
    ),
    Cause("una vuelta ejecuta la foto entera, no solo una parte", noted("se quedan sin correr")),
]


# 2.3 yields


async def nothing():
    return True


async def nothing_again():
    return await nothing()


async def nested():
    for _ in range(3):
        await nothing()


async def finished():
    future = asyncio.get_running_loop().create_future()
    future.set_result(1)
    return await future


async def queue_with_room():
    await asyncio.Queue().put(1)


async def free_lock():
    return await asyncio.Lock().acquire()


async def set_event():
    event = asyncio.Event()
    event.set()
    return await event.wait()


def zero():
    return asyncio.sleep(0)


async def two_zeros():
    await zero()
    await zero()


def tenth():
    return asyncio.sleep(0.1, False)


async def late_zero():
    await nested()
    await zero()


async def short_timeout():
    async with asyncio.timeout(5):
        await asyncio.sleep(0.2)


FUNCTIONS = [nothing, nothing_again, nested, finished, queue_with_room, free_lock, set_event]
FUNCTIONS += [zero, two_zeros, tenth, late_zero, short_timeout]


async def asking(yields, api, names=""):
    """Ask of functions by their names, and at last of one that calls a service, whether they yield."""
    replies, known = [], {fn.__name__: fn for fn in FUNCTIONS}

    async def service():
        replies.append(await api())
        return replies

    told = {name: await yields(known[name]) for name in names.split()}
    return told | {"service": await yields(service)} | {"responde service": replies}


def they_yield(some, others=""):
    """Return what is due of `asking`: the names of functions that yield, and of those that do not."""
    told = dict.fromkeys(some.split(), True) | dict.fromkeys(others.split(), False)
    return told | {"responde service": [answers()]}


YIELD = {"zero", "two_zeros", "tenth", "late_zero", "short_timeout"}


def said(outcome):
    """Return the answers about functions other than the service."""
    return {name: told for name, told in outcome.value.items() if "service" not in name}


def whole(outcome):
    """Return all answers about functions, with what is right of each."""
    right = {name: name in YIELD for name in said(outcome)}
    right["service"] = outcome.requests[0].end > outcome.requests[0].start
    return [(outcome.value[name], right[name]) for name in right]


yields_causes = [
    Cause(
        "M01: `fn()` solo crea la corrutina: falta `await`",
        lambda o: "never-awaited" in kinds(o) and not o.requests,
    ),
    Cause("llamas a `fn` más de una vez", lambda o: len(o.requests) > 1),
    Cause("no llamas a `fn`, o no la esperas", lambda o: not o.requests),
    Cause(
        "no esperas a que `fn()` termine",
        lambda o: o.requests[0].end is None or o.requests[0].state == "cancelled",
    ),
    Cause(
        "no esperas a que `fn()` termine",
        lambda o: {"tenth", "short_timeout"} & {*said(o)} and not o.elapsed,
    ),
    Cause(
        "`yields` responde con `True` o `False`, y tú devuelves otra cosa",
        lambda o: any(type(told) is not bool for told, _ in whole(o)),
    ),
    Cause(
        "respondes con lo que devuelve `fn`, y eso no influye",
        lambda o: (
            said(o)["nothing"] and not said(o)["nested"] and not said(o)["zero"] and not said(o)["tenth"]
        ),
    ),
    Cause(
        "respondes al revés: `True` es que deja avanzar a otros",
        lambda o: len(whole(o)) > 1 and all(told is not right for told, right in whole(o)),
    ),
    Cause(
        "M05: respondes siempre que sí, y no todo `await` cede el control; el de una tarea cede siempre",
        lambda o: all(told is True for told, _ in whole(o)),
    ),
    Cause(
        "respondes siempre que no: `sleep(0)` y `sleep(0.1)` sí ceden",
        lambda o: "tenth" in said(o) and all(told is False for told, _ in whole(o)),
    ),
    Cause(
        "respondes que no, y un servicio que tarda sí cede el control",
        lambda o: not o.value["service"] and not said(o),
    ),
    Cause(
        "`sleep(0)` cede y tarda 0 s: el tiempo no dice si alguien más avanzó",
        lambda o: not said(o)["zero"] and not said(o)["two_zeros"] and said(o)["tenth"],
    ),
    Cause(
        "tu testigo llega una vuelta tarde, como con `call_later(0)`, y `sleep(0)` solo cede una",
        lambda o: not said(o)["zero"] and said(o)["two_zeros"],
    ),
    Cause(
        "la respuesta depende de las llamadas anteriores: empieza cada una sin nada apuntado",
        lambda o: said(o)["nothing_again"] and not said(o)["nothing"],
    ),
    Cause(
        "respondes que sí a un `await` que no se suspende",
        lambda o: [name for name, told in said(o).items() if told and name not in YIELD],
    ),
]


# Reto MiniTask


class Pause:
    """As the notebook's Pause."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __await__(self):
        yield self.seconds


class HomeLoop:
    """A loop with a clock of its own: it is not asyncio's."""

    def __init__(self):
        self.clock, self.timers, self.numbers = FakeClock(), [], itertools.count()

    def time(self):
        return self.clock.now

    def call_soon(self, fn, *args):
        self.call_later(0, fn, *args)

    def call_later(self, delay, fn, *args):
        heapq.heappush(self.timers, (self.clock.time() + delay, next(self.numbers), fn, args))

    def run(self):
        while self.timers:
            due, _, fn, args = heapq.heappop(self.timers)
            self.clock.now = due
            fn(*args)


def begin(mini_task, loop, mark, pace):
    """Make a task of each name in `pace`, with its pauses; return the tasks and what they will tell."""
    told, made, start = {}, [], loop.time()

    async def tick(name, pauses):
        due = start
        for number, seconds in enumerate((*pauses, None)):
            if made and loop.time() != due:
                told.setdefault("no corre a su hora", []).append(number)
            when = f"t = {loop.time():g}" if made else "en el constructor"
            told.setdefault(when, []).append(await mark(name))
            if seconds is not None:
                due += seconds
                await Pause(seconds)

    tasks = [mini_task(tick(name, pauses), loop) for name, pauses in pace.items()]
    made.append(True)
    return tasks, told


def look(pace, tasks, told):
    """Return what was told, with what the tasks lack."""
    steps = [text.partition("·")[0] for texts in told.values() for text in texts if isinstance(text, str)]
    for (name, pauses), task in zip(pace.items(), tasks, strict=True):
        count = steps.count(name)
        if count <= len(pauses):
            stuck = "se queda en un 0" if count and pauses[count - 1] == 0 else "se queda a medias"
            told.setdefault(stuck if count else "no empieza", []).append(count)
        if task.done is not True or task.error is not None:
            told.setdefault("done y error", []).append([task.done, task.error])
    return told


async def alternate(mini_task, mark, pace):
    """Run tasks on asyncio's loop for ten seconds; tell which step came when."""
    tasks, told = begin(mini_task, asyncio.get_running_loop(), mark, pace)
    await asyncio.sleep(10)
    return look(pace, tasks, told)


async def at_home(mini_task, mark, pace):
    """Run tasks on a loop that is not asyncio's; tell which step came when."""
    loop = HomeLoop()
    tasks, told = begin(mini_task, loop, mark, pace)
    loop.run()
    return look(pace, tasks, told)


async def endings(mini_task, fetch, seconds, *names):
    """Run tasks that end as a service answers; tell their attributes before and after."""

    async def body(name):
        if seconds is not None:
            await Pause(seconds)
        return await fetch(name)

    tasks = [mini_task(body(name), asyncio.get_running_loop()) for name in names]
    early = [[task.done, task.result, task.error] for task in tasks]
    await asyncio.sleep(10)
    late = {name: [task.done, task.result, task.error] for name, task in zip(names, tasks, strict=True)}
    return {"antes": early} | late


def ended(**by_name):
    """Return what is due of `endings`: by name, the result or the error."""
    rows = {
        name: [True, None, end] if isinstance(end, Exception) else [True, end, None]
        for name, end in by_name.items()
    }
    return {"antes": [[False, None, None]] * len(rows)} | rows


def lost(outcome):
    """Return the texts of the errors that escaped to the loop."""
    return [finding.text for finding in outcome.findings if finding.kind == "loop-error"]


def of_rows(holds):
    """Return a condition on a run of `endings`: of a request and the done, result and error of its task."""
    return lambda o: any(holds(request, *o.value[request.args[0]]) for request in o.requests)


def is_error(value):
    """Tell whether a value is an exception, as it arrives from a run."""
    return type(value).__name__ == "Raised"


task_causes = [
    Cause(
        "M10: esperas con `time.sleep`, y mientras tanto no avanza la otra tarea",
        lambda o: "blocked" in kinds(o),
    ),
    Cause(
        "falta un atributo: `done`, `result` y `error` existen desde el principio",
        error="'MiniTask' object has no",
    ),
    Cause(
        "a `call_soon` y `call_later` se les pasa la función, no su llamada: ¿sobran los paréntesis?",
        error="'NoneType' object is not callable",
    ),
    Cause("ese `loop` solo tiene `call_soon` y `call_later`", error="'HomeLoop' object has no"),
    Cause("`error` guarda la excepción misma, no su tipo", lambda o: o.refused.endswith("tipo type")),
    Cause(
        "las tareas comparten sus atributos: guárdalos en `self`, no en la clase",
        lambda o: (
            len(o.requests) > 1 and len({repr(o.value[request.args[0]]) for request in o.requests}) == 1
        ),
    ),
    Cause(
        "StopIteration no es un fallo: se captura aparte, y trae el resultado en `value`",
        lambda o: "StopIteration" in repr(o.value),
    ),
    Cause(
        "pierdes el resultado cuando vale 0: también se guarda",
        lambda o: o.value["zero"] == [True, None, None],
    ),
    Cause("`done`, `result` y `error` son atributos, no métodos", lambda o: "method" in o.refused),
    Cause("M01: `coro` avanza en `send`: ningún método es `async`", lambda o: "never-awaited" in kinds(o)),
    Cause(
        "`send` lanza StopIteration cuando la corrutina termina, y nadie la captura", error="StopIteration"
    ),
    Cause(
        "`send` lanza StopIteration cuando la corrutina termina, y nadie la captura",
        lambda o: any("StopIteration" in text for text in lost(o)),
    ),
    Cause(
        "M03: el primer paso corre dentro del constructor; una tarea empieza en la próxima vuelta",
        lambda o: "en el constructor" in o.value,
    ),
    Cause(
        "la tarea no empieza en ese `loop`: el primer paso se programa con `loop.call_soon`, sin asyncio",
        lambda o: "no empieza" in o.value,
    ),
    Cause(
        "`create_task` no entiende lo que entrega `Pause`: haz avanzar `coro` con `send(None)`",
        lambda o: "bad yield" in repr(o.value),
    ),
    Cause(
        "el primer paso llega tarde: una tarea empieza en la próxima vuelta",
        lambda o: 0 in o.value["no corre a su hora"],
    ),
    Cause(
        "la tarea no sigue a su hora: el número que entrega son los segundos que hay que esperar",
        lambda o: "no corre a su hora" in o.value,
    ),
    Cause(
        "las corrutinas se quedan a medias: nadie programa el paso siguiente",
        lambda o: "se queda a medias" in o.value,
    ),
    Cause("`Pause(0)` también hay que programarla: 0 es un número", lambda o: "se queda en un 0" in o.value),
    Cause(
        "`done` sigue en `False`, y la corrutina ya ha terminado: ¿quién lo apunta?",
        lambda o: False in [done for done, _ in o.value["done y error"]],
    ),
    Cause(
        "`Pause(0)` también suspende: las demás avanzan antes, y ella sigue en otra vuelta",
        lambda o: "t = 0" in o.value and "done y error" not in o.value,
    ),
    Cause("`done` ya es `True` antes de terminar", lambda o: True in [done for done, *_ in o.value["antes"]]),
    Cause(
        "hasta el final, `done` es `False`, y `result` y `error` son `None`",
        lambda o: any(row != [False, None, None] for row in o.value["antes"]),
    ),
    Cause(
        "una excepción de la corrutina se escapa al bucle: `error` guarda cualquier `Exception`",
        lambda o: lost(o),
    ),
    Cause(
        "`error` guarda la excepción misma, no su texto",
        of_rows(lambda request, _, __, error: request.state == "failed" and isinstance(error, str)),
    ),
    Cause(
        "la excepción se guarda en `error`, y `result` sigue en `None`",
        of_rows(lambda request, _, result, __: request.state == "failed" and result is not None),
    ),
    Cause(
        "la excepción se pierde: guárdala en `error`",
        of_rows(lambda request, done, _, error: request.state == "failed" and done and not is_error(error)),
    ),
    Cause(
        "también ha terminado la corrutina que devuelve `None`: `done` es `True`",
        of_rows(lambda request, done, *_: request.state == "done" and not request.token and not done),
    ),
    Cause(
        "pierdes el valor del `return`: viaja dentro de StopIteration, en `value`",
        of_rows(
            lambda request, done, result, _: (
                request.token and request.state == "done" and done and result is None
            )
        ),
    ),
    Cause(
        "la corrutina termina bien y `error` no es `None`",
        of_rows(lambda request, _, __, error: request.state == "done" and error is not None),
    ),
    Cause(
        "`done` sigue en `False`: ¿quién programa el paso siguiente, y quién apunta el final?",
        of_rows(lambda _, done, *__: done is False),
    ),
]
