async def as_finished(fn, items):
    of = {asyncio.create_task(fn(i)): i for i in items}
    todo = set(of)
    try:
        while todo:
            done, todo = await asyncio.wait(todo, return_when="FIRST_COMPLETED")
            while done:
                t = done.pop()
                yield of[t], await t
    finally:
        for t in of:
            if not t.done():
                t.cancel()
