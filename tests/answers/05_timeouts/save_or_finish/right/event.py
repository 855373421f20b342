async def save_or_finish(save):
    done = asyncio.Event()

    async def work():
        try:
            return await save()
        finally:
            done.set()

    task = asyncio.create_task(work())
    try:
        return await asyncio.shield(task)
    finally:
        await done.wait()
