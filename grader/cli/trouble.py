"""What stops a command before it begins, each told in one Spanish line that ends with what to do."""

import argparse
import contextlib
import errno
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

AGAIN = "repite la orden"
FULL = f"El disco está lleno: libera 1 GB y {AGAIN}."
TOO_DEEP = (
    "La carpeta del curso está demasiado honda para las rutas que admite este sistema: "
    f"muévela más arriba (en Windows, a C:\\curso) y {AGAIN}."
)
ANOTHER = "usa otro de los Python que admite el curso"
COMPILER = {
    "darwin": "xcode-select --install",
    "win32": "las Build Tools de Visual Studio",
}.get(sys.platform, "en Debian y Ubuntu: sudo apt install build-essential")

# What an installer says, pip's words and uv's, and what it means; the first that is found counts.
NO_SPACE = re.compile(r"No space left on device|Errno 28|os error 28|WinError 112")
LONG_PATH = re.compile(r"Long Path support|WinError 206|File name too long|os error 206|os error 36\b")
FORBIDDEN = re.compile(r"(?i)error.*(Permission denied|Read-only file system|WinError 5\b)")
DAMAGED = re.compile(r"DO NOT MATCH THE HASHES.*\n\s+([\w.-]+)|Hash mismatch for `([\w.-]+)")
NOT_BUILT = re.compile(
    r"Failed (?:building wheel for|to (?:download and )?build) [`']?(?!asyncio-a-fondo\b)([\w.-]+)"
)
UNPREPARED = re.compile(r"metadata-generation-failed|Getting requirements to build wheel did not run")
TAKEN = re.compile(r"^(?:Collecting|Processing) (?:\S*/)?([\w.-]+?)(?:-\d.*|[<>=!~\[(; ].*)?$", re.MULTILINE)
NETWORK = re.compile(
    r"NewConnectionError|Failed to establish a new connection|NameResolutionError|getaddrinfo|name resolution"
    r"|ConnectTimeout|ReadTimeout|Max retries exceeded|ProxyError|SSLError|CERTIFICATE_VERIFY"
    r"|dns error|tcp connect error|error sending request|client error \(Connect\)"
)
ASKED = re.compile(r"/simple/([\w.-]+)/|/([A-Za-z]\w*)-\d[^\s/]*\.(?:whl|tar\.gz)")
WRONG_PYTHON = re.compile(
    r"Package '([\w.-]+)' requires a different Python|([\w.-]+)==\S+ requires Python [<>=]"
)
CONFLICT = re.compile(r"\(constraint\) ([\w.-]+)[^\s,]*,|depends? on ([\w.-]+)\S* and \2\b")
MISSING = re.compile(
    r"No matching distribution found for ([^\s(]+)|there is no version of ([^\s,]+)"
    r"|Because ([^\s,]+) (?:was not found|has no)|\(constraint\) ([^\s,]+)$",
    re.MULTILINE,
)


class Unable(Exception):
    """The command cannot run; the text is one Spanish line that ends with what to do."""


class Arguments(argparse.ArgumentParser):
    """A parser that raises `Unable` where argparse would end the process."""

    def error(self, message: str) -> NoReturn:
        raise Unable(f"Opciones no válidas ({message}): mira {typed()} --help.")


def typed() -> str:
    """How one types this command here: in an environment of one's own (conda), `python` is that one's."""
    own = sys.prefix != sys.base_prefix or (Path(sys.prefix) / "conda-meta").is_dir()
    if own and Path(sys.prefix).parent != Path(__file__).resolve().parents[2]:
        return "python -m grader"
    return "py -m grader" if os.name == "nt" else "python3 -m grader"


def say(text: str) -> None:
    """Write a line for the user, apart from what the command itself prints."""
    print(text, file=sys.stderr, flush=True)


def read_only(folder: Path) -> str:
    return f"No puedo escribir en {folder}: copia el curso a una carpeta tuya y {AGAIN}."


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what a file system refuses inside the block into an `Unable` that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Unable(FULL) from error
        if error.errno == errno.ENAMETOOLONG:
            raise Unable(TOO_DEEP) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Unable(read_only(folder)) from error
        raise Unable(f"Fallo del sistema de archivos ({error}): corrígelo y {AGAIN}.") from error


def explain(output: str, folder: Path, log: str = "") -> str:
    """One Spanish line for the failure that an installer's output tells of; `log` has the rest."""
    if NO_SPACE.search(output):
        return FULL
    if LONG_PATH.search(output):
        return TOO_DEEP
    if FORBIDDEN.search(output):
        return read_only(folder)
    where = f" (el detalle, en {log})" if log else ""
    if name := found(DAMAGED, output):
        return (
            f"La descarga de {name} llega dañada, porque no coincide con su hash{where}: "
            f"prueba sin proxy o en otra red y {AGAIN}."
        )
    if name := found(NOT_BUILT, output) or unprepared(output):
        return (
            f"De {name} no hay versión ya compilada para este Python y este sistema, y compilarla ha fallado"
            f"{where}: {ANOTHER}, o instala un compilador de C ({COMPILER}), y {AGAIN}."
        )
    if NETWORK.search(output):
        asked = [name for pair in ASKED.findall(output) for name in pair if name]
        return (
            f"No llego al índice de paquetes{f' (pido {asked[-1]})' if asked else ''}: "
            f"revisa la conexión, el proxy o los certificados y {AGAIN}."
        )
    if name := found(WRONG_PYTHON, output):
        return f"{name} no admite este Python{where}: {ANOTHER} y {AGAIN}."
    if name := found(CONFLICT, output):
        return (
            f"De {name} se piden a la vez versiones que no casan{where}: "
            f"quita las que fija tu configuración (pip config list, PIP_CONSTRAINT, uv.toml) y {AGAIN}."
        )
    if name := found(MISSING, output):
        return (
            f"El índice de paquetes no ofrece {name} para este Python y este sistema{where}: "
            f"si usas una réplica (pip config list), ponla al día o quítala y {AGAIN}."
        )
    lines = output.splitlines() or ["sin mensaje"]
    errors = [line for line in lines if line.startswith(("ERROR:", "error:"))]
    detail = (errors or lines[-1:])[0].strip()
    return f"La instalación falló ({detail}): {f'mira {log}, ' if log else ''}corrígelo y {AGAIN}."


def unprepared(output: str) -> str:
    """Return the package that pip was about to compile, when it did not get so far as to name it."""
    taken = TAKEN.findall(output) if UNPREPARED.search(output) and not NETWORK.search(output) else []
    return taken[-1] if taken else ""


def found(pattern: re.Pattern[str], output: str) -> str:
    """Return what the first match of a pattern holds, "" if there is none."""
    match = pattern.search(output)
    return next(filter(None, match.groups()), "") if match else ""
