"""`%load_ext grader` in real kernels: what it says, %progress, and nothing left after unloading."""

import subprocess
import sys

import pytest
from live_kernel import live_kernel

from grader.kernel import extension

PYTHON = f"Python {sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "03_tasks"
    folder.mkdir()
    with live_kernel(folder) as running:
        running.load()
        yield running


def test_loading_says_what_there_is(tmp_path):
    with live_kernel(tmp_path) as kernel:
        run = kernel.load()

    assert (run.stdout, run.stderr) == (
        f"Listo: {PYTHON} · Node 20 · reloj virtual\n".replace("20", node_version()),
        "",
    )


def test_in_the_folder_of_a_section_the_section_is_named(kernel):
    run = kernel.run("from grader.kernel.extension import load\nload(get_ipython())")

    assert run.stdout.startswith(f"Listo: sección 3 · {PYTHON} · Node ")


def node_version():
    return subprocess.check_output(["node", "--version"], text=True)[1:].split(".")[0]


PARTS = """
import asyncio, logging, signal
def parts(shell=get_ipython()):
    logger, events = logging.getLogger("asyncio"), shell.events.callbacks
    magics = shell.magics_manager.magics
    return (
        list(logger.handlers), logger.propagate, {name: list(found) for name, found in events.items()},
        {kind: set(found) for kind, found in magics.items()}, shell.custom_exceptions, shell.CustomTB,
        "showtraceback" in vars(shell), "_cancel_on_sigint" in vars(shell.kernel),
        signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGURG), signal.getsignal(signal.SIGUSR1),
    )
before = parts()
"""


def test_unloading_puts_everything_back(tmp_path):
    with live_kernel(tmp_path) as kernel:
        kernel.run(PARTS)
        kernel.load()
        loaded = kernel.run("print(parts() == before)").stdout
        kernel.run("await asyncio.sleep(0)")
        kernel.run("%unload_ext grader")
        unloaded = kernel.run("print(parts() == before)").stdout

        assert (loaded, unloaded) == ("False\n", "True\n")
        assert kernel.run("%%node\n1").stdout == ""
        assert "└── ValueError" not in str(kernel.run("raise ExceptionGroup('g', [ValueError()])").outputs)


def test_loading_twice_changes_nothing_and_unloading_once_is_enough(tmp_path):
    with live_kernel(tmp_path) as kernel:
        kernel.run(PARTS)
        kernel.load()
        once = kernel.run(
            "once = parts()\nimport grader\ngrader.load_ipython_extension(get_ipython())\nprint(parts() == once)"
        )
        kernel.run(
            "grader.unload_ipython_extension(get_ipython())\ngrader.unload_ipython_extension(get_ipython())"
        )

        assert once.stdout.splitlines()[-1] == "True"
        assert kernel.run("print(parts() == before)").stdout == "True\n"


def test_what_another_extension_had_put_there_comes_back(tmp_path):
    with live_kernel(tmp_path) as kernel:
        kernel.run(
            "shell = get_ipython()\nshell.register_magic_function(print, 'cell', 'node')\n"
            "mine = shell.showtraceback = lambda *args, **options: None\n"
            "hook = shell.kernel._cancel_on_sigint = shell.kernel._dummy_context_manager"
        )
        kernel.run("%load_ext grader\n%unload_ext grader")
        run = kernel.run(
            "print(shell.magics_manager.magics['cell']['node'] is print, shell.showtraceback is mine,"
            " shell.kernel._cancel_on_sigint == hook)"
        )

        assert run.stdout == "True True True\n"


TERMINAL = """
from IPython.terminal.interactiveshell import TerminalInteractiveShell
shell = TerminalInteractiveShell.instance(simple_prompt=True, colors="nocolor")
for cell in ("%load_ext grader", "%%node\\nconsole.log('hola')", "raise ExceptionGroup('g', [ValueError('x')])",
             "%progress", "%unload_ext grader"):
    shell.run_cell(cell, store_history=True)
"""


def test_in_a_terminal_all_but_the_interrupt_cure_works(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", TERMINAL], capture_output=True, text=True, cwd=tmp_path, check=True
    )

    assert done.stderr == ""
    assert done.stdout.splitlines()[1:] == [
        "hola",
        "ExceptionGroup: g (1 error)",
        "└── ValueError: x",
        "Aún no hay comprobaciones en este kernel: ejecuta las celdas de prueba.",
    ]


def test_the_extension_imports_nothing_heavy():
    heavy = "{'matplotlib', 'httpx', 'nbgrader', 'IPython', 'grader.checks.outcome', 'grader.timeline.plot'}"
    code = f"import sys, grader.kernel.extension\nprint({heavy} & set(sys.modules))"

    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


VERDICTS = {"3.1 a — x": "passed", "3.1 b <b>": "failed", "3.2 c": "untried", "3.3 d": "passed"}


def test_progress_shows_the_checks_of_this_kernel(tmp_path):
    with live_kernel(tmp_path) as kernel:
        kernel.load()
        kernel.run("from grader import answer\nanswer(2).expect('3.1 uno', value=2)")
        kernel.run("answer(1).expect('3.2 dos', value=2)")
        kernel.run("answer(None).expect('3.3 tres', value=2)")
        run = kernel.run("%progress")

    assert run.data[0]["text/plain"].splitlines() == [
        "[██████··············] 1 de 3 comprobaciones superadas",
        "✓ superada      3.1 uno",
        "✗ fallida       3.2 dos",
        "○ sin intentar  3.3 tres",
    ]


def test_progress_before_the_first_check_says_what_to_do():
    assert "ejecuta las celdas de prueba" in extension.bundle({})["text/plain"]


def test_progress_in_html_says_every_state_in_words_and_escapes_titles():
    html = extension.bundle(VERDICTS)["text/html"]

    assert "<li>✗ fallida: 3.1 b &lt;b&gt;</li>" in html
    assert 'role="progressbar" aria-label="2 de 4 comprobaciones superadas"' in html
    assert 'aria-valuemax="4" aria-valuenow="2"' in html


def test_progress_follows_the_theme():
    html = extension.bundle(VERDICTS)["text/html"]

    assert "currentColor" in html
    assert "#" not in html
