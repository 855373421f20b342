"""What the course tells of newer Pythons: each program beside it, in newer/, prints what stands beside it in NAME.out.

The notebooks show these programs in boxes, with the outputs stored here, for readers whose Python is older.
`python tests/content/test_newer.py` writes the outputs anew, of those programs that the running Python can run.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = sorted((Path(__file__).parent / "newer").glob("*.py"))
CHANGING = [  # what differs from run to run, from machine to machine, and from one minor version to the next
    (r"0x[0-9a-f]+", "0x..."),
    (r"/\S*/(?=asyncio/)", ".../"),
    (r"(?<=line )\d+|(?<=\.py:)\d+", "N"),
    (r"\b\d{4,}\b", "N"),
    (r"[ -]{2,}", " "),
    (r" +$", ""),
]


def since(program):
    """The first Python that can run it, by its docstring."""
    return tuple(map(int, re.search(r"since (\d+)\.(\d+)", program.read_text()).groups()))


def output(program):
    done = subprocess.run([sys.executable, program.name], cwd=program.parent, capture_output=True, text=True)
    said = (done.stdout + done.stderr).replace(f"{program.parent}{os.sep}", "")
    return said.rstrip() + "\n"


def lasting(text):
    """What of an output is the same each time."""
    for pattern, word in CHANGING:
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return text


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_for_newer_pythons_prints_what_the_course_shows(program):
    needed = since(program)
    if sys.version_info < needed:
        pytest.skip(f"NOT RUN: {program.name} needs Python {needed[0]}.{needed[1]}")
    if "on Linux" in program.read_text() and sys.platform != "linux":
        pytest.skip(f"NOT RUN: {program.name} tells of Linux")
    said = output(program)
    if "read another" in program.read_text() and re.search(r"[Pp]ermission|not supported", said):
        pytest.skip(f"NOT RUN: here no process may read another: {said[-200:]}")

    assert lasting(said) == lasting(program.with_suffix(".out").read_text())


def test_every_program_has_its_output():
    assert [path.name for path in PROGRAMS if not path.with_suffix(".out").exists()] == []


if __name__ == "__main__":
    for path in PROGRAMS:
        if sys.version_info >= since(path):
            path.with_suffix(".out").write_text(output(path))
            print(path.name)
