# cause: paréntesis
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    finally:
        await dest.close
