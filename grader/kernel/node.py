"""The %%node magic: a cell of JavaScript in a real Node.js process."""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from grader.kernel.node_process import OUTPUT, Ended, Node, NodeError, execute, find_node
from grader.kernel.node_track import Note, error_noted, read_notes, timeline_data

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
