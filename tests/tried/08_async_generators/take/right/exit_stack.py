from contextlib import AsyncExitStack


async def take(agen, n):
    async with AsyncExitStack() as stack:
        stack.push_async_callback(agen.aclose)
        taken = 0
        while taken < n:
            try:
                item = await agen.asend(None)
            except StopAsyncIteration:
                return
            taken += 1
            yield item
