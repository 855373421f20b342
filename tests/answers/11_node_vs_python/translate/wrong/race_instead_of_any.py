# cause: eso es `Promise.race`
# fails: test_translate_b
async def load_page(fetch):
    return await asyncio.gather(fetch("profile"), fetch("posts"))


async def first_mirror(fetch, mirrors):
    return await race(*map(fetch, mirrors))


async def race(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def with_deadline(fetch, seconds):
    async with asyncio.timeout(seconds):
        return await fetch("report")
