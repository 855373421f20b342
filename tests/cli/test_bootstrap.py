"""`python3 -m grader` finds or builds its environment and runs the command in it."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tiny_clone import BASE, PYPROJECT, ROOT, built, first, fresh, other_python, posix_only, wheel, without

from grader.cli import bootstrap, installer

pytestmark = posix_only


def test_the_first_command_builds_an_environment_and_runs_in_it(first):
    clone, result = first

    assert result.code == 0, result.err
    assert result.told["prefix"] == str(clone.venv)
    assert {"tiny", "tinydep"} <= set(result.told["packages"])


def test_the_first_command_says_what_it_does_and_how_long_it_takes(first):
    lines = first[1].lines

    assert lines[0] == "Preparo .venv: descargo ~150 MB, 1-3 minutos, solo la primera vez."
    assert re.fullmatch(r"\.venv está listo \(\d+ s\)\.", lines[1])
    assert len(lines) == 2


def test_a_terminal_shows_the_progress_on_one_line_and_no_rest_of_it(built):
    (built.root / "pyproject.toml").write_text(PYPROJECT + "# newer")
    reader, writer = os.openpty()
    process = built.start("check", stderr=writer)
    process.communicate()
    os.close(writer)
    seen = b""
    with contextlib.suppress(OSError), open(reader, "rb", buffering=0) as terminal:  # EIO is a terminal's end
        while chunk := terminal.read(4096):
            seen += chunk

    lines = seen.decode().split("\r\n")

    assert "  instalo lo descargado ..." in lines[1]
    assert "\x1b" not in seen.decode()
    assert re.search(r"\r {60}\r\.venv está listo \(\d+ s\)\.$", lines[1])


def test_the_arguments_reach_the_command_in_the_environment(first):
    assert first[1].told["argv"] == ["--watch"]


def test_the_environments_programs_come_first_and_the_clones_grader_is_importable(first):
    clone, result = first

    assert result.told["path"] == str(clone.venv / "bin")
    assert result.told["pythonpath"] == str(clone.root)


def test_git_sees_nothing_of_the_environment(built):
    subprocess.run(["git", "init", "-q"], cwd=built.root, check=True)

    listed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all", ".venv"],
        cwd=built.root, check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert listed.stdout == ""


def test_the_second_start_builds_nothing_and_says_nothing(built):
    result = built.run("check")

    assert (result.code, result.err, built.builds()) == (0, "", 0)
    assert result.told["prefix"] == str(built.venv)


def test_the_environments_own_interpreter_needs_no_second_process(built):
    result = built.run("check", python=str(built.venv / "bin" / "python"))

    assert (result.code, result.err, built.builds()) == (0, "", 0)


def test_the_exit_code_of_the_command_is_the_one_of_the_start(built):
    assert built.run("check", "fail").code == 1


@pytest.mark.parametrize("file", ["pyproject.toml", "grader/constraints.txt"])
def test_changed_versions_are_installed_at_the_next_start(built, file):
    with open(built.root / file, "a") as text:
        text.write("\n# newer\n")

    result = built.run("check")

    assert (result.code, built.builds()) == (0, 1)
    assert result.lines[0].startswith("Actualizo .venv, porque las versiones del curso han cambiado")
    assert built.run("check").err == ""


def test_a_command_for_developers_adds_its_tools_once(built):
    built.use_suite()

    before = built.run("check")
    added = built.run("test")
    after = built.run("test")

    assert "tinytool" not in before.told["packages"]
    assert "tinytool" in added.told["packages"]
    assert added.lines[0].startswith("Amplío .venv")
    assert (after.err, built.builds()) == ("", 1)


def test_new_versions_are_installed_for_everything_that_was_there(built):
    (built.venv / "grader" / "stamp-dev").write_text("an older digest")
    with open(built.root / "pyproject.toml", "a") as text:
        text.write("\n# newer\n")

    assert "tinytool" in built.run("check").told["packages"]


def test_node_is_installed_where_the_system_has_none(built):
    result = built.run("check", PATH=without("node", without("uv")))

    assert "tinynode" in result.told["packages"]


def test_an_old_node_of_the_system_is_not_enough(fresh, tmp_path):
    node = tmp_path / "bin" / "node"
    node.parent.mkdir()
    node.write_text("#!/bin/sh\necho v18.20.0\n")
    node.chmod(0o755)

    result = fresh.run("check", PATH=f"{node.parent}{os.pathsep}{without('uv')}")

    assert "tinynode" in result.told["packages"]


@pytest.mark.parametrize(
    ("python", "typed"),
    [("the system's", "python3"), (".venv's", "python3"), ("an environment's", "python")],
)
def test_what_to_do_is_told_as_it_is_typed_there(built, python, typed):
    """`py` and `python3` pass by an environment that is active, as conda's."""
    own = sys.executable if sys.prefix != sys.base_prefix else None
    place = {"the system's": BASE, ".venv's": str(built.venv / "bin" / "python"), "an environment's": own}
    if place[python] is None:
        pytest.skip("NOT TESTED: these tests do not run in an environment")

    result = built.run("lba", python=place[python])

    assert result.lines == [f"No conozco la orden «lba»: mira las que hay con {typed} -m grader --help."]


def test_an_environment_that_has_everything_is_used_as_it_is(fresh, first):
    (fresh.root / "pyproject.toml").write_text(PYPROJECT.replace('"tinydep>=1"', '"pytest>=1"'))

    result = fresh.run("check", python=sys.executable)

    assert result.code == 0, result.err
    assert result.told["prefix"] == sys.prefix
    assert not fresh.venv.exists()


def test_an_environment_with_too_old_a_package_is_not_used_and_the_package_is_named(built):
    (built.root / "pyproject.toml").write_text(
        PYPROJECT.replace('"tinydep>=1"', '"tinydep>=1", "pytest>=9999"')
    )

    result = built.run("check", python=sys.executable)

    assert result.lines[0] == "A este entorno le falta tinydep, pytest: uso .venv."
    assert result.told["prefix"] == str(built.venv)


@pytest.mark.parametrize(
    ("version", "requirement", "answer"),
    [
        ("4.6.6", "jupyterlab>=4.4,<5", True),
        ("5.0.0", "jupyterlab>=4.4,<5", False),
        ("4.3.9", "jupyterlab>=4.4,<5", False),
        ("7.0", "ipykernel>=7", True),
        ("7", "ipykernel>=7.0", True),
        ("2026.8.0", "distributed>=2025.1", True),
        ("9.0.0rc1", "pytest>=8.3", True),
        ("", "pytest", False),
    ],
)
def test_a_version_fits_its_bounds(version, requirement, answer):
    assert bootstrap.fits(version, requirement) is answer


def test_a_python_that_is_not_there_is_named(fresh):
    result = fresh.run("test", "--python", "3.99")

    assert result.code == 2
    assert result.lines == [
        "No encuentro Python 3.99 (ni python3.99 en el PATH, ni en pyenv, ni en uv): "
        "instálalo y repite la orden."
    ]


def test_another_python_gets_an_environment_of_its_own(built):
    version, python = other_python()
    bin = built.root.parent / "bin"
    bin.mkdir()
    (bin / f"python{version}").symlink_to(python)
    built.use_suite(version)

    result = built.run("test", PATH=f"{bin}{os.pathsep}{without('uv')}")

    assert result.code == 0, result.err
    assert result.told["version"] == version
    assert result.told["prefix"] == str(built.root / f".venv-{version}")
    assert built.run("check").told["prefix"] == str(built.venv)


def test_uv_builds_it_where_uv_is(fresh):
    uv = shutil.which("uv")
    if not uv:
        pytest.skip("NOT TESTED: no uv on this machine")
    wheels = str(fresh.root.parent / "wheels")
    wheel(Path(wheels), "pip", "99.0")

    result = fresh.run(
        "check", PATH=os.environ["PATH"], UV_NO_INDEX="1", UV_FIND_LINKS=wheels, UV_NO_CONFIG="1",
        UV_CACHE_DIR=str(fresh.root.parent / "cache"), PIP_FIND_LINKS="",
    )  # fmt: skip

    assert result.code == 0, result.err
    assert {"tiny", "tinydep"} <= set(result.told["packages"])
    assert not (fresh.root / "uv.lock").exists()


def test_the_bootstrap_needs_the_standard_library_only():
    code = "import sys, grader.__main__; print(*{name.partition('.')[0] for name in sys.modules})"

    seen = subprocess.run(
        [BASE, "-S", "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert set(seen.stdout.split()) - set(sys.stdlib_module_names) <= {"__main__", "grader"}


def test_every_extra_gets_its_stamp_or_a_command_that_needs_it_would_build_for_ever():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert {"course", *project["optional-dependencies"]} == set(installer.PARTS)
