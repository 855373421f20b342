# cause: no se interrumpe
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await asyncio.shield(dest.write(row))
    finally:
        await dest.close()
