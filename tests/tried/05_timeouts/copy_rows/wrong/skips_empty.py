# cause: una fila vacía
async def copy_rows(rows, dest):
    try:
        for row in rows:
            if row:
                await dest.write(row)
    finally:
        await dest.close()
