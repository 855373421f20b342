# cause: devuelves tareas
async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    pending = set(ts)
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for d in done:
            if not d.exception():
                for p in pending:
                    p.cancel()
                return d
    raise ExceptionGroup("x", [t.exception() for t in ts])
