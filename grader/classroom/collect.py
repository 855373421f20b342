"""`python3 -m grader collect ENTREGAS.zip SECCIÓN`: a platform's zip into nbgrader's folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.utils import parse_utc

from grader.authoring.course import Course
from grader.classroom import book
from grader.classroom.grade import section_named
from grader.classroom.lms import people, uploads
from grader.classroom.lms.archive import Archive, Damaged, open_archive
from grader.classroom.lms.people import People, is_safe_id, shown
from grader.classroom.lms.uploads import Stray, Upload
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, say, writing
from grader.judge.files import NotGradable
from grader.judge.origin import Sections
from grader.judge.submission import parse

FEW = 3  # people who are named one by one
_STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass
class Plan:
    """What goes where: the upload that counts for each student, what is nobody's or nothing, what to tell.

    foreign: students whose notebook is of another section, by that section.
    """

    chosen: dict[str, Upload] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)
    foreign: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def drop(self, student: str) -> None:
        """Forget the upload of a student, and what was to be told of it."""
        del self.chosen[student]
        self.remarks = [each for each in self.remarks if not each.startswith(f"{student}: ")]


def main(argv: list[str]) -> int:
    """Collect an archive; 0 if every member found its student, else 1. Raises Unable before it writes."""
    return run(ROOT, argv)


def run(root: Path, argv: list[str]) -> int:
    """Do as `main` in the course at `root`."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("file", type=Path)
    parser.add_argument("section")
    parser.add_argument("--from", dest="kind", choices=("moodle", "canvas"))
    parser.add_argument("--force", action="store_true")
    options = parser.parse_args(argv)
    course = Course(root)
    section = section_named(options.section, course.sections())
    with book.opened(course) as gradebook:
        known = people.of_gradebook(gradebook)
        due = _due(gradebook, section)
    with open_archive(options.file) as archive:
        plan = _plan(archive, known, options.kind or uploads.recognise(archive), section)
        _try(archive, plan, course, section)
        done = [
            _put(course, archive, plan, student, section, options.force) for student in sorted(plan.chosen)
        ]
    _tell(plan, known, done, due, section)
    return int(bool(plan.strays or plan.foreign))


def _due(gradebook: Any, section: str) -> datetime | None:
    try:
        due: datetime | None = gradebook.find_assignment(section).duedate
    except MissingEntry:
        return None
    return due


def _plan(archive: Archive, known: People, kind: str, section: str) -> Plan:
    """Choose each student's notebook; nothing is read yet."""
    found, strays = uploads.sort(archive, known, kind)
    plan = Plan(strays=strays)
    for student, files in sorted(found.items()):
        if not is_safe_id(student):
            plan.strays.append(
                Stray(shown(student), "no sirve de carpeta: cambia su identificador en nbgrader")
            )
        elif isinstance(chosen := _choose(files, section), Upload):
            plan.chosen[student] = chosen
            plan.remarks += [f"{student}: {remark}" for remark in _remarks(chosen, files, section)]
        else:
            plan.strays.append(Stray(student, chosen))
    return plan


def _choose(files: list[Upload], section: str) -> Upload | str:
    """Return the notebook that counts, the latest attempt; or why there is none and what to do."""
    notebooks = [file for file in files if file.is_notebook]
    own = [file for file in notebooks if file.title.casefold() == section]
    if not notebooks:
        names = ", ".join(sorted(shown(file.name) for file in files))
        return f"no entregó ningún .ipynb sino {names}: pide el notebook o ábrelo y cópialo a mano"
    if not own and len({file.title for file in notebooks}) > 1:
        names = ", ".join(sorted(shown(file.name) for file in notebooks))
        return f"entregó varios notebooks ({names}) y ninguno es {section}.ipynb: copia el bueno a mano"
    return max(own or notebooks, key=lambda file: file.rank)


def _remarks(chosen: Upload, files: list[Upload], section: str) -> Iterator[str]:
    if chosen.name != f"{section}.ipynb":
        yield f"«{shown(chosen.name)}» pasa a llamarse {section}.ipynb"
    if others := sorted(shown(file.name) for file in files if file.is_notebook and file is not chosen):
        yield f"también entregó {', '.join(others)}; cuenta «{shown(chosen.name)}»"
    if chosen.late:
        yield "entregado fuera de plazo (LATE en Canvas)"


def _try(archive: Archive, plan: Plan, course: Course, section: str) -> None:
    """Read all that was chosen once, so that what is wrong is known before anything is written."""
    names = course.sections()
    known = course.section(section).sections
    for student, upload in list(plan.chosen.items()):
        try:
            other = _other(upload, archive.read(upload.member), known, section, names)
            if other:
                plan.drop(student)
                plan.foreign.setdefault(other, []).append(student)
        except Damaged as reason:
            plan.drop(student)
            plan.strays.append(
                Stray(student, f"«{shown(upload.name)}» {reason}: pide otra entrega o cópiala a mano")
            )


def _other(upload: Upload, content: bytes, known: Sections, section: str, names: list[str]) -> str:
    """Return the other section that a notebook is of, by its cells, else by its name; "" if it is of none."""
    try:
        found = known.section_of(section, parse(content))
    except NotGradable:  # `grade` tells why
        found = ""
    title = upload.title.casefold()
    found = found or (title if title in names else "")
    return "" if found == section else found


def _put(course: Course, archive: Archive, plan: Plan, student: str, section: str, force: bool) -> str:
    """Put a submission into its folder; return what was done: "new", "changed", "same" or "kept".

    timestamp.txt gets the member's date: when the platform packed the file, not when the student handed it
    in. Moodle and Canvas pack all files at the download, so it says which archive is newer, and no more.
    """
    upload = plan.chosen[student]
    content, date = archive.read(upload.member), upload.member.date.astimezone(UTC).replace(tzinfo=None)
    folder = course.submitted(section, student)
    notebook, stamp = folder / f"{section}.ipynb", folder / "timestamp.txt"
    with writing(folder):
        there = notebook.is_file() and not notebook.is_symlink()
        if there and notebook.read_bytes() == content:
            return "same"  # and keeps its date: the first archive that had it says best how late it can be
        if there and not force and not _older(stamp, date):
            plan.remarks.append(
                f"{student}: se queda con la entrega que ya tenía, más nueva o sin fecha (--force la cambia)"
            )
            return "kept"
        folder.mkdir(parents=True, exist_ok=True)
        _replace(notebook, content)
        _replace(stamp, f"{date.strftime(_STAMP)} UTC\n".encode())
    return "changed" if there else "new"


def _older(stamp: Path, date: datetime) -> bool:
    """Tell whether what lies there is older than `date`; what has no readable date is not."""
    try:
        return bool(parse_utc(stamp.read_text(encoding="utf-8").strip()) < date)
    except (OSError, ValueError, OverflowError):
        return False


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def _of_others(plan: Plan, labels: dict[str, str], section: str) -> Iterator[str]:
    """Yield a line for each notebook of another section; one for all where there are many."""
    for other, students in sorted(plan.foreign.items()):
        people = [labels.get(student, student) for student in students]
        wrong = f"el notebook de {other}, no el de {section}"
        if len(people) <= FEW:
            yield from (f"{label}: entregó {wrong}: pídele el suyo" for label in people)
        else:
            some = f"{', '.join(people[:FEW])} y {len(people) - FEW} más"
            yield (
                f"{len(people)} entregaron {wrong} ({some}): "
                f"si te equivocaste de sección, repite la orden con {other[:2]}"
            )


def _tell(plan: Plan, known: People, done: list[str], due: datetime | None, section: str) -> None:
    """Print what was done, then the remarks, then what is left to do."""
    labels = {person.id: person.label for person in known.all}
    for remark in plan.remarks:
        print(f"· {remark}")
    for stray in plan.strays:
        say(f"✗ {labels.get(stray.name, stray.name)}: {stray.trouble}")
    for line in _of_others(plan, labels, section):
        say(f"✗ {line}")
    if due is not None and done:
        say(
            "· La sección tiene fecha límite y las fechas son las de la descarga: "
            "revisa timestamp.txt de quien entregó a tiempo."
        )
    words = {"new": "nuevas", "changed": "cambiadas", "same": "sin cambios", "kept": "sin tocar"}
    counted = ", ".join(f"{done.count(key)} {word}" for key, word in words.items() if key in done)
    left = len(plan.strays) + sum(map(len, plan.foreign.values()))
    print(f"{'✗' if left else '✓'} {len(done)} entregas ({counted or 'ninguna'}), {left} por resolver")
