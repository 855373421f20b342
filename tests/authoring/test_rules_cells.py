"""The rule of test cells: one cell for the student's kernel and the judge."""

from ast import parse

import pytest
from tree import section

from grader.authoring.rules.tests import tests as rule
from grader.authoring.rules.tests import uses_of

USES = "line 1 uses fetch_all, which may only be an argument of run_virtual"


@pytest.mark.parametrize(
    "source",
    [
        "run_virtual(fetch_all, [1])",
        "run_real(scenario, 1, fetch_all)",
        "answer(fetch_all).expect('1', value=1)",
        "async def scenario(fetch_all):\n    return await fetch_all(1)",
        "async def scenario(fn, *fetch_all): return [one for one in fetch_all]",
        "def other():\n    fetch_all = 1\n    return fetch_all",
        "run = lambda fetch_all: fetch_all",
        "fetch_all_slow = 1",
        "text = 'fetch_all'",
    ],
)
def test_a_student_s_name_may_be_an_argument_or_another_thing_of_that_name(source):
    assert uses_of({"fetch_all"}, parse(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "fetch_all([1])",
        "await fetch_all([1])",
        "run_virtual(fetch_all([1]))",
        "run_virtual(scenario, [fetch_all])",
        "run_virtual(scenario, *fetch_all)",
        "run_virtual(scenario, limit=fetch_all)",
        "fetch_all.calls",
        "async def scenario(fn): return await fetch_all(1)",
        "def scenario(fn=fetch_all): return fn",
        "other = lambda: fetch_all",
        "print(fetch_all)",
        "module.run_virtual(fetch_all)",
        "other = lambda fetch_all: 1, fetch_all",
    ],
)
def test_any_other_touch_of_a_student_s_name_is_told(source):
    assert uses_of({"fetch_all"}, parse(source)) == [USES]


def test_a_test_does_not_define_a_student_s_name_anew():
    assert "binds fetch_all" in uses_of({"fetch_all"}, parse("fetch_all = 1"))[0]


def test_a_function_of_the_test_cell_does_not_take_a_student_s_name():
    assert "binds fetch_all" in uses_of({"fetch_all"}, parse("async def fetch_all(ids): pass"))[0]


def faults(tmp_path, text, **metadata):
    def change(cells, source):
        cells["test-fetch-all-a"].source = text
        cells["test-fetch-all-a"].metadata.update(metadata)

    return list(rule(section(tmp_path, change)))


def test_the_tests_of_a_good_notebook_keep_the_rule(tmp_path):
    assert list(rule(section(tmp_path))) == []


CHECK = "run_virtual(fetch_all, [1]).expect('1.1 fetch_all', value=[1])"
HIDDEN = "### BEGIN HIDDEN TESTS\n" + CHECK + "\n### END HIDDEN TESTS"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print('x', file=sys.stderr)\n" + CHECK, "may write to stderr, which costs the points of the cell"),
        ("warnings.warn('x')\n" + CHECK, "may write to stderr"),
        ("logging.error('x')\n" + CHECK, "may write to stderr"),
        ("traceback.print_exc()\n" + CHECK, "may write to stderr"),
        (CHECK + "\n2.0", "its last statement is an expression that is no check"),
        (
            CHECK + "\nrun_virtual(fetch_all, [1]).value",
            "its last statement is an expression that is no check",
        ),
        ("score()\n" + HIDDEN, "its last statement is an expression that is no check"),
        (CHECK.replace("1.1", "1.2"), "the title of a check starts with the number of the exercise, 1.1"),
        (
            CHECK.replace("'1.1 fetch_all'", "title"),
            "the title of a check starts with the number of the exercise",
        ),
        ("run_virtual(fetch_all [1]", "was never closed"),
        ("fetch_all([1])\n" + CHECK, "line 1 uses fetch_all"),
        ("assert await double(1)\n" + CHECK, "line 1: 'await' outside function; a test cell is plain Python"),
        (
            "async for n in numbers():\n    pass\n" + CHECK,
            "line 1: 'async for' outside async function; a test cell",
        ),
        (CHECK + "\n%time double(1)", "line 2: invalid syntax; a test cell is plain Python, without magics"),
        (
            CHECK.replace("value=", "expected_value="),
            "line 1: expect has no expected_value: it takes error, value, elapsed, peak, requests, findings, causes, hint",
        ),
        (CHECK.replace("value", "elapsd"), "line 1: expect has no elapsd"),
        (CHECK.replace("value=[1]", "findings=['leak']"), "line 1: there are no findings 'leak'"),
        (
            CHECK.replace("value=[1]", "'a', [1]"),
            "line 1: expect takes the exercise and the case, and the rest",
        ),
    ],
)
def test_a_fault_of_a_test_cell_is_told(text, said, tmp_path):
    found = faults(tmp_path, text)

    assert len(found) == 1
    assert found[0].startswith("test test_fetch_all_a: ")
    assert said in found[0]


def test_a_setup_cell_that_awaits_is_told(tmp_path):
    def change(cells, source):
        cells["c01-setup"].source += "\nawait asyncio.sleep(0)"

    assert list(rule(section(tmp_path, change))) == [
        "cell c01-setup: it awaits outside a function; the judge runs setup cells, and awaits none"
    ]


@pytest.mark.parametrize("end", ["", "\nprint('✓')", "\nassert True", "\nscore = 1"])
def test_a_test_cell_may_end_with_a_check_or_a_statement(end, tmp_path):
    assert faults(tmp_path, CHECK + end) == []


def test_the_source_does_not_tag_its_tests_raises_exception(tmp_path):
    [said] = faults(tmp_path, CHECK, tags=["raises-exception"])

    assert said == "test test_fetch_all_a: the tag raises-exception belongs to the release alone"
