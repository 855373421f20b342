"""Pages made from the sections: the index of the course, and all errata of the chapter in one place."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from grader.authoring.rules.form import CORE
from grader.authoring.section import Section

INDEX, ERRATA, GLOSSARY = "indice.ipynb", "errata.ipynb", "glosario.ipynb"
_TERMS = "solutions/glossary.toml"
_TITLE = re.compile(r"^# (\d\d · .+)$", re.MULTILINE)
_MINUTES = re.compile(r"\*\*(\d+) minutos\*\*")
_ERRATUM = "> **Errata del capítulo ("
_ASKED = re.compile(r"\*\*Predice|<details>")  # a question of the section, which the page does not ask again
_CURE = re.compile(r"\*\*(?:Se arregla|La cura).*")

_HOW = """# Asyncio a fondo

Asyncio para quien viene de JavaScript y TypeScript. Cada sección es un notebook: predices, ejecutas,
miras la línea de tiempo y resuelves tres ejercicios que se corrigen en la propia celda.

- **Ejecuta** las celdas de arriba abajo con `Mayús + Intro`.
- **✓** es correcto, **✗** no (y te dice la causa), **○** aún sin intentar.
- Trabajas en tu copia, `work/`, que nada sobrescribe. `python3 -m grader reset 03 3.1` devuelve un
  ejercicio a su esqueleto.
- `%progress`, al final de cada sección, y `python3 -m grader check`, en la terminal, dicen lo que llevas.
- En la terminal, `python3` se llama `py` en Windows y `python` en un entorno de conda.
- En Binder tu copia se borra al acabar la sesión: descarga antes lo que quieras guardar
  (*File → Download*)."""

_WHAT = """# Errata del capítulo

El capítulo del que sale el curso tiene errores. Aquí están los que el curso cita; la prueba de cada uno
se ejecuta en su sección. A la página del capítulo le faltan además celdas, listas y sangrías (E66): el
curso las repone."""


def pages(sections: Iterable[Section], terms: Iterable[Mapping[str, Any]]) -> dict[str, NotebookNode]:
    """Return the pages by the name of their file. They hold prose only. terms: of solutions/glossary.toml."""
    sections = list(sections)
    return {
        INDEX: _page("indice", [_HOW, _index(sections)]),
        ERRATA: _page("errata", [_WHAT, *_errata(sections)]),
        GLOSSARY: _page("glosario", [_glossary(terms)]),
    }


def terms_of(root: Path) -> list[dict[str, Any]]:
    """Return the entries of the glossary: es, en, section, means, and perhaps no."""
    path = root / _TERMS
    found: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["term"] if path.exists() else []
    return found


def _page(name: str, texts: Iterable[str]) -> NotebookNode:
    cells = [new_markdown_cell(text, id=f"{name}-{number}") for number, text in enumerate(texts)]
    page: NotebookNode = new_notebook(cells=cells)
    return page


def _index(sections: list[Section]) -> str:
    rows = [f"| {_link(section)} | {_minutes(section)} | {points(section)} |" for section in sections]
    return "\n".join(["## Secciones", "", "| sección | minutos | puntos |", "|---|---|---|", *rows]) + (
        f"\n\nAdemás: el [glosario]({GLOSSARY}) y todas las [errata del capítulo]({ERRATA}), juntas."
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


def points(section: Section) -> str:
    """Return the points of a section: "10 + 2", with a project "10 + 2 + 20"."""
    core = sum(exercise.points for exercise in section.exercises if not exercise.reto)
    core += sum(
        cell.metadata.nbgrader.points
        for cell in section.source.cells
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
    )
    extra = sum(exercise.points for exercise in section.exercises if exercise.reto)
    project = f" + {core - CORE:g}" if core > CORE else ""
    return f"{min(core, CORE):g} + {extra:g}{project}"


def _glossary(terms: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        f"| {term['es']} | *{term['en']}* | {term['means']} | {term['section']} |"
        for term in sorted(terms, key=lambda term: _plain(term["es"]))
    ]
    return "\n".join(
        ["# Glosario", "", "| español | inglés | qué es | sección |", "|---|---|---|---|", *rows]
    )


def _plain(text: str) -> str:
    """Return a text as a Spanish dictionary sorts it: without accents."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _errata(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        cells = [cell for cell in section.source.cells if cell.cell_type == "markdown"]
        told = [_erratum(cell, cells) for cell in cells if _ERRATUM in cell.source]
        if told:
            yield "\n\n".join([f"## {_link(section)}", *told])


def _erratum(cell: NotebookNode, cells: Iterable[NotebookNode]) -> str:
    """Return what a cell says of an erratum, from the quotation on, and the cure, if another cell has it.

    Headings and questions belong to the section.
    """
    text = _ASKED.split(cell.source[cell.source.index(_ERRATUM) :])[0]
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()
    if _CURE.search(text):
        return text
    labels = set(re.findall(r"E\d+", text.splitlines()[0]))
    covering = (other for other in cells if labels & set(other.metadata.get("grader", {}).get("covers", [])))
    cure = next((found[0] for other in covering if (found := _CURE.search(other.source))), "")
    return f"{text}\n\n{cure}".rstrip()
