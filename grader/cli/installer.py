"""Builds the course's `.venv`: one builder at a time; a build that was cut off is repaired by the next."""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from grader.cli import locks
from grader.cli.trouble import AGAIN, TOO_DEEP, Unable, explain, say, writing

STATE = "grader"  # our folder inside the environment: place, stamps, locks, log
DEEPEST = 170  # characters of the longest path below an environment's folder, JupyterLab's as a rule
PARTS = ("course", "dev", "node", "cluster")  # what is stamped separately; all but the first are extras


def scripts_in(venv: Path) -> Path:
    """The folder of an environment's programs."""
    return venv / ("Scripts" if os.name == "nt" else "bin")


def python_in(venv: Path) -> Path:
    """The interpreter of an environment."""
    return scripts_in(venv) / ("python.exe" if os.name == "nt" else "python")


def read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""


def place(venv: Path, version: str) -> str:
    # An environment works in one folder and with one Python only: scripts and the editable install name both.
    return f"{version} {venv}"


def digest(root: Path) -> str:
    content = (root / "pyproject.toml").read_bytes() + (root / "grader" / "constraints.txt").read_bytes()
    return hashlib.sha256(content).hexdigest()


def stamp(venv: Path, part: str) -> Path:
    return venv / STATE / f"stamp-{part}"


def ready(venv: Path, version: str, parts: Sequence[str]) -> bool:
    """Whether the environment holds these parts, built from today's pyproject.toml and constraints, here."""
    if not ((venv / "pyvenv.cfg").is_file() and python_in(venv).exists()):
        return False
    if read(venv / STATE / "place") != place(venv, version):
        return False
    wanted = digest(venv.parent)
    return all(read(stamp(venv, part)) == wanted for part in parts)


def ours(venv: Path) -> bool:
    """Whether this module made the environment or adopted it."""
    return (venv / STATE / "place").exists()


def share(venv: Path) -> IO[str]:
    """Mark the environment as in use, so that nobody clears it, until the returned file is closed."""
    file = open(venv / STATE / "in-use.lock", "a")  # noqa: SIM115 - it stays open as long as the process lives
    locks.take(file, wait=True, shared=True)
    return file


def prepare(venv: Path, interpreter: str, version: str, parts: Sequence[str]) -> None:
    """Build or repair the environment with `interpreter`, which is a Python `version`; return when it stands.

    Raises Unable: no venv module, no network, disk full, folder not writable or too deep, environment in use,
    a package that cannot be installed.
    """
    with writing(venv.parent):
        (venv / STATE).mkdir(parents=True, exist_ok=True)
        (venv / ".gitignore").write_text("*\n", encoding="utf-8")
        with open(venv / STATE / "build.lock", "a") as lock:
            if not locks.take(lock, wait=False):
                say(f"Otra orden prepara {venv.name}: espero a que termine.")
                locks.take(lock, wait=True)
            if not ready(venv, version, parts):
                demand_room(venv)
                build(venv, interpreter, version, parts, lock)


def demand_room(venv: Path) -> None:
    """Raise Unable where the system does not take a path as long as those that packages bring."""
    folder = venv / STATE / "room"
    file = folder / ("x" * 60) / ("x" * (DEEPEST - 60 - len(f"{STATE}/room//")))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    except OSError as error:
        # Windows calls a path of more than 259 characters one that it does not find.
        if error.errno in (errno.ENAMETOOLONG, errno.ENOENT, errno.EINVAL):
            raise Unable(TOO_DEEP) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def build(venv: Path, interpreter: str, version: str, parts: Sequence[str], lock: IO[str]) -> None:
    began = time.monotonic()
    say(f"{reason(venv, version, parts)}.")
    uv = shutil.which("uv")
    moved = ours(venv) and read(venv / STATE / "place") != place(venv, version)
    known = [part for part in PARTS if part in parts or stamp(venv, part).exists()]
    if moved or not usable(venv, version, with_pip=uv is None):
        clear(venv)
        create(venv, interpreter, version, with_pip=uv is None)
    for part in PARTS:
        stamp(venv, part).unlink(missing_ok=True)
    (venv / STATE / "place").write_text(place(venv, version), encoding="utf-8")
    wanted = digest(venv.parent)
    install(venv, known, uv, lock)
    for part in known:
        stamp(venv, part).write_text(wanted, encoding="utf-8")
    say(f"{venv.name} está listo ({time.monotonic() - began:.0f} s).")


def reason(venv: Path, version: str, parts: Sequence[str]) -> str:
    """What this build does and why, with the time it takes."""
    if not (venv / "pyvenv.cfg").exists():
        size = 270 if "dev" in parts else 150
        return f"Preparo {venv.name}: descargo ~{size} MB, 1-3 minutos, solo la primera vez"
    before, _, folder = read(venv / STATE / "place").partition(" ")
    if folder and folder != str(venv):
        return f"Rehago {venv.name}, porque la carpeta ha cambiado de sitio: 1-3 minutos"
    if before and before != version:
        return f"Rehago {venv.name} con Python {version}, porque era de Python {before}: 1-3 minutos"
    stamps = [read(stamp(venv, part)) for part in PARTS]
    if not any(stamps):
        return f"Completo {venv.name}, que no está terminado: 1-3 minutos"
    if digest(venv.parent) in stamps:
        return f"Amplío {venv.name} con lo que pide esta orden: 1 minuto"
    return f"Actualizo {venv.name}, porque las versiones del curso han cambiado: 1-3 minutos"


def usable(venv: Path, version: str, *, with_pip: bool) -> bool:
    """Whether the environment's interpreter starts, is of that version and lives there (and has pip)."""
    code = "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix)" + "; import pip" * with_pip
    try:
        probe = subprocess.run([python_in(venv), "-I", "-c", code], capture_output=True, text=True)
    except OSError:
        return False
    found, _, prefix = probe.stdout.strip().partition(" ")
    return probe.returncode == 0 and found == version and os.path.realpath(prefix) == os.path.realpath(venv)


def clear(venv: Path) -> None:
    with open(venv / STATE / "in-use.lock", "a") as guard:
        if not locks.take(guard, wait=False):
            raise Unable(f"Otra orden usa {venv.name} (¿JupyterLab abierto?): ciérrala y {AGAIN}.")
        for part in PARTS:
            stamp(venv, part).unlink(missing_ok=True)
        (venv / STATE / "place").unlink(missing_ok=True)
        for entry in venv.iterdir():
            if entry.name in (STATE, ".gitignore"):
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def create(venv: Path, interpreter: str, version: str, *, with_pip: bool) -> None:
    # Debian ships Python without ensurepip, and `-m venv` would leave half an environment behind.
    needs = "import venv, ensurepip; ensurepip.version()" if with_pip else "import venv"
    if subprocess.run([interpreter, "-I", "-c", needs], capture_output=True).returncode:
        raise Unable(
            f"A Python {version} le falta el módulo venv o ensurepip (en Debian y Ubuntu: "
            f"sudo apt install python3-venv, o python{version}-venv): instálalo y {AGAIN}."
        )
    steps = [[interpreter, "-I", "-m", "venv", "--without-pip", str(venv)]]
    if with_pip:
        # What `venv` would run itself, but there the reason of a failure is lost.
        steps.append([str(python_in(venv)), "-I", "-m", "ensurepip", "--upgrade", "--default-pip"])
    for step in steps:
        made = subprocess.run(
            step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        if made.returncode:
            raise Unable(explain(made.stdout, venv.parent))


def install(venv: Path, parts: Sequence[str], uv: str | None, lock: IO[str]) -> None:
    extras = ",".join(part for part in parts if part != "course")
    wanted = ["-c", "grader/constraints.txt", "-e", f".[{extras}]" if extras else "."]
    if uv:
        command = [uv, "pip", "install", "--python", str(python_in(venv)), "pip", *wanted]
    else:
        quiet = ["--no-user", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        command = [str(python_in(venv)), "-I", "-m", "pip", "install", *quiet, *wanted]
    lines = []
    with (
        open(venv / STATE / "build.log", "w", encoding="utf-8") as log,
        installing(command, venv, lock) as pip,
    ):
        for line in pip.stdout or ():
            lines.append(line)
            log.write(line)
            show(line, sum(line.startswith("Collecting ") for line in lines))
    show("", 0)
    if pip.returncode:
        raise Unable(explain("".join(lines), venv.parent, f"{venv.name}/{STATE}/build.log"))


@contextlib.contextmanager
def installing(command: list[str], venv: Path, lock: IO[str]) -> Iterator[subprocess.Popen[str]]:
    # The installer inherits the lock: should this process be killed, the next builder waits for the orphan.
    keep = () if os.name == "nt" else (lock.fileno(),)
    with subprocess.Popen(
        command, cwd=venv.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", errors="replace", pass_fds=keep,
    ) as process:  # fmt: skip
        try:
            yield process
        except BaseException:
            process.terminate()
            raise


def show(line: str, collected: int) -> None:
    """Tell on one line of a terminal, always the same, how far the installer is; "" clears it."""
    if not sys.stderr.isatty():
        return
    name = re.match(r"Collecting ([\w.-]+)", line)
    if name:
        text = f"  paquete {collected}: {name[1]}"
    elif line.startswith("Installing collected"):
        text = "  instalo lo descargado ..."
    elif line:
        return
    else:
        text = ""
    print(f"\r{text:<60.60}\r", end="", file=sys.stderr, flush=True)
