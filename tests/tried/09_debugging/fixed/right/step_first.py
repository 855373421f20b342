async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    step = asyncio.create_task(asyncio.sleep(2))
    try:
        return await fetch("ana")
    finally:
        await step

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
