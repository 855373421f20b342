# cause: vac
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch) -> str:
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return await task

async def fixed_c(charge):
    problem = ""
    try:
        await charge("ana")
    except ValueError as error:
        problem = str(error)
    return problem or "confirmado"
