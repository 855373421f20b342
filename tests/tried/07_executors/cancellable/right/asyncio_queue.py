async def cancellable(work):
    loop, stop, out = asyncio.get_running_loop(), threading.Event(), asyncio.Queue()

    def run():
        try:
            item = (work(stop), None)
        except Exception as error:
            item = (None, error)
        loop.call_soon_threadsafe(out.put_nowait, item)

    threading.Thread(target=run, daemon=True).start()
    try:
        value, error = await out.get()
    except asyncio.CancelledError:
        stop.set()
        await out.get()
        raise
    if error:
        raise error
    return value
