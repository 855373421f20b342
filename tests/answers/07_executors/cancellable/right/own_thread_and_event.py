async def cancellable(work):
    stop, ended = threading.Event(), asyncio.Event()
    loop, box = asyncio.get_running_loop(), {}

    def run():
        try:
            box["value"] = work(stop)
        except Exception as error:
            box["error"] = error
        finally:
            loop.call_soon_threadsafe(ended.set)

    loop.run_in_executor(None, run)
    try:
        await ended.wait()
    except asyncio.CancelledError:
        stop.set()
        await ended.wait()
        raise
    if "error" in box:
        raise box["error"]
    return box["value"]
