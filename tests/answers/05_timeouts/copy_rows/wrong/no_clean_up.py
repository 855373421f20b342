# cause: queda abierto
# cause: pase lo que pase
async def copy_rows(rows, dest):
    for row in rows:
        await dest.write(row)
    await dest.close()
