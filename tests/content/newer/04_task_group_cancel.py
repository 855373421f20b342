"""since 3.15"""

import asyncio


async def server(name, seconds):
    try:
        await asyncio.sleep(seconds)
        return name
    finally:
        print(name, "ends")


async def main():
    async with asyncio.TaskGroup() as group:
        slow = group.create_task(server("slow", 60))
        quick = group.create_task(server("quick", 0.01))
        print("first:", await quick)
        group.cancel()
    print("after the group:", slow.cancelled())


asyncio.run(main())
