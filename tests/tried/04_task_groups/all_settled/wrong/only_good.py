# cause: diccionario
async def all_settled(*coros):
    rs = await asyncio.gather(*coros, return_exceptions=True)
    return [{"status": "fulfilled", "value": r} for r in rs if not isinstance(r, Exception)]
