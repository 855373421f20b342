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
STUDENT = """
    architecture bootstrap bootstrap_obstacles bootstrap_repairs capture check clock cpu_work errors executors
    faketime figure interrupt kernel lab lanes local_api locks looptime messages node node_process node_track
    node_vs_python other_systems outcome private_names real_work recorder recorder_blocked recorder_cancels
    recorder_eager recorder_ends recorder_private_names recorder_tasks recorder_traces recording reset service
    sse start_methods stopwatch stuck textform waits waits_lines waits_outside waits_private_names wire wording
    work_copy workers
"""
HERE = Path(__file__).parent


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "student: of what students use, on every system (CI runs these on macOS and Windows too)"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    files = {HERE / f"test_{name}.py" for name in STUDENT.split()}
    if lost := [path.name for path in files if not path.exists()]:
        raise pytest.UsageError(f"STUDENT in tests/conftest.py names what is not there: {', '.join(lost)}")
    for item in items:
        if item.path in files or HERE.parent / "notebooks" in item.path.parents:
            item.add_marker("student")
