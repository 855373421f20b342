# cause: siguen hasta el final
async def all_(*coros):
    tasks = [asyncio.create_task(c) for c in coros]
    try:
        return await asyncio.gather(*tasks)
    except Exception:
        tasks[0].cancel()
        await asyncio.gather(*tasks[:1], return_exceptions=True)
        raise
