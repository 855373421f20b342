# cause: una tarea, no su resultado
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    task = asyncio.create_task(fetch("ana"), name="fetch")
    await asyncio.sleep(2)
    return task

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
