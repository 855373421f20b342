async def fixed_a(send):
    await asyncio.gather(send("ana"))
    return "avisada"

async def fixed_b(fetch):
    answer, _ = await asyncio.gather(fetch("ana"), asyncio.sleep(2))
    return answer

async def fixed_c(charge):
    [result] = await asyncio.gather(charge("ana"), return_exceptions=True)
    if isinstance(result, ValueError):
        return str(result)
    if isinstance(result, BaseException):
        raise result
    return "confirmado"
