"""Grades a submission whose code nobody trusts: it runs in a sandboxed child, the judge asks and listens."""

DOORS = ("cells", "check", "files", "judge", "origin", "reset", "roles", "sandbox", "session", "submission")
