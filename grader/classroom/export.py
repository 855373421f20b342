"""`python3 -m grader export [SECCIÓN ...] --to FORMATO`: the marks of nbgrader's gradebook as a CSV.

The mark is nbgrader's own: the sum of its cells (manual points, extra credit and retos included) less its
late penalty. The maximum has no reto in it, so the full core is 100 %. Who has no mark (not gradable, to be
graded by hand, not handed in) gets no number, never 0.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from grader.authoring.course import Course
from grader.classroom import book, marks
from grader.classroom.grade import section_named
from grader.classroom.lms import csv_file, people, worksheets
from grader.classroom.lms.csv_file import Sheet, harmless, is_formula
from grader.classroom.lms.headings import FORMATS
from grader.classroom.lms.people import Person, is_safe_id
from grader.classroom.marks import Mark
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, Unable, say

_NBGRADER = [  # nbgrader/plugins/export.py, CsvExportPlugin.export
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
]


def main(argv: list[str]) -> int:
    """Write the marks; 0 if every submission has one and it is in the file, else 1. Raises Unable."""
    return run(ROOT, argv)


def run(root: Path, argv: list[str]) -> int:
    """Do as `main` in the course at `root`."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("sections", nargs="*")
    parser.add_argument("--to", required=True, choices=FORMATS)
    parser.add_argument("--worksheet", type=Path)
    parser.add_argument("--column")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(argv)
    course = Course(root)
    wanted = [section_named(text, course.sections()) for text in options.sections]
    with book.opened(course) as gradebook:
        known = people.of_gradebook(gradebook)
        found = marks.of_gradebook(gradebook, course.data, wanted)
    output = options.output or course.data / _name(options.to, options.worksheet)
    if options.worksheet:
        table, troubles = _filled(options.worksheet, output, options.to, found, known, options.column)
    else:
        table, troubles = _fresh(options.to, found, known)
    csv_file.write(output, table)
    return _tell(found, troubles, output, cut=options.to == "moodle")


def _name(kind: str, worksheet: Path | None) -> str:
    return f"{worksheet.stem}-notas.csv" if worksheet else {"nbgrader": "grades.csv"}.get(kind, f"{kind}.csv")


def _filled(
    worksheet: Path, output: Path, kind: str, found: list[Mark], known: people.People, column: str | None
) -> tuple[Sheet, list[str]]:
    if kind == "nbgrader":
        raise Unable("nbgrader no tiene hoja que rellenar: quita --worksheet y repite la orden.")
    if output.resolve() == worksheet.resolve():
        raise Unable("La hoja que descargaste no se toca: elige otro nombre con --output.")
    table = csv_file.read(worksheet)
    fill_in = worksheets.moodle if kind == "moodle" else worksheets.canvas
    return table, fill_in(table, worksheet, found, known, column)


def _fresh(kind: str, found: list[Mark], known: people.People) -> tuple[Sheet, list[str]]:
    """Return a file of our own and what is wrong with it.

    A name that a spreadsheet would run as a formula gets a ' before it; a student whose id or address
    begins like one is left out, because with a ' the platform would not know them.
    """
    rows = {"nbgrader": _nbgrader, "moodle": _moodle, "canvas": _canvas}[kind]
    risky = [person for person in known.all if not _has_safe_keys(person)]
    troubles = [
        f"{person.label}: no sale, su identificador o correo no es válido: corrígelo en nbgrader"
        for person in risky
    ]
    return rows(found, [person for person in known.all if person not in risky]), troubles


def _has_safe_keys(person: Person) -> bool:
    return is_safe_id(person.id) and not is_formula(person.email) and not is_formula(person.lms_user_id)


def _nbgrader(found: list[Mark], students: list[Person]) -> Sheet:
    by_id = {person.id: person for person in students}
    rows = []
    for mark in found:
        if person := by_id.get(mark.student):
            names = [harmless(person.last_name), harmless(person.first_name), person.email]
            values = [mark.raw, mark.penalty, mark.score] if mark.score is not None else [None, None, None]
            numbers = ["" if value is None else str(value) for value in (*values, mark.most)]
            rows.append([mark.section, mark.due, mark.timestamp, person.id, *names, *numbers])
    return Sheet(list(_NBGRADER), rows)


def _moodle(found: list[Mark], students: list[Person]) -> Sheet:
    """Return a file for Moodle's Import > CSV file, whose columns the teacher maps; "-" is "no grade" there.

    An empty cell would not do: mapped to a new item, Moodle stores it as 0
    (grade/import/csv/classes/load_data.php). Above the maximum Moodle cuts off, or refuses the whole file,
    so we cut off and say so.
    """
    sections = _sections(found)
    cells = {(mark.section, mark.student): mark for mark in found}
    rows = []
    for person in students:
        numbers = []
        for name in sections:
            score = worksheets.capped(cells[name, person.id])
            numbers.append("-" if score is None else worksheets.number(score))
        rows.append(
            [harmless(person.first_name), harmless(person.last_name), person.id, person.email, *numbers]
        )
    return Sheet(["First name", "Last name", "ID number", "Email address", *sections], rows)


def _canvas(found: list[Mark], students: list[Person]) -> Sheet:
    """Return a file for Canvas's gradebook import: four columns about the student, then one per section.

    Row "Points Possible" and the order of the columns: lib/gradebook_importer.rb. More points than possible
    are fine.
    """
    sections = _sections(found)
    cells = {(mark.section, mark.student): mark for mark in found}
    most = {mark.section: mark.most for mark in found}
    rows = [["    Points Possible", "", "", "", *(worksheets.number(most[name]) for name in sections)]]
    for person in students:
        name = harmless(f"{person.last_name}, {person.first_name}".strip(", ") or person.id)
        numbers = [cells[section, person.id].score for section in sections]
        texts = ["" if score is None else worksheets.number(score) for score in numbers]
        rows.append([name, person.lms_user_id, person.id, "", *texts])
    return Sheet(["Student", "ID", "SIS Login ID", "Section", *sections], rows)


def _sections(found: list[Mark]) -> list[str]:
    return sorted({mark.section for mark in found})


def _tell(found: list[Mark], troubles: list[str], output: Path, *, cut: bool) -> int:
    """Print who has no mark and why, what is wrong, and where the file is; return the exit code."""
    waiting = [mark for mark in found if mark.why and mark.why != marks.MISSING]
    for mark in waiting:
        say(f"· {mark.section}, {mark.student}: sin nota en el archivo, {mark.why}")
    for section, count in sorted(
        Counter(mark.section for mark in found if mark.why == marks.MISSING).items()
    ):
        say(f"· {section}: {count} sin entrega y sin nota en el archivo")
    for mark in found:
        if cut and mark.score is not None and mark.score > mark.most:
            points = f"{worksheets.number(mark.score)} puntos pasan a {worksheets.number(mark.most)}"
            say(f"· {mark.section}, {mark.student}: {points}, lo que admite Moodle: apunta el resto aparte")
    for trouble in troubles:
        say(f"✗ {trouble}")
    for section, most in sorted({(mark.section, mark.most) for mark in found}):
        print(f"· {section}: sobre {worksheets.number(most)} puntos; los del reto se suman aparte")
    good = not waiting and not troubles
    print(f"{'✓' if good else '✗'} {sum(not mark.why for mark in found)} notas en {output}")
    return int(not good)
