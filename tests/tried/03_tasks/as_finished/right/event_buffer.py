async def as_finished(fn, items):
    buffer, arrived = [], asyncio.Event()
    async def one(i):
        buffer.append((i, await fn(i)))
        arrived.set()
    ts = [asyncio.create_task(one(i)) for i in items]
    sent = 0
    try:
        while sent < len(ts):
            while sent >= len(buffer):
                arrived.clear()
                await arrived.wait()
            yield buffer[sent]
            sent += 1
    finally:
        for t in ts:
            t.cancel()
