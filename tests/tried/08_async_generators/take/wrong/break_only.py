# cause: a medias
async def take(agen, n):
    i = 0
    if n == 0:
        return
    async for item in agen:
        yield item
        i += 1
        if i == n:
            break
