"""A run is reported as plain data, and an expectation that fails says why in a few Spanish lines."""

import _thread
import asyncio
import contextlib
import gc
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
import warnings
import weakref
from concurrent.futures import ProcessPoolExecutor

import pytest

from grader import Cause, answer, run_real, run_virtual, service
from grader.checks import message, runner
from grader.checks.causes import same
from grader.checks.message import CheckFailed
from grader.checks.outcome import VERDICTS
from grader.checks.runner import Run
from grader.checks.service import Ledger, LocalBook, Request
from grader.checks.values import Raised
from grader.judge.cells import compile_cell
from grader.loop import stopwatch
from grader.loop.stuck import TooLong
from grader.tracing import recorder
from grader.tracing.recorder import Recorder

THREE = {1: 3, 2: 2, 3: 1}


async def fetch_all(ids, fetch):
    return await asyncio.gather(*map(fetch, ids))


async def fetch_in_turn(ids, fetch):
    return [await fetch(i) for i in ids]


def failure(outcome, exercise="3.1 fetch_all", case="se solapan", **expected):
    with pytest.raises(CheckFailed) as caught:
        outcome.expect(exercise, case, **expected)
    return str(caught.value)


def cell(source, name):
    """Define a function in a cell of its own, as in a notebook, where the test cell is another file."""
    namespace = {"asyncio": asyncio}
    exec(compile_cell(source, "respuesta", whole=True), namespace)
    return namespace[name]


@pytest.mark.parametrize("name", ["expected_value", "elapsd", "refused", "title"])
def test_a_check_of_what_there_is_not_is_a_mistake_of_the_check_and_no_wrong_answer(name):
    outcome = run_virtual(fetch_in_turn, [1], service())

    with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'") as wrong:
        outcome.expect("3.1 fetch_all", **{name: 1})
    assert not isinstance(wrong.value, AssertionError)


def test_a_kind_of_finding_that_there_is_not_is_one_too():
    with pytest.raises(ValueError, match="no finding is of the kind 'leak'"):
        run_virtual(fetch_in_turn, [1], service()).expect("3.1 fetch_all", findings=["leak"])


def test_the_first_of_the_fields_that_is_not_as_expected_is_told():
    outcome = run_virtual(fetch_in_turn, [1, 2], service())

    assert "Esperaba:  [2]" in failure(outcome, elapsed=1, value=[2])
    assert "Esperaba:  1 s" in failure(outcome, requests=1, elapsed=1, value=[1, 2])


def kinds(outcome):
    return [finding.kind for finding in outcome.findings]


def test_a_concurrent_run_takes_as_long_as_its_longest_request():
    outcome = run_virtual(fetch_all, [1, 2, 3], service(delay=THREE))

    assert (outcome.value, outcome.elapsed, outcome.peak, outcome.error) == ([1, 2, 3], 3.0, 3, None)


def test_a_synchronous_function_is_called_inside_the_loop():
    def start():
        return asyncio.get_running_loop().create_task(asyncio.sleep(2, "done"))

    outcome = run_virtual(start)

    assert (outcome.value, outcome.elapsed) == ("done", 2.0)


def test_an_hour_of_sleep_is_exact():
    assert run_virtual(asyncio.sleep, 3599.9).elapsed == 3599.9


def test_an_error_is_in_the_outcome_as_text():
    async def fail():
        raise ValueError("x")

    assert run_virtual(fail).error == "ValueError: x"


def test_a_real_run_uses_asyncios_own_loop():
    async def loop_name():
        return type(asyncio.get_running_loop()).__name__

    assert run_real(loop_name).value != "VirtualLoop"


def test_the_loop_of_a_real_run_is_not_made_in_the_main_thread(monkeypatch):
    """On Windows it would take the signals' wake-up from the kernel's loop, and the Stop button with it."""

    def make():
        makers.append(threading.current_thread())
        return original()

    original, makers = asyncio.new_event_loop, []
    monkeypatch.setattr(asyncio, "new_event_loop", make)
    run_real(asyncio.sleep, 0)

    assert len(makers) == 1
    assert makers[0] is not threading.main_thread()


def test_a_real_run_that_hangs_is_stopped():
    outcome = run_real(asyncio.Event().wait, timeout=0.05)

    assert outcome.error.startswith("TooLong")


def test_a_loop_without_await_is_stopped(monkeypatch):
    monkeypatch.setattr("grader.checks.runner.CPU_LIMIT", 0.2)

    outcome = run_virtual(cell("async def spin():\n    while True: pass", "spin"))

    assert outcome.error.startswith("TooLong")
    assert (outcome.details["function"], outcome.details["line"]) == ("spin", 2)


@pytest.mark.parametrize(
    ("limit", "value"), [("loop.virtual_loop._SPINNING", 10), ("checks.runner.CPU_LIMIT", 0.3)]
)
def test_busy_waiting_is_told_alike_whichever_limit_it_meets_first(monkeypatch, limit, value):
    """A fast machine does 100 000 steps in the time that it may take, a slow one does not."""
    monkeypatch.setattr(f"grader.{limit}", value)
    poll = cell("async def poll():\n    while True:\n        await asyncio.sleep(0)", "poll")

    assert run_virtual(poll).error == (
        "Runaway: bucle activo en t = 0 s: da vueltas sin que avance el reloj\n"
        "  Gira sin parar:  main en sleep(0) (línea 3)"
    )


def test_a_call_that_blocks_the_loop_is_told_as_that_with_its_line(monkeypatch):
    """It neither computes nor comes back, and no exception reaches it."""
    monkeypatch.setattr("grader.checks.runner.STILL_LIMIT", 0.2)
    event = threading.Event()
    wait = cell("async def wait(event):\n    event.wait()", "wait")
    try:
        message = failure(run_virtual(wait, event), value=1)
    finally:
        event.set()
        for thread in threading.enumerate():  # or its end would fall into another test
            if thread.name == "run":
                thread.join()

    assert "una llamada que bloquea detiene el bucle de eventos" in message
    assert "(M10)" in message
    assert "Dónde:     tu celda, línea 2: event.wait()" in message


def test_what_was_thrown_at_a_program_and_arrives_after_its_end_is_told_to_nobody(monkeypatch, capfd):
    to_dict, calls = Recorder.to_dict, []

    def interrupted(recorder):
        calls.append(recorder)
        if len(calls) == 1:
            runner._throw(threading.get_ident(), TooLong)
        return to_dict(recorder)

    monkeypatch.setattr("grader.checks.runner.Recorder.to_dict", interrupted)

    assert run_virtual(asyncio.sleep, 5, "al fin").value == "al fin"
    assert len(calls) == 2
    assert capfd.readouterr().err == ""


# a busy machine


READY = stopwatch.Thread("R", 0.0, 0.0)  # it could run, and has not


def keep_waiting(monkeypatch, enough, at=20):
    """Let all threads wait for a processor, as far as the grader sees; call `enough` at the look number `at`."""
    looks = []

    def read(pids):
        looks.append(pids)
        if len(looks) == at:
            enough()
        return {(0, 0): READY}

    monkeypatch.setattr("grader.loop.stopwatch.threads", read)


@pytest.mark.parametrize("run", [run_virtual, run_real])
def test_a_run_that_gets_no_processor_is_waited_for(monkeypatch, run):
    monkeypatch.setattr("grader.checks.runner.STILL_LIMIT", 0.3)
    event = threading.Event()
    keep_waiting(monkeypatch, event.set)

    async def program():
        return await asyncio.to_thread(event.wait)

    outcome = run(program) if run is run_virtual else run(program, timeout=0.3)

    assert (outcome.value, outcome.error) == (True, None)


def test_a_run_that_waits_for_an_answer_of_the_judge_is_waited_for(monkeypatch):
    """The judge, too, may be kept from its work."""
    event, looks = threading.Event(), []
    look = stopwatch.Stopwatch.look

    def count(watch):
        look(watch)
        looks.append(watch)
        if len(looks) == 10:
            event.set()

    class SlowBook(LocalBook):
        def begin(self, *args):
            event.wait()
            return super().begin(*args)

    monkeypatch.setattr("grader.loop.stopwatch.Stopwatch.look", count)
    run = Run("real", service(delay=0.01), (1,), 0.3, lambda clock: SlowBook(Ledger(), clock), "cell")

    assert run.execute()["error"] is None


def test_on_a_machine_that_is_too_busy_a_run_is_repeated_and_then_has_no_verdict(monkeypatch):
    monkeypatch.setattr("grader.checks.runner.GUARD", 0.4)
    keep_waiting(monkeypatch, lambda: None)
    runs = []

    async def wait():
        runs.append("run")
        await asyncio.Event().wait()

    outcome = run_real(wait, timeout=0.01)
    with pytest.raises(CheckFailed) as caught:
        outcome.expect("3.1 fetch_all", "se solapan", value=1)

    assert (outcome.busy, runs, caught.value.state) == (True, ["run", "run"], "busy")
    assert VERDICTS["3.1 fetch_all — se solapan"] == "busy"
    assert str(caught.value).splitlines() == [
        "○ 3.1 fetch_all — sin veredicto",
        "  La máquina está demasiado ocupada: cierra otros programas y vuelve a ejecutar la celda.",
    ]


def test_a_run_that_ends_when_it_is_repeated_has_its_verdict(monkeypatch, capsys):
    monkeypatch.setattr("grader.checks.runner.GUARD", 0.4)
    keep_waiting(monkeypatch, lambda: None)
    runs = []

    async def wait_once(fetch):
        runs.append("run")
        if len(runs) == 1:
            await asyncio.Event().wait()
        return await fetch(1)

    outcome = run_real(wait_once, service(delay=0), timeout=0.01)
    outcome.expect("3.1 fetch_all", "se solapan", value=1)

    assert (len(runs), len(outcome.requests)) == (2, 1)


def test_a_program_that_has_ended_when_it_is_given_up_keeps_what_it_returned(monkeypatch):
    monkeypatch.setattr("grader.checks.runner.GUARD", 0.4)
    event = threading.Event()
    keep_waiting(monkeypatch, event.set)

    async def leave():
        leave.kept.append(asyncio.create_task(clean_up(event)))
        await asyncio.sleep(0)
        return "acaba"

    leave.kept = []
    outcome = run_real(leave, timeout=0.01)

    assert (outcome.value, outcome.busy, len(leave.kept)) == ("acaba", False, 1)


async def clean_up(event):
    """Wait to be cancelled, and then for an event."""
    try:
        await asyncio.sleep(99)
    finally:
        while not event.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)


def test_a_cancelled_task_that_gets_no_processor_does_not_ignore_its_cancellation(monkeypatch):
    event = threading.Event()
    keep_waiting(monkeypatch, event.set)

    async def leave():
        leave.kept = asyncio.create_task(clean_up(event), name="resto")
        await asyncio.sleep(0)

    assert kinds(run_real(leave)) == ["leaked"]


STOPPED = """
import asyncio, os, signal, sys, threading
from grader import run_real, run_virtual
from grader.checks import runner
runner.STILL_LIMIT = 0.5

def told():
    print("ready", flush=True)
    return sys.stdin.readline()

async def program():
    return await asyncio.to_thread(told)

for run, options in ((run_virtual, {}), (run_real, {"timeout": 0.5})):
    print(run(program, **options).error, flush=True)
"""


PROFILED = """
import asyncio, cProfile
from grader import run_virtual
from grader.checks import runner
runner.CPU_LIMIT = 0.2

async def spin():
    while True:
        pass

for program in (asyncio.sleep, spin):
    run_virtual(program, *([1] if program is asyncio.sleep else []))
    cProfile.Profile().runctx("print('profiled')", {}, {})
"""


def test_code_can_be_profiled_after_a_run_that_ended_and_one_that_was_thrown_out():
    profiled = subprocess.run([sys.executable, "-c", PROFILED], capture_output=True, text=True, timeout=60)

    assert profiled.stdout == "profiled\nprofiled\n", profiled.stderr


@pytest.mark.skipif(os.name != "posix", reason="processes are stopped by a signal")
def test_a_process_that_is_stopped_in_the_middle_of_a_right_answer_loses_nothing():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", STOPPED], text=True, bufsize=1, **pipes) as process:
        for _ in range(2):
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGSTOP)
            select.select([], [], [], 1.5)  # in real time three times the limit
            process.stdin.write("go on\n")
            process.send_signal(signal.SIGCONT)

            assert process.stdout.readline() == "None\n"


def test_a_task_that_turns_without_await_is_named_with_its_line(monkeypatch):
    monkeypatch.setattr("grader.checks.runner.CPU_LIMIT", 0.2)
    source = """
import asyncio
async def spin():
    while True: pass
async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(spin(), name="giro")
"""

    outcome = run_virtual(cell(source, "main"))
    message = failure(outcome, value=1)

    assert "la tarea «giro» da vueltas sin llegar a ningún `await`" in message
    assert "Dónde:     tu celda, línea 4: while True: pass" in message
    assert "bucle bloqueado (línea 4)" in str(outcome.timeline._repr_mimebundle_())


def test_a_real_run_that_hangs_names_what_it_waits_for():
    source = """
import asyncio
async def main():
    await asyncio.Event().wait()
"""

    message = failure(run_real(cell(source, "main"), timeout=0.05), value=1)

    assert "Al pararlo seguían vivas: main (event.wait, línea 4)" in message


def test_a_line_of_the_test_cell_is_never_called_the_students():
    source = """
import asyncio
from grader import run_virtual
async def job():
    await asyncio.sleep(9)
async def scenario(start):
    start(job)
    await asyncio.sleep(1)
outcome = run_virtual(scenario, start)
"""
    namespace = {"start": cell("def start(fn):\n    fn()\n    asyncio.create_task(fn())", "start")}
    exec(compile(source, "<test cell>", "exec"), namespace)

    kinds = {finding.kind: finding.line for finding in namespace["outcome"].findings}
    assert kinds == {"leaked": None, "never-awaited": 2}


@pytest.mark.parametrize("method", [False, True])
def test_a_sleep_that_was_imported_by_name_is_played_too_and_given_back(method):
    body = "async def nap(self=None):\n    sleep(3)"
    source = "class Napper:\n    " + body.replace("\n", "\n    ") if method else body
    namespace = {"sleep": time.sleep}
    exec(compile(source, "<cell>", "exec"), namespace)

    async def scenario(napper):
        await napper().nap()

    outcome = run_virtual(scenario, namespace["Napper"]) if method else run_virtual(namespace["nap"])

    assert (outcome.elapsed, [finding.kind for finding in outcome.findings]) == (3, ["blocked"])
    assert namespace["sleep"] is time.sleep


def test_the_value_is_the_same_as_on_the_wire():
    outcome = run_virtual(lambda: {"a": (1, {2}), 3: ValueError("x")})

    assert outcome.value == {"a": (1, {2}), 3: Raised("ValueError", "x")}


def test_a_value_that_is_not_plain_is_told():
    message = failure(run_virtual(lambda: object()), value=1)

    assert "Obtuve:    un objeto de tipo object\n" in message
    assert "Causa probable: das un objeto de tipo object donde se pide un entero." in message


# findings


async def forget():
    service_call = service(name="send")
    service_call("a")


async def lose_an_error():
    async def bad():
        raise ValueError("x")

    task = asyncio.create_task(bad(), name="mala")
    await asyncio.sleep(1)
    del task


async def leave_a_task():
    leave_a_task.kept = asyncio.create_task(asyncio.sleep(9), name="resto")
    await asyncio.sleep(1)


async def swallow():
    async def deaf():
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            return "sigo"

    task = asyncio.create_task(deaf(), name="sorda")
    await asyncio.sleep(1)
    task.cancel()
    await task


async def block():
    time.sleep(2)


async def lose_a_task():
    async def orphan():
        await asyncio.get_running_loop().create_future()

    asyncio.create_task(orphan(), name="perdida")
    await asyncio.sleep(0)
    gc.collect()


async def break_a_callback():
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("program", "kind", "label"),
    [
        (forget, "never-awaited", "M01"),
        (lose_an_error, "lost-exception", "M13"),
        (leave_a_task, "leaked", ""),
        (swallow, "swallowed", "M18"),
        (block, "blocked", "M10"),
        (lose_a_task, "collected", "M12"),
        (break_a_callback, "loop-error", ""),
    ],
)
def test_a_fault_of_the_run_is_named_and_fails_a_right_value(program, kind, label):
    outcome = run_virtual(program)

    assert [(f.kind, f.label) for f in outcome.findings if f.fault] == [(kind, label)]
    assert (f"({label})" if label else "Causa probable:") in failure(outcome)


async def drop_a_generator():
    async def pages():
        try:
            yield 1
        finally:
            await asyncio.Event().wait()  # as httpx, which closes a connection there

    async for _ in pages():
        break
    while len(asyncio.all_tasks()) == 1:  # until the loop has begun to close it
        await asyncio.sleep(0)


def test_what_the_loop_does_for_a_dropped_generator_is_no_leak_of_a_real_run():
    assert [f.kind for f in run_real(drop_a_generator).findings] == []
    assert [f.kind for f in run_virtual(drop_a_generator).findings] == ["leaked"]


@pytest.mark.parametrize(("called_by_the_answer", "kinds_found"), [(False, []), (True, ["blocked-real"])])
def test_only_an_answer_is_blamed_for_blocking_a_real_loop(monkeypatch, called_by_the_answer, kinds_found):
    looks, enough, look = [], threading.Event(), recorder._line_in_step

    def counted(*args):
        line = look(*args)
        looks.append(line)
        if len(looks) - looks.count(None) == 3:  # the first two are noted by now
            enough.set()
        return line

    async def check(answer):
        if called_by_the_answer:
            await answer(enough.wait)
        else:
            enough.wait()

    monkeypatch.setattr("grader.tracing.recorder._line_in_step", counted)

    assert kinds(run_real(check, cell("async def answer(fn):\n    fn()", "answer"))) == kinds_found
    assert enough.is_set()


def test_a_forgotten_call_of_a_service_is_named_after_the_service_with_its_line():
    forgets = cell("async def forgets(send):\n    send('a')", "forgets")

    [finding] = run_virtual(forgets, service(name="send")).findings

    assert finding.text.startswith("`send(...)` solo crea la corrutina")
    assert finding.line == 2


SLIPS = {
    "a name that is nowhere": (
        "return emails",
        "el nombre `emails` no existe: ¿una errata, o una celda sin ejecutar?",
    ),
    "a variable without a value": (
        "n += 1\n    return n",
        "usas `n` antes de darle un valor en esa función.",
    ),
    "a name that a module does not have": (
        "return asyncio.Semaphor(3)",
        "`asyncio` no tiene `Semaphor`: ¿querías decir `Semaphore`?",
    ),
    "a coroutine used as its result": (
        "return fetch(1)['id']",
        "(M01): usas la corrutina como si fuera su resultado: falta `await`.",
    ),
}


@pytest.mark.parametrize(("body", "cause"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_the_cause_whatever_the_exercise_makes_of_it(body, cause):
    slips = cell(f"async def slips(fetch):\n    {body}", "slips")
    causes = [Cause("faltan peticiones", lambda o: o.peak == 0 and "coroutine" not in o.error)]

    message = failure(run_virtual(slips, service(name="fetch")), causes=causes)

    assert f"Causa probable{'' if cause.startswith('(') else ':'} {cause}" in message


def test_an_error_that_ends_the_run_comes_before_what_is_missing_for_it():
    mixed = cell("async def mixed(fetch):\n    with asyncio.timeout(1):\n        pass", "mixed")
    causes = [Cause("no llamas a `fetch`", lambda o: not o.requests)]

    assert "¿falta `async` delante de `with`?" in failure(
        run_virtual(mixed, service(name="fetch")), causes=causes
    )
    named = [*causes, Cause("lo dice el ejercicio", error="context manager")]
    assert "lo dice el ejercicio" in failure(run_virtual(mixed, service(name="fetch")), causes=named)


@pytest.mark.parametrize("line", ["[][0]", "{}['id']", "fetch.urls", "len(3)"])
def test_what_is_missing_is_no_cause_of_a_mistake_on_a_line_of_ones_own(line):
    mistaken = cell(f"async def mistaken(fetch):\n    {line}", "mistaken")
    causes = [Cause("M21: nadie limita", lambda o: o.peak == len(o.requests))]

    message = failure(run_virtual(mistaken, service(name="fetch")), causes=causes)

    assert "M21" not in message
    assert f"Dónde:     tu celda, línea 2: {line}" in message


def test_an_error_that_does_not_come_is_explained_by_the_first_cause():
    idle = cell("async def idle(fetch):\n    return None", "idle")
    causes = [Cause("no llamas a `fetch`", lambda o: not o.requests), Cause("la ocultas")]

    message = failure(run_virtual(idle, service(name="fetch")), error="OSError: x", causes=causes)

    assert "Causa probable: no llamas a `fetch`." in message


def test_a_function_that_is_not_asynchronous_is_told_so():
    plain = cell("def plain(n):\n    return n", "plain")

    async def scenario(fn):
        return await fn(1)

    message = failure(run_virtual(scenario, plain))

    assert "(M07): lo que da tu función no se puede esperar: ¿falta `async` delante de `def`?" in message


def test_a_deadlock_names_who_waits_for_what():
    async def wait_for_ever(queue_class):
        queue = queue_class()
        async with asyncio.TaskGroup() as group:
            group.create_task(queue.get(), name="consumer-1")

    message = failure(run_virtual(wait_for_ever, asyncio.Queue))

    assert "Obtuve:    interbloqueo en t = 0 s" in message
    assert (
        "Causa probable (M24): nadie puede despertar a nadie. Quedan esperando: consumer-1 (queue.get"
        in message
    )


def test_a_task_group_whose_error_was_caught_leaves_no_finding():
    async def all_(*coros):
        caught = False
        try:
            async with asyncio.TaskGroup() as group:
                for coro in coros:
                    group.create_task(coro)
        except* ValueError:
            caught = True
        return caught

    async def scenario(fetch):
        return await all_(fetch(1), fetch(2))

    outcome = run_virtual(scenario, service(fail={1: ValueError("x")}, delay={1: 1, 2: 5}))

    assert (outcome.value, outcome.elapsed, kinds(outcome)) == (True, 1.0, [])


def test_a_timeout_that_was_caught_leaves_no_finding():
    async def give_up():
        try:
            async with asyncio.timeout(1):
                await asyncio.sleep(9)
        except TimeoutError:
            return "tarde"

    assert kinds(run_virtual(give_up)) == []


def test_the_reference_of_fetch_all_leaves_no_finding():
    outcome = run_virtual(fetch_all, [1, 2, 3], service(delay=THREE))

    assert kinds(outcome) == []


def test_what_earlier_cells_left_behind_is_not_blamed_on_a_run():
    async def earlier():
        pass

    ring = [earlier()]
    ring.append(ring)
    del ring  # garbage with a coroutine that was never awaited

    assert kinds(run_virtual(fetch_all, [1], service())) == []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def test_a_run_writes_nothing_to_stderr(capfd):
    def complain():
        print("a", file=sys.stderr)
        warnings.warn("b", stacklevel=1)
        logging.getLogger("asyncio").error("c")

    run_virtual(complain)

    assert capfd.readouterr().err == ""


def test_a_run_puts_everything_back(capfd):
    hook, handlers = sys.unraisablehook, list(logging.getLogger("asyncio").handlers)

    run_virtual(block)

    assert sys.unraisablehook is hook
    assert logging.getLogger("asyncio").handlers == handlers
    print("sigue", file=sys.stderr)
    assert capfd.readouterr().err == "sigue\n"


def test_an_interruption_ends_the_wait_for_a_run_also_where_it_wakes_nobody():
    """As on Windows, where no signal ends a wait for a lock."""

    async def interrupt():
        _thread.interrupt_main()
        await asyncio.sleep(60)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background of a shell
    try:
        with pytest.raises(KeyboardInterrupt):
            run_real(interrupt, timeout=3600)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_task_that_ignores_cancellation_does_not_hold_the_run():
    async def stubborn():
        while True:
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                pass

    async def leave():
        leave.kept = asyncio.create_task(stubborn(), name="terca")
        await asyncio.sleep(1)

    assert kinds(run_virtual(leave)) == ["leaked", "ignores-cancellation"]


@pytest.mark.parametrize(("run", "left"), [(run_real, []), (run_virtual, ["leaked"])])
def test_generators_in_one_another_that_are_dropped_halfway_are_closed_one_by_one(run, left):
    closed = []

    async def nested(depth):
        try:
            if depth:
                async for item in nested(depth - 1):
                    yield item
            yield depth
        finally:
            closed.append(depth)

    async def take_one():
        async for item in nested(9):
            return item

    assert kinds(run(take_one)) == left
    assert closed == [*range(9, -1, -1)]


def test_a_generator_that_never_ends_closing_does_not_hold_the_run():
    async def endless():
        try:
            yield 1
        finally:
            await take_one()

    async def take_one():
        async for item in endless():
            return item

    assert kinds(run_virtual(take_one))[0] == "leaked"


def test_a_run_keeps_nothing_of_the_program_alive():
    class Thing:
        pass

    async def hold():
        thing = Thing()
        hold.ref = weakref.ref(thing)
        await asyncio.sleep(1)
        raise ValueError

    run_virtual(hold)

    assert hold.ref() is None


def test_runs_may_nest():
    def outer():
        return run_virtual(asyncio.sleep, 5).elapsed

    assert run_virtual(outer).value == 5.0


# messages


def test_the_message_of_a_sequential_answer():
    outcome = run_virtual(fetch_in_turn, [1, 2, 3], service(name="fetch", delay=THREE))

    assert failure(outcome, elapsed=3).splitlines() == [
        "✗ 3.1 fetch_all — se solapan",
        "  Llamé a:   fetch_in_turn([1, 2, 3], fetch)   (los fetch tardan 3, 2 y 1 s)",
        "  Esperaba:  3 s de reloj virtual   (la más larga)",
        "  Obtuve:    6 s   (la suma: 3 + 2 + 1)",
        "  Causa probable (M08): esperas cada petición antes de iniciar la siguiente.",
        "  Mira:      la línea de tiempo de tu intento.   Pista: abre «▸ Pista 1 de 3».",
    ]


def test_the_exercises_own_cause_comes_by_observed_value():
    outcome = run_virtual(fetch_in_turn, [1, 2, 3], service(delay=THREE))

    assert "(M99): propia." in failure(outcome, elapsed=3, causes=[Cause("M99: propia", got=6)])


def test_the_exercises_own_cause_comes_by_predicate_before_all_others():
    message = failure(
        run_virtual(leave_a_task), value=1, causes=[Cause("¿Por qué te vas?", lambda o: o.elapsed == 1)]
    )

    assert "Causa probable: ¿Por qué te vas?" in message


def test_a_predicate_that_fails_is_no_cause():
    assert "ZeroDivisionError" not in failure(run_virtual(block), causes=[Cause("nunca", lambda o: 1 / 0)])


def test_the_same_items_in_another_order_are_recognised():
    async def as_they_come(ids, fetch):
        return [await c for c in asyncio.as_completed([fetch(i) for i in ids])]

    outcome = run_virtual(as_they_come, [1, 2, 3], service(delay=THREE))

    assert "(M16)" in failure(outcome, value=[1, 2, 3])


def test_an_error_is_told_with_the_students_line_and_without_the_graders_frames():
    broken = cell("async def broken():\n    return {}['no']", "broken")

    message = failure(run_virtual(broken), value=1)

    assert "Obtuve:    KeyError: 'no'" in message
    assert "Dónde:     tu celda, línea 2: return {}['no']" in message


def test_the_leaves_of_a_group_are_named():
    async def group():
        raise ExceptionGroup("g", [ValueError("x"), ExceptionGroup("h", [KeyError("y")])])

    message = failure(run_virtual(group))

    assert "ExceptionGroup con 'ValueError: x', \"KeyError: 'y'\"" in message
    assert "(M15)" in message


def test_a_slip_inside_a_group_is_not_taken_for_the_misconception_about_groups():
    async def group():
        raise ExceptionGroup("g", [NameError("name 'nobody' is not defined")])

    message = failure(run_virtual(group))

    assert "ExceptionGroup con \"NameError: name 'nobody' is not defined\"" in message
    assert "(M15)" not in message


def test_an_untouched_stub_is_not_attempted():
    async def stub(ids):
        raise NotImplementedError

    with pytest.raises(CheckFailed) as caught:
        run_virtual(stub, []).expect("3.1 fetch_all", "se solapan", value=[])

    assert str(caught.value) == "○ 3.1 fetch_all — sin intentar (aún es el esqueleto)"
    assert caught.value.state == "untried"


def test_a_stub_that_another_exercise_calls_is_named():
    stub = "class RateLimiter:\n    def __init__(self):\n        raise NotImplementedError"
    limiter = cell(stub, "RateLimiter")

    async def download():
        limiter()

    with pytest.raises(CheckFailed) as caught:
        run_virtual(download).expect("Reto download", "un servidor de verdad")

    assert str(caught.value) == "○ Reto download — sin intentar (`RateLimiter` aún es el esqueleto)"


def test_an_empty_answer_is_not_attempted():
    with pytest.raises(CheckFailed) as caught:
        answer(None).expect("1.3 predictions", "la forma")

    assert caught.value.state == "untried"


def test_success_says_how_long_and_how_many_at_once(capsys):
    run_virtual(fetch_all, [1, 2], service()).expect("3.1 fetch_all", "se solapan", elapsed=1)

    assert capsys.readouterr().out == "✓ 3.1 fetch_all — se solapan (t = 1 s, pico = 2)\n"


def test_a_wanted_finding_is_no_fault_and_its_absence_is():
    run_virtual(block).expect("9.1 block", "bloquea", findings=["blocked"])

    assert "blocked" in failure(run_virtual(asyncio.sleep, 1), findings=["blocked"])


@pytest.mark.parametrize(
    ("actual", "expected", "equal"),
    [
        (1.0, 1, True),
        (1, 1.0, False),
        (True, 1, False),
        (0.1 + 0.2, 0.3, True),
        ([1.0, (2.0,)], [1, (2,)], True),
        ([1], (1,), False),
        ({"a": 1.0}, {"a": 1}, True),
        ({"a": 1}, {"b": 1}, False),
        ("1", 1, False),
        (None, None, True),
    ],
)
def test_comparison_is_exact_in_value_and_type(actual, expected, equal):
    assert same(actual, expected) is equal


def test_an_error_that_is_recognised_comes_before_its_consequences():
    async def nested(fetch):
        return asyncio.run(fetch(1))

    assert "(M06)" in failure(run_virtual(nested, service()), value=1)


def test_of_an_answer_nobody_says_that_it_was_called():
    message = failure(answer({"sitio": "async"}), value={"sitio": "hilo"})

    assert "Llamé a" not in message
    assert "Esperaba:  {'sitio': 'hilo'}" in message


plain_with = cell("async def plain_with():\n    with asyncio.Lock(): pass", "plain_with")
PLAIN_FOR = """
async def pages():
    yield 1

async def plain_for():
    for _ in pages():
        pass
"""
plain_for = cell(PLAIN_FOR, "plain_for")


def die(number):
    os._exit(number)


async def broken_pool():
    with ProcessPoolExecutor(1) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, die, 1)


@pytest.mark.parametrize(
    ("program", "cause"),
    [
        (plain_with, "¿falta `async` delante de `with`?"),
        (plain_for, "un generador asíncrono se recorre con `async for`."),
        (broken_pool, "murió un proceso y su grupo ya no sirve: crea otro."),
    ],
)
def test_an_error_that_everybody_meets_once_is_explained(program, cause):
    assert f"Causa probable: {cause}" in failure(run_real(program), value=1)


def test_a_request_is_drawn_under_the_name_of_its_service():
    timeline = run_virtual(fetch_in_turn, [1, 2], service(name="fetch")).timeline

    [main] = timeline.to_dict()["tasks"]
    assert [(wait["kind"], wait["what"]) for wait in main["waits"]] == [
        ("service", "fetch(1)"),
        ("service", "fetch(2)"),
    ]


def test_a_long_line_of_a_message_goes_on_below_its_beginning():
    error = CheckFailed(
        "3.1 fetch_all — se solapan", ["Causa probable: " + "palabra " * 12, "Mira:      aquí"]
    )

    assert error._render_traceback_() == [
        "✗ 3.1 fetch_all — se solapan",
        "  Causa probable: palabra palabra palabra palabra palabra palabra palabra palabra palabra",
        "    palabra palabra palabra",
        "  Mira:      aquí",
    ]


def test_of_two_long_dicts_only_what_differs_is_shown():
    same_part = {f"la clave número {number}": number for number in range(5)}

    message = failure(answer({**same_part, "última": 1}), value={**same_part, "última": 2})

    assert "Esperaba:  {'última': 2}" in message
    assert "Obtuve:    {'última': 1}" in message


def test_no_message_holds_an_address():
    async def fails(fns):
        raise TypeError(f"got {fns}")

    assert "0x" not in failure(run_virtual(fails, [failure]))


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([("a", 1.25)], "   (fetch tarda 1.25 s)"),
        ([("a", 0.0)], ""),
        ([(1, 2.0), (2, 2.0)], "   (cada fetch tarda 2 s)"),
        ([(1, 3.0), (2, 1.5)], "   (los fetch tardan 3 y 1.5 s)"),
        ([(2, 1.5), (1, 3.0)], "   (fetch tarda 1.5 s con 2 y 3 s con 1)"),
        ([(1, 3.0), (2, 1.5), (1, 3.0)], "   (fetch tarda 3 s con 1 y 1.5 s con 2)"),
    ],
)
def test_a_message_tells_how_long_calls_take_by_their_service_and_argument(calls, told):
    requests = [Request("fetch", (given,), 0.0, 0.5, "cancelled", delay=delay) for given, delay in calls]

    assert message._pace(requests) == told
