# cause: no esperas entre marcas
async def ticker(n, every):
    for i in range(n):
        yield i
