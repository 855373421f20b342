"""since 3.14"""

import asyncio


async def save(name):
    print("save:", name)
    await asyncio.sleep(0)
    print("saved:", name)


async def main():
    later = asyncio.create_task(save("b"))
    now = asyncio.create_task(save("a"), eager_start=True)
    print("main goes on")
    await now
    await later


asyncio.run(main())
