"""What stops a command before it begins, each told in one Spanish line that ends with what to do."""

import argparse
import contextlib
import errno
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

AGAIN = "repite la orden"
FULL = f"El disco está lleno: libera 1 GB y {AGAIN}."
OFFLINE = f"No llego al índice de paquetes: revisa la conexión, el proxy o los certificados y {AGAIN}."
NETWORK = re.compile(
    r"NewConnectionError|Failed to establish a new connection|NameResolutionError|getaddrinfo|name resolution"
    r"|ConnectTimeout|ReadTimeout|Max retries exceeded|ProxyError|SSLError|CERTIFICATE_VERIFY"
    r"|dns error|tcp connect error|error sending request|client error \(Connect\)"
)


class Unable(Exception):
    """The command cannot run; the text is one Spanish line that ends with what to do."""


class Arguments(argparse.ArgumentParser):
    """A parser that raises `Unable` where argparse would end the process."""

    def error(self, message: str) -> NoReturn:
        raise Unable(f"Opciones no válidas ({message}): mira python3 -m grader --help.")


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
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Unable(read_only(folder)) from error
        raise Unable(f"Fallo del sistema de archivos ({error}): corrígelo y {AGAIN}.") from error


def explain(output: str, folder: Path, log: str = "") -> str:
    """One Spanish line for the failure that an installer's output tells of; `log` has the rest."""
    if re.search(r"No space left on device|Errno 28|os error 28|WinError 112", output):
        return FULL
    if re.search(r"(?i)error.*(Permission denied|Read-only file system|WinError 5\b)", output):
        return read_only(folder)
    if NETWORK.search(output):
        return OFFLINE
    lines = output.splitlines() or ["sin mensaje"]
    errors = [line for line in lines if line.startswith(("ERROR:", "error:"))]
    detail = (errors or lines[-1:])[0].strip()
    return f"La instalación falló ({detail}): {f'mira {log}, ' if log else ''}corrígelo y {AGAIN}."
