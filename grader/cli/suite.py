"""`python3 -m grader test`: every check of the repository, one after the other, and a line for each."""

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments


def parse(argv: list[str]) -> argparse.Namespace:
    """Read `repeat` (int or None), `python` ("3.12" or None), `rest` for pytest. Raises Unable."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("--repeat", type=positive)
    parser.add_argument("--python", type=supported)
    options, rest = parser.parse_known_args(argv)
    options.rest = rest
    return options


def positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"«{text}» no es un número de veces")
    return int(text)


def supported(text: str) -> str:
    minor = re.fullmatch(r"3\.(\d+)", text)
    if not minor or int(minor[1]) < 11:
        raise argparse.ArgumentTypeError(f"«{text}» no es una versión como 3.12, desde 3.11")
    return text


def main(argv: list[str]) -> int:
    """Run all steps, print their output and a summary; 0 only if all pass, else 1. Raises Unable."""
    options = parse(argv)
    print(f"Python {platform.python_version()} · {sys.executable}", flush=True)
    rows = []
    for name, commands in steps(options):
        print(f"\n── {name}", flush=True)
        began = time.monotonic()
        code = max(map(run, commands), default=None)
        rows.append((name, code, time.monotonic() - began))
    print("\n── resumen")
    for name, code, seconds in rows:
        print(summary(name, code, seconds))
    return int(any(code for _, code, _ in rows))


def run(command: list[str]) -> int:
    """Run a module of this Python in the root of the course; return its exit code."""
    # Without bytecode each of the thousands of processes that the tests start compiles the package anew.
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment).returncode


def steps(options: argparse.Namespace) -> list[tuple[str, list[list[str]]]]:
    """Each step's name and its `python -m` commands; none when there is nothing to check."""
    from importlib.metadata import entry_points

    sections = sorted(path.parent.relative_to(ROOT) for path in ROOT.glob("solutions/*/*.ipynb"))
    repeat = ["--repeat", str(options.repeat)] if options.repeat else []
    # The course's rules reach pytest by the entry point, unless the course itself is not installed (conda).
    rules = (
        [] if entry_points(group="pytest11", name="grader_rules") else ["-p", "grader.authoring.rules.plugin"]
    )
    return [
        ("ruff check", [["ruff", "check"]]),
        ("ruff format", [["ruff", "format", "--check"]]),
        ("mypy --strict", [["mypy", "--strict", "grader"]]),
        ("ty (notebooks)", [*map(ty, sections)]),
        ("pytest", [["pytest", *spread(options.rest), *rules, *repeat, *options.rest]]),
    ]


def ty(folder: Path) -> list[str]:
    """Return how a section is checked: by itself, because each has a module `checks` of its own."""
    return ["ty", "check", "--python", sys.executable, "--extra-search-path", str(folder), str(folder)]


def spread(rest: list[str]) -> list[str]:
    """Return how pytest shall spread the tests; who says `-n` or `--pdb` has decided how many processes."""
    decided = "--pdb" in rest or any(option.startswith("-n") for option in rest)
    return [] if decided else ["-n", str(_workers())]


def _workers() -> int:
    return min(os.cpu_count() or 1, 4)  # more would mostly wait for the slowest file


def summary(name: str, code: int | None, seconds: float) -> str:
    if code is None:
        return f"○ {name:<15} nada que comprobar todavía"
    verdict = "✗" if code else "✓"
    return f"{verdict} {name:<15} {seconds:6.1f} s" + (f"   (código {code})" if code else "")
