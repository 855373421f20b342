# cause: sin cerrar
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except BaseException:
        await dest.close()
        raise
