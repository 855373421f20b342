# cause: deriva
# fails: test_ticker_b
async def ticker(n, every):
    for i in range(n):
        yield i
        await asyncio.sleep(every)
