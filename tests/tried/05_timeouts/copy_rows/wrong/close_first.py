# cause: cierras antes
async def copy_rows(rows, dest):
    try:
        await dest.close()
    finally:
        for row in rows:
            await dest.write(row)
