async def copy_rows(rows, dest):
    async def work():
        for row in rows:
            await dest.write(row)

    task = asyncio.create_task(work())
    try:
        await asyncio.wait([task])
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
        await dest.close()
    task.result()
