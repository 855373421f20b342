"""Section 7 in kernels whose processes start as on macOS and Windows, and as from Python 3.14 on Linux.

With fork, the default of Linux before, the notebook's own cells run (grader/authoring/rules/cells.py).
"""

import multiprocessing

import pytest
from live_kernel import live_kernel

from grader.authoring import notebook_format
from grader.cli.bootstrap import ROOT

FOLDER = ROOT / "solutions" / "07_executors"


def told(outputs):
    """What a cell printed, as one text."""
    return "".join(output["text"] for output in outputs if output["output_type"] == "stream")


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_every_cell_does_the_same_whatever_way_processes_start(method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"NOT TESTED: {method} does not exist here")
    cells = [
        cell for cell in notebook_format.read(FOLDER / "07_executors.ipynb").cells if cell.cell_type == "code"
    ]
    different = {}
    with live_kernel(FOLDER) as kernel:
        set_it = f"import multiprocessing\nmultiprocessing.set_start_method('{method}')"
        assert kernel.run(f"{set_it}\nprint(multiprocessing.get_start_method())").stdout == f"{method}\n"
        for cell in cells:
            run = kernel.run(cell.source)
            exact = "nbval-ignore-output" not in cell.metadata.get("tags", ())
            if run.error or run.stderr or (exact and run.stdout != told(cell.outputs)):
                different[cell.id] = run.error.get("traceback") or run.stderr or run.stdout

    assert different == {}
