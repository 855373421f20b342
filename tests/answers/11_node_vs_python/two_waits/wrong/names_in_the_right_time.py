# cause: no lo que responde `fetch`
# fails: test_two_waits_a
async def two_waits(fetch):
    task = asyncio.create_task(fetch("a"))
    await task
    return ["a", "a"]


async def meanwhile(fetch):
    task = asyncio.create_task(fetch("a"))
    await asyncio.sleep(1)
    await task
    return "a"


async def all_settled(fetch):
    answers = await asyncio.gather(*map(fetch, "abc"), return_exceptions=True)
    return [str(answer) for answer in answers]


async def fastest(fetch):
    tasks = [asyncio.create_task(fetch(name)) for name in "ab"]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return done.pop().result()


async def on_time(fetch):
    try:
        return await asyncio.wait_for(fetch("a"), 2)
    except TimeoutError:
        return "tarde"


async def two_at_once(fetch):
    slots = asyncio.Semaphore(2)

    async def one(name):
        async with slots:
            return await fetch(name)

    return await asyncio.gather(*(one(name) for name in "abcdef"))


async def through_queue(fetch):
    queue = asyncio.Queue()

    async def producer():
        for name in "ab":
            await queue.put(await fetch(name))

    task = asyncio.create_task(producer())
    answers = [await queue.get(), await queue.get()]
    await task
    return answers


async def elsewhere(fetch, pool, crunch):
    loop = asyncio.get_running_loop()
    number, answer = await asyncio.gather(loop.run_in_executor(pool, crunch), fetch("a"))
    return [number, answer]


async def late_value():
    return await asyncio.sleep(1, "valor")
