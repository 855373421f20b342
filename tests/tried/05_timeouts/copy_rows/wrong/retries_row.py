# cause: más de una vez
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
            await dest.write(row)
    finally:
        await dest.close()
