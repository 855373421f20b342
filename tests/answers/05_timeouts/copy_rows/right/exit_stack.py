from contextlib import AsyncExitStack


async def copy_rows(rows, dest):
    async with AsyncExitStack() as stack:
        stack.push_async_callback(dest.close)
        for row in rows:
            await dest.write(row)
