"""A submission is read as hostile data: its sources are kept, and what is no notebook is refused with what to do."""

import json
import re
import subprocess
import sys
import textwrap
from copy import deepcopy

import pytest
from course import FETCH_ALL, SETUP, course, submission
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell
from tree import ROOT

from grader.judge.files import NotGradable
from grader.judge.submission import MAX_CELLS, MAX_DEPTH, MAX_SOURCE, merge, parse, read, take

NAME = "01_mini"


def notebook(*cells, **changes):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [*cells] or [cell()]} | changes


def cell(**changes):
    return {"cell_type": "code", "id": "a", "metadata": {}, "source": ["a\r\n", "b"], "outputs": []} | changes


def text(book):
    return json.dumps(book).encode()


def parsed(**changes):
    """What is left of a single cell."""
    return parse(text(notebook(cell(**changes)))).cells[0]


def test_a_notebook_is_read_as_its_sources():
    assert parse(text(notebook())) == {
        "cells": [{"cell_type": "code", "id": "a", "metadata": {}, "source": "a\nb"}]
    }


def test_of_the_metadata_only_the_grade_id_is_left():
    marks = {"grade_id": "fetch_all", "points": 1000, "solution": True, "schema_version": 99}
    read = parsed(metadata={"nbgrader": marks, "tags": ["skip-execution"], "deletable": False})

    assert read.metadata == {"nbgrader": {"grade_id": "fetch_all"}}


BROKEN_CELLS = [
    {"metadata": []},
    {"metadata": None},
    {"metadata": {"nbgrader": []}},
    {"metadata": {"nbgrader": {"grade_id": ["x"]}}},
    {"metadata": {"nbgrader": {"grade_id": "x" * 201}}},
    {"id": None},
    {"id": {"a": 1}},
    {"id": "x" * 201},
    {"source": 3},
    {"source": [1, None]},
    {"cell_type": {"a": 1}},
    {"cell_type": None},
]


@pytest.mark.parametrize("broken", BROKEN_CELLS)
def test_wrong_types_in_a_cell_are_as_good_as_nothing(broken):
    book = parse(text(notebook(cell(**broken), "text", None, 3)))

    assert len(book.cells) == 1
    assert parsed(**broken).metadata == {}
    assert merge(course(), book)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("a\ud800b", "a�b"),
        (["\ud83d", "\ude00"], "\U0001f600"),
        ("a\x00b", "a�b"),
        ("x = 'niño \u202e'", "x = 'niño \u202e'"),
    ],
)
def test_a_source_can_always_be_written_down(source, kept):
    assert parsed(source=source).source == kept
    parsed(source=source).source.encode()


def test_numbers_that_nobody_needs_cost_nothing_and_change_nothing():
    extremes = f'"a": {"9" * 1_000_000}, "b": NaN, "c": -Infinity, "d": 1e999999, "e": 0.{"1" * 1_000_000}'
    data = text(notebook()).decode().replace("{", f"{{{extremes}, ", 1).encode()

    assert parse(data) == parse(text(notebook()))


def test_of_a_key_that_stands_twice_the_last_counts():
    data = b'{"nbformat": 3, "nbformat": 4, "cells": [], "cells": [{"source": "a", "source": "b"}]}'

    assert [cell.source for cell in parse(data).cells] == ["b"]


def test_a_mark_of_byte_order_as_windows_writes_it_is_no_reason_to_refuse():
    assert parse(b"\xef\xbb\xbf" + text(notebook())) == parse(text(notebook()))


def nested(depth):
    return b'{"nbformat": 4, "cells": [{"source": "]", "metadata": ' + b"[" * depth + b"]" * depth + b"}]}"


def test_as_deep_as_allowed_is_read():
    assert len(parse(nested(MAX_DEPTH - 3)).cells) == 1


OPENS = "recupera una copia que se abra en JupyterLab$"
SAVE = "ábrelo en JupyterLab y guárdalo otra vez$"
KEEP = "recupera una copia del notebook con tus respuestas$"
JSON = r"^no es JSON válido en UTF-8 \(línea 1\): " + OPENS
FORMAT = "^no es un notebook de formato 4"
REFUSED = {
    "empty": (b"", "^está vacío: " + KEEP),
    "blank": (b" \r\n\t", "^está vacío: " + KEEP),
    "zeros": (b"\0" * 4096, "^está vacío: " + KEEP),
    "cut": (text(notebook())[:-9], JSON),
    "python": (b"print(1)", JSON),
    "html": (b"<!DOCTYPE html>", JSON),
    "control character": (b'{"nbformat": "\n"}', JSON),
    "line": (b'{\n"nbformat":\n,}', r"\(línea 3\)"),
    "latin-1": (b'{"nbformat": 4, "cells": "\xf1"}', "^no es JSON válido en UTF-8: " + OPENS),
    "utf-16": (text(notebook()).decode().encode("utf-16"), "^está en UTF-16 o UTF-32: guárdalo como UTF-8$"),
    "utf-16-be": (text(notebook()).decode().encode("utf-16-be"), "^está en UTF-16 o UTF-32"),
    "utf-32": (text(notebook()).decode().encode("utf-32"), "^está en UTF-16 o UTF-32"),
    "list": (b"[]", FORMAT + ": entrega el archivo .ipynb que guarda JupyterLab$"),
    "text": (b'"nbformat"', FORMAT + ": entrega el archivo"),
    "other JSON": (b'{"name": "package"}', FORMAT + ": entrega el archivo"),
    "nbformat 3": (b'{"nbformat": 3, "worksheets": []}', FORMAT + ", sino 3: " + SAVE),
    "nbformat 5": (text(notebook(nbformat=5)), FORMAT + r", sino 5: .*\(python3 -m grader lab\)$"),
    "nbformat text": (text(notebook(nbformat="4")), FORMAT + ": entrega el archivo"),
    "nbformat float": (text(notebook(nbformat=4.5)), FORMAT + ": entrega el archivo"),
    "nbformat huge": (b'{"nbformat": 44444444444444}', FORMAT + ", sino 0"),
    "no list of cells": (text(notebook(cells={})), FORMAT + ": entrega el archivo"),
    "no cells": (text(notebook(cells=[])), "^no tiene celdas: " + KEEP),
    "no cell": (text(notebook(1, "a", None)), "^no tiene celdas: " + KEEP),
    "many cells": (text(notebook(*[{}] * (MAX_CELLS + 1))), "^tiene 2001 celdas y el máximo es 2000: borra"),
    "long cell": (
        text(notebook({}, {"source": "x" * (MAX_SOURCE + 1)})),
        "^su celda 2 tiene más de 200000 caracteres: acórtala o bórrala$",
    ),
    "deep": (
        nested(MAX_DEPTH - 2),
        "^su JSON tiene más de 200 niveles: borra sus salidas y guárdalo otra vez$",
    ),
    "very deep": (b"[" * 1_000_000, "^su JSON tiene más de 200 niveles"),
    "very deep in turns": (b'{"a":[' * 300_000, "^su JSON tiene más de 200 niveles"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_notebook_is_refused_with_its_reason_and_what_to_do(what):
    data, reason = REFUSED[what]

    with pytest.raises(NotGradable, match=reason) as refused:
        parse(data)
    assert "\n" not in str(refused.value)


def test_the_most_that_is_allowed_is_read():
    cells = parse(text(notebook(*[{}] * (MAX_CELLS - 1), {"source": "x" * MAX_SOURCE}))).cells

    assert len(cells) == MAX_CELLS


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["nbformat", "cells", "source", "metadata", "id", "cell_type"]), inner
        )
    ),
)


@given(values)
def test_of_any_json_comes_a_notebook_or_a_reason(value):
    for book in (value, notebook(value), notebook(cell(source=value, metadata=value, id=value))):
        read_or_refused(text(book))


@given(st.binary() | st.text().map(str.encode))
def test_of_any_bytes_comes_a_notebook_or_a_reason(data):
    read_or_refused(data)
    read_or_refused(text(notebook()) + data)
    read_or_refused(text(notebook())[: -1 - len(data)] + data)


def read_or_refused(data):
    reason = "all is well: go on"
    try:
        merge(course(), parse(data))
    except NotGradable as refused:
        reason = str(refused)
    assert re.fullmatch(r"[^\n]+: [^\n]+", reason)


MEMORY = """
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (600_000_000, 600_000_000))
    from grader.judge.submission import parse
    from grader.judge.files import MAX_BYTES, NotGradable
    head, tail = b'{"nbformat": 4, "cells": [', b"]}"
    for part in (b"[]", b"{}", b"0"):  # what takes most for its length
        count = (MAX_BYTES - len(head) - len(tail)) // (len(part) + 1)
        try:
            parse(head + b",".join([part] * count) + tail)
        except NotGradable as reason:
            print(reason)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
def test_no_file_takes_much_memory():
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEMORY)], capture_output=True, text=True, cwd=ROOT
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 3


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "submitted" / "ana" / NAME
    path.mkdir(parents=True)
    return path


def put(folder, *names, book=None):
    for name in names:
        (folder / name).write_bytes(text(book or notebook()))


def test_taking_gives_the_bytes_the_cells_and_what_lies_beside(folder):
    put(folder, f"{NAME}.ipynb", "grader.py", "timestamp.txt", f"{NAME}-Copy1.ipynb")
    (folder / ".ipynb_checkpoints").mkdir()

    taken = take(folder, NAME)

    assert taken.data == text(notebook())
    assert taken.notebook == parse(taken.data)
    assert taken.ignored == [f"{NAME}-Copy1.ipynb", "grader.py"]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ([], f"^falta {NAME}.ipynb: entrega el notebook con ese nombre$"),
        (["notes.txt"], f"^falta {NAME}.ipynb: entrega"),
        (["mini.ipynb"], f"^se llama «mini.ipynb»; debe llamarse {NAME}.ipynb: cámbiale el nombre$"),
        (["a\x1b.ipynb"], "^se llama «a�.ipynb»"),
        (
            ["a.ipynb", "b.IPYNB"],
            f"^hay 2 notebooks y ninguno se llama {NAME}.ipynb: da ese nombre al que cuenta$",
        ),
    ],
)
def test_a_wrong_name_is_told_with_the_right_one(folder, names, reason):
    put(folder, *names)

    with pytest.raises(NotGradable, match=reason):
        take(folder, NAME)


def test_a_linked_notebook_and_a_linked_folder_are_refused(folder, tmp_path):
    put(tmp_path, "source.ipynb")
    (folder / f"{NAME}.ipynb").symlink_to(tmp_path / "source.ipynb")
    (tmp_path / "submitted" / "eva").symlink_to(folder.parent)

    with pytest.raises(NotGradable, match=f"{NAME}.ipynb es un enlace"):
        take(folder, NAME)
    with pytest.raises(NotGradable, match="eva es un enlace"):
        take(tmp_path / "submitted" / "eva" / NAME, NAME)
    with pytest.raises(NotGradable, match=f"{NAME}.ipynb es un enlace"):
        read(folder / f"{NAME}.ipynb")


def test_one_s_own_notebook_may_lie_behind_a_linked_folder(folder, tmp_path):
    put(folder, f"{NAME}.ipynb")
    (tmp_path / "work").symlink_to(folder)

    assert read(tmp_path / "work" / f"{NAME}.ipynb") == parse(text(notebook()))


def hostile():
    """A solved notebook whose metadata, tests, tags and outputs all want something: safe-grading's case 24."""
    book = submission(added=["def helper():\n    return 1"])
    for each in book.cells:
        each.metadata.setdefault("nbgrader", {}).update(points=1000, schema_version=99, checksum="0")
        each.metadata["tags"] = ["skip-execution", "setup"]
        if each.id.startswith("test-"):
            each.source = "pass"
            each.metadata["nbgrader"]["solution"] = True
        each.outputs = [{"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}]
    return book


def rearranged():
    """Its cells copied, moved, deleted and retyped: case 25."""
    book = submission()
    book.cells.reverse()
    book.cells += deepcopy([each for each in book.cells if each.id == "test-fetch-all-a"])
    del book.cells[0]
    for each in book.cells:
        each.cell_type = "markdown" if each.id.startswith("test-") else each.cell_type
    return book


def test_case_24_edited_metadata_earns_and_costs_nothing(folder):
    put(folder, f"{NAME}.ipynb", book=hostile())

    merged = merge(course(), take(folder, NAME).notebook)

    assert [
        each for each in merged.cells if each.metadata != {"grader": {"origin": "student"}}
    ] == course().cells
    assert [each.source for each in merged.cells if each not in course().cells] == [
        "def helper():\n    return 1"
    ]


def test_case_25_rearranged_cells_return_to_their_place(folder):
    put(folder, f"{NAME}.ipynb", book=rearranged())

    assert merge(course(), take(folder, NAME).notebook).cells == course().cells


def test_a_student_s_own_cells_are_kept_whatever_their_marks(folder):
    book = submission(added=["import os"])
    book.cells[1].source = SETUP + "\nimport re"
    book.cells.append(new_code_cell("x = 1", metadata={"nbgrader": {"grade_id": "test_x", "grade": True}}))
    put(folder, f"{NAME}.ipynb", book=book)

    merged = merge(course(), take(folder, NAME).notebook)

    own = [each.source for each in merged.cells if each.metadata == {"grader": {"origin": "student"}}]
    assert own == [SETUP + "\nimport re", "import os", "x = 1"]
    assert FETCH_ALL in [each.source for each in merged.cells]
