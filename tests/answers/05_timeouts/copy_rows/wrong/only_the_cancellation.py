# cause: pase lo que pase
# fails: test_copy_rows_c
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except asyncio.CancelledError:
        await dest.close()
        raise
    await dest.close()
