"""A folder that looks like a fresh clone of the course: the same bootstrap, one tiny dependency, no network.

Building its environment takes seconds; interpreters, venvs, pip and processes are real.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from grader.cli import bootstrap, installer
from grader.cli.trouble import Unable

ROOT = bootstrap.ROOT
BASE = getattr(sys, "_base_executable", sys.executable)
BOOTSTRAP = ("__init__.py", "__main__.py", "cli")  # what stands before there is an environment

posix_only = pytest.mark.skipif(
    os.name != "posix", reason="named pipes, signals and the places of programs as on POSIX"
)

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1.0"
dependencies = ["tinydep>=1"]

[project.optional-dependencies]
dev = ["tinytool>=1"]
node = ["tinynode>=1"]
"""

# A build backend of the clone's own, so that nothing is downloaded. It notes each build. Where the test has
# put named pipes it tells on one that it has begun, and waits on the other until the test lets it go.
BACKEND = '''
import pathlib, zipfile

ROOT = pathlib.Path(__file__).parent
INFO = "tiny-1.0.dist-info/"
METADATA = """Metadata-Version: 2.1
Name: tiny
Version: 1.0
Requires-Dist: tinydep>=1
Provides-Extra: dev
Requires-Dist: tinytool>=1; extra == 'dev'
Provides-Extra: node
Requires-Dist: tinynode>=1; extra == 'node'
"""

def build_editable(folder, config_settings=None, metadata_directory=None):
    with open(ROOT / "builds.txt", "a") as notes:
        notes.write("built\\n")
    for name, mode in (("begun", "w"), ("go", "r")):
        if (ROOT / name).exists():
            open(ROOT / name, mode).close()
    file = "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / file, "w") as wheel:
        wheel.writestr("tiny.pth", str(ROOT))
        wheel.writestr(INFO + "METADATA", METADATA)
        wheel.writestr(INFO + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(INFO + "RECORD", "")
    return file
'''

# Stands for any command: says where it runs, waits on a named pipe or fails if told to.
COMMAND = """
import importlib.metadata, json, os, pathlib, sys

def main(argv):
    print(json.dumps({
        "prefix": sys.prefix,
        "version": "%d.%d" % sys.version_info[:2],
        "argv": argv,
        "packages": [found.metadata["Name"] for found in importlib.metadata.distributions()],
        "path": os.environ["PATH"].split(os.pathsep)[0],
        "pythonpath": os.environ["PYTHONPATH"],
    }), flush=True)
    if "hold" in argv:
        (pathlib.Path(__file__).parents[2] / "hold").open().close()
    return int("fail" in argv)
"""

# Stands for `test`, the one command that wants more packages and may want another Python.
SUITE = """
from grader.judge.check import main

class Options:
    python = {python!r}

def parse(argv):
    return Options
"""


def wheel(folder, name, version="1.0", extra=""):
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", "")
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{extra}"
        archive.writestr(f"{info}/METADATA", about)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def without(program, path=None):
    """PATH less the folders that have `program`."""
    folders = (path or os.environ["PATH"]).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not shutil.which(program, path=folder))


class Clone:
    """The folder and the commands that run in it."""

    def __init__(self, root):
        self.root = root
        self.venv = root / ".venv"

    def environment(self, **changes):
        kept = {
            name: text for name, text in os.environ.items() if not name.startswith(("PIP_", "UV_", "PYTHON"))
        }
        wheels = str(self.root.parent / "wheels")
        kept |= {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": wheels,
            "PIP_RETRIES": "0",
        }
        return {**kept, "PATH": without("uv"), "HOME": str(self.root.parent), **changes}

    def start(self, *arguments, python=BASE, box=(), stderr=subprocess.PIPE, **changes):
        return subprocess.Popen(
            [*box, python, "-m", "grader", *arguments], cwd=self.root, env=self.environment(**changes),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, encoding="utf-8",
            start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments, **options):
        return finish(self.start(*arguments, **options))

    def use_suite(self, python=None):
        (self.root / "grader" / "cli" / "suite.py").write_text(SUITE.format(python=python))

    def builds(self):
        notes = self.root / "builds.txt"
        return notes.read_text().count("built") if notes.exists() else 0

    def pipe(self, name):
        os.mkfifo(self.root / name)
        return self.root / name


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err
        self.lines = err.splitlines()

    @property
    def told(self):
        return json.loads(self.out)


def finish(process):
    out, err = process.communicate()
    return Result(process.returncode, out, err)


def copy_bootstrap(package):
    """Copy to the folder `package` what `python3 -m grader` starts with."""
    package.mkdir(parents=True)
    for name in BOOTSTRAP:
        source = ROOT / "grader" / name
        if source.is_dir():
            shutil.copytree(source, package / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, package)


def make_clone(folder):
    wheels = folder / "wheels"
    wheels.mkdir()
    for name in ("tinydep", "tinytool", "tinynode"):
        wheel(wheels, name)
    clone = Clone(folder / "clone")
    copy_bootstrap(clone.root / "grader")
    (clone.root / "grader" / "judge").mkdir()
    (clone.root / "grader" / "judge" / "check.py").write_text(COMMAND)
    (clone.root / "grader" / "constraints.txt").write_text("tinydep==1.0\n")
    (clone.root / "pyproject.toml").write_text(PYPROJECT)
    (clone.root / "backend.py").write_text(BACKEND)
    return clone


_first = []


@pytest.fixture
def first(tmp_path_factory):
    """A clone after its first command, with that command's result. Not to be changed."""
    if not _first:
        clone = make_clone(tmp_path_factory.mktemp("first"))
        _first.extend([clone, clone.run("check", "--watch")])
    return _first


@pytest.fixture
def fresh(tmp_path):
    """A clone in which nothing ran yet."""
    return make_clone(tmp_path)


@pytest.fixture
def built(tmp_path, first):
    """A clone of one's own whose environment stands (a copy, since making one takes seconds)."""
    shutil.copytree(first[0].root.parent, tmp_path / "copy", symlinks=True)
    clone = Clone(tmp_path / "copy" / "clone")
    (clone.venv / "grader" / "place").write_text(installer.place(clone.venv, bootstrap.RUNNING))
    (clone.root / "builds.txt").unlink()
    return clone


def other_python():
    """Another supported version that is on this machine."""
    for version in ("3.12", "3.13", "3.11", "3.14", "3.15"):
        if version != bootstrap.RUNNING:
            with contextlib.suppress(Unable):
                return version, bootstrap.interpreter_of(version)
    pytest.skip("NOT TESTED: this machine has only one Python from 3.11 on")
