"""Settings of all tests: what is random is the same each time, and a slow machine is no failure."""

import os
import sysconfig

import pytest
from hypothesis import HealthCheck, settings
from live_kernel import running_kernels

settings.register_profile(
    "course", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("course")

# nbgrader calls alembic by its bare name, as `python3 -m grader` lets it.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])


@pytest.fixture(scope="module", autouse=True)
def no_kernel_is_left():
    """A kernel that outlives its tests takes a core from those that follow, until the run ends."""
    before = running_kernels()
    yield
    assert running_kernels() - before == set()
