"""The index and the errata are made from the sections, and are up to date."""

import re

import pytest

from grader.authoring import notebook_format
from grader.authoring.pages import ERRATA, GLOSSARY, INDEX, pages, terms_of
from grader.authoring.section import Section
from grader.cli.bootstrap import ROOT

NAMES = [path.name for path in sorted((ROOT / "solutions").iterdir()) if path.is_dir()]
LINK = re.compile(r"\]\(([^)#:]+)\)")
RIGHT = {"E15"}  # the chapter is right there; section 2 says so under E7
PLAIN = {"E9", "E17", "E19", "E48"}  # what is true is the whole cure


@pytest.fixture(scope="module")
def made():
    return pages([Section(ROOT, name) for name in NAMES], terms_of(ROOT))


def prose(page):
    return "\n".join(cell.source for cell in page.cells)


@pytest.mark.parametrize("file", [INDEX, ERRATA, GLOSSARY])
def test_a_page_is_what_the_sections_make_of_it_now(made, file):
    stored = (ROOT / "notebooks" / file).read_text(encoding="utf-8")

    assert stored == notebook_format.text(made[file]), "run python3 -m grader release"


@pytest.mark.parametrize("file", [INDEX, ERRATA])
def test_every_link_of_a_page_leads_to_a_notebook(made, file):
    links = LINK.findall(prose(made[file]))

    assert len(links) >= len(NAMES)
    assert [link for link in links if not (ROOT / "notebooks" / link).is_file()] == []


def test_the_index_names_every_section_with_minutes_and_points(made):
    row = r"^\| \[(\d\d) · .+\]\(.+\) \| \d+ \| 10 \+ 2(?: \+ 20)? \|$"

    assert re.findall(row, prose(made[INDEX]), re.MULTILINE) == [name[:2] for name in NAMES]


def test_the_errata_keep_the_quotation_and_the_cure_and_no_heading_of_the_section(made):
    told = prose(made[ERRATA])

    assert told.count("> **Errata del capítulo (") >= 20
    assert "Error típico" not in told
    assert told.count("## ") == len(NAMES)


def entries(page):
    """Each erratum on the page: its labels and its text."""
    for text in prose(page).split("> **Errata del capítulo ")[1:]:
        yield set(re.findall(r"E\d+", text.partition(")")[0])), text


def test_all_errata_of_the_chapter_stand_on_the_page(made):
    told = {label for labels, _ in entries(made[ERRATA]) for label in labels}
    told |= set(re.findall(r"\((E\d+)\)", made[ERRATA].cells[0].source))

    assert {f"E{number}" for number in range(1, 67)} - told == RIGHT


def test_an_erratum_on_the_page_has_its_cure_and_asks_nothing(made):
    cures = [
        (labels, re.search(r"\*\*(?:Se arregla|La cura)", text)) for labels, text in entries(made[ERRATA])
    ]

    assert set().union(*(labels for labels, cure in cures if cure is None)) == PLAIN
    assert "Predice" not in prose(made[ERRATA])
    assert "<details>" not in prose(made[ERRATA])


def test_each_term_of_the_glossary_stands_in_alphabetical_order_with_a_short_meaning(made):
    terms = terms_of(ROOT)

    assert len({term["es"] for term in terms}) == len(terms) == prose(made[GLOSSARY]).count("\n| ") - 1
    assert [term["es"] for term in terms if len(term["means"].split()) > 16] == []
    rows = re.findall(r"^\| (\w+)", prose(made[GLOSSARY]), re.MULTILINE)[1:]
    assert rows.index("cerrojo") < rows.index("contrapresión") < rows.index("corrutina")
