"""Where a course keeps its sections, submissions and marks, as its nbgrader_config.py says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.authoring.section import Section

MAX_STAMP = 200  # bytes of a timestamp.txt


@dataclass(frozen=True)
class Course:
    """The course at `root`."""

    root: Path

    @cached_property
    def config(self) -> Any:
        """nbgrader's settings (a traitlets Config) for this root."""
        from traitlets.config.loader import PyFileConfigLoader

        config = PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()
        config.CourseDirectory.root = str(self.root.resolve())
        return config

    @cached_property
    def directory(self) -> Any:
        """nbgrader's CourseDirectory with these settings."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config)

    @property
    def data(self) -> Path:
        """The folder of all work data: the one that holds submitted/."""
        return Path(self.directory.root, self.directory.submitted_directory).parent

    def section(self, name: str) -> Section:
        return Section(self.root, name)

    def sections(self) -> list[str]:
        """Return the names of the sections that have a source and a release, in order."""
        names = (path.stem for path in self.root.glob("solutions/*/*.ipynb") if path.stem == path.parent.name)
        return sorted(name for name in names if self.section(name).release_path.is_file())

    def submitted(self, section: str, student: str) -> Path:
        """Return the folder of a submission."""
        return self._folder(self.directory.submitted_directory, section, student)

    def autograded(self, section: str, student: str) -> Path:
        """Return the folder of what grading leaves of a submission."""
        return self._folder(self.directory.autograded_directory, section, student)

    def _folder(self, step: str, section: str, student: str) -> Path:
        return Path(self.directory.format_path(step, student, section))

    def students(self, section: str) -> Iterator[str]:
        """Yield who has submitted a section, by name; a link counts, to be refused later."""
        here, _, below = str(self.submitted(section, "\0")).partition("\0")
        folder, tail = Path(here), below.strip(os.sep)
        names = sorted(entry.name for entry in os.scandir(folder)) if folder.is_dir() else []
        for name in names:
            entry = folder / name
            if not name.startswith(".") and os.path.lexists(entry / tail) and not entry.is_file():
                yield name

    def timestamp(self, section: str, student: str) -> datetime | None:
        """Return when a submission was handed in (UTC), None if nothing says so. Raises ValueError."""
        from nbgrader.utils import parse_utc

        path = self.submitted(section, student) / "timestamp.txt"
        if path.is_symlink() or not path.is_file():
            return None
        with path.open("rb") as file:
            text = file.read(MAX_STAMP + 1).decode("ascii").strip()
        try:
            stamp: datetime | None = parse_utc(text) if text else None
        except (ValueError, OverflowError, TypeError) as error:
            raise ValueError(str(error)) from None
        return stamp
