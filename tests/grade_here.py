"""`grade` on the course of any folder, as a process of its own: python grade_here.py FOLDER [options ...]."""

import sys
from pathlib import Path

from grader.classroom.grade import run
from grader.cli.trouble import Unable

if __name__ == "__main__":
    try:
        sys.exit(run(Path(sys.argv[1]), sys.argv[2:]))
    except Unable as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(2)
