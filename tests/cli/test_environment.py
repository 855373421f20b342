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
from packaging.specifiers import SpecifierSet
from tiny_clone import BASE, ROOT, built, first, posix_only

from grader.cli.bootstrap import applies, demand_supported, fits, known_range, requirement_name
from grader.cli.trouble import Unable

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIRED = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = [Requirement(line) for lines in PROJECT["optional-dependencies"].values() for line in lines]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
CONDA_LINES = [line for line in CONDA["dependencies"] if isinstance(line, str)]
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # conda-forge's matplotlib adds Qt
ANY = [f"3.{minor}" for minor in range(8, 30)]
SUPPORTED = [python for python in ANY if SpecifierSet(PROJECT["requires-python"]).contains(f"{python}.0")]
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "os_name": "posix", "platform_machine": "x86_64"},
    "Linux (ARM)": {"sys_platform": "linux", "os_name": "posix", "platform_machine": "aarch64"},
    "macOS (Apple)": {"sys_platform": "darwin", "os_name": "posix", "platform_machine": "arm64"},
    "macOS (Intel)": {"sys_platform": "darwin", "os_name": "posix", "platform_machine": "x86_64"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"},
}
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


@pytest.mark.parametrize("python", SUPPORTED)
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_package_has_one_pin_where_it_is_installed(python, system):
    here = SYSTEMS[system] | {"python_version": python, "python_full_version": f"{python}.0"}
    lines = (ROOT / "grader" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [pin.name for pin in map(Requirement, lines) if not pin.marker or pin.marker.evaluate(here)]
    needed = {one.name for one in REQUIRED + EXTRAS if not one.marker or one.marker.evaluate(here)}

    assert len(pinned) == len(set(pinned))
    assert needed <= set(pinned)


def test_the_constraints_name_no_place_to_download_from():
    text = (ROOT / "grader" / "constraints.txt").read_text(encoding="utf-8")

    assert not re.search(r"://|--\w", text)


# What the bootstrap reads by itself, without `packaging`


@pytest.mark.parametrize("requirement", REQUIRED + EXTRAS, ids=str)
def test_the_bootstrap_understands_every_requirement(requirement):
    assert {spec.operator for spec in requirement.specifier} <= {">=", "<"}
    assert requirement_name(str(requirement)) == requirement.name
    assert fits(lower(requirement), str(requirement))
    assert not fits("0.0.1", str(requirement))


@pytest.mark.parametrize("requirement", REQUIRED + EXTRAS, ids=str)
def test_the_bootstrap_knows_on_which_python_a_requirement_counts(requirement):
    for python in SUPPORTED:
        counts = not requirement.marker or requirement.marker.evaluate({"python_version": python})

        assert applies(str(requirement), python) is counts


def test_the_bootstrap_knows_the_pythons_of_pyproject_and_tells_any_other():
    assert known_range(PROJECT["requires-python"]) == (SUPPORTED[0], SUPPORTED[-1])
    for python in ANY:
        if python in SUPPORTED:
            demand_supported(python)
        else:
            with pytest.raises(Unable):
                demand_supported(python)


# CI


def test_ci_runs_everything_on_every_python_that_the_course_promises():
    assert JOBS["test"]["strategy"]["matrix"]["python"] == SUPPORTED


def test_ci_runs_what_students_use_on_the_other_systems_with_the_newest_python():
    systems = JOBS["student"]["strategy"]["matrix"]["os"]
    [python] = [step["with"]["python-version"] for step in JOBS["student"]["steps"] if "with" in step]

    assert {name.partition("-")[0] for name in systems} == {"macos", "windows"}
    assert python == SUPPORTED[-1]


def test_nothing_in_ci_may_fail_in_silence():
    parts = [part for job in JOBS.values() for part in (job, *job["steps"])]

    assert not [part for part in parts if "continue-on-error" in part]
    assert not [job for job in JOBS.values() if job.get("strategy", {}).get("fail-fast", False)]
    assert not [part for part in parts if re.search(r"\|\|", part.get("run", ""))]


def test_every_job_of_ci_ends_if_it_hangs():
    assert [name for name, job in JOBS.items() if "timeout-minutes" not in job] == []


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
