# cause: queda abierto
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except OSError:
        await dest.close()
        raise
    await dest.close()
