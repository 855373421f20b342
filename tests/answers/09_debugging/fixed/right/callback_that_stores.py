async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"


async def fixed_b(fetch) -> str:
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return await task


async def fixed_c(charge) -> str:
    errors = []
    task = asyncio.create_task(charge("ana"))
    task.add_done_callback(lambda task: errors.append(task.exception()))
    await asyncio.sleep(2)
    await asyncio.wait([task])
    return str(errors[0]) if errors[0] else "confirmado"
