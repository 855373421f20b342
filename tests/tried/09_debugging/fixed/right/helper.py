async def told(coro, answer):
    await coro
    return answer

async def fixed_a(send):
    return await told(send("ana"), "avisada")

async def fixed_b(fetch) -> str:
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return await task

async def fixed_c(charge):
    task = asyncio.create_task(charge("ana"), name="charge")
    await asyncio.sleep(2)
    try:
        return await told(task, "confirmado")
    except ValueError as error:
        return str(error)
