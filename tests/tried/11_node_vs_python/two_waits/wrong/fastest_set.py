# cause: M25
async def two_waits(fetch):
    task = asyncio.create_task(fetch("a"))
    return [await task, await task]


async def meanwhile(fetch):
    task = asyncio.create_task(fetch("a"))
    await asyncio.sleep(1)
    return await task


async def all_settled(fetch):
    ends = await asyncio.gather(*map(fetch, "abc"), return_exceptions=True)
    return [str(end) for end in ends]


async def fastest(fetch):
    tasks = [asyncio.create_task(fetch(name)) for name in "ab"]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return done


async def on_time(fetch):
    try:
        async with asyncio.timeout(2):
            return await fetch("a")
    except TimeoutError:
        return "tarde"


async def two_at_once(fetch):
    slots = asyncio.Semaphore(2)

    async def one(name):
        async with slots:
            return await fetch(name)

    return await asyncio.gather(*map(one, "abcdef"))


async def through_queue(fetch):
    queue = asyncio.Queue()

    async def produce():
        for name in "ab":
            await queue.put(await fetch(name))

    producer = asyncio.create_task(produce())
    answers = [await queue.get(), await queue.get()]
    await producer
    return answers


async def elsewhere(fetch, pool, crunch):
    working = asyncio.get_running_loop().run_in_executor(pool, crunch)
    return await asyncio.gather(working, fetch("a"))


async def late_value():
    return await asyncio.sleep(1, "valor")
