"""since 3.13"""

import asyncio


async def fetch(seconds):
    await asyncio.sleep(seconds / 100)
    return seconds


async def main():
    names = {asyncio.create_task(fetch(seconds)): f"task {seconds}" for seconds in (3, 1, 2)}
    async for task in asyncio.as_completed(names):
        print(names[task], await task)  # the very task, so it may be a key
    for other in asyncio.as_completed(list(names)):
        print("without async:", type(other).__name__, other in names)
        await other
        break


asyncio.run(main())
