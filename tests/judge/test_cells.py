"""A cell defines outside a kernel what it defines in one; of an example only what later cells may build on is loaded."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_kernel import live_kernel
from tree import ROOT

from grader.judge.cells import compile_cell, names_bound

# Source of a cell, as students write them, under what is special about it.
CELLS = {
    "plain": "x = 1\ndef f():\n    return x",
    "empty": "",
    "blank lines above": "\n\n  \nx = 1",
    "indented": "    x = 1\n    y = 2",
    "await": "import asyncio\nx = await asyncio.sleep(0, 7)",
    "async comprehension": "async def g():\n    yield 3\nx = [n async for n in g()]",
    "time": "%%time\nx = 1\ndef f():\n    return x",
    "time below blank lines": "\n\n%%time\n\nx = 1",
    "time of an expression": "%%time\n1 + 1",
    "time without a body": "%%time\n",
    "time with an option": "%%time --no-raise-error\nx = 1",
    "time with a statement": "%%time y = 2\nx = 1",
    "time that awaits": "%%time\nimport asyncio\nx = 1\nawait asyncio.sleep(0)",
    "time that awaits above": "%%time\nimport asyncio\nawait asyncio.sleep(0)\nx = 1",
    "time that only awaits": "x = 1\n%time await x",
    "time that fails": "%%time\nx = 1\n1 / 0\ny = 2",
    "time that is no Python": "%%time\nx = 1\ndef f()\n    pass",
    "capture": "%%capture\nx = 1\nprint(x)",
    "capture into a name": "%%capture out\nx = 1",
    "capture with options": "%%capture --no-stderr --no-display out\nx = 1",
    "capture into two names": "%%capture out more\nx = 1",
    "capture that awaits": "%%capture\nimport asyncio\nx = 1\nawait asyncio.sleep(0)",
    "capture of time": "%%capture out\n%%time\nx = 1",
    "time of capture of a command": "%%time\n%%capture out\n!true\nx = 1",
    "capture of another language": "%%capture out\n%%javascript\nlet x = 1",
    "prun": "%%prun -q -l 3\nx = 1",
    "prun with a statement": "%%prun -q y = 2\nx = 1",
    "timeit": "%%timeit -n1 -r1 z = 3\nx = 1",
    "another language": "%%javascript\nlet x = 1",
    "html": "%%html\n<b>x = 1</b>",
    "bash": "%%bash\nx=1",
    "no such magic": "%%nosuchmagic\nx = 1",
    "file written": f"%%writefile {os.devnull}\nx = 1",
    "time in a line": "x = 0\n%time x = 1\ny = x",
    "time of a value": "x = %time 6 * 7",
    "time of a statement in the place of a value": "x = %time y = 2",
    "time of two statements": "%time x = 1; y = 2",
    "time in a loop": "x = []\nfor n in range(3):\n    %time x.append(n)",
    "time in a line that awaits": "import asyncio\nx = 1\n%time y = await asyncio.sleep(0)\nz = 2",
    "time in a line that is no Python": "x = 1\n%time def f(\nz = 2",
    "timeit in a line": "calls = []\n%timeit -n1 -r1 calls.append(1)\n%timeit -n1 -r 1 y = 2\nx = 1",
    "timeit that fails": "x = 1\n%timeit -n1 -r1 1 / 0\ny = 2",
    "prun in a line": "%prun -q x = 1\ny = 2",
    "matplotlib": "%matplotlib inline\nx = 1",
    "load_ext": "%load_ext grader\nx = 1",
    "a name of a magic": "time = 1\nx = 7 \\\n%time\n",
    "command": "!true\nx = 1",
    "commands": "!!true\nx = 1",
    "command over lines": "!true \\\n   --version\nx = 1",
    "command in a block": "if True:\n    !true\nx = 1\ndef f():\n    !true\n    return x",
    "command alone in a function": "def f():\n    %time 1\nx = f()",
    "command that gives": "x = !echo one",
    "command that gives to two": "x = y = 1\nx.y if False else 1\nz: list = !echo",
    "magic that gives": "x = %sx echo one",
    "question": "x = 1\nx?\ny = 2",
    "questions": "x = 1\n?x\nx??\n%time?\ny = 2",
    "comment that asks": "!true\nx = 1  # ¿y ahora?\n# ¿y ahora?\ny = 2",
    "text that asks": "!true\nx = 'y ahora?'\ny = 'a' 'b?'",
    "text with commands": "!true\nx = '''\n%time\n!ls\nname?\n%%time\n'''\ny = 1",
    "text with spaces": "x = '''a\n   \nb'''\ny = 1",
    "remainder": "x = (7\n  %4)\ny = 7 \\\n  %4",
    "not": "x = 1 != 2\ny = [1\n!= 2]",
    "prompts": ">>> x = 1\n>>> def f():\n...     return x\n",
    "prompts of IPython": "In [1]: x = 1\n   ...: y = 2",
    "prompt that is Python": "In [1]: x",
    "prompts in a docstring": "def f():\n    '''Suma.\n\n    >>> f()\n    1\n    '''\nx = f.__doc__",
    "prompts in a text": "x = '''\n>>> f()\n'''",
    "calls by signs": "def f(*a):\n    return a\nx = 1\n/f x 2\n,f a b\n;f a b\ny = 2",
    "asked by hand": "get_ipython().run_line_magic('time', 'x = 1')\nget_ipython().system('true')\ny = 2",
    "asked by hand in an expression": "x = [get_ipython().run_line_magic('time', '6'), get_ipython().getoutput('true')]",
    "no Python": "!true\nx = 1\ndef f(\n",
    "no Python at all": "¿qué?",
    "a sentence": "pip install httpx please",
    "error": "!true\nx = 1\nraise ValueError(x)\ny = 2",
}

# What tells the names of a namespace, with values that can be compared, and forgets them.
DESCRIBE = """
def describe(namespace, before):
    import json

    def told(value):
        if hasattr(value, "__code__"):
            return "function"
        kind = type(value).__name__
        return kind if kind in ("SList", "CapturedIO", "module", "type") else repr(value)

    names = [name for name in namespace if name not in before and not name.startswith("_")]
    print("told:" + json.dumps({name: told(namespace.pop(name)) for name in sorted(names)}))
"""
TELL = DESCRIBE + "\n_before = set(globals()) | {'describe'}"


def by_kernel(folder):
    """What each cell defines in a kernel."""
    found = {}
    with live_kernel(folder) as kernel:
        kernel.run(TELL)
        for name, source in CELLS.items():
            kernel.run(source)
            said = kernel.run("describe(globals(), _before)").stdout
            found[name] = json.loads(said.rpartition("told:")[2])
    return found


def by_us():
    """What each cell defines in a process that has no kernel."""
    program = """
import asyncio, sys
from test_cells import CELLS, DESCRIBE, execute
exec(DESCRIBE)
for source in CELLS.values():
    namespace = {"__name__": "__main__"}
    execute(source, namespace)
    describe(namespace, set())
"""
    where = os.pathsep.join(map(str, [ROOT / "tests" / "judge", ROOT / "tests", ROOT]))
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": where},
    )
    assert done.returncode == 0, done.stderr
    lines = [line.partition("told:")[2] for line in done.stdout.splitlines() if "told:" in line]
    return dict(zip(CELLS, map(json.loads, lines), strict=True))


def execute(source, namespace):
    """Run a cell as the judge's child does; its error costs what comes after it."""
    with contextlib.suppress(Exception):
        coroutine = eval(compile_cell(source, "ejemplo", whole=True), namespace)
        if coroutine is not None:
            asyncio.run(coroutine)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    return by_kernel(tmp_path_factory.mktemp("kernel")), by_us()


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_defines_what_it_defines_in_a_kernel(both, name):
    kernel, ours = both

    assert ours[name] == kernel[name]


def loaded(source):
    namespace = {"os": os}
    exec(compile_cell(source, "ejemplo", whole=False), namespace)
    return {name: value for name, value in namespace.items() if name not in ("os", "__builtins__")}


def test_functions_classes_imports_and_constants_are_kept_and_calls_are_not():
    kept = loaded(
        "import math\nLIMIT = 3\na, b = 1, 2\ndef f(): ...\nclass C: ...\nprint(LIMIT)\nvalue = f()"
    )

    assert sorted(kept) == ["C", "LIMIT", "a", "b", "f", "math"]


def test_an_assignment_into_something_that_exists_defines_nothing():
    before = dict(os.environ)

    assert loaded('os.environ["GRADER_TEST"] = "1"\nos.curdir = "."') == {}
    assert dict(os.environ) == before


# Lines keep their numbers


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("\n\nx = 1\n1 / 0", 4),
        ("!true\n1 / 0", 2),
        ("!true \\\n  --version \\\n  more\n1 / 0", 4),
        ("x = !echo \\\n  one\n1 / 0", 3),
        ("if True:\n    !true \\\n      --version\n    1 / 0", 4),
        ("x = 1\nx?\n1 / 0", 3),
        ("%%time\n1 / 0", 2),
        ("\n\n%%time\n\n1 / 0\n", 5),
        ("%%time\n%%capture out\n!true \\\n  more\n1 / 0", 5),
        ("%%prun -q\n\n1 / 0", 3),
        ("x = 1\n%time 1 / 0", 2),
        (">>> x = 1\n>>> 1 / 0", 2),
        ("%%time\ndef f():\n    !true\n    1 / 0\nf()", 4),
    ],
)
def test_the_lines_of_a_cell_keep_their_numbers(source, line):
    code = compile_cell(source, "ejemplo", whole=True)

    with pytest.raises(ZeroDivisionError) as failed:
        exec(code, {})
    frames = traceback.extract_tb(failed.value.__traceback__)
    assert (frames[-1].filename, frames[-1].lineno) == ("<celda ejemplo>", line)
    assert frames[-1].line == source.splitlines()[line - 1].strip()


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("def f()\n    pass", 1, "expected ':'"),
        ("!true\n\ndef f()\n    pass", 3, "expected ':'"),
        ("!true \\\n  more\ndef f()\n    pass", 3, "expected ':'"),
        ("\n%%time\n\ndef f()\n    pass", 4, "expected ':'"),
        ("%%time\n%%capture\nx = 1\ndef f()\n    pass", 4, "expected ':'"),
        ("%%capture\nawait f()", 2, "'await' outside function"),
        ("x = 1\n  y = 2", 2, "unexpected indent"),
        ("x? y", 1, "invalid syntax"),
    ],
)
def test_a_syntax_error_is_python_s_own_with_its_line(source, line, text):
    with pytest.raises(SyntaxError) as failed:
        compile_cell(source, "ejemplo", whole=True)

    assert (failed.value.lineno, failed.value.msg) == (line, text)


def test_a_magic_of_one_line_that_is_no_python_tells_its_line():
    with pytest.raises(SyntaxError) as failed:
        exec(compile_cell("x = 1\n\n%time def f(", "ejemplo", whole=True), {})

    assert failed.value.lineno == 3


pieces = st.lists(
    st.sampled_from(
        [
            "x = 1",
            "",
            "   ",
            "# ¿y ahora?",
            "!true",
            "!true \\\n  --version",
            "x = !echo one",
            "y = !echo \\\n one \\\n two",
            "%time x = 2",
            "%timeit -n1 -r1 x",
            "x?",
            "??x",
            "text = '''\n%time\n!ls\nname?\n'''",
            "if x:\n    !true \\\n      more\n    x = 3",
            "def f():\n    %time 1\n    return 2",
            "x = [1,\n  2]",
        ]
    ),
    max_size=12,
)


@given(pieces, st.sampled_from(["", "%%time\n", "\n\n%%capture out\n", "%%time\n%%prun -q\n"]))
def test_whatever_stands_above_a_line_keeps_its_number(above, head):
    source = head + "\n".join([*above, "1 / 0", "", "x = 1"])
    number = source.splitlines().index("1 / 0") + 1

    with pytest.raises(ZeroDivisionError) as failed:
        exec(compile_cell(source, "ejemplo", whole=True), {"x": 0})
    assert failed.value.__traceback__.tb_next.tb_lineno == number


# What else reads cells


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("%%time\ndef f(): ...", {"f"}),
        ("x = !ls\nclass C: ...", {"x", "C"}),
        ("%%capture out\ny = 1", {"y", "out"}),
        ("%%node\nlet z = 1", set()),
        ("# ¿y ahora?\n!ls\nasync def f(): ...  # ¿o no?", {"f"}),
    ],
)
def test_the_names_that_a_cell_binds_are_those_below_its_magics_too(source, names):
    assert names_bound(source) == names


def test_a_line_of_code_that_asks_is_code():
    assert loaded("!true\nLIMIT = 3  # ¿y ahora?\nNAME = 'a?'") == {"LIMIT": 3, "NAME": "a?"}


def test_of_an_example_with_magics_the_definitions_are_kept():
    assert sorted(loaded("%%time\nimport math\nLIMIT = 3\nprint(LIMIT)\ndef f(): ...\nvalue = f()")) == [
        "LIMIT",
        "f",
        "math",
    ]


def in_a_process(*lines):
    """Run lines in a Python of their own."""
    program = "\n".join(["import sys", "from grader.judge.cells import compile_cell", *lines])
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)


def test_cells_are_transformed_without_the_rest_of_ipython_which_can_be_imported_afterwards():
    done = in_a_process(
        "exec(compile_cell('%time x = 1\\nx?', 'a', whole=True))",
        "loaded = [name for name in sys.modules if name.partition('.')[0] in ('IPython', 'traitlets')]",
        "from IPython.utils.text import SList",
        "from IPython.core.interactiveshell import InteractiveShell",
        "exec(compile_cell('y = !ls', 'a', whole=True))",
        "print(x, loaded, type(y) is SList)",
    )

    assert (done.stdout, done.stderr) == ("1 [] True\n", "")


def test_where_ipython_is_there_it_is_taken_as_it_is():
    done = in_a_process(
        "import IPython.core.inputtransformer2 as there",
        "compile_cell('!ls', 'a', whole=True)",
        "print(sys.modules['IPython.core.inputtransformer2'] is there)",
    )

    assert (done.stdout, done.stderr) == ("True\n", "")
