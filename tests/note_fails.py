"""Writes into each stored wrong answer which graded cells it fails, as the judge finds: `# fails: test_a, test_b`.

    python tests/note_fails.py [03_tasks[/fetch_all]]

The note is part of what the tests demand, and it tells which answers stand for others where a kernel runs them.
Look at what changes before you store it.
"""

import sys
from pathlib import Path

from grader.authoring.answers import Answer
from grader.authoring.rules.judge import judged

ROOT = Path(__file__).parents[1]


def noted(text: str, failed: list[str]) -> str:
    """The answer with its note, below its causes."""
    lines = [line for line in text.splitlines() if not line.startswith("# fails: ")]
    after = max(number for number, line in enumerate(lines, 1) if line.startswith("# cause: "))
    return "\n".join([*lines[:after], f"# fails: {', '.join(failed)}", *lines[after:]]) + "\n"


if __name__ == "__main__":
    for path in sorted(
        (ROOT / "tests" / "answers" / (sys.argv[1] if sys.argv[1:] else "")).rglob("wrong/*.py")
    ):
        verdicts = judged(Answer.at(ROOT, path), 1)[0]
        old = path.read_text(encoding="utf-8")
        new = noted(old, [verdict.grade_id for verdict in verdicts if verdict.earned == 0])
        if new != old:
            path.write_text(new, encoding="utf-8")
            print(path.relative_to(ROOT), flush=True)
