"""`python3 -m grader test`: the real tools on a small repository."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from tiny_clone import built, copy_bootstrap, first, posix_only

from grader.cli import bootstrap, suite
from grader.cli.trouble import Unable

ROOT = bootstrap.ROOT
STEPS = ("ruff check", "ruff format", "mypy --strict", "ty (notebooks)", "pytest")
NOTEBOOK = """{
 "cells": [
  {"cell_type": "code", "id": "c03-load", "execution_count": null, "metadata": {}, "outputs": [],
   "source": ["import asyncio\\n", "\\n", "\\n", "async def good() -> int:\\n", "    return 1"]},
  {"cell_type": "code", "id": "c03-await", "execution_count": null, "metadata": {}, "outputs": [],
   "source": ["CELL\\n", "await asyncio.sleep(0)"]}
 ],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
  "language_info": {"name": "python"}},
 "nbformat": 4,
 "nbformat_minor": 5
}
"""

pytestmark = pytest.mark.skipif(
    bool(bootstrap.lacks(["dev"])), reason="NOT TESTED: this environment has not all tools of the extra dev"
)


def run(repository, *, package, notebook, test):
    """Run the command on a small repository with these texts in the package, a notebook's cell and a test file."""
    copy_bootstrap(repository / "grader")
    (repository / "grader" / "__init__.py").write_text(package)
    # The entry point of the course rules belongs to the real repository.
    text = (
        (ROOT / "pyproject.toml")
        .read_text()
        .replace("--strict-markers", "--strict-markers -p no:grader_rules")
    )
    (repository / "pyproject.toml").write_text(text)
    (repository / "tests").mkdir()
    (repository / "tests" / "test_sum.py").write_text(test)
    file = repository / "solutions" / "03_tasks" / "03_tasks.ipynb"
    file.parent.mkdir(parents=True)
    file.write_text(NOTEBOOK.replace("CELL", notebook))
    return subprocess.run(
        [sys.executable, "-m", "grader", "test"], cwd=repository, capture_output=True, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    test = "def test_sum():\n    assert 1 + 1 == 2\n"
    return run(tmp_path_factory.mktemp("clean"), package="", notebook="await good()", test=test)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    package = "def untyped(value):\n    return value\n"
    test = "import os\ndef test_sum(): assert 1 + 1 == 3\n"
    return run(tmp_path_factory.mktemp("faulty"), package=package, notebook="good()", test=test)


def verdicts(result):
    """The summary: a sign for each step."""
    rows = result.stdout.partition("── resumen\n")[2].splitlines()
    return {row[2:].split("  ")[0]: row[0] for row in rows}


def test_every_check_passes_on_a_clean_repository(clean):
    assert verdicts(clean) == dict.fromkeys(STEPS, "✓"), clean.stdout + clean.stderr
    assert clean.returncode == 0


def test_each_line_of_the_summary_tells_the_seconds(clean):
    assert re.search(r"^✓ pytest +\d+\.\d s$", clean.stdout, re.MULTILINE)


def test_the_closing_line_of_pytest_is_seen(clean):
    assert re.search(r"1 passed in \d+\.\d+s", clean.stdout)


def test_each_step_that_fails_is_marked_and_the_others_still_run(faulty):
    assert verdicts(faulty) == dict.fromkeys(STEPS, "✗"), faulty.stdout + faulty.stderr
    assert faulty.returncode == 1


def test_a_call_that_nobody_awaits_in_a_notebook_is_found(faulty):
    assert "unused-awaitable" in faulty.stdout


def test_without_notebooks_there_is_nothing_for_ty(tmp_path, monkeypatch):
    monkeypatch.setattr(suite, "ROOT", tmp_path)

    command = dict(suite.steps(suite.parse([])))["ty (notebooks)"]

    assert command == []
    assert suite.summary("ty (notebooks)", None, 0) == "○ ty (notebooks)  nada que comprobar todavía"


def pytest_command(*arguments):
    [command] = dict(suite.steps(suite.parse(list(arguments))))["pytest"]
    return command


def test_what_the_command_does_not_know_goes_to_pytest():
    command = pytest_command("--repeat", "20", "-k", "name", "tests/test_clock.py", "-x")

    assert command[-6:] == ["--repeat", "20", "-k", "name", "tests/test_clock.py", "-x"]


def test_the_tests_run_on_as_many_processes_as_there_are_cores_or_as_one_says():
    assert pytest_command() == ["pytest", "-n", str(min(os.cpu_count(), 4))]
    assert pytest_command("-n", "1") == ["pytest", "-n", "1"]
    assert pytest_command("--pdb") == ["pytest", "--pdb"]


@posix_only
def test_the_rules_of_the_course_are_loaded_also_where_the_course_is_not_installed(built):
    code = "from grader.cli.suite import *; print(dict(steps(parse(['--pdb'])))['pytest'][0])"

    told = subprocess.run(
        [built.venv / "bin" / "python", "-c", code],
        cwd=built.root,
        env=built.environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "['pytest', '-p', 'grader.authoring.rules.plugin', '--pdb']"
    assert "-p" not in pytest_command()


def test_a_version_is_read_for_the_bootstrap():
    assert suite.parse(["--python", "3.12"]).python == "3.12"


@pytest.mark.parametrize(
    "arguments", [["--python", "3.10"], ["--python", "new"], ["--repeat", "0"], ["--repeat"]]
)
def test_a_wrong_option_is_refused_before_anything_runs(arguments):
    with pytest.raises(Unable, match="--help"):
        suite.main(arguments)
