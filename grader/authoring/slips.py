"""Mistakes of a test cell that can be seen before anybody answers: everybody would get the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.checks.causes import KINDS
from grader.checks.outcome import Expected

FIELDS = (*Expected.__annotations__,)


def slips(source: str) -> Iterator[str]:
    """Yield what is wrong with a test cell, each with its line: "line 3: ..."."""
    try:
        # Not as a notebook's other cells: with an await at its top level it would be a coroutine, which
        # checks nothing where nobody awaits it.
        compile(source, "<celda>", "exec", dont_inherit=True)
    except SyntaxError as error:
        yield (
            f"line {error.lineno}: {error.msg}; a test cell is plain Python, without magics, "
            "and awaits only inside functions"
        )
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "expect":
            yield from (f"line {node.lineno}: {fault}" for fault in _of_check(node))


def _of_check(call: ast.Call) -> Iterator[str]:
    if len(call.args) != 1:
        yield "expect takes one title, and the rest by name"
    for given in call.keywords:
        if given.arg is not None and given.arg not in (*FIELDS, "hint", "causes"):
            yield f"expect has no {given.arg}: it asks {', '.join(FIELDS)}"
        if given.arg == "findings" and isinstance(given.value, ast.List | ast.Tuple):
            kinds = [each.value for each in given.value.elts if isinstance(each, ast.Constant)]
            yield from (
                f"there are no findings {kind!r}: there are {', '.join(KINDS)}"
                for kind in kinds
                if kind not in KINDS
            )
