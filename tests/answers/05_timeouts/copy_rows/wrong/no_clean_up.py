# cause: queda abierto
# cause: cierras en un caso
async def copy_rows(rows, dest):
    for row in rows:
        await dest.write(row)
    await dest.close()
