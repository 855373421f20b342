"""Settings of all tests: what is random is the same each time, and a slow machine is no failure."""

import os
import sysconfig
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from live_kernel import running_kernels

settings.register_profile(
    "course", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("course")

# nbgrader calls alembic by its bare name, as `python3 -m grader` lets it.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])

# The sockets of `forkserver` lie in the folder for temporary files, and a socket's path must be short. Newer
# Pythons turn to /tmp by themselves (Lib/multiprocessing/util.py, `_get_base_temp_dir`).
if os.name == "posix" and len(tempfile.gettempdir()) > 60:
    os.environ["TMPDIR"] = tempfile.tempdir = "/tmp"


@pytest.fixture(scope="module", autouse=True)
def no_kernel_is_left():
    """A kernel that outlives its tests takes a core from those that follow, until the run ends."""
    before = running_kernels()
    yield
    assert running_kernels() - before == set()


# Tests of what students use, which the course promises on Linux, macOS and Windows; with all of notebooks/.
# The others are about grading a class, which it promises on Linux, and about the repository.
STUDENT = ("loop", "tracing", "timeline", "checks", "kernel", "cli")
STUDENT_FILES = [
    "judge/test_check.py",
    "judge/test_reset.py",
    "content/test_architecture.py",
    "content/test_cpu_work.py",
    "content/test_newer.py",
    "content/test_node_vs_python.py",
    "content/test_other_systems.py",
    "content/test_sse.py",
    "content/test_start_methods.py",
]
OTHERS = ["loop/test_cpython.py", "cli/test_environment.py", "cli/test_suite.py"]
HERE = Path(__file__).parent


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "student: of what students use, on every system (CI runs these on macOS and Windows too)"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    if lost := [name for name in (*STUDENT_FILES, *OTHERS) if not (HERE / name).exists()]:
        raise pytest.UsageError(f"tests/conftest.py names what is not there: {', '.join(lost)}")
    files, others = ({HERE / name for name in names} for names in (STUDENT_FILES, OTHERS))
    folders = {HERE.parent / "notebooks", *(HERE / room for room in STUDENT)}
    for item in items:
        if item.path in files or (folders & {*item.path.parents} and item.path not in others):
            item.add_marker("student")
