"""A service answers as it was told and keeps a log that cannot be argued with."""

import asyncio

import pytest

from grader import Tokens, service
from grader.checks.service import BOOK, Ledger, LocalBook, Request, peak
from grader.loop.virtual_loop import VirtualLoop


def play(scenario, *args):
    """Run a scenario on a virtual loop with its book open; return its value and the log."""
    loop = VirtualLoop()
    book = LocalBook(Ledger(), loop.time)
    token = BOOK.set(book)
    try:
        value = loop.run_until_complete(scenario(*args))
        book.close()
    finally:
        BOOK.reset(token)
        loop.close()
    return value, book.requests


async def gather(fetch, *items):
    return await asyncio.gather(*(fetch(item) for item in items), return_exceptions=True)


def test_a_service_echoes_its_first_argument_after_one_second():
    value, log = play(gather, service(name="fetch"), 7)

    assert value == [7]
    assert log == [Request("fetch", (7,), 0.0, 1.0, "done")]


def test_delays_may_go_by_argument_by_call_or_by_function():
    for delay in ({1: 3, 2: 2, 3: 1}, [3, 2, 1], lambda n: 4 - n):
        _, log = play(gather, service(delay=delay), 1, 2, 3)

        assert [request.end for request in log] == [3.0, 2.0, 1.0]


def test_the_last_delay_of_a_list_repeats():
    _, log = play(gather, service(delay=[2, 1]), "a", "b", "c")

    assert [request.end for request in log] == [2.0, 1.0, 1.0]


def test_a_service_fails_where_it_is_told():
    value, log = play(gather, service(fail={2: ValueError("x")}), 1, 2)

    assert value[0] == 1
    assert repr(value[1]) == "ValueError('x')"
    assert [request.state for request in log] == ["done", "failed"]


def test_a_reply_may_be_a_function_or_a_constant():
    assert play(gather, service(reply=lambda n: n * 2), 4)[0] == [8]
    assert play(gather, service(reply="ok"), 4)[0] == ["ok"]


def test_a_cancelled_call_ends_in_the_log_when_its_caller_leaves():
    async def leave(fetch):
        task = asyncio.create_task(fetch(1))
        await asyncio.sleep(0.25)
        task.cancel()
        await asyncio.wait([task])

    _, log = play(leave, service())

    assert log == [Request("service", (1,), 0.0, 0.25, "cancelled")]


def test_a_call_still_in_flight_at_the_end_is_pending():
    kept = []

    async def forget(fetch):
        kept.append(asyncio.ensure_future(fetch(1)))
        await asyncio.sleep(0.5)

    _, log = play(forget, service())

    assert log == [Request("service", (1,), 0.0, None, "pending")]


def test_a_service_without_delay_does_not_let_others_run():
    seen = []

    async def mark_first(mark):
        asyncio.get_running_loop().call_soon(seen.append, "other")
        await mark("a")
        seen.append("mark")

    play(mark_first, service(delay=0))

    assert seen[0] == "mark"


def test_a_service_works_outside_a_run():
    loop = VirtualLoop()

    assert loop.run_until_complete(service(delay=2)(5)) == 5
    assert loop.time() == 2.0
    loop.close()


@pytest.mark.parametrize(
    ("spans", "highest"),
    [
        ([], 0),
        ([(0, 1), (1, 2)], 1),
        ([(0, 2), (1, 3), (2, 4)], 2),
        ([(0, None), (5, 6)], 2),
        ([(1, 1), (1, 1)], 0),
    ],
)
def test_the_peak_counts_requests_in_flight_at_one_instant(spans, highest):
    assert peak([Request("s", (), start, end, "done") for start, end in spans]) == highest


@pytest.mark.parametrize("by_name", [False, True])
def test_an_argument_given_by_name_counts_as_if_it_had_none(by_name):
    async def call(fetch, n):
        return [await (fetch(n=n) if by_name else fetch(n)) for _ in range(2)]

    tokens = Tokens()
    fetch = service(delay={1: 3, 2: 1}, reply=tokens)

    value, log = play(call, fetch, 2)

    assert value == [tokens(2)] * 2
    assert [(request.args, request.end) for request in log] == [((2,), 1.0), ((2,), 2.0)]
    assert play(call, service(), 2)[0] == [2, 2]


def test_an_argument_that_the_delays_do_not_name_is_refused_unless_the_teacher_says_what_it_takes():
    async def call(fetch, n):
        return await fetch(n)

    with pytest.raises(ValueError, match="fetch no espera 3"):
        play(call, service(name="fetch", delay={1: 3, 2: 1}), 3)

    assert play(call, service(delay={1: 3}, default=0.5), 3)[1][0].end == 0.5


def test_arguments_that_the_teachers_function_cannot_use_are_refused_with_its_error():
    value, log = play(gather, service(reply=lambda text: text.upper()), 7)

    assert repr(value[0]) == "AttributeError(\"'int' object has no attribute 'upper'\")"
    assert [(request.state, request.end) for request in log] == [("failed", 0.0)]


def test_calls_that_follow_each_other_never_overlap_whatever_their_delay():
    async def in_turn(fetch):
        for _ in range(10):
            await fetch()

    _, log = play(in_turn, service(delay=0.1))

    assert peak(log) == 1
