# cause: queda abierto
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except (OSError, asyncio.CancelledError):
        await dest.close()
        raise
    await dest.close()
