"""`check`: the visible checks without JupyterLab, each exercise done, wrong or not attempted."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading

import nbformat
import pytest
from course import FETCH_ALL, TEST_FETCH_ALL, Unstartable
from nbformat.v4 import new_code_cell, new_markdown_cell
from small_class import FETCH, NOT_EMPTY, SEQUENTIAL, answered, cell, course, save
from tree import NAME, ROOT

from grader.__main__ import main
from grader.checks.outcome import CheckFailed
from grader.cli.trouble import Unable
from grader.judge import sandbox, session
from grader.judge.check import run
from grader.judge.roles import label

DEADLINE = 120  # seconds until a test that waits for another process gives up


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return course(tmp_path_factory.mktemp("made"))


@pytest.fixture
def section(made, tmp_path):
    """The course in a folder of its own, with the student's work/ as it was copied."""
    shutil.copytree(made.root / "notebooks", tmp_path / "notebooks")
    shutil.copytree(made.root / "notebooks", tmp_path / "work")
    return made


def work(root, name=NAME):
    return root / "work" / name / f"{name}.ipynb"


def checked(root, capsys, *arguments):
    """Check; return the exit code and the lines of standard output."""
    code = run(root, list(arguments))
    return code, capsys.readouterr().out.splitlines()


def test_an_untouched_notebook_is_not_attempted(section, tmp_path, capsys):
    code, lines = checked(tmp_path, capsys)

    assert code == 0
    assert lines[:4] == [
        "01_mini",
        "  ○ 1.1 fetch_all     0 de 10 p   sin intentar",
        "  ○ Reto round_trip   0 de 2 p extra   sin intentar",
        "  ···················· 0 de 10 puntos",
    ]


def test_solved_exercises_fill_the_bar_and_the_reto_is_extra(section, tmp_path, capsys):
    save(work(tmp_path), answered(section))

    code, lines = checked(tmp_path, capsys)

    assert code == 0
    assert lines[1:4] == [
        "  ✓ 1.1 fetch_all     10 de 10 p",
        "  ✓ Reto round_trip   2 de 2 p extra",
        "  ████████████████████ 10 de 10 puntos y 2 extra",
    ]


def test_a_wrong_answer_is_told_what_the_notebook_tells(section, tmp_path, capsys):
    save(work(tmp_path), answered(section, fetch_all=SEQUENTIAL))
    names = {}
    exec(
        f"import asyncio\nfrom grader import *\nfrom grader.checks.service import Tokens\n{SEQUENTIAL}",
        names,
    )
    with pytest.raises(CheckFailed) as told:
        exec(TEST_FETCH_ALL, names)

    code, lines = checked(tmp_path, capsys)

    assert code == 0
    text = "\n".join(line.strip() for line in lines)
    assert "\n".join(line.strip() for line in str(told.value).splitlines()) in text
    assert "total 6 s (esperado 3 s: +3 s)" in text


def test_hidden_cases_are_not_checked_and_that_is_said(section, tmp_path, capsys):
    save(work(tmp_path), answered(section, fetch_all=NOT_EMPTY))

    _, lines = checked(tmp_path, capsys)

    assert "✓ 1.1 fetch_all" in lines[1]
    assert "ocultas" in lines[-1]


def test_a_cell_that_hangs_costs_its_exercise_only(section, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(session, "CELL_LIMIT", 2.0)
    monkeypatch.setattr(session, "GRACE", 1.0)
    save(work(tmp_path), answered(section, fetch_all=FETCH + "while True: pass"))

    code, lines = checked(tmp_path, capsys)

    assert code == 0
    assert "✗ 1.1 fetch_all" in lines[1]
    assert any("✓ Reto round_trip" in line for line in lines)


def test_without_work_the_release_is_checked(section, tmp_path, capsys):
    shutil.rmtree(tmp_path / "work")

    code, lines = checked(tmp_path, capsys)

    assert (code, lines[0]) == (0, NAME)


def second(root, name="02_more"):
    """Put the section into the course once more, under another name."""
    for folder in ("notebooks", "work"):
        (root / folder / name).mkdir()
        shutil.copy(root / folder / NAME / f"{NAME}.ipynb", root / folder / name / f"{name}.ipynb")


def test_several_sections_end_with_the_total(section, tmp_path, capsys):
    second(tmp_path)
    save(work(tmp_path), answered(section))

    _, lines = checked(tmp_path, capsys)
    _, alone = checked(tmp_path, capsys, "01")

    assert lines[lines.index("En total") + 1] == "  ██████████·········· 10 de 20 puntos y 2 extra"
    assert "En total" not in alone


def test_what_a_person_marks_is_listed_and_in_no_bar(section, tmp_path, capsys):
    marks = {"grade": True, "solution": True, "locked": False, "task": False, "schema_version": 3}
    note = new_markdown_cell(metadata={"nbgrader": {"grade_id": "note", "points": 4, **marks}})
    for folder in ("notebooks", "work"):
        file = tmp_path / folder / NAME / f"{NAME}.ipynb"
        book = nbformat.read(file, as_version=4)
        book.cells += [new_markdown_cell("### Nota de diseño · 4 puntos\n\nEscribe."), note]
        save(file, book)

    _, lines = checked(tmp_path, capsys)

    assert lines[3:5] == [
        "  · Nota de diseño    4 p   los pone una persona",
        "  ···················· 0 de 10 puntos",
    ]


@pytest.mark.parametrize(
    ("grade_id", "source", "told"),
    [
        ("abort_controller", "class AbortController:\n    pass", "11.2 AbortController"),
        ("fixed", "def fixed_a(): ...\ndef fixed_b(): ...", "11.2 fixed"),
        ("all_", "def all_(): ...", "11.2 all_"),
    ],
)
def test_an_exercise_goes_by_the_name_that_its_cell_defines(grade_id, source, told):
    marks = {"nbgrader": {"grade_id": grade_id}, "grader": {"exercise": "11.2"}}

    assert label(new_code_cell(source, metadata=marks)) == told


@pytest.mark.parametrize("text", ["1", "01", NAME])
def test_a_section_goes_by_its_number_or_its_name(section, tmp_path, capsys, text):
    _, lines = checked(tmp_path, capsys, text)

    assert lines[0] == NAME


def test_an_unknown_section_is_answered_with_those_there_are(section, tmp_path):
    shutil.copytree(tmp_path / "notebooks" / NAME, tmp_path / "notebooks" / "03_tasks")

    with pytest.raises(Unable, match=r"No hay sección «99»: usa 01, 03\."):
        run(tmp_path, ["99"])


def test_a_section_that_is_not_in_work_is_said_so(section, tmp_path):
    shutil.rmtree(tmp_path / "work" / NAME)

    with pytest.raises(Unable, match="Falta 01_mini en work/"):
        run(tmp_path, ["01"])
    with pytest.raises(Unable, match="No hay notebooks que comprobar"):
        run(tmp_path, [])


def test_bad_input_ends_the_command_with_2_and_one_line(capsys):
    assert main(["check", "99"]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("No hay sección «99»: usa ")
    assert len(told.err.splitlines()) == 1


def test_a_notebook_that_cannot_be_read_does_not_keep_the_others_from_being_checked(
    section, tmp_path, capsys
):
    for folder in ("notebooks", "work"):
        shutil.copytree(tmp_path / folder / NAME, tmp_path / folder / "00_first")
        source = tmp_path / folder / "00_first" / f"{NAME}.ipynb"
        source.rename(source.with_name("00_first.ipynb"))
    save(work(tmp_path, "00_first"), "{")

    code = run(tmp_path, [])

    told = capsys.readouterr()
    assert code == 2
    assert told.err == (
        "00_first.ipynb no se puede comprobar: no es JSON válido en UTF-8 (línea 1): "
        "recupera una copia que se abra en JupyterLab.\n"
    )
    assert told.out.splitlines()[0] == NAME


def test_a_student_needs_no_sandbox(section, tmp_path, capsys, monkeypatch):
    """It is their own code: `check` works where bubblewrap does not exist."""
    monkeypatch.setenv("PATH", str(tmp_path))
    sandbox._probed.cache_clear()
    try:
        code, lines = checked(tmp_path, capsys)
    finally:
        sandbox._probed.cache_clear()

    assert code == 0
    assert lines[1].startswith("  ○ 1.1 fetch_all")


def test_a_check_that_does_not_start_is_no_wrong_answer(section, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sandbox, "find", lambda unsafe: Unstartable())

    code, lines = checked(tmp_path, capsys)

    assert code == 2
    assert lines[1].startswith("  ? 1.1 fetch_all")


def test_a_test_that_fails_by_itself_is_no_wrong_answer_either(section, tmp_path, capsys):
    file = tmp_path / "notebooks" / NAME / f"{NAME}.ipynb"
    book = nbformat.read(file, as_version=4)
    cell(book, "test-fetch-all-a").source += "\nnobody"
    save(file, book)
    save(work(tmp_path), answered(section))

    code, lines = checked(tmp_path, capsys)

    assert code == 2
    assert lines[1].startswith("  ? 1.1 fetch_all")
    assert "la prueba se interrumpe (NameError: name 'nobody' is not defined)" in lines[2]


class Watch:
    """A running `check --watch`; `until` reads what it prints, up to a line that holds a text."""

    def __init__(self, root):
        code = f"import pathlib, sys\nfrom grader.judge.check import run\nsys.exit(run(pathlib.Path({str(root)!r}), ['--watch']))"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def until(self, text):
        while text not in self.lines.get(timeout=DEADLINE):
            pass


@pytest.fixture
def watching(section, tmp_path):
    watch = Watch(tmp_path)
    yield watch
    watch.process.kill()
    watch.process.wait()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C as a signal to one process exists on POSIX only")
def test_watching_checks_at_each_save_until_ctrl_c(section, tmp_path, watching):
    watching.until("0 de 10 puntos")
    save(work(tmp_path), "{")
    watching.until("no se puede comprobar")
    save(work(tmp_path), answered(section, fetch_all=FETCH_ALL))
    watching.until("10 de 10 puntos")

    watching.process.send_signal(signal.SIGINT)

    assert watching.process.wait(DEADLINE) == 0
