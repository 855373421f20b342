"""The commands of `python3 -m grader`, and the environment that they run in."""

DOORS = ("bootstrap", "lab", "suite", "trouble")
