# cause: el orden
async def copy_rows(rows, dest):
    try:
        for row in reversed(rows):
            await dest.write(row)
    finally:
        await dest.close()
