"""What students wrote, in every page of a real formgrader: shown, never executed, asked for or followed."""

import json
import os
import urllib.parse
from pathlib import Path

import graded_class
import nbformat
import pytest
from conftest import TOKEN, copy_package, lab
from hostile_page import ATTACKS, notebook_of_old
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook, Student
from nbgrader.server_extensions.formgrader import handlers
from notebook_page import HANG
from small_class import nbgrader, submit
from traitlets.config import Config
from tree import NAME

from grader.authoring.course import Course
from grader.classroom import feedback, grade
from grader.judge import sandbox

try:
    sandbox.find()
except sandbox.NoSandbox as reason:
    pytest.skip(f"NOT TESTED: {reason}", allow_module_level=True)

NORMAL = r"""**Tres tareas**, con `gather`, y *ninguna* espera a otra:

1. `fetch(1)` tarda 3 s, la más larga
2. el total es $\max_i t_i = 3$ s, no $\sum_i t_i$
   - si una falla, las otras siguen

```python
results = await asyncio.gather(*(fetch(i) for i in ids))
```

> Un `TaskGroup` las cancelaría: devuelve una `Promise<void>`, diría yo en JS.

| qué | segundos |
|---|---:|
| en fila | 6 |
| a la vez | 3 |

Lo explica [la documentación](https://docs.python.org/3/library/asyncio-task.html): si `a < b`, a & b.
"""
ONE_LINE = " ".join(text.replace("/", "∕") for text in ATTACKS[:12])[:200]  # as a file's name
ADDRESSES = [  # a student need not be called so: a link may lead there
    '";alert(1);"',
    '\\";alert(1);//',
    "'-alert(1)-'",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "\\",
    "x\u2028alert(1)",
]
MATHJAX = HTMLExporter().mathjax_url.rsplit("/", 2)[0] + "/"  # where nbgrader takes it from
LIVE = {  # what shows that the watch sees: an attack, and what nbgrader's own page does with it
    "<img src=x onerror=alert(1)>": "dialog: 1",
    "<script>document.title = 'owned'</script>": "title",
    "[x](javascript:alert(1))": "dialog: 1",
    "![x](http://127.0.0.1:9/x.png)": "GET http://127.0.0.1:9/x.png",
    "<img src=/canary.png>": "/canary.png",
    "<iframe srcdoc=x></iframe>": "went to about:srcdoc",
    "<a href=/canary>x</a>": "/canary",
    "<b class=full-credit>x</b>": "PUT ",
}
MATHJAX_HERE = Path(
    os.environ.get("MATHJAX", "/usr/share/javascript/mathjax")
)  # where Debian's libjs-mathjax has it
STUB = """
    MathJax = {Hub: {Config() {}, Queue() {}, Startup: {signal: {Interest(tell) { setTimeout(tell, 0, "End") }}}}};
"""
LATEST = f"""
    const script = document.createElement("script");
    script.src = "{MATHJAX}2.7.9/MathJax.js" + new URL(document.currentScript.src).search;
    document.head.append(script);
"""
WATCH = """
    addEventListener("securitypolicyviolation", event => console.log(event.violatedDirective, event.blockedURI));
"""
# As a curious person: every element that shows what a student wrote is pointed at, focused and pressed.
TOUCH = """() => {
    const shown = ".text_cell_render *, .output *, .input_area *, #main-table td, .breadcrumb *";
    const own = "a[href*='/formgrader/'], .live-notebook";
    for (const element of document.querySelectorAll(shown)) {
        if (element.closest(own)) continue;
        element.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
        element.focus?.();
        element.click?.();
    }
}"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A graded class: a normal answer, all attacks by both commands, and a notebook from before our own steps."""
    root = tmp_path_factory.mktemp("hostile") / "course"
    root.mkdir()
    copy_package(root)
    section = graded_class.course(root)
    answers = {"ana": NORMAL} | dict.fromkeys(["mala", "llana", "antes"], "\n\n".join(ATTACKS))
    for student, text in answers.items():
        path = submit(root, student, graded_class.written(section, text))
        if student in ("mala", "llana"):
            (path.parent / f"{ONE_LINE}.py").touch()
    assert grade.run(root, ["--student", "ana", "--student", "mala", "--student", "antes"]) == 0
    code, said = nbgrader(root, "autograde", NAME, "--student", "llana")
    assert code == 0, said
    old = autograded(root, "antes")
    book = notebook_of_old(nbformat.read(old, as_version=4), ATTACKS)
    old.chmod(0o644)
    old.write_text(json.dumps(book), encoding="utf-8")
    with Gradebook(Course(root).directory.db_url) as gradebook:
        for number, attack in enumerate(ATTACKS):
            text = attack.encode("utf-8", "replace").decode()
            names = {"first_name": text, "last_name": text, "email": text}
            gradebook.db.add(Student(id=f"s{number}", **names))
            if number < 4:
                for name, value in names.items():
                    setattr(gradebook.find_student(list(answers)[number]), name, value)
        gradebook.db.commit()
    return Course(root)


def autograded(root, student):
    return root / ".nbgrader" / "autograded" / student / NAME / f"{NAME}.ipynb"


@pytest.fixture(scope="module")
def window(course, browser):
    """A browser that is signed in; MathJax, which nbgrader takes from its maker, is answered here."""
    with (
        lab(course.root, "--instructor") as address,
        browser.new_context(viewport={"width": 1100, "height": 900}, base_url=address) as window,
    ):
        window.set_default_timeout(HANG * 1000)
        window.add_init_script(WATCH)
        window.route(f"{MATHJAX}**", serve_mathjax)
        window.new_page().goto(f"/lab?token={TOKEN}")
        window.address = address
        yield window


def serve_mathjax(route):
    """Answer for the network: with the real MathJax where this machine has it, else with its bare interface."""
    name = urllib.parse.urlsplit(route.request.url.removeprefix(MATHJAX)).path.partition("/")[2]
    if not MATHJAX_HERE.is_dir():
        route.fulfill(body=STUB, content_type="text/javascript")
    elif name == "latest.js":
        route.fulfill(body=LATEST, content_type="text/javascript")
    elif (MATHJAX_HERE / name).is_file():
        route.fulfill(path=MATHJAX_HERE / name)
    else:
        route.fulfill(status=404)  # an exception here would leave the page waiting


def opened(window, path):
    """Open a page of the formgrader and touch what it shows; return it, and all that happened beyond showing it."""
    page, events = window.new_page(), []
    expected = window.address + path

    def asked(request):
        own = request.url.startswith(
            tuple(f"{window.address}/formgrader/{room}/" for room in ("static", "api"))
        )
        fine = (
            own
            or request.url in (expected, f"{expected}/")
            or request.url.startswith((MATHJAX, "data:image/"))
        )
        if request.method != "GET" or not fine:
            events.append(f"{request.method} {request.url}"[:200])

    def navigated(frame):
        if (
            frame.parent_frame
            or urllib.parse.urlsplit(frame.url).path.rstrip("/") != urllib.parse.urlsplit(expected).path
        ):
            events.append(f"went to {frame.url}"[:200])

    page.on("request", asked)
    page.on("framenavigated", navigated)
    page.on("popup", lambda other: events.append(f"opened {other.url}"))
    page.on("console", lambda message: events.append(f"console: {message.text}"[:200]))
    # Not by `page.on("dialog")`: to dismiss one that comes while the page is closed waits for ever.
    page.add_init_script(
        "for (const name of ['alert', 'confirm', 'prompt']) window[name] = (text) => console.log('dialog: ' + text);"
    )
    page.on("pageerror", lambda error: events.append(f"error: {error}"[:200]))
    page.on("download", lambda file: events.append(f"download: {file.url}"))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.evaluate(TOUCH)
    page.wait_for_load_state("networkidle")
    if "owned" in page.title():
        events.append("title")
    return page, events


def submission(course, student):
    """The path of the page of a submission."""
    with Gradebook(course.directory.db_url) as book:
        [notebook] = book.find_submission(NAME, student).notebooks
        return f"/formgrader/submissions/{notebook.id}"


@pytest.mark.parametrize("student", ["mala", "llana", "antes"])
def test_nothing_of_a_submission_runs_asks_or_leads_away(window, course, shoot, student):
    page, events = opened(window, submission(course, student))
    shoot(page, f"hostile-{student}")

    assert events == []
    assert page.locator(".nbgrader_cell").count() >= 3
    assert page.locator("#note").is_visible()
    assert page.frames == [page.main_frame]


LISTS = [
    "manage_assignments",
    f"manage_submissions/{NAME}",
    "gradebook",
    f"gradebook/{NAME}",
    f"gradebook/{NAME}/{NAME}",
    "manage_students",
    "manage_students/antes",
    f"manage_students/antes/{NAME}",
]


@pytest.mark.parametrize("path", LISTS)
def test_no_name_in_a_list_runs(window, course, shoot, path):
    page, events = opened(window, f"/formgrader/{path}")
    shoot(page, f"hostile-{path.replace('/', '-')}")

    assert events == []
    assert page.locator("#main-table td").count() >= 1


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_that_a_student_chose_is_text_in_the_page_that_it_names(window, text):
    page, events = opened(window, f"/formgrader/manage_students/{urllib.parse.quote(text, safe='')}")

    # There is no such student; a name that ends in a backslash is no JavaScript, and nbgrader's page says so.
    plain = (
        "console: Failed to load",
        "error: Invalid or unexpected token",
        "error: student_id is not defined",
    )
    assert [event for event in events if not event.startswith(plain)] == []
    page.close(run_before_unload=True)  # which does not wait: it may be on its way to another page


def test_the_log_of_a_hostile_submission_is_text(window, course):
    page, events = opened(window, f"/formgrader/manage_submissions/{NAME}")
    row = page.locator("tr", has=page.locator("td.student-id", has_text="mala"))
    row.locator("td.autograde a").click()
    page.locator(".modal-body", has_text="Successfully autograded").wait_for()

    assert page.locator(".modal-body pre").inner_text().count("<script>") >= 1
    assert [event for event in events if not event.startswith("POST ")] == []


def test_a_normal_answer_is_shown_as_its_author_meant_it(window, course, shoot):
    page, events = opened(window, submission(course, "ana"))
    answer = page.locator(".nbgrader_cell", has=page.locator("#note")).locator(".text_cell_render")
    answer.scroll_into_view_if_needed()
    shoot(page, "answer-in-words")

    assert events == []
    for tag, text in {
        "strong": "Tres tareas",
        "ol > li": "fetch(1)",
        "pre": "await asyncio",
        "blockquote": "Promise<void>",
    }.items():
        assert text in answer.locator(tag).first.inner_text()
    assert answer.locator("td").count() == 4
    assert "si a < b, a & b" in answer.inner_text()
    assert "https://docs.python.org/3/library/asyncio-task.html" in answer.inner_text()


def test_the_pages_of_feedback_run_nothing(window, course):
    assert feedback.run(course.root, []) == 0
    for student in ("mala", "llana", "antes"):
        page, events = window.new_page(), []
        page.on("request", lambda request, events=events: events.append(request.url[:200]))
        page.on("console", lambda message, events=events: events.append(message.text))
        page.on("dialog", lambda dialog, events=events: (events.append("dialog"), dialog.dismiss()))
        file = course.root / ".nbgrader" / "feedback" / student / NAME / f"{NAME}.html"
        page.goto(file.as_uri())
        page.wait_for_load_state("networkidle")

        assert [event for event in events if not event.startswith((file.as_uri(), "data:image/svg"))] == []
        assert "<script>document.title" in page.locator("main").inner_text()


def test_a_hostile_answer_waits_for_a_person_as_any_other(course):
    with Gradebook(course.directory.db_url) as book:
        for student in ("ana", "mala", "llana"):
            grade = book.find_grade(graded_class.NOTE, NAME, NAME, student)
            assert (grade.auto_score, grade.needs_manual_grade) == (None, True)


def test_what_our_steps_write_is_as_safe_in_nbgrader_s_own_page(window, course):
    """Somebody may open the class with a formgrader that has not read our settings."""
    for student in ("mala", "llana"):
        book = nbformat.read(autograded(course.root, student), as_version=4)
        assert stock_events(window, course, book) == []


def test_the_watch_sees_what_an_answer_does_in_nbgrader_s_own_page(window, course):
    """Without our settings and our steps: scripts, requests, and addresses that are followed."""
    book = nbformat.read(autograded(course.root, "ana"), as_version=4)
    answer = next(cell for cell in book.cells if cell.id == graded_class.NOTE)
    seen = []
    for attack in LIVE:
        answer.source = attack
        seen.append("\n".join(stock_events(window, course, book)))

    for events, sign in zip(seen, LIVE.values(), strict=True):
        assert sign in events


def stock_events(window, course, book):
    """What happens when nbgrader's own page shows a notebook."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    names = {"assignment_id": NAME, "notebook_id": NAME, "student": "x", "notebook_path": "x"}
    path = submission(course, "ana")
    numbers = {"submission_id": path.rpartition("/")[2], "index": 0, "total": 1, "base_url": ""}
    text, _ = HTMLExporter(config=config).from_notebook_node(book, resources=names | numbers)
    body = text.encode("utf-8", "replace").decode()
    window.route(f"**{path}", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    try:
        page, events = opened(window, path)
        page.close(run_before_unload=True)  # which does not wait: it may be on its way to another page
    finally:
        window.unroute(f"**{path}")
    return events
