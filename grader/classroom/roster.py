"""`python3 -m grader roster LISTA.csv`: the students of a class into nbgrader's gradebook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader.authoring.course import Course
from grader.classroom import book
from grader.classroom.lms import csv_file, headings, people
from grader.classroom.lms.csv_file import Sheet
from grader.classroom.lms.headings import Columns
from grader.classroom.lms.people import People, Person
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, Unable, say

_LONGEST = 128  # characters of a column in nbgrader's tables


def main(argv: list[str]) -> int:
    """Import a list of students; 0. Raises Unable, and then nothing was written."""
    return run(ROOT, argv)


def run(root: Path, argv: list[str]) -> int:
    """Do as `main` in the course at `root`."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("file", type=Path)
    parser.add_argument("--from", dest="kind", choices=headings.FORMATS)
    options = parser.parse_args(argv)
    table = csv_file.read(options.file)
    columns = headings.columns(table, options.file, options.kind)
    with book.opened(Course(root)) as gradebook:
        known = people.of_gradebook(gradebook)
        done = save(gradebook, known, persons(table, columns, known))
    counted = f"{done['new']} nuevos, {done['changed']} cambiados, {done['same']} ya estaban"
    print(f"✓ {options.file.name} ({columns.kind}): {counted}")
    return 0


def persons(table: Sheet, columns: Columns, known: People) -> list[Person]:
    """Return the students of a list; those of `known` keep their id. Raises Unable on a bad row."""
    found: list[Person] = []
    troubles: list[str] = []
    own = _id_column(table, columns)
    for line, row in zip(table.lines, table.rows, strict=True):
        if not columns.is_person(row):
            continue
        person = _person(row, columns, own)
        person = _as_known(person, columns, known)
        troubles += [f"fila {line}: {trouble}" for trouble in _troubles(person, own)]
        found.append(person)
    troubles += _repeated(found)
    for trouble in troubles:
        say(f"✗ {trouble}")
    if troubles:
        raise Unable(
            f"La lista tiene {len(troubles)} fallos y no he guardado nada: corrígelos y repite la orden."
        )
    if not found:
        raise Unable("La lista no tiene ningún alumno: expórtala otra vez y repite la orden.")
    return found


def _id_column(table: Sheet, columns: Columns) -> str:
    """Return the field that names a student here: the first that the list fills in for anybody."""
    order = {
        "nbgrader": ["id"],
        "moodle": ["username", "number", "email", "participant"],
        "canvas": ["login", "lms"],
    }[columns.kind]
    filled = (field for field in order if any(columns.get(row, field) for row in table.rows))
    return next(filled, order[0])


def _person(row: list[str], columns: Columns, own: str) -> Person:
    first, last = columns.get(row, "first"), columns.get(row, "last")
    if full := columns.get(row, "full"):
        last, comma, first = (part.strip() for part in full.partition(","))
        if not comma:
            first, _, last = full.partition(" ")
    login = columns.get(row, "login")
    return Person(
        columns.participant(row) if own == "participant" else columns.get(row, own),
        first,
        last.strip(),
        columns.get(row, "email") or (login if "@" in login else ""),
        columns.get(row, "lms") or columns.participant(row),
    )


def _as_known(person: Person, columns: Columns, known: People) -> Person:
    """Give a student whom the gradebook knows by address or number the id that they have there."""
    if columns.kind == "nbgrader" or known.by_id(person.id):
        there = known.by_id(person.id)
    else:
        by_number = known.by_lms(person.lms_user_id) if columns.kind == "canvas" else None
        there = by_number or known.by_email(person.email)
    return Person(**asdict(person) | {"id": there.id}) if there else person


def _troubles(person: Person, own: str) -> Iterator[str]:
    """Yield what is wrong with a row, each ending with what to do."""
    names = {"login": "SIS Login ID", "lms": "ID", "number": "número de ID", "username": "nombre de usuario"}
    if not person.id:
        yield f"falta el identificador ({names.get(own, own)}): escríbelo"
    elif not people.is_safe_id(person.id):
        yield f"«{people.shown(person.id)}» no sirve de identificador: usa letras, cifras y . _ - @ +"
    if person.email and not re.fullmatch(r"[^\s@=+\-][^\s@]*@[^\s@]+", person.email):
        yield f"«{people.shown(person.email)}» no es una dirección de correo: corrígela"
    if person.lms_user_id and not re.fullmatch(r"[\w-]+", person.lms_user_id):
        number = people.shown(person.lms_user_id)
        yield f"«{number}» no es un número de usuario: si Excel lo ha cambiado, expórtalo otra vez"
    for text in asdict(person).values():
        if len(text) > _LONGEST or not text.isprintable():
            yield f"«{people.shown(text)}» tiene más de {_LONGEST} caracteres o signos invisibles: corrígelo"


def _repeated(found: list[Person]) -> Iterator[str]:
    """Yield what two rows have in common and may not."""
    for field, name in (("id", "identificador"), ("email", "correo"), ("lms_user_id", "número de usuario")):
        times = Counter(getattr(person, field).casefold() for person in found)
        for text, count in times.items():
            if text and count > 1:
                yield f"{count} filas tienen el {name} «{people.shown(text)}»: deja una o corrígelas"


def save(gradebook: Any, known: People, found: list[Person]) -> Counter[str]:
    """Write students into an open gradebook; what a list leaves empty stays. Returns what was done."""
    before = {person.id: person for person in known.all}
    done: Counter[str] = Counter()
    for person in found:
        fields = {name: text for name, text in asdict(person).items() if text and name != "id"}
        old = before.get(person.id)
        new = Person(**(asdict(old) if old else {"id": person.id}) | fields)
        done["same" if new == old else "changed" if old else "new"] += 1
        if new != old:
            gradebook.update_or_create_student(person.id, **fields)
    return done
