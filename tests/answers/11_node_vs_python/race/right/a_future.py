async def race(*coros):
    if not coros:
        raise ValueError
    first = asyncio.get_running_loop().create_future()
    tasks = [asyncio.ensure_future(coro) for coro in coros]

    def finished(task):
        if not first.done() and not task.cancelled():
            first.set_result(task)

    for task in tasks:
        task.add_done_callback(finished)
    try:
        winner = await first
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return winner.result()
