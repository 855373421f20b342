# cause: error
def start(fn, *args):
    async def run():
        try:
            return await fn(*args)
        except Exception:
            return None

    return asyncio.create_task(run())
