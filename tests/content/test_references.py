"""What one place of the course says of another is there: sections, parts, exercises, cells, files.

Review questions are drawn from earlier sections.
"""

import asyncio
import builtins
import keyword
import re

import prose
import pytest

from grader.authoring.section import Section
from grader.cli.bootstrap import ROOT

SECTIONS = {int(path.name[:2]): path.name for path in sorted((ROOT / "solutions").iterdir()) if path.is_dir()}
LAST = max(SECTIONS)
REVIEW = re.compile(r"\*\*De la sección (\d+)\.\*\*(.*?)(?=\*\*De la sección|\Z)", re.DOTALL)
NAMED = re.compile(r"secci(?:ón|ones) (\d+)((?:(?:,| y| e| o| a) \d+)*)", re.IGNORECASE)
PARTS = re.compile(r"apartados? (\d+)((?:(?:,| y) \d+)*)")
PART = re.compile(r"^## (\d+) · ", re.MULTILINE)
CELL = re.compile(r"\bc(?:0[1-9]|1\d)-[a-z0-9-]+\b")
FILE = re.compile(r"\b(?:solutions|notebooks)/[\w/]+\.ipynb")
LINK = re.compile(r"\]\((?!https?://|#)([^)]+)\)")
KNOWN = {*dir(asyncio), *dir(builtins), *keyword.kwlist} - {"_"}

every_section = pytest.mark.parametrize("number", SECTIONS, ids=SECTIONS.values())


def section(number):
    return Section(ROOT, SECTIONS[number])


def texts(number, kind="markdown"):
    """The sources of a section's cells of one kind, by cell id."""
    return {cell.id: cell.source for cell in section(number).source.cells if cell.cell_type == kind}


def reviews(number):
    """Each review question: the section that it is said to come from, and its text with the options."""
    return [(int(of), asked) for text in texts(number).values() for of, asked in REVIEW.findall(text) if of]


def numbers(first, others):
    """The numbers of "3, 4 y 6", and of a range "3 a 6" all."""
    found = [int(first), *map(int, re.findall(r"\d+", others))]
    return list(range(found[0], found[-1] + 1)) if re.search(r" a \d", others) else found


def exercises():
    return {exercise.number for number in SECTIONS for exercise in section(number).exercises}


def asked_of(number, words):
    """The exercises that a text of section `number` speaks of.

    A number with a point may be an amount: only those of the own section count, unless "ejercicio" stands before.
    """
    own = re.findall(rf"(?<![\d.,]){number}\.\d(?![\d.]|\s*(?:s|ms|%|,)\b)(?! (?:s|ms)\b)", words)
    return {*own, *re.findall(r"ejercicio (\d+\.\d)", words)}


@every_section
def test_the_review_asks_of_the_sections_one_three_and_six_back_and_of_no_later_one(number):
    asked = {of for of, _ in reviews(number)}

    assert {back for back in (number - 1, number - 3, number - 6) if back > 0} <= asked
    assert [of for of in asked if of >= number] == []
    assert len(reviews(number)) in ((2, 3) if number > 1 else (0,))


@every_section
def test_what_a_review_question_names_was_used_in_its_section(number):
    for of, asked in reviews(number):
        code = re.findall(r"`([^`]+)`|<code>(.*?)</code>", asked)
        names = {name for pair in code for name in re.findall(r"[A-Za-z_]\w+", "".join(pair))}
        used = {name for source in texts(of, "code").values() for name in re.findall(r"[A-Za-z_]\w+", source)}

        assert names & used, asked
        assert sorted(names & KNOWN - used) == [], f"section {of} does not use it:{asked}"


@every_section
def test_the_sections_that_a_text_names_exist(number):
    named = [
        (cell, of)
        for cell, text in texts(number).items()
        for found in NAMED.findall(text)
        for of in numbers(*found)
        if of not in SECTIONS
    ]

    assert named == []


@every_section
def test_the_first_cell_builds_on_earlier_sections_and_leaves_out_what_others_teach(number):
    first = next(iter(texts(number).values()))
    before, _, outside = first.partition("**Fuera:**")
    built_on = [of for found in NAMED.findall(before) for of in numbers(*found)]

    assert [of for of in built_on if of >= number] == []
    assert [
        of for of in map(int, re.findall(r"\((\d+)\)", outside)) if of == number or of not in SECTIONS
    ] == []


@every_section
def test_the_recap_leads_to_the_next_section(number):
    [after] = re.findall(r"\*\*Sigue:\*\*(.*)", "\n".join(texts(number).values()))

    if number < LAST:
        assert re.search(rf"sección {number + 1}\b", after)
    else:
        assert "sección" not in after


@every_section
def test_the_parts_that_a_text_names_are_headings_of_its_notebook(number):
    parts = {int(part) for text in texts(number).values() for part in PART.findall(text)}
    named = {
        part
        for kind in ("markdown", "code")
        for text in texts(number, kind).values()
        for found in PARTS.findall(text)
        for part in numbers(*found)
    }

    assert sorted(parts) == list(range(1, len(parts) + 1))
    assert named <= parts


@every_section
def test_the_exercises_that_a_text_names_exist(number):
    words = "\n".join(prose.of_markdown(text) for text in texts(number).values())

    assert sorted(asked_of(number, words) - exercises()) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("como en 6.2", {"6.2"}),
        ("6.9 te enseña", {"6.9"}),
        ("tarda 6.2 s y 0.1 s", set()),
        ("el ejercicio 4.3", {"4.3"}),
        ("Python 6.13", set()),
    ],
)
def test_an_exercise_is_told_from_an_amount(words, found):
    assert asked_of(6, words) == found


@every_section
def test_the_cells_and_files_that_a_text_names_exist(number):
    ids = {cell.id for other in SECTIONS for cell in section(other).source.cells}
    words = "\n".join([*texts(number).values(), *texts(number, "code").values()])
    folder = section(number).release_path.parent
    links = [link.partition("#")[0] for link in LINK.findall("\n".join(texts(number).values()))]

    assert [cell for cell in CELL.findall(words) if cell not in ids] == []
    assert [file for file in FILE.findall(words) if not (ROOT / file).is_file()] == []
    assert [link for link in links if not (folder / link).exists()] == []


@every_section
def test_the_last_cell_says_where_the_solutions_of_this_section_are(number):
    name = SECTIONS[number]

    assert FILE.findall(list(texts(number).values())[-1]) == [f"solutions/{name}/{name}.ipynb"]
