# cause: un diccionario por corrutina
# fails: test_all_settled_a
async def all_settled(*coros):
    return await asyncio.gather(*coros, return_exceptions=True)
