# cause: hilo del bucle
async def offload(fn):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def run():
        try:
            future.set_result(fn())
        except Exception as error:
            future.set_exception(error)

    loop.call_soon(run)
    return await future
