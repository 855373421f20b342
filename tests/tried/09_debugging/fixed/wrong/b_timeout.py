# cause: cancelas
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    task = asyncio.create_task(fetch("ana"), name="fetch")
    try:
        return await asyncio.wait_for(task, 2)
    except TimeoutError:
        return None

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
