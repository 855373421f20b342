# cause: no se interrumpe
async def copy_rows(rows, dest):
    try:
        for row in rows:
            task = asyncio.ensure_future(dest.write(row))
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                await asyncio.wait([task])
                raise
    finally:
        await dest.close()
