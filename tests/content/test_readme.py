"""The READMEs say what the course has."""

import re

import pytest

from grader.authoring.pages import points
from grader.authoring.section import Section
from grader.cli.bootstrap import ROOT, known_range, project

SECTIONS = [path.name for path in sorted((ROOT / "solutions").iterdir()) if path.is_dir()]


@pytest.mark.parametrize("file", ["README.md", "README.es.md"])
@pytest.mark.parametrize("name", SECTIONS)
def test_each_section_has_a_row_with_its_minutes_and_points(name, file):
    section = Section(ROOT, name)
    minutes = re.search(r"\*\*(\S+) minutos\*\*", section.source.cells[0].source)[1]
    [row] = re.findall(
        rf"^\| .*\]\(notebooks/{name}/{name}.ipynb\).*$", (ROOT / file).read_text("utf-8"), re.M
    )

    assert row.startswith(f"| {int(name[:2])} | [{name}]")
    assert row.endswith(f"| {minutes} | {points(section)} |")


@pytest.mark.parametrize(("file", "words"), [("README.md", "{} to {}"), ("README.es.md", "de {} a {}")])
def test_the_pythons_that_are_promised_are_those_that_are_tried(file, words):
    promise = words.format(*known_range(project()["requires-python"]))

    assert promise in (ROOT / file).read_text("utf-8")
