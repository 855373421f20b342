"""Where a class's work lies: nbgrader's own settings of the course say it, never a path written here."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from grader.trouble import Unable, writing


def course(root: Path) -> CourseDirectory:
    """Return nbgrader's idea of the folders of the course at `root`. Raises Unable."""
    try:
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    except ConfigFileNotFound:
        raise Unable(f"Falta nbgrader_config.py en {root}: usa el repositorio entero.") from None
    config.CourseDirectory.root = str(root.resolve())
    return CourseDirectory(config=config)


def submitted(course: CourseDirectory, student: str, section: str) -> Path:
    """Return the folder of a submission as it was handed in."""
    return Path(course.format_path(course.submitted_directory, student, section))


def data(course: CourseDirectory) -> Path:
    """Return the folder that holds submissions, results and lists of marks."""
    return Path(course.root, course.submitted_directory).parent


def section(course: CourseDirectory, text: str) -> str:
    """Return the section that `text` names: "05_timeouts", "05" or "5". Raises Unable."""
    source = Path(course.root, course.source_directory)
    known: list[str] = sorted(folder.name for folder in source.glob("[0-9][0-9]_*") if folder.is_dir())
    number = text.zfill(2) if re.fullmatch(r"\d{1,2}", text) else None
    for name in known:
        if name == text or name[:2] == number:
            return name
    raise Unable(f"No hay ninguna sección «{text}»: elige entre {', '.join(known) or 'las que publiques'}.")


@contextlib.contextmanager
def gradebook(course: CourseDirectory) -> Iterator[Any]:
    """Open nbgrader's gradebook of the course, made if there is none, and close it. Raises Unable."""
    from sqlalchemy.exc import SQLAlchemyError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's remarks on nbgrader
        try:
            with writing(data(course)):
                data(course).mkdir(parents=True, exist_ok=True)
            with Gradebook(course.db_url, course.course_id) as opened:
                yield opened
        except SQLAlchemyError as error:
            reason = str(error).partition("\n")[0]
            raise Unable(
                f"El libro de notas no responde ({reason}): compruébalo y repite la orden."
            ) from error
