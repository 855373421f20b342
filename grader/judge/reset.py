"""`python3 -m grader reset`: an exercise back to its stub; what was there is kept beside the notebook."""

from __future__ import annotations

import itertools
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, Unable, typed, writing
from grader.judge.check import Book, choose, quicken
from grader.judge.roles import label, role

if TYPE_CHECKING:
    from nbformat import NotebookNode

Cell = dict[str, Any]


def main(argv: list[str]) -> int:
    """Reset the exercise named, or all of the section, in work/; 0 when done. Raises Unable."""
    return run(ROOT, argv)


def run(root: Path, argv: list[str]) -> int:
    """Do as `main` in the course at `root`."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("section")
    parser.add_argument("exercise", nargs="?", default="")
    options = parser.parse_args(argv)
    quicken()
    if not (root / "work").is_dir():
        raise Unable(f"No hay work/, tu copia de los notebooks: ejecuta {typed()} lab, que la hace.")
    (book,) = choose(root, [options.section])
    release = _release(book)
    stubs = _stubs(release, book.name, options.exercise)
    notebook = _load(book.own)
    with writing(book.own.parent):
        for stub in stubs:
            print(_reset(book.own.parent, notebook["cells"], release.cells, stub))
        _save(book.own, notebook)
    print("Si lo tienes abierto en JupyterLab: File → Reload Notebook from Disk.")
    return 0


def _release(book: Book) -> NotebookNode:
    import nbformat

    release: NotebookNode = nbformat.read(book.release, as_version=4)
    return release


def _stubs(release: NotebookNode, name: str, wanted: str) -> list[NotebookNode]:
    """Return the solution cells of the exercises that `wanted` names; all if it is empty. Raises Unable."""
    stubs = [cell for cell in release.cells if role(cell) == "solution"]
    chosen = [stub for stub in stubs if not wanted or wanted.lower() in label(stub).lower().split()]
    if not chosen:
        raise Unable(f"{name} no tiene ejercicio «{wanted}»: usa {', '.join(map(label, stubs))}.")
    return chosen


def _load(path: Path) -> Cell:
    """Return the student's notebook as it lies on disk, so that nothing else of it changes. Raises Unable."""
    from grader.judge.files import NotGradable
    from grader.judge.submission import read

    try:
        read(path)
    except NotGradable as reason:
        raise Unable(f"{path.name} no se puede cambiar: {reason}.") from None
    notebook: Cell = json.loads(path.read_text(encoding="utf-8-sig"))
    return notebook


def _reset(folder: Path, cells: list[Any], release: list[NotebookNode], stub: NotebookNode) -> str:
    """Put a stub in the place of its cell and of all copies of it; return what was done, for the student."""
    copies = [at for at, cell in enumerate(cells) if _stems(cell, stub)]
    texts = [_text(cells[at]) for at in copies]
    kept = [_keep(folder, stub, text) for text in texts if text.strip() not in ("", stub.source.strip())]
    place = copies[0] if copies else _place(cells, release, stub)
    for at in reversed(copies):
        del cells[at]
    cells.insert(place, dict(stub) | {"source": stub.source.splitlines(keepends=True)})
    if kept:
        return f"{label(stub)}: vuelve a su esqueleto; lo que tenías está en {', '.join(kept)}"
    return f"{label(stub)}: " + ("ya era el esqueleto" if copies else "vuelve su celda, que faltaba")


def _stems(cell: Any, stub: NotebookNode) -> bool:
    if not isinstance(cell, dict):
        return False
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return bool(name == stub.metadata.nbgrader.grade_id or cell.get("id") == stub.id)


def _text(cell: Cell) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _keep(folder: Path, stub: NotebookNode, text: str) -> str:
    """Write what a cell held to a file that is not there yet; return its path as students know it."""
    name = re.sub(r"[^\w.-]+", "-", label(stub).split()[0])
    for number in itertools.count(1):
        path = folder / f"antes-{name}-{number}.py"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text.rstrip("\n") + "\n")
        except FileExistsError:
            continue
        return f"work/{folder.name}/{path.name}"
    raise AssertionError


def _place(cells: list[Any], release: list[NotebookNode], stub: NotebookNode) -> int:
    """Return where a cell that is missing belongs: above the first cell that follows it in the release."""
    below = release[release.index(stub) + 1 :]
    at = {cell.get("id"): at for at, cell in reversed([*enumerate(cells)]) if isinstance(cell, dict)}
    return next((at[cell.id] for cell in below if cell.id in at), len(cells))


def _save(path: Path, notebook: Cell) -> None:
    """Replace the file as a whole, so that it is never half written."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    half.replace(path)
