# cause: el orden
async def copy_rows(rows, dest):
    try:
        await dest.write(rows)
    finally:
        await dest.close()
