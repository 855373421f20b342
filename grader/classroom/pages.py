"""Pages made from the sections: the index of the course, and all errata of the chapter in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from grader.classroom.rules_form import CORE
from grader.classroom.section import Section

INDEX, ERRATA = "indice.ipynb", "errata.ipynb"
_TITLE = re.compile(r"^# (\d\d · .+)$", re.MULTILINE)
_MINUTES = re.compile(r"\*\*(\d+) minutos\*\*")
_ERRATUM = "> **Errata del capítulo ("

_HOW = """# Asyncio a fondo

Asyncio para quien viene de JavaScript y TypeScript. Cada sección es un notebook: predices, ejecutas,
miras la línea de tiempo y resuelves tres ejercicios que se corrigen en la propia celda.

- **Ejecuta** las celdas de arriba abajo con `Mayús + Intro`.
- **✓** es correcto, **✗** no (y te dice la causa), **○** aún sin intentar.
- Trabajas en tu copia, `work/`, que nada sobrescribe. `python3 -m grader reset 03 3.1` devuelve un
  ejercicio a su esqueleto.
- `%progress`, al final de cada sección, y `python3 -m grader check`, en la terminal, dicen lo que llevas."""

_WHAT = """# Errata del capítulo

El capítulo del que sale el curso tiene errores. Aquí están los que el curso cita; la prueba de cada uno
se ejecuta en su sección."""


def pages(sections: Iterable[Section]) -> dict[str, NotebookNode]:
    """Return the pages by the name of their file. They hold prose only."""
    sections = list(sections)
    return {
        INDEX: _page("indice", [_HOW, _index(sections)]),
        ERRATA: _page("errata", [_WHAT, *_errata(sections)]),
    }


def _page(name: str, texts: Iterable[str]) -> NotebookNode:
    cells = [new_markdown_cell(text, id=f"{name}-{number}") for number, text in enumerate(texts)]
    page: NotebookNode = new_notebook(cells=cells)
    return page


def _index(sections: list[Section]) -> str:
    rows = [f"| {_link(section)} | {_minutes(section)} | {_points(section)} |" for section in sections]
    return "\n".join(["## Secciones", "", "| sección | minutos | puntos |", "|---|---|---|", *rows]) + (
        f"\n\nTodos los errores del capítulo, juntos: [errata]({ERRATA})."
    )


def _link(section: Section) -> str:
    return f"[{title(section)}]({section.name}/{section.name}.ipynb)"


def title(section: Section) -> str:
    """Return the title of a section, "03 · Tareas y concurrencia"."""
    found = _TITLE.search(section.source.cells[0].source)
    return found[1] if found else section.name


def _minutes(section: Section) -> str:
    found = _MINUTES.search(section.source.cells[0].source)
    return found[1] if found else ""


def _points(section: Section) -> str:
    core = sum(exercise.points for exercise in section.exercises if not exercise.reto)
    core += sum(
        cell.metadata.nbgrader.points
        for cell in section.source.cells
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
    )
    extra = sum(exercise.points for exercise in section.exercises if exercise.reto)
    project = f" + {core - CORE:g}" if core > CORE else ""
    return f"{min(core, CORE):g} + {extra:g}{project}"


def _errata(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        told = [text for cell in section.source.cells if (text := _erratum(cell))]
        if told:
            yield "\n\n".join([f"## {_link(section)}", *told])


def _erratum(cell: NotebookNode) -> str:
    """Return what a cell says of an erratum, from the quotation on; headings belong to the section."""
    if cell.cell_type != "markdown" or _ERRATUM not in cell.source:
        return ""
    text = cell.source[cell.source.index(_ERRATUM) :]
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()
