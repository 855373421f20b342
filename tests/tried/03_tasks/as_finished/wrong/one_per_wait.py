# cause: faltan
async def as_finished(fn, items):
    of = {asyncio.create_task(fn(i)): i for i in items}
    todo = set(of)
    try:
        while todo:
            done, todo = await asyncio.wait(todo, return_when="FIRST_COMPLETED")
            t = done.pop()
            yield of[t], t.result()
    finally:
        for t in todo:
            t.cancel()
