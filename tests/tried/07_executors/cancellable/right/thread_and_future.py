async def cancellable(work):
    loop, stop = asyncio.get_running_loop(), threading.Event()
    ended = loop.create_future()

    def run():
        try:
            value = work(stop)
        except BaseException as error:
            loop.call_soon_threadsafe(ended.set_exception, error)
        else:
            loop.call_soon_threadsafe(ended.set_result, value)

    threading.Thread(target=run).start()
    try:
        return await asyncio.shield(ended)
    except asyncio.CancelledError:
        stop.set()
        with suppress(Exception):
            await ended
        raise
