async def offload(fn):
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def run():
        try:
            result = fn()
        except Exception as error:
            loop.call_soon_threadsafe(done.set_exception, error)
        else:
            loop.call_soon_threadsafe(done.set_result, result)

    threading.Thread(target=run).start()
    return await done
