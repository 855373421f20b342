async def run_steps(steps, budget):
    me, fired, results = asyncio.current_task(), False, []

    def ring():
        nonlocal fired
        fired = True
        me.cancel()

    handle = asyncio.get_running_loop().call_later(budget, ring)
    try:
        for step in steps:
            results.append(await step())
    except asyncio.CancelledError:
        if not fired or me.uncancel() > 0:
            raise
        return results, True
    finally:
        handle.cancel()
    return results, False
