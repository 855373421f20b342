"""environment.yml, pyproject.toml, constraints.txt and the CI files say the same."""

import json
import os
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from tiny_clone import BASE, ROOT, built, first, posix_only

from grader.cli.bootstrap import fits, requirement_name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIRED = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = [Requirement(line) for lines in PROJECT["optional-dependencies"].values() for line in lines]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
CONDA_LINES = [line for line in CONDA["dependencies"] if isinstance(line, str)]
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # conda-forge's matplotlib adds Qt
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
JOBS = yaml.safe_load(WORKFLOW)["jobs"]


def lower(requirement):
    return next((spec.version for spec in requirement.specifier if spec.operator == ">="), "0")


def in_conda(requirement):
    name = CONDA_NAMES.get(requirement.name, requirement.name)
    return next(Requirement(line) for line in CONDA_LINES if requirement_name(line) == name)


# environment.yml


def test_conda_installs_exactly_what_the_course_requires():
    wanted = {CONDA_NAMES.get(requirement.name, requirement.name) for requirement in REQUIRED}

    assert {requirement_name(line) for line in CONDA_LINES} == wanted | {"python", "pip", "nodejs"}


@pytest.mark.parametrize("requirement", REQUIRED, ids=str)
def test_pip_finds_what_conda_installed_good_enough(requirement):
    least = lower(in_conda(requirement))

    assert requirement.specifier.contains(least)


@pytest.mark.parametrize("requirement", REQUIRED, ids=str)
def test_conda_stops_below_the_same_version_as_pip(requirement):
    above = {str(spec) for spec in requirement.specifier if spec.operator == "<"}

    assert above == {str(spec) for spec in in_conda(requirement).specifier if spec.operator == "<"}


def test_binder_can_read_the_python_version_and_installs_the_course_itself():
    assert "python=3.12" in CONDA_LINES
    assert CONDA["dependencies"][-1] == {"pip": ["-e ."]}


def test_binder_has_no_other_file_to_prefer():
    assert not [name for name in ("binder", ".binder") if (ROOT / name).exists()]


def test_each_line_of_environment_yml_says_who_needs_it():
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if re.match(r"  - (?!pip:)\w", line)]

    assert len(packages) == len(CONDA_LINES)
    assert not [line for line in packages if "#" not in line]


# constraints.txt


def pins(name):
    lines = (ROOT / "grader" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [pin for pin in map(Requirement, lines) if pin.name == name]


@pytest.mark.parametrize("requirement", REQUIRED + EXTRAS, ids=str)
def test_each_direct_dependency_is_pinned_within_its_bounds(requirement):
    pinned = [next(iter(pin.specifier)).version for pin in pins(requirement.name)]

    assert pinned
    assert all(requirement.specifier.contains(version) for version in pinned)


def test_the_constraints_name_no_place_to_download_from():
    text = (ROOT / "grader" / "constraints.txt").read_text(encoding="utf-8")

    assert not re.search(r"://|--\w", text)


# What the bootstrap reads by itself, without `packaging`


@pytest.mark.parametrize("requirement", REQUIRED + EXTRAS, ids=str)
def test_the_bootstrap_understands_every_requirement(requirement):
    assert {spec.operator for spec in requirement.specifier} <= {">=", "<"}
    assert requirement.marker is None
    assert requirement_name(str(requirement)) == requirement.name
    assert fits(lower(requirement), str(requirement))
    assert not fits("0.0.1", str(requirement))


# CI


def test_ci_runs_on_every_python_that_the_course_supports():
    versions = JOBS["test"]["strategy"]["matrix"]["python"]

    assert versions == ["3.11", "3.12", "3.13", "3.14"]
    assert JOBS["test"]["continue-on-error"] == "${{ matrix.python == '3.14' }}"
    assert PROJECT["requires-python"] == ">=3.11"


def test_ci_calls_the_command_that_everybody_can_call():
    for job in ("test", "unpinned"):
        assert JOBS[job]["steps"][-1] == {"run": ".ci/run"}
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec python3 -m grader test")


def test_ci_has_one_job_without_constraints_and_one_for_each_other_system():
    assert {"run": "python3 -m pip install -e '.[dev]'"} in [
        {"run": step["run"].partition("  #")[0]} for step in JOBS["unpinned"]["steps"] if "run" in step
    ]
    assert JOBS["smoke"]["strategy"]["matrix"]["os"] == ["macos-latest", "windows-latest"]
    assert JOBS["smoke"]["steps"][-1] == {"run": "python -m grader --help"}


def test_ci_names_no_host_and_no_action_but_githubs_own():
    used = [step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step]

    assert {name.partition("@")[0] for name in used} == {"actions/checkout", "actions/setup-python"}
    assert "://" not in WORKFLOW


@posix_only
def test_ci_run_ends_in_the_command_with_its_exit_code(built):
    needs = [("bwrap",), ("hunspell",), ("chromium", "chromium-browser", "google-chrome")]
    if not all(any(map(shutil.which, names)) for names in needs):
        pytest.skip("NOT TESTED: .ci/run would install system packages here")
    built.use_suite()
    (built.root / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", built.root / ".ci")
    (built.root / "bin").mkdir()
    (built.root / "bin" / "python3").symlink_to(BASE)
    environment = built.environment(CI="true")
    environment["PATH"] = os.pathsep.join([str(built.root / "bin"), environment["PATH"]])

    result = subprocess.run(
        [built.root / ".ci" / "run"], cwd=built.root.parent, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1])["prefix"] == str(built.venv)
