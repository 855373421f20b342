"""What Moodle and Canvas hand out, made as they make it, and the gradebook of a class, for tests."""

import csv
import functools
import io
import shutil
import tempfile
import zipfile
from datetime import datetime

from nbgrader.api import Gradebook

from grader.authoring.course import Course
from grader.classroom import book as books
from grader.classroom import collect, export, result
from grader.cli.bootstrap import ROOT

SECTION, OTHER = "05_timeouts", "06_semaphores"
WORKSHEET = [
    *(
        "Identificador",
        "Nombre completo",
        "Dirección de correo",
        "Estado",
        "Calificación",
        "Calificación máxima",
    ),
    *(
        "La calificación puede ser cambiada",
        "Última modificación (entrega)",
        "Última modificación (calificación)",
    ),
    "Comentarios de retroalimentación",
]
BOOK = [
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Section",
    f"{SECTION} (77)",
    "Otra (78)",
    "Final Score",
]
ANA, BETO = "Ana García López", "Beto Núñez"
CLASS = [  # id, first name, last name, email, number of the platform
    ("ana", "Ana", "García López", "ana@uni.es", "101"),
    ("beto", "Beto", "Núñez", "beto@uni.es", "102"),
    ("cruz", "Cruz", "O'Brien-Peña", "cruz@uni.es", "103"),
]
PACKED = (2026, 10, 5, 12, 0, 0)  # when the platform made the archive


@functools.cache
def empty_gradebook():
    """The bytes of a gradebook with its tables alone, which take nbgrader seconds to make."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/gradebook.db"
        Gradebook(f"sqlite:///{path}", "").close()
        with open(path, "rb") as file:
            return file.read()


def course(root):
    """An empty course: its settings, the folders of two sections, a gradebook."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / ".nbgrader").mkdir()
    (root / ".nbgrader" / "gradebook.db").write_bytes(empty_gradebook())
    for name in (SECTION, OTHER):
        for folder in ("solutions", "notebooks"):
            (root / folder / name).mkdir(parents=True)
            (root / folder / name / f"{name}.ipynb").touch()
    return root


def gradebook(root):
    return books.opened(Course(root))


def enrol(root, students=CLASS):
    with gradebook(root) as book:
        for name, first, last, email, number in students:
            book.update_or_create_student(
                name, first_name=first, last_name=last, email=email, lms_user_id=number
            )


def students(root):
    """Everybody in the gradebook: {id: (first name, last name, email, number)}."""
    with gradebook(root) as book:
        return {one.id: (one.first_name, one.last_name, one.email, one.lms_user_id) for one in book.students}


def assignment(root, section=SECTION, points=10.0, duedate=None):
    """Put a section into the gradebook: an exercise, a reto that is no part of the maximum, a written answer."""
    with gradebook(root) as book:
        book.add_assignment(section, duedate=duedate)
        book.add_notebook(section, section)
        for name, most in (("core", points), ("reto", 0)):
            book.add_grade_cell(name, section, section, max_score=most, cell_type="code")


def hand_in(
    root, student, *, core=None, reto=None, section=SECTION, manual=None, look=False, late=None, when=None
):
    """Put a submission and its marks into the gradebook as autograding leaves them; None: not graded."""
    with gradebook(root) as book:
        submission = book.update_or_create_submission(section, student, timestamp=when)
        for name, points in (("core", core), ("reto", reto)):
            grade = book.find_grade(name, section, section, student)
            grade.auto_score, grade.needs_manual_grade = points, look and name == "core"
            if name == "core":
                grade.manual_score = manual
        if late is not None:
            submission.notebooks[0].late_submission_penalty = late
        book.db.commit()


def pack(path, members, date=PACKED):
    """Write an archive of {name: text or bytes}."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date)
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


def moodle(student, number, file=f"{SECTION}.ipynb", *, folders=True):
    """The name of a member in Moodle's archive of all submissions."""
    return f"{student}_{number}_assignsubmission_file{'/' if folders else '_'}{file}"


def canvas(student, user, file=f"{SECTION}.ipynb", *, late=False, attachment=9001):
    """The name of a member in Canvas's archive of an assignment."""
    return f"{student}{'_LATE' if late else ''}_{user}_{attachment}_{file}"


def handed_in(root):
    """The files below submitted/: {relative path: bytes}."""
    folder = root / ".nbgrader" / "submitted"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def table(path, separator=",", encoding="utf-8"):
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(path.read_text(encoding=encoding), newline=""), delimiter=separator))


def graded_class(root):
    """Three students: full core and reto, core alone, not handed in."""
    enrol(course(root))
    assignment(root)
    hand_in(root, "ana", core=10, reto=2)
    hand_in(root, "beto", core=7.5, reto=0)
    return root


def no_mark(root, student, way):
    """Take the mark of a submission away in one of the ways that happen."""
    if way == "ungraded":
        hand_in(root, student)
    elif way == "manual":
        hand_in(root, student, core=5, reto=0, look=True)
    elif way == "half":
        hand_in(root, student, core=None, reto=2)
    else:
        hand_in(root, student, core=9, reto=0)
        status = {"broken": result.UNGRADABLE, "fault": result.FAULT}[way]
        result.save(Course(root).data, result.Result(student, SECTION, status, "no es JSON"))


def out(root, *options):
    """Export; return (exit code, the rows of the file)."""
    path = root / "notas.csv"
    code = export.run(root, ["5", *options, "--output", str(path)])
    return code, table(path)


def column(rows, heading):
    """The cells under a heading."""
    return [row[rows[0].index(heading)] for row in rows[1:]]


def written(root, rows, *, separator=",", encoding="utf-8", newline="\n"):
    """Write a sheet as a platform or a spreadsheet does; return its path."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=newline).writerows(rows)
    path = root / "hoja.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def worksheet(root, most="10,00", grades=("", "", ""), **form):
    """Moodle's offline grading worksheet of the class."""
    people = zip(("501", "502", "503"), CLASS, grades, strict=True)
    rows = [
        [
            f"Participante {n}",
            f"{first} {last}",
            mail,
            "Enviado",
            grade,
            most,
            "Sí",
            "lunes, 5 de octubre",
            "-",
            "<p>Bien, a; b</p>",
        ]
        for n, (_, first, last, mail, _), grade in people
    ]
    return written(root, [WORKSHEET, *rows], **form)


def book(root, possible="10", **form):
    """Canvas's exported gradebook of the class."""
    rows = [
        ["", "", "", "", "", "Manual Posting", "", ""],
        ["    Points Possible", "", "", "", "", possible, "5", "(read only)"],
        *([f"{last}, {first}", lms, "", name, "A", "", "3", "88"] for name, first, last, _, lms in CLASS),
        ["Student, Test", "999", "", "f00", "A", "", "", ""],
    ]
    return written(root, [BOOK, *rows], **form)


def take(root, members, *options, date=PACKED, section="5"):
    """Collect an archive of these members; return the exit code."""
    return collect.run(root, [str(pack(root / "entregas.zip", members, date)), section, *options])


def place(student, file=f"{SECTION}.ipynb"):
    """Where a file of a submission lies below submitted/."""
    return f"{student}/{SECTION}/{file}"


def utc(*date):
    """A local time as timestamp.txt writes it."""
    from datetime import UTC

    return datetime(*date).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC\n").encode()
