"""The teaching guide is in step with the course: minutes, points, and the wrong answers that the checks know."""

import re

import pytest

from grader.authoring.pages import points
from grader.authoring.section import Section
from grader.cli.bootstrap import ROOT

GUIDE = ROOT / "grader" / "classroom" / "TEACHING.md"
SECTIONS = [path.name for path in sorted((ROOT / "solutions").iterdir()) if path.is_dir()]
CODE = re.compile(r"\(?([ME]\d\d?)\b")
LINES = 25


def part(name):
    """What the guide says of a section, its heading first."""
    parts = re.split(r"(?m)^(?=## )", GUIDE.read_text(encoding="utf-8"))
    [found] = [text for text in parts if text.startswith(f"## {name[:2]} ")]
    return found


def row(section, exercise):
    """The row of an exercise: how many right and wrong answers are stored, and the wrong ones by cause."""
    folder = section.answers / exercise.grade_id
    told, others = {}, []
    for path in sorted((folder / "wrong").glob("*.py")):
        cause = re.match(r"# cause: (.*)", path.read_text(encoding="utf-8"))[1]
        code = CODE.match(cause)
        (told.setdefault(code[1], []) if code else others).append(f"`{path.stem}`")
    named = "; ".join(f"{code} {', '.join(told[code])}" for code in sorted(told)) or "—"
    right, wrong = (len([*(folder / kind).glob("*.py")]) for kind in ("right", "wrong"))
    return f"| {exercise.number} `{exercise.grade_id}` | {right} | {wrong} | {named} | {', '.join(others) or '—'} |"


@pytest.mark.parametrize("name", SECTIONS)
def test_the_table_of_a_section_names_every_exercise_and_its_wrong_answers(name):
    section = Section(ROOT, name)
    rows = [line for line in part(name).splitlines() if re.match(r"\| .*`", line)]

    assert rows == [row(section, exercise) for exercise in section.exercises]


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_has_its_minutes_and_points_in_its_heading(name):
    section = Section(ROOT, name)
    minutes = re.search(r"\*\*(\S+) minutos\*\*", section.source.cells[0].source)[1]

    assert part(name).splitlines()[0].endswith(f" · {minutes} min · {points(section)} points")


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_is_short_and_asks_something(name):
    assert len(part(name).splitlines()) <= LINES
    assert part(name).count("**Discuss.**") == 1
    assert "**What goes wrong.**" in part(name)


@pytest.mark.parametrize("name", SECTIONS)
def test_the_misconceptions_that_a_notebook_teaches_are_told(name):
    taught = {
        code
        for cell in Section(ROOT, name).source.cells
        for code in re.findall(r"(?m)^### Error típico (M\d\d)", cell.source)
    }

    assert {code for code in taught if code not in part(name)} == set()
