"""Which section of the course a notebook is of, by what is left of the release in it.

Marks, ids and texts may all be gone: editors drop them and students rewrite cells. So any trace of the
section's own exercises is enough; a notebook is refused when there is none, or when all that there is says
another section.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader.judge.files import NotGradable, printable

LEAST = 40  # characters: shorter texts may stand in any notebook

_DEFINED = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,3} +(.+)", re.MULTILINE)

Trace = tuple[str, str]  # of a cell: ("mark", grade_id), ("id", id), ("text", its text), ("name", defined)


@dataclass(frozen=True)
class Sections:
    """The traces of the releases of a course. exercises: of cells with marks, and the names they define."""

    exercises: Mapping[Trace, frozenset[str]]
    others: Mapping[Trace, frozenset[str]]

    def demand(self, name: str, notebook: NotebookNode) -> None:
        """Raise NotGradable when a notebook is evidently not of the section `name`."""
        found = [*_traces(notebook.cells)]
        if not self._has(name) or self._is_of(name, found):
            return
        if other := self._most(found):
            raise NotGradable(f"es el notebook de otra sección, {other}: busca el de {name}")
        heading = _heading(notebook.cells)
        begins = f" (empieza por «{heading}»)" if heading else ""
        none = f"no tiene ninguna celda de los ejercicios de {name}{begins}"
        raise NotGradable(f"{none}: busca el notebook de esa sección")

    def section_of(self, name: str, notebook: NotebookNode) -> str:
        """Return the section that a notebook is of: `name` wherever it may be, "" if it is of none."""
        found = [*_traces(notebook.cells)]
        return name if self._is_of(name, found) else self._most(found)

    def _has(self, name: str) -> bool:
        return any(name in sections for sections in self.exercises.values())

    def _is_of(self, name: str, found: list[Trace]) -> bool:
        own = [trace for trace in found if name in self.exercises.get(trace, ())]
        if any(self.exercises[trace] == {name} for trace in own if trace[0] != "name"):
            return True
        counts = self._counts(found)
        if counts[name] and counts[name] == max(counts.values()):
            return True
        if counts or not own:
            return False
        # What other sections have too, or only names: those that another course's exercises may have as well.
        foreign = any(trace[0] == "mark" and trace not in self.exercises for trace in found)
        return not foreign or any(trace[0] != "name" for trace in own)

    def _counts(self, found: Iterable[Trace]) -> Counter[str]:
        """Return how many traces there are that one section alone leaves."""
        known = (
            self.exercises.get(trace) or self.others.get(trace, frozenset())
            for trace in found
            if trace[0] != "name"
        )
        return Counter(section for sections in known if len(sections) == 1 for section in sections)

    def _most(self, found: Iterable[Trace]) -> str:
        return next((name for name, _ in self._counts(found).most_common(1)), "")


def sections(releases: Path) -> Sections:
    """Return the traces of the releases in a folder, notebooks/NN_slug/NN_slug.ipynb."""
    files = sorted(path for path in releases.glob("*/*.ipynb") if path.stem == path.parent.name)
    states = [path.stat() for path in files]
    return _read(tuple(files), tuple((state.st_mtime_ns, state.st_size) for state in states))


@lru_cache(maxsize=8)
def _read(files: tuple[Path, ...], stamps: tuple[tuple[int, int], ...]) -> Sections:
    exercises: dict[Trace, frozenset[str]] = {}
    others: dict[Trace, frozenset[str]] = {}
    for path in files:
        for cell in _cells(path):
            known = exercises if _mark(cell) else others
            is_answer = known is exercises and cell["metadata"]["nbgrader"].get("solution")
            for trace in _traces([cell]):
                if trace[0] != "name" or is_answer:
                    known[trace] = known.get(trace, frozenset()) | {path.stem}
    return Sections(exercises, others)


def _cells(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a release, none where there is no notebook yet."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [cell | {"source": "".join(cell["source"])} for cell in cells]


def _traces(cells: Iterable[Mapping[str, Any]]) -> Iterator[Trace]:
    """Yield what tells where cells come from; only sources are looked at, nothing of them is parsed."""
    for cell in cells:
        text = cell["source"].strip()
        if mark := _mark(cell):
            yield "mark", mark
        if cell.get("id"):
            yield "id", str(cell["id"])
        if len(text) >= LEAST:
            yield "text", text
        if cell["cell_type"] == "code":
            yield from (("name", name) for name in _DEFINED.findall(text))


def _mark(cell: Mapping[str, Any]) -> str:
    marks = cell["metadata"].get("nbgrader")
    return str(marks.get("grade_id", "")) if isinstance(marks, dict) else ""


def _heading(cells: Iterable[Mapping[str, Any]]) -> str:
    texts = (cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    return next((printable(found[1].strip()) for text in texts if (found := _HEADING.search(text))), "")
