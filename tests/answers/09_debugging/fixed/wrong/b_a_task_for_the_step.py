# cause: seguía pendiente
# fails: test_fixed_b
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"


async def fixed_b(fetch) -> str:
    step = asyncio.create_task(asyncio.sleep(2), name="step")
    return await fetch("ana")


async def fixed_c(charge) -> str:
    task = asyncio.create_task(charge("ana"), name="charge")
    await asyncio.sleep(2)
    try:
        await task
    except ValueError as error:
        return str(error)
    return "confirmado"
