"""What Python says when a program goes wrong: the parts of its messages by which a cause is recognised.

A message changes its words from one Python to the next, so each is named here once, with all its forms.
"""

from __future__ import annotations

import re

# name: {first Python with this form: regular expression, searched in "Type: message" or in the message}
WORDINGS: dict[str, dict[tuple[int, int], str]] = {
    "awaits no awaitable": {
        (3, 11): r"object [^\s']+ can't be used in 'await' expression",
        (3, 14): r"'[^\s']+' object can't be awaited",
    },
    "awaits a function": {
        (3, 11): r"object (?:function|method|Service) can't be used in 'await' expression",
        (3, 14): r"'(?:[^\s']+\.)?(?:function|method|Service)' object can't be awaited",
    },
    "awaits twice": {(3, 11): r"cannot reuse already awaited"},
    "uses a coroutine": {(3, 11): r"'coroutine' object"},
    "iterates over a future": {(3, 11): r"wasn't used with future"},
    "runs a second loop": {(3, 11): r"asyncio\.run\(\) cannot be called"},
    "other loop": {(3, 11): r"attached to a different loop"},
    "lock of another loop": {(3, 11): r"bound to a different event loop"},
    "with for async with": {(3, 11): r"does not support the context manager protocol"},
    "no context manager": {(3, 11): r"context manager protocol"},
    "for over an async generator": {(3, 11): r"'async_generator' object is not iterable"},
    "gathers no awaitable": {(3, 11): r"An asyncio\.Future, a coroutine or an awaitable is required"},
    "makes a task of a function": {(3, 11): r"a coroutine was expected, got <"},
    "waits for coroutines": {(3, 11): r"Passing coroutines is forbidden"},
    "waits for one task": {(3, 11): r"expect a list of futures"},
    "changes what it iterates over": {(3, 11): r"during iteration"},
    "no attribute": {(3, 11): r"object has no attribute"},
    "no result yet": {(3, 11): r"Result is not set"},
    "broken pool": {(3, 11): r"BrokenProcessPool"},
    "exception group": {(3, 11): r"ExceptionGroup: "},
    "no such name": {(3, 11): r"^NameError: name '(\w+)' is not"},
    "no value yet": {(3, 11): r"^UnboundLocalError: .*'(\w+)'"},
    "nothing of that name in a module": {
        (3, 11): r"^AttributeError: module '([\w.]+)' has no attribute '(\w+)'"
    },
    "coroutine forgotten": {(3, 11): r"coroutine '(.+?)' was never awaited"},
    "exception forgotten": {(3, 11): r"never retrieved"},
    "task collected": {(3, 11): r"destroyed but it is pending"},
}
_LONGEST = 500  # characters in which a wording is looked for: a text may be a stranger's, and long
_PATTERNS = {name: re.compile("|".join(forms.values())) for name, forms in WORDINGS.items()}


def recognise(name: str, text: str) -> re.Match[str] | None:
    """Return where a text holds the named wording, in the form of any Python; None if it does not.

    The groups of a wording stand for the names it tells; only one that has a single form may have any.
    """
    return _PATTERNS[name].search(text[:_LONGEST])
