# cause: se pierde
# fails: test_offload_b
async def offload(fn):
    try:
        return await asyncio.to_thread(fn)
    except Exception:
        return None
