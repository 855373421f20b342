"""The rule that asks a kernel: points and causes as in the judge, run after run."""

import pytest
from course import ROUND_TRIP
from live_kernel import running_kernels
from tree import ANSWERS, NAME, build, edit, lay, notebook, put, pytest_in

from grader.authoring.rules import kernel as rules_kernel
from grader.authoring.rules.kernel import in_kernel
from grader.authoring.section import Section

# An answer that is another one in a kernel, or from the second run on.
ELSEWHERE = """async def round_trip(n):
    await asyncio.sleep({there} if "get_ipython" in globals() else {here})
    return n
"""
MOODY = """asyncio.turns = getattr(asyncio, "turns", 0) + 1
TURN = asyncio.turns
async def round_trip(n):
    await asyncio.sleep(1 if TURN < 3 else 2)
    return n
"""
ONCE_MORE = """CALLS = []
async def round_trip(n):
    CALLS.append(n)
    await asyncio.sleep(1 if len(CALLS) < 3 else 2)
    return n
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    yield lay(tmp_path_factory.mktemp("good") / "course", notebook())
    rules_kernel.close()


def ask(root, text, kind="right", exercise="round_trip", repeat=1):
    path = root / "tests" / "answers" / NAME / exercise / kind / "new.py"
    put(path, text)
    try:
        return list(in_kernel(root, path, repeat))
    finally:
        path.unlink()


@pytest.mark.parametrize("exercise", ANSWERS)
@pytest.mark.parametrize("kind", ["right", "wrong"])
def test_answers_that_get_what_is_due_keep_the_rule(good, exercise, kind):
    assert ask(good, ANSWERS[exercise][kind], kind, exercise, repeat=3) == []


def test_points_that_only_the_judge_gives_are_told(good):
    said = ask(good, ELSEWHERE.format(here=1, there=2))

    assert said[0] == "run 1 of 1 in the kernel:"
    assert said[1].startswith("test_round_trip_a: it gets 0 of 2\n✗ Reto round_trip")
    assert said[2].startswith("test_round_trip_a: 0 of 2, but 2 in the judge\n✗ Reto round_trip")


def test_points_that_only_the_kernel_gives_are_told(good):
    text = "# cause: el doble\n" + ELSEWHERE.format(here=2, there=1)

    assert [line.splitlines()[0] for line in ask(good, text, "wrong")] == [
        "run 1 of 1 in the kernel:",
        "a wrong answer gets all points",
        "test_round_trip_a: 2 of 2, but 0.0 in the judge",
    ]


def test_a_cause_that_is_not_named_in_the_kernel_is_told(good):
    text = "# cause: el doble\n" + ELSEWHERE.format(here=2, there=5)
    [_, said] = ask(good, text, "wrong")

    assert said.startswith("the cause «el doble» is not named:\n✗ Reto round_trip")


def test_in_the_kernel_one_of_several_causes_is_enough(good):
    text = "# cause: el doble\n# cause: round_trip\n" + ELSEWHERE.format(here=2, there=5)

    assert ask(good, text, "wrong") == []


def test_a_verdict_that_depends_on_the_run_is_told(good):
    assert ask(good, MOODY, repeat=2) == []
    rules_kernel.close()

    assert ask(good, MOODY, repeat=3)[0] == "run 3 of 3 in the kernel:"


def test_a_kernel_that_dies_or_hangs_is_told_and_harms_no_other_answer(good, monkeypatch):
    monkeypatch.setattr(rules_kernel, "CELL_LIMIT", 2)
    rules_kernel.close()
    before = running_kernels()
    for text, said in (("import os; os._exit(0)", "Kernel died"), ("while True: pass", "timed out")):
        rules_kernel.close()
        [run, why] = ask(good, f"if 'get_ipython' in globals():\n    {text}\n" + ROUND_TRIP)

        assert (run, said in why) == ("run 1 of 1 in the kernel:", True), why
        assert running_kernels() - before == set()
        assert ask(good, ROUND_TRIP) == []


def test_a_solution_that_earns_its_points_once_only_is_found_by_repeating(tmp_path):
    root = build(tmp_path / "course")

    def change(cells, source):
        cells["round-trip"].source = ONCE_MORE

    edit(Section(root, NAME).source_path, change)
    cells = [f"solutions/{NAME}", "-k", "c01 or trip or all"]

    assert pytest_in(root, *cells)[0] == 0
    code, output = pytest_in(root, *cells, "--repeat", "2")
    assert (code, "1 failed" in output) == (1, True), output
    assert "cell test-round-trip-a" in output
