"""A group of exceptions is a short tree in the cell, and an error for everything that judges notebooks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from live_kernel import SETUP, ThisPython, graded, live_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with live_kernel(tmp_path_factory.mktemp("notebook")) as running:
        running.load()
        running.run(SETUP)
        yield running


GROUPS = {
    "a task group": (
        "await grupo(1, 2)",
        [
            "ExceptionGroup: fallaron tareas del TaskGroup (2 errores)",
            '├── ValueError: sin usuario 1  (línea 4: raise ValueError(f"sin usuario {numero}"))',
            '└── ValueError: sin usuario 2  (línea 4: raise ValueError(f"sin usuario {numero}"))',
        ],
    ),
    "a nested group": (
        "def g(*errors): return ExceptionGroup('dentro', errors)\nraise ExceptionGroup('fuera', [g(KeyError('a'), OSError()), g(TypeError('b\\nc'))])",
        [
            "ExceptionGroup: fuera (2 errores)",
            "├── ExceptionGroup: dentro (2 errores)",
            "│   ├── KeyError: 'a'",
            "│   └── OSError",
            "└── ExceptionGroup: dentro (1 error)",
            "    └── TypeError: b",
        ],
    ),
    "an error in its place": (
        "try:\n    await grupo(1)\nexcept ExceptionGroup:\n    raise RuntimeError('otra')",
        [
            "RuntimeError: otra  (línea 4: raise RuntimeError('otra'))",
            "mientras se manejaba:",
            "  ExceptionGroup: fallaron tareas del TaskGroup (1 error)",
            '  └── ValueError: sin usuario 1  (línea 4: raise ValueError(f"sin usuario {numero}"))',
        ],
    ),
    "the first of its errors, alone": (
        "try:\n    await grupo(1)\nexcept ExceptionGroup as group:\n    raise group.exceptions[0] from None",
        ['ValueError: sin usuario 1  (línea 4: raise ValueError(f"sin usuario {numero}"))'],
    ),
    "errors with notes": (
        "error = ValueError('x')\nerror.add_note('id 7')\nraise ExceptionGroup('g', [error])",
        ["ExceptionGroup: g (1 error)", "└── ValueError: x", "    nota: id 7"],
    ),
    "a group of BaseExceptions": (
        "raise BaseExceptionGroup('g', [KeyboardInterrupt(), ValueError('x')])",
        ["BaseExceptionGroup: g (2 errores)", "├── KeyboardInterrupt", "└── ValueError: x"],
    ),
}


@pytest.mark.parametrize(("code", "lines"), GROUPS.values(), ids=GROUPS)
def test_a_group_is_a_short_tree_and_an_error_output(kernel, code, lines):
    run = kernel.run(code)

    assert run.error["traceback"] == lines
    assert (run.status, run.stdout, run.stderr) == ("error", "", "")


def test_of_a_large_group_ten_errors_are_shown_and_the_others_counted(kernel):
    run = kernel.run("raise ExceptionGroup('g', [ValueError(n) for n in range(1000)])")

    assert run.error["traceback"][0] == "ExceptionGroup: g (1000 errores)"
    assert run.error["traceback"][10:] == ["├── ValueError: 9", "└── … y 990 más"]


def test_a_check_that_fails_while_a_group_is_handled_keeps_its_form(kernel):
    run = kernel.run(
        "from grader import answer\ntry:\n    await grupo(1)\nexcept ExceptionGroup:\n    answer(1).expect('3.9 x', value=2)"
    )

    assert (run.error["ename"], run.error["traceback"][0]) == ("CheckFailed", "✗ 3.9 x")
    assert run.stderr == ""


def test_an_error_that_cannot_even_be_printed_is_still_an_error(kernel):
    run = kernel.run(
        "class Mudo(Exception):\n    def __str__(self):\n        raise RuntimeError\nraise ExceptionGroup('g', [Mudo()])"
    )

    assert (run.status, run.error["ename"]) == ("error", "ExceptionGroup")
    assert kernel.run("print('sigo')").stdout == "sigo\n"


def test_other_errors_look_as_ever(kernel):
    run = kernel.run("1 / 0")

    assert "ZeroDivisionError" in run.error["traceback"][1]
    assert len(run.error["traceback"]) > 2


def test_tb_shows_the_group_again(kernel):
    kernel.run("await grupo(1)")

    assert (
        kernel.run("%tb").error["traceback"][1]
        == '└── ValueError: sin usuario 1  (línea 4: raise ValueError(f"sin usuario {numero}"))'
    )


def notebook(*cells):
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(
        cells=[new_code_cell(cell) for cell in ("%load_ext grader", SETUP, *cells)], metadata=metadata
    )


def execute(cells, folder):
    manager = AsyncKernelManager(kernel_spec_manager=ThisPython())
    client = NotebookClient(notebook(*cells), km=manager, resources={"metadata": {"path": str(folder)}})
    try:
        return client.execute()
    finally:  # a manager that was handed to it nbclient leaves running
        run_sync(manager.shutdown_kernel)(now=True)


def test_nbgrader_gives_nothing_for_a_cell_that_ends_in_a_group(kernel):
    assert determine_grade(graded(kernel.run("await grupo(1)"))) == (0, 2)


def test_nbclient_stops_at_a_group(tmp_path):
    with pytest.raises(CellExecutionError) as caught:
        execute(["await grupo(1)"], tmp_path)

    assert caught.value.ename == "ExceptionGroup"
    assert "└── ValueError: sin usuario 1" in caught.value.traceback


def test_nbclient_finds_a_message_in_the_cell_that_made_the_task(tmp_path):
    done = execute(["asyncio.create_task(falla(1))\nawait asyncio.sleep(0.01)", "print('otra')"], tmp_path)

    assert [cell.outputs[0].text.split(" falla")[0] for cell in done.cells[2:]] == [
        "[asyncio] Task exception was never retrieved:",
        "otra\n",
    ]


def test_nbval_sees_a_group(tmp_path):
    file = tmp_path / "group.ipynb"
    nbformat.write(notebook("await grupo(1)", "1"), file)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "nbval.plugin", "--nbval-lax"]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # without the course rules
    done = subprocess.run(
        [*command, "--nbval-current-env", file], capture_output=True, text=True, cwd=tmp_path, env=alone
    )

    assert "1 failed, 3 passed" in done.stdout.splitlines()[-1]


WEATHER = {
    "a server that is not there": (
        "client.get('http://127.0.0.1:1/users')",
        "ConnectError: nadie contesta en esa dirección: ¿está en marcha el servidor?  (línea 1: {code})",
    ),
    "a server that drops the connection": (
        "client.get(f'{api.url}/dead')",
        "RemoteProtocolError: el servidor cerró la conexión sin acabar de contestar  (línea 1: {code})",
    ),
    "a server that keeps still": (
        "client.get(f'{api.url}/hang', timeout=0.01)",
        "ReadTimeout: el servidor no contesta dentro del plazo del cliente (`timeout`)  (línea 1: {code})",
    ),
    "a port that is taken": (
        "with local_api(port=api.port): pass",
        "OSError: el puerto {port} está ocupado: usa local_api(), que elige uno libre  (línea 1: {code})",
    ),
    "a process that dies": (
        "pool.submit(os._exit, 1).result()",
        "BrokenProcessPool: murió un proceso y su grupo ya no sirve: crea otro. Si la función es de una "
        "celda, pásala a un módulo que el proceso pueda importar  (línea 1: {code})",
    ),
}


@pytest.fixture(scope="module")
def world(kernel):
    """A kernel with a server, a client and a pool; its answer is the port."""
    run = kernel.run(
        "import os, httpx\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from grader import local_api\n"
        "client, pool = httpx.Client(trust_env=False), ProcessPoolExecutor(1)\n"
        "api = local_api().__enter__()\n"
        "api.port = int(api.url.rpartition(':')[2])\n"
        "print(api.port)"
    )
    yield run.stdout.strip()
    kernel.run("api.__exit__(None, None, None); pool.shutdown()")


@pytest.mark.parametrize("weather", WEATHER)
def test_bad_weather_is_one_sentence_and_the_next_cell_works(kernel, world, weather):
    code, wanted = WEATHER[weather]

    run = kernel.run(code)

    assert run.error["traceback"] == [wanted.format(code=code, port=world)]
    assert run.stderr == ""
    assert kernel.run("print(client.get(f'{api.url}/users/1').status_code)").stdout == "200\n"


def test_a_server_that_dies_in_mid_request_is_one_sentence(kernel, world):
    code = (
        "async with httpx.AsyncClient(trust_env=False) as one:\n"
        "    with local_api() as dying:\n"
        "        request = asyncio.create_task(one.get(f'{dying.url}/hang'))\n"
        "        while not dying.hits:\n"
        "            await asyncio.sleep(0)\n"
        "    await request"
    )

    [line] = kernel.run(code).error["traceback"]

    assert line.partition(": ")[2] == (
        "el servidor cerró la conexión sin acabar de contestar  (línea 6: await request)"
    )


def test_a_check_of_a_name_that_does_not_exist_says_what_to_do(kernel):
    missing = kernel.run("from grader import run_virtual\nrun_virtual(nobody)")
    kernel.run("async def half():\n    with open('x')\n        pass")
    broken = kernel.run("run_virtual(half)")

    assert missing.error["traceback"] == [
        "NameError: `nobody` aún no existe: ejecuta antes las celdas de arriba y repite."
    ]
    assert broken.error["traceback"] == [
        "NameError: `half` aún no existe. "
        "La celda de `half` tiene un error de sintaxis en la línea 2 y no se ha ejecutado.",
        "  Python:    SyntaxError: expected ':'",
        "  Dónde:     tu celda, línea 2: with open('x')",
    ]


def test_a_name_that_is_like_the_one_that_is_asked_for_is_told(kernel):
    kernel.run("from grader import run_virtual\nasync def sendAll(emails):\n    return 1")

    assert kernel.run("run_virtual(send_all, [])").error["traceback"] == [
        "NameError: `send_all` aún no existe: tu celda define `sendAll`."
    ]


def test_a_check_says_what_python_says_of_a_syntax_error(kernel):
    kernel.run("from grader import run_virtual\nasync def half():\n    raise NotImplementedError()")
    kernel.run("async def half():\n    return (1")

    said = kernel.run("run_virtual(half).expect('1.1 half', value=1)").error["evalue"].splitlines()

    assert said[1:] == [
        "  La celda de `half` tiene un error de sintaxis en la línea 2 y no se ha ejecutado.",
        "  Python:    SyntaxError: '(' was never closed",
        "  Dónde:     tu celda, línea 2: return (1",
        "  Arréglala, ejecútala y repite.",
    ]


def test_the_cells_of_the_section_are_known_as_given_and_an_answers_is_not(tmp_path):
    folder = tmp_path / "03_tasks"
    folder.mkdir()
    release = nbformat.read(ROOT / "notebooks/03_tasks/03_tasks.ipynb", as_version=4)
    codes = [cell for cell in release.cells if cell.cell_type == "code"]
    given = next(c for c in codes if re.match("async def ", c.source) and not c.metadata.get("nbgrader"))
    stub = next(c for c in codes if c.metadata.get("nbgrader", {}).get("solution"))
    with live_kernel(folder) as kernel:
        kernel.load()
        kernel.run("import asyncio\nfrom grader.checks.mistakes import GIVEN")
        for cell in (given, stub):
            kernel.run(cell.source)
        names = [re.search(r"def (\w+)", cell.source)[1] for cell in (given, stub)]
        said = kernel.run("\n".join(f"print({name}.__code__.co_filename in GIVEN)" for name in names))

    assert said.stdout == "True\nFalse\n"


def test_an_old_syntax_error_is_not_told_of_a_function_that_was_defined_since(kernel):
    kernel.run("from grader import run_virtual\nasync def late():\n    raise NotImplementedError()")
    kernel.run("async def late():\n    return (1")
    kernel.run("if True:\n    async def late():\n        return 1")

    assert kernel.run("run_virtual(late).expect('1.1 late', value=1)").status == "ok"


def test_a_function_that_its_cell_defines_no_longer_is_not_taken_for_the_answer(kernel):
    kernel.run("from grader import run_virtual\nasync def fetch_all():\n    return 1", cell_id="solution")
    check = "run_virtual(fetch_all).expect('3.1 fetch_all', value=1)"
    assert kernel.run(check).status == "ok"

    kernel.run("async def fetchAll():\n    return 1", cell_id="solution")
    said = kernel.run(check).error["evalue"].splitlines()
    assert said[1] == "  Tu celda ya no define `fetch_all`: ahora define `fetchAll`."

    kernel.run("async def fetch_all():\n    return 1", cell_id="solution")
    assert kernel.run(check).status == "ok"


@pytest.mark.parametrize("magic", ["%%time", "%%capture", "\n%%time\n%%capture salida", "%%prun -q"])
def test_a_syntax_error_below_a_magic_keeps_the_answer_from_running_too(kernel, magic):
    kernel.run("from grader import run_virtual\nasync def below():\n    return 1")
    kernel.run(f"{magic}\nasync def below()\n    return 2")
    line = len(magic.splitlines()) + 1

    said = kernel.run("run_virtual(below).expect('1.1 below', value=2)").error["evalue"]
    assert f"La celda de `below` tiene un error de sintaxis en la línea {line} y no se ha ejecutado." in said

    kernel.run(f"{magic}\nasync def below():\n    return 2")
    assert kernel.run("run_virtual(below).expect('1.1 below', value=2)").status == "ok"


def test_a_cell_of_another_language_is_no_newer_version_of_an_answer(kernel):
    kernel.run("class Other:\n    x = (")
    kernel.run("%%javascript\nclass Other {}")

    line = kernel.run("run_virtual(Other)").error["traceback"][0]
    assert "La celda de `Other` tiene un error de sintaxis en la línea 2" in line


def test_a_line_below_time_is_told_without_a_text_that_nobody_keeps(kernel):
    kernel.run("%%time\nasync def below():\n    raise ValueError('no')\nx = 1")

    said = kernel.run("run_virtual(below).expect('1.1 below', value=2)").error["evalue"]
    assert "\n  Dónde:     tu celda, línea 2\n" in said
