async def fixed_a(send):
    task = asyncio.create_task(send("ana"), name="send")
    while not task.done():
        await asyncio.wait([task])
    task.result()
    return "avisada"

async def fixed_b(fetch) -> str:
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return await task

async def fixed_c(charge):
    result = "confirmado"
    try:
        await asyncio.create_task(charge("ana"), name="charge")
    except Exception as error:
        if not isinstance(error, ValueError):
            raise
        result = str(error)
    return result
