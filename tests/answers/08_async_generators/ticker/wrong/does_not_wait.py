# cause: no esperas entre marcas
# fails: test_ticker_b
async def ticker(n, every):
    for i in range(n):
        yield i
