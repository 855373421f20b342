# cause: vacía
async def as_finished(fn, items):
    of = {asyncio.create_task(fn(i)): i for i in items}
    todo = set(of)
    try:
        while True:
            done, todo = await asyncio.wait(todo, return_when="FIRST_COMPLETED")
            for t in done:
                yield of[t], t.result()
            if not todo:
                break
    finally:
        for t in todo:
            t.cancel()
