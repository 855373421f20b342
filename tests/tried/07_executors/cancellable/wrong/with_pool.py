# cause: bloquea
async def cancellable(work):
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work, stop)
        except asyncio.CancelledError:
            stop.set()
            raise
