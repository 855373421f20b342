# cause: M23
# fails: test_take_b
async def take(agen, n):
    count = 0
    async for item in agen:
        yield item
        count += 1
        if count == n:
            break
