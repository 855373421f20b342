"""Puts marks into the sheet that a platform gave, and leaves all else in it as it is.

- Moodle's offline grading worksheet (mod/assign/feedback/offline): Identifier, Grade, Maximum Grade and
  Last modified (grade) must stay; a number outside 0 .. maximum is skipped without a word, an empty cell
  too. So we cut off.
- Canvas's exported gradebook: an assignment's column is "Name (id)", its maximum stands in the row "Points
  Possible"; "(read only)" columns are not imported, "EX" and "N/A" are Canvas's own words. More points than
  possible are fine.

Who has no mark keeps what the sheet says. Cells that begin like a formula are the platform's own and stay
too.
"""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

from grader.classroom.lms import headings
from grader.classroom.lms.csv_file import Sheet, plain
from grader.classroom.lms.headings import Columns
from grader.classroom.lms.people import People, shown
from grader.classroom.marks import Mark
from grader.cli.trouble import Unable

_GRADE = ("grade", "calificacion")
_MOST = ("maximum grade", "calificacion maxima")
_CHANGED = ("last modified (grade)", "ultima modificacion (calificacion)")


def number(value: float) -> str:
    """Return a number with at most two decimals, as the platforms keep them: 9.5, 10."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def capped(mark: Mark) -> float | None:
    """Return a score cut off at the section's maximum: only Canvas takes more."""
    return None if mark.score is None else min(mark.score, mark.most)


def moodle(table: Sheet, path: Path, found: list[Mark], known: People, column: str | None) -> list[str]:
    """Fill Moodle's worksheet of one assignment; return what is wrong. Raises Unable."""
    if len({mark.section for mark in found}) != 1:
        raise Unable("La hoja de Moodle es de una sola tarea: di qué sección es, por ejemplo export 05.")
    grade, most = table.column(*_GRADE), table.column(*_MOST)
    kept = [table.column(*_CHANGED), table.column("identifier", "identificador")]
    if grade is None or most is None or None in kept:
        raise Unable(
            f"{path.name} no es la hoja de calificaciones de una tarea: descárgala de Moodle, entera."
        )
    marks = {mark.student: mark for mark in found}
    placed, troubles = _matched(table, headings.columns(table, path, "moodle"), known)
    for student, (line, row) in placed.items():
        score = capped(marks[student])
        if score is not None:
            top = _top(row[most], path, line)
            row[grade] = _like(row[most], score * top / (marks[student].most or top))
    return troubles + _unplaced(found, placed)


def _top(text: str, path: Path, line: int) -> float:
    """Return the maximum that a row of Moodle's worksheet names: "10,00". Raises Unable."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise Unable(
            f"{path.name}, fila {line}: «{shown(text)}» no es una calificación máxima: "
            "pon puntos en la tarea, no una escala."
        ) from None


def _like(example: str, value: float) -> str:
    """Return a number with the decimal sign of another."""
    return number(value).replace(".", ",") if "," in example else number(value)


def canvas(table: Sheet, path: Path, found: list[Mark], known: People, column: str | None) -> list[str]:
    """Fill Canvas's exported gradebook; return what is wrong. Raises Unable."""
    where = headings.columns(table, path, "canvas")
    sections = sorted({mark.section for mark in found})
    if column is not None and len(sections) != 1:
        raise Unable("--column vale para una sola sección: di cuál, por ejemplo export 05.")
    places = {name: _column(table, path, name, column) for name in sections}
    possible = next((row for row in table.rows if "Points Possible" in row[0]), None)
    if possible is None:
        raise Unable(
            f"{path.name} no tiene la fila «Points Possible»: expórtalo de Canvas y no quites filas."
        )
    if closed := [name for name, place in places.items() if "read only" in possible[place]]:
        raise Unable(f"La columna de {closed[0]} es de solo lectura en Canvas: elige otra con --column.")
    marks = {(mark.section, mark.student): mark for mark in found}
    placed, troubles = _matched(table, where, known)
    for student, (_, row) in placed.items():
        for name, place in places.items():
            _set(row, place, marks[name, student], possible[place])
    return troubles + _unplaced(found, placed)


def _matched(
    table: Sheet, where: Columns, known: People
) -> tuple[dict[str, tuple[int, list[str]]], list[str]]:
    """Return the row of each student, with its number, and the rows that are nobody's."""
    placed: dict[str, tuple[int, list[str]]] = {}
    troubles: list[str] = []
    for line, row in zip(table.lines, table.rows, strict=True):
        if not where.is_person(row) or (where.kind == "canvas" and _is_note(row)):
            continue
        person = where.find(row, known)
        if person is None or person.id in placed:
            troubles.append(_nobody(line, where.name(row) or where.get(row, "participant")))
        else:
            placed[person.id] = (line, row)
    return placed, troubles


def _set(row: list[str], place: int, mark: Mark, possible: str) -> None:
    """Put a mark into a cell of Canvas's gradebook, scaled to the points possible there."""
    if mark.score is None or row[place].strip().upper() in ("EX", "N/A"):
        return
    top = re.fullmatch(r"\d+([.,]\d+)?", possible.strip())
    most = float(top[0].replace(",", ".")) if top else mark.most
    row[place] = _like(possible, mark.score * (most / mark.most if mark.most else 1))


def _is_note(row: list[str]) -> bool:
    """Tell whether a row only says which columns are muted or posted by hand."""
    return all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row)


def _column(table: Sheet, path: Path, section: str, title: str | None) -> int:
    """Return the column of a section: "05_timeouts (678)", or the one of this title. Raises Unable."""
    titles = [re.sub(r"\s*\(\d+\)$", "", heading) for heading in table.header]
    if title is not None:
        fits = [place for place, name in enumerate(titles) if title in (name, table.header[place])]
    else:
        fits = [place for place, name in enumerate(titles) if plain(section) in plain(name)]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(f"«{shown(heading)}»" for heading in table.header if re.search(r"\(\d+\)$", heading))
    count = "ninguna columna" if not fits else f"{len(fits)} columnas"
    raise Unable(
        f"{path.name} tiene {count} para {title or section}: "
        f"elige una con --column ({names or 'no hay tareas'})."
    )


def _nobody(line: int, name: str) -> str:
    return (
        f"fila {line}, {shown(name)}: no sé quién es: apúntalo con python3 -m grader roster y repite la orden"
    )


def _unplaced(found: list[Mark], placed: Container[str]) -> list[str]:
    return [
        f"{mark.section}, {mark.student}: {number(mark.score)} puntos sin fila en la hoja: apúntalos a mano"
        for mark in found
        if mark.score is not None and mark.student not in placed
    ]
