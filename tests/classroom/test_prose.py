"""Answers in words: as Markdown that no page obeys, and as the student wrote them."""

import pytest
from hostile_page import ATTACKS, active
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_markdown_cell, new_notebook

from grader.judge.submission import MAX_PROSE, inert, merge, written

NORMAL = [
    "**D1.** Un `TaskGroup` con una tarea por URL y un `Semaphore(limit)` que comparten.",
    "1. uno\n2. dos\n   - tres\n\n> cita\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n---\n",
    "```python\nif a < b and c > d:\n    return [i for i in range(3)][0], x[1:]\n```",
    r"El total es $\max_i t_i \le 3$ s, no $$\sum_{i=1}^{n} \frac{t_i}{2}$$ (con $a<3$).",
    "Lo dice [la documentación](https://docs.python.org/3/library/asyncio.html#x) y https://docs.python.org/3/.",
    "Tres & cuatro; 2 < 3; a -> b; <- <3 ~~no~~ *sí*",
    "",
]
# Pieces that make up attacks, so that random texts come near one.
PIECES = [
    *"<>[]()!`~$&;:/\\\"'#-*_|\n\r\t ",
    *(
        "script",
        "img src=x onerror=alert(1)",
        "javascript:",
        "https://",
        "a.es/",
        "localhost",
        "href",
        "mermaid",
        "    ",
    ),
    *(
        "```",
        "$$",
        "]:",
        "](",
        "![",
        "<!--",
        "-->",
        "&lt;",
        "&#60;",
        "x",
        "\\href{",
        "}",
        "\x00",
        "\x0b",
        "\x85",
        "\u2028",
    ),
]


AROUND = ["{}", "> {}", "- {}", "a | b\n-|-\n{} | c", "# {}", "x\r{}", "    {}", "$${}$$", "a\n: {}"]


def drawn(text):
    """A text as nbgrader's own template draws it."""
    return MarkdownWithMath(IPythonRenderer(escape=False)).render(text)


@pytest.mark.parametrize("text", NORMAL)
def test_a_normal_answer_stays_as_it_is(text):
    assert inert(text) == text


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_text_wherever_it_stands(attack):
    for around in AROUND:
        assert active(drawn(inert(around.format(attack)))) == [], around


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_text(text):
    assert active(drawn(inert(text))) == []


def test_what_is_looked_for_in_pages_is_found():
    found = [attack for attack in ATTACKS if _acts(attack)]

    assert len(found) > len(ATTACKS) * 2 / 3


def _acts(attack):
    try:
        return active(drawn(attack))
    except InvalidNotebook:  # an attachment that is not there: nbgrader shows nothing at all
        return True


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_letter_of_an_attack_is_kept(attack):
    shown = inert(attack)
    lines = attack.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    assert shown == attack or [line.removeprefix("    ") for line in shown.split("\n")] == lines


def test_a_long_text_is_not_read_as_markdown():
    assert inert("*a* " * MAX_PROSE).startswith("    *a* *a*")


def answered(text, kind=new_markdown_cell):
    marks = {"grade": True, "solution": True, "locked": False, "task": False, "points": 4}
    marks |= {"grade_id": "note", "schema_version": 3}
    given = new_notebook(cells=[kind("*Escribe aquí.*", id="note", metadata={"nbgrader": marks})])
    own = new_notebook(cells=[kind(text, id="note", metadata={"nbgrader": marks})])
    return merge(given, own).cells[0]


@pytest.mark.parametrize("text", [NORMAL[0], *ATTACKS])
def test_a_merged_answer_is_kept_as_it_was_written(text):
    cell = answered(text)

    assert written(cell) == text
    assert cell.source == inert(text)


def test_an_answer_that_nobody_touched_is_the_release_s_letter_by_letter():
    cell = answered("*Escribe aquí.*")

    assert cell.source == "*Escribe aquí.*"
    assert "grader" not in cell.metadata
