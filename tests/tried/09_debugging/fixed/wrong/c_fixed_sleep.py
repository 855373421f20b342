# cause: sin esperar
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch) -> str:
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return await task

async def fixed_c(charge):
    task = asyncio.create_task(charge("ana"), name="charge")
    await asyncio.sleep(10)
    if task.done() and task.exception():
        return str(task.exception())
    return "confirmado"
