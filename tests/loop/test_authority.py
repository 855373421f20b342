"""The virtual clock moves as its authority says, and never backwards or too far."""

import asyncio

from virtual import play, stick, virtual_loop

from grader.loop.stuck import Deadlock, Runaway, TooLong


async def sleeps(*delays):
    for delay in delays:
        await asyncio.sleep(delay)


def test_the_authority_is_asked_for_each_deadline():
    asked = []
    play(sleeps, 1, 0.5, advance=lambda deadline: asked.append(deadline) or deadline)

    assert asked == [1.0, 1.5]


def test_an_authority_may_stop_the_clock_before_the_deadline_and_deliver():
    async def program():
        answers.append(asyncio.get_running_loop().create_future())
        async with asyncio.timeout(5):
            return await answers[0], asyncio.get_running_loop().time()

    def advance(deadline):
        if not answers[0].done():
            answers[0].set_result("answer")
            return 0.1 + 0.2
        return deadline

    answers = []

    assert play(program, advance=advance)[0] == ("answer", 0.3)


def test_without_a_timer_the_authority_is_asked_without_a_deadline():
    async def program():
        waiting.append(asyncio.get_running_loop().create_future())
        await waiting[0]

    def advance(deadline):
        asked.append(deadline)
        waiting[0].set_result(None)
        return 7.0

    waiting, asked = [], []

    assert (play(program, advance=advance), asked) == ((None, 7.0), [None])


def test_an_authority_that_knows_nobody_who_could_wake_up_means_deadlock():
    async def program():
        await asyncio.get_running_loop().create_future()

    assert stick(Deadlock, program, advance=lambda deadline: None).tasks[0]["what"] == "futuro"


def test_the_clock_never_goes_back():
    def advance(deadline):
        seen.append(loop.time())
        return next(answers)

    answers, seen = iter([2.0, 1.0, 3.0]), []
    with virtual_loop(advance=advance) as loop:
        loop.run_until_complete(sleeps(3))

    assert seen == [0.0, 2.0, 2.0]


def test_an_authority_is_never_followed_beyond_the_deadline():
    assert play(sleeps, 1, advance=lambda deadline: 50.0) == (None, 1.0)


def test_an_authority_that_stops_the_clock_for_ever_is_a_runaway():
    assert stick(Runaway, sleeps, 1, advance=lambda deadline: 0.0, max_steps=100).at == 0


def test_the_authority_is_not_asked_for_more_than_the_limit():
    asked = []
    stick(TooLong, sleeps, 5, limit=3, advance=lambda deadline: asked.append(deadline) or deadline)

    assert asked == [3]
