"""Of an example cell only what later cells may build on is loaded."""

import os

from grader.classroom.cells import compile_cell


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
