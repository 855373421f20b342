"""asyncio's own messages come as one line on the stdout of the running cell, in a real kernel."""

import pytest
from live_kernel import SETUP, graded, live_kernel
from nbgrader.utils import determine_grade


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with live_kernel(tmp_path_factory.mktemp("notebook")) as running:
        running.load()
        running.run(SETUP)
        yield running


MESSAGES = {
    "a lost exception": (
        "asyncio.create_task(falla(1))\nawait asyncio.sleep(0.01)",
        'Task exception was never retrieved: falla() → ValueError: sin usuario 1  (línea 4: raise ValueError(f"sin usuario {numero}"))',
    ),
    "a lost exception of a named task": (
        "asyncio.create_task(falla(1), name='uno')\nawait asyncio.sleep(0.01)",
        'Task exception was never retrieved: «uno» falla() → ValueError: sin usuario 1  (línea 4: raise ValueError(f"sin usuario {numero}"))',
    ),
    "a destroyed task": (
        "async def espera():\n    await asyncio.get_running_loop().create_future()\n"
        "asyncio.create_task(espera())\nawait asyncio.sleep(0)\ngc.collect();",
        "Task was destroyed but it is pending: espera()  (línea 1: async def espera():)",
    ),
    "a callback that fails": (
        "def avisa(texto):\n    raise KeyError(texto)\n"
        "asyncio.get_running_loop().call_soon(avisa, 'x')\nawait asyncio.sleep(0.01)",
        "Exception in callback avisa() → KeyError: 'x'  (línea 2: raise KeyError(texto))",
    ),
    "a lost future": (
        "future = asyncio.get_running_loop().create_future()\nfuture.set_exception(OSError('red'))\ndel future",
        "Future exception was never retrieved → OSError: red",
    ),
}


@pytest.mark.parametrize(("code", "line"), MESSAGES.values(), ids=MESSAGES)
def test_a_message_of_asyncio_is_one_line_on_stdout(kernel, code, line):
    run = kernel.run(code)

    assert (run.stdout, run.stderr, run.status) == (f"[asyncio] {line}\n", "", "ok")


def test_a_forgotten_await_is_one_line_on_stdout_in_each_cell_that_forgets_it(kernel):
    code = "async def envia(a):\n    pass\nenvia(1)\nprint('sigue')"
    line = "RuntimeWarning: coroutine 'envia' was never awaited  (línea 3: envia(1))\nsigue\n"

    for _ in range(2):
        run = kernel.run(code)
        assert (run.stdout, run.stderr, run.status) == (line, "", "ok")


def test_other_warnings_stay_as_they_are(kernel):
    run = kernel.run("import warnings\nwarnings.warn('otra cosa', RuntimeWarning)")

    assert "RuntimeWarning: otra cosa" in run.stderr
    assert run.stdout == ""


DEBUG = """async def bloquea():
    time.sleep(0.15)
loop = asyncio.get_running_loop()
loop.set_debug(True)
try:
    await asyncio.sleep(0)
    {}
    await asyncio.sleep(0)
finally:
    loop.set_debug(False)"""


def test_a_slow_task_in_debug_mode_is_named(kernel):
    run = kernel.run(DEBUG.format("await asyncio.create_task(bloquea(), name='lenta')"))

    assert run.stdout.startswith("[asyncio] Executing «lenta» bloquea() took 0.")
    assert run.stdout.endswith(" seconds  (línea 1: async def bloquea():)\n")
    assert run.stderr == ""


def test_a_cell_that_blocks_in_debug_mode_is_called_the_cell(kernel):
    run = kernel.run(DEBUG.format("await bloquea()"))

    assert run.stdout.startswith("[asyncio] Executing <celda> took 0.")


def test_a_message_comes_in_the_cell_that_runs(kernel):
    kernel.run("tarea = asyncio.create_task(falla(7))\nawait asyncio.sleep(0.01)")
    kernel.run("1 + 1")

    assert "sin usuario 7" in kernel.run("del tarea").stdout


def test_a_message_is_not_repeated_by_handlers_of_the_root_logger(kernel):
    kernel.run("import sys\nroot = logging.StreamHandler(sys.stdout)\nlogging.getLogger().addHandler(root)")
    kernel.run("tarea = asyncio.create_task(falla(1))\nawait asyncio.sleep(0.01)")
    run = kernel.run("del tarea")
    kernel.run("logging.getLogger().removeHandler(root)")

    assert run.stdout.count("never retrieved") == 1


def test_a_message_costs_no_points(kernel):
    run = kernel.run("asyncio.create_task(falla(1))\nawait asyncio.sleep(0.01)")

    assert run.stdout != ""
    assert determine_grade(graded(run)) == (2, 2)


def test_a_message_of_a_checked_run_is_its_finding_and_not_printed(kernel):
    run = kernel.run(
        "from grader import run_virtual\nasync def pierde():\n    asyncio.create_task(falla(1))\n"
        "    await asyncio.sleep(1)\nprint(run_virtual(pierde).findings[0].kind)"
    )

    assert (run.stdout, run.stderr) == ("lost-exception\n", "")
