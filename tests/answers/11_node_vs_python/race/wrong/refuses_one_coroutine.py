# cause: con una sola corrutina también hay ganadora
# fails: test_race_a
async def race(*coros):
    if len(coros) < 2:
        raise ValueError
    tasks = [asyncio.create_task(c) for c in coros]
    try:
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for t in tasks:
            t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
