"""Writes tests/reported.txt: which criteria rest on what the child reports. `python tests/make_reported.py`."""

from pathlib import Path

from grader.authoring.release import sections
from grader.authoring.rules.judge import REPORTED, reported
from grader.authoring.section import Section

HEAD = """\
# Criteria whose mark rests on what the child reports, by exercise. Made by python tests/make_reported.py.
# All others are proven: one `expect` reads the judge's own log (`elapsed`, `requests`), and its `value` holds
# random answers of a service, which only those have who made the requests and waited for them.
"""


def main(root: Path) -> None:
    lines = [line for name in sections(root) for line in reported(Section(root, name))]
    (root / REPORTED).write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(__file__).resolve().parents[1])
