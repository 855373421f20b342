# cause: repetido
async def as_finished(fn, items):
    tasks = {i: asyncio.create_task(fn(i)) for i in items}
    back = {t: i for i, t in tasks.items()}
    todo = set(back)
    try:
        while todo:
            done, todo = await asyncio.wait(todo, return_when=asyncio.FIRST_COMPLETED)
            for t in done:
                yield back[t], t.result()
    finally:
        for t in todo:
            t.cancel()
