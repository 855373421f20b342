# cause: otro paso no empieza
async def fixed_a(send) -> str:
    await send("ana")
    return "avisada"

async def fixed_b(fetch):
    answer = await fetch("ana")
    await asyncio.sleep(2)
    return answer

async def fixed_c(charge) -> str:
    try:
        await charge("ana")
    except ValueError as error:
        return str(error)
    return "confirmado"
