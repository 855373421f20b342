"""`grade` is killed at chosen moments and run again: the gradebook is that of an undisturbed run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from graded_class import course, fill, grade_class, registered, rows, twin
from small_class import graded
from tree import NAME

from grader.classroom import result

HERE = Path(__file__).resolve().parents[1]
STUDENTS = ["bea", "ana", "carla", "tarde", "roto"]
MOMENTS = [
    ("version:1", []),  # nbgrader makes the gradebook
    ("cell:2", ["--resume"]),  # nbgrader notes the section's cells
    ("rows:2", ["--resume"]),  # of a submission nothing is written
    ("commit:3", []),  # all is written, in a transaction that stays open
    ("notebook:2", ["--resume"]),  # the rows are saved, the notebook is not
    ("notebook:3", []),
    ("+notebook:3", ["--resume"]),  # the notebook too, the result is not
    ("line:1", ["--resume"]),  # all is saved, nobody was told
    ("+line:4", []),
]


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    section = course(tmp_path_factory.mktemp("bare") / "course")
    fill(section, STUDENTS)
    return section.root


@pytest.fixture(scope="module")
def known(bare, tmp_path_factory):
    return registered(twin(bare, tmp_path_factory.mktemp("known") / "course")).root


@pytest.fixture(scope="module")
def undisturbed(known, tmp_path_factory):
    section = twin(known, tmp_path_factory.mktemp("undisturbed") / "course")
    grade_class(section.root)
    return section.root


def killed(root, moment):
    """Run `grade` until it is killed; return its exit code and how many lines it printed."""
    command = [sys.executable, str(HERE / "killed_grade.py"), moment, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent, env=os.environ)
    return done.returncode, done.stdout.count(f"  {NAME}  ")


@pytest.mark.parametrize(("moment", "arguments"), MOMENTS, ids=str)
def test_a_second_run_gives_what_an_undisturbed_one_gives(
    moment, arguments, bare, known, undisturbed, tmp_path
):
    root = twin(bare if moment.startswith(("version", "cell")) else known, tmp_path / "course").root
    code, _ = killed(root, moment)
    assert code == -9

    assert grade_class(root, *arguments) == 1
    assert rows(root) == rows(undisturbed)
    for student in STUDENTS[:-1]:
        assert graded(root, student) == graded(undisturbed, student)


def test_what_has_a_line_is_saved_and_is_not_graded_again(known, tmp_path, capsys):
    section = twin(known, tmp_path / "course")
    _, printed = killed(section.root, "+line:3")
    stored = [
        each for each in result.stored(section.root / ".nbgrader", NAME) if each.status == result.GRADED
    ]
    assert printed == 3
    assert len(stored) >= 2

    grade_class(section.root, "--resume")

    assert capsys.readouterr().out.count(f"  {NAME}  ") == len(STUDENTS) - len(stored)
