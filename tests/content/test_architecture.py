"""The package stays layered: imports go down, and `import grader` is light."""

import ast
import importlib
import os
import shutil
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

import grader
from grader.__main__ import COMMANDS

PACKAGE = Path(grader.__file__).parent
STUDENTS = (
    "loop",
    "tracing",
    "timeline",
    "checks",
    "kernel",
    "cli",
)  # rooms that start without an environment
NAMES = 10


def lint(folder):
    """Run import-linter on the package in `folder` with the contracts of pyproject.toml."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", PACKAGE.parent / "pyproject.toml"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, capture_output=True, encoding="utf-8",
    )  # fmt: skip


def test_each_room_uses_only_the_rooms_below_it():
    linted = lint(PACKAGE.parent)

    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    ("importer", "line", "told"),
    [
        ("loop/virtual_loop.py", "from grader.tracing.recorder import Recorder", "loop is not allowed to import grader.tracing"),
        ("kernel/extension.py", "def f():\n    import grader.judge.judge", "kernel is not allowed to import grader.judge"),
        ("checks/service.py", "if TYPE_CHECKING:\n    import grader.cli.lab", "checks is not allowed to import grader.cli"),
        ("newroom/__init__.py", "", "newroom"),
    ],
)  # fmt: skip
def test_an_import_that_goes_up_and_a_room_without_a_place_are_found(tmp_path, importer, line, told):
    shutil.copytree(
        PACKAGE, tmp_path / "grader", ignore=shutil.ignore_patterns("__pycache__", "images", "*.md")
    )
    file = tmp_path / "grader" / importer
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")

    linted = lint(tmp_path)

    assert linted.returncode == 1
    assert told in " ".join(linted.stdout.split())


def test_no_modules_need_each_other_not_even_for_their_types():
    graph = grimp.build_graph("grader", cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    assert [*TopologicalSorter(needs).static_order()]  # or a CycleError that names the circle
    needs["grader.checks.findings"] = {"grader.checks.outcome"}
    with pytest.raises(CycleError):
        TopologicalSorter(needs).prepare()


def rooms(graph):
    """The rooms of a package, each with its doors: the modules that others may use."""
    children = sorted(graph.find_children("grader"))
    return {room: importlib.import_module(room).DOORS for room in children if graph.find_children(room)}


def past_the_doors(graph):
    """The imports from one room into another that go through no door of it."""
    doors = rooms(graph)
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            room = ".".join(imported.split(".")[:2])
            inside = importer == room or importer.startswith(f"{room}.")
            if room in doors and not inside and imported.split(".")[2] not in doors[room]:
                yield importer, imported


def test_a_room_is_entered_by_its_doors_only():
    graph = grimp.build_graph("grader", cache_dir=None)

    assert [*past_the_doors(graph)] == []
    graph.add_import(importer="grader.classroom.grade", imported="grader.judge.seccomp")
    assert [*past_the_doors(graph)] == [("grader.classroom.grade", "grader.judge.seccomp")]


def test_every_door_leads_somewhere_and_somebody_uses_it():
    graph = grimp.build_graph("grader", cache_dir=None)
    commands = {module for module, _ in COMMANDS.values()} | {"grader.kernel.extension"}

    for room, doors in rooms(graph).items():
        for door in doors:
            users = graph.find_modules_that_directly_import(f"{room}.{door}")
            others = {each for each in users if not each.startswith(f"{room}.")}
            assert others or f"{room}.{door}" in commands, f"{room}.{door}"


def test_the_public_names_are_few_and_all_there():
    assert len(grader.__all__) <= NAMES
    assert [name for name in grader.__all__ if getattr(grader, name, None) is None] == []


# What an import costs


def foreign(source):
    """The third-party packages that a source needs as soon as it is imported."""
    roots, nodes = set(), [ast.parse(source)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add(node.module.split(".")[0])
        typing = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        nodes += node.orelse if typing else ast.iter_child_nodes(node)
    return sorted(roots - set(sys.stdlib_module_names) - {"grader"})


def test_the_students_rooms_need_no_third_party_package_to_be_imported():
    sources = {path for room in STUDENTS for path in (PACKAGE / room).rglob("*.py")}
    late = {PACKAGE / "kernel" / "local_pages.py"}  # which a server imports when it starts
    late |= {
        PACKAGE / "timeline" / f"{name}.py" for name in ("canvas", "layout", "plot", "svg")
    }  # at the first drawing

    assert {path: found for path in sources - late if (found := foreign(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import matplotlib.pyplot as plt", ["matplotlib"]),
        ("from httpx import get", ["httpx"]),
        ("try:\n    import trio\nexcept ImportError:\n    trio = None", ["trio"]),
        ("def draw():\n    import matplotlib", []),
        ("import asyncio\nfrom grader import clock", []),
    ],
)
def test_a_heavy_import_is_found(source, found):
    assert foreign(source) == found


def loaded_by(statement):
    """The modules in memory after `statement` in a new interpreter, without those it starts with."""
    program = f"import sys; before = set(sys.modules); {statement}; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    return [module for module in done.stdout.split() if not module.startswith("_sysconfigdata")]


def test_import_grader_loads_nothing_but_itself():
    new = {module.split(".")[0] for module in loaded_by("import grader")}

    assert [module for module in loaded_by("import grader") if module.startswith("grader")] == ["grader"]
    assert new - set(sys.stdlib_module_names) == {"grader"}
    assert not new & {"asyncio", "ssl", "threading", "socket", "inspect"}


def test_the_child_of_the_judge_loads_neither_matplotlib_nor_ipython():
    loaded = {module.split(".")[0] for module in loaded_by("import grader.judge.child")}

    assert loaded - set(sys.stdlib_module_names) <= {
        "grader",
        "cloudpickle",
        "msgspec",
        "typing_extensions",  # by msgspec, where it is
        "_missing_stdlib_info",  # by traceback, from 3.15; not among `stdlib_module_names`
    }


def test_the_pytest_plugin_is_light():
    statement = "import pytest; before = set(sys.modules); import grader.authoring.rules.plugin"
    loaded = {module.split(".")[0] for module in loaded_by(statement)}

    assert loaded - set(sys.stdlib_module_names) == {"grader"}
