async def fixed_a(send) -> str:
    async with asyncio.TaskGroup() as tg:
        tg.create_task(send("ana"))
    return "avisada"


async def fixed_b(fetch) -> str:
    answer, _ = await asyncio.gather(fetch("ana"), asyncio.to_thread(time.sleep, 2))
    return answer


async def fixed_c(charge) -> str:
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(charge("ana"))
            tg.create_task(asyncio.sleep(2))
    except* ValueError as group:
        answer = str(group.exceptions[0])
    else:
        answer = "confirmado"
    return answer
