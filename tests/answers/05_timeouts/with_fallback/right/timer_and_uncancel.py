async def with_fallback(fn, seconds, default):
    task = asyncio.current_task()
    late = []

    def ring():
        late.append(True)
        task.cancel()

    timer = asyncio.get_running_loop().call_later(seconds, ring)
    try:
        return await fn()
    except asyncio.CancelledError:
        if late and task.uncancel() == 0:
            return default
        raise
    finally:
        timer.cancel()
