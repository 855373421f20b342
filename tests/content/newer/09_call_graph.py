"""since 3.14"""

import asyncio


async def query(user):
    await asyncio.sleep(60)


async def dashboard(user):
    await query(user)


async def main():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(dashboard("ana"), name="dashboard-ana")
        await asyncio.sleep(0.01)
        graph = asyncio.capture_call_graph(task)
        print([entry.frame.f_code.co_name for entry in graph.call_stack])
        print("awaited by:", [waiter.future.get_name() for waiter in graph.awaited_by])
        asyncio.print_call_graph(task)
        task.cancel()


asyncio.run(main())
