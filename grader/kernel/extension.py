"""`%load_ext grader`: %%node, %progress, interruptible cells, asyncio's messages, short errors."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.kernel import errors, interrupt, messages, node, progress
from grader.kernel.node_process import NodeError, find_node

last_node_timeline = node.last_timeline

_loaded: dict[int, contextlib.ExitStack] = {}  # by id of the shell, which outlives its extension


def load(shell: Any) -> None:
    """Install everything into an IPython shell and print a line that says so; a second time only the line."""
    if id(shell) not in _loaded:
        with contextlib.ExitStack() as stack:
            stack.enter_context(interrupt.curing(shell))
            stack.enter_context(messages.visible(shell))
            stack.enter_context(errors.shortening(shell))
            stack.enter_context(errors.noticing(shell))
            stack.enter_context(_magic(shell, "cell", "node", node.magic(shell)))
            stack.enter_context(_magic(shell, "line", "progress", progress.magic()))
            _loaded[id(shell)] = stack.pop_all()
    print(_ready_line())


def unload(shell: Any) -> None:
    """Put everything back as it was before `load`."""
    if stack := _loaded.pop(id(shell), None):
        stack.close()


@contextlib.contextmanager
def _magic(shell: Any, kind: str, name: str, function: Callable[..., None]) -> Iterator[None]:
    magics = shell.magics_manager.magics[kind]
    before = magics.get(name)
    shell.register_magic_function(function, kind, name)
    try:
        yield
    finally:
        del magics[name]
        if before is not None:
            magics[name] = before


def _ready_line() -> str:
    """Return "Listo: sección 3 · Python 3.12 · Node 20 · reloj virtual"; the folder tells the section."""
    section = re.match(r"(\d\d)_", Path.cwd().name)
    try:
        javascript = f"Node {find_node().major}"
    except NodeError:
        javascript = "sin Node (las celdas %%node no funcionan)"
    parts = [f"sección {int(section[1])}"] if section else []
    parts += [f"Python {sys.version_info[0]}.{sys.version_info[1]}", javascript, "reloj virtual"]
    return f"Listo: {' · '.join(parts)}"
