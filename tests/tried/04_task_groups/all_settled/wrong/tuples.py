# cause: diccionario por corrutina
async def all_settled(*coros):
    return [
        ("rejected", r) if isinstance(r, Exception) else ("fulfilled", r)
        for r in await asyncio.gather(*coros, return_exceptions=True)
    ]
