# cause: sin filas también hay que cerrar
async def copy_rows(rows, dest):
    if not rows:
        return
    try:
        for row in rows:
            await dest.write(row)
    finally:
        await dest.close()
