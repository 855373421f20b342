# cause: en orden
async def copy_rows(rows, dest):
    try:
        async with asyncio.TaskGroup() as tg:
            for row in rows:
                tg.create_task(dest.write(row))
    finally:
        await dest.close()
