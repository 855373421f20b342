"""A folder that somebody else filled: no link is followed, nothing waits, nothing is read without bound."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 5_000_000
MAX_ENTRIES = 1_000  # of a folder are looked at
MAX_LISTED = 20
MAX_NAME = 60  # characters of a name that people are shown

_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd  # not on Windows
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


class NotGradable(Exception):
    """This is no submission: it gets a status and this reason, one Spanish line, and never 0 points."""


def printable(text: str) -> str:
    """Return a name, cut short, without what a terminal or a page obeys: controls, marks of direction."""
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:MAX_NAME])
    return shown + "…" * (len(text) > MAX_NAME)


@dataclass(frozen=True)
class Folder:
    """A folder held open, so that its files are its own, wherever its name leads meanwhile."""

    path: Path
    descriptor: int | None

    def _at(self, name: str) -> str:
        return name if self.descriptor is not None else str(self.path / name)

    def kind(self, name: str) -> str:
        """Return "file", "folder", "link", "special" or "" (nothing there). Raises OSError."""
        try:
            mode = os.stat(self._at(name), dir_fd=self.descriptor, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return ""
        kinds = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}
        return kinds.get(stat.S_IFMT(mode), "special")

    def names(self) -> tuple[list[str], bool]:
        """Return the first MAX_ENTRIES names, sorted, and whether there are more."""
        with os.scandir(self.path if self.descriptor is None else self.descriptor) as entries:
            found = [entry.name for entry in itertools.islice(entries, MAX_ENTRIES + 1)]
        return sorted(found[:MAX_ENTRIES]), len(found) > MAX_ENTRIES

    def read(self, name: str) -> bytes:
        """Return the bytes of a regular file. Raises NotGradable, OSError."""
        _demand(self.kind(name), "file", name)  # to open some devices is to use them
        file = os.open(self._at(name), os.O_RDONLY | _NO_LINK | _NO_WAIT, dir_fd=self.descriptor)
        try:
            state = os.fstat(file)
            if not stat.S_ISREG(state.st_mode):
                _demand("special", "file", name)
            data = b"" if state.st_size > MAX_BYTES else _drain(file)
        finally:
            os.close(file)
        if state.st_size > MAX_BYTES or len(data) > MAX_BYTES:
            size = f"{printable(name)} ocupa más de {MAX_BYTES // 1_000_000} MB"
            raise NotGradable(f"{size}: borra sus salidas en JupyterLab y guárdalo otra vez")
        return data

    @contextlib.contextmanager
    def enter(self, name: str) -> Iterator[Folder]:
        """Hold a folder of this one open. Raises NotGradable, OSError."""
        _demand(self.kind(name), "folder", name)
        with hold(Path(self._at(name)), self.descriptor, follow=False) as descriptor:
            yield Folder(self.path / name, descriptor)


def _drain(file: int) -> bytes:
    parts, left = [], MAX_BYTES + 1
    while left and (part := os.read(file, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _demand(kind: str, wanted: str, name: str) -> None:
    if kind == wanted:
        return
    name, what = printable(name), "un archivo normal" if wanted == "file" else "una carpeta"
    reasons = {
        "": f"falta {name}: entrégalo con ese nombre",
        "link": f"{name} es un enlace: entrega {what} en su lugar",
    }
    raise NotGradable(reasons.get(kind, f"{name} no es {what}: quítalo y entrega {what}"))


@contextlib.contextmanager
def hold(path: Path, base: int | None = None, *, follow: bool = True) -> Iterator[int | None]:
    """Open a folder for the block; None where the system cannot work from an open folder. Raises OSError."""
    if not _BY_DESCRIPTOR:
        yield None
        return
    link = getattr(os, "O_CLOEXEC", 0) if follow else _NO_LINK
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | link, dir_fd=base)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def opened(path: Path, *, below: int) -> Iterator[Folder]:
    """Hold a folder open of which neither its last `below` names is a link.

    Every failure of the file system inside the block becomes NotGradable.
    """
    path = Path(os.path.abspath(path))
    trusted = Path(*path.parts[: max(1, len(path.parts) - below)])
    try:
        with contextlib.ExitStack() as stack:
            folder = Folder(trusted, stack.enter_context(hold(trusted)))
            for name in path.relative_to(trusted).parts:
                folder = stack.enter_context(folder.enter(name))
            yield folder
    except FileNotFoundError:
        raise NotGradable("la entrega no está: entrega la carpeta con el notebook") from None
    except OSError as error:
        reason = f"no se puede leer ({error.strerror})"
        raise NotGradable(f"{reason}: da permiso de lectura o cópialo de nuevo") from None


def strangers(folder: Folder, counted: set[str]) -> list[str]:
    """Return what lies beside the files that count: at most MAX_LISTED names, and how many more there are."""
    names, more = folder.names()
    marks = {"folder": "/", "link": " (enlace)", "special": " (especial)"}
    others = [name for name in names if name not in counted]
    shown = [printable(name) + marks.get(folder.kind(name), "") for name in others[:MAX_LISTED]]
    rest = len(others) - len(shown)
    return [*shown, f"y {'más de ' * more}{rest} más"] if rest or more else shown
