"""Settings of all tests: what is random is the same each time, and a slow machine is no failure."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "course", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("course")
