"""Section 11 keeps what it says: Node's own order is the one that 11.3 asks for, and the project's rubric holds."""

import ast
import json
import re

import pytest
from live_kernel import live_kernel

from grader.authoring.section import Section
from grader.cli.bootstrap import ROOT

SECTION = Section(ROOT, "11_node_vs_python")
CELLS = {cell.id: cell for cell in SECTION.source.cells}
ANSWERS = SECTION.answers / "check_links"
NODE, TRANSLATED = "c11-translate-node", ("test-translate-a", "test-translate-b")
# P1-P6 on the virtual clock and R1-R4 on the real server, by the letter of their test.
PARTS = dict(
    zip("abcdefghij", [*(f"P{n}" for n in range(1, 7)), *(f"R{n}" for n in range(1, 5))], strict=True)
)


def in_node(cell_id):
    """The order that a test cell holds as Node's: the constant `in_node`."""
    [value] = [
        node.value
        for node in ast.parse(CELLS[cell_id].source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "in_node"
    ]
    return ast.literal_eval(value)


def fails(path):
    """The letters of the tests that a wrong answer says it fails."""
    found = re.search(r"^# fails: (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return "".join(name.strip()[-1] for name in found[1].split(",")) if found else ""


def flawed():
    return sorted((ANSWERS / "wrong").glob("*.py"))


def test_node_run_now_prints_the_order_that_the_tests_ask_for(tmp_path):
    magic, _, program = CELLS[NODE].source.partition("\n")
    with live_kernel(tmp_path) as kernel:
        kernel.load()
        lines = kernel.node(program).stdout.splitlines()

    assert magic == "%%node"
    assert [json.loads(line) for line in lines] == [in_node(cell_id) for cell_id in TRANSLATED]


def test_the_stored_output_is_that_order_too():
    [output] = CELLS[NODE].outputs

    assert [json.loads(line) for line in output.text.splitlines()[:2]] == [*map(in_node, TRANSLATED)]


@pytest.mark.parametrize(("letter", "part"), PARTS.items(), ids=PARTS.values())
def test_a_part_of_the_rubric_is_one_test_with_its_points_and_an_answer_that_loses_it(letter, part):
    cell = CELLS[f"test-check-links-{letter}"]
    titles = re.findall(r'"Proyecto (\w\d)",', cell.source)

    assert set(titles) == {part}
    assert cell.metadata.nbgrader.points == (2 if part[0] == "P" else 1)
    assert [path.stem for path in flawed() if letter in fails(path)]


def test_twelve_points_are_virtual_four_real_and_four_written():
    written = CELLS["design-note"].metadata.nbgrader
    question = CELLS["c11-design"].source

    assert (written.points, written.grade, written.solution) == (4, True, True)
    assert re.findall(r"\*\*(D\d)\.\*\*", question) == ["D1", "D2", "D3", "D4"]
    assert len(re.findall(r"[\w']+", CELLS["design-note"].source)) <= 300
    rubric = CELLS["c11-project-rubric"].source
    assert [int(n) for n in re.findall(r"^\| [PRD].*?\| (\d+) \|", rubric, re.MULTILINE)] == [12, 4, 4]


# Together with the rule that an answer fails exactly the tests that it lists (rules_judge), this is the
# rubric: a flaw costs its own points and no others.
@pytest.mark.parametrize("path", flawed(), ids=lambda path: path.stem)
def test_a_flawed_project_says_exactly_which_points_it_loses(path):
    assert fails(path)


def test_at_least_six_flaws_cost_one_part_only():
    alone = {fails(path) for path in flawed() if len(fails(path)) == 1}

    assert len(alone) >= 6
