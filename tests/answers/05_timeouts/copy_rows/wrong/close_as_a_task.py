# cause: no esperas a que `dest.close()` termine
# fails: test_copy_rows_a, test_copy_rows_b, test_copy_rows_c
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    finally:
        asyncio.create_task(dest.close())
