# cause: tragas la cancelación
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except BaseException:
        pass
    await dest.close()
