"""The formgrader's page of a submission, made as nbgrader's server makes it; in a browser: tests/browser."""

import base64
import hashlib
import re

import graded_class
import pytest
from hostile_page import ATTACKS, active, notebook_of_old
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from tree import NAME, ROOT

from grader.classroom.formgrader import MAX_SHOWN
from grader.judge.submission import MAX_PROSE


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A small course and the exporter that a formgrader in its folder uses."""
    root = tmp_path_factory.mktemp("course")
    section = graded_class.course(root)
    (root / "grader").symlink_to(ROOT / "grader")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        extension = FormgradeExtension()
        extension.root_dir = str(root)
        extension.initialize([])
        return section, HTMLExporter(config=extension.config)


def page(course, book, **names):
    resources = {"assignment_id": NAME, "notebook_id": NAME, "submission_id": "x", "index": 0, "total": 1}
    resources |= {"base_url": "", "student": "x", "last_name": "x", "first_name": "x", "notebook_path": "x"}
    return course[1].from_notebook_node(book, resources=resources | names)[0]


def old(course, text):
    """A notebook that stock nbgrader left, with a text in every place that a student reaches."""
    return notebook_of_old(graded_class.written(course[0]), [text])


@pytest.fixture(scope="module")
def calm(course):
    """What acts in a page in which a student wrote nothing that could: nbgrader's own scripts and fields."""
    return active(page(course, old(course, "x")))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_runs_no_more_with_an_attack_in_every_place(course, calm, attack):
    assert active(page(course, old(course, attack))) == calm
    assert any("script" in str(found) for found in calm)  # so that the comparison means something


def test_a_name_is_text(course):
    names = ["student", "first_name", "last_name", "notebook_path"]
    book = graded_class.written(course[0])
    usual = [entry for entry in active(page(course, book)) if "data-link" not in entry]

    for attack in ATTACKS:
        found = active(page(course, book, **dict.fromkeys(names, attack)))
        assert [entry for entry in found if "data-link" not in entry] == usual, attack


def test_the_policy_lets_exactly_the_page_s_own_scripts_run(course):
    text = page(course, old(course, "<script>1</script>"))
    policy = re.search(r'<meta content="([^"]+)" http-equiv="Content-Security-Policy"', text)[1]
    scripts = re.findall(r"<script(?![^>]* src=)[^>]*>(.*?)</script>", text, re.DOTALL)
    handlers = re.findall(r' on\w+="([^"]*)"', text)
    hashes = {
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts + handlers
    }

    assert text.index("Content-Security-Policy") < text.index("<script")
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes
    assert len(hashes) >= 5
    script_src = re.search(r"script-src ([^;]+)", policy)[1]
    assert "'unsafe-inline'" not in script_src
    assert "default-src 'none'" in policy


def test_the_course_s_own_texts_keep_their_hints_tables_and_code(course):
    text = "<details><summary>▸ Pista 1</summary>\n\nUsa `gather`: <code>x</code>\n\n</details>\n\n| a |\n|--:|\n| 1 |"
    book = graded_class.written(course[0])
    book.cells.append(new_markdown_cell(text))
    shown = page(course, book)

    assert "<details><summary>▸ Pista 1</summary>" in shown
    assert "<code>gather</code>: <code>x</code>" in shown
    assert '<td style="text-align:right;">1</td>' in shown


def test_a_student_s_html_is_told_letter_by_letter(course):
    shown = page(
        course,
        graded_class.written(course[0], "Un <b onclick=x>tag</b> y [mi web](https://docs.python.org/?a=1&b)"),
    )

    assert "&lt;b onclick=x&gt;tag&lt;/b&gt; y mi web (https://docs.python.org/?a=1&amp;b)" in shown


def test_no_text_is_too_long_for_a_page(course):
    book = graded_class.written(course[0], "*a* " * MAX_PROSE)
    slow = "a." * (MAX_SHOWN // 2)  # the highlighter takes minutes for it
    book.cells += [new_code_cell(slow + ".", outputs=[new_output("stream", text="x" * 10 * MAX_SHOWN)])]
    shown = page(course, book)

    assert "*a* *a*" in shown
    assert slow in shown
    assert len(shown) < 5 * MAX_SHOWN


def test_signs_that_turn_the_order_of_what_follows_are_marked(course):
    shown = page(course, graded_class.written(course[0], "a \u202eb", fetch_all="x = 1  # \u2067 y"))

    assert "\u202e" not in shown
    assert "\u2067" not in shown
    assert "a \ufffdb" in shown
