"""What stands in the way of a command is told in one Spanish line that ends with what to do; exit code 2."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tiny_clone import fresh, posix_only

pytestmark = posix_only
OLD = ("3.6", "3.7", "3.8", "3.9", "3.10")


def boxed(*options):
    """A prefix for commands that sees a changed file system; loudly skipped where there is no bubblewrap."""
    box = ["bwrap", "--dev-bind", "/", "/", *map(str, options)]
    if not shutil.which("bwrap") or subprocess.run([*box, "true"], capture_output=True).returncode:
        pytest.skip("NOT TESTED: bubblewrap does not work here")
    return box


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_no_network_is_told_in_one_line(fresh, installer):
    if not shutil.which(installer) and installer == "uv":
        pytest.skip("NOT TESTED: no uv on this machine")
    closed = "http://127.0.0.1:9/simple"
    pip = {"PIP_RETRIES": "1", "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": closed}
    uv = {"UV_HTTP_RETRIES": "0", "UV_NO_CONFIG": "1", "UV_INDEX_URL": closed, "PATH": os.environ["PATH"]}
    uv["UV_CACHE_DIR"] = str(fresh.root.parent / "cache")

    result = fresh.run("check", **(uv if installer == "uv" else pip))

    assert result.code == 2
    assert result.lines[1:] == [
        "No llego al índice de paquetes: revisa la conexión, el proxy o los certificados y repite la orden."
    ]


def test_any_other_failure_of_the_installer_is_quoted_with_the_place_of_its_log(fresh):
    (fresh.root.parent / "wheels" / "tinydep-1.0-py3-none-any.whl").unlink()
    (fresh.root / "grader" / "constraints.txt").write_text("")

    result = fresh.run("check")

    assert result.code == 2
    assert len(result.lines) == 2
    assert "Could not find a version that satisfies the requirement tinydep>=1" in result.lines[1]
    assert result.lines[1].endswith("mira .venv/grader/build.log, corrígelo y repite la orden.")
    assert "tinydep" in (fresh.venv / "grader" / "build.log").read_text()


def test_a_python_without_ensurepip_is_told_what_to_install(fresh):
    standard_library = Path(os.__file__).parent
    box = boxed("--tmpfs", standard_library / "ensurepip")

    result = fresh.run("check", box=box)

    assert result.code == 2
    assert "sudo apt install python3-venv" in result.lines[1]
    assert len(result.lines) == 2


def test_a_folder_that_cannot_be_written_is_told(fresh):
    result = fresh.run("check", box=boxed("--ro-bind", fresh.root, fresh.root))

    assert result.code == 2
    assert result.lines == [
        f"No puedo escribir en {fresh.root}: copia el curso a una carpeta tuya y repite la orden."
    ]


@pytest.mark.parametrize(
    "size", [50_000, 5_000_000], ids=["while the environment is made", "while pip comes"]
)
def test_a_full_disk_is_told(fresh, size):
    fresh.venv.mkdir()

    result = fresh.run("check", box=boxed("--size", size, "--tmpfs", fresh.venv))

    assert result.code == 2
    assert result.lines[-1] == "El disco está lleno: libera 1 GB y repite la orden."


def old_pythons():
    home = Path.home() / ".pyenv" / "versions"
    found = {version: next(iter(sorted(home.glob(f"{version}.*/bin/python"))), None) for version in OLD}
    found = {version: file or shutil.which(f"python{version}") for version, file in found.items()}
    return [pytest.param(str(file), version, id=version) for version, file in found.items() if file] or [
        pytest.param(
            "", "", marks=pytest.mark.skip(reason="NOT TESTED: no Python before 3.11 on this machine")
        )
    ]


@pytest.mark.parametrize(("python", "version"), old_pythons())
def test_an_old_python_is_told_before_anything_else(fresh, python, version):
    if subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"NOT TESTED: {python} does not start")

    result = fresh.run("lab", python=python)

    assert result.code == 2
    assert len(result.lines) == 1
    assert result.err.startswith(f"El curso necesita Python 3.11 o posterior y este es {version}:")
    assert not fresh.venv.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["lba"],
        ["lab", "--prot", "1"],
        ["lab", "--port", "x"],
        ["test", "--repeat", "0"],
        ["test", "--python", "3.9"],
    ],
    ids=" ".join,
)
def test_a_mistyped_command_costs_no_build(fresh, arguments):
    result = fresh.run(*arguments)

    assert result.code == 2
    assert len(result.lines) == 1
    assert result.lines[0].endswith("mira python3 -m grader --help.") or "--help" in result.lines[0]
    assert not fresh.venv.exists()


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["lab", "--help"], ["test", "-h"], ["reset", "--help"]], ids=" ".join
)
def test_the_help_names_every_command_and_costs_no_build(fresh, arguments):
    result = fresh.run(*arguments)

    assert result.code == 0
    for command in ("lab", "check", "reset", "test", "release", "demo"):
        assert re.search(rf"^  {command} ", result.out, re.MULTILINE)
    assert not fresh.venv.exists()
