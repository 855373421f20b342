# cause: seguía pendiente
# fails: test_fixed_a
async def fixed_a(send) -> str:
    asyncio.create_task(send("ana"))
    await asyncio.sleep(0)
    return "avisada"


async def fixed_b(fetch) -> str:
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return await task


async def fixed_c(charge) -> str:
    task = asyncio.create_task(charge("ana"), name="charge")
    await asyncio.sleep(2)
    try:
        await task
    except ValueError as error:
        return str(error)
    return "confirmado"
