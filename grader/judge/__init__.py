"""Grades a submission whose code nobody trusts: it runs in a sandboxed child, the judge asks and listens."""
