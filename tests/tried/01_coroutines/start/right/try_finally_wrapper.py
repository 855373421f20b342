def start(fn, *args):
    async def run():
        try:
            return await fn(*args)
        finally:
            pass

    return asyncio.get_running_loop().create_task(run())
