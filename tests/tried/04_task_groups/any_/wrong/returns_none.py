# cause: no lanza nada
async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    try:
        for f in asyncio.as_completed(ts):
            try:
                return await f
            except Exception:
                continue
    finally:
        for t in ts:
            t.cancel()
