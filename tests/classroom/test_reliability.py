"""A class of hostile and unlucky submissions, graded by the command as an instructor does, two at once."""

import hashlib
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hostile import CASES
from small_class import course
from tree import NAME, ROOT

from grader.classroom.result import FAULT, load, path_of
from grader.judge import sandbox

try:
    sandbox.find()
except sandbox.NoSandbox as reason:
    pytest.skip(f"NOT TESTED, the whole reliability suite: {reason}", allow_module_level=True)

GRADE = "import sys; from pathlib import Path; from grader.classroom import grade; "
GRADE += "sys.exit(grade.run(Path(sys.argv[1]), sys.argv[2:]))"
MADE = ("autograded", "results", "gradebook.db")  # what grading may write, below .nbgrader/


def hashes(root):
    """Every file below `root` but what grading makes, with a hash of what it holds."""
    found = {}
    for path in root.rglob("*"):
        parts = path.relative_to(root).parts
        made = parts[0] == ".nbgrader" and len(parts) > 1 and parts[1] in MADE
        if not made and path.is_file() and not path.is_symlink():
            found["/".join(parts)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    home = tmp_path_factory.mktemp("home")
    section = course(root)
    for student, case in CASES.items():
        case.make(section, root / ".nbgrader" / "submitted" / student / NAME)
    before = hashes(root)
    done = subprocess.run(
        [sys.executable, "-c", GRADE, str(root), "--workers", "2"],
        env=os.environ | {"HOME": str(home), "COLUMNS": "200"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    data = root / ".nbgrader"
    results = {student: load(path_of(data, NAME, student)) for student in CASES}
    return SimpleNamespace(
        code=done.returncode,
        lines=done.stdout.splitlines(),
        errors=done.stderr,
        results=results,
        before=before,
        after=hashes(root),
        home=[path for path in home.rglob("*") if path.is_file() and ".cache" not in path.parts],
        data=data,
    )


@pytest.mark.parametrize("student", CASES)
def test_a_submission_gets_what_it_earned_and_a_reason(term, student):
    case, result = CASES[student], term.results[student]
    assert result is not None, term.errors
    said = [line for line in term.lines if f" {student} " in line]
    at = term.lines.index(said[0])
    told = "\n".join([*term.lines[at : at + 5], result.reason, *(mark.full for mark in result.marks)])

    assert result.status == case.status, told
    assert (None if case.points is None else (result.core, result.extra)) == case.points, told
    assert re.search(case.says, told), told
    assert len(said) == 1


def test_the_batch_ends_and_says_that_not_everything_was_graded(term):
    assert term.code == 1
    assert f"{len(CASES)} entregas en " in term.lines[-1]
    assert term.errors == ""


def test_nothing_is_a_fault_of_ours(term):
    assert [student for student, result in term.results.items() if result.status == FAULT] == []


def test_nothing_changes_but_what_grading_makes(term):
    assert term.after == term.before
    assert term.home == []


def test_what_could_not_be_graded_left_no_notebook(term):
    kept = {path.parts[-3] for path in (term.data / "autograded").glob("*/*/*.ipynb")}

    assert kept == {student for student, case in CASES.items() if case.points is not None}
