"""The normal form of a source notebook: without what editors add, so a diff shows what a person changed."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode, v4

NOTEBOOK_KEYS = {"kernelspec", "language_info"}
CELL_KEYS = {"nbgrader", "grader", "tags", "jupyter"}
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def normal(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without what editors and kernels add: timing, widget state, versions, folding."""
    tidied = deepcopy(notebook)
    tidied.nbformat, tidied.nbformat_minor = 4, 5
    _keep(tidied.metadata, NOTEBOOK_KEYS)
    tidied.metadata.update(kernelspec=KERNELSPEC)
    tidied.metadata.setdefault("language_info", {"name": "python"}).pop("version", None)
    for cell in tidied.cells:
        _keep(cell.metadata, CELL_KEYS)
    return tidied


def _keep(metadata: NotebookNode, keys: set[str]) -> None:
    for key in [key for key, value in metadata.items() if key not in keys or not value]:
        del metadata[key]


def text(notebook: NotebookNode) -> str:
    """Return the bytes of a source notebook, as text: sorted keys, indent 1, a newline at the end."""
    written: str = v4.writes(normal(notebook))
    return written.rstrip("\n") + "\n"


def read(path: Path) -> NotebookNode:
    """Return the notebook stored at `path` as it is: nbformat.read gives new ids to cells that share one."""
    notebook: NotebookNode = v4.reads(path.read_text(encoding="utf-8"))
    return notebook
