"""Programs of sleeps, locks, queues, groups and timeouts, made up by hypothesis and played on any loop."""

import asyncio
import contextlib
import itertools

from hypothesis import strategies as st

UNIT = 10_000  # seconds: more than all the small differences of delays together
units = st.integers(0, 20)
simple = st.one_of(
    st.tuples(st.just("sleep"), units),
    st.tuples(st.sampled_from(["lock", "semaphore"]), units),
    st.tuples(st.sampled_from(["get", "wait"]), units),
    st.sampled_from([("put",), ("set",), ("clear",), ("fail",), ("pass",)]),
)
programs = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["row", "group", "gather"]), st.lists(inner, min_size=1, max_size=4)),
        st.tuples(st.just("timeout"), units, inner),
    ),
    max_leaves=12,
)


class Stage:
    """Plays a made-up program and writes down what happened when.

    The n-th delay is longer by 2**n milliseconds: no two deadlines are equal, whatever sums up to them.
    """

    def __init__(self):
        self.lock, self.semaphore = asyncio.Lock(), asyncio.Semaphore(2)
        self.queue, self.event = asyncio.Queue(), asyncio.Event()
        self.log = []

    def plan(self, program, numbers):
        """The program with its delays in seconds, so that they do not depend on the order of the run."""
        kind, *rest = program
        plan = [kind]
        for part in rest:
            if isinstance(part, int):
                plan.append(part * UNIT + 2 ** next(numbers) / 1000)
            elif isinstance(part, list):
                plan.append([self.plan(inner, numbers) for inner in part])
            else:
                plan.append(self.plan(part, numbers))
        return plan

    async def play(self, plan, name=""):
        end = "done"
        try:
            return await getattr(self, f"do_{plan[0]}")(*plan[1:], name=name)
        except BaseException as error:
            end = type(error).__name__
            raise
        finally:
            self.note(name, plan[0], end)

    def note(self, *what):
        time = asyncio.get_running_loop().time()
        self.log.append((round(time, 3), *what))  # looptime is late by a microsecond now and then

    async def do_sleep(self, delay, name):
        await asyncio.sleep(delay)

    async def do_lock(self, delay, name):
        async with self.lock:
            await asyncio.sleep(delay)

    async def do_semaphore(self, delay, name):
        async with self.semaphore:
            await asyncio.sleep(delay)

    async def do_get(self, delay, name):
        await asyncio.wait_for(self.queue.get(), delay)

    async def do_wait(self, delay, name):
        await asyncio.wait_for(self.event.wait(), delay)

    async def do_put(self, name):
        self.queue.put_nowait(name)

    async def do_set(self, name):
        self.event.set()

    async def do_clear(self, name):
        self.event.clear()

    async def do_fail(self, name):
        raise ValueError

    async def do_pass(self, name):
        await asyncio.sleep(0)

    async def do_timeout(self, delay, inner, name):
        async with asyncio.timeout(delay):
            await self.play(inner, f"{name}.t")

    async def do_row(self, inner, name):
        for number, plan in enumerate(inner):
            await self.play(plan, f"{name}.{number}")

    async def do_group(self, inner, name):
        async with asyncio.TaskGroup() as group:
            for number, plan in enumerate(inner):
                group.create_task(self.play(plan, f"{name}.{number}"))

    async def do_gather(self, inner, name):
        plays = (self.play(plan, f"{name}.{number}") for number, plan in enumerate(inner))
        results = await asyncio.gather(*plays, return_exceptions=True)
        self.note(name, "gathered", str(results))


async def staged(program):
    stage = Stage()
    with contextlib.suppress(Exception):
        await stage.play(stage.plan(program, itertools.count()))
    return sorted(stage.log)  # a task group cancels in the order of a set
