"""`demo`: a made-up class is graded from end to end, apart from the real course."""

import contextlib
import hashlib
import io
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from small_class import course, feedback, marks
from tree import ANSWERS, NAME, put

from grader.classroom import demo
from grader.classroom.result import stored
from grader.cli.trouble import Unable

CORE, RETO = "test_fetch_all_a", "test_round_trip_a"


def hashes(root):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """One demonstration: its exit code, the lines it printed, its folder, and the course before and after."""
    root, folder = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("demo")
    course(root)
    for exercise, kinds in ANSWERS.items():
        for kind, text in kinds.items():
            put(root / "tests" / "answers" / NAME / exercise / kind / "answer.py", text)
    before, printed = hashes(root), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setenv("COLUMNS", "150")
        code = demo.run(root, [NAME], folder)
    lines = printed.getvalue().splitlines()
    return SimpleNamespace(code=code, lines=lines, folder=folder, before=before, after=hashes(root))


def row(shown, student):
    """The cells of a student's row in the table, each with its lines joined."""
    parts = [[cell.strip() for cell in line.strip("│").split("│")] for line in shown.lines if "│" in line]
    start = next(i for i, cells in enumerate(parts) if cells[0] == student)
    rest = [cells for cells in parts[start + 1 :]]
    more = next((i for i, cells in enumerate(rest) if cells[0]), len(rest))
    return [" ".join(filter(None, column)) for column in zip(parts[start], *rest[:more], strict=True)]


def test_it_ends_well_and_says_that_everybody_got_what_is_due(shown):
    assert shown.code == 0
    assert re.fullmatch(r"✓ Las \d+ entregas tienen lo que les toca\.", shown.lines[-1])


def test_a_class_whose_marks_are_not_what_is_due_is_a_failure(shown, capsys):
    results = [*stored(shown.folder / ".nbgrader", NAME)]
    lucky = next(result for result in results if result.student == "interbloqueo")
    full = [replace(mark, earned=mark.points) for mark in lucky.marks]

    assert demo._verdict([replace(lucky, marks=full)]) == 1
    assert f"✗ No tienen lo que les toca: {NAME} interbloqueo." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("student", "points", "extra"),
    [
        ("correcta-01", "10", "2"),
        ("errores-01", "0", ""),
        ("sin-intentar", "0", ""),
        ("interbloqueo", "0", "2"),
        ("bucle-sin-fin", "0", "2"),
        ("celdas-copiadas", "10", "2"),
        ("archivo-roto", "—", ""),
        ("enlace", "—", ""),
        ("bomba-de-procesos", "0", "2"),
        ("informe-falso", "0", "2"),
        ("pruebas-cambiadas", "0", ""),
    ],
)
def test_the_table_shows_what_each_submission_earned(shown, student, points, extra):
    assert row(shown, student)[1:3] == [points, extra]


@pytest.mark.parametrize(
    ("student", "reason"),
    [
        ("errores-01", "1.1 fetch_all, −10 p: M08: esperas cada petición antes de iniciar la siguiente."),
        ("errores-01", "Reto round_trip, −2 p: tardas el doble."),
        ("sin-intentar", "1.1 fetch_all, −10 p: sin intentar Reto round_trip, −2 p: sin intentar"),
        ("interbloqueo", "nadie puede despertar a nadie"),
        ("bucle-sin-fin", "da vueltas sin llegar a ningún `await`"),
        ("archivo-roto", "no calificable: no es JSON válido en UTF-8"),
        ("llena-la-memoria", "1.1 fetch_all, −10 p: MemoryError"),
    ],
)
def test_the_table_gives_the_reason_of_each_lost_point(shown, student, reason):
    assert reason in row(shown, student)[3]


def test_the_marks_stand_in_a_gradebook_of_its_own(shown):
    earned = marks(shown.folder)

    assert earned["correcta-01"] == {CORE: 10, RETO: 2}
    assert earned["archivo-roto"] == {CORE: None, RETO: None}


def test_feedback_is_written_where_it_is_said(shown):
    assert shown.lines[-2] == f"Comentarios para cada alumno: {shown.folder / '.nbgrader' / 'feedback'}"
    assert "Causa probable (M08)" in feedback(shown.folder, "errores-01")


def test_the_real_course_stays_as_it_is(shown):
    assert shown.after == shown.before


def test_a_course_without_answers_is_said_so(tmp_path):
    section = course(tmp_path)

    with pytest.raises(Unable, match=f"tests/answers/{section.name}"):
        demo.run(tmp_path, [NAME], tmp_path / "demo")
