# cause: no escribes las filas en el orden
# fails: test_copy_rows_a, test_copy_rows_c
async def copy_rows(rows, dest):
    try:
        for row in sorted(set(rows)):
            await dest.write(row)
    finally:
        await dest.close()
