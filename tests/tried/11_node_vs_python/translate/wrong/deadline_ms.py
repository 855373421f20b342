# cause: límite
async def load_page(fetch):
    return await asyncio.gather(fetch("profile"), fetch("posts"))


async def first_mirror(fetch, mirrors):
    tasks = [asyncio.create_task(fetch(mirror)) for mirror in mirrors]
    errors = []
    try:
        for answer in asyncio.as_completed(tasks):
            try:
                return await answer
            except Exception as error:
                errors.append(error)
        raise ExceptionGroup("ningún espejo contesta", errors)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def with_deadline(fetch, seconds):
    async with asyncio.timeout(seconds * 1000):
        return await fetch("report")
