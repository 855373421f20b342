"""The notebook that grading leaves: the student's sources, the tests and what the judge says of each.

Nothing of nbgrader's is imported here, so that the workers of `grade` stay small.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader.judge.judge import Verdict
from grader.judge.roles import role


def mark(merged: NotebookNode, source: NotebookNode, verdicts: Iterable[Verdict]) -> NotebookNode:
    """Return the merged notebook, changed in place to what nbgrader's autograde leaves of it."""
    restore_tests(merged, source)
    said = {verdict.grade_id: outputs(verdict) for verdict in verdicts}
    for cell in merged.cells:
        if role(cell) == "test":
            cell.metadata.nbgrader.checksum = checksum(cell)
            cell.outputs = said.get(cell.metadata.nbgrader.grade_id, [])
    return merged


def checksum(test: NotebookNode) -> str:
    """Return the checksum that nbgrader gives a test cell of these words and points."""
    marks = test.metadata.nbgrader
    # nbgrader/utils.py, compute_checksum: source, type, grade, solution, locked, name, points
    parts = [test.source, test.cell_type, "True", "False", "True", marks.grade_id, str(float(marks.points))]
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def restore_tests(merged: NotebookNode, source: NotebookNode) -> None:
    """Put the whole tests in, hidden parts too, as the gradebook has them: nbgrader finds nothing changed."""
    tests = {cell.metadata.nbgrader.grade_id: cell.source for cell in source.cells if role(cell) == "test"}
    for cell in merged.cells:
        if role(cell) == "test":
            cell.source = tests.get(cell.metadata.nbgrader.grade_id, cell.source)


def outputs(verdict: Verdict) -> list[NotebookNode]:
    """Return a verdict as outputs that mean the same to nbgrader: no error is full points, an error is none.

    Nothing on stderr (nbgrader takes it for an error) and no execute_result (nbgrader takes it for a mark).
    """
    shown: list[NotebookNode] = []
    for output in verdict.outputs:
        if output.output_type == "display_data":
            shown += [_show(data) for data in _parts(output.data)]
        elif output.output_type == "error" or output.get("name") == "stdout":
            shown.append(output)
    if verdict.earned != verdict.points and not any(output.output_type == "error" for output in shown):
        lines = verdict.message.splitlines()
        shown.append(nbformat.v4.new_output("error", ename="Aviso", evalue=verdict.message, traceback=lines))
    return shown


def _show(data: dict[str, Any]) -> NotebookNode:
    output: NotebookNode = nbformat.v4.new_output("display_data", data=data)
    return output


def _parts(data: dict[str, str]) -> list[dict[str, str]]:
    """Return a picture in forms that sanitised pages show: the drawing as an image, and its text below.

    Drawn inside the page it would come out as escaped tags; as an image it cannot run anything either.
    """
    drawing, text = data.get("text/html", ""), data.get("text/plain", "")
    found = re.search(r"(<svg [^>]*>)(.*</svg>)", drawing, re.DOTALL)
    drawings = []
    if found:
        narrow = re.sub(r' (width|height)="\d+"', "", found[1])  # the page's width, not its own
        drawings = [{"image/svg+xml": narrow + found[2]}]
    return drawings + ([{"text/plain": text}] if text else [])
