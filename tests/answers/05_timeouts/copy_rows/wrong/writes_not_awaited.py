# cause: M01
async def copy_rows(rows, dest):
    try:
        for row in rows:
            dest.write(row)
    finally:
        await dest.close()
