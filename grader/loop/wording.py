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
    "uses a coroutine": {(3, 11): r"'coroutine' object|iterable, not coroutine"},
    "iterates over a future": {(3, 11): r"wasn't used with future"},
    "awaits a kind": {
        (3, 11): r"object ([^\s']+) can't be used in 'await' expression",
        (3, 14): r"'([^\s']+)' object can't be awaited",
    },
    "runs a second loop": {
        (3, 11): r"asyncio\.run\(\) cannot be called|Runner\.run\(\) cannot be called"
        r"|event loop is already running|while another loop is running"
    },
    "other loop": {(3, 11): r"attached to a different loop"},
    "lock of another loop": {(3, 11): r"bound to a different event loop"},
    "with for async with": {(3, 11): r"does not support the context manager protocol"},
    "no context manager": {(3, 11): r"context manager protocol"},
    "no async context manager": {
        (3, 11): r"'(\S+)' object does not support the asynchronous context manager protocol"
    },
    "no plain context manager": {(3, 11): r"'(\S+)' object does not support the context manager protocol"},
    "no async iterable": {(3, 11): r"'async for' requires an object with __aiter__ method, got (\S+)"},
    "no async iterator": {(3, 11): r"'(\S+)' object is not an async iterator"},
    "uses a future": {
        (3, 11): r"'(?:_asyncio\.)?(Task|Future|_GatheringFuture)' (?:object )?(?:is not|has no)"
    },
    "yields what is no future": {(3, 11): r"Task got bad yield: "},
    "for over an async generator": {
        (3, 11): r"'async_generator' object is not iterable|iterable, not async_generator"
    },
    "gathers no awaitable": {(3, 11): r"An asyncio\.Future, a coroutine or an awaitable is required"},
    "makes a task of a function": {(3, 11): r"a coroutine was expected, got <"},
    "makes a task of no coroutine": {(3, 11): r"a coroutine was expected, got "},
    "gives create_task arguments": {(3, 11): r"create_task\(\) takes \d+ positional arguments? but \d+"},
    "takes other arguments": {
        (3, 11): r"([\w.<>]+)\(\) takes (.+?) positional arguments? but (\d+) (?:was|were) given"
    },
    "lacks arguments": {
        (3, 11): r"([\w.<>]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)"
    },
    "unknown argument": {(3, 11): r"([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'"},
    "waits for coroutines": {(3, 11): r"Passing coroutines is forbidden"},
    "waits for nothing": {(3, 11): r"Set of (?:coroutines|Tasks)/Futures is empty"},
    "waits for one task": {(3, 11): r"expect a list of futures"},
    "changes what it iterates over": {(3, 11): r"during iteration"},
    "no attribute": {(3, 11): r"object has no attribute"},
    "no result yet": {(3, 11): r"Result is not set"},
    "no exception yet": {(3, 11): r"Exception is not set"},
    "calls no function": {(3, 11): r"'(\S+)' object is not callable"},
    "raises no exception": {(3, 11): r"exceptions must derive from BaseException"},
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

    The groups of a wording stand for the names it tells; of several forms, each has its own (`name_in`).
    """
    return _PATTERNS[name].search(text[:_LONGEST])


def name_in(name: str, text: str) -> str:
    """Return the one name that the named wording tells, in the form of any Python; "" if it is not there."""
    found = recognise(name, text)
    return next((each for each in found.groups() if each), "") if found else ""
