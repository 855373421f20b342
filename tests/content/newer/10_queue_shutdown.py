"""since 3.13"""

import asyncio


async def worker(queue):
    done = []
    try:
        while True:
            done.append(await queue.get())
            await asyncio.sleep(0)
    except asyncio.QueueShutDown:
        return done


async def main():
    queue = asyncio.Queue(2)
    async with asyncio.TaskGroup() as group:
        workers = [group.create_task(worker(queue)) for _ in range(2)]
        for number in range(4):
            await queue.put(number)
        queue.shutdown()
    print([task.result() for task in workers])
    try:
        queue.put_nowait(9)
    except asyncio.QueueShutDown as error:
        print("put:", type(error).__name__)


asyncio.run(main())
