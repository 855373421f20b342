# cause: GeneratorExit
async def as_finished(fn, items):
    q = asyncio.Queue()
    async def one(i):
        q.put_nowait((i, await fn(i)))
    async with asyncio.TaskGroup() as tg:
        ts = [tg.create_task(one(i)) for i in items]
        try:
            for _ in ts:
                yield await q.get()
        finally:
            for t in ts:
                t.cancel()
