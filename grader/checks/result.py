"""What a run gave, as plain data: the same in the student's kernel and in the judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.checks.findings import Finding, diagnose
from grader.checks.runner import BUSY, UNDEFINED, Report
from grader.checks.service import Request, peak
from grader.checks.values import Raised


def _raised(value: Any, depth: int) -> Iterator[str]:
    """Yield the texts of the exceptions in a value."""
    if isinstance(value, Raised):
        yield str(value)
    elif depth and isinstance(value, list | tuple | dict):
        for item in [*(value.values() if isinstance(value, dict) else value)][:20]:
            yield from _raised(item, depth - 1)


class Result:
    """What a run gave.

    value: what the function returned; error: "ValueError: x" or None; elapsed: seconds of the run's clock;
    findings; requests: the log of its services; peak: how many of them were in flight at once.
    """

    def __init__(self, report: Report, requests: list[Request], kind: str, call: str) -> None:
        self.kind, self.call = kind, call
        self.refused: str | None = report["refused"]
        self.value: Any = report["value"]
        self.details: Mapping[str, Any] = report["error"] or {}
        self.error: str | None = self.details.get("text") if self.details else None
        self.elapsed: float = report["elapsed"]
        self.requests = requests
        self.findings: list[Finding] = diagnose(
            report["facts"], [*self.details.get("leaves", []), self.error or ""], [*_raised(self.value, 3)]
        )
        self.unrun: Mapping[str, Any] = {}  # names whose cell did not run (message.Unrun)
        self.recording = report["timeline"]

    @property
    def peak(self) -> int:
        """The highest number of service requests in flight at once."""
        return peak(self.requests)

    @property
    def timed(self) -> bool:
        """Whether there is a timeline to look at."""
        return bool(self.recording)

    @property
    def busy(self) -> bool:
        """Whether the machine was too busy for the run: whatever it gave says nothing of the program."""
        return self.details.get("type") == BUSY

    @property
    def undefined(self) -> bool:
        """Whether the notebook has nothing of the name that should be called."""
        return self.details.get("type") == UNDEFINED

    @property
    def untried(self) -> bool:
        """Whether the exercise is still its stub: nothing was tried yet."""
        if self.kind == "answer":
            return self.value is None and self.refused is None
        leaves = self.details.get("leaves") or [self.error or ""]
        if any(finding.kind in ("stub-left", "stub-method") for finding in self.findings):
            return False
        return all(leaf.startswith("NotImplementedError") for leaf in leaves)
