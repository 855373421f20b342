async def fixed_a(send):
    async with asyncio.TaskGroup() as group:
        group.create_task(send("ana"))
    return "avisada"

async def fixed_b(fetch):
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(fetch("ana"))
        group.create_task(asyncio.sleep(2))
    return answer.result()

async def fixed_c(charge):
    text = "confirmado"
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(charge("ana"))
            group.create_task(asyncio.sleep(2))
    except* ValueError as many:
        text = str(many.exceptions[0])
    return text
