# cause: orden
async def all_settled(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    if not ts:
        return []
    done, _ = await asyncio.wait(ts)
    done = sorted(done, key=lambda t: t.exception() is None)
    return [{"status": "rejected", "reason": t.exception()} if t.exception() else {"status": "fulfilled", "value": t.result()} for t in done]
