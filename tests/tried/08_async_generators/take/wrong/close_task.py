# cause: llega tarde
async def take(agen, n):
    try:
        for _ in range(n):
            try:
                yield await anext(agen)
            except StopAsyncIteration:
                return
    finally:
        asyncio.create_task(agen.aclose())
