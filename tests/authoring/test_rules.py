"""One pytest run judges notebooks and answers, and says what is wrong with them where it stands."""

import re
import shutil

import pytest
from course import FETCH_ALL
from nbformat.v4 import new_code_cell, new_output
from tree import NAME, SEQUENTIAL, build, edit, put, pytest_in

from grader.authoring.section import Section

NOTEBOOK = f"{NAME}/{NAME}.ipynb"
GROUP = 'raise ExceptionGroup("x", [ValueError(1)])'
TASK_GROUP = """async def fail():
    raise ValueError(1)

async with asyncio.TaskGroup() as group:
    group.create_task(fail())"""
IGNORE, RAISES = {"tags": ["nbval-ignore-output"]}, {"tags": ["raises-exception"]}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return build(tmp_path_factory.mktemp("good") / "course")


@pytest.fixture(scope="module")
def broken(good, tmp_path_factory):
    """What pytest prints on a course with one fault of each kind, by the item that reports it."""
    root = tmp_path_factory.mktemp("broken") / "course"
    shutil.copytree(good, root)
    edit(Section(root, NAME).source_path, break_source)
    edit(Section(root, NAME).release_path, break_release)
    shutil.rmtree(root / "tests" / "answers")
    answers = root / "tests" / "answers" / NAME / "fetch_all"
    put(answers / "wrong" / "good.py", "# cause: M08\n" + FETCH_ALL)
    put(answers / "right" / "slow.py", SEQUENTIAL)

    code, output = pytest_in(root)

    assert code == 1
    parts = re.split(r"\n_{3,} (.*) _{3,}\n", output.partition("short test summary")[0])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def break_source(cells, source):
    cells["c01-example"].outputs = [new_output("stream", name="stdout", text="adiós\n")]
    cells["test-fetch-all-a"].source = (
        "import sys\nsys.stderr.write('x')\n" + cells["test-fetch-all-a"].source
    )
    cells["test-fetch-all-a"].metadata.update(IGNORE)
    cells["test-round-trip-a"].source = cells["test-round-trip-a"].source.replace("elapsed=2", "elapsed=3")
    source.cells.append(new_code_cell(GROUP, id="c01-group", execution_count=20, metadata=IGNORE))
    source.cells.append(new_code_cell(TASK_GROUP, id="c01-tasks", execution_count=21, metadata=IGNORE))
    source.cells.append(new_code_cell("1", id="c01-calm", metadata=RAISES))


def break_release(cells, release):
    cells["fetch-all"].source = FETCH_ALL
    cells["c01-example"].source = "nobody"


def test_a_good_course_passes_with_two_workers(good):
    code, output = pytest_in(good, "-n", "2", "--dist", "loadfile", "solutions", "notebooks")

    assert code == 0, output
    assert "30 passed" in output


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (f"solutions/{NAME}: c01-example", "Cell outputs differ"),
        (f"solutions/{NAME}: c01-group", "it raised ExceptionGroup: x (1 sub-exception)"),
        (f"solutions/{NAME}: c01-tasks", "it raised ExceptionGroup: unhandled errors in a TaskGroup"),
        (f"solutions/{NAME}: c01-calm", "it is tagged raises-exception and raised nothing"),
        (f"solutions/{NAME}: test-fetch-all-a", "0 of 10 points in the kernel"),
        (f"solutions/{NOTEBOOK}: solved", "test_round_trip_a: it gets 0 of 2"),
        (f"solutions/{NOTEBOOK}: fresh", f"notebooks/{NOTEBOOK} differs from a fresh release"),
        (
            f"solutions/{NOTEBOOK}: answered",
            "exercise round_trip: 0 right answers in tests/answers, at least 3",
        ),
        (f"notebooks/{NAME}: c01-example", "name 'nobody' is not defined"),
        (f"notebooks/{NAME}: test-fetch-all-a", "it passes in the kernel without a solution"),
        (f"notebooks/{NOTEBOOK}: unsolved", "test_fetch_all_a: the judge gives 10 of 10 without a solution"),
        (f"tests/answers/{NAME}/fetch_all/wrong/good.py: refused", "a wrong answer gets all points"),
        (f"tests/answers/{NAME}/fetch_all/right/slow.py: accepted", "test_fetch_all_a: it gets 0 of 10"),
    ],
)
def test_a_fault_is_reported_where_it_stands(broken, item, said):
    assert said in broken[item]


def test_what_talks_to_a_server_can_be_run_alone(good, tmp_path):
    root = shutil.copytree(good, tmp_path / "course")
    for exercise in ("fetch_all", "round_trip"):
        put(root / "tests" / "answers" / NAME / exercise / "right" / "one.py", "")

    def serve(cells, source):
        cells["test-fetch-all-a"].source += "\n# local_api()"

    edit(Section(root, NAME).source_path, serve)
    _, output = pytest_in(root, "--co", "-q", "-m", "real_server", "solutions", "tests")

    found = {line for line in output.splitlines() if "::" in line}
    assert f"tests/answers/{NAME}/fetch_all/right/one.py::accepted" in found
    assert f"tests/answers/{NAME}/round_trip/right/one.py::accepted" not in found
    assert f"solutions/{NOTEBOOK}::solved" in found
    assert f"solutions/{NOTEBOOK}::c01-example" in found
    assert f"solutions/{NOTEBOOK}::form" not in found


def test_one_wrong_answer_stands_in_a_kernel_for_those_that_fail_the_same_cells(good, tmp_path):
    root = shutil.copytree(good, tmp_path / "course")
    shutil.rmtree(root / "tests" / "answers")
    answers = root / "tests" / "answers" / NAME / "fetch_all"
    for kind, name, note in (
        ("right", "one", ""),
        ("right", "two", ""),
        ("wrong", "one", "# fails: test_a"),
        ("wrong", "same", "# fails: test_a"),
        ("wrong", "more", "# fails: test_b, test_a"),
        ("wrong", "as_many", "# fails: test_a, test_b"),
        ("wrong", "silent", ""),
    ):
        put(answers / kind / f"{name}.py", f"# cause: x\n{note}\n")

    def in_kernel(*options):
        _, output = pytest_in(root, "--co", "-q", "tests", *options)
        names = re.findall(r"fetch_all/(\S+)\.py::in_kernel", output)
        return sorted(names)

    some = ["right/one", "right/two", "wrong/as_many", "wrong/one", "wrong/silent"]
    assert in_kernel() == some
    assert in_kernel("--all") == sorted([*some, "wrong/more", "wrong/same"])


def test_a_cell_that_does_not_end_is_a_fault_and_so_is_every_cell_below(good, tmp_path):
    root = shutil.copytree(good, tmp_path / "course")
    put(root / "conftest.py", "from grader.authoring.rules import cells\ncells.CELL_LIMIT = 1.0\n")

    def hang(cells, source):
        source.cells.insert(0, new_code_cell("import time\ntime.sleep(30)", id="c01-hang", metadata=RAISES))

    edit(Section(root, NAME).source_path, hang)
    _, output = pytest_in(root, "solutions", "-k", "c01-hang or c01-example")

    assert "cell c01-hang: it did not end within 1 s" in output
    assert "cell c01-example: not run: a cell above timed out" in output
    assert "2 failed" in output


def test_a_picture_is_compared_by_its_text(good, tmp_path):
    root = shutil.copytree(good, tmp_path / "course")
    code = "from IPython.display import display\ndisplay({'text/html': '<b>new</b>', 'text/plain': 'main'}, raw=True)"

    def show(cells, source):
        for name, text in (("same", "main"), ("other", "menu")):
            stored = new_output("display_data", data={"text/html": "<b>old</b>", "text/plain": text})
            source.cells.append(new_code_cell(code, id=f"c01-{name}", execution_count=9, outputs=[stored]))

    edit(Section(root, NAME).source_path, show)
    _, output = pytest_in(root, "solutions", "-k", "c01-same or c01-other")

    assert "1 failed, 1 passed" in output
    assert "menu" in output


def test_other_projects_do_not_notice_the_plugin(tmp_path):
    (tmp_path / "notebooks").mkdir()
    put(tmp_path / "solutions" / "a.ipynb", "no notebook")
    put(tmp_path / "pytest.ini", "[pytest]\n")
    put(tmp_path / "conftest.py", "def pytest_addoption(parser):\n    parser.addoption('--repeat')\n")
    heavy = "{'nbgrader', 'grader.checks.outcome'} & set(sys.modules)"
    put(tmp_path / "test_one.py", f"import sys\n\ndef test_one():\n    assert not {heavy}\n")
    looptime = [f"-pno:looptime_{part}" for part in ("plugin", "chronometers", "timeproxies")]

    code, output = pytest_in(tmp_path, *looptime, "--repeat", "theirs")

    assert (code, "1 passed" in output) == (0, True), output
