# cause: no esperas a que `dest.close()` termine
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    finally:
        try:
            await asyncio.wait_for(asyncio.shield(dest.close()), 0.05)
        except TimeoutError:
            pass
