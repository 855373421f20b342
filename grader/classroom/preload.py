"""What worker processes share: imported once in the process that they are forked from."""

import importlib

from grader.judge.check import quicken

quicken()  # comes before the first import of nbformat
importlib.import_module("grader.classroom.workers")
importlib.import_module("grader.judge.child")  # for its bytecode: where a child runs none can be written
importlib.import_module("grader.timeline.svg")  # matplotlib, with which failed attempts are drawn
