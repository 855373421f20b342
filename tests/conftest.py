"""Settings of all tests: what is random is the same each time, and a slow machine is no failure."""

import os
import sysconfig

from hypothesis import HealthCheck, settings

settings.register_profile(
    "course", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("course")

# nbgrader calls alembic by its bare name, as `python3 -m grader` lets it.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
