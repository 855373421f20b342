"""Records what the tasks of a run do, and what each waits for."""

DOORS = ("log", "recorder")
