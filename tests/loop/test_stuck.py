"""A program that cannot go on is stopped outside its tasks, and its report names tasks, reasons and lines."""

import asyncio
import time

import pytest
from virtual import line_of, stick, virtual_loop

from grader.loop.stuck import Deadlock, Runaway, TooLong


async def consumer(queue):
    while True:
        await queue.get()  # consumer waits


async def one_sentinel_short():
    queue = asyncio.Queue()
    async with asyncio.TaskGroup() as group:  # main waits
        for number in range(2):
            group.create_task(consumer(queue), name=f"consumer-{number}")
        await asyncio.sleep(0.7)


def test_a_deadlock_names_each_task_with_its_reason_and_line():
    assert stick(Deadlock, one_sentinel_short).tasks == [
        *(
            {
                "name": name,
                "coro": "consumer",
                "what": "queue.get",
                "file": __file__,
                "line": line_of(consumer, "# consumer waits"),
            }
            for name in ("consumer-0", "consumer-1")
        ),
        {
            "name": "main",
            "coro": "one_sentinel_short",
            "what": "TaskGroup",
            "file": __file__,
            "line": line_of(one_sentinel_short, "# main waits"),
        },
    ]


def test_a_deadlock_reads_as_a_short_report_in_spanish():
    assert str(stick(Deadlock, one_sentinel_short)) == (
        "interbloqueo en t = 0.7 s: nadie puede despertar a nadie\n"
        f"  Quedan esperando:  consumer-0 y consumer-1 en queue.get (línea {line_of(consumer, '# consumer')})\n"
        f"                     main en TaskGroup (línea {line_of(one_sentinel_short, '# main waits')})"
    )


def test_one_stuck_task_is_reported_in_the_singular():
    async def program():
        await asyncio.Event().wait()

    assert "  Queda esperando:  main en event" in str(stick(Deadlock, program))


def test_many_tasks_in_the_same_place_are_counted_not_listed():
    async def program():
        await asyncio.gather(*(asyncio.Event().wait() for _ in range(1000)))

    lines = str(stick(Deadlock, program)).splitlines()

    assert len(lines) == 3
    assert " y 996 más en event" in "".join(lines)


def test_tasks_are_listed_in_the_order_of_their_numbers():
    async def program():
        tasks = [asyncio.create_task(asyncio.Event().wait(), name=f"worker-{n}") for n in (10, 9, 2)]
        await asyncio.wait(tasks)

    names = [task["name"] for task in stick(Deadlock, program).tasks]

    assert names == ["main", "worker-2", "worker-9", "worker-10"]


def test_no_except_of_the_program_can_hide_a_deadlock():
    async def program():
        for _ in range(2):
            try:
                await asyncio.Event().wait()
            except BaseException:
                caught.append("anything")

    caught = []
    with virtual_loop() as loop:
        with pytest.raises(Deadlock):
            loop.run_until_complete(loop.create_task(program()))

        assert caught == []


def test_a_deadlock_leaves_the_module_time_as_it_was():
    before = time.sleep
    stick(Deadlock, asyncio.Event().wait)

    assert time.sleep is before


def test_a_heartbeat_does_not_hide_who_is_stuck():
    async def heartbeat():
        while True:
            await asyncio.sleep(1)

    async def program():
        async with asyncio.TaskGroup() as group:
            group.create_task(heartbeat(), name="heartbeat")
            await asyncio.Event().wait()

    error = stick(TooLong, program, limit=60)

    assert (error.at, {task["name"]: task["what"] for task in error.tasks}) == (
        60,
        {"heartbeat": "sleep 1 s", "main": "event.wait"},
    )


def test_a_program_beyond_the_limit_is_told_the_limit():
    async def program():
        await asyncio.sleep(100)  # too long

    assert str(stick(TooLong, program, limit=60)) == (
        "demasiado largo en t = 60 s: el límite es 60 s de reloj virtual\n"
        f"  Sin terminar:  main en sleep 100 s (línea {line_of(program, '# too long')})"
    )


async def spin():
    while True:
        await asyncio.sleep(0)  # spins


async def spin_beside_a_sleeper():
    async with asyncio.TaskGroup() as group:
        group.create_task(spin(), name="spin")
        group.create_task(asyncio.sleep(1), name="sleeper")


def test_a_runaway_names_the_tasks_that_spin_and_no_other():
    assert str(stick(Runaway, spin_beside_a_sleeper, max_steps=50)) == (
        "bucle activo en t = 0 s: da vueltas sin que avance el reloj\n"
        f"  Gira sin parar:  spin en sleep(0) (línea {line_of(spin, '# spins')})"
    )


def test_many_steps_are_fine_while_the_clock_advances():
    async def program():
        for _ in range(20):
            for _ in range(40):
                await asyncio.sleep(0)
            await asyncio.sleep(1)

    with virtual_loop(max_steps=50) as loop:
        loop.run_until_complete(program())

        assert loop.time() == 20


def test_a_hook_sees_the_tasks_as_they_are_stuck_before_the_error_leaves_the_loop():
    seen = []
    with virtual_loop() as loop:
        loop.freeze_hooks.append(lambda: seen.extend(sorted(t.get_name() for t in asyncio.all_tasks(loop))))
        with pytest.raises(Deadlock):
            loop.run_until_complete(loop.create_task(one_sentinel_short(), name="main"))

        assert seen == ["consumer-0", "consumer-1", "main"]


def test_a_hook_may_take_itself_away():
    with virtual_loop() as loop:
        calls = []

        def hook():
            calls.append(loop.freeze_hooks.remove(hook))

        loop.freeze_hooks += [hook, lambda: calls.append("next")]
        with pytest.raises(Deadlock):
            loop.run_until_complete(asyncio.Event().wait())

        assert calls == [None, "next"]


def test_another_thread_can_stop_the_loop_with_an_error_that_is_told_where_it_stands():
    async def program():
        await asyncio.sleep(1)
        await asyncio.to_thread(loop.stop_with, TooLong("basta"))
        await asyncio.sleep(100)

    with virtual_loop() as loop:
        with pytest.raises(TooLong) as caught:
            loop.run_until_complete(loop.create_task(program(), name="main"))

        assert (caught.value.reason, caught.value.at, caught.value.tasks[0]["name"]) == ("basta", 1, "main")


def test_an_endless_loop_of_blocking_sleeps_ends_at_the_limit_even_if_it_swallows_everything():
    async def program():
        for _ in range(10):
            try:
                while True:
                    time.sleep(1000)  # for ever
            except BaseException:
                caught.append("swallowed")

    caught = []
    error = stick(TooLong, program)

    assert (error.at, error.tasks[0]["line"], len(caught)) == (3600, line_of(program, "# for ever"), 10)
