# cause: no es una `Exception`
# fails: test_copy_rows_a, test_copy_rows_b
async def copy_rows(rows, dest):
    error = None
    try:
        for row in rows:
            await dest.write(row)
    except Exception as caught:
        error = caught
    await dest.close()
    if error:
        raise error
