"""A cell that awaits can be stopped, in a real kernel, whatever it does; its clean-up runs and the next cell works.

Each cell prints "ya" when it has begun: only then is stop pressed.
"""

import pytest
from ipykernel.ipkernel import IPythonKernel
from live_kernel import live_kernel

from grader.kernel import interrupt

SETUP = """
import asyncio, signal, sys, threading, time

def announce_from(name):
    "Print 'ya' from a thread once the main thread is in the function `name`."
    main = threading.main_thread().ident
    def look():
        while sys._current_frames()[main].f_code.co_name != name:
            pass
        print("ya", flush=True)
    threading.Thread(target=look).start()

def duerme():
    time.sleep(100)

async def worker(number, wait):
    try:
        await wait()
    finally:
        await asyncio.sleep(0)  # a clean-up that awaits is not interrupted
        print("limpio", number)

async def together(*waits):
    async with asyncio.TaskGroup() as group:
        for number, wait in enumerate(waits):
            group.create_task(worker(number, wait))

async def long():
    await asyncio.sleep(60)

async def busy():
    print("ya", flush=True)
    while True:
        pass

async def blocked():
    announce_from("duerme")
    duerme()

async def ready():
    print("ya", flush=True)
    await asyncio.sleep(60)
"""

WAITING = {
    "a sleep": "await asyncio.sleep(60)",
    "an event that nobody sets": "await asyncio.Event().wait()",
    "a future that nobody holds": "await asyncio.get_running_loop().create_future()",
    "a loop of sleep(0)": "while True:\n    await asyncio.sleep(0)",
    "a task": "await asyncio.create_task(long())",
    "gather": "await asyncio.gather(long(), long())",
}
HOLDING = {
    "a busy loop": ("await busy()", "KeyboardInterrupt"),
    "time.sleep": ("await blocked()", "KeyboardInterrupt"),
    "time.sleep in the cell": (
        "announce_from('duerme')\nawait asyncio.sleep(0)\nduerme()",
        "KeyboardInterrupt",
    ),
    "a busy task": ("await asyncio.create_task(busy())", "CancelledError"),
    "a busy task that nobody awaits": ("task = asyncio.create_task(busy())\nawait long()", "CancelledError"),
}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with live_kernel(tmp_path_factory.mktemp("notebook")) as running:
        running.run(SETUP)
        running.load()
        yield running


def next_cell_works(kernel):
    return kernel.run("await asyncio.sleep(0)\nprint('sigo')").stdout == "sigo\n"


@pytest.mark.parametrize("code", WAITING.values(), ids=WAITING)
def test_a_cell_that_waits_is_cancelled(kernel, code):
    kernel.start(f"print('ya', flush=True)\n{code}", until="ya")
    run = kernel.stop()

    assert (run.status, run.error["ename"], run.stderr) == ("error", "CancelledError", "")
    assert next_cell_works(kernel)


@pytest.mark.parametrize(("code", "error"), HOLDING.values(), ids=HOLDING)
def test_a_cell_that_holds_the_loop_is_broken_off(kernel, code, error):
    kernel.start(code, until="ya")
    run = kernel.stop()

    assert (run.status, run.error["ename"], run.stderr) == ("error", error, "")
    assert next_cell_works(kernel)


@pytest.mark.parametrize("waits", ["long, ready", "long, busy", "long, blocked, long"])
def test_the_children_of_a_task_group_clean_up(kernel, waits):
    kernel.start(f"await together({waits})", until="ya")
    run = kernel.stop()

    children = range(len(waits.split(",")))
    assert sorted(run.stdout.splitlines()) == [f"limpio {number}" for number in children] + ["ya"]
    assert run.error["ename"] == "CancelledError"
    assert next_cell_works(kernel)


def test_the_clean_up_of_a_busy_cell_may_await(kernel):
    kernel.start("await worker(1, busy)", until="ya")

    assert kernel.stop().stdout == "ya\nlimpio 1\n"


COMM = """
import contextvars
def handle(comm, message):
    context.run(print, "ya", flush=True)
    time.sleep(5 * grader.kernel.interrupt.GRACE)
    context.run(print, "atendido")
import grader.kernel.interrupt
get_ipython().kernel.comm_manager.register_target("widget", handle)
"""


def test_the_kernels_own_work_is_not_broken_off(kernel):
    kernel.run(COMM)
    kernel.start(
        "context = contextvars.copy_context()\nprint('empieza', flush=True)\nawait long()", until="empieza"
    )
    kernel.send("comm_open", {"comm_id": "1", "target_name": "widget", "data": {}})
    kernel.wait_for("ya")
    run = kernel.stop()

    assert (run.error["ename"], run.stdout) == ("CancelledError", "empieza\nya\natendido\n")
    assert next_cell_works(kernel)


def test_a_stopped_cell_names_its_line_and_shows_no_inner_frames(kernel):
    kernel.start("print('ya', flush=True)\n\nawait asyncio.sleep(60)", until="ya")

    assert kernel.stop().error["traceback"] == [
        "CancelledError: celda interrumpida  (línea 3: await asyncio.sleep(60))"
    ]


def test_a_second_press_ends_a_clean_up_that_takes_long(kernel):
    code = "try:\n    await ready()\nfinally:\n    print('limpiando', flush=True)\n    await long()"
    kernel.start(code, until="ya")
    kernel.manager.interrupt_kernel()
    kernel.wait_for("limpiando")

    assert kernel.stop().error["evalue"] == "celda interrumpida"


def test_a_cell_that_swallows_one_press_obeys_the_next(kernel):
    kernel.start("try:\n    await busy()\nexcept KeyboardInterrupt:\n    await ready()", until="ya")
    kernel.manager.interrupt_kernel()
    kernel.wait_for("ya\nya")

    assert kernel.stop().error["ename"] == "CancelledError"


def test_a_cell_without_await_is_interrupted_as_before(kernel):
    kernel.start("announce_from('duerme')\nduerme()", until="ya")
    run = kernel.stop()

    assert run.error["ename"] == "KeyboardInterrupt"
    assert "celda interrumpida" not in run.error["evalue"]


def test_after_a_cell_the_signals_are_as_before_it(kernel):
    look = "print(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGURG))"
    before = kernel.run(look).stdout
    kernel.run("await asyncio.sleep(0)")

    assert kernel.run(look).stdout == before


def test_while_a_cell_awaits_every_signal_wakes_the_loop(kernel):
    run = kernel.run(
        "await asyncio.sleep(0)\nfd = signal.set_wakeup_fd(-1)\nsignal.set_wakeup_fd(fd)\nprint(fd > -1)"
    )

    assert run.stdout == "True\n"


def test_a_cell_may_have_signal_handlers_of_its_own(kernel):
    run = kernel.run(
        "loop, caught = asyncio.get_running_loop(), asyncio.Event()\n"
        "loop.add_signal_handler(signal.SIGTERM, caught.set)\n"
        "signal.raise_signal(signal.SIGTERM)\n"
        "await caught.wait()\n"
        "print(loop.remove_signal_handler(signal.SIGTERM))"
    )

    assert run.stdout == "True\n"


def test_the_installed_ipykernel_has_the_hook():
    assert interrupt.fits(IPythonKernel)


def test_a_kernel_that_does_not_ask_the_hook_does_not_fit():
    class Other(IPythonKernel):
        async def do_execute(self, *args, **options):
            return {}

    assert not interrupt.fits(Other)


def test_without_the_hook_cells_that_wait_can_still_be_stopped(tmp_path):
    with live_kernel(tmp_path) as kernel:
        kernel.run(SETUP)
        kernel.run("import grader.kernel.interrupt\ngrader.interrupt.fits = lambda kernel: False")
        kernel.load()
        for code in ("await ready()", "print('ya', flush=True)\nawait asyncio.Event().wait()"):
            kernel.start(code, until="ya")

            assert kernel.stop().error["ename"] == "CancelledError"
            assert next_cell_works(kernel)
        kernel.start("await together(long, ready)", until="ya")

        assert sorted(kernel.stop().stdout.splitlines()) == ["limpio 0", "limpio 1", "ya"]
