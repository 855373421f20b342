# cause: varias filas a la vez
async def copy_rows(rows, dest):
    try:
        await asyncio.gather(*(dest.write(row) for row in rows))
    finally:
        await dest.close()
