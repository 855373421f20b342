# cause: quien acaba antes espera a los demás
# fails: test_pipeline_b
async def pipeline(items, n, work):
    results = []
    for start in range(0, len(items), n):
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(work(item)) for item in items[start : start + n]]
        results += [task.result() for task in tasks]
    return results
