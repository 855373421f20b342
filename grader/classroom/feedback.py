"""What students get back: a page for each submission, the same from every command that writes it.

There is no script in it, no address, and all that a student wrote is text. nbgrader's GenerateFeedback and
formgrader's button write it through `Page`, which nbgrader_config.py names.
"""

from __future__ import annotations

import base64
import html
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets import default

from grader.authoring.course import Course
from grader.authoring.section import Section
from grader.classroom.grade import COMMAND, choose
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments
from grader.judge import submission
from grader.judge.files import NotGradable, printable
from grader.judge.roles import exercise_of, is_reto, label, role
from grader.judge.submission import written

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
MAX_PICTURE = 2_000_000  # characters; a larger one is told by its text alone
MAX_TEXT = 20_000  # characters of a text; of a longer one its beginning is shown
MAX_OWN = 100  # of the cells that a student added or changed

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --quiet: #5d5d66; --line: #d9d9de;
  --block: #f5f5f7; --good: #116b2e; --bad: #a8201a }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e9ee; --paper: #16161a; --quiet: #a9a9b4;
  --line: #3a3a42; --block: #212127; --good: #7ddc9a; --bad: #ff9c92 } }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.6rem; line-height: 1.25 } h2 { font-size: 1.25rem; margin-top: 2.5rem }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem }
.total { font-size: 1.25rem }
.quiet { color: var(--quiet) } .good { color: var(--good) } .bad { color: var(--bad) } a { color: inherit }
table { border-collapse: collapse; width: 100% } td, th { padding: .3rem .5rem; text-align: left;
  border-bottom: 1px solid var(--line); font-weight: inherit } td { text-align: right; white-space: nowrap }
pre { font: .85rem/1.45 ui-monospace, monospace; background: var(--block); border-radius: .4rem;
  padding: .75rem; margin: .5rem 0; overflow-x: auto; tab-size: 4 }
pre.words, pre.message { white-space: pre-wrap } pre.words { font: inherit }
ul { list-style: none; padding-left: .75rem; margin: .25rem 0 }
blockquote { margin: .5rem 0; padding-left: .75rem; border-left: .25rem solid var(--line) }
figure { margin: .5rem 0; overflow-x: auto } figure img { display: block; width: 100%; min-width: 34rem }
summary { cursor: pointer; padding: .4rem 0 }
""".strip()

THEMED = "<style>svg{color:#1b1b1f}@media(prefers-color-scheme:dark){svg{color:#e9e9ee}}</style>"


@dataclass(frozen=True)
class Picture:
    """A timeline: its drawing, "" if there is none, and its text."""

    svg: str
    text: str


@dataclass(frozen=True)
class Check:
    """A graded part. earned None: there is no mark yet. title, message: as the check said them."""

    title: str
    points: float
    earned: float | None
    message: str = ""
    said: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True)
class Exercise:
    """What a student answered and got. extra: a reto, never part of the maximum. code: else it is prose."""

    title: str
    answer: str
    checks: list[Check]
    comment: str = ""
    extra: bool = False
    code: bool = True

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def earned(self) -> float:
        return sum(check.earned or 0.0 for check in self.checks)

    @property
    def pending(self) -> bool:
        return any(check.earned is None for check in self.checks)


@dataclass(frozen=True)
class Report:
    """All that a page says of a submission. own: the cells that the student added or changed."""

    section: str
    student: str
    exercises: list[Exercise]
    late: float = 0.0
    own: list[str] = field(default_factory=list)


def graded(report: Report) -> str:
    """Return the page of a submission that was graded."""
    core = [exercise for exercise in report.exercises if not exercise.extra]
    earned = sum(exercise.earned for exercise in core)
    extra = sum(exercise.earned for exercise in report.exercises if exercise.extra)
    extra -= max(report.late - earned, 0)  # nbgrader's discount is from all points together
    total = f"{max(earned - report.late, 0):g} de {sum(exercise.points for exercise in core):g} puntos"
    more = f" y {extra:g} extra" if extra else ""
    notes = [f"Descuento por entregar tarde: {report.late:g}."] if report.late else []
    if any(exercise.pending for exercise in report.exercises):
        notes.append("Falta por corregir lo que dice «sin nota»: el total puede subir.")
    parts = [
        *_head(report.section, report.student),
        f'<p class="total"><strong>{_text(total)}</strong>{_text(more)}</p>',
        *(f"<p>{_text(note)}</p>" for note in notes),
        *_table(report.exercises),
        *(
            line
            for number, exercise in enumerate(report.exercises, 1)
            for line in _exercise(number, exercise)
        ),
        *_own(report.own),
    ]
    return _html(f"{report.section}: {total}", parts)


def refused(section: str, student: str, reason: str) -> str:
    """Return the page of a submission that cannot be graded: why, and what to do."""
    why, _, remedy = reason.rpartition(": ")
    parts = [
        *_head(section, student),
        '<p class="total"><strong class="bad">No se puede calificar</strong></p>',
        "<p>No es un 0: la entrega no tiene nota hasta que se pueda leer.</p>",
        f"<h2>Por qué</h2>\n<p>{_sentence(why)}.</p>" if why else "",
        f"<h2>Qué hacer</h2>\n<p>{_sentence(remedy)}, y entrega otra vez.</p>",
    ]
    return _html(f"{section}: no se puede calificar", parts)


def _html(title: str, parts: Iterable[str]) -> str:
    head = [
        '<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{_text(title)}</title>",
        f"<style>{STYLE}</style></head><body><main>",
    ]
    return "\n".join([*head, *filter(None, parts), "</main></body></html>\n"])


def _head(section: str, student: str) -> list[str]:
    return [f"<h1>{_text(section)}</h1>", f'<p class="quiet">Entrega de <bdi>{_text(student)}</bdi></p>']


def _sentence(text: str) -> str:
    return _text(text[:1].upper() + text[1:])


def _table(exercises: list[Exercise]) -> list[str]:
    rows = ["<table>"]
    for number, exercise in enumerate(exercises, 1):
        name = f'<th scope="row"><a href="#e{number}">{_text(exercise.title)}</a></th>'
        rows.append(f"<tr>{name}<td>{_score(exercise)}</td></tr>")
    return [*rows, "</table>"]


def _score(part: Exercise | Check, extra: bool = False) -> str:
    if part.earned is None or (isinstance(part, Exercise) and part.pending and not part.earned):
        return "sin nota"
    extra = extra or (isinstance(part, Exercise) and part.extra)
    return f"{part.earned:g} de {part.points:g}{' extra' if extra else ''}"


def _exercise(number: int, exercise: Exercise) -> list[str]:
    kind = "Tu código" if exercise.code else "Tu respuesta"
    shown = exercise.answer.strip("\n")
    answer = (
        _block(shown, "" if exercise.code else "words") if shown else '<p class="quiet">Sin respuesta.</p>'
    )
    comment = f"<h3>Comentario</h3><blockquote>{_block(exercise.comment, 'words')}</blockquote>"
    return [
        f'<section><h2 id="e{number}">{_text(exercise.title)} · {_score(exercise)}</h2>',
        *(line for check in exercise.checks if check.title for line in _check_html(check, exercise)),
        comment if exercise.comment.strip() else "",
        f"<h3>{kind}</h3>{answer}",
        "</section>",
    ]


def _check_html(check: Check, exercise: Exercise) -> list[str]:
    full = check.earned is not None and check.earned >= check.points
    kind = "good" if full else "quiet" if check.earned is None else "bad"
    name = f"{exercise.title} — "  # which the heading above says already
    said = [f"<li>{_text(line.replace(name, '', 1))}</li>" for line in check.said]
    title = _text(check.title.replace(name, "", 1))
    return [
        f'<h3><span class="{kind}">{title}</span> · {_score(check, exercise.extra)}</h3>',
        f"<ul>{''.join(said)}</ul>" if said else "",
        _block(textwrap.dedent(check.message), "message") if check.message.strip() else "",
        *map(_picture, check.pictures),
    ]


def _own(cells: list[str]) -> list[str]:
    if not cells:
        return []
    more = f'<p class="quiet">Y {len(cells) - MAX_OWN} celdas más.</p>' if len(cells) > MAX_OWN else ""
    return ["<section><h2>Tus otras celdas</h2>", *map(_block, cells[:MAX_OWN]), more, "</section>"]


def _block(text: str, kind: str = "") -> str:
    look = f' class="{kind}"' if kind else ""
    shown = (
        text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n… (recortado: tiene {len(text)} caracteres)"
    )
    return f'<pre{look} tabindex="0">{_text(shown)}</pre>'


def _picture(picture: Picture) -> str:
    """Return a drawing as an image, where nothing in it can run or ask for anything, and its text folded."""
    text = _block(picture.text) if picture.text else ""
    head, mark, body = picture.svg.partition(">")
    if not head.startswith("<svg ") or not mark or len(picture.svg) > MAX_PICTURE:
        return text
    label = re.search(r' aria-label="([^"]*)"', head)
    alt = html.unescape(label[1]) if label else "Línea de tiempo de tu código"
    data = base64.b64encode(_clean(f"{head}>{THEMED}{body}").encode()).decode()
    folded = f"<details><summary>La línea de tiempo como texto</summary>{text}</details>" if text else ""
    return f'<figure><img alt="{_text(alt)}" src="data:image/svg+xml;base64,{data}">{folded}</figure>'


def _clean(text: str) -> str:
    """Return a text without control characters and halves of characters: no page may hold them."""
    return re.sub(
        "[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n")
    )


def _text(text: str) -> str:
    return html.escape(_clean(text))


FAULT = "Falta la nota por un fallo de la corrección, no tuyo"  # whose details are for the instructor
Marks = dict[str, tuple[float | None, float]]  # grade_id: (points earned, None without a mark; the most)


class Page(Exporter):
    """In the place of nbgrader's HTMLExporter: a graded notebook and the gradebook's marks as one page.

    Its parent is nbgrader's converter, which knows where the course lies.
    """

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        prepared, resources = super().from_notebook_node(nb, resources, **kw)
        names = resources["nbgrader"]
        converter: Any = self.parent
        release = Section(Path(converter.coursedir.root), names["assignment"]).release
        return graded(report(prepared, release, names)), resources


def report(notebook: NotebookNode, release: NotebookNode, names: dict[str, Any]) -> Report:
    """Return what a page says of a graded notebook.

    Everything but answers and what the judge said of them comes from the release: a student's text is never
    parsed. names: nbgrader's, with db_url.
    """
    marks, comments, late = _from_gradebook(names)
    section = title(release, names["assignment"])
    own = [cell.source for cell in notebook.cells if role(cell) == "student"]
    return Report(section, names["student"], [*_exercises(notebook, release, marks, comments)], late, own)


def _from_gradebook(names: dict[str, Any]) -> tuple[Marks, dict[str, str], float]:
    with Gradebook(names["db_url"]) as gradebook:
        book = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
        marks = {grade.name: (_earned(grade), float(grade.max_score)) for grade in book.grades}
        comments = {comment.name: comment.manual_comment or "" for comment in book.comments}
        return marks, comments, float(book.late_submission_penalty or 0)


def _earned(grade: Any) -> float | None:
    unknown = grade.manual_score is None and (grade.auto_score is None or grade.needs_manual_grade)
    return None if unknown else float(grade.score)


def title(notebook: NotebookNode, otherwise: str) -> str:
    """Return the first heading of a notebook."""
    return next(_headings(notebook.cells), otherwise)


def _headings(cells: Sequence[NotebookNode]) -> Iterator[str]:
    for cell in cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution") is not True:
            yield from (found[1].strip() for found in re.finditer(r"(?m)^#+ (.+)$", cell.source))


def _exercises(
    notebook: NotebookNode, release: NotebookNode, marks: Marks, comments: dict[str, str]
) -> Iterator[Exercise]:
    tests = [cell for cell in notebook.cells if role(cell) == "test"]
    answers = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    for at, cell in enumerate(release.cells):
        own = cell.metadata.get("nbgrader", {})
        name = own.get("grade_id", "")
        answer = written(answers[name]) if name in answers else ""
        if (own.get("grade") and own.get("solution")) or own.get("task"):  # a person gives its points
            heading = ([*_headings(release.cells[:at])] or [name])[-1].partition(" · ")[0]
            earned, most = marks.get(name, (None, float(own.get("points") or 0)))
            code = cell.cell_type == "code"
            yield Exercise(heading, answer, [Check("", most, earned)], comments.get(name, ""), code=code)
        elif own.get("solution"):
            checks = [_check(test, marks) for test in tests if exercise_of(test) == name]
            yield Exercise(label(cell), answer, checks, comments.get(name, ""), _is_extra(cell, tests))


def _is_extra(solution: NotebookNode, tests: list[NotebookNode]) -> bool:
    name = solution.metadata.nbgrader.grade_id
    bonus = any("bonus" in test.metadata.get("grader", {}) for test in tests if exercise_of(test) == name)
    return bonus or is_reto(solution)


def _check(test: NotebookNode, marks: Marks) -> Check:
    name = test.metadata.nbgrader.grade_id
    earned, most = marks.get(name, (None, float(test.metadata.nbgrader.points)))
    said = [line for output in _outputs(test, "stream") for line in output.text.splitlines()]
    failures = [output.evalue for output in _outputs(test, "error")]
    lines = [FAULT] if earned is None else failures[0].splitlines() if failures else said[:1]
    return Check(
        lines[0].strip() if lines else name,
        float(test.metadata.get("grader", {}).get("bonus", most)),
        earned,
        "\n".join(lines[1:]),
        said if failures else said[1:],
        [*_pictures(_outputs(test, "display_data"))],
    )


def _outputs(test: NotebookNode, kind: str) -> list[NotebookNode]:
    return [output for output in test.get("outputs", []) if output.output_type == kind]


def _pictures(shown: list[NotebookNode]) -> Iterator[Picture]:
    """Yield the pictures of a check: a drawing and, in the output below it, its text."""
    drawing = ""
    for output in shown:
        if "image/svg+xml" in output.data:
            drawing = output.data["image/svg+xml"]
        elif "text/plain" in output.data:
            yield Picture(drawing, output.data["text/plain"])
            drawing = ""
    if drawing:
        yield Picture(drawing, "")


def main(argv: list[str]) -> int:
    """Write the pages of some sections or all; 0 if every submission got one, else 1. Raises Unable."""
    return run(ROOT, argv)


def run(root: Path, argv: list[str]) -> int:
    """Do as `main` in the course at `root`."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("sections", nargs="*")
    parser.add_argument("--student", action="append", default=[])
    options = parser.parse_args(argv)
    course = Course(root)
    plan = choose(course, options.sections, options.student)
    done = [_told(course, section, students) for section, students in plan.items() if students]
    return 0 if all(done) else 1


def _told(course: Course, section: str, students: list[str]) -> bool:
    """Write pages and say what became of them; tell whether everybody has one."""
    pages, missing = write(course, section, students)
    print(f"{section}: {len(pages)} página{'s' * (len(pages) != 1)} en {_page_path(course, '.', '.').parent}")
    for student, why in missing.items():
        print(f"  {printable(student)}: {why}")
    return not missing


def write(course: Course, section: str, students: Sequence[str] = ()) -> tuple[list[Path], dict[str, str]]:
    """Write the pages of a section: by nbgrader where there is a graded notebook, else with the reason.

    students: who gets one, of those who submitted; without, all of them. Returns the pages, and why a student
    has none: waits to be graded, or it could not be written. One that fails does not stop the others.
    """
    from nbgrader.apps.api import NbGraderAPI

    everybody = [*course.students(section)]
    chosen = [student for student in everybody if student in students] if students else everybody
    pages = {student: _page_path(course, section, student) for student in chosen}
    missing: dict[str, str] = {}
    ready: list[str] = []
    others: list[str] = []
    for student, page in pages.items():
        try:
            page.unlink(missing_ok=True)  # what fails leaves none, and no old one
        except OSError as error:
            missing[student] = _unwritable(page, error)
        else:
            notebook = course.autograded(section, student) / f"{section}.ipynb"
            (ready if notebook.is_file() else others).append(student)
    api = NbGraderAPI(config=course.config, log_level="CRITICAL")
    if ready and chosen == everybody:
        api.generate_feedback(section)  # all in one go, which is faster and may stop at one
    for student in ready:
        if not pages[student].is_file():
            api.generate_feedback(section, student)
            again = f"{COMMAND} {section} --student {printable(student)}"
            missing[student] = f"corregida, pero no se pudo escribir su página; corrígela otra vez: {again}"
    for student in others:
        try:
            _refuse(course, section, student, pages[student])
            missing[student] = f"sin corregir; usa {COMMAND} {section}"
        except OSError as error:
            missing[student] = _unwritable(pages[student], error)
    found = [page for page in pages.values() if page.is_file()]
    return found, {student: why for student, why in missing.items() if not pages[student].is_file()}


def _unwritable(page: Path, error: OSError) -> str:
    return f"no se pudo escribir su página ({error.strerror}); da permiso de escritura en {page.parent}"


def _refuse(course: Course, section: str, student: str, page: Path) -> None:
    """Write the page of a submission that cannot be graded; none if it can be and only waits for it."""
    try:
        taken = submission.take(course.submitted(section, student), section)
        course.section(section).sections.demand(section, taken.notebook)
    except NotGradable as reason:
        page.parent.mkdir(parents=True, exist_ok=True)
        heading = title(course.section(section).release, section)
        page.write_text(refused(heading, student, str(reason)), encoding="utf-8")


def _page_path(course: Course, section: str, student: str) -> Path:
    directory = course.directory
    folder = directory.format_path(directory.feedback_directory, student, section)
    return Path(folder) / f"{section}.html"
