"""A small course on disk that keeps every rule: one section, an exercise and a reto."""

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

from course import FETCH_ALL, ROUND_TRIP, SETUP, TEST_FETCH_ALL, TEST_ROUND_TRIP, graded, solution
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.authoring import notebook_format
from grader.authoring.release import release
from grader.authoring.section import Section

ROOT = Path(__file__).resolve().parent.parent
NAME = "01_mini"

# Plugins that take long to load and that no course on disk needs.
QUIET = ["-pno:cacheprovider", "-pno:hypothesispytest", "-pno:anyio"]

SEQUENTIAL = "# cause: M08\nasync def fetch_all(ids, fetch):\n    return [await fetch(i) for i in ids]\n"
SLOW = "# cause: el doble\nasync def round_trip(n):\n    await asyncio.sleep(2)\n    return n\n"
ANSWERS = {
    "fetch_all": {"right": FETCH_ALL, "wrong": SEQUENTIAL},
    "round_trip": {"right": ROUND_TRIP, "wrong": SLOW},
}


def notebook():
    """The source, not run yet."""
    reto = TEST_ROUND_TRIP.replace("1.2", "Reto").replace(
        "elapsed=2", 'elapsed=2, causes=[Cause("tardas el doble", got=4)]'
    )
    cells = [
        new_markdown_cell("# Sección 1", id="c01-title"),
        new_code_cell(SETUP.partition("\n")[2], id="c01-setup", metadata={"tags": ["setup"]}),
        new_code_cell('print("hola")', id="c01-example"),
        new_code_cell("1 / 0", id="c01-error", metadata={"tags": ["raises-exception"]}),
        new_markdown_cell("## Ejercicio 1.1\nPide todos los usuarios a la vez.", id="c01-statement"),
        numbered(solution(FETCH_ALL, "fetch_all"), "1.1"),
        graded(TEST_FETCH_ALL, "test_fetch_all_a", 10),
        numbered(solution(ROUND_TRIP, "round_trip"), "Reto"),
        graded(reto, "test_round_trip_a", 2),
    ]
    return new_notebook(cells=cells)


def numbered(cell, number):
    cell.metadata["grader"] = {"exercise": number}
    return cell


def build(root):
    """Write the whole course under `root`: the source with its outputs, the release, the answers."""
    executed = notebook()
    NotebookClient(executed, kernel_name="python3").execute()
    return lay(root, executed)


def lay(root, source):
    """Write the course of `source` under `root`, with its release and answers."""
    (root / "notebooks").mkdir(parents=True)
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    write(root, source)
    for exercise, kinds in ANSWERS.items():
        for kind, text in kinds.items():
            for number in range(3 if kind == "right" else 5):
                put(root / "tests" / "answers" / NAME / exercise / kind / f"answer_{number}.py", text)
    put(root / "tests" / "reported.txt", f"{NAME}/round_trip: 1 of 1 reported: test_round_trip_a\n")
    release(root)
    return root


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write(root, source):
    put(Section(root, NAME).source_path, notebook_format.text(source))


def edit(path, change):
    """Read a notebook, let `change(cells by id, notebook)` alter it, write it back."""
    changed = notebook_format.read(path)
    change({cell.id: cell for cell in changed.cells}, changed)
    put(path, notebook_format.text(changed))


def section(root, change=lambda cells, source: None):
    """A section that is only a source: the small course's notebook after `change`, not run."""
    changed = copy.deepcopy(notebook())
    change({cell.id: cell for cell in changed.cells}, changed)
    write(root, changed)
    return Section(root, NAME)


def pytest_in(root, *arguments):
    """Run pytest in a course of its own process; return (exit code, what it printed)."""
    command = [sys.executable, "-m", "pytest", *QUIET, "--color=no", *arguments]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr
