"""`python3 -m grader check`: the visible checks of the notebooks, without JupyterLab."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, Unable, say, typed
from grader.judge.roles import exercise_of, label, role

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.judge.judge import Verdict

SIGNS = {"passed": "✓", "failed": "✗", "untried": "○", "fault": "?", "written": "·"}
_NOTES = {"untried": "   sin intentar", "written": "   los pone una persona"}
PAUSE = 0.3  # seconds between two looks at the files
_SECTION = re.compile(r"\d\d_[a-z0-9_]+")
_HEADING = re.compile(r"^#+ ([^·\n]+)", re.MULTILINE)
_WIDTH = 20  # cells of the bar


@dataclass(frozen=True)
class Book:
    """A section by its name, its notebook as released, and the copy that the student works on."""

    name: str
    release: Path
    own: Path


@dataclass(frozen=True)
class Result:
    """What the visible checks say of an exercise. `state` is a key of SIGNS; `extra`: beyond the maximum."""

    label: str
    state: str
    points: float
    earned: float
    extra: bool
    messages: list[str]


def main(argv: list[str]) -> int:
    """Check the sections named, or all; 0 if all could be checked, 2 if not. Raises Unable."""
    return run(ROOT, argv)


def run(root: Path, argv: list[str]) -> int:
    """Do as `main` in the course at `root`."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("sections", nargs="*")
    parser.add_argument("--watch", action="store_true")
    options = parser.parse_args(argv)
    quicken()
    books = choose(root, options.sections)
    return watch(books) if options.watch else check(books)


def quicken() -> None:
    """Keep the import of nbformat from building a grammar of web addresses: 2 s that notebooks never need."""
    # jsonschema/_format.py imports the package where it is there, and does without it where it is not.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def find(root: Path) -> list[Book]:
    """Return the sections, in order: the student's copies in work/, or the release if there is no work/."""
    folder = root / ("work" if (root / "work").is_dir() else "notebooks")
    names = sorted(path.name for path in (root / "notebooks").glob("*") if _SECTION.fullmatch(path.name))
    files = {name: Path(name) / f"{name}.ipynb" for name in names}
    return [Book(name, root / "notebooks" / file, folder / file) for name, file in files.items()]


def choose(root: Path, wanted: list[str]) -> list[Book]:
    """Return the sections that `wanted` names by number or name; all if it is empty. Raises Unable."""
    books = find(root)
    numbers = ", ".join(book.name[:2] for book in books)
    for text in wanted:
        if not any(_means(text, book) for book in books):
            raise Unable(f"No hay sección «{text}»: usa {numbers or 'un curso con notebooks/'}.")
    chosen = [book for book in books if any(_means(text, book) for text in wanted)] if wanted else books
    missing = [book.name for book in chosen if not book.own.exists()]
    if wanted and missing:
        raise Unable(f"Falta {missing[0]} en work/: ejecuta {typed()} lab, que lo copia.")
    if len(missing) == len(chosen):
        raise Unable(f"No hay notebooks que comprobar: ejecuta {typed()} lab, que los copia a work/.")
    return [book for book in chosen if book.name not in missing]


def _means(text: str, book: Book) -> bool:
    return text == book.name or text.zfill(2) == book.name[:2]


def check(books: list[Book]) -> int:
    """Check notebooks and print what they got; 2 if one could not be checked."""
    results: list[Result] = []
    failed = False
    for book in books:
        found = _report(book, "\n" * bool(results))
        failed = failed or found is None or any(result.state == "fault" for result in found)
        results += found or []
    if len({book.name for book in books}) > 1 and results:
        print(f"\nEn total\n  {_bar(results)}")
    if results:
        print(
            "\nSon las pruebas visibles: al corregir hay otras, ocultas, del mismo enunciado.",
            flush=True,
        )
    return 2 if failed else 0


def watch(books: list[Book]) -> int:
    """Check each notebook now and again whenever it is saved, until Ctrl-C; then 0."""
    seen: dict[str, tuple[int, int]] = {}
    say("Compruebo al guardar. Para terminar: Ctrl-C.")
    try:
        while True:
            for book in books:
                stamp = _stamp(book.own)
                if stamp is not None and seen.get(book.name) != stamp:
                    _report(book, "\n" * bool(seen))
                    seen[book.name] = stamp
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        return 0


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file is saved; None while an editor is just putting it there."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size


def _report(book: Book, before: str) -> list[Result] | None:
    """Check a notebook and print what it got. None if it is no notebook of the section, which is said."""
    from grader.judge.files import NotGradable

    try:
        results = examine(book)
    except NotGradable as reason:
        say(f"{book.own.name} no se puede comprobar: {reason}.")
        return None
    print(before + "\n".join(render(book.name, results)), flush=True)
    return results


def examine(book: Book) -> list[Result]:
    """Return what the visible checks say of each exercise. The student's cells run in a child process.

    Raises NotGradable when the student's copy is no notebook, or another section's.
    """
    import nbformat

    from grader.judge import judge, sandbox, submission
    from grader.judge.origin import sections

    own = submission.read(book.own)
    sections(book.release.parents[1]).demand(book.name, own)
    release = nbformat.read(book.release, as_version=4)
    merged = submission.merge(release, own)
    launch = sandbox.find(unsafe=True)  # it is the user's own code, which runs in the kernel as well
    graded = judge.grade(release, merged, beside=book.release.parent, launch=launch, draws=False)
    verdicts = {verdict.grade_id: verdict for verdict in graded}
    results = [_result(label, tests, verdicts) for label, tests in exercises(release) if tests]
    return results + [Result(label, "written", points, 0, False, []) for label, points in written(release)]


def exercises(release: NotebookNode) -> list[tuple[str, list[NotebookNode]]]:
    """Return the exercises of a release: "3.1 fetch_all" and its test cells."""
    tests = [cell for cell in release.cells if role(cell) == "test"]
    solutions = {c.metadata.nbgrader.grade_id: label(c) for c in release.cells if role(c) == "solution"}
    return [(text, [t for t in tests if exercise_of(t) == name]) for name, text in solutions.items()]


def written(release: NotebookNode) -> Iterator[tuple[str, float]]:
    """Yield what a person marks: the heading above the answer, and its points."""
    heading = ""
    for cell in release.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and marks.get("grade"):
            yield heading or marks.grade_id, marks.points
        elif found := _HEADING.search(cell.source):
            heading = found[1].strip()


def _result(label: str, tests: list[NotebookNode], verdicts: dict[str, Verdict]) -> Result:
    got = [verdicts[test.metadata.nbgrader.grade_id] for test in tests]
    worth = [test.metadata.get("grader", {}).get("bonus", test.metadata.nbgrader.points) for test in tests]
    earned = sum(points for points, verdict in zip(worth, got, strict=True) if verdict.state == "passed")
    states = {verdict.state for verdict in got}
    state = "fault" if "fault" in states else states.pop() if len(states) == 1 else "failed"
    messages = [_told(verdict) for verdict in got if verdict.state != "passed"]
    extra = any("bonus" in test.metadata.get("grader", {}) for test in tests)
    return Result(label, state, sum(worth), earned, extra, messages)


def _told(verdict: Verdict) -> str:
    """Return a failure with the attempt's timeline as text, where there is one."""
    pictures = [output.data.get("text/plain", "") for output in verdict.outputs if "data" in output]
    return "\n".join([verdict.message, *(f"\n{picture}\n" for picture in pictures if picture)])


def render(name: str, results: list[Result]) -> Iterator[str]:
    """Yield the lines of a section: each exercise with its points and what is wrong, then the bar."""
    yield name
    width = max((len(result.label) for result in results), default=0)
    for result in results:
        score = f"{result.earned:g} de {result.points:g} p" + " extra" * result.extra
        if result.state == "written":
            score = f"{result.points:g} p"
        yield f"  {SIGNS[result.state]} {result.label:<{width}}   {score}{_NOTES.get(result.state, '')}"
        for message in [] if result.state == "untried" else result.messages:
            yield from (f"      {line}".rstrip() for line in message.splitlines())
    yield f"  {_bar(results)}"


def _bar(results: list[Result]) -> str:
    core = [result for result in results if not result.extra and result.state != "written"]
    earned, points = sum(result.earned for result in core), sum(result.points for result in core)
    extra = sum(result.earned for result in results if result.extra)
    filled = int(_WIDTH * earned / points) if points else 0
    more = f" y {extra:g} extra" if extra else ""
    return f"{'█' * filled}{'·' * (_WIDTH - filled)} {earned:g} de {points:g} puntos{more}"
