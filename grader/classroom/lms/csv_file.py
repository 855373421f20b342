"""A CSV file as people save it: read in any usual encoding, written back in the same."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from grader.cli.trouble import Unable, writing

MAX_BYTES = 20_000_000
_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r]")


@dataclass
class Sheet:
    """A table: `header`, `rows` with as many cells as the header, and how the file was written.

    `lines` are the rows' numbers as a spreadsheet shows them, from 1 for the header.
    """

    header: list[str]
    rows: list[list[str]]
    lines: list[int] = field(default_factory=list)
    encoding: str = "utf-8"
    separator: str = ","
    newline: str = "\n"

    def column(self, *names: str) -> int | None:
        """Return the place of the first of `names` (as `plain` writes them) that is a heading, or None."""
        headings = [plain(heading) for heading in self.header]
        return next((headings.index(name) for name in names if name in headings), None)


def plain(heading: str) -> str:
    """Return a heading without accents, capitals and spare blanks: "Apellido(s) " -> "apellido(s)"."""
    letters = unicodedata.normalize("NFKD", heading.replace("\ufeff", ""))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


def read(path: Path) -> Sheet:
    """Read a CSV in UTF-8 (with or without BOM), UTF-16 or Windows-1252, split by ";", "," or tabs.

    Raises Unable.
    """
    text, encoding = _text(path)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
    header, *records = _records(path, text, separator)
    numbered = [(line, row) for line, row in enumerate(records, 2) if any(map(str.strip, row))]
    width = len(header)
    for line, row in numbered:
        if any(map(str.strip, row[width:])):
            count = f"{len(row)} celdas para {width} columnas"
            raise Unable(f"{path.name}, fila {line}: hay {count}: quita las que sobran y repite la orden.")
    return Sheet(
        [heading.strip() for heading in header],
        [row[:width] + [""] * (width - len(row)) for _, row in numbered],
        [line for line, _ in numbered],
        encoding,
        separator,
        "\r\n" if "\r\n" in text else "\n",
    )


def _records(path: Path, text: str, separator: str) -> list[list[str]]:
    """Return the rows of a text, the heading first. Raises Unable."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Unable(f"{path.name} no es un CSV ({error}): guárdalo como «CSV UTF-8» y repite.") from None
    if "\0" in text:
        raise Unable(f"{path.name} no es un CSV: guárdalo como «CSV UTF-8» y repite la orden.")
    if not records or not any(map(str.strip, records[0])):
        raise Unable(f"{path.name} no tiene nombres de columnas: escríbelos en la primera fila y repite.")
    return records


def _text(path: Path) -> tuple[str, str]:
    """Return a file's text and the encoding to write it back in. Raises Unable."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unable(
            f"No puedo leer {path} ({error.strerror}): comprueba el nombre y repite la orden."
        ) from None
    if len(content) > MAX_BYTES:
        raise Unable(f"{path.name} ocupa más de {MAX_BYTES // 1_000_000} MB: exporta solo tu curso.")
    encodings = ["utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Unable(f"No entiendo la codificación de {path.name}: guárdalo como «CSV UTF-8» y repite la orden.")


def write(path: Path, sheet: Sheet) -> None:
    """Write the sheet in one step, in its own encoding and with its own separator. Raises Unable."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sheet.separator, lineterminator=sheet.newline)
    writer.writerows([sheet.header, *sheet.rows])
    fresh = path.with_name(f".{path.name}.new")
    try:
        content = text.getvalue().encode(sheet.encoding)
    except UnicodeEncodeError:  # a name that the file's own encoding lacks
        content = text.getvalue().encode("utf-8-sig")
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        os.replace(fresh, path)


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run a cell of this text."""
    return bool(_FORMULA.match(text))


def harmless(text: str) -> str:
    """Return text for a cell that people open in a spreadsheet: a leading ' keeps it from being a formula.

    The signs are those that OWASP's page on CSV injection lists: = + - @, tab and carriage return.
    """
    return f"'{text}" if is_formula(text) else text
