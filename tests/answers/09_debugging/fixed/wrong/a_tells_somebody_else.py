# cause: avisa a `"ana"`
# fails: test_fixed_a
async def fixed_a(send) -> str:
    task = asyncio.create_task(send("avisada"))
    await task
    return "avisada"


async def fixed_b(fetch) -> str:
    other = asyncio.create_task(asyncio.sleep(2))
    answer = await fetch("ana")
    await other
    return answer


async def fixed_c(charge) -> str:
    [result] = await asyncio.gather(charge("ana"), return_exceptions=True)
    return str(result) if isinstance(result, ValueError) else "confirmado"
