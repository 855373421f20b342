# cause: no empieza
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    await asyncio.sleep(2)
    task = asyncio.create_task(fetch("ana"), name="fetch")
    return await task

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
