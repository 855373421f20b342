"""`reset`: an exercise back to its stub, and nothing that was written is lost."""

import copy
import json
import shutil

import pytest
from course import FETCH_ALL, ROUND_TRIP
from nbformat import read
from small_class import SEQUENTIAL, answered, cell, course, save
from tree import NAME

from grader.cli.trouble import Unable
from grader.judge.reset import run


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return course(tmp_path_factory.mktemp("made"))


@pytest.fixture
def section(made, tmp_path):
    shutil.copytree(made.root / "notebooks", tmp_path / "notebooks")
    save(work(tmp_path), answered(made))
    return made


def work(root):
    return root / "work" / NAME / f"{NAME}.ipynb"


def kept(root):
    return {path.name: path.read_text(encoding="utf-8") for path in work(root).parent.glob("antes-*")}


def sources(path):
    return [cell.source for cell in read(path, as_version=4).cells]


def test_one_exercise_goes_back_and_its_text_lies_beside_the_notebook(section, tmp_path, capsys):
    assert run(tmp_path, ["01", "1.1"]) == 0

    expected = [
        cell.source for cell in answered(section, fetch_all=cell(section.release, "fetch-all").source).cells
    ]
    assert sources(work(tmp_path)) == expected
    assert kept(tmp_path) == {"antes-1.1-1.py": FETCH_ALL + "\n"}
    assert "lo que tenías está en work/01_mini/antes-1.1-1.py" in capsys.readouterr().out


def test_without_an_exercise_all_of_the_section_go_back(section, tmp_path):
    run(tmp_path, ["1"])

    assert sources(work(tmp_path)) == [cell.source for cell in section.release.cells]
    assert kept(tmp_path) == {"antes-1.1-1.py": FETCH_ALL + "\n", "antes-Reto-1.py": ROUND_TRIP + "\n"}


@pytest.mark.parametrize("name", ["reto", "Reto", "round_trip"])
def test_an_exercise_goes_by_its_number_or_its_name(section, tmp_path, name):
    run(tmp_path, ["1", name])

    assert list(kept(tmp_path)) == ["antes-Reto-1.py"]


def test_what_was_kept_before_stays(section, tmp_path):
    run(tmp_path, ["1", "1.1"])
    save(work(tmp_path), answered(section, fetch_all=SEQUENTIAL))
    run(tmp_path, ["1", "1.1"])

    assert kept(tmp_path) == {"antes-1.1-1.py": FETCH_ALL + "\n", "antes-1.1-2.py": SEQUENTIAL + "\n"}


def test_a_stub_is_not_kept(section, tmp_path, capsys):
    save(work(tmp_path), section.release)

    run(tmp_path, ["1", "1.1"])

    assert kept(tmp_path) == {}
    assert "ya era el esqueleto" in capsys.readouterr().out


def test_all_copies_of_a_cell_are_kept_and_one_stub_is_left(section, tmp_path):
    book = answered(section)
    second = copy.deepcopy(cell(book, "fetch-all"))
    second.id, second.source = "copy", SEQUENTIAL
    book.cells.append(second)
    save(work(tmp_path), book)

    run(tmp_path, ["1", "1.1"])

    assert sorted(kept(tmp_path).values()) == sorted([FETCH_ALL + "\n", SEQUENTIAL + "\n"])
    assert len(sources(work(tmp_path))) == len(section.release.cells)


def test_a_deleted_cell_comes_back_to_its_place(section, tmp_path, capsys):
    book = answered(section)
    book.cells.remove(cell(book, "fetch-all"))
    save(work(tmp_path), book)

    run(tmp_path, ["1", "1.1"])

    assert [each["id"] for each in json.loads(work(tmp_path).read_text())["cells"]] == [
        each.id for each in section.release.cells
    ]
    assert "vuelve su celda, que faltaba" in capsys.readouterr().out


def test_nothing_else_of_the_notebook_changes(section, tmp_path):
    before = json.loads(work(tmp_path).read_text())
    before["metadata"]["mine"], before["cells"][0]["metadata"]["odd"] = [1], {"x": 2}
    save(work(tmp_path), before)

    run(tmp_path, ["1", "1.1"])

    after = json.loads(work(tmp_path).read_text())
    assert after["metadata"] == before["metadata"]
    changed = [old["id"] for old, new in zip(before["cells"], after["cells"], strict=True) if old != new]
    assert changed == ["fetch-all"]


def test_an_unknown_exercise_is_answered_with_those_there_are(section, tmp_path):
    with pytest.raises(Unable, match=r"no tiene ejercicio «7\.7»: usa 1\.1 fetch_all, Reto round_trip\."):
        run(tmp_path, ["1", "7.7"])


def test_a_notebook_that_cannot_be_read_is_left_as_it_is(section, tmp_path):
    save(work(tmp_path), "{")

    with pytest.raises(Unable, match="no se puede cambiar: no es JSON"):
        run(tmp_path, ["1"])
    assert work(tmp_path).read_text() == "{"


def test_a_mark_of_byte_order_as_windows_writes_it_does_not_matter(section, tmp_path):
    work(tmp_path).write_text("\ufeff" + work(tmp_path).read_text(encoding="utf-8"), encoding="utf-8")

    assert run(tmp_path, ["1"]) == 0


def test_without_work_there_is_nothing_to_reset(section, tmp_path):
    shutil.rmtree(tmp_path / "work")

    with pytest.raises(Unable, match="No hay work/"):
        run(tmp_path, ["1"])
