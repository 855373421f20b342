"""Puts a command into a Python environment with the course's packages: the running one, else a `.venv`."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

from grader.cli import installer
from grader.cli.trouble import AGAIN, Unable, say

ROOT = Path(__file__).resolve().parents[2]
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
BOUND = re.compile(r"(>=|<)\s*([\d.]+)")

_in_use: list[IO[str]] = []  # the mark on the environment, which lasts as long as this process


def enter(arguments: Sequence[str], extras: Sequence[str], version: str | None = None) -> None:
    """Return in an environment that has the course and `extras`, or start `arguments` again in one.

    `version` ("3.12") asks for that Python instead of the running one. The new start replaces this process.
    Raises Unable.
    """
    version = version or RUNNING
    demand_supported(version)
    foreign = version == RUNNING and not ours()
    lacking = lacks(extras) if foreign else []
    if foreign and not lacking:
        open_paths(Path(sysconfig.get_path("scripts")))
        return
    venv = environment_for(version)
    parts = ["course", *extras, *([] if shutil.which("node") else ["node"])]
    if not installer.ready(venv, version, parts):
        if lacking and importlib.util.find_spec("jupyterlab"):
            say(f"A este entorno le falta {', '.join(lacking)}: uso {venv.name}.")
        if "node" not in parts and not node_is_recent():
            parts.append("node")
        installer.prepare(venv, interpreter_of(version), version, parts)
    elif within(venv):
        _in_use.append(installer.share(venv))
        open_paths(installer.scripts_in(venv))
        return
    restart(venv, arguments)


def demand_supported(version: str) -> None:
    """Raise Unable for a Python that the course does not know, before anything is installed with it."""
    known = str(project().get("requires-python", ""))
    if fits(version, known):
        return
    oldest, newest = known_range(known)
    system = f"py -{newest}" if os.name == "nt" else f"python{newest}"
    raise Unable(
        f"El curso está probado con Python {oldest} a {newest} y no con {version}: "
        f"instala {newest} y usa {system} -m grader."
    )


def known_range(known: str) -> tuple[str, str]:
    """Return the oldest and the newest Python of ">=3.11,<3.16": "3.11" and "3.15"."""
    bounds = dict(BOUND.findall(known))
    major, _, minor = bounds["<"].partition(".")
    return bounds[">="], f"{major}.{int(minor) - 1}"


def project() -> dict[str, Any]:
    """Return the table `project` of pyproject.toml."""
    import tomllib

    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def here() -> Path:
    """The folder of the environment whose interpreter runs (by its path, since pyvenv.cfg may be damaged)."""
    return Path(os.path.realpath(Path(sys.executable).parent)).parent


def within(venv: Path) -> bool:
    return here() == Path(os.path.realpath(venv))


def ours() -> bool:
    return here().parent == ROOT and installer.ours(here())


def environment_for(version: str) -> Path:
    if version == RUNNING:
        return here() if ours() else ROOT / ".venv"
    return ROOT / f".venv-{version}"


def lacks(extras: Sequence[str]) -> list[str]:
    """The packages of pyproject.toml that the running environment has not, or not within their bounds."""
    if not importlib.util.find_spec("jupyterlab"):
        return ["jupyterlab"]  # the usual case, told without the slower imports below
    from importlib import metadata

    table = project()
    wanted = [*table["dependencies"]]
    for extra in extras:
        wanted += table["optional-dependencies"][extra]
    found = {}
    for line in filter(applies, wanted):
        name = requirement_name(line)
        try:
            found[line] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[line] = ""
    return [requirement_name(line) for line, version in found.items() if not fits(version, line)]


def requirement_name(line: str) -> str:
    return re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0]


def applies(line: str, version: str = RUNNING) -> bool:
    """Whether a requirement counts for that Python: its marker, if any, is `python_version` with a bound."""
    return fits(version, line.partition(";")[2].replace("'", "").replace('"', ""))


def fits(version: str, requirement: str) -> bool:
    """Whether a version lies within the `>=` and `<` of a requirement; "" (not installed) never does."""
    if not version:
        return False
    for sign, bound in BOUND.findall(requirement.partition(";")[0]):
        if (release(version) >= release(bound)) != (sign == ">="):
            return False
    return True


def release(version: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(\.\d+)*", version)
    parts = [int(part) for part in numbers[0].split(".")] if numbers else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def node_is_recent() -> bool:
    node = shutil.which("node")
    if not node:
        return False
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return False
    major = re.match(r"v(\d+)", told)
    return major is not None and int(major[1]) >= 20


def interpreter_of(version: str) -> str:
    """A Python of that version which really starts; Unable names the version when there is none."""
    if version == RUNNING:
        # An environment made from .venv's own interpreter would die with .venv; venv itself looks here too.
        return str(getattr(sys, "_base_executable", sys.executable))
    for candidate in [
        shutil.which(f"python{version}"),
        *map(str, sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"), reverse=True)),
        told_by(["uv", "python", "find", "--no-python-downloads", version]),
        told_by(["py", f"-{version}", "-c", "import sys; print(sys.executable)"]),
    ]:
        probe = [candidate, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        if candidate and told_by(probe) == version:
            return candidate
    raise Unable(
        f"No encuentro Python {version} (ni python{version} en el PATH, ni en pyenv, ni en uv): "
        f"instálalo y {AGAIN}."
    )


def told_by(command: Sequence[str | None]) -> str:
    """What a program prints; nothing when it is not there or fails."""
    program = shutil.which(command[0] or "")
    if not program:
        return ""
    answer = subprocess.run([program, *map(str, command[1:])], capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def open_paths(scripts: Path) -> None:
    """Put the environment's programs first on PATH (nbgrader calls alembic by its bare name).

    The root goes first on PYTHONPATH, so that kernels and tools import the `grader` of this very folder.
    """
    for name, folder in (("PATH", str(scripts)), ("PYTHONPATH", str(ROOT))):
        rest = [entry for entry in os.environ.get(name, "").split(os.pathsep) if entry and entry != folder]
        os.environ[name] = os.pathsep.join([folder, *rest])


def restart(venv: Path, arguments: Sequence[str]) -> NoReturn:
    open_paths(installer.scripts_in(venv))
    os.environ["VIRTUAL_ENV"] = str(venv)
    os.environ.pop("PYTHONHOME", None)
    command = [str(installer.python_in(venv)), "-m", "grader", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    # Windows' exec returns to the prompt at once, so this process stays and hands on the exit code.
    with subprocess.Popen(command) as process:
        while True:
            try:
                sys.exit(process.wait())
            except KeyboardInterrupt:
                continue  # the new process got the Ctrl-C too and decides
