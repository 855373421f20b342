"""A mistake in a test cell costs nobody a point, and nobody can make one of a wrong answer."""

import copy

import pytest
from course import ROUND_TRIP
from nbgrader.apps.api import NbGraderAPI
from small_class import FETCH, SEQUENTIAL, answered, api, cell, course, grades_of, settings, submit
from tree import NAME, edit

from grader.authoring.course import Course
from grader.authoring.soundness import Solved, grade_solution, settle
from grader.classroom import grade
from grader.classroom.result import FAULT, load, path_of
from grader.judge import judge, sandbox
from grader.judge.submission import merge

FETCH_TEST, ROUND_TEST = "test_fetch_all_a", "test_round_trip_a"
RIGHT_BUT_EMPTY = FETCH + "await asyncio.gather(*(fetch(i) for i in ids))"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return course(tmp_path_factory.mktemp("good"))


# What is wrong with a test cell: (a text of it, another in its place), and what the judge says of it.
SLIPS = {
    "a name that is not there": ("run_virtual(twice", "run_virtaul(twice", "NameError: name 'run_virtaul'"),
    "a scenario that fails before it calls": ("return [await fn(1)", "fnn; return [await fn(1)", "NameError"),
    "a wrong expectation": ("elapsed=2", "elapsed=3", "✗ Reto round_trip"),
    "a field that is not there": ("elapsed=2", "elapsd=2", "TypeError: Outcome.expect() got an unexpected"),
    "an await": ("run_virtual(twice", "await fn(1)\nrun_virtual(twice", "SyntaxError: 'await' outside function"),
    "a wrong call": ("run_virtual(twice", "run_virtual(twice, limt=3, *[", "SyntaxError"),
    "a missing module": ("run_virtual(twice", "import nowhere\nrun_virtual(twice", "ModuleNotFoundError"),
}  # fmt: skip


def broken(section, old, new, name="test-round-trip-a"):
    """The source with a mistake in a test cell."""
    source = copy.deepcopy(section.source)
    test = cell(source, name)
    assert old in test.source
    test.source = test.source.replace(old, new)
    return source


def verdicts(section, source, **answers):
    """What a submission gets when its section has this source."""
    release, beside, launch = section.release, section.source_path.parent, sandbox.find()
    merged = merge(release, answered(section, **answers))
    found = judge.grade(source, merged, beside=beside, launch=launch)
    settled = settle(found, lambda: grade_solution(source, release, beside, launch))
    return {verdict.grade_id: verdict for verdict in settled}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_mistake_in_a_test_cell_gives_no_mark_and_costs_no_other_cell(good, slip):
    old, new, said = SLIPS[slip]

    for answer in (ROUND_TRIP, "async def round_trip(n):\n    return 7"):
        found = verdicts(good, broken(good, old, new), round_trip=answer)

        assert (found[ROUND_TEST].earned, found[ROUND_TEST].state) == (None, "fault")
        assert said in found[ROUND_TEST].full
        assert "la solución del curso tampoco pasa test_round_trip_a" in found[ROUND_TEST].full
        assert found[FETCH_TEST].earned == 10


def test_an_answer_that_has_its_points_keeps_them(good):
    source = broken(good, "elapsed=2", "elapsed=3")
    slow = "async def round_trip(n):\n    await asyncio.sleep(1.5)\n    return n"

    assert verdicts(good, source, round_trip=slow)[ROUND_TEST].earned == 2


PICKY = 'outcome = run_virtual(fetch_all, [1], fetch)\nassert outcome.value[0] == answers(1), "no"\nrun_virtual(fetch_all'
PICKY_HIDDEN = "### BEGIN HIDDEN TESTS\nassert len(run_virtual(fetch_all, [3], fetch).value) == 1\n"


def test_a_test_cell_that_stumbles_over_a_wrong_value_gives_a_zero_and_not_no_mark(good):
    source = broken(good, "run_virtual(fetch_all", PICKY, "test-fetch-all-a")

    found = verdicts(good, source, fetch_all=RIGHT_BUT_EMPTY)[FETCH_TEST]

    assert (found.earned, found.state) == (0, "failed")
    assert "La prueba se interrumpe con lo que devuelves o pides" in found.message
    assert "Obtuve:    TypeError: 'NoneType' object is not subscriptable" in found.message
    assert [output.ename for output in found.outputs] == ["CheckFailed"]


def test_in_a_hidden_case_it_tells_nothing_of_it(good):
    source = broken(good, "### BEGIN HIDDEN TESTS\n", PICKY_HIDDEN, "test-fetch-all-a")
    answer = FETCH + "return None if ids == [3] else await asyncio.gather(*(fetch(i) for i in ids))"

    found = verdicts(good, source, fetch_all=answer)[FETCH_TEST]

    assert (found.earned, found.hidden) == (0, True)
    assert found.message == f"✗ {FETCH_TEST}\n  Falla un caso oculto: el mismo enunciado con otros datos."
    assert "NoneType" in found.full


def test_an_assertion_of_a_test_cell_judges_the_answer(good):
    source = broken(good, "run_virtual(fetch_all", PICKY, "test-fetch-all-a")

    found = verdicts(good, source, fetch_all=FETCH + "return [2]")[FETCH_TEST]

    assert (found.earned, found.state, found.slip) == (0, "failed", "")
    assert "AssertionError: no" in found.full


def test_the_solution_is_asked_only_if_points_are_missing(good):
    merged = merge(good.release, answered(good))
    found = judge.grade(good.source, merged, beside=good.source_path.parent)

    assert settle(found, lambda: pytest.fail("asked")) == found


def test_a_solution_that_passes_once_can_pass(good, monkeypatch):
    rounds = iter([FETCH_TEST, ROUND_TEST, ROUND_TEST])
    really = judge.grade

    def moody(*args, **how):
        lost = next(rounds)
        return [
            judge.Verdict(lost, each.points, 0.0, "failed", "no", "no") if each.grade_id == lost else each
            for each in really(*args, **how)
        ]

    monkeypatch.setattr(judge, "grade", moody)
    found = grade_solution(good.source, good.release, good.source_path.parent, sandbox.find())

    assert found == Solved(frozenset([FETCH_TEST, ROUND_TEST]), {})


# In `grade` and in nbgrader's own command


@pytest.fixture
def slipped(tmp_path):
    """A course whose release was made before somebody mistyped a hidden test; three submissions."""
    section = course(tmp_path)
    api(settings(tmp_path))

    def mistype(cells, source):
        test = cells["test-fetch-all-a"]
        test.source = test.source.replace("value=[], elapsed=0", "value=[], elapsd=0")

    edit(section.source_path, mistype)
    submit(tmp_path, "right", answered(section))
    submit(tmp_path, "wrong", answered(section, fetch_all=SEQUENTIAL))
    submit(tmp_path, "reto", answered(section, round_trip="async def round_trip(n):\n    return n"))
    return tmp_path


def test_grade_gives_no_mark_to_whoever_lost_the_cell_and_says_why(slipped, capsys):
    assert grade.run(slipped, ["--workers", "1"]) == 1

    results = [load(path_of(Course(slipped).data, NAME, student)) for student in ("reto", "right", "wrong")]
    earned = [{mark.grade_id: mark.earned for mark in each.marks} for each in results]
    assert [each.status for each in results] == [FAULT] * 3
    assert earned == [{FETCH_TEST: None, ROUND_TEST: points} for points in (0, 2, 2)]
    said = " ".join(capsys.readouterr().out.split())
    assert (
        said.count("la solución del curso tampoco pasa test_fetch_all_a (la prueba falla por sí misma") == 3
    )
    assert "TypeError: Outcome.expect() got an unexpected keyword argument 'elapsd'" in said


def test_nbgrader_s_command_leaves_the_cell_to_a_person(slipped):
    interface = NbGraderAPI(config=settings(slipped))

    said = [interface.autograde(NAME, student)["log"] for student in ("right", "wrong", "reto")]

    lost = (None, True)
    assert grades_of(slipped) == {
        "right": {FETCH_TEST: lost, ROUND_TEST: (2, False)},
        "wrong": {FETCH_TEST: lost, ROUND_TEST: (2, False)},
        "reto": {FETCH_TEST: lost, ROUND_TEST: (0, False)},
    }
    assert all("la solución del curso tampoco pasa test_fetch_all_a (la prueba falla" in log for log in said)
