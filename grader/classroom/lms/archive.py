"""A zip file from outside, read as hostile: its names are looked at before anything, its bytes are counted.

What no learning platform makes refuses the archive (names that leave their folder, links, encrypted
members, two members of one name). What a single student can bring about costs that member only (too big,
damaged, odd names). Sizes in the headers are believed only when they say "too much".
"""

from __future__ import annotations

import contextlib
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from grader.classroom.lms.people import shown
from grader.cli.trouble import Unable
from grader.judge.files import MAX_BYTES

MAX_ARCHIVE = 2_000_000_000  # bytes of the file
MAX_DIRECTORY = 16_000_000  # bytes of its list of members, which zipfile reads whole
MAX_MEMBERS = 50_000
MAX_NAME = 255  # characters of a folder's or a file's name
MAX_TOTAL = 4_000_000_000  # bytes unpacked in one run
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others ask for memory as the archive pleases
_AGAIN = "descárgalo otra vez de la plataforma"


class Damaged(Exception):
    """A member cannot be taken; the text says why."""


@dataclass(frozen=True)
class Member:
    """A file in the archive: its folders and name, and when it was put there (local time without a zone).

    trouble: why it cannot be taken, "" if it can be tried.
    """

    parts: tuple[str, ...]
    date: datetime
    trouble: str
    info: zipfile.ZipInfo = field(repr=False, compare=False)


class Archive:
    """An open archive that was found harmless."""

    def __init__(self, file: zipfile.ZipFile, members: list[Member]) -> None:
        self.members = members
        self._file = file
        self._left = MAX_TOTAL

    def read(self, member: Member) -> bytes:
        """Return a member's bytes, never more than MAX_BYTES. Raises Damaged, Unable."""
        if member.trouble:
            raise Damaged(member.trouble)
        try:
            with self._file.open(member.info) as stream:
                content = stream.read(MAX_BYTES + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ):
            raise Damaged("está dañado en el zip") from None
        self._left -= len(content)
        if self._left < 0:
            raise Unable(f"El zip se descomprime a más de {MAX_TOTAL // 10**9} GB: {_AGAIN}, por grupos.")
        if len(content) > MAX_BYTES:
            raise Damaged(_too_big())
        return content


@contextlib.contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive and check the names and kinds of all its members. Raises Unable."""
    try:
        with path.open("rb") as file:
            _check_directory(path, file)
            with zipfile.ZipFile(file) as archive:
                _check(path, archive.infolist())
                kept = [info for info in archive.infolist() if not info.is_dir() and not _leftover(info)]
                yield Archive(archive, [_member(info) for info in kept])
    except (zipfile.BadZipFile, UnicodeDecodeError, struct.error, NotImplementedError, ValueError):
        raise Unable(f"{path.name} no es un zip o está dañado: {_AGAIN}.") from None
    except OSError as error:
        raise Unable(
            f"No puedo leer {path} ({error.strerror}): comprueba el nombre y repite la orden."
        ) from None


def _check_directory(path: Path, file: BinaryIO) -> None:
    """Refuse an archive whose list of members is too long, before zipfile reads it whole."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    file.seek(0)
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 22:
        raise Unable(f"{path.name} no es un zip o está dañado: {_AGAIN}.")
    count, length = struct.unpack_from("<HI", tail, end + 10)
    if (
        size > MAX_ARCHIVE
        or count > MAX_MEMBERS
        or length > MAX_DIRECTORY
        or b"PK\6\7" in tail[max(0, end - 20) : end]
    ):
        raise Unable(f"{path.name} es demasiado grande para una clase: descárgalo por grupos.")


def _check(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that no learning platform makes. Raises Unable."""
    names = Counter(info.orig_filename for info in infos)
    for info in infos:
        if trouble := _foreign(info, names):
            raise Unable(
                f"{path.name}: «{shown(info.orig_filename)}» {trouble}; no he guardado nada: {_AGAIN}."
            )
    if len(infos) > MAX_MEMBERS:
        raise Unable(f"{path.name} tiene más de {MAX_MEMBERS} archivos: descárgalo por grupos.")


def _foreign(info: zipfile.ZipInfo, names: Counter[str]) -> str:
    name, mode = info.orig_filename, info.external_attr >> 16
    if not name:
        return "no tiene nombre"
    if name.startswith("/") or "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name):
        return "es un nombre absoluto o de otro sistema"
    if {"..", "."} & set(name.split("/")) or "//" in name:
        return "sale de su carpeta"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "es un enlace o un archivo especial"
    if info.flag_bits & 0x2041:
        return "está cifrado"
    return "está dos veces" if names[name] > 1 else ""


def _leftover(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is one that macOS or Windows adds to each archive."""
    parts = info.orig_filename.split("/")
    return "__MACOSX" in parts or parts[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _member(info: zipfile.ZipInfo) -> Member:
    name = info.orig_filename
    if not info.flag_bits & 0x800:  # not said to be UTF-8, and often is
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    name = unicodedata.normalize("NFC", name)
    trouble = ""
    if len(max(name.split("/"), key=len)) > MAX_NAME:
        name = "/".join(part[: MAX_NAME - 10] + part[MAX_NAME - 10 :][-10:] for part in name.split("/"))
        trouble = f"tiene un nombre de más de {MAX_NAME} letras"
    elif not name.isprintable():
        trouble = "tiene signos invisibles en el nombre"
    elif info.compress_type not in _METHODS:
        trouble = "está comprimido de una forma que ninguna plataforma usa"
    elif info.file_size > MAX_BYTES:
        trouble = _too_big()
    try:
        date = datetime(*info.date_time)
    except ValueError:
        date = datetime(1980, 1, 1)
    return Member(tuple(name.split("/")), date, trouble, info)


def _too_big() -> str:
    return f"ocupa más de {MAX_BYTES // 1_000_000} MB"
