"""What stands in the way of a command is told in one Spanish line that ends with what to do; exit code 2."""

import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from tiny_clone import PYPROJECT, built, first, fresh, make_clone, posix_only, wheel

from grader.cli import bootstrap

pytestmark = posix_only
OLD = ("3.6", "3.7", "3.8", "3.9", "3.10")


def boxed(*options):
    """A prefix for commands that sees a changed file system; loudly skipped where there is no bubblewrap."""
    box = ["bwrap", "--dev-bind", "/", "/", *map(str, options)]
    if not shutil.which("bwrap") or subprocess.run([*box, "true"], capture_output=True).returncode:
        pytest.skip("NOT TESTED: bubblewrap does not work here")
    return box


@pytest.fixture
def bare(built):
    """A clone whose environment stands with pip alone."""
    for folder in built.venv.glob("lib/python*/site-packages"):
        for entry in folder.glob("tiny*"):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (built.venv / "grader" / "stamp-course").unlink()
    return built


@pytest.fixture(params=["pip", "uv"])
def installer(request, bare):
    """Install the course's packages from `index`, the address of an index, or only from the clone's wheels."""
    if request.param == "uv" and not shutil.which("uv"):
        pytest.skip("NOT TESTED: no uv on this machine")

    def run(index="", version=""):
        """version: of tinydep, that the person's own settings ask for."""
        settings = bare.root.parent / "settings"
        settings.write_text(f"tinydep=={version}" if request.param == "pip" else "")
        if version and request.param == "uv":
            settings.write_text(f'constraint-dependencies = ["tinydep=={version}"]')
        wheels = str(bare.root.parent / "wheels")
        if request.param == "pip":
            places = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": index} if index else {}
            return bare.run(
                "check", PIP_CONSTRAINT=str(settings) if version else "", PIP_RETRIES="1", **places
            )
        places = {"UV_INDEX_URL": index} if index else {"UV_NO_INDEX": "1", "UV_FIND_LINKS": wheels}
        wheel(bare.root.parent / "wheels", "pip", "99.0")  # which the bootstrap installs as well
        quiet = {"UV_HTTP_RETRIES": "0", "UV_CONFIG_FILE": str(settings)}
        cache = str(bare.root.parent / "cache")
        return bare.run("check", PATH=os.environ["PATH"], UV_CACHE_DIR=cache, **quiet, **places)

    return run


def told(result):
    """The one line, after the one that says what is done; its place of the log exists."""
    assert result.code == 2
    assert len(result.lines) == 2, result.err
    assert result.lines[1].endswith("y repite la orden.")
    return result.lines[1]


LOG = ".venv/grader/build.log"


def test_no_network_is_told_in_one_line(installer):
    text = told(installer(index="http://127.0.0.1:9/simple"))

    assert re.fullmatch(
        r"No llego al índice de paquetes \(pido (tinydep|pip)\): revisa la conexión, el proxy o los certificados "
        "y repite la orden.",
        text,
    )


# What happens where there is no compiler: setuptools learns it when it builds, meson when it is asked for metadata.
LATE = """
import pathlib

def prepare_metadata_for_build_wheel(folder, settings=None):
    info = pathlib.Path(folder, "tinydep-1.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: tinydep\\nVersion: 1.0\\n")
    return info.name
"""
NO_COMPILER = """
def build_wheel(*arguments):
    raise SystemExit("error: command 'gcc' failed: No such file or directory")
"""


@pytest.mark.parametrize("backend", [LATE + NO_COMPILER, NO_COMPILER], ids=["setuptools", "meson"])
def test_a_package_that_would_have_to_be_compiled_is_named_with_what_to_do(bare, installer, backend):
    wheels = bare.root.parent / "wheels"
    (wheels / "tinydep-1.0-py3-none-any.whl").unlink()
    files = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: tinydep\nVersion: 1.0\n",
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "tinydep"\nversion = "1.0"\n',
        "backend.py": backend,
    }
    with tarfile.open(wheels / "tinydep-1.0.tar.gz", "w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(f"tinydep-1.0/{name}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))

    text = told(installer())

    assert text.startswith("De tinydep no hay versión ya compilada para este Python y este sistema")
    assert "instala un compilador de C" in text
    assert LOG in text


def test_a_damaged_download_is_told(bare, installer):
    folder = bare.root.parent / "simple"
    for name in ("tinydep", "pip"):
        (folder / name).mkdir(parents=True)
        wheel(folder / name, name)
        link = f"{name}-1.0-py3-none-any.whl"
        wrong = (
            "a" * 64 if name == "tinydep" else hashlib.sha256((folder / name / link).read_bytes()).hexdigest()
        )
        (folder / name / "index.html").write_text(f'<a href="{link}#sha256={wrong}">{link}</a>')

    text = told(installer(index=folder.as_uri()))

    assert text == (
        f"La descarga de tinydep llega dañada, porque no coincide con su hash (el detalle, en {LOG}): "
        "prueba sin proxy o en otra red y repite la orden."
    )


def test_versions_that_exclude_each_other_are_named(bare, installer):
    wheel(bare.root.parent / "wheels", "tinydep", "2.0")

    text = told(installer(version="2.0"))

    assert text.startswith(f"De tinydep se piden a la vez versiones que no casan (el detalle, en {LOG}): ")
    assert "PIP_CONSTRAINT" in text


def test_a_version_that_the_index_lacks_is_named(bare, installer):
    (bare.root.parent / "wheels" / "tinydep-1.0-py3-none-any.whl").unlink()
    wheel(bare.root.parent / "wheels", "tinydep", "3.0")

    text = told(installer())

    assert re.match(r"El índice de paquetes no ofrece tinydep\S* para este Python y este sistema", text)


def test_a_package_that_wants_another_python_is_named(bare, installer):
    wheel(bare.root.parent / "wheels", "tinydep", extra="Requires-Python: >=3.99\n")

    text = told(installer())

    assert re.match(
        r"tinydep no admite este Python|El índice de paquetes no ofrece tinydep==1.0 para este", text
    )


def test_any_other_failure_of_the_installer_is_quoted_with_the_place_of_its_log(bare):
    (bare.root / "grader" / "constraints.txt").write_text("tinydep[extra]==1.0\n")

    text = told(bare.run("check"))

    assert "Constraints cannot have extras" in text
    assert text.endswith(f"mira {LOG}, corrígelo y repite la orden.")
    assert "Constraints cannot have extras" in (bare.venv / "grader" / "build.log").read_text()


def test_a_clone_that_lies_too_deep_is_told_before_anything_is_installed(tmp_path):
    most = os.pathconf(tmp_path, "PC_PATH_MAX")
    folder = tmp_path
    while (rest := most - 100 - len(str(folder))) > 1:
        folder /= "x" * min(rest - 1, 100)
    folder.mkdir(parents=True)
    clone = make_clone(folder)

    result = clone.run("check")

    assert result.code == 2
    assert len(result.lines) == 1
    assert result.lines[0].startswith("La carpeta del curso está demasiado honda")
    assert not (clone.venv / "pyvenv.cfg").exists()


def test_a_newer_python_than_those_tried_is_told_before_anything_is_installed(fresh):
    text = PYPROJECT.replace("[project]", f'[project]\nrequires-python = ">=3.11,<{bootstrap.RUNNING}"')
    (fresh.root / "pyproject.toml").write_text(text)
    before = f"3.{int(bootstrap.RUNNING[2:]) - 1}"

    result = fresh.run("check")

    assert result.code == 2
    assert result.lines == [
        f"El curso está probado con Python 3.11 a {before} y no con {bootstrap.RUNNING}: "
        f"instala {before} y usa python{before} -m grader."
    ]
    assert not fresh.venv.exists()


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
    assert result.lines[0].endswith("python3 -m grader --help.")
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
