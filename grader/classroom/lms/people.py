"""The students of nbgrader's gradebook, and who of them a name, an address or a number means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# What may be the name of a folder on every system (Windows keeps some for devices, whatever comes after a
# dot) and starts no formula in a spreadsheet.
_SAFE_ID = re.compile(r"(?!(?i:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))(?!.*\.\.)[^\W_][\w.@+-]{0,126}(?<![.])")


@dataclass(frozen=True)
class Person:
    """A student as nbgrader keeps one; what is not known is ""."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def label(self) -> str:
        """The student for a line on the terminal."""
        return f"{self.id} ({shown(self.name)})" if self.name else self.id


def is_safe_id(text: str) -> bool:
    """Tell whether a student's id may name a folder and stand in a spreadsheet."""
    return bool(_SAFE_ID.fullmatch(text))


def name_key(name: str) -> tuple[str, ...]:
    """Return the words of a name whatever their order, accents, capitals and punctuation.

    "García López, Ana" and "Ana Garcia Lopez" have one key: Canvas and Moodle write both forms, and Moodle
    takes signs as ' out of file names and makes blanks of _.
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c if c.isalnum() else " " if c in "_, \t" else "" for c in letters)
    return tuple(sorted(kept.split()))


def compact(name: str) -> str:
    """Return the letters and digits of a name, without accents: what Canvas's file names keep of it."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum())


def shown(text: str) -> str:
    """Return text that others wrote as one short printable line."""
    line = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return line if len(line) <= 80 else line[:79] + "…"


class People:
    """Looks students up; who is meant is never guessed between two."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self.all = sorted(persons, key=lambda person: person.id)
        self._by: dict[str, dict[Any, list[Person]]] = {"id": {}, "email": {}, "lms": {}, "name": {}}
        for person in self.all:
            keys = {
                "id": person.id.casefold(),
                "email": person.email.casefold(),
                "lms": person.lms_user_id,
                "name": name_key(person.name),
            }
            for kind, key in keys.items():
                if key:
                    self._by[kind].setdefault(key, []).append(person)

    def by_id(self, text: str) -> Person | None:
        return self._one("id", text.strip().casefold())

    def by_email(self, text: str) -> Person | None:
        return self._one("email", text.strip().casefold())

    def by_lms(self, text: str) -> Person | None:
        return self._one("lms", text.strip())

    def by_name(self, name: str) -> Person | None:
        return self._one("name", name_key(name))

    def namesakes(self, name: str) -> list[Person]:
        """Return all students of that name."""
        return self._by["name"].get(name_key(name), [])

    def _one(self, kind: str, key: Any) -> Person | None:
        found = self._by[kind].get(key, []) if key else []
        return found[0] if len(found) == 1 else None


def of_gradebook(gradebook: Any) -> People:
    """Return the students of an open gradebook."""
    fields = ("first_name", "last_name", "email", "lms_user_id")
    return People(
        Person(student.id, *(getattr(student, name) or "" for name in fields))
        for student in gradebook.students
    )
