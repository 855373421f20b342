"""Runs a student's function on a clock, asks about the run, and explains what is wrong with it."""

DOORS = ("causes", "findings", "message", "mistakes", "outcome", "runner", "service", "values")
