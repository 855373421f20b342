"""Grades a folder of answers, laid out as tests/answers, and tells what each got and what was said.

    python tests/judge_answers.py FOLDER [03_tasks[/fetch_all]] [--brief]

A line for each answer: "ok" or "BAD" (a right one refused, a wrong one accepted), its path, the tests that it
fails; below it what its author reads of the first of these, unless --brief. The first line of a wrong answer
says what should be named.
"""

import argparse
import sys
from pathlib import Path

from grader.authoring.answers import Answer, section_at
from grader.authoring.rules.judge import judged

ROOT = Path(__file__).parents[1]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("part", nargs="?", default="")
    parser.add_argument("--brief", action="store_true")
    options = parser.parse_args()
    counts = dict.fromkeys(
        ("right accepted", "right refused", "wrong refused", "wrong accepted", "no mark"), 0
    )
    for path in sorted((options.folder / options.part).rglob("*.py")):
        section, exercise, kind, name = path.relative_to(options.folder).parts
        text = path.read_text(encoding="utf-8")
        answer = Answer(section_at(ROOT, section), exercise, kind == "right", text)
        verdicts = judged(answer, 1)[0]
        failed = [verdict for verdict in verdicts if verdict.earned != verdict.points]
        outcome = f"{kind} {'refused' if failed else 'accepted'}"
        if any(verdict.earned is None for verdict in verdicts):
            outcome = "no mark"
        counts[outcome] += 1
        sign = "ok " if outcome in ("right accepted", "wrong refused") else "BAD"
        names = ", ".join(verdict.grade_id + " (hidden)" * verdict.hidden for verdict in failed)
        print(f"{sign} {section}/{exercise}/{kind}/{name}  {names}", flush=True)
        if failed and not options.brief:
            said = [*([text.partition("\n")[0]] if kind == "wrong" else []), *failed[0].full.splitlines()]
            print("\n".join(f"      {line}" for line in said), flush=True)
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    return int(bool(counts["right refused"] or counts["wrong accepted"] or counts["no mark"]))


if __name__ == "__main__":
    sys.exit(main())
