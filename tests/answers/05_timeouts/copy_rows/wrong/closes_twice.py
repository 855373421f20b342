# cause: cierras más de una vez
# fails: test_copy_rows_a, test_copy_rows_b
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except asyncio.CancelledError:
        await dest.close()
        raise
    finally:
        await dest.close()
