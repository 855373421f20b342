"""Tools of the course "Asyncio a fondo": timelines, a virtual clock, checks that name the cause."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.checks.causes import Cause
    from grader.checks.outcome import Outcome, answer, run_real, run_virtual
    from grader.checks.service import Tokens, service
    from grader.kernel.local_api import local_api
    from grader.timeline.timeline import Timeline, compare

__all__ = [
    "Cause",
    "Outcome",
    "Timeline",
    "Tokens",
    "answer",
    "compare",
    "local_api",
    "run_real",
    "run_virtual",
    "service",
]

_HOMES = {
    "Cause": "checks.causes",
    "Outcome": "checks.outcome",
    "answer": "checks.outcome",
    "local_api": "kernel.local_api",
    "run_real": "checks.outcome",
    "run_virtual": "checks.outcome",
    "service": "checks.service",
    "Tokens": "checks.service",
    "Timeline": "timeline.timeline",
    "compare": "timeline.timeline",
}


def __getattr__(name: str) -> Any:
    # Loaded at first use: `python3 -m grader` must start before the environment stands. No submodule may have
    # a name of `__all__`: importing it would put the module in the place of the function.
    if name not in _HOMES:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    value = getattr(import_module(f"grader.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> "list[str]":  # quoted: Python 3.8 reads this line before it is told to be too old
    return sorted({*globals(), *__all__})


def load_ipython_extension(ipython: Any) -> None:
    """Install %%node, %progress, the interrupt cure and asyncio's messages; for `%load_ext grader`."""
    import_module("grader.kernel.extension").load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """Put everything back as it was before `load_ipython_extension`."""
    import_module("grader.kernel.extension").unload(ipython)
