# cause: E58
# fails: test_race_a, test_race_b, test_race_c
async def race(*coros):
    if not coros:
        raise ValueError("vacía")
    done, pending = await asyncio.wait(coros, return_when=asyncio.FIRST_COMPLETED)
    return done.pop().result()
