"""notebooks/ is what nbgrader makes of solutions/: the same bytes each time, and nothing a student must find out."""

import os
import re
import subprocess
import sys
import sysconfig

import pytest
from nbformat.v4 import new_markdown_cell, new_output
from tree import NAME, edit, lay, notebook, put

from grader.authoring import notebook_format, release
from grader.authoring.section import Section
from grader.cli.trouble import Unable


@pytest.fixture
def course(tmp_path, capsys):
    root = lay(tmp_path / "course", notebook())
    capsys.readouterr()
    return root


def released(root):
    return {cell.id: cell for cell in notebook_format.read(Section(root, NAME).release_path).cells}


def change(root, alter):
    """Alter the source and release it again."""
    edit(Section(root, NAME).source_path, alter)
    release.release(root)


def test_two_releases_have_the_same_bytes(course, tmp_path):
    for name in ("first", "second"):
        release.generate(course, tmp_path / name, [NAME])

    path = f"{NAME}/{NAME}.ipynb"
    assert (tmp_path / "first" / path).read_bytes() == (tmp_path / "second" / path).read_bytes()


def test_plain_nbgrader_makes_the_same_bytes(course):
    path = Section(course, NAME).release_path
    ours = path.read_bytes()
    path.unlink()
    environment = os.environ | {"PATH": sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]}

    command = [sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--no-db"]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == ours


def test_a_release_leaves_no_gradebook_and_stays_in_its_folder(course, tmp_path):
    before = os.getcwd()
    release.generate(course, tmp_path / "out", [NAME])

    assert os.getcwd() == before
    assert not list(tmp_path.rglob("gradebook.db"))
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == [f"{NAME}.ipynb"]


def test_a_solution_becomes_a_spanish_stub_under_its_docstring(course):
    lines = released(course)["fetch-all"].source.splitlines()

    assert lines[1].strip() == '"""Pide todos los usuarios a la vez."""'
    assert [line.strip() for line in lines[2:]] == ["# ESCRIBE TU CÓDIGO AQUÍ", "raise NotImplementedError()"]


def test_an_answer_in_prose_becomes_a_spanish_stub(course):
    def alter(cells, source):
        marks = {"grade": True, "solution": True, "locked": False, "task": False, "points": 1}
        metadata = {"nbgrader": {"grade_id": "why", "schema_version": 3, **marks}}
        source.cells.append(new_markdown_cell("Porque sí.", id="why", metadata=metadata))

    change(course, alter)

    assert released(course)["why"].source == "*Escribe aquí tu respuesta.*"


def test_hidden_tests_are_gone_and_visible_ones_are_there(course):
    source = released(course)["test-fetch-all-a"].source

    assert "las tres peticiones se solapan" in source
    assert "sin usuarios" not in source
    assert "HIDDEN" not in source


def test_outputs_and_execution_counts_are_gone(course):
    def alter(cells, source):
        cells["c01-example"].update(execution_count=1, outputs=[new_output("stream", text="hola")])

    change(course, alter)
    cell = released(course)["c01-example"]

    assert (cell.outputs, cell.execution_count) == ([], None)


def test_tests_of_the_release_alone_are_tagged_so_that_run_all_goes_on(course):
    source = {cell.id: cell for cell in notebook_format.read(Section(course, NAME).source_path).cells}

    tagged = [
        name for name, cell in released(course).items() if "raises-exception" in cell.metadata.get("tags", [])
    ]

    assert tagged == ["c01-error", "test-fetch-all-a", "test-round-trip-a"]
    assert "tags" not in source["test-fetch-all-a"].metadata


def test_a_tag_does_not_change_the_checksum_and_keeps_the_others(course):
    before = released(course)["test-fetch-all-a"].metadata.nbgrader.checksum

    change(
        course, lambda cells, source: cells["test-fetch-all-a"].metadata.update(tags=["nbval-ignore-output"])
    )
    after = released(course)["test-fetch-all-a"].metadata

    assert after.tags == ["nbval-ignore-output", "raises-exception"]
    assert after.nbgrader.checksum == before


def test_other_files_of_a_section_travel(course):
    put(course / "solutions" / NAME / "cpu_work.py", "def burn(): ...\n")
    put(course / "solutions" / NAME / ".ipynb_checkpoints" / f"{NAME}-checkpoint.ipynb", "old")
    release.release(course)

    found = sorted(path.name for path in (course / "notebooks").rglob("*") if path.is_file())

    assert found == [f"{NAME}.ipynb", "cpu_work.py", "errata.ipynb", "glosario.ipynb", "indice.ipynb"]


def test_a_release_puts_the_source_into_normal_form(course, capsys):
    path = Section(course, NAME).source_path
    good = path.read_text()
    path.write_text(good.replace('"name": "python"\n', '"name": "python",\n   "version": "3.12.1"\n'))
    assert path.read_text() != good

    release.release(course)

    assert path.read_text() == good
    assert f"✓ solutions/{NAME}/{NAME}.ipynb: en forma normal" in capsys.readouterr().out


def test_a_release_without_changes_writes_nothing(course, capsys):
    path = Section(course, NAME).release_path
    before = path.stat().st_mtime_ns

    code = release.release(course)

    assert (code, path.stat().st_mtime_ns) == (0, before)
    assert capsys.readouterr().out == "notebooks/: 1 de solutions/, 0 ficheros escritos, 0 sobran\n"


def test_a_file_of_no_section_is_named_and_left_to_a_person(course, capsys):
    stray = course / "notebooks" / "02_old" / "02_old.ipynb"
    put(stray, "{}")

    code = release.release(course)

    assert (code, stray.exists()) == (1, True)
    assert "✗ notebooks/02_old/02_old.ipynb: no sale de solutions/; bórralo" in capsys.readouterr().out


def test_check_passes_on_a_fresh_release(course, capsys):
    assert release.check(course) == 0
    assert capsys.readouterr().out == "✓ notebooks/ coincide con solutions/ (1 secciones)\n"


def test_check_names_each_file_that_differs_and_what_to_run_and_writes_nothing(course, capsys):
    kept = course / "notebooks"
    path = Section(course, NAME).release_path
    put(path, path.read_text() + "\n")
    put(kept / "extra.txt", "")
    put(course / "solutions" / NAME / "cpu_work.py", "")

    code = release.check(course)

    assert code == 1
    assert capsys.readouterr().out.splitlines() == [
        f"✗ notebooks/{NAME}/{NAME}.ipynb: difiere",
        f"✗ notebooks/{NAME}/cpu_work.py: falta",
        "✗ notebooks/extra.txt: sobra",
        "Ejecuta python3 -m grader release",
    ]
    assert not (kept / NAME / "cpu_work.py").exists()


def test_a_folder_that_is_no_section_is_refused(course):
    put(course / "solutions" / "Borrador" / "notas.txt", "")

    with pytest.raises(Unable, match="solutions/Borrador no es una sección"):
        release.release(course)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "run_virtual(fetch_all, [1, 2, 3], fetch)",
            "assert await fetch_all([1], fetch) == [1]\nrun_virtual(fetch_all, [1, 2, 3], fetch)",
            "(test_fetch_all_a, line 3: 'await' outside function; a test cell is plain Python, without magics",
        ),
        ("elapsed=3", "elapsd=3", "(test_fetch_all_a, line 3: expect has no elapsd: it takes error, value, elapsed"),
        ("elapsed=3", "findings=['leak']", "line 3: there are no findings 'leak': there are never-awaited"),
        ("run_virtual(fetch_all, [1, 2, 3]", "%time run_virtual(fetch_all, [1, 2, 3]", "line 3: invalid syntax"),
    ],
)  # fmt: skip
def test_a_test_cell_that_would_give_everybody_the_same_is_not_released(course, old, new, said):
    before = Section(course, NAME).release_path.read_bytes()

    def alter(cells, source):
        assert old in cells["test-fetch-all-a"].source
        cells["test-fetch-all-a"].source = cells["test-fetch-all-a"].source.replace(old, new)

    with pytest.raises(Unable, match=re.escape(said)):
        change(course, alter)
    assert Section(course, NAME).release_path.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("return [await fn(1)", "fnn(1); return [await fn(1)", "NameError: name 'fnn' is not defined"),
        ("elapsed=2", "elapsed=3", "Esperaba: 3 s"),
        ("run_virtual(twice", "run_virtaul(twice", "NameError: name 'run_virtaul' is not defined"),
    ],
)
def test_tests_that_the_course_s_own_solution_does_not_pass_are_not_released(course, old, new, said):
    before = Section(course, NAME).release_path.read_bytes()

    def alter(cells, source):
        assert old in cells["test-round-trip-a"].source
        cells["test-round-trip-a"].source = cells["test-round-trip-a"].source.replace(old, new)

    with pytest.raises(Unable, match=rf"La solución no pasa su prueba \({NAME}, test_round_trip_a: .*{said}"):
        change(course, alter)
    assert Section(course, NAME).release_path.read_bytes() == before


def test_a_notebook_that_nbgrader_refuses_is_named(course):
    before = Section(course, NAME).release_path.read_bytes()

    def alter(cells, source):
        cells["fetch-all"].source = cells["fetch-all"].source.replace("END SOLUTION", "FIN")

    edit(Section(course, NAME).source_path, alter)

    with pytest.raises(Unable, match=f"nbgrader no publica solutions/{NAME} .*no end solution"):
        release.release(course)
    assert Section(course, NAME).release_path.read_bytes() == before


def test_the_command_takes_check_and_nothing_else():
    with pytest.raises(Unable, match="Opciones no válidas"):
        release.main(["--chek"])
