"""Reads the cells of a notebook as a kernel does, and compiles them to be run outside one.

What is not Python goes through IPython's own transformer. Of its magics those that only run Python do so
(%%time, %%capture, %%prun, %time, %timeit); the others, and the shell's commands, do nothing here.
"""

from __future__ import annotations

import ast
import importlib.util
import linecache
import os
import re
import sys
import types
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

# What IPython changes in a cell that is Python as it stands: prompts copied from a terminal, and lines of
# nothing but spaces, which may be a string's.
_CHANGED = re.compile(r"(?m)^(?:\s*>>>|(?:\[\w+\] )?In \[\d+\]: |\s*\.{3,}:|[ \t]+$)")
_OPTIONS = {  # of the magics that run Python
    "time": re.compile(r"\s*(?:--no-raise-error\s*)?"),
    "capture": re.compile(r"\s*(?:--no-(?:stderr|stdout|display)\s*)*"),
    "prun": re.compile(r"\s*(?:-(?:[DlsT]\s*\S+|[rq]+)\s*)*"),
    "timeit": re.compile(r"\s*(?:-(?:[nrpv]\s*\S+|[tcqo]+)\s*)*"),
}
_METHODS = {"run_line_magic": 2, "run_cell_magic": 3, "system": 1, "getoutput": 1}  # and their arguments
_LINES = "__import__('IPython.utils.text', fromlist=['SList']).SList()"
_CAPTURED = "__import__('IPython.utils.capture', fromlist=['CapturedIO']).CapturedIO(None, None)"


def file_name(cell_id: str) -> str:
    """Return the file name under which the lines of a cell appear in traces."""
    return f"<celda {cell_id}>"


def compile_cell(source: str, cell_id: str, *, whole: bool) -> CodeType:
    """Compile a cell as a kernel runs it, top-level await included; its lines keep their numbers.

    whole: False keeps only imports, functions, classes and constants: what later cells may build on.
    Raises SyntaxError as Python has it.
    """
    name = file_name(cell_id)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = parse(source, name)
    if not whole:
        tree.body = [node for node in tree.body if _is_definition(node)]
    code: CodeType = compile(tree, name, "exec", flags=TOP_LEVEL_AWAIT, dont_inherit=True)
    return code


def parse(source: str, name: str = "<celda>") -> ast.Module:
    """Parse a cell as a kernel does, without what only a kernel can do. Raises SyntaxError."""
    return _parse(source, name, 1)


def _parse(source: str, name: str, first: int) -> ast.Module:
    """Parse what stands in a cell from its line `first` on."""
    above = "\n" * (first - 1)
    python = _transformed(source) if _CHANGED.search(source) else source
    try:
        tree = _tree(above + python, name)
    except SyntaxError as error:
        python = _transformed(source)
        if python == source:
            raise error from None
        tree = _tree(above + python, name)
    if "get_ipython" not in python:
        return tree
    without: ast.Module = ast.fix_missing_locations(_WithoutKernel(name).visit(tree))
    return without


def _tree(text: str, name: str) -> ast.Module:
    tree = compile(text, name, "exec", flags=ast.PyCF_ONLY_AST | TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def _transformed(source: str) -> str:
    """Return a cell as IPython's transformer leaves it, with each line where it was."""
    lines = source.splitlines(keepends=True)
    empty = next((at for at, line in enumerate(lines) if not line.isspace()), len(lines))
    text: str = _transformer().transform_cell("".join(lines[empty:]))
    return "".join(lines[:empty]) + text


@cache
def _transformer() -> Any:
    """Return IPython's transformer; below a command that went on over several lines it leaves as many."""
    transformer = _transformers().TransformerManager()
    transform = transformer.do_one_token_transform

    def keep_lines(lines: list[str]) -> tuple[bool, list[str]]:
        changed, after = transform(lines)
        pairs = enumerate(zip(lines, after, strict=False), 1)
        at = next((number for number, (old, new) in pairs if old != new), 0)
        return changed, [*after[:at], *["\n"] * (len(lines) - len(after)), *after[at:]]

    transformer.do_one_token_transform = keep_lines
    return transformer


def _transformers() -> Any:
    """Return the module of IPython's transformers, without the rest of IPython where that is not there yet.

    The package imports the whole shell: 28 ms of CPU in each child of the judge, beside 90 of its own, and 98
    modules; the transformers alone take 2.5 ms and need one.
    """
    module, found = "IPython.core.inputtransformer2", importlib.util.find_spec("IPython")
    if "IPython" in sys.modules or found is None or not found.submodule_search_locations:
        return importlib.import_module(module)
    folder, before = found.submodule_search_locations[0], {*sys.modules}
    for name in ("IPython", "IPython.core", "IPython.utils"):
        package = sys.modules[name] = types.ModuleType(name)
        package.__path__ = [os.path.join(folder, *name.split(".")[1:])]
    try:
        return importlib.import_module(module)
    finally:  # whoever imports IPython later gets it whole
        for name in [name for name in sys.modules if name.startswith("IPython") and name not in before]:
            del sys.modules[name]


@dataclass(frozen=True)
class _Asked:
    """`get_ipython().METHOD(TEXTS)`, as a command or a magic stands in a transformed cell."""

    method: str
    texts: list[str]
    line: int

    @staticmethod
    def by(node: ast.expr) -> _Asked | None:
        match node:
            case ast.Call(ast.Attribute(ast.Call(ast.Name("get_ipython")), str(method)), given):
                texts = [str(each.value) for each in given if isinstance(each, ast.Constant)]
                return _Asked(method, texts, node.lineno) if method in _METHODS else None
        return None

    @property
    def prints(self) -> bool:
        """Whether it gives the lines that a command of the shell prints."""
        return self.method == "getoutput" or (self._is_magic and self.texts[0] in ("sx", "system"))

    @property
    def _is_magic(self) -> bool:
        return len(self.texts) == _METHODS[self.method] and self.method.startswith("run_")


class _WithoutKernel(ast.NodeTransformer):
    """Puts in the place of what is asked of the kernel the Python that it would run, or nothing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Expr(self, node: ast.Expr) -> Any:
        asked = _Asked.by(node.value)
        if asked is None:
            return self.generic_visit(node)
        return self._run(asked) or _code("pass", node.lineno)

    def visit_Assign(self, node: ast.Assign) -> Any:
        """`x = %time y = 1` gives y its value and x None; any other magic is an expression."""
        asked = _Asked.by(node.value)
        body = self._run(asked) if asked else []
        if not body or _value(body):
            return self.generic_visit(node)
        node.value = _expression("None", node.lineno)
        return [*body, node]

    def visit_Call(self, node: ast.Call) -> Any:
        asked = _Asked.by(node)
        if asked is None:
            return self.generic_visit(node)
        if asked.prints:
            return _expression(_LINES, node.lineno)
        return _value(self._run(asked)) or _expression("None", node.lineno)

    def _run(self, asked: _Asked) -> list[ast.stmt]:
        """Return what a magic runs. What is no Python in that of one line fails there, and not before."""
        match asked.method, asked.texts:
            case "run_cell_magic", [magic, options, text]:
                return self._cell(magic, options, text, asked.line + 1)
            case "run_line_magic", [magic, text] if magic in _OPTIONS and magic != "capture":
                try:
                    body = self._python(magic, _OPTIONS[magic].sub("", text, 1), asked.line)
                except SyntaxError as error:
                    return self._refusal(error, asked.line)
                return _apart(body, asked.line) if magic == "timeit" else body
        return []

    def _cell(self, magic: str, options: str, text: str, line: int) -> list[ast.stmt]:
        """Return what a magic of a whole cell runs; its text begins on `line`."""
        if magic not in _OPTIONS:
            return []
        rest = _OPTIONS[magic].sub("", options, 1).strip()
        if magic in ("prun", "timeit"):
            body = [*self._python(magic, rest, line - 1), *self._python(magic, text, line)]
            return _apart(body, line) if magic == "timeit" else body
        if rest and not (magic == "capture" and rest.isidentifier()):
            return []  # IPython refuses it, and runs nothing
        kept = _code(f"{rest} = {_CAPTURED}", line) if rest else []
        return [*self._python(magic, text, line), *kept]

    def _python(self, magic: str, text: str, line: int) -> list[ast.stmt]:
        """Return the statements of a text: in a magic nothing can be awaited. Raises SyntaxError.

        %time runs what stands above an expression at the end before it looks at that.
        """
        body = _parse(text, self._name, line).body
        last = body.pop() if magic == "time" and body and isinstance(body[-1], ast.Expr) else None
        self._demand_no_await(body)
        if last is None:
            return body
        try:
            self._demand_no_await([last])
        except SyntaxError as error:
            return [*body, *self._refusal(error, last.lineno)]
        return [*body, last]

    def _demand_no_await(self, body: list[ast.stmt]) -> None:
        compile(ast.Module(body, []), self._name, "exec", dont_inherit=True)

    def _refusal(self, error: SyntaxError, line: int) -> list[ast.stmt]:
        return _code(f"raise SyntaxError({error.msg!r}, {(self._name, line, None, None)})", line)


def _apart(body: list[ast.stmt], line: int) -> list[ast.stmt]:
    """Return what runs statements once and leaves none of their names behind."""
    return _code(f"exec({ast.unparse(ast.Module(body, []))!r}, globals(), {{}})", line)


def _value(body: list[ast.stmt]) -> ast.expr | None:
    """Return the expression that is all of a body, None if it is something else."""
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None


def _expression(text: str, line: int) -> ast.expr:
    value = _value(_code(text, line))
    assert value is not None
    return value


def _code(text: str, line: int) -> list[ast.stmt]:
    """Return the statements of a text of ours, all on one line of the cell."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if "lineno" in node._attributes:
            node.lineno = node.end_lineno = line  # type: ignore[attr-defined]
    return tree.body


def _is_definition(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = [leaf for target in targets for leaf in ast.walk(target)]
    if any(isinstance(part, ast.Attribute | ast.Subscript) for part in parts):
        return False  # `os.environ["X"] = "1"` defines nothing: it changes what is there
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return False
    return True


def names_bound(source: str) -> set[str]:
    """Return the names that a cell binds at its top level: functions, classes, variables."""
    names: set[str] = set()
    for node in parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {
                leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)
            }
    return names


def compile_test(source: str, cell_id: str, mark: str) -> tuple[CodeType, CodeType | None]:
    """Compile a test cell in two parts: what stands above the line with `mark`, and the rest if there is any.

    Raises SyntaxError as Python has it.
    """
    compile_cell(source, cell_id, whole=True)  # keeps its lines for traces
    name = file_name(cell_id)
    begin = next((i for i, line in enumerate(source.splitlines(), 1) if mark in line), None)
    tree = parse(source, name)
    parts: list[list[ast.stmt]] = [[], []]
    for node in tree.body:
        parts[begin is not None and node.lineno > begin].append(node)
    visible, hidden = (compile(ast.Module(part, []), name, "exec", dont_inherit=True) for part in parts)
    return visible, hidden if parts[1] else None
