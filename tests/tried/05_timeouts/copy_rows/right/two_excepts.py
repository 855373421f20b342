async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except asyncio.CancelledError:
        await dest.close()
        raise
    except Exception:
        await dest.close()
        raise
    else:
        await dest.close()
