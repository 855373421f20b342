"""The rules of the course as a pytest plugin: one `pytest` runs unit tests, notebooks and answers.

It wakes up only in a folder that has solutions/, notebooks/ and nbgrader_config.py. There it collects
- solutions/NN_slug/NN_slug.ipynb: code cells are run, outputs compared, full points; rules of the source;
- notebooks/NN_slug/NN_slug.ipynb: code cells are run, no points; rules of the release;
- tests/answers/NN_slug/EXERCISE/{right,wrong}/*.py: accepted or refused, by the judge and in a kernel.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.authoring.section import Section

Rule = Callable[[], Iterable[str]]

SLOW = 8.0  # seconds a notebook may take; those of the sections below do real work
SLOW_SECTIONS = dict.fromkeys(("06", "07", "08", "11"), 12.0)


class RuleBroken(Exception):
    """A rule of the course does not hold; the text says where and what to do."""


def course_at(folder: Path) -> Path | None:
    """Return the course that `folder` is the root of, or lies in."""
    parts = ("solutions", "notebooks", "nbgrader_config.py")
    folders = [folder, *folder.parents]
    return next((root for root in folders if all((root / part).exists() for part in parts)), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    if course_at(Path.cwd()):
        group = parser.getgroup("course", "rules of the course")
        group.addoption(
            "--repeat",
            type=int,
            default=1,
            metavar="N",
            help="grade N times, in the judge and in a kernel, and demand N equal verdicts",
        )
        group.addoption(
            "--all",
            action="store_true",
            help="run every stored answer in a kernel, not just one wrong one for each set of failing cells",
        )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "real_server: talks to a server on loopback (a whole notebook, if one of its cells does)"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect the course's own files, instead of whatever other plugins see in them."""
    collected = yield
    ours = _collectors(file_path, parent)
    return collected if ours is None else ours


def _collectors(path: Path, parent: pytest.Collector) -> list[pytest.Collector] | None:
    root = parent.config.rootpath
    if course_at(root) != root or not path.is_relative_to(root):
        return None
    parts = path.relative_to(root).parts
    if parts[:2] == ("tests", "answers") and path.suffix == ".py":
        return [RuleFile.from_parent(parent, path=path, rules=_answer_rules)]
    if parts[0] in ("solutions", "notebooks") and len(parts) == 3 and path.suffix == ".ipynb":
        from grader.authoring.rules.cells import CourseNotebook

        rules = _source_rules if parts[0] == "solutions" else _release_rules
        return [
            RuleFile.from_parent(parent, path=path, rules=rules),
            CourseNotebook.from_parent(parent, path=path),
        ]
    return None


def _source_rules(section: Section, path: Path, repeat: int) -> dict[str, Rule]:
    from grader.authoring.rules import form as form
    from grader.authoring.rules import judge as judge
    from grader.authoring.rules.release import fresh
    from grader.authoring.rules.tests import tests

    plain = (
        form.form,
        form.ids,
        form.sizes,
        form.tags,
        form.points,
        form.outputs,
        tests,
        fresh,
        judge.answered,
        judge.proven,
        judge.told,
    )
    rules: dict[str, Rule] = {rule.__name__: functools.partial(rule, section) for rule in plain}
    return rules | {"solved": functools.partial(judge.solved, section, repeat)}


def _release_rules(section: Section, path: Path, repeat: int) -> dict[str, Rule]:
    from grader.authoring.rules import judge as judge
    from grader.authoring.rules import release as release

    plain = (release.sourced, release.clean, release.secret)
    rules: dict[str, Rule] = {rule.__name__: functools.partial(rule, section) for rule in plain}
    return rules | {"unsolved": functools.partial(judge.unsolved, section, repeat)}


def _answer_rules(section: Section, path: Path, repeat: int) -> dict[str, Rule]:
    from grader.authoring.rules.judge import answer
    from grader.authoring.rules.kernel import in_kernel

    name = "accepted" if path.parent.name == "right" else "refused"
    return {
        name: functools.partial(answer, section.root, path, repeat),
        "in_kernel": functools.partial(in_kernel, section.root, path, repeat),
    }


class RuleFile(pytest.File):
    """A file of the course with the rules that it must keep."""

    def __init__(self, *, rules: Callable[[Section, Path, int], dict[str, Rule]], **options: Any) -> None:
        super().__init__(**options)
        self._rules = rules

    def collect(self) -> Iterator[RuleItem]:
        from grader.authoring.answers import is_example, section_at

        root = self.config.rootpath
        section = section_at(root, self.path.relative_to(root).parts[1])
        for name, rule in self._rules(section, self.path, self.config.getoption("--repeat")).items():
            if name == "in_kernel" and not (self.config.getoption("--all") or is_example(self.path)):
                continue
            item = RuleItem.from_parent(self, name=name, rule=rule)
            if name in ("solved", "accepted", "refused", "in_kernel") and self._serves():
                item.add_marker("real_server")
            yield item

    def _serves(self) -> bool:
        from grader.authoring.answers import section_at

        root = self.config.rootpath
        parts = self.path.relative_to(root).parts
        name, exercise = (*parts[2:4], "")[:2] if parts[0] == "tests" else (parts[1], "")
        section = section_at(root, name)
        return section.source_path.is_file() and section.serves(exercise)


class RuleItem(pytest.Item):
    """One rule on one file; it holds when it yields no complaint."""

    def __init__(self, *, rule: Rule, **options: Any) -> None:
        super().__init__(**options)
        self._rule = rule

    def runtest(self) -> None:
        complaints = list(self._rule())
        if complaints:
            raise RuleBroken("\n".join(complaints))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        if isinstance(excinfo.value, RuleBroken):
            return f"{self.name}: {excinfo.value}"
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.path.relative_to(self.config.rootpath)}: {self.name}"


def pytest_sessionfinish() -> None:
    if kernels := sys.modules.get("grader.authoring.rules.kernel"):
        kernels.close()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which notebooks are slow, and whether the judge worked without its sandbox."""
    if course_at(config.rootpath) != config.rootpath:
        return
    from grader.authoring.rules.judge import launch

    if reason := launch()[1]:
        terminalreporter.write_line(f"NOT TESTED in a sandbox: {reason}", red=True)
    seconds: dict[str, float] = {}
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        if isinstance(report, pytest.TestReport) and "notebook" in dict(report.user_properties):
            file = report.nodeid.partition("::")[0]
            seconds[file] = seconds.get(file, 0.0) + report.duration
    for file, taken in sorted(seconds.items()):
        if taken > SLOW_SECTIONS.get(Path(file).name[:2], SLOW):
            terminalreporter.write_line(f"slow: {file} took {taken:.1f} s", yellow=True)
