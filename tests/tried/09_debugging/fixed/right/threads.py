async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    task = asyncio.create_task(fetch("ana"))
    await asyncio.to_thread(time.sleep, 2)
    return await task

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
