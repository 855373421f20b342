# cause: se pierde
async def offload(fn):
    try:
        return await asyncio.to_thread(fn)
    except ValueError:
        raise
    except Exception:
        return None
