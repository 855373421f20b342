async def load_page(fetch):
    return await asyncio.gather(fetch("profile"), fetch("posts"))


async def first_mirror(fetch, mirrors):
    pending = {asyncio.create_task(fetch(mirror)) for mirror in mirrors}
    errors = []
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if task.exception() is None:
                    return task.result()
                errors.append(task.exception())
        raise ExceptionGroup("ninguno", errors)
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


async def with_deadline(fetch, seconds):
    async with asyncio.timeout(seconds):
        return await fetch("report")
