"""The command `grade`: what it prints, its exit codes, what it refuses, what --resume skips."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from graded_class import (
    CLASS,
    course,
    edit,
    fill,
    grade_class,
    registered,
    rows,
    stamp,
    twin,
    written,
)
from small_class import save, submit
from tree import NAME

from grader.authoring.course import Course
from grader.classroom import result
from grader.classroom.grade import parse
from grader.cli.trouble import Unable
from grader.judge.sandbox import NO_SANDBOX

HERE = Path(__file__).resolve().parents[1]
GOOD = ["bea", "ana", "carla"]


@pytest.fixture(scope="module", autouse=True)
def columns():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "100")
        yield


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The course, nobody in it."""
    return course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def template(bare, tmp_path_factory):
    """The course with its gradebook, which takes a while to make."""
    return registered(twin(bare.root, tmp_path_factory.mktemp("template") / "course"))


@pytest.fixture
def section(template, tmp_path):
    return twin(template.root, tmp_path / "course")


@pytest.fixture(scope="module")
def graded(bare, tmp_path_factory):
    """The whole class, graded once in a process of its own: (root, exit code, lines, hashes before)."""
    section = twin(bare.root, tmp_path_factory.mktemp("graded") / "course")
    fill(section)
    save(section.root / ".nbgrader" / "submitted" / "ana" / NAME / "grader.py", "raise SystemExit")
    before = hashes(section.root)
    code, out, _ = apart(section.root)
    return section.root, code, out.splitlines(), before


def apart(root, *arguments, **environment):
    """Run `grade` as a process of its own; return (exit code, stdout, stderr)."""
    command = [sys.executable, str(HERE / "grade_here.py"), str(root), *arguments]
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, cwd=HERE.parent
    )
    return done.returncode, done.stdout, done.stderr


def hashes(root):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in root.rglob("*") if path.is_file()}


def line(lines, student):
    return next(line for line in lines if f"  {student}  " in line).partition("  ")[2]


@pytest.mark.parametrize(
    ("student", "text"),
    [
        ("bea", "10/10 +2  corregida"),
        ("ana", "0/10 +2  corregida"),
        ("carla", "0/10  corregida"),
        ("elena", "0/10 +2  corregida"),
        ("roto", "—  no calificable: no es JSON válido en UTF-8"),
    ],
)
def test_each_submission_has_a_line(graded, student, text):
    assert line(graded[2], student).startswith(f"{student}  {NAME}  {text}")


def test_a_class_with_a_file_that_is_no_submission_is_not_all_graded(graded):
    assert graded[1] == 1
    assert f"{len(CLASS)} entregas en" in graded[2][-1]
    assert graded[2][-1].endswith(f"{len(CLASS) - 1} corregidas, 1 no calificable.")


def test_remarks_stand_below_the_line_and_are_few(graded):
    at = next(i for i, line in enumerate(graded[2]) if "  fran  " in line)

    assert "2 copias" in graded[2][at + 1]
    assert any("archivos que no cuentan: grader.py" in line for line in graded[2])


def test_the_table_sums_up_each_exercise(graded):
    row = next([cell.strip() for cell in line.split("│")] for line in graded[2] if "1.1 fetch_all" in line)

    assert row[1:-1] == ["1.1 fetch_all", "10", "5.71", "4", "0", "2", "1"]


def test_nothing_but_the_named_outputs_changes(graded):
    root, _, _, before = graded
    after = hashes(root)
    new = {path.relative_to(root / ".nbgrader").parts[0] for path in after if path not in before}

    assert {path: after.get(path) for path in before} == before
    assert new == {"gradebook.db", "autograded", "results"}


def test_nothing_is_left_in_the_folder_of_temporary_files(section):
    fill(section, GOOD)
    with tempfile.TemporaryDirectory() as temporary:  # not tmp_path: the path of a socket in it must be short
        code, _, said = apart(section.root, TMPDIR=temporary)

        assert (code, os.listdir(temporary)) == (0, []), said


def test_the_results_are_stored_beside(graded):
    stored = {each.student: each for each in result.stored(graded[0] / ".nbgrader", NAME)}

    assert {student for student, each in stored.items() if each.status == result.GRADED} == CLASS.keys() - {
        "roto"
    }
    assert (stored["bea"].core, stored["bea"].extra) == (10, 2)
    assert [(mark.exercise, mark.number, mark.bonus) for mark in stored["bea"].marks] == [
        ("fetch_all", "1.1", False),
        ("round_trip", "Reto", True),
    ]


@pytest.mark.parametrize(
    "arguments", [["--workers", "1"], ["--workers", "2"], ["--workers", "3"]], ids=lambda a: a[1]
)
def test_the_marks_depend_neither_on_the_workers_nor_on_the_order(graded, section, monkeypatch, arguments):
    fill(section)
    order = random.Random(arguments[1]).sample([*CLASS], len(CLASS))
    monkeypatch.setattr(Course, "students", lambda course, name: iter(order))

    assert grade_class(section.root, *arguments) == 1
    assert rows(section.root) == rows(graded[0])


# --resume


def graded_again(capsys, root, *arguments):
    """The students that a further run grades."""
    capsys.readouterr()
    grade_class(root, *arguments)
    lines = capsys.readouterr().out.splitlines()
    return [line.split("  ")[1] for line in lines if f"  {NAME}  " in line]


def test_resume_grades_what_is_new_or_changed_or_not_graded(section, capsys):
    root = section.root
    fill(section, [*GOOD, "roto"])
    grade_class(root)
    submit(root, "ana", written(section))
    fill(section, ["dani"])
    stamp(root, "carla", "2026-03-01 12:00:00 UTC")

    assert sorted(graded_again(capsys, root, "--resume")) == ["ana", "carla", "dani", "roto"]
    assert sorted(graded_again(capsys, root, "--resume")) == ["roto"]
    assert len(graded_again(capsys, root)) == 5


def test_resume_grades_all_again_when_the_course_has_changed(section, capsys):
    fill(section, GOOD)
    grade_class(section.root)
    save(section.source_path.parent / "helper.py", "x = 1")

    assert sorted(graded_again(capsys, section.root, "--resume")) == sorted(GOOD)


def test_resume_grades_again_what_the_gradebook_does_not_have(section, capsys):
    fill(section, GOOD)
    grade_class(section.root)
    edit(section.root, lambda book: book.remove_submission(NAME, "ana"))

    assert graded_again(capsys, section.root, "--resume") == ["ana"]


def test_resume_keeps_no_mark_of_a_run_without_sandbox(section, capsys):
    fill(section, GOOD)
    grade_class(section.root, "--unsafe-no-sandbox")

    assert len(graded_again(capsys, section.root, "--resume")) == 3


def test_what_is_kept_counts_in_the_table(section, capsys):
    fill(section, GOOD)
    grade_class(section.root)
    capsys.readouterr()

    assert grade_class(section.root, "--resume") == 0
    assert "3 entregas en" in capsys.readouterr().out


# Sandbox


@pytest.fixture
def without_bwrap(tmp_path):
    """A PATH with all programs but bwrap."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("alembic", "node", "setpriv"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return str(folder)


def test_without_a_sandbox_it_refuses_and_nothing_is_written(section, without_bwrap):
    fill(section, GOOD)
    before = hashes(section.root)

    code, out, err = apart(section.root, PATH=without_bwrap)

    assert (code, out) == (2, "")
    assert "instala bubblewrap" in err
    assert len(err.splitlines()) == 1
    assert hashes(section.root) == before


def test_who_asks_for_it_by_name_is_warned_on_each_run_and_it_is_marked(section, without_bwrap):
    fill(section, GOOD)

    for _ in range(2):
        code, out, err = apart(section.root, "--unsafe-no-sandbox", PATH=without_bwrap)

        assert (code, err.count(NO_SANDBOX)) == (0, 1)
        assert out.count("(sin sandbox)") == 3
        assert "SIN SANDBOX" in out
    assert not any(each.sandboxed for each in result.stored(section.root / ".nbgrader", NAME))


# What it is asked for


def test_one_student_or_one_section_can_be_named(section, capsys):
    fill(section, GOOD)

    arguments = ["1", "--student", "ana", "--student", "bea"]

    assert sorted(graded_again(capsys, section.root, *arguments)) == ["ana", "bea"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["7"], f"No hay sección «7»: prueba con {NAME}."),
        (["01_mni"], f"No hay sección «01_mni»: prueba con {NAME}."),
        (["--student", "anna"], "No hay entregas de «anna»: prueba con --student ana."),
        (["--workers", "0"], "«0» no es un número de procesos"),
        (["--dask", "tcp://127.0.0.1:1"], "Dask"),
    ],
)
def test_what_it_does_not_know_is_said_with_what_to_do(section, arguments, text):
    fill(section, GOOD)

    with pytest.raises(Unable) as caught:
        grade_class(section.root, *arguments)
    assert text in str(caught.value)


@pytest.mark.parametrize("arguments", [[], [NAME]])
def test_without_submissions_it_says_where_they_are_expected(section, arguments):
    with pytest.raises(Unable, match=r"No hay entregas.*ponlas en .*submitted/ALUMNO"):
        grade_class(section.root, *arguments)


def test_links_and_stray_files_among_the_students(section, capsys):
    fill(section, ["bea"])
    submitted = section.root / ".nbgrader" / "submitted"
    (submitted / "enlace").symlink_to(submitted / "bea")
    save(submitted / "notas.txt", "x")
    (submitted / "sin_nada").mkdir()

    assert sorted(graded_again(capsys, section.root)) == ["bea", "enlace"]


def test_a_name_that_would_command_the_terminal_is_shown_harmless(section, capsys):
    submit(section.root, "\x1b[2Jmal[bold]o", written(section))

    assert grade_class(section.root) == 0
    out = capsys.readouterr().out
    assert "\x1b[2J" not in out
    assert "�[2Jmal[bold]o" in out


@pytest.mark.parametrize("text", ["ayer", "x" * 5000, "\xff", "9" * 30])
def test_a_timestamp_that_is_none_is_remarked(section, capsys, text):
    fill(section, ["bea"])
    stamp(section.root, "bea", text)

    assert grade_class(section.root) == 0
    assert "timestamp.txt no dice una fecha" in capsys.readouterr().out


def test_the_options_are_read_without_building_an_environment():
    assert parse(["3", "--resume"]).sections == ["3"]
    with pytest.raises(Unable):
        parse(["--resumee"])
