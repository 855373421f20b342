# cause: también `None`
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return await task or "sin respuesta"

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
