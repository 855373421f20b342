# cause: cancelación
async def all_settled(*coros):
    tasks = [asyncio.create_task(c) for c in coros]
    try:
        await asyncio.wait(tasks) if tasks else None
    except asyncio.CancelledError:
        for t in tasks:
            t.cancel()
        return []
    return [{"status": "rejected", "reason": t.exception()} if t.exception() else {"status": "fulfilled", "value": t.result()} for t in tasks]
