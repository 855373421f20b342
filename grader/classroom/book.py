"""nbgrader's gradebook, opened to read marks and to enrol students; marks are written by gradebook.Writer."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError

from grader.authoring.course import Course
from grader.cli.trouble import Unable, writing


@contextlib.contextmanager
def opened(course: Course) -> Iterator[Any]:
    """Open the gradebook of a course, made if there is none, and close it. Raises Unable."""
    directory = course.directory
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's remarks on nbgrader
        try:
            with writing(course.data):
                course.data.mkdir(parents=True, exist_ok=True)
            with Gradebook(directory.db_url, directory.course_id) as gradebook:
                yield gradebook
        except SQLAlchemyError as error:
            reason = str(error).partition("\n")[0]
            raise Unable(
                f"El libro de notas no responde ({reason}): compruébalo y repite la orden."
            ) from error
