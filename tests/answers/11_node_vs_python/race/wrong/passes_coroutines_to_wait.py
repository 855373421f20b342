# cause: E58
async def race(*coros):
    if not coros:
        raise ValueError("vacía")
    done, pending = await asyncio.wait(coros, return_when=asyncio.FIRST_COMPLETED)
    return done.pop().result()
