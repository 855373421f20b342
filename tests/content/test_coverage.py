"""Every item of the chapter stands in a cell of the course, which names it."""

import re
import tomllib
from pathlib import Path

import pytest

from grader.authoring.section import Section
from grader.cli.bootstrap import ROOT

ITEMS = tomllib.loads(Path(__file__).with_name("coverage.toml").read_text(encoding="utf-8"))
SECTIONS = [path.name for path in sorted((ROOT / "solutions").iterdir()) if path.is_dir()]
ELSE = re.compile(r"E([1-9]|[1-5]\d|6[0-6])|M(0[1-9]|1\d|2[0-5])")  # errata and misconceptions of the course


def covered(name):
    """The labels that the cells of a section name, each with the ids of the cells."""
    found = {}
    for cell in Section(ROOT, name).source.cells:
        for label in cell.metadata.get("grader", {}).get("covers", []):
            found.setdefault(label, []).append(cell.id)
    return found


@pytest.mark.parametrize("name", SECTIONS)
def test_every_item_of_the_section_has_a_cell(name):
    items = {item for item in ITEMS if item.startswith(f"S{int(name[:2])}.")}

    assert items
    assert sorted(items - set(covered(name))) == []


@pytest.mark.parametrize("name", SECTIONS)
def test_a_cell_names_only_what_there_is(name):
    assert [label for label in covered(name) if label not in ITEMS and not ELSE.fullmatch(label)] == []


def test_the_list_is_the_whole_chapter():
    counts = {}
    for item in ITEMS:
        section, number = re.fullmatch(r"S(\d+)\.(\d+)", item).groups()
        counts.setdefault(int(section), []).append(int(number))

    assert list(counts) == list(range(1, 12))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in counts.values())
