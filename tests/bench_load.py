"""Do marks depend on how busy the machine is? A class with burners in it, and stored answers beside spinners.

    python tests/bench_load.py class [--section 03_tasks] [--times 20]
    python tests/bench_load.py answers [--section 03_tasks] [--load 16] [--only EXERCISE]

`class` grades eight honest submissions in quiet, then the same in a class of twelve whose other four start 58
processes that spin, at the top of a cell and in an answer. `answers` has the judge grade each stored answer of
a section in quiet, and again beside `--load` processes that spin. Both print what differs, and what it took;
they exit with 1 if anything does. Nothing here is timed: it is the marks that are compared.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench_grading import ROOT, grade, lay, marks

from grader.authoring.answers import Answer
from grader.authoring.section import Section
from grader.classroom.workers import cores
from grader.judge import judge, sandbox
from grader.judge.roles import exercise_of, role
from grader.judge.submission import merge

HONEST, BURNERS = 8, 4
SPIN = "import os\n{}for _ in range(58):\n{}    if os.fork() == 0:\n{}        while True: pass\n"


def burning(section: Section, number: int) -> dict:
    """A submission with right answers, of which one or two start 58 processes that spin."""
    book = copy.deepcopy(section.source)
    cells = [cell for cell in book.cells if role(cell) == "solution"]
    if number % 2:  # as soon as the cell is loaded
        cells[number // 2].source += "\n" + SPIN.format("", "", "")
        return book
    for cell in (cells[0], cells[-1]):  # in each run
        head = re.search(r"^(async def \w+\(.*\).*:)\n", cell.source, re.MULTILINE)
        if head:
            body = SPIN.format(*["    "] * 3)
            cell.source = cell.source.replace(head[0], f"{head[0]}    {body}", 1)
    return book


def graded(folder: Path, section: Section, burners: int, workers: int) -> tuple[dict, float]:
    """Grade the honest ones and so many burners; return the marks of the honest ones, and the seconds."""
    lay(folder, section, HONEST)
    honest = {f"s{number:05}" for number in range(HONEST)}
    for number in range(burners):  # among the others, so that some are graded beside each
        path = folder / ".nbgrader/submitted" / f"s{2 * number:05}-burner" / section.name
        path.mkdir(parents=True)
        (path / f"{section.name}.ipynb").write_text(json.dumps(burning(section, number)), encoding="utf-8")
    began = time.monotonic()
    grade(folder, workers)
    found = marks(folder, section.name, ".nbgrader/gradebook.db")
    return {key: points for key, points in found.items() if key[0] in honest}, time.monotonic() - began


def class_of_twelve(section: Section, times: int) -> int:
    """Compare the marks of a quiet class with those of one with burners, `times` times."""
    workers, different = cores(), 0
    with tempfile.TemporaryDirectory() as name:
        quiet, seconds = graded(Path(name), section, 0, workers)
        print(f"{section.name}: {HONEST} honest submissions in quiet, {len(quiet)} marks: {seconds:.0f} s")
        for turn in range(1, times + 1):
            found, seconds = graded(Path(name), section, BURNERS, workers)
            changed = sorted(key for key in quiet if found.get(key) != quiet[key])
            different += len(changed)
            print(
                f"{turn:3}. with {BURNERS} burners: {len(changed)} different marks, {seconds:.0f} s",
                flush=True,
            )
            for key in changed:
                print(f"     {key}: {found.get(key)}, in quiet {quiet[key]}")
    return different


@contextlib.contextmanager
def spinning(count: int) -> Iterator[None]:
    """Run so many processes that spin, as nice as a submission's, while in the block."""
    program = "import os\nos.nice(5)\nwhile True: pass"
    spinners = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(count)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


def verdicts(answer: Answer) -> dict[str, tuple]:
    """Return points, state and named cause of each test of an answer's exercise."""
    section, reference = answer.section, copy.copy(answer.section.source)
    reference.cells = [c for c in reference.cells if role(c) != "test" or exercise_of(c) == answer.name]
    found = judge.grade(
        reference,
        merge(section.release, answer.submission()),
        beside=section.source_path.parent,
        launch=sandbox.find(),
    )
    return {
        each.grade_id: (each.earned, each.state, "".join(re.findall("Causa probable.*", each.full)))
        for each in found
    }


def stored_answers(section: Section, load: int, only: str) -> int:
    """Compare the verdicts on stored answers in quiet with those beside spinners."""
    paths = sorted(section.answers.glob("*/*/*.py"))
    answers = {
        str(path.relative_to(section.answers)): Answer.at(ROOT, path)
        for path in paths
        if only in ("", path.parent.parent.name)
    }
    took, rounds = [], []
    for count in (0, load):
        began = time.monotonic()
        with spinning(count):
            rounds.append({name: verdicts(answer) for name, answer in answers.items()})
        took.append(time.monotonic() - began)
    different = [name for name in answers if rounds[0][name] != rounds[1][name]]
    seconds = "in quiet {:.0f} s, at load {load} {:.0f} s".format(*took, load=load)
    print(f"{section.name}: {len(answers)} answers, {len(different)} with another verdict; {seconds}")
    for name, grade_id in itertools.product(different, rounds[0][different[0]] if different else ()):
        quiet, busy = (verdict[name].get(grade_id) for verdict in rounds)
        if quiet != busy:
            print(f"  {name} {grade_id}\n    in quiet {quiet}\n    at load  {busy}")
    return len(different)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["class", "answers"])
    parser.add_argument("--section", default="03_tasks")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--load", type=int, default=16)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    section = Section(ROOT, options.section)
    print(f"{cores()} cores, load average {os.getloadavg()[0]:.1f}")
    if options.what == "class":
        return 1 if class_of_twelve(section, options.times) else 0
    return 1 if stored_answers(section, options.load, options.only) else 0


if __name__ == "__main__":
    sys.exit(main())
