# cause: ocultas la excepción
async def copy_rows(rows, dest):
    try:
        for row in rows:
            try:
                await dest.write(row)
            except Exception:
                pass
    finally:
        await dest.close()
