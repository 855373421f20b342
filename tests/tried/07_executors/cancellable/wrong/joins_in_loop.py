# cause: bloquea
async def cancellable(work):
    stop, box = threading.Event(), []
    thread = threading.Thread(target=lambda: box.append(work(stop)))
    thread.start()
    try:
        while thread.is_alive():
            await asyncio.sleep(0.1)
    except asyncio.CancelledError:
        stop.set()
        thread.join()
        raise
    return box[0]
