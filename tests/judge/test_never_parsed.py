"""The instructor's process never parses a student's text: Python itself tells what is compiled in it."""

import os
import subprocess
import sys

from small_class import FETCH, PROGRAMS, answered, course, submit
from tree import NAME, ROOT

SIGN = "n3v3r"
ANSWER = f"{SIGN} = 1\n{FETCH}return await asyncio.gather(*(fetch(i) for i in ids))  # {SIGN}"
PROGRAM = f"""
import ast, sys
from pathlib import Path

def tell(event, arguments):
    if event == "compile":
        source = arguments[0]
        text = ast.unparse(source) if isinstance(source, ast.AST) else repr(source)
        if {SIGN!r} in text:
            print("compiled", arguments[1])

sys.addaudithook(tell)
root = Path(sys.argv[1])

def main():
    from grader.classroom import autograde, export, feedback, grade
    from grader.judge import sandbox
    from grader.authoring.course import Course

    course = Course(root)
    section = course.section({NAME!r})
    data = (course.submitted({NAME!r}, "ana") / "{NAME}.ipynb").read_bytes()
    mark = autograde.fingerprint(section)
    job = autograde.Job(str(root), {NAME!r}, "ana", data, (), mark, "key", sandbox.find())
    result, notebook = autograde.grade_one(job)  # as a worker does
    assert result.core == 10, result
    assert {SIGN!r} in notebook
    grade.run(root, [])
    assert feedback.run(root, []) == 0
    export.run(root, ["--to", "nbgrader"])
    compile("{SIGN} = 'seen'", "here", "exec")

if __name__ == "__main__":
    main()
"""


def test_no_command_compiles_what_a_student_wrote(tmp_path):
    section = course(tmp_path / "course")
    submit(section.root, "ana", answered(section, fetch_all=ANSWER))
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PATH": os.pathsep.join([PROGRAMS, os.environ["PATH"]]),
    }

    done = subprocess.run(
        [sys.executable, program, section.root], env=environment, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("compiled")] == ["compiled here"]
