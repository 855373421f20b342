async def two_stages(items, fetch, store):
    end = object()
    inputs, outputs = asyncio.Queue(), asyncio.Queue()
    results = []

    async def stage(source, work, sink):
        while (value := await source.get()) is not end:
            sink(await work(value))
        if sink == outputs.put_nowait:
            outputs.put_nowait(end)

    for item in [*items, end]:
        inputs.put_nowait(item)
    async with asyncio.TaskGroup() as tg:
        tg.create_task(stage(inputs, fetch, outputs.put_nowait))
        tg.create_task(stage(outputs, store, results.append))
    return results
