"""A tiny course to try the judge on: two exercises, the first with a service, the second without."""

import subprocess

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SETUP = """%load_ext grader
import asyncio

from grader import Cause, Tokens, answer, run_virtual, service"""

FETCH_ALL = '''async def fetch_all(ids, fetch):
    """Pide todos los usuarios a la vez."""
    ### BEGIN SOLUTION
    return await asyncio.gather(*(fetch(i) for i in ids))
    ### END SOLUTION'''

TEST_FETCH_ALL = """answers = Tokens(int)
fetch = service(name="fetch", delay={1: 3, 2: 2, 3: 1}, reply=answers)
run_virtual(fetch_all, [1, 2, 3], fetch).expect(
    "1.1 fetch_all", "las tres peticiones se solapan",
    value=[answers(1), answers(2), answers(3)],
    elapsed=3,
    peak=3,
    requests={"done": 3},
)
### BEGIN HIDDEN TESTS
run_virtual(fetch_all, [], fetch).expect("1.1 fetch_all", "sin usuarios", value=[], elapsed=0)
### END HIDDEN TESTS"""

ROUND_TRIP = '''async def round_trip(n):
    """Devuelve n al cabo de un segundo."""
    ### BEGIN SOLUTION
    await asyncio.sleep(1)
    return n
    ### END SOLUTION'''

TEST_ROUND_TRIP = """async def twice(fn):
    return [await fn(1), await fn(2)]

run_virtual(twice, round_trip).expect("1.2 round_trip", "dos vueltas", value=[1, 2], elapsed=2)"""


def solution(source, grade_id):
    marks = {"grade": False, "solution": True, "locked": False, "task": False}
    return _cell(source, grade_id, marks)


def graded(source, grade_id, points):
    marks = {"grade": True, "solution": False, "locked": True, "task": False, "points": points}
    return _cell(source, grade_id, marks)


def _cell(source, grade_id, marks):
    metadata = {"nbgrader": {"grade_id": grade_id, "schema_version": 3, **marks}}
    return new_code_cell(source, id=grade_id.replace("_", "-"), metadata=metadata)


def course():
    """The reference notebook."""
    return new_notebook(
        cells=[
            new_markdown_cell("# Sección 1", id="c01-title"),
            new_code_cell(SETUP, id="c01-setup", metadata={"tags": ["setup"]}),
            new_code_cell("def double(n):\n    return 2 * n\n\nprint(double(1))", id="c01-example"),
            solution(FETCH_ALL, "fetch_all"),
            graded(TEST_FETCH_ALL, "test_fetch_all_a", 2),
            solution(ROUND_TRIP, "round_trip"),
            graded(TEST_ROUND_TRIP, "test_round_trip_a", 3),
        ]
    )


def submission(fetch_all=FETCH_ALL, round_trip=ROUND_TRIP, added=()):
    """The reference with other solutions, and code cells added above the first exercise."""
    notebook = course()
    texts = {"fetch_all": fetch_all, "round_trip": round_trip}
    for cell in notebook.cells:
        cell.source = texts.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    extra = [
        new_code_cell(source, id=f"added-{i}", metadata={"grader": {"origin": "student"}})
        for i, source in enumerate(added)
    ]
    notebook.cells[3:3] = extra
    return notebook


class Unstartable:
    """A sandbox whose child never says hello."""

    sandboxed, limits = True, None

    def start(self, home):
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(["false"], start_new_session=True, **pipes)
