# cause: error
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    answer, _ = await asyncio.gather(fetch("ana"), asyncio.sleep(2), return_exceptions=True)
    return answer

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
