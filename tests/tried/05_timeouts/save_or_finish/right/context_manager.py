from contextlib import asynccontextmanager


@asynccontextmanager
async def finishing(coro):
    task = asyncio.create_task(coro)
    try:
        yield asyncio.shield(task)
    finally:
        await asyncio.wait([task])


async def save_or_finish(save):
    async with finishing(save()) as future:
        return await future
