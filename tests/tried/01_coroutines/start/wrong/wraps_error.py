# cause: error
def start(fn, *args):
    async def run():
        try:
            return await fn(*args)
        except Exception as error:
            raise RuntimeError("falló") from error

    return asyncio.create_task(run())
