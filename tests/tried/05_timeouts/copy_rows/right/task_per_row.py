async def copy_rows(rows, dest):
    try:
        for row in rows:
            await asyncio.create_task(dest.write(row), name=f"write {row}")
    finally:
        await asyncio.create_task(dest.close(), name="close")
