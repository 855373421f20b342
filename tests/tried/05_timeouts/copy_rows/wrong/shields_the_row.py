# cause: queda abierto
async def copy_rows(rows, dest):
    for row in rows:
        await asyncio.shield(dest.write(row))
    await dest.close()
