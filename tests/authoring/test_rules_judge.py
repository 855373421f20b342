"""The rules that ask the judge: references, unsolved releases, right and wrong answers."""

import pytest
from course import FETCH_ALL, ROUND_TRIP
from tree import ANSWERS, NAME, SEQUENTIAL, edit, lay, notebook, put

from grader.authoring.rules import judge as rules_judge
from grader.authoring.rules.judge import answer, answered, proven, reported, solved, told, unsolved
from grader.authoring.section import Section
from grader.judge.judge import Verdict


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return lay(tmp_path_factory.mktemp("good") / "course", notebook())


@pytest.fixture
def course(tmp_path, capsys):
    return lay(tmp_path / "course", notebook())


@pytest.mark.parametrize("rule", [solved, unsolved])
def test_a_good_section_keeps_the_rules(good, rule):
    assert list(rule(Section(good, NAME), 1)) == []


@pytest.mark.parametrize("rule", [answered, proven, told])
def test_a_good_section_has_its_answers_and_proofs(good, rule):
    assert list(rule(Section(good, NAME))) == []


def test_a_reference_that_loses_points_is_told_with_its_message(course):
    def weaken(cells, source):
        cells["fetch-all"].source = SEQUENTIAL

    edit(Section(course, NAME).source_path, weaken)

    [said] = solved(Section(course, NAME), 1)

    assert said.startswith("test_fetch_all_a: it gets 0 of 10\n✗ 1.1 fetch_all")
    assert "(M08)" in said


def test_points_without_a_solution_are_told(course):
    def solve(cells, release):
        cells["fetch-all"].source = FETCH_ALL

    edit(Section(course, NAME).release_path, solve)

    assert list(unsolved(Section(course, NAME), 1)) == [
        "test_fetch_all_a: the judge gives 10 of 10 without a solution"
    ]


def test_a_scenario_that_hides_the_error_of_an_answer_is_told(course):
    def hide(cells, source):
        test = cells["test-fetch-all-a"]
        test.source = (
            "async def quiet(fetch_all, *args):\n"
            "    with contextlib.suppress(IndexError):\n"
            "        return await fetch_all(*args)\n\n\n"
        ) + test.source.replace("run_virtual(fetch_all,", "run_virtual(quiet, fetch_all,")
        test.source = "import contextlib\n\n" + test.source

    edit(Section(course, NAME).source_path, hide)

    [said] = told(Section(course, NAME))

    assert said.startswith("test_fetch_all_a: the error of an answer is not told")


def test_a_test_cell_that_stumbles_over_what_an_attempt_lacks_is_told(course):
    def stumble(cells, source):
        test = cells["test-fetch-all-a"]
        test.source = f"assert run_virtual(fetch_all, [], None).value[0:] == []\n{test.source}"

    edit(Section(course, NAME).source_path, stumble)

    [said] = unsolved(Section(course, NAME), 1)

    assert said == "test_fetch_all_a: the judge gives no mark without a solution"


def test_a_stub_that_looks_like_a_wrong_answer_is_told(course):
    def half(cells, release):
        cells["fetch-all"].source = "async def fetch_all(ids, fetch):\n    return []"

    edit(Section(course, NAME).release_path, half)

    [said] = unsolved(Section(course, NAME), 1)

    assert said.startswith("test_fetch_all_a: unsolved counts as failed, not as untried")


def test_the_list_of_reported_criteria_is_held_to_what_the_tests_ask(course):
    line = f"{NAME}/round_trip: 1 of 1 reported: test_round_trip_a"
    assert reported(Section(course, NAME)) == [line]

    put(course / "tests" / "reported.txt", f"# a comment\n{NAME}/fetch_all: 1 of 1 reported: test_x\n")

    [said] = proven(Section(course, NAME))

    assert said.splitlines() == [
        "tests/reported.txt is not what the tests ask: run python tests/make_reported.py",
        f"{NAME}/fetch_all: 1 of 1 reported: test_x",
        line,
    ]


def test_too_few_answers_and_answers_to_nothing_are_told(course):
    folder = course / "tests" / "answers" / NAME
    (folder / "fetch_all" / "wrong" / "answer_0.py").unlink()
    (folder / "round_trip" / "right" / "answer_0.py").unlink()
    put(folder / "other" / "right" / "answer.py", "")

    assert list(answered(Section(course, NAME))) == [
        f"{NAME}/other: no such exercise",
        "exercise fetch_all: 4 wrong answers in tests/answers, at least 5",
        "exercise round_trip: 2 right answers in tests/answers, at least 3",
    ]


def ask(root, text, kind="wrong", exercise="fetch_all"):
    path = root / "tests" / "answers" / NAME / exercise / kind / "new.py"
    put(path, text)
    try:
        return list(answer(root, path, 1))
    finally:
        path.unlink()


@pytest.mark.parametrize("exercise", ANSWERS)
@pytest.mark.parametrize("kind", ["right", "wrong"])
def test_a_right_answer_is_accepted_and_a_wrong_one_refused(good, exercise, kind):
    assert ask(good, ANSWERS[exercise][kind], kind, exercise) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# cause: M08\n" + FETCH_ALL, "a wrong answer gets all points"),
        (SEQUENTIAL.partition("\n")[2], "a wrong answer begins with a line `# cause: ...`"),
        (SEQUENTIAL.replace("M08", "M16"), "the cause «M16» is not named:\n✗ 1.1 fetch_all"),
        (
            "# cause: M08\n# fails: test_fetch_all_b\n" + SEQUENTIAL,
            "it fails test_fetch_all_a, not test_fetch_all_b",
        ),
    ],
)
def test_a_wrong_answer_that_is_not_refused_as_it_says_is_told(good, text, said):
    [found] = ask(good, text)

    assert found.startswith(said)


def test_a_wrong_answer_may_list_its_failing_tests_and_several_causes(good):
    text = "# cause: M08\n# cause: antes de iniciar la siguiente\n# fails: test_fetch_all_a\n" + SEQUENTIAL

    assert ask(good, text) == []


def test_a_right_answer_that_loses_points_is_told_with_its_message(good):
    [found] = ask(good, SEQUENTIAL, "right")

    assert found.startswith("test_fetch_all_a: it gets 0 of 10\n✗ 1.1 fetch_all")


def test_an_answer_is_judged_by_the_tests_of_its_exercise_alone(good):
    assert ask(good, FETCH_ALL + "\n\nasync def round_trip(n): ...", "right") == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            f"{NAME}/fetch_all/wrong.py",
            "an answer lies at tests/answers/NN_slug/EXERCISE/{right,wrong}/NAME.py",
        ),
        (
            f"{NAME}/fetch_all/wrnog/a.py",
            "an answer lies at tests/answers/NN_slug/EXERCISE/{right,wrong}/NAME.py",
        ),
        (f"{NAME}/other/wrong/a.py", f"solutions/{NAME} has no exercise other"),
    ],
)
def test_an_answer_in_a_wrong_place_is_told(good, path, said):
    assert list(answer(good, good / "tests" / "answers" / path, 1)) == [said]


def test_repeating_asks_the_judge_again_and_tells_a_different_verdict(good, monkeypatch):
    def moody(reference, merged, times, **how):
        marks = [2] * (times - 1) + [0]
        states = ["passed" if mark else "failed" for mark in marks]
        return [[Verdict("test_round_trip_a", 2, *pair, "", "")] for pair in zip(marks, states, strict=True)]

    monkeypatch.setattr(rules_judge, "grade_again", moody)
    path = good / "tests" / "answers" / NAME / "round_trip" / "right" / "answer_0.py"

    assert list(answer(good, path, 3)) == [
        "run 3 of 3 differs from the first:\n"
        "('test_round_trip_a', 2, 'passed', '')\n('test_round_trip_a', 0, 'failed', '')",
        "run 3 of 3:",
        "test_round_trip_a: it gets 0 of 2\n",
    ]


def test_a_cause_must_be_named_in_every_run_though_its_numbers_may_differ(good, monkeypatch):
    def said(*texts):
        verdicts = [[Verdict("test_fetch_all_a", 10, 0, "failed", "", f"✗ title\n{text}")] for text in texts]
        monkeypatch.setattr(rules_judge, "grade_again", lambda *args, **how: verdicts)
        rules_judge.judged.cache_clear()
        return list(answer(good, path, len(texts)))

    path = good / "tests" / "answers" / NAME / "fetch_all" / "wrong" / "answer_0.py"

    assert said("M08: 3 of them", "M08: 4 of them") == []
    assert said("M08", "M09") == ["run 2 of 2:", "the cause «M08» is not named:\n✗ title\nM09"]


def test_a_verdict_that_depends_on_the_run_is_found(good):
    """Each run has a fork and a folder of its own: only what lies outside of both, in /tmp, tells them apart."""
    path = good / "tests" / "answers" / NAME / "round_trip" / "right" / "moody.py"
    path.write_text(MOODY)

    complaints = list(answer(good, path, 3))
    path.unlink()

    assert [line.splitlines()[0] for line in complaints] == [
        "run 3 of 3 differs from the first:",
        "run 3 of 3:",
        "test_round_trip_a: it gets 0 of 2",
    ]


MOODY = """async def round_trip(n):
    import glob
    runs = len(glob.glob("/tmp/run-*"))
    open(f"/tmp/run-{runs}", "w").close()
    await asyncio.sleep(1 if runs < 4 else 2)
    return n"""


def test_a_fault_of_the_judge_is_no_refusal(good, monkeypatch):
    fault = Verdict("test_fetch_all_a", 10, None, "fault", "", "sin nota")
    monkeypatch.setattr(rules_judge, "grade_again", lambda *args, **how: [[fault]])

    assert "test_fetch_all_a: sin nota" in ask(good, SEQUENTIAL)
    assert "test_fetch_all_a: it gets no mark\nsin nota" in ask(good, ROUND_TRIP, "right")
