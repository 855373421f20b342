"""Submissions per minute: `grade` against stock `nbgrader autograde`, against one worker, and as the class grows.

    python tests/bench_grading.py [--section 03_tasks] [--growth 20,100,1000] [--skip-stock]

All grade the same class in one run of this program: answers of tests/answers, solved and unsolved notebooks.
Each command is timed as a process of its own, its start included. Exits with 1 when a bar is missed: >= 10 x
stock nbgrader with all cores; from the smallest class to the largest the time per submission and the memory
of each process grow by less than a half.
"""

from __future__ import annotations

import argparse
import copy
import importlib.metadata
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.judge.check import quicken

quicken()  # and import little: each worker imports this file

from grader.authoring.section import Section  # noqa: E402
from grader.classroom.grade import run  # noqa: E402
from grader.classroom.workers import Workers, cores  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
SIDE_BY_SIDE = 20  # submissions
FASTER, GROWTH = 10, 1.5
STOCK = "c = get_config()\n"  # nbgrader's own settings, its own kernel


def notebooks(section: Section) -> list[dict]:
    """A small class: an unsolved notebook, a right answer of each exercise, and wrong ones."""
    books = [section.release]
    for kind, count in (("right", 3), ("wrong", 4)):
        for number in range(count):
            book = copy.deepcopy(section.release)
            for cell in book.cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
                answers = sorted((section.answers / name / kind).glob("*.py")) if name else []
                if answers:
                    cell.source = answers[number % len(answers)].read_text(encoding="utf-8")
            books.append(book)
    return books


def lay(folder: Path, section: Section, count: int, *, stock: bool = False) -> Path:
    """Write the course and `count` submissions, and make the gradebook know the section."""
    shutil.rmtree(folder, ignore_errors=True)
    source, submitted = ("source", "submitted") if stock else ("solutions", ".nbgrader/submitted")
    shutil.copytree(section.source_path.parent, folder / source / section.name)
    shutil.copytree(
        section.release_path.parent, folder / ("release" if stock else "notebooks") / section.name
    )
    settings = STOCK if stock else (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    for number, book in zip(range(count), itertools.cycle(notebooks(section)), strict=False):
        path = folder / submitted / f"s{number:05}" / section.name / f"{section.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(book), encoding="utf-8")
    nbgrader(folder, "generate_assignment", section.name, "--force")
    return folder


def nbgrader(folder: Path, *arguments: str) -> float:
    """Run nbgrader's command; return its seconds."""
    return timed([sys.executable, "-m", "nbgrader", *arguments], folder)


def timed(command: list[str], folder: Path) -> float:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
    return time.monotonic() - began


def grade(folder: Path, workers: int) -> tuple[float, dict[str, int]]:
    """Run `grade`; return its seconds, and the highest memory of its processes in MB."""
    told = folder / "memory.json"
    command = [sys.executable, __file__, "--measured", str(folder), str(told), "--workers", str(workers)]
    seconds = timed(command, folder)
    return seconds, json.loads(told.read_text())


def measured(folder: Path, told: Path, arguments: list[str]) -> None:
    """Grade in this process, and write down what memory it and its workers took."""
    leave = Workers.__aexit__
    peaks = {}

    async def watch(self: Workers, *error: object) -> None:
        peaks["workers"] = max(peak(worker._process.pid) for worker in self._workers if worker._process)
        await leave(self, *error)

    Workers.__aexit__ = watch
    run(folder, arguments)
    told.write_text(json.dumps(peaks | {"main": peak(os.getpid())}))


def peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def marks(folder: Path, name: str, database: str) -> dict[tuple[str, str], float | None]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/{database}") as book:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in book.assignment_submissions(name)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def side_by_side(folder: Path, section: Section, cores: int) -> bool:
    """Print the table of the same class by each way; tell whether the bar is met."""
    count = SIDE_BY_SIDE
    theirs = lay(folder / "stock", section, count, stock=True)
    rows = {"nbgrader autograde": nbgrader(theirs, "autograde", section.name)}
    for workers in sorted({1, cores}):
        ours = lay(folder / f"ours-{workers}", section, count)
        rows[f"grade --workers {workers}"], _ = grade(ours, workers)
    print(f"\n{section.name}, the same {count} submissions        seconds   per minute   stock / this")
    for name, seconds in rows.items():
        ratio = rows["nbgrader autograde"] / seconds
        print(f"  {name:34} {seconds:16.1f} {60 * count / seconds:12.0f} {ratio:12.1f} x")
    stock, own = (
        marks(theirs, section.name, "gradebook.db"),
        marks(ours, section.name, ".nbgrader/gradebook.db"),
    )
    same = sum(stock.get(key) == value for key, value in own.items())
    print(f"  equal marks: {same} of {len(own)}")
    return rows["nbgrader autograde"] >= FASTER * rows[f"grade --workers {cores}"]


def growth(folder: Path, section: Section, cores: int, counts: list[int]) -> bool:
    """Print time and memory as the class grows; tell whether time is linear and memory flat."""
    print("\nsubmissions   seconds   ms each   per minute   main MB   a worker MB")
    found = []
    for count in counts:
        seconds, peaks = grade(lay(folder / "growth", section, count), cores)
        found.append((seconds / count, peaks["main"], peaks["workers"]))
        each, rate = 1000 * seconds / count, 60 * count / seconds
        print(f"{count:11,} {seconds:9.1f} {each:9.0f} {rate:12.0f} {peaks['main']:9} {peaks['workers']:13}")
    return all(last < GROWTH * first for first, last in zip(found[0], found[-1], strict=True))


def main() -> int:
    if sys.argv[1:2] == ["--measured"]:
        measured(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("--section", default="03_tasks")
    parser.add_argument("--growth", default="20,100,1000")
    parser.add_argument("--skip-stock", action="store_true")
    options = parser.parse_args()
    section, processors = Section(ROOT, options.section), cores()
    version = importlib.metadata.version("nbgrader")
    print(f"Python {sys.version.split()[0]}, nbgrader {version}, {processors} cores")
    with tempfile.TemporaryDirectory() as name:
        faster = None if options.skip_stock else side_by_side(Path(name), section, processors)
        flat = growth(Path(name), section, processors, [int(text) for text in options.growth.split(",")])
    words = {None: "not measured", True: "met", False: "missed"}
    print(f"\nbar: >= {FASTER} x nbgrader autograde: {words[faster]}")
    print(f"bar: cost linear, memory flat: {words[flat]}")
    return 1 if False in (faster, flat) else 0


if __name__ == "__main__":
    sys.exit(main())
