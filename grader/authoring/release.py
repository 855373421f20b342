"""The release: notebooks/ made from solutions/ by nbgrader's own generator, the same bytes every time."""

from __future__ import annotations

import filecmp
import io
import logging
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader.authoring import notebook_format
from grader.authoring.pages import pages, terms_of
from grader.authoring.rules.judge import launch
from grader.authoring.section import Section
from grader.authoring.soundness import grade_solution
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, Unable

SECTION = re.compile(r"\d\d_[a-z0-9_]+")
COMMAND = "python3 -m grader release"
REFUSE_SLIPS = "grader.classroom.nbgrader_steps.RefuseSlips"
_LEFTOVERS = {".ipynb_checkpoints", "__pycache__"}


class TagTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Tags the test cells of the release `raises-exception`, so that "Run all" goes on past unsolved ones.

    Tags are not part of nbgrader's checksum.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            others = [tag for tag in cell.metadata.get("tags", []) if tag != "raises-exception"]
            cell.metadata.tags = [*others, "raises-exception"]
        return cell, resources


def sections(root: Path) -> list[str]:
    """Return the names of the sections under solutions/, in order. Raises Unable on a folder that is none."""
    names = []
    for folder in sorted((root / "solutions").iterdir()):
        if not folder.is_dir() or folder.name in _LEFTOVERS:
            continue
        if not SECTION.fullmatch(folder.name) or not (folder / f"{folder.name}.ipynb").is_file():
            raise Unable(f"solutions/{folder.name} no es una sección: usa NN_nombre/NN_nombre.ipynb.")
        names.append(folder.name)
    return names


def generate(root: Path, destination: Path, names: Iterable[str], *, gradebook: bool = False) -> None:
    """Write the release of the sections `names` under `destination`, which has none of them yet.

    gradebook: also make the course's gradebook know their cells; else it is not used. Raises Unable when
    nbgrader refuses a section.
    """
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    if gradebook:  # so that what is wrong with a test cell costs that cell, and not the whole class its marks
        steps = config.GenerateAssignment.preprocessors
        config.GenerateAssignment.preprocessors = [step for step in steps if step != REFUSE_SLIPS]
    else:
        config.merge(Config({"SaveCells": {"enabled": False}, "GenerateAssignment": {"no_database": True}}))
    config.CourseDirectory.root = str(root.resolve())
    config.CourseDirectory.release_directory = str(destination.resolve())
    for name in names:
        config.CourseDirectory.assignment_id = name
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
        converter.log, said = _log(name)
        try:
            converter.start()
        except Exception as error:  # what went wrong stands in the log alone
            reasons = re.findall(r"^[\w.]*(?:Error|Exception): (.+)", said.getvalue(), re.MULTILINE)
            why = reasons[-1] if reasons else error
            raise Unable(f"nbgrader no publica solutions/{name} ({why}): corrige el notebook.") from error


def write_pages(root: Path, destination: Path, names: Iterable[str]) -> None:
    """Write the index and the errata of the sections `names` under `destination`."""
    destination.mkdir(parents=True, exist_ok=True)
    for file, page in pages([Section(root, name) for name in names], terms_of(root)).items():
        (destination / file).write_text(notebook_format.text(page), encoding="utf-8", newline="\n")


def _log(name: str) -> tuple[logging.Logger, io.StringIO]:
    """Return a logger apart from all others, and what it was told."""
    said = io.StringIO()
    logger = logging.Logger(name, logging.ERROR)
    logger.addHandler(logging.StreamHandler(said))
    return logger, said


def differences(fresh: Path, kept: Path) -> dict[str, str]:
    """Compare two releases byte by byte: relative path -> "falta", "difiere" or "sobra" in `kept`."""
    new, old = _files(fresh), _files(kept)
    changed = {name for name in new & old if not filecmp.cmp(fresh / name, kept / name, shallow=False)}
    groups = {"falta": new - old, "difiere": changed, "sobra": old - new}
    return dict(sorted((name, word) for word, names in groups.items() for name in names))


def _files(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(folder) for path in paths)
    return {name.as_posix() for name in names if not _LEFTOVERS & set(name.parts)}


def tidy(root: Path, names: Iterable[str]) -> list[str]:
    """Put the sources into normal form; return the paths of those that were not."""
    written = []
    for name in names:
        path = root / "solutions" / name / f"{name}.ipynb"
        tidied = notebook_format.text(notebook_format.read(path))
        if tidied.encode() != path.read_bytes():
            path.write_text(tidied, encoding="utf-8", newline="\n")
            written.append(path.relative_to(root).as_posix())
    return written


def _unsound(root: Path, fresh: Path, names: Iterable[str]) -> Iterator[str]:
    """Yield each test cell that the course's own solution does not pass, with the reason.

    fresh: the folder of the release that is to be written.
    """
    for name in names:
        section = Section(root, name)
        notebook = notebook_format.read(fresh / name / f"{name}.ipynb")
        found = grade_solution(section.source, notebook, section.source_path.parent, launch()[0])
        yield from (f"{name}, {test}: {' '.join(why.split())}" for test, why in found.failed.items())


def release(root: Path) -> int:
    """Write notebooks/; return 0, or 1 when it holds files of no section, which only a person may delete.

    Raises Unable, before it writes, when a solution does not pass its own tests.
    """
    names = sections(root)
    for path in tidy(root, names):
        print(f"✓ {path}: en forma normal")
    with tempfile.TemporaryDirectory() as folder:
        fresh, kept = Path(folder), root / "notebooks"
        generate(root, fresh, names)
        if unsound := [*_unsound(root, fresh, names)]:
            more = f" Y {len(unsound) - 1} más." if len(unsound) > 1 else ""
            raise Unable(f"La solución no pasa su prueba ({unsound[0]}): corrige la que falle.{more}")
        write_pages(root, fresh, names)
        found = differences(fresh, kept)
        for name, word in found.items():
            if word == "sobra":
                print(f"✗ notebooks/{name}: no sale de solutions/; bórralo")
                continue
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(fresh / name, kept / name)
            print(f"✓ notebooks/{name}")
    stray = list(found.values()).count("sobra")
    print(f"notebooks/: {len(names)} de solutions/, {len(found) - stray} ficheros escritos, {stray} sobran")
    return int(stray > 0)


def check(root: Path) -> int:
    """Compare notebooks/ with a fresh release; say which file differs and return 1, or 0 if none does."""
    names = sections(root)
    with tempfile.TemporaryDirectory() as folder:
        generate(root, Path(folder), names)
        write_pages(root, Path(folder), names)
        found = differences(Path(folder), root / "notebooks")
    for name, word in found.items():
        print(f"✗ notebooks/{name}: {word}")
    print(f"Ejecuta {COMMAND}" if found else f"✓ notebooks/ coincide con solutions/ ({len(names)} secciones)")
    return int(bool(found))


def main(argv: list[str]) -> int:
    """Run the command: `release` writes notebooks/, `release --check` only compares. Raises Unable."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("--check", action="store_true")
    return (check if parser.parse_args(argv).check else release)(ROOT)
