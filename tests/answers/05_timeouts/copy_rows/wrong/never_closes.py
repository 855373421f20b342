# cause: queda abierto
async def copy_rows(rows, dest):
    for row in rows:
        await dest.write(row)
