# cause: sin esperar
async def fixed_a(send):
    task = asyncio.create_task(send("ana"))
    await asyncio.sleep(1)
    return "avisada"

async def fixed_b(fetch) -> str:
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return await task

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
