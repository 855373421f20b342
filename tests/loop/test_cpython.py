"""CPython's own asyncio tests, those that need no real time, run on the virtual loop.

They are the tests of the running interpreter (`test.test_asyncio`); each is a test here. What is left out stands
below with its reason: FAILS must indeed fail, or the list is stale; NOT_RUN would say nothing about this loop.
Whole modules left out: base_events, events, selector_events, unix_events, proactor_events, windows_* (they test
the parts of other loops, often against mocks); streams, server, sock_lowlevel, sendfile, ssl, sslproto,
subprocess (real sockets, handshakes and processes take real time); buffered_proto, protocols, transports
(they make no loop wait).
"""

import asyncio
import gc
import importlib
import signal
import unittest

import pytest

from grader.loop.virtual_loop import VirtualLoop

MODULES = (
    "test_context",
    "test_eager_task_factory",
    "test_futures",
    "test_futures2",
    "test_locks",
    "test_pep492",
    "test_queues",
    "test_runners",
    "test_staggered",
    "test_taskgroups",
    "test_tasks",
    "test_threads",
    "test_timeouts",
    "test_waitfor",
)

FAILS = {
    "test_stop_while_run_in_complete": "CPython's TestLoop lets time pass when a timer is set, even as the loop "
    "stops, so the test expects 0.3; here, as on a real loop, a stopped loop is at the time at which it stopped",
}
NOT_RUN = {
    "test_env_var_debug": "runs its program in fresh interpreters, on asyncio's own loop",
}


class VirtualPolicy(asyncio.DefaultEventLoopPolicy):
    """Makes every new loop a virtual one."""

    def new_event_loop(self):
        return VirtualLoop()


class ToldLoop(VirtualLoop):
    """A virtual loop for tests that state, in a generator, the deadline of each timer they expect to be set.

    CPython's TestLoop lets the generator move the time as well; here the loop does that.
    """

    def __init__(self, generator=None):
        super().__init__()
        self._claims = generator() if generator else None
        if self._claims:
            next(self._claims)

    def call_at(self, when, callback, *args, context=None):
        self._tell(when)
        return super().call_at(when, callback, *args, context=context)

    def advance_time(self, seconds):
        self._set_now(self.time() + seconds)

    def close(self):
        super().close()
        if self._tell(0):
            raise AssertionError("fewer timers were set than the test expects")

    def _tell(self, when):
        try:
            if self._claims:
                self._claims.send(when)
                return True
        except StopIteration:
            self._claims = None


def cases():
    """Yield name and case of every test of the modules that this Python has."""
    for module in MODULES:
        try:
            loaded = importlib.import_module(f"test.test_asyncio.{module}")
        except ModuleNotFoundError as missing:
            if missing.name != f"test.test_asyncio.{module}":
                return
            continue
        for case in flat(unittest.defaultTestLoader.loadTestsFromModule(loaded)):
            yield ".".join(case.id().split(".")[2:]), case


def flat(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flat(item)
        else:
            yield item


CASES = dict(cases())
if not CASES:
    pytest.skip(
        "CPYTHON'S ASYNCIO TESTS WERE NOT RUN: this Python comes without `test.test_asyncio` "
        "(some distributions leave it out)",
        allow_module_level=True,
    )


@pytest.fixture
def virtual(monkeypatch):
    from test.test_asyncio import utils

    def new_test_loop(self, gen=None):
        loop = ToldLoop(gen)
        self.set_event_loop(loop)
        return loop

    monkeypatch.setattr(utils.TestCase, "new_test_loop", new_test_loop)
    # Jobs in the background ignore the signal. One of these tests turns, on mocks that count, until it comes.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    asyncio.set_event_loop_policy(VirtualPolicy())
    gc.freeze()  # many of these tests collect garbage, which takes long with all that pytest keeps
    yield
    gc.unfreeze()
    asyncio.set_event_loop_policy(None)
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("name", CASES)
def test_passes_on_the_virtual_loop(name, virtual):
    method = name.rpartition(".")[2]
    if method in NOT_RUN:
        pytest.skip(NOT_RUN[method])
    result = unittest.TestResult()
    CASES[name].run(result)
    if result.skipped:
        pytest.skip(result.skipped[0][1])
    problems = "".join(text for _, text in result.failures + result.errors)
    if method in FAILS:
        assert problems, f"stands in FAILS ({FAILS[method]}) but passes"
    else:
        assert not problems, problems


def test_all_modules_but_those_of_a_newer_python_were_found():
    found = {name.partition(".")[0] for name in CASES}

    assert set(MODULES) - found <= {"test_eager_task_factory", "test_staggered"}


@pytest.mark.parametrize("method", [*FAILS, *NOT_RUN])
def test_what_is_left_out_exists(method):
    assert any(name.endswith(f".{method}") for name in CASES)


def test_virtual_loops_are_what_these_tests_get(virtual):
    with asyncio.Runner() as runner:
        assert isinstance(runner.get_loop(), VirtualLoop)
