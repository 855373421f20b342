async def yields(fn):
    seen = {"other": False}
    asyncio.get_running_loop().call_soon(seen.update, {"other": True})
    await fn()
    return seen["other"]
