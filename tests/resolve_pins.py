"""Whether grader/constraints.txt can be installed from wheels alone on every Python and system: needs uv.

`python tests/resolve_pins.py` asks the index of packages and prints a line for each pair; exit code 1 if one
has no solution, or if a pin is used by none of them.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "grader" / "constraints.txt"
SYSTEMS = {
    "Linux": "x86_64-manylinux_2_28",
    "Linux (ARM)": "aarch64-manylinux_2_28",
    "macOS (Apple)": "aarch64-apple-darwin",
    "macOS (Intel)": "x86_64-apple-darwin",
    "Windows": "x86_64-pc-windows-msvc",
}


def supported():
    """The Pythons of pyproject.toml: ">=3.11,<3.16" are "3.11" to "3.15"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, beyond = map(int, re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups())
    return [f"3.{minor}" for minor in range(first, beyond)]


def resolve(python, system):
    """The result of uv: the packages that would be installed, with their versions, or why there are none."""
    options = ["--all-extras", "--constraints", str(PINS), "--only-binary", ":all:"]
    target = ["--python-version", python, "--python-platform", system]
    return subprocess.run(
        ["uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", *options, *target, "pyproject.toml"],
        cwd=ROOT, capture_output=True, encoding="utf-8",
    )  # fmt: skip


def main():
    """Try all pairs."""
    used, failed = set(), False
    for python in supported():
        for name, system in SYSTEMS.items():
            result = resolve(python, system)
            used |= set(result.stdout.split())
            failed = failed or result.returncode != 0
            print(f"{'✗' if result.returncode else '✓'} Python {python}, {name}", flush=True)
            print(result.stderr, end="")
    pins = {line.partition(" ;")[0].strip() for line in PINS.read_text(encoding="utf-8").splitlines()}
    for pin in sorted(pins - used):
        print(f"✗ nothing needs {pin}")
    for package in sorted(used - pins):
        print(f"✗ no pin for {package}")
    return int(failed or pins != used)


if __name__ == "__main__":
    sys.exit(main())
