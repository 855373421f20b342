# cause: una fila repetida
async def copy_rows(rows, dest):
    try:
        for row in dict.fromkeys(rows):
            await dest.write(row)
    finally:
        await dest.close()
