"""The package stays layered: imports go down, and `import grader` is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import grader

PACKAGE = Path(grader.__file__).parent
# Each floor imports from itself and from the floors below it, also inside functions.
FLOORS = {
    "loop": "wording chain waits wire timers faketime stopwatch workers stuck clock",
    "record": "services local_pages local_server record steps jobs shadows watcher recorder",
    "draw": "family lanes crowd scene rows dense panel figure textform",
    "timeline": "timeline",
    "run": "raised capture runner findings",
    "check": "cause message outcome",
    "kernel": "places interrupt errors messages node_process node_track node progress kernel",
    "tools": "trouble locks installer bootstrap lab suite check reset __main__ classroom",
}
MODULES = {
    ".".join(path.with_suffix("").relative_to(PACKAGE).parts): path for path in sorted(PACKAGE.rglob("*.py"))
}
NAMES = 8

every_module = pytest.mark.parametrize("name", MODULES)


def floor(module):
    """The number of a module's floor, from 0; None for the package itself, whose imports are lazy."""
    room = module.split(".")[0]
    return next((number for number, rooms in enumerate(FLOORS.values()) if room in rooms.split()), None)


def imports(source, *, lazy):
    """The modules that a source imports, those inside functions too if `lazy`; never those for type checkers."""
    found = set()
    nodes = [ast.parse(source)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = node.module in ("grader", "grader.classroom")
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if package else {node.module}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not lazy:
            continue
        typing = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        nodes += node.orelse if typing else ast.iter_child_nodes(node)
    return found


def upward(name, source):
    """The imports of module `name` that do not go down."""
    ours = {
        target.removeprefix("grader.")
        for target in imports(source, lazy=True)
        if target.startswith("grader.")
    }
    return sorted(
        target for target in ours if (floor(target) if floor(target) is not None else 99) > floor(name)
    )


def foreign(source):
    """The third-party packages that a source needs as soon as it is imported."""
    roots = {target.split(".")[0] for target in imports(source, lazy=False)}
    return sorted(roots - set(sys.stdlib_module_names) - {"grader"})


def text(name):
    return MODULES[name].read_text(encoding="utf-8")


@every_module
def test_a_module_has_a_floor_and_imports_go_down(name):
    if name == "__init__":
        assert imports(text(name), lazy=False) <= {"importlib", "typing"}
        return

    assert floor(name) is not None, f"give {name} a floor in FLOORS"
    assert upward(name, text(name)) == []


@every_module
def test_only_the_classroom_needs_third_party_packages_to_be_imported(name):
    if not name.startswith("classroom.") and name != "local_pages":  # which a server imports when it starts
        assert foreign(text(name)) == []


def test_every_room_on_the_floors_exists():
    rooms = {name.split(".")[0] for name in MODULES}

    assert [room for names in FLOORS.values() for room in names.split() if room not in rooms] == []


def test_the_public_names_are_few_and_all_there():
    assert len(grader.__all__) <= NAMES
    assert [name for name in grader.__all__ if getattr(grader, name, None) is None] == []


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
    loaded = {module.split(".")[0] for module in loaded_by("import grader.classroom.child")}

    assert loaded - set(sys.stdlib_module_names) <= {
        "grader",
        "cloudpickle",
        "msgspec",
        "typing_extensions",
    }  # the last by msgspec, where it is


def test_the_pytest_plugin_is_light():
    loaded = {
        module.split(".")[0]
        for module in loaded_by("import pytest; before = set(sys.modules); import grader.classroom.rules")
    }

    assert loaded - set(sys.stdlib_module_names) == {"grader"}


# What the checks above see, shown on small sources.


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("clock", "from grader.waits import describe", []),
        ("clock", "from grader.recorder import Recorder", ["recorder"]),
        ("clock", "import grader.recorder", ["recorder"]),
        ("clock", "def f():\n    from grader.outcome import Outcome", ["outcome"]),
        ("clock", "from grader import outcome", ["outcome"]),
        ("outcome", "from grader.classroom import judge", ["classroom.judge"]),
        ("kernel", "def f():\n    import grader.classroom.judge", ["classroom.judge"]),
        ("kernel", "from grader.nowhere import x", ["nowhere"]),
        ("services", "if TYPE_CHECKING:\n    from grader.outcome import Outcome", []),
        ("classroom.judge", "from grader.outcome import Outcome", []),
    ],
)
def test_an_import_that_goes_up_is_found(name, source, found):
    assert upward(name, source) == found


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
