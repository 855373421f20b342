async def any_(*coros):
    loop = asyncio.get_running_loop()
    end = loop.create_future()
    errors = {}
    async def one(n, c):
        try:
            v = await c
        except Exception as e:
            errors[n] = e
            if len(errors) == len(coros):
                end.set_exception(ExceptionGroup("x", [errors[k] for k in sorted(errors)]))
        else:
            if not end.done():
                end.set_result(v)
    ts = [loop.create_task(one(n, c)) for n, c in enumerate(coros)]
    try:
        return await end
    finally:
        for t in ts:
            t.cancel()
