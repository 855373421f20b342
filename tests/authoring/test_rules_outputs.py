"""A source notebook was run in order, and what it stored is the same on every machine."""

import pytest
from nbformat.v4 import new_code_cell, new_output
from tree import section

from grader.authoring.rules.form import outputs as rule

IGNORE = {"tags": ["nbval-ignore-output"]}


def faults(tmp_path, change=lambda cells, source: None):
    return list(rule(section(tmp_path, change)))


def printed(text, metadata=None):
    """The notebook after a run in which its one code cell printed `text`."""

    def change(cells, source):
        output = new_output("stream", name="stdout", text=text)
        cell = new_code_cell(
            "pass", id="c01-code", execution_count=1, outputs=[output], metadata=metadata or {}
        )
        source.cells = [cell]

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (printed("hola\n"), []),
        (printed("Task-12 acabó"), ["cell c01-code: its output holds Task-12"]),
        (printed("<Future at 0x7f12345678>"), ["cell c01-code: its output holds 0x7f12345678"]),
        (printed("http://127.0.0.1:4321/x"), ["cell c01-code: its output holds 127.0.0.1:4321"]),
        (printed("Task-12", IGNORE), []),
        (printed("File /usr/lib/x.py", IGNORE), ["cell c01-code: its output holds /usr/lib/x.py"]),
        (printed("\x1b[32mFile \x1b[0m/home/ana/x.py"), ["cell c01-code: its output holds /home/ana/x.py"]),
        (printed("C:\\Users\\ana.py"), ["cell c01-code: its output holds C:\\Users\\ana.py"]),
        (printed("/users/1 y un/tmp/x"), []),
    ],
)
def test_an_output_of_one_machine_is_told(change, said, tmp_path):
    assert faults(tmp_path, change) == said


def test_a_notebook_that_was_not_run_in_order_is_told(tmp_path):
    def change(cells, source):
        source.cells = [cells["c01-setup"], cells["c01-example"]]
        cells["c01-setup"].execution_count, cells["c01-example"].execution_count = 1, 3

    again = "restart the kernel, run all cells in order and save"

    assert faults(tmp_path / "never") == [f"cell c01-setup: {again}"]
    assert faults(tmp_path / "jumping", change) == [f"cell c01-example: {again}"]


def test_a_stored_error_needs_its_tag_and_a_widget_is_told(tmp_path):
    def change(cells, source):
        printed("")(cells, source)
        error = new_output("error", ename="ValueError", evalue="x", traceback=["ValueError: x"])
        widget = new_output(
            "display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}
        )
        source.cells[0].outputs = [error, widget]

    assert faults(tmp_path, change) == [
        "cell c01-code: its output is a widget",
        "cell c01-code: it stored an error without the tag raises-exception",
    ]
