async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    tasks = [asyncio.create_task(fetch("ana")), asyncio.create_task(asyncio.sleep(2))]
    await asyncio.wait(tasks)
    return tasks[0].result()

async def fixed_c(charge):
    task = asyncio.ensure_future(charge("ana"))
    await asyncio.wait({task})
    try:
        task.result()
    except ValueError as error:
        return f"{error}"
    else:
        return "confirmado"
