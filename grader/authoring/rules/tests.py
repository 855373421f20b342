"""Rules on test cells: one cell must work in a student's kernel and in the judge, for the same points."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from grader.authoring.section import Exercise, Section
from grader.authoring.soundness import slips
from grader.judge.cells import compile_cell, names_bound
from grader.judge.roles import role

CALLS = {"run_virtual", "run_real", "answer"}
HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.DOTALL | re.MULTILINE)

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def tests(section: Section) -> Iterator[str]:
    """The student's names only as arguments, numbered titles, no stderr, no value at the end."""
    names: set[str] = set()
    for cell in section.source.cells:
        if role(cell) == "solution":
            names |= names_bound(cell.source)
        if role(cell) == "setup" and _awaits(cell):
            yield f"cell {cell.id}: it awaits outside a function; the judge runs setup cells, and awaits none"
    for exercise in section.exercises:
        for cell in exercise.tests:
            yield from (
                f"test {cell.metadata.nbgrader.grade_id}: {fault}" for fault in _faults(cell, exercise, names)
            )


def _faults(cell: NotebookNode, exercise: Exercise, names: set[str]) -> Iterator[str]:
    yield from slips(cell.source)
    try:
        trees = [ast.parse(text) for text in (cell.source, HIDDEN.sub("", cell.source))]
    except SyntaxError:
        return
    yield from uses_of(names, trees[0])
    yield from _stderr(trees[0])
    yield from _titles(trees[0], exercise.number)
    if not all(map(_ends_with_check, trees)):
        yield "its last statement is an expression that is no check; nbgrader takes a value there as the mark"
    if "raises-exception" in cell.metadata.get("tags", []):
        yield "the tag raises-exception belongs to the release alone"


def _awaits(cell: NotebookNode) -> bool:
    return bool(compile_cell(cell.source, cell.id, whole=True).co_flags & inspect.CO_COROUTINE)


def uses_of(names: set[str], tree: ast.Module) -> list[str]:
    """Return where `tree` touches `names` other than as arguments of run_virtual, run_real, answer."""
    uses = _Uses(names)
    uses.visit(tree)
    return uses.found


class _Uses(ast.NodeVisitor):
    """Walks a cell; keeps the names that functions around a node bind themselves."""

    def __init__(self, names: set[str]) -> None:
        self._names, self._bound = names, [set[str]()]
        self.found: list[str] = []

    def visit_Call(self, node: ast.Call) -> None:
        runs = isinstance(node.func, ast.Name) and node.func.id in CALLS
        for part in (*([] if runs else [node.func]), *node.args, *node.keywords):
            if not (runs and isinstance(part, ast.Name)):
                self.visit(part)

    def visit_Name(self, node: ast.Name) -> None:
        self._meet(node.id, node, "uses" if isinstance(node.ctx, ast.Load) else "binds")

    def _meet(self, name: str, node: ast.expr | ast.stmt, verb: str) -> None:
        if name in self._names and not any(name in bound for bound in self._bound):
            self.found.append(
                f"line {node.lineno} {verb} {name}, which may only be an argument of run_virtual"
            )

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._meet(node.name, node, "binds")
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._meet(node.name, node, "binds")
        for outer in (*node.decorator_list, node.args):
            self.visit(outer)
        self._enter(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        self._enter(node, [node.body])

    def _enter(self, node: _Function, body: list[ast.stmt] | list[ast.expr]) -> None:
        arguments = {leaf.arg for leaf in ast.walk(node.args) if isinstance(leaf, ast.arg)}
        self._bound.append(arguments.union(*(_binds(leaf) for part in body for leaf in ast.walk(part))))
        for part in body:
            self.visit(part)
        self._bound.pop()


def _binds(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    return {node.name} if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else set()


def _stderr(tree: ast.Module) -> Iterator[str]:
    """Any output on stderr in a graded cell costs its points."""
    for node in ast.walk(tree):
        text = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        if re.fullmatch(r"sys\.stderr|warnings\.warn|logging|traceback\.print_\w+", text):
            yield f"line {getattr(node, 'lineno', 0)} may write to stderr, which costs the points of the cell"


def _titles(tree: ast.Module, number: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "expect"
        ):
            continue
        first = node.args[0] if node.args else None
        title = first.values[0] if isinstance(first, ast.JoinedStr) else first
        if not (isinstance(title, ast.Constant) and str(title.value).startswith(f"{number} ")):
            yield f"line {node.lineno}: the title of a check starts with the number of the exercise, {number}"


def _ends_with_check(tree: ast.Module) -> bool:
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return True
    call = last.value.func if isinstance(last.value, ast.Call) else None
    return (isinstance(call, ast.Attribute) and call.attr == "expect") or (
        isinstance(call, ast.Name) and call.id == "print"
    )
