"""Whose each member of a platform's zip is, by the names that the platform gives.

- Moodle, "Download all submissions" (mod/assign/classes/downloader.php): FULL
  NAME_NUMBER_assignsubmission_file/ANY/PATH in folders, or FULL NAME_NUMBER_assignsubmission_file_NAME.
  NUMBER is the participant's in this assignment, and the name is "Participant" where marking is blind.
- Canvas, "Download Submissions" (lib/content_zipper.rb): name_ID_FILE_NAME, name_LATE_ID_FILE_NAME: ID is
  the user's, FILE grows with each file handed in; a second file of one name becomes NAME-1.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.classroom.lms.archive import Archive, Member
from grader.classroom.lms.people import People, Person, compact, shown
from grader.cli.trouble import Unable

_MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?")
_CANVAS = re.compile(
    r"(?:^|_)(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<attachment>\d+)_(?=(?P<file>.+))", re.IGNORECASE
)
_TEXT = re.compile(r"_\d+_(?:text|link)\.html$")
_COPY = re.compile(r"(?:-(\d+)| ?\((\d+)\)|(?: - copia| - copy))$")


@dataclass(frozen=True)
class Upload:
    """A file that a student handed in, under the name that they gave it.

    late: Canvas says that it came after the deadline. rank: of two, the greater was handed in later.
    """

    member: Member
    name: str
    late: bool = False
    attachment: int = 0

    @property
    def is_notebook(self) -> bool:
        return self.name.lower().endswith(".ipynb")

    @property
    def title(self) -> str:
        """The name without .ipynb and without what a browser or a platform adds to a second copy."""
        title = self.name[: -len(".ipynb")] if self.is_notebook else self.name
        while found := _COPY.search(title):
            title = title[: found.start()]
        return title

    @property
    def rank(self) -> tuple[object, ...]:
        copies = [int(a or b or 0) for a, b in _COPY.findall(self.name.removesuffix(".ipynb"))]
        return (self.attachment, self.member.date, max(copies, default=0), self.name)


@dataclass(frozen=True)
class Stray:
    """A member that is nobody's: its name for people, and what to do."""

    name: str
    trouble: str


def recognise(archive: Archive) -> str:
    """Return "moodle" or "canvas" by the names of the members. Raises Unable."""
    moodle = sum(any(_MOODLE.fullmatch(part) for part in member.parts) for member in archive.members)
    canvas = sum(
        bool(_CANVAS.search(member.parts[-1]) or _TEXT.search(member.parts[-1])) for member in archive.members
    )
    if not moodle and not canvas:
        raise Unable(
            "No parece un zip de entregas de Moodle ni de Canvas: descárgalo de la tarea y repite la orden."
        )
    return "moodle" if moodle >= canvas else "canvas"


def sort(archive: Archive, people: People, kind: str) -> tuple[dict[str, list[Upload]], list[Stray]]:
    """Return the uploads of each student by their id, and what is nobody's."""
    owner = _of_moodle if kind == "moodle" else _of_canvas
    uploads: dict[str, list[Upload]] = {}
    strays: dict[str, str] = {}
    for member in archive.members:
        found = owner(member, people)
        if isinstance(found, Stray):
            strays.setdefault(found.name, found.trouble)
        else:
            uploads.setdefault(found[0].id, []).append(found[1])
    return uploads, list(itertools.starmap(Stray, strays.items()))


def _of_moodle(member: Member, people: People) -> tuple[Person, Upload] | Stray:
    for place, part in enumerate(member.parts):
        if found := _MOODLE.fullmatch(part):
            last = place == len(member.parts) - 1
            name = (found["file"] or "") if last else member.parts[-1]
            person = _participant(found["name"], found["number"], people)
            return (
                (person, Upload(member, name)) if isinstance(person, Person) else Stray(shown(part), person)
            )
    return Stray(
        shown("/".join(member.parts)), "no lleva el nombre que pone Moodle: cópialo a mano en su carpeta"
    )


def _participant(name: str, number: str, people: People) -> Person | str:
    """Return the student, or what to do if there is none or more than one."""
    namesakes = people.namesakes(name)
    by_number = people.by_lms(number)
    if len(namesakes) == 1:
        return namesakes[0]
    if by_number and (by_number in namesakes or name.casefold() in ("participant", "participante")):
        return by_number
    sheet = "roster HOJA.csv --from moodle, con la hoja de calificaciones de esta tarea"
    if namesakes:
        count = f"hay {len(namesakes)} alumnos con ese nombre"
        return f"{count}: apunta sus números con python3 -m grader {sheet}"
    return f"no está en la lista: apúntalo con python3 -m grader {sheet}"


def _of_canvas(member: Member, people: People) -> tuple[Person, Upload] | Stray:
    name = member.parts[-1]
    if _TEXT.search(name):
        return Stray(shown(name), "es un texto o un enlace, no un archivo: pide el notebook")
    if re.search(r"(?:^|_)anon_\w+_\d+_", name):
        return Stray(
            shown(name),
            "es una entrega anónima: quita el anonimato de la tarea en Canvas y descárgala otra vez",
        )
    readings = list(_matches(name))
    if not readings:
        return Stray(shown(name), "no lleva el nombre que pone Canvas: cópialo a mano en su carpeta")
    owners = [(match, person) for match in readings if (person := people.by_lms(match["user"]))]
    if len({person.id for _, person in owners}) > 1:
        names = " o de ".join(sorted({person.label for _, person in owners}))
        return Stray(shown(name), f"puede ser de {names}: míralo en Canvas y cópialo a mano en su carpeta")
    for match, person in owners:
        if match is readings[0] or compact(name[: match.start()]) in _both_orders(person):
            return person, Upload(member, match["file"], bool(match["late"]), int(match["attachment"]))
    user = readings[0]["user"]
    return Stray(
        shown(name),
        f"el ID {user} no está en la lista: apúntalo con python3 -m grader roster NOTAS.csv --from canvas",
    )


def _matches(name: str) -> Iterable[re.Match[str]]:
    """Yield each way to read a name: "05_timeouts" after the ids looks like one, and so may a name."""
    place = 0
    while found := _CANVAS.search(name, place):
        yield found
        place = found.start() + 1


def _both_orders(person: Person) -> set[str]:
    return {compact(person.first_name + person.last_name), compact(person.last_name + person.first_name)}
