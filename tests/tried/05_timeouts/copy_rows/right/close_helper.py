async def copy_rows(rows, dest):
    async def close():
        await dest.close()

    try:
        await write_all(rows, dest)
    finally:
        await close()


async def write_all(rows, dest):
    for row in rows:
        await dest.write(row)
