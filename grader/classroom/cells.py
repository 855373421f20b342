"""Prepares the cells of a notebook for loading outside a kernel."""

from __future__ import annotations

import ast
import linecache
from types import CodeType

TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def file_name(cell_id: str) -> str:
    """Return the file name under which the lines of a cell appear in traces."""
    return f"<celda {cell_id}>"


def compile_cell(source: str, cell_id: str, *, whole: bool) -> CodeType:
    """Compile a cell; magics and shell lines are dropped, top-level await is allowed.

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
    """Parse a cell as Python; its magics and shell lines are dropped where it is not Python as it stands."""
    if source.lstrip().startswith("%%"):
        return ast.Module([], [])
    try:
        return _parse(source, name)
    except SyntaxError:
        return _parse("\n".join(map(_without_magic, source.splitlines())), name)


def _parse(source: str, name: str) -> ast.Module:
    tree = compile(source, name, "exec", flags=ast.PyCF_ONLY_AST | TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def _without_magic(line: str) -> str:
    text = line.lstrip()
    is_magic = text.startswith(("%", "!", "?")) or text.rstrip().endswith("?")
    return line[: len(line) - len(text)] + "pass" if is_magic else line


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
