"""What a student sees of section 3 in a real JupyterLab. Look yourself: pytest tests/browser --screenshots DIR"""

import re

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

SECTION = "03_tasks/03_tasks.ipynb"
SIGNATURE = "async def fetch_all(ids: list, fetch) -> list:\n"
RIGHT = SIGNATURE + "return list(await asyncio.gather(*[fetch(i) for i in ids]))"
SEQUENTIAL = SIGNATURE + "return [await fetch(i) for i in ids]"
CHECKS = ("test-fetch-all-a", "test-fetch-all-b")
# Its own colours and marks each: states, two runs, excess, failures, cancellation.
PICTURES = ("c03-run-main", "c03-compare-slow-fast", "c03-critical-path-run", "c03-errata-orphan-mended")
LEGIBLE = 4.5  # contrast that WCAG 2 asks of text (level AA)


@pytest.fixture(scope="module")
def notebook(open_notebook):
    """Section 3, fresh from the release, after Run All."""
    notebook = open_notebook(SECTION)
    notebook.run_all()
    return notebook


@pytest.fixture(scope="module")
def small_notebook(open_notebook, clone):
    cells = [
        new_code_cell("import asyncio\n%load_ext grader", id="setup"),
        new_code_cell('print("espero")\nawait asyncio.Event().wait()', id="hang"),
        new_code_cell('print("sigo")', id="next"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    content = writes(new_notebook(cells=cells, metadata=kernel))
    (clone / "work" / "hang.ipynb").write_text(content, encoding="utf-8")
    notebook = open_notebook("hang.ipynb")
    notebook.run("setup")
    return notebook


@pytest.fixture
def hanging(small_notebook):
    """A notebook whose second cell waits for ever, and does."""
    small_notebook.start("hang")
    # Exactly this: a former run left more.
    small_notebook.expect(small_notebook.cell("hang").locator(".jp-OutputArea")).to_have_text("espero")
    return small_notebook


def test_the_course_opens_at_its_index(browser, address):
    from conftest import TOKEN
    from playwright.sync_api import expect

    with browser.new_context(viewport={"width": 1280, "height": 1000}) as window:
        page = window.new_page()
        page.goto(f"{address}/?token={TOKEN}")

        link = page.get_by_role("link", name="03 · Tareas y concurrencia")
        expect(link).to_be_visible()
        link.click()
        expect(page.get_by_role("heading", name="03 · Tareas y concurrencia")).to_be_visible()


@pytest.mark.parametrize(
    ("theme", "light"), [("JupyterLab Dark", False), ("JupyterLab Light", True)], ids=["dark", "light"]
)
def test_the_first_timeline_is_drawn_and_legible(notebook, theme, light):
    notebook.use_theme(theme, light=light)

    notebook.expect(notebook.picture("c03-run-main")).to_be_visible()
    box = notebook.picture("c03-run-main").bounding_box()
    assert box["width"] > 400
    assert box["height"] > 80
    assert {"bucle", "fetch_user(1)"} <= {each["text"].strip() for each in notebook.contrasts("c03-run-main")}
    for cell_id in PICTURES:
        faint = [
            each for each in notebook.contrasts(cell_id) if not each["seen"] or each["contrast"] < LEGIBLE
        ]
        assert faint == [], cell_id
    notebook.shoot(f"timeline-{'light' if light else 'dark'}", "c03-run-main")


def test_the_first_timeline_is_told_in_words_to_who_cannot_see_it(notebook):
    label = notebook.picture("c03-run-main").get_attribute("aria-label")

    assert label.startswith("Línea de tiempo: total ")
    assert "fetch_user(2)" in label


def test_a_wrong_answer_gets_its_cause_and_its_picture(notebook):
    notebook.write("fetch-all", SEQUENTIAL)
    notebook.run("fetch-all", *CHECKS)

    notebook.expect(notebook.output("test-fetch-all-a").first).to_contain_text("✓ 3.1 fetch_all")
    verdict = notebook.cell("test-fetch-all-b").locator(".jp-OutputArea")
    notebook.expect(verdict).to_contain_text("✗ 3.1 fetch_all")
    notebook.expect(verdict).to_contain_text("(M08): esperas cada petición antes de iniciar la siguiente")
    notebook.expect(notebook.picture("test-fetch-all-b")).to_be_visible()
    label = notebook.picture("test-fetch-all-b").get_attribute("aria-label")
    assert "total 6 s (esperado 3 s: +3 s)" in label
    assert "fetch(1)" in label
    faint = [each for each in notebook.contrasts("test-fetch-all-b") if each["contrast"] < LEGIBLE]
    assert faint == []
    notebook.shoot("wrong", "test-fetch-all-b")


def test_a_right_answer_is_told_so(notebook):
    notebook.write("fetch-all", RIGHT)
    notebook.run("fetch-all", *CHECKS)

    for check in CHECKS:
        notebook.expect(notebook.output(check)).to_have_text(re.compile("^✓ 3.1 fetch_all"))
    notebook.shoot("right", CHECKS[-1])


def test_progress_shows_the_bar(notebook):
    notebook.write("fetch-all", RIGHT)
    notebook.run("fetch-all", *CHECKS, "c03-progress")

    bar = notebook.output("c03-progress").get_by_role("progressbar")
    notebook.expect(bar).to_have_attribute("aria-valuenow", "2")
    assert bar.bounding_box()["width"] > 100
    notebook.expect(notebook.output("c03-progress")).to_contain_text("✓ superada: 3.1 fetch_all")
    notebook.shoot("progress", "c03-progress")


def test_validate_names_what_is_not_solved_yet(notebook):
    notebook.page.get_by_role("button", name="Validate").click()

    dialog = notebook.page.get_by_role("dialog")
    notebook.expect(dialog).to_contain_text("The following")
    notebook.expect(dialog).to_contain_text("3.2 dashboard")
    notebook.shoot("validate")
    dialog.get_by_role("button", name="Ok").click()


@pytest.mark.parametrize("by", ["the stop button", "I, I"])
def test_a_hanging_await_is_interrupted_and_the_next_cell_runs(hanging, by):
    if by == "I, I":
        for key in ("Escape", "i", "i"):
            hanging.page.keyboard.press(key)
    else:
        hanging.page.get_by_role("button", name="Interrupt the kernel").click()

    hanging.expect(hanging.cell("hang").locator(".jp-OutputArea")).to_contain_text("celda interrumpida")
    hanging.expect(hanging.prompt("hang")).to_have_text(re.compile(r"^\[\d+\]:$"))
    hanging.shoot("interrupt-" + by.replace(", ", "").replace(" ", "-"))
    hanging.run("next")
    hanging.expect(hanging.output("next")).to_have_text("sigo")
