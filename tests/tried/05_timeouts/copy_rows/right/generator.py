async def copy_rows(rows, dest):
    async def feed():
        for row in rows:
            yield row

    try:
        async for row in feed():
            await dest.write(row)
    finally:
        await dest.close()
