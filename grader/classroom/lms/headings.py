"""The columns of the lists of Moodle, Canvas and nbgrader, and what a row says of a student.

- nbgrader: `nbgrader db student import`: id, first_name, last_name, email, lms_user_id
  (nbgrader/apps/dbapp.py).
- Moodle: Participants > download table data, and the offline grading worksheet: Identifier ("Participant
  123"), Full name, the site's identity fields, Email address (mod/assign/gradingtable.php); Spanish: its
  language pack `es`.
- Canvas: the exported gradebook: Student (or LastName, FirstName), ID, SIS User ID, SIS Login ID, Section,
  never translated; then a row "Points Possible" and perhaps one "Manual Posting"
  (lib/gradebook_exporter.rb).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.lms.csv_file import Sheet
from grader.classroom.lms.people import People, Person
from grader.cli.trouble import Unable

FORMATS = ("nbgrader", "moodle", "canvas")

_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {  # as sheet.plain writes them
    "nbgrader": {
        "id": ("id",),
        "first": ("first_name",),
        "last": ("last_name",),
        "email": ("email",),
        "lms": ("lms_user_id",),
    },
    "moodle": {
        "participant": ("identifier", "identificador"),
        "first": ("first name", "nombre"),
        "last": ("last name", "surname", "apellido(s)", "apellidos", "apellido"),
        "full": ("full name", "nombre completo", "first name / last name", "nombre / apellido(s)"),
        "email": (
            "email address",
            "email",
            "direccion de correo",
            "direccion de correo electronico",
            "correo electronico",
        ),
        "username": ("username", "nombre de usuario"),
        "number": ("id number", "numero de id", "numero de identificacion"),
    },
    "canvas": {
        "full": ("student",),
        "first": ("firstname",),
        "last": ("lastname",),
        "lms": ("id",),
        "login": ("sis login id",),
        "sis": ("sis user id",),
        "section": ("section",),
    },
}
_NEEDED: dict[str, list[tuple[str, ...]]] = {  # one of each group
    "nbgrader": [("id",), ("first", "last", "email", "lms")],
    "moodle": [("first", "full", "last"), ("username", "number", "email", "participant")],
    "canvas": [("full", "last"), ("lms",), ("section",)],
}
_HELP = {
    "nbgrader": "id, first_name, last_name, email, lms_user_id",
    "moodle": "Nombre, Apellido(s), Dirección de correo (o Identificador y Nombre completo)",
    "canvas": "Student, ID, SIS Login ID, Section",
}


@dataclass(frozen=True)
class Columns:
    """Where a sheet has what: the name of a field -> its column."""

    kind: str
    places: dict[str, int]

    def get(self, row: list[str], field: str) -> str:
        """Return a cell without blanks around it, "" if there is no such column; undoes Canvas's ="..."."""
        place = self.places.get(field)
        text = row[place].strip() if place is not None else ""
        quoted = re.fullmatch(r'="(.*)"', text)
        return quoted[1] if quoted and self.kind == "canvas" else text

    def name(self, row: list[str]) -> str:
        """Return the name of the row's student, as the list writes it."""
        return self.get(row, "full") or f"{self.get(row, 'first')} {self.get(row, 'last')}".strip()

    def participant(self, row: list[str]) -> str:
        """Return the number of "Participante 123", or ""."""
        found = re.search(r"\d+$", self.get(row, "participant"))
        return found[0] if found else ""

    def is_person(self, row: list[str]) -> bool:
        """Tell whether a row is a student's: not a row of Canvas's own, nor its test student."""
        name = self.name(row)
        if self.kind != "canvas":
            return True
        ours = "Points Possible" in name or name == "Student, Test" or not (name or self.get(row, "lms"))
        return not ours

    def find(self, row: list[str], people: People) -> Person | None:
        """Return who of `people` a row means: by number or address, by name only if these say nothing."""
        if self.kind == "canvas":
            return people.by_lms(self.get(row, "lms")) or people.by_id(self.get(row, "login"))
        for field in ("id", "username", "number", "email"):
            text = self.get(row, field)
            if found := people.by_id(text) or (people.by_email(text) if field == "email" else None):
                return found
        number, namesakes = self.participant(row), people.namesakes(self.name(row))
        return people.by_name(self.name(row)) or next(
            (one for one in namesakes if number and one.lms_user_id == number), None
        )


def columns(sheet: Sheet, path: Path, kind: str | None = None) -> Columns:
    """Return the columns of a list; without `kind` its heading says which format it is. Raises Unable."""
    for name in [kind] if kind else ["canvas", "moodle", "nbgrader"]:
        found = {field: sheet.column(*names) for field, names in _COLUMNS[name].items()}
        places = {field: place for field, place in found.items() if place is not None}
        if all(any(field in places for field in group) for group in _NEEDED[name]):
            return Columns(name, places)
    wanted = _HELP[kind] if kind else "; o ".join(_HELP.values())
    raise Unable(f"{path.name} no tiene las columnas que hacen falta: escribe en la primera fila {wanted}.")
