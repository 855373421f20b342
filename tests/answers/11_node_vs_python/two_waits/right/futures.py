async def two_waits(fetch):
    task = asyncio.ensure_future(fetch("a"))
    return await asyncio.gather(task, task)


async def meanwhile(fetch):
    task = asyncio.create_task(fetch("a"))
    await asyncio.sleep(1)
    return await task


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
    task = asyncio.create_task(fetch("a"))
    done, _ = await asyncio.wait([task], timeout=2)
    if done:
        return task.result()
    task.cancel()
    await asyncio.wait([task])
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
    task = asyncio.create_task(fetch("a"))
    number = await asyncio.get_running_loop().run_in_executor(pool, crunch)
    return [number, await task]


async def late_value():
    return await asyncio.sleep(1, "valor")
